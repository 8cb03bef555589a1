/** Every text that people read can be translated: gathered from the code, and named in the manifest. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';
import * as v from 'valibot';

const root = path.resolve(__dirname, '../../../..');
const texts = v.record(v.string(), v.unknown());

async function json(file: string): Promise<Record<string, unknown>> {
    return v.parse(texts, JSON.parse(await readFile(path.join(root, file), 'utf8')));
}

describe('texts for people', function () {
    this.timeout(60_000);

    it('of the code are all in the bundle (npm run l10n gathers them)', async () => {
        const names = (await readdir(path.join(root, 'src'), { recursive: true })).filter(name => name.endsWith('.ts'));
        const files = await Promise.all(names.map(async name => ({ extension: '.ts' as const, contents: await readFile(path.join(root, 'src', name), 'utf8') })));
        assert.deepEqual(Object.keys(await json('l10n/bundle.l10n.json')).sort(), Object.keys(await getL10nJson(files)).sort());
    });

    it('of the manifest are all named and all used', async () => {
        const manifest = await readFile(path.join(root, 'package.json'), 'utf8');
        const used = [...new Set([...manifest.matchAll(/"%([\w.-]+)%"/gu)].map(([, key]) => key ?? ''))].sort();
        assert.deepEqual(Object.keys(await json('package.nls.json')).sort(), used);
    });

    it('name only commands that there are', async () => {
        const manifest = await readFile(path.join(root, 'package.json'), 'utf8');
        const welcome = Object.values(await json('package.nls.json')).join('\n');
        for (const [, command] of welcome.matchAll(/\(command:(annexPeers\.\w+)/gu)) {
            assert.ok(manifest.includes(`"command": "${command ?? ''}"`), command);
        }
    });
});
