/**
 * GET and PUT: the content of one key over a conversation (git-annex, P2P/Protocol.hs, `receiveContent` and `sendContent`).
 */
import { P2PError } from './errors';
import type { Conversation } from './connection';

/** Larger pieces would only wait in this process's memory. */
const pieceSize = 1 << 20;

export interface Get {
    readonly key: string;
    /** Bytes of the content to be left out at the beginning. */
    readonly offset?: number;
    /** A name for the other end to display. */
    readonly file?: string;
    /** Largest length that is believed, in bytes after the offset; more is a breach of the protocol. */
    readonly maxLength?: number;
    /** Stop after so many bytes and close the connection: the protocol has no end of a range. */
    readonly stopAfter?: number;
    /** Takes each piece in order; what it throws closes the connection and is thrown on. */
    readonly consume: (bytes: Buffer, progress: { readonly received: number; readonly length: number }) => void | Promise<void>;
}

export interface GetResult {
    /** What the other end announced, in bytes after the offset. */
    readonly length: number;
    /** What was received: `length`, or less after `stopAfter`. */
    readonly received: number;
    /**
     * - `unchanged`: the other end says that its file didn't change while it was sent
     * - `unknown`: version 0 doesn't say, or we stopped early; the content has to be checked against the key
     */
    readonly validity: 'unchanged' | 'unknown';
}

/** @throws {P2PError} `unavailable` if the other end has no such content or it changed meanwhile, and as every request */
export async function receiveContent(talk: Conversation, version: number, get: Get): Promise<GetResult> {
    await talk.send({ kind: 'get', offset: get.offset ?? 0, file: get.file ?? '', key: get.key });
    const answer = await talk.receive();
    if (answer.kind !== 'data') {
        throw talk.unexpected(answer);
    }
    const { length } = answer;
    if (length > (get.maxLength ?? Number.MAX_SAFE_INTEGER)) {
        throw talk.wire.fail(new P2PError('protocol', `the other end announced ${length} bytes, more than were asked for`));
    }
    const wanted = Math.min(length, get.stopAfter ?? length);
    let received = 0;
    while (received < wanted) {
        const bytes = await talk.wire.readSome(Math.min(pieceSize, wanted - received), talk.waiting);
        received += bytes.length;
        await get.consume(bytes, { received, length });
    }
    if (received < length) {
        talk.wire.close();
        return { length, received, validity: 'unknown' };
    }
    if (version === 0) {
        await talk.send({ kind: 'success', alsoAt: [] });
        return { length, received, validity: 'unknown' };
    }
    const verdict = await talk.receive();
    if (verdict.kind !== 'validity') {
        throw talk.unexpected(verdict);
    }
    await talk.send({ kind: verdict.valid ? 'success' : 'failure', alsoAt: [] });
    if (!verdict.valid) {
        // No bytes and INVALID is how content that isn't there is told.
        throw new P2PError('unavailable', length === 0 ? 'the other end does not have this content' : 'the content changed while it was sent');
    }
    return { length, received, validity: 'unchanged' };
}

export interface Put {
    readonly key: string;
    readonly file?: string;
    /** Size of the whole content, in bytes. */
    readonly size: number;
    /** The content from an offset to its end: the other end may have kept a part of an earlier try. */
    readonly content: (offset: number) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
    /** Whether the content stayed as it was while it was read; asked after the last byte. */
    readonly unchanged?: () => boolean | Promise<boolean>;
    readonly onProgress?: (sent: number) => void;
}

export interface PutResult {
    /** `refused`: received, but not kept (the content didn't match the key, or there is no room). */
    readonly outcome: 'stored' | 'already-there' | 'refused';
    /** Other repositories that have it now. */
    readonly alsoAt: readonly string[];
}

/** @throws {P2PError} as every request; {RangeError} if the content is shorter or longer than its size */
export async function sendContent(talk: Conversation, version: number, put: Put): Promise<PutResult> {
    await talk.send({ kind: 'put', file: put.file ?? '', key: put.key });
    const answer = await talk.receive();
    if (answer.kind === 'already-have') {
        return { outcome: 'already-there', alsoAt: answer.alsoAt };
    }
    if (answer.kind !== 'put-from') {
        throw talk.unexpected(answer);
    }
    const offset = Math.min(answer.offset, put.size);
    const length = put.size - offset;
    await talk.send({ kind: 'data', length });
    let sent = 0;
    for await (const piece of length === 0 ? [] : put.content(offset)) {
        sent += piece.length;
        if (sent > length) {
            break;
        }
        await talk.wire.write(piece, talk.waiting);
        put.onProgress?.(offset + sent);
    }
    if (sent !== length) {
        talk.wire.close();
        throw new RangeError(`the content has another size than ${put.size}`);
    }
    if (version >= 1) {
        await talk.send({ kind: 'validity', valid: (await put.unchanged?.()) ?? true });
    }
    const verdict = await talk.receive();
    switch (verdict.kind) {
        case 'success':
            return { outcome: 'stored', alsoAt: verdict.alsoAt };
        case 'failure':
            return { outcome: 'refused', alsoAt: verdict.alsoAt };
        default:
            throw talk.unexpected(verdict);
    }
}
