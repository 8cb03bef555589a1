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
const read = name => readFile(name);
console.log(JSON.stringify([await packagedReadme(await readFile('README.md', 'utf8'), read), await packagedReadme(${JSON.stringify(text)}, () => Buffer.from('picture'))]));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: projectRoot(), maxBuffer: 16 * 1024 * 1024 });
    return v.parse(v.array(v.string()), JSON.parse(stdout));
}

describe('the README in the package', () => {
    it('has its pictures in it, no link that leads nowhere, and is the same text else', async () => {
        const [own = '', text] = await packaged('![a *b*](x/y.png) [z](https://example.org/z) [LICENSE](LICENSE) [more](docs/more.md) [here](#here)');
        assert.equal(text, '![a *b*](data:image/png;base64,cGljdHVyZQ==) [z](https://example.org/z) `LICENSE` in the extension\'s folder more (`docs/more.md` in the source) [here](#here)');
        const targets = [...own.matchAll(/\]\(([^)\s]+)\)/gu)].map(([, target = '']) => target);
        assert.ok(targets.filter(target => target.startsWith('data:image/png;base64,')).length >= 3);
        assert.deepEqual(targets.filter(target => !/^(?:https:\/\/|data:image\/png;base64,[A-Za-z0-9+/]+=*$|#)/u.test(target)), []);
    });
});
