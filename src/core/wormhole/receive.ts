/**
 * Receives a file or a text through a wormhole.
 *
 * Source: magic-wormhole file-transfer-protocol.md, `cmd_receive.py`. The other side's file name is text to show, never a
 * path: where a file goes is decided here.
 */
import { createHash } from 'node:crypto';
import { jsonToBytes, toHex } from './bytes';
import { WormholeError } from './errors';
import { sizeLimitsOf } from './options';
import { ReceivedFile } from './receivedFile';
import { Session, type TransferOptions } from './session';
import { SilenceGuard } from './silence';
import type { RecordPipe } from './transit/records';
import { encodeAcknowledgement, encodeAnswer, encodeTransit, type Hints, type Offer } from './transferMessages';

export type Decision =
    | { readonly kind: 'accept-text' }
    /** Replaces what is at `path`. */
    | { readonly kind: 'accept-file'; readonly path: string }
    | { readonly kind: 'refuse' };

export interface ReceiveOptions extends TransferOptions {
    /** The code, or where it comes from: the connection to the server is made meanwhile. */
    readonly code: string | (() => Promise<string>);
    /** What to do with an offer; a promise, so that a person may be asked. Offers above the size limits never get here. */
    readonly decide: (offer: Offer) => Decision | Promise<Decision>;
}

export type Received =
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'file'; readonly path: string; readonly size: number; readonly sha256: string };

/** Receives what the other side offers, if `decide` wants it. @throws {WormholeError}; {CancelledError} */
export function receive(options: ReceiveOptions): Promise<Received> {
    return Session.run(options, async session => {
        const code = typeof options.code === 'string' ? options.code : await session.unlessFailed(options.code());
        session.wormhole.useCode(code);
        await session.verified();
        let theirs: Hints = { direct: [], relays: [] };
        for (;;) {
            const { transit, offer } = await session.receive(session.limits.peerStep);
            theirs = transit ?? theirs;
            if (offer !== undefined) {
                return await answer(session, options, offer, theirs);
            }
        }
    });
}

/** Receives a file to `path`, replacing what is there; refuses anything else. @throws {WormholeError}; {CancelledError} */
export async function receiveFile(options: Omit<ReceiveOptions, 'decide'> & { readonly path: string }): Promise<Extract<Received, { kind: 'file' }>> {
    const received = await receive({ ...options, decide: offer => (offer.kind === 'file' ? { kind: 'accept-file', path: options.path } : { kind: 'refuse' }) });
    if (received.kind !== 'file') {
        throw new WormholeError('offer-refused', 'a file was expected');
    }
    return received;
}

/** Receives a text; refuses anything else. @throws {WormholeError}; {CancelledError} */
export async function receiveText(options: Omit<ReceiveOptions, 'decide'>): Promise<string> {
    const received = await receive({ ...options, decide: offer => ({ kind: offer.kind === 'text' ? 'accept-text' : 'refuse' }) });
    if (received.kind !== 'text') {
        throw new WormholeError('offer-refused', 'a text was expected');
    }
    return received.text;
}

async function answer(session: Session, options: ReceiveOptions, offer: Offer, theirs: Hints): Promise<Received> {
    if (offer.kind === 'file' && offer.size > sizeLimitsOf(options).file) {
        throw new WormholeError('offer-refused', `a file of ${offer.size} bytes is too large`);
    }
    session.report({ step: 'offered' });
    const decision = await session.unlessFailed(Promise.resolve(options.decide(offer)));
    if (decision.kind === 'accept-text' && offer.kind === 'text') {
        session.wormhole.send(encodeAnswer('text'));
        return { kind: 'text', text: offer.text };
    }
    if (decision.kind === 'accept-file' && offer.kind === 'file') {
        return acceptFile(session, decision.path, offer.size, theirs);
    }
    throw new WormholeError('offer-refused', 'what is offered is not wanted');
}

async function acceptFile(session: Session, path: string, size: number, theirs: Hints): Promise<Received> {
    const transit = session.transit('receiver');
    const file = await ReceivedFile.create(path);
    try {
        session.wormhole.send(encodeTransit(await transit.prepare(), transit.abilities));
        session.wormhole.send(encodeAnswer('file'));
        const sha256 = await session.whileListening(async signal => {
            const pipe = await transit.connect(session.wormhole.transitKey(), theirs, signal);
            const guard = new SilenceGuard(pipe, session.limits.transferSilence, signal);
            try {
                return await receiveContent(session, pipe, file, size, guard);
            } finally {
                guard.stop();
            }
        });
        return { kind: 'file', path, size, sha256 };
    } finally {
        transit.close();
        await file.discard();
    }
}

async function receiveContent(session: Session, pipe: RecordPipe, file: ReceivedFile, size: number, guard: SilenceGuard): Promise<string> {
    const hash = createHash('sha256');
    session.report({ step: 'transferring', how: pipe.how, done: 0, total: size });
    for (let done = 0; done < size;) {
        const part = await pipe.receive();
        done += part.length;
        if (done > size) {
            throw new WormholeError('peer-protocol', 'the other side sends more than it said');
        }
        if (part.length > 0) {
            guard.heard();
        }
        hash.update(part);
        await file.write(part);
        session.report({ step: 'transferring', how: pipe.how, done, total: size });
    }
    const sha256 = toHex(hash.digest());
    await file.keep();
    await pipe.send(jsonToBytes(encodeAcknowledgement(sha256)));
    await pipe.close(session.limits.close);
    return sha256;
}
