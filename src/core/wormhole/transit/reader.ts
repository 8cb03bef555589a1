/**
 * Reads an exact number of bytes from a socket, with back-pressure: what nobody asked for yet stays in the kernel.
 */
import type { Socket } from 'node:net';
import type { Bytes } from '../bytes';

/** The connection ended before what was asked for had come. */
export class ConnectionEnded extends Error {
    override readonly name = 'ConnectionEnded';
}

const highWater = 1 << 18;

export class SocketReader {
    readonly #socket: Socket;
    #chunks: Buffer[] = [];
    #size = 0;
    #error: Error | undefined;
    #wake: (() => void) | undefined;

    /** Must be made in the same turn as the socket came, lest its first bytes get lost. */
    constructor(socket: Socket) {
        this.#socket = socket;
        const ended = (error?: Error): void => {
            this.#error ??= new ConnectionEnded(error?.message ?? 'the connection ended');
            this.#wake?.();
        };
        socket.on('data', (chunk: Buffer) => {
            this.#chunks.push(chunk);
            this.#size += chunk.length;
            if (this.#size > highWater && this.#wake === undefined) {
                socket.pause();
            }
            this.#wake?.();
        });
        socket.on('error', ended);
        socket.on('end', () => ended());
        socket.on('close', () => ended());
    }

    /** Bytes that have come and were not read. */
    get available(): number {
        return this.#size;
    }

    /** The next `size` bytes. @throws {ConnectionEnded} */
    async read(size: number): Promise<Bytes> {
        while (this.#size < size) {
            await this.#more();
        }
        const all = this.#chunks.length === 1 && this.#chunks[0] !== undefined ? this.#chunks[0] : Buffer.concat(this.#chunks);
        const rest = all.subarray(size);
        this.#chunks = rest.length === 0 ? [] : [rest];
        this.#size = rest.length;
        return all.subarray(0, size);
    }

    /** Reads exactly `expected`, and gives up at the first byte that differs. @throws {ConnectionEnded} */
    async expect(expected: Bytes): Promise<boolean> {
        for (let seen = 0; seen < expected.length;) {
            if (this.#size === 0) {
                await this.#more();
            }
            const part = await this.read(Math.min(this.#size, expected.length - seen));
            if (Buffer.compare(part, expected.subarray(seen, seen + part.length)) !== 0) {
                return false;
            }
            seen += part.length;
        }
        return true;
    }

    /** Reads and throws away until the connection ends. */
    async drain(): Promise<void> {
        try {
            for (;;) {
                this.#chunks = [];
                this.#size = 0;
                await this.#more();
            }
        } catch {
            // It ended, which is what was waited for.
        }
    }

    async #more(): Promise<void> {
        this.#throwIfEnded();
        this.#socket.resume();
        const before = this.#size;
        await new Promise<void>(resolve => (this.#wake = resolve));
        this.#wake = undefined;
        // Bytes that came together with the end are still good.
        if (this.#size === before) {
            this.#throwIfEnded();
        }
    }

    #throwIfEnded(): void {
        if (this.#error !== undefined) {
            throw this.#error;
        }
    }
}
