/**
 * Reads `git diff-tree --raw -z` and its relatives (git's documentation, "Raw output format").
 */

/** `000000` is the mode of what isn't there; 100644 file, 100755 executable, 120000 symbolic link, 160000 submodule. */
export interface RawChange {
    readonly path: string;
    readonly oldMode: string;
    readonly newMode: string;
    readonly oldOid: string;
    readonly newOid: string;
    /** git's letter: A added, D deleted, M modified, T type changed, U unmerged. */
    readonly status: string;
}

export const absentMode = '000000';
export const linkMode = '120000';
export const executableMode = '100755';
export const submoduleMode = '160000';

const header = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/u;

/** Reads raw records made with `--no-renames`. @throws {Error} on output of another form. */
export function parseRawDiff(output: string): readonly RawChange[] {
    const fields = output.split('\0');
    const changes: RawChange[] = [];
    for (let index = 0; index + 1 < fields.length; index += 2) {
        const match = header.exec(fields[index] ?? '');
        const path = fields[index + 1];
        if (match === null || path === undefined) {
            throw new Error('unexpected raw diff from git');
        }
        const [, oldMode = '', newMode = '', oldOid = '', newOid = '', status = ''] = match;
        changes.push({ path, oldMode, newMode, oldOid, newOid, status });
    }
    return changes;
}
