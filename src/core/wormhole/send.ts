/**
 * Sends a file or a text through a wormhole.
 *
 * Source: magic-wormhole file-transfer-protocol.md, `cmd_send.py`.
 */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../errors';
import { jsonFromBytes, toHex } from './bytes';
import { WormholeError } from './errors';
import { sizeLimitsOf } from './options';
import { Session, type TransferOptions } from './session';
import { SilenceGuard } from './silence';
import type { RecordPipe } from './transit/records';
import { decodeAcknowledgement, encodeFileOffer, encodeTextOffer, encodeTransit, type Hints } from './transferMessages';

export interface SendOptions extends TransferOptions {
    /** A code that both sides agreed on before; without it a new one is made (`onStatus`, step `code`). */
    readonly code?: string | undefined;
    /** Words of a new code; each is 8 bits. */
    readonly words?: number | undefined;
}

/** Bytes of a file in one record. */
export const recordSize = 64 << 10;

async function shareCode(session: Session, options: SendOptions): Promise<void> {
    const code = options.code === undefined ? await session.wormhole.allocateCode(options.words) : session.wormhole.useCode(options.code);
    session.report({ step: 'code', code });
}

/** Sends a text; resolves when the other side has confirmed it. @throws {WormholeError}; {CancelledError} */
export async function sendText(options: SendOptions & { readonly text: string }): Promise<void> {
    if (Buffer.byteLength(options.text) > sizeLimitsOf(options).message) {
        throw new WormholeError('invalid-option', 'the text is too long');
    }
    await Session.run(options, async session => {
        await shareCode(session, options);
        await session.verified();
        session.wormhole.send(encodeTextOffer(options.text));
        session.report({ step: 'offered' });
        for (;;) {
            const { answer } = await session.receive(session.limits.answer);
            if (answer === 'text') {
                return;
            }
            if (answer !== undefined) {
                throw new WormholeError('peer-protocol', 'the other side answers something else');
            }
        }
    });
}

/** Sends a file; resolves when the other side has confirmed its hash. @throws {WormholeError}; {CancelledError} */
export async function sendFile(options: SendOptions & { readonly path: string }): Promise<void> {
    const file = await openForReading(options.path);
    try {
        const { size } = await file.stat();
        await Session.run(options, session => offerFile(session, options, file, size));
    } finally {
        await file.close();
    }
}

async function openForReading(name: string): Promise<FileHandle> {
    let file: FileHandle | undefined;
    try {
        file = await open(name, 'r');
        if ((await file.stat()).isFile()) {
            return file;
        }
    } catch (error) {
        throw new WormholeError('file-unreadable', 'the file to send cannot be read', messageOf(error), { cause: error });
    }
    await file.close();
    throw new WormholeError('file-unreadable', 'only files are sent');
}

async function offerFile(session: Session, options: SendOptions & { readonly path: string }, file: FileHandle, size: number): Promise<void> {
    await shareCode(session, options);
    await session.verified();
    const transit = session.transit('sender');
    try {
        // Only now: hints hold addresses, and before this anyone could have been at the other end.
        session.wormhole.send(encodeTransit(await transit.prepare(), transit.abilities));
        session.wormhole.send(encodeFileOffer(path.basename(path.resolve(options.path)), size));
        session.report({ step: 'offered' });
        const theirs = await acceptance(session);
        await session.whileListening(async signal => {
            const pipe = await transit.connect(session.wormhole.transitKey(), theirs, signal);
            const guard = new SilenceGuard(pipe, session.limits.transferSilence, signal);
            try {
                await sendContent(session, pipe, file, size, guard);
            } finally {
                guard.stop();
            }
        });
    } finally {
        transit.close();
    }
}

/** Waits for the answer; their `transit` message comes before it. */
async function acceptance(session: Session): Promise<Hints> {
    let theirs: Hints = { direct: [], relays: [] };
    for (;;) {
        const { answer, transit } = await session.receive(session.limits.answer);
        theirs = transit ?? theirs;
        if (answer === 'file') {
            return theirs;
        }
        if (answer !== undefined) {
            throw new WormholeError('peer-protocol', 'the other side answers something else');
        }
    }
}

async function sendContent(session: Session, pipe: RecordPipe, file: FileHandle, size: number, guard: SilenceGuard): Promise<void> {
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(Math.min(recordSize, Math.max(size, 1)));
    session.report({ step: 'transferring', how: pipe.how, done: 0, total: size });
    for (let done = 0; done < size;) {
        const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - done), done);
        if (bytesRead === 0) {
            throw new WormholeError('file-unreadable', 'the file became shorter while it was sent');
        }
        const part = buffer.subarray(0, bytesRead);
        hash.update(part);
        await pipe.send(part);
        done += bytesRead;
        guard.heard();
        session.report({ step: 'transferring', how: pipe.how, done, total: size });
    }
    const confirmed = decodeAcknowledgement(jsonFromBytes(await pipe.receive()));
    if (confirmed !== toHex(hash.digest())) {
        throw new WormholeError('corrupted', 'the other side did not get what was sent');
    }
    await pipe.close(session.limits.close);
}
