// Makes annex-peers-<version>.vsix: bundles the extension and its pages, then packs what .vscodeignore lets in.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { writePackagedReadme } from './lib/readme.mjs';
import { checkNode, installDependencies } from './lib/setup.mjs';
import { command, endChildrenWithThisCommand, projectRoot, run, timed } from './lib/tools.mjs';

/** The package's absolute path. */
export async function packagePath() {
    const { name, version } = JSON.parse(await readFile(path.join(projectRoot, 'package.json'), 'utf8'));
    return path.join(projectRoot, `${name}-${version}.vsix`);
}

export async function bundle() {
    await timed('bundle', () => run(process.execPath, ['node_modules/webpack/bin/webpack.js', '--config', 'webpack.config.mjs', '--stats', 'errors-warnings'], { quiet: true }));
}

/** Packs what was bundled; gives back the package's absolute path. */
export async function pack() {
    const file = await packagePath();
    // A picture that is in the text counts as a relative link, too.
    const readme = await writePackagedReadme();
    await timed('package', () => run(process.execPath, ['node_modules/@vscode/vsce/vsce', 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--readme-path', readme, '--out', file], { quiet: true }));
    return file;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
    await command(async () => {
        endChildrenWithThisCommand();
        checkNode();
        await installDependencies();
        await bundle();
        console.log(await pack());
    });
}
