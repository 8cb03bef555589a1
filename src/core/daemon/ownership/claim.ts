/**
 * Exactly one owner of a thing among all processes of a user, and a way for the others to talk to it.
 *
 * The owner listens on a Unix socket of its own; a symbolic link `<name>` names that socket. Who finds no link makes one, which succeeds once.
 * Who finds a link whose socket nobody listens on any more (its owner was killed) may replace it, but only while holding the right to replace
 * just this one: the link `<name>.after.<that socket>`, gained in the same way. As sockets' names are random and never come again, nobody who
 * was held up can replace a living owner. The system closes a dead process's sockets, so there is nothing to time out.
 */
import { randomBytes } from 'node:crypto';
import { lstat, readdir, readlink, rename, symlink, unlink } from 'node:fs/promises';
import net, { type Server, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface Owned {
    readonly kind: 'owner';
    /** Hands over every connection, those from before this call too. */
    accept(onConnection: (socket: Socket) => void): void;
    /** Whether others still find this process. False when somebody has cleared the folder. */
    isInForce(): Promise<boolean>;
    /** Gives it up; nothing is left of it. */
    release(): Promise<void>;
}

export type Claim = Owned | { readonly kind: 'client'; readonly socket: Socket };

/** Sockets that nobody listens on are cleared away when they are older than this, in milliseconds: a younger one may be about to be used. */
const clutterAfterMs = 60_000;
const attempts = 2000;

/** Becomes the owner of `name` in `folder` (private to this user), or a client of who is. @throws on a file system that refuses */
export async function claim(folder: string, name: string): Promise<Claim> {
    const own = await Listener.open(folder, name);
    try {
        const link = path.join(folder, name);
        const result = await gain(folder, link, own);
        if (result !== undefined) {
            await own.close();
            return { kind: 'client', socket: result };
        }
        await clearClutter(folder, name, own.name);
        return {
            kind: 'owner',
            accept: onConnection => own.accept(onConnection),
            isInForce: async () => (await read(link)) === own.name,
            release: async () => {
                if ((await read(link)) === own.name) {
                    await unlink(link).catch(() => undefined);
                }
                await own.close();
            },
        };
    } catch (error) {
        await own.close();
        throw error;
    }
}

/** Makes the link name our socket; gives back a connection to the one who was first, or undefined when we are. */
async function gain(folder: string, link: string, own: Listener): Promise<Socket | undefined> {
    for (let attempt = 0; attempt < attempts; attempt++) {
        const current = await read(link);
        if (current === undefined) {
            if (await make(link, own.name)) {
                return undefined;
            }
            continue;
        }
        const answer = await connect(path.join(folder, current));
        if (answer instanceof net.Socket) {
            return answer;
        }
        if (answer === 'busy') {
            await wait(10);
            continue;
        }
        // Dead. The right to replace it is gained like the thing itself.
        const right = `${link}.after.${current}`;
        const rival = await gain(folder, right, own);
        if (rival !== undefined) {
            rival.destroy();
            await wait(10);
            continue;
        }
        try {
            if ((await read(link)) === current) {
                const temporary = `${link}.${own.name}`;
                await symlink(own.name, temporary);
                await rename(temporary, link);
                await unlink(path.join(folder, current)).catch(() => undefined);
                return undefined;
            }
        } finally {
            await unlink(right).catch(() => undefined);
        }
    }
    throw new Error(`${link} keeps changing hands`);
}

async function read(link: string): Promise<string | undefined> {
    try {
        return path.basename(await readlink(link));
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
            return undefined;
        }
        throw error;
    }
}

async function make(link: string, target: string): Promise<boolean> {
    try {
        await symlink(target, link);
        return true;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
            return false;
        }
        throw error;
    }
}

/** `dead`: nobody listens; `busy`: somebody does, but has no room just now. */
function connect(file: string): Promise<Socket | 'dead' | 'busy'> {
    return new Promise(resolve => {
        const socket = net.connect({ path: file });
        socket.once('connect', () => {
            socket.removeAllListeners('error').on('error', () => undefined);
            resolve(socket);
        });
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'].includes(error.code ?? '') ? 'dead' : 'busy'));
    });
}

/** Removes what killed processes have left of this name. What may still be used by somebody is left. */
async function clearClutter(folder: string, name: string, own: string): Promise<void> {
    for (const entry of await readdir(folder).catch(() => [])) {
        const file = path.join(folder, entry);
        if (entry === name || entry === own || !entry.startsWith(`${name}.`)) {
            continue;
        }
        const age = await lstat(file).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
        // A right to replace others than us is of no use to anybody, now that we are in force.
        if (entry.startsWith(`${name}.after.`) || (age > clutterAfterMs && (await connect(file)) === 'dead')) {
            await unlink(file).catch(() => undefined);
        }
    }
}

/** A listening socket with a name that never comes again. Connections wait until somebody takes them. */
class Listener {
    #waiting: Socket[] = [];
    #onConnection: ((socket: Socket) => void) | undefined;

    private constructor(
        readonly name: string,
        private readonly server: Server,
    ) {
        server.on('connection', socket => {
            socket.on('error', () => undefined);
            if (this.#onConnection === undefined) {
                this.#waiting.push(socket);
            } else {
                this.#onConnection(socket);
            }
        });
    }

    static async open(folder: string, name: string): Promise<Listener> {
        const file = `${name}.${randomBytes(9).toString('base64url')}`;
        const server = net.createServer();
        const listener = new Listener(file, server);
        await new Promise<void>((resolve, reject) => {
            server.once('error', reject).listen(path.join(folder, file), () => resolve());
        });
        server.unref();
        return listener;
    }

    accept(onConnection: (socket: Socket) => void): void {
        this.#onConnection = onConnection;
        for (const socket of this.#waiting.splice(0)) {
            onConnection(socket);
        }
    }

    /** Stops listening and removes the socket; connections that were handed over are their holder's affair. */
    async close(): Promise<void> {
        for (const socket of this.#waiting.splice(0)) {
            socket.destroy();
        }
        await new Promise<void>(resolve => {
            this.server.close(() => resolve());
            // close() waits for every connection, also for those that were handed over; the socket itself is gone at once.
            setImmediate(resolve);
        });
    }
}
