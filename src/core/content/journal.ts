/**
 * git-annex's journal: changes of its branch that are not committed yet, one file for each file of the branch
 * (git-annex, Annex/Journal.hs). A second, private one is never committed.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { withoutIncompleteLine } from './locationLog';

const slash = 0x2f;
const underscore = 0x5f;

/** The path on the branch that a journal file stands for: `_` is `/` and `__` is `_`. */
export function pathOfJournalFile(name: Buffer): Buffer {
    const bytes: number[] = [];
    for (let at = 0; at < name.length; at++) {
        const byte = name[at] ?? 0;
        if (byte !== underscore) {
            bytes.push(byte);
        } else if (name[at + 1] === underscore) {
            bytes.push(underscore);
            at++;
        } else {
            bytes.push(slash);
        }
    }
    return Buffer.from(bytes);
}

/** The reverse of {@link pathOfJournalFile}. */
export function journalFileOf(branchPath: Buffer): Buffer {
    const bytes: number[] = [];
    for (const byte of branchPath) {
        if (byte === underscore) {
            bytes.push(underscore, underscore);
        } else {
            bytes.push(byte === slash ? underscore : byte);
        }
    }
    return Buffer.from(bytes);
}

/** What is in a journal at one moment: each file's name (as Latin-1, so that any bytes are kept) with a stamp that changes with it. */
export type JournalListing = ReadonlyMap<string, string>;

/** Lists a journal folder; one that isn't there is empty. */
export function listJournal(folder: string): JournalListing {
    const listing = new Map<string, string>();
    let names: Buffer[];
    try {
        names = readdirSync(folder, { encoding: 'buffer' });
    } catch {
        return listing;
    }
    for (const name of names) {
        const stat = statSync(Buffer.concat([Buffer.from(folder + path.sep), name]), { bigint: true, throwIfNoEntry: false });
        if (stat?.isFile() === true) {
            listing.set(name.toString('latin1'), `${stat.ino} ${stat.size} ${stat.mtimeNs}`);
        }
    }
    return listing;
}

/**
 * A journal file's content; undefined if it has gone.
 * @param complete without a last line that is not complete, as git-annex reads one; it commits the file as it is
 */
export function readJournalFile(folder: string, name: string, complete: boolean): Buffer | undefined {
    try {
        const content = readFileSync(Buffer.concat([Buffer.from(folder + path.sep), Buffer.from(name, 'latin1')]));
        return complete ? withoutIncompleteLine(content) : content;
    } catch {
        return undefined;
    }
}

/** The names that are in only one of two listings, or in both with another stamp. */
export function changedNames(old: JournalListing, fresh: JournalListing): readonly string[] {
    return [
        ...[...fresh].filter(([name, stamp]) => old.get(name) !== stamp).map(([name]) => name),
        ...[...old.keys()].filter(name => !fresh.has(name)),
    ];
}
