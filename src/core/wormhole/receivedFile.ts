/**
 * A file being received: for this user's eyes only, under a random name next to its place, and in its place only when it is
 * whole. What fails leaves nothing behind.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../errors';
import { WormholeError } from './errors';

const unwritable = (error: unknown): WormholeError => new WormholeError('file-unwritable', 'the received file cannot be written', messageOf(error), { cause: error });

export class ReceivedFile {
    #open = true;

    private constructor(
        private readonly handle: FileHandle,
        private readonly temporary: string,
        private readonly destination: string,
    ) {}

    /** @throws {WormholeError} `file-unwritable` */
    static async create(destination: string): Promise<ReceivedFile> {
        const temporary = path.join(path.dirname(path.resolve(destination)), `.wormhole-${randomBytes(8).toString('hex')}.part`);
        try {
            // wx: never through a link that somebody else has laid there.
            return new ReceivedFile(await open(temporary, 'wx', 0o600), temporary, path.resolve(destination));
        } catch (error) {
            throw unwritable(error);
        }
    }

    async write(bytes: Uint8Array): Promise<void> {
        try {
            for (let done = 0; done < bytes.length;) {
                done += (await this.handle.write(bytes, done)).bytesWritten;
            }
        } catch (error) {
            throw unwritable(error);
        }
    }

    /** Puts the whole file into its place, over what is there. */
    async keep(): Promise<void> {
        try {
            this.#open = false;
            await this.handle.close();
            await rename(this.temporary, this.destination);
        } catch (error) {
            await unlink(this.temporary).catch(() => undefined);
            throw unwritable(error);
        }
    }

    /** Wipes what has come so far; does nothing after `keep`. */
    async discard(): Promise<void> {
        if (this.#open) {
            this.#open = false;
            await this.handle.truncate(0).catch(() => undefined);
            await this.handle.close().catch(() => undefined);
            await unlink(this.temporary).catch(() => undefined);
        }
    }
}
