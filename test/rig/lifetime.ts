/**
 * A rig's folder, and the promise that nothing of a rig outlives its owner.
 *
 * Processes end by themselves when their owner goes (see computers/namespaces.ts). What may stay after `kill -9` is the
 * folder: the next rig, and the command `down`, sweep away the folders of owners that are gone.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { identityOf, isAlive, type ProcessIdentity } from './computers/namespaces';
import { RigError } from './errors';

const identitySchema = v.object({ pid: v.pipe(v.number(), v.integer(), v.minValue(2)), startTime: v.string() });
const ownerSchema = v.object({
    owner: identitySchema,
    /** Who made it, for whoever lists rigs: "npm run rig", "tests". */
    label: v.string(),
    /** First processes of the rig's machines. */
    machines: v.array(v.object({ name: v.string(), init: identitySchema })),
});
export type OwnerRecord = v.InferOutput<typeof ownerSchema>;

export interface FoundRig {
    readonly id: string;
    readonly folder: string;
    /** undefined where the record can't be read. */
    readonly record: OwnerRecord | undefined;
    readonly ownerAlive: boolean;
}

const recordName = 'owner.json';
/** How long a folder without a record may be in the making. */
const recordGraceMs = 10_000;

export class RigFolder {
    readonly #machines: { name: string; init: ProcessIdentity }[] = [];
    #written: Promise<void> = Promise.resolve();

    private constructor(readonly id: string, readonly path: string, private readonly label: string) {}

    /** Makes a folder that no other rig has and records this process as its owner. */
    static async claim(rigs: string, label: string): Promise<RigFolder> {
        await mkdir(rigs, { recursive: true });
        await chmod(rigs, 0o711);
        const id = randomBytes(3).toString('hex');
        const folder = new RigFolder(id, path.join(rigs, id), label);
        await mkdir(folder.path, { mode: 0o700 });
        await folder.#write();
        return folder;
    }

    async addMachine(name: string, init: ProcessIdentity): Promise<void> {
        this.#machines.push({ name, init });
        await this.#write();
    }

    async remove(): Promise<void> {
        await removeFolder(this.path);
    }

    #write(): Promise<void> {
        this.#written = this.#written.then(async () => {
            const owner = identityOf(process.pid);
            if (owner === undefined) {
                throw new RigError('unsupported', 'there is no /proc');
            }
            await writeFile(path.join(this.path, recordName), JSON.stringify({ owner, label: this.label, machines: this.#machines } satisfies OwnerRecord), { mode: 0o600 });
        });
        return this.#written;
    }
}

/** All rigs that have a folder under `rigs`. */
export async function findRigs(rigs: string): Promise<FoundRig[]> {
    const ids = await readdir(rigs).catch(() => []);
    return Promise.all(ids.map(async id => {
        const folder = path.join(rigs, id);
        const record = await readRecord(folder);
        return { id, folder, record, ownerAlive: record !== undefined && isAlive(record.owner) };
    }));
}

/** Removes what is left of rigs whose owner is gone; gives back their ids. */
export async function sweep(rigs: string): Promise<string[]> {
    const swept: string[] = [];
    for (const { id, folder, record, ownerAlive } of await findRigs(rigs)) {
        if (ownerAlive || (record === undefined && await isFresh(folder))) {
            continue;
        }
        for (const { init } of record?.machines ?? []) {
            if (isAlive(init)) {
                process.kill(init.pid, 'SIGKILL');
            }
        }
        await removeFolder(folder);
        swept.push(id);
    }
    return swept;
}

/** Whether anything is mounted below `folder` in this process's own view, by the form of /proc/self/mountinfo (proc(5)). */
export function hasMounts(mountinfo: string, folder: string): boolean {
    return mountinfo.split('\n').some(line => (line.split(' ')[4] ?? '').startsWith(`${folder}/`));
}

async function removeFolder(folder: string): Promise<void> {
    // All of a rig's mounts are private to its machines. If one is seen here after all, removing would reach into the host.
    if (hasMounts(readFileSync('/proc/self/mountinfo', 'utf8'), folder)) {
        throw new RigError('machine-failed', `something is mounted below ${folder}; it is left alone`);
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

async function readRecord(folder: string): Promise<OwnerRecord | undefined> {
    try {
        const parsed = v.safeParse(ownerSchema, JSON.parse(await readFile(path.join(folder, recordName), 'utf8')));
        return parsed.success ? parsed.output : undefined;
    } catch {
        return undefined;
    }
}

async function isFresh(folder: string): Promise<boolean> {
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: 0 }));
    return Date.now() - mtimeMs < recordGraceMs;
}
