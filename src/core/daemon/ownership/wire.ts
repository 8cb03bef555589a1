/**
 * What windows say to each other about a repository's remote daemon: one JSON object a line over the owner's socket.
 *
 * Both ends may be of different versions: what is not understood is left out, and what was added later must be optional.
 */
import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import * as v from 'valibot';
import { LineSplitter } from '../../process/lines';
import { sharedSnapshot } from '../snapshot';

const command = v.picklist(['start', 'start-automatically', 'stop', 'restart', 'reload', 'pause', 'resume', 'nudge']);
const identity = { root: v.string(), gitDir: v.string() };

const toOwner = v.variant('type', [
    v.object({ type: v.literal('hello'), ...identity }),
    v.object({ type: v.literal('command'), id: v.number(), command, uri: v.optional(v.string()) }),
]);

const toClient = v.variant('type', [
    v.object({ type: v.literal('hello'), ...identity }),
    /** `wanted`: the next owner is to run it too. */
    v.object({ type: v.literal('snapshot'), snapshot: sharedSnapshot, wanted: v.boolean(), stoppedByUser: v.boolean() }),
    v.object({ type: v.literal('fetched'), uri: v.string() }),
    v.object({ type: v.literal('done'), id: v.number() }),
]);

export type DaemonRequest = v.InferOutput<typeof command>;
export type ToOwner = v.InferOutput<typeof toOwner>;
export type ToClient = v.InferOutput<typeof toClient>;

/** A window that doesn't read is let go when this much waits for it, in bytes. */
const maxWaiting = 4 << 20;
const maxLine = 1 << 20;

export function send(socket: Socket, message: ToOwner | ToClient): void {
    if (socket.writableLength > maxWaiting) {
        socket.destroy();
    } else if (socket.writable) {
        socket.write(`${JSON.stringify(message)}\n`);
    }
}

function parse<T>(schema: v.GenericSchema<unknown, T>, line: string): T | undefined {
    try {
        const result = v.safeParse(schema, JSON.parse(line));
        return result.success ? result.output : undefined;
    } catch {
        return undefined;
    }
}

export function parseToOwner(line: string): ToOwner | undefined {
    return parse(toOwner, line);
}

export function parseToClient(line: string): ToClient | undefined {
    return parse(toClient, line);
}

/** Calls `onLine` for every line that comes. */
export function readSocketLines(socket: Socket, onLine: (line: string) => void): void {
    const decoder = new StringDecoder('utf8');
    const splitter = new LineSplitter(onLine, maxLine);
    socket.on('data', (chunk: Buffer) => splitter.push(decoder.write(chunk)));
}
