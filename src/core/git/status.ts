/**
 * Reads `git status --porcelain=v2 -z --no-renames` (git's documentation, "Porcelain Format Version 2").
 */

export type ChangeKind = 'added' | 'modified' | 'deleted' | 'type-changed' | 'unmerged';

export interface ChangedFile {
    readonly path: string;
    readonly kind: ChangeKind;
    /** The change, or a part of it, is in the index already. */
    readonly staged: boolean;
}

export interface WorkTreeStatus {
    readonly changed: readonly ChangedFile[];
    readonly untracked: readonly string[];
}

function kindOf(staged: string, unstaged: string): ChangeKind {
    if (unstaged === 'D' || (staged === 'D' && unstaged === '.')) {
        return 'deleted';
    }
    if (staged === 'A') {
        return 'added';
    }
    return unstaged === 'T' || staged === 'T' ? 'type-changed' : 'modified';
}

/** The rest of a record after `count` fields, which is the path, whatever is in it. */
function afterFields(record: string, count: number): string {
    let at = 0;
    for (let field = 0; field < count; field++) {
        at = record.indexOf(' ', at) + 1;
        if (at === 0) {
            throw new Error('unexpected status from git');
        }
    }
    return record.slice(at);
}

/** @throws {Error} on output of another form. */
export function parseStatus(output: string): WorkTreeStatus {
    const changed: ChangedFile[] = [];
    const untracked: string[] = [];
    const records = output.split('\0');
    for (let index = 0; index < records.length; index++) {
        const record = records[index] ?? '';
        const staged = record[2] ?? '.';
        const unstaged = record[3] ?? '.';
        switch (record[0]) {
            case '1':
                changed.push({ path: afterFields(record, 8), kind: kindOf(staged, unstaged), staged: staged !== '.' });
                break;
            case '2':
                // Not with --no-renames; the old path follows in a record of its own.
                changed.push({ path: afterFields(record, 9), kind: 'added', staged: true });
                changed.push({ path: records[++index] ?? '', kind: 'deleted', staged: true });
                break;
            case 'u':
                changed.push({ path: afterFields(record, 10), kind: 'unmerged', staged: false });
                break;
            case '?':
                untracked.push(record.slice(2));
                break;
            case '!':
            case '#':
            case undefined:
                break;
            default:
                throw new Error('unexpected status from git');
        }
    }
    return { changed, untracked };
}
