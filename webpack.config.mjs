// Two bundles: the extension host's (Node.js, CommonJS) and the pages' (browser).
import path from 'node:path';

const root = import.meta.dirname;
const typescript = configFile => ({
    test: /\.tsx?$/,
    exclude: /node_modules/,
    use: {
        loader: 'ts-loader',
        options: { configFile: path.join(root, configFile), transpileOnly: true, compilerOptions: { module: 'esnext', moduleResolution: 'bundler', noEmit: false } },
    },
});
const shared = {
    mode: 'production',
    devtool: 'source-map',
    resolve: { extensions: ['.ts', '.tsx', '.js'], extensionAlias: { '.js': ['.ts', '.tsx', '.js'] } },
    performance: { hints: false },
    cache: { type: 'filesystem' },
};

export default [
    {
        ...shared,
        name: 'host',
        target: 'node20',
        entry: { extension: './src/extension.ts', wormhole: './src/wormhole/main.ts', guardian: './src/guardian/main.ts', content: './src/content/main.ts' },
        output: { path: path.join(root, 'dist'), filename: '[name].js', libraryTarget: 'commonjs2' },
        externals: { vscode: 'commonjs vscode', bufferutil: 'commonjs bufferutil', 'utf-8-validate': 'commonjs utf-8-validate' },
        module: { rules: [typescript('tsconfig.json')] },
        optimization: { minimize: true },
    },
    {
        ...shared,
        name: 'pages',
        target: ['web', 'es2022'],
        entry: { pairing: './webview/pairing/main.tsx', access: './webview/access/main.tsx', protection: './webview/protection/main.tsx' },
        output: { path: path.join(root, 'dist', 'webview'), filename: '[name].js' },
        module: { rules: [typescript('webview/tsconfig.json')] },
    },
];
