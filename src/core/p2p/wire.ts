/**
 * Lines and raw bytes over one stream, read on demand, so that a flood that nobody asked for stays in the other end's buffers.
 *
 * Any duplex stream will do: a socket that came through SOCKS, or the Unix socket of a service on this computer.
 */
import type { Duplex } from 'node:stream';
import { CancelledError } from '../errors';
import { P2PError } from './errors';
import { maxLineLength } from './messages';

/** A character of a line is up to four bytes of UTF-8; one more for a "\r". */
const maxLineBytes = maxLineLength * 4 + 1;

export interface Waiting {
    /** Longest silence, in milliseconds. */
    readonly timeLimitMs: number;
    readonly signal?: AbortSignal | undefined;
}

export class Wire {
    #rest: Buffer = Buffer.alloc(0);
    #failure: Error | undefined;

    constructor(private readonly stream: Duplex) {
        // Without a listener an error of the stream would end this process; reads and writes report it.
        stream.on('error', error => (this.#failure ??= error));
        stream.pause();
    }

    get isOpen(): boolean {
        return !this.stream.destroyed;
    }

    /** The next line without its end. @throws {P2PError} `closed`, `time-limit`, `protocol`; {CancelledError} */
    async readLine(waiting: Waiting): Promise<string> {
        const pieces: Buffer[] = [];
        for (let length = 0; ; ) {
            const end = this.#rest.indexOf(0x0a);
            const piece = end < 0 ? this.#rest : this.#rest.subarray(0, end);
            length += piece.length;
            if (length > maxLineBytes) {
                throw this.fail(new P2PError('protocol', 'the other end sent a line that is too long'));
            }
            pieces.push(piece);
            if (end >= 0) {
                this.#rest = this.#rest.subarray(end + 1);
                return Buffer.concat(pieces, length).toString('utf8');
            }
            this.#rest = await this.#chunk(waiting);
        }
    }

    /** Between 1 and `atMost` bytes, as they come. @throws as {@link readLine} */
    async readSome(atMost: number, waiting: Waiting): Promise<Buffer> {
        if (this.#rest.length === 0) {
            this.#rest = await this.#chunk(waiting);
        }
        const bytes = this.#rest.subarray(0, atMost);
        this.#rest = this.#rest.subarray(bytes.length);
        return bytes;
    }

    /** Writes, and waits until there is room again. @throws as {@link readLine} */
    async write(data: string | Uint8Array, waiting: Waiting): Promise<void> {
        if (!this.#write(data)) {
            await this.#event(['drain'], waiting);
        }
    }

    /** Closes the stream for good. Gives `error` back, to be thrown. */
    fail<T extends Error>(error: T): T {
        this.#failure ??= error;
        this.close();
        return error;
    }

    close(): void {
        this.stream.destroy();
    }

    #write(data: string | Uint8Array): boolean {
        if (this.stream.destroyed || !this.stream.writable) {
            throw this.#closed();
        }
        return this.stream.write(data);
    }

    async #chunk(waiting: Waiting): Promise<Buffer> {
        for (;;) {
            const data: unknown = this.stream.destroyed ? null : this.stream.read();
            if (Buffer.isBuffer(data) && data.length > 0) {
                return data;
            }
            if (this.stream.destroyed || this.stream.readableEnded) {
                throw this.#closed();
            }
            await this.#event(['readable', 'end'], waiting);
        }
    }

    /** Waits for one of the events, or the stream's end. */
    #event(names: readonly string[], { timeLimitMs, signal }: Waiting): Promise<void> {
        return new Promise((resolve, reject) => {
            const settle = (finish: () => void): void => {
                clearTimeout(timer);
                signal?.removeEventListener('abort', onAbort);
                for (const name of names) {
                    this.stream.off(name, onEvent);
                }
                this.stream.off('close', onClose);
                finish();
            };
            const onEvent = (): void => settle(resolve);
            const onClose = (): void => settle(() => reject(this.#closed()));
            // The protocol has no way to take a request back: what was asked for would come later, as the answer to something else.
            const onAbort = (): void => settle(() => reject(this.fail(new CancelledError('the connection to the peer'))));
            const timer = setTimeout(() => settle(() => reject(this.fail(new P2PError('time-limit', `no progress in ${timeLimitMs} ms`)))), timeLimitMs);
            if (signal?.aborted === true) {
                onAbort();
                return;
            }
            if (this.stream.destroyed) {
                onClose();
                return;
            }
            signal?.addEventListener('abort', onAbort, { once: true });
            for (const name of names) {
                this.stream.on(name, onEvent);
            }
            this.stream.on('close', onClose);
        });
    }

    #closed(): Error {
        if (this.#failure instanceof P2PError || this.#failure instanceof CancelledError) {
            return this.#failure;
        }
        return new P2PError('closed', 'the other end hung up', this.#failure?.message ?? '', this.#failure === undefined ? {} : { cause: this.#failure });
    }
}
