// What the compiler can't say: the layers' direction, no shells, no unchecked data, no floating promises.
import tseslint from 'typescript-eslint';

const noEditor = {
    patterns: [
        { group: ['vscode'], message: 'src/core and src/shared are true without an editor: they never import vscode.' },
        { group: ['**/ui/**', '**/ui'], message: 'Data flows one way: core never imports ui.' },
    ],
};

export default tseslint.config(
    { ignores: ['dist/**', 'out/**', 'node_modules/**', '.rig/**', '**/*.mjs', '**/*.cjs', '**/*.js'] },
    {
        files: ['**/*.ts', '**/*.tsx'],
        extends: [...tseslint.configs.strictTypeChecked],
        languageOptions: { parserOptions: { project: ['./tsconfig.json', './webview/tsconfig.json'], tsconfigRootDir: import.meta.dirname } },
        rules: {
            '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
            '@typescript-eslint/consistent-type-imports': 'error',
            '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
            '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
            'eqeqeq': 'error',
            'no-restricted-syntax': [
                'error',
                { selector: "Property[key.name='shell'][value.value!=false]", message: 'No shell: pass an argument array.' },
                { selector: "CallExpression[callee.name=/^(exec|execSync|spawnSync)$/]", message: 'Use core/process.' },
            ],
        },
    },
    { files: ['src/core/**', 'src/shared/**'], rules: { 'no-restricted-imports': ['error', noEditor] } },
    { files: ['webview/**'], rules: { 'no-restricted-imports': ['error', { patterns: [{ group: ['vscode', '**/src/core/**', '**/src/ui/**', 'node:*'], message: 'Pages import only src/shared.' }] }] } },
    { files: ['test/**'], rules: { '@typescript-eslint/no-unused-expressions': 'off', 'no-restricted-syntax': 'off' } },
);
