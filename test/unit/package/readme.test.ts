/** The README in the package: whole without a folder around it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { projectRoot } from '../../rig/paths';

/** What becomes of the project's own README, and of a text. */
async function packaged(text: string): Promise<readonly string[]> {
    const program = `
import { readFile } from 'node:fs/promises';
import { packagedReadme } from ${JSON.stringify(path.join(projectRoot(), 'scripts/lib/readme.mjs'))};
console.log(JSON.stringify([packagedReadme(await readFile('README.md', 'utf8')), packagedReadme(${JSON.stringify(text)})]));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: projectRoot() });
    return v.parse(v.array(v.string()), JSON.parse(stdout));
}

describe('the README in the package', () => {
    it('has no picture and no link that leads nowhere, and is the same text else', async () => {
        const [own = '', text] = await packaged('One\n\n![a](x/y.png)\n\n| | |\n| --- | --- |\n| ![a](a.png) | ![b](b.png) |\n\n| c | d |\n| --- | --- |\n| 1 | |\n\n[z](https://example.org/z) [LICENSE](LICENSE) [more](docs/more.md) [here](#here)');
        assert.equal(text, 'One\n\n| c | d |\n| --- | --- |\n| 1 | |\n\n[z](https://example.org/z) `LICENSE` in the extension\'s folder more (`docs/more.md` in the source) [here](#here)');
        const targets = [...own.matchAll(/\]\(([^)\s]+)\)/gu)].map(([, target = '']) => target);
        assert.ok(targets.length > 2);
        assert.deepEqual(targets.filter(target => !/^(?:https:\/\/|#)/u.test(target)), []);
        assert.match(own, /## Install[^]*## Use[^]*## Settings/u);
    });
});
