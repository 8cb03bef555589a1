/**
 * A mark in the environment of every child, by which it is known whose it is after its owner has died.
 *
 * A process group is not enough: a child can leave it, and its number can be given to others later. The mark names the owner by process
 * id and start time, so that a later process can tell that this owner is gone, and by the namespace in which the id holds.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';

export const ownerVariable = 'ANNEX_PEERS_OWNER';

export interface Owner {
    /** The namespace's own name, `pid:[4026531836]`; empty where there are none. */
    readonly namespace: string;
    readonly pid: number;
    /** In the kernel's ticks since boot; empty where it isn't told (no /proc). */
    readonly startTime: string;
}

const separator = '/';

function startTimeOf(stat: string): string {
    // The second field is the name in brackets, which may hold anything; the start time is the 22nd (proc(5)).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** This process as an owner. */
export function thisOwner(): Owner {
    try {
        return { namespace: readlinkSync('/proc/self/ns/pid'), pid: process.pid, startTime: startTimeOf(readFileSync('/proc/self/stat', 'latin1')) };
    } catch {
        return { namespace: '', pid: process.pid, startTime: '' };
    }
}

/** A mark of this owner, different every time. */
export function makeMark(owner: Owner = thisOwner()): string {
    return [owner.namespace, owner.pid, owner.startTime, randomBytes(8).toString('hex')].join(separator);
}

export function parseMark(mark: string): Owner | undefined {
    const match = /^([^/]*)\/(\d{1,10})\/(\d{0,20})\/[0-9a-f]{16}$/u.exec(mark);
    return match === null ? undefined : { namespace: match[1] ?? '', pid: Number(match[2]), startTime: match[3] ?? '' };
}

/** When a process of this id was started; undefined if there is none, or where this isn't told. */
export async function startTime(pid: number): Promise<string | undefined> {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
    return stat === undefined ? undefined : startTimeOf(stat);
}

export interface MarkedProcess {
    readonly pid: number;
    readonly mark: string;
}

/**
 * All processes of this user that carry a mark; none where there is no /proc. Zombies have no environment and are left out.
 * Reads at once and not by and by: some hundred tiny files are read in a few milliseconds so, and nothing is born meanwhile unseen for long.
 */
export function markedProcesses(): MarkedProcess[] {
    return processIds().flatMap(pid => {
        const environment = readNow(`/proc/${pid}/environ`);
        if (!environment.includes(`${ownerVariable}=`)) {
            return [];
        }
        const mark = environment.split('\0').find(entry => entry.startsWith(`${ownerVariable}=`));
        return mark === undefined ? [] : [{ pid, mark: mark.slice(ownerVariable.length + 1) }];
    });
}

/** Which of these process groups have a living member; undefined where this isn't told. What has ended but was not waited for doesn't count. */
export function livingGroups(groups: readonly number[]): number[] | undefined {
    const ids = processIds();
    if (ids.length === 0) {
        return undefined;
    }
    const living = new Set<number>();
    for (const pid of ids) {
        const stat = readNow(`/proc/${pid}/stat`);
        const [state = 'Z', , group = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state !== 'Z' && state !== 'X') {
            living.add(Number(group));
        }
    }
    return groups.filter(group => living.has(group));
}

function processIds(): number[] {
    try {
        return readdirSync('/proc').filter(name => /^\d+$/u.test(name)).map(Number);
    } catch {
        return [];
    }
}

function readNow(file: string): string {
    try {
        return readFileSync(file, 'latin1');
    } catch {
        return '';
    }
}

/** Those of the processes whose owner lives no more, as far as that can be told from here. */
export async function orphans(processes: readonly MarkedProcess[]): Promise<MarkedProcess[]> {
    const here = await readlink('/proc/self/ns/pid').catch(() => '');
    const checked = await Promise.all(
        processes.map(async candidate => {
            const owner = parseMark(candidate.mark);
            const isOrphan = owner !== undefined && here !== '' && owner.namespace === here && owner.startTime !== '' && (await startTime(owner.pid)) !== owner.startTime;
            return isOrphan ? [candidate] : [];
        }),
    );
    return checked.flat();
}
