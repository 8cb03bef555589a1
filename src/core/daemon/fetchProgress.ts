/**
 * Whether a `git fetch` that says nothing still gets something: git writes what comes into temporary packs. Told by their
 * growing from look to look, not by their times: the clock may be set meanwhile.
 */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

export class FetchProgress {
    #packs = '';
    #grownAt = -Infinity;

    constructor(private readonly gitDir: string) {}

    /** How long nothing has come, as far as the looks tell, in milliseconds; `Infinity` where nothing is on its way. */
    async silentFor(now: number): Promise<number> {
        const folder = path.join(this.gitDir, 'objects', 'pack');
        const names = (await readdir(folder).catch(() => [])).filter(name => name.startsWith('tmp_')).sort();
        const packs = (await Promise.all(names.map(name => stat(path.join(folder, name)).then(({ size, mtimeMs }) => `${name} ${size} ${mtimeMs}`, () => '')))).join('\n');
        if (packs !== this.#packs) {
            this.#packs = packs;
            this.#grownAt = packs === '' ? -Infinity : now;
        }
        return now - this.#grownAt;
    }
}
