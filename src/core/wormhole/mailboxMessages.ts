/**
 * The messages between a client and the mailbox server: one JSON object a text frame.
 *
 * Source: magic-wormhole server-protocol.md ("All Message Types"), magic-wormhole-mailbox-server `server_websocket.py`. Unknown types
 * and keys are ignored, as the protocol asks; a known type with a wrong field is refused.
 */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { fromHex, toHex, type Bytes } from './bytes';
import { isNameplate } from './code';
import type { Mood } from './errors';

export type ClientMessage =
    | { readonly type: 'submit-permissions'; readonly method: 'hashcash'; readonly stamp: string }
    | { readonly type: 'bind'; readonly appid: string; readonly side: string }
    | { readonly type: 'allocate' }
    | { readonly type: 'claim'; readonly nameplate: string }
    | { readonly type: 'release'; readonly nameplate: string }
    | { readonly type: 'open'; readonly mailbox: string }
    | { readonly type: 'add'; readonly phase: string; readonly body: Bytes }
    | { readonly type: 'close'; readonly mailbox: string; readonly mood: Mood };

/** A client's message as a frame's text; every message has a random id. */
export function encodeClientMessage(message: ClientMessage): string {
    const fields = message.type === 'add' ? { ...message, body: toHex(message.body) } : message;
    return JSON.stringify({ id: randomBytes(2).toString('hex'), ...fields });
}

/** Longest words of a server that are kept for the log and the user, in characters. */
const maxWords = 4096;
/** Longest identifiers that are believed. */
const maxIdentifier = 256;

const words = v.pipe(v.string(), v.transform(text => text.slice(0, maxWords)));
const identifier = v.pipe(v.string(), v.minLength(1), v.maxLength(maxIdentifier));

const permission = v.object({
    none: v.optional(v.unknown()),
    hashcash: v.optional(v.object({
        bits: v.pipe(v.number(), v.integer(), v.minValue(0)),
        resource: v.pipe(v.string(), v.maxLength(maxIdentifier), v.regex(/^[^:\s\p{C}]*$/u)),
    })),
});

const welcome = v.object({
    motd: v.optional(words),
    error: v.optional(words),
    'permission-required': v.optional(permission),
});

const serverMessage = v.variant('type', [
    v.object({ type: v.literal('welcome'), welcome }),
    v.object({ type: v.literal('allocated'), nameplate: v.pipe(v.string(), v.check(isNameplate)) }),
    v.object({ type: v.literal('claimed'), mailbox: identifier }),
    v.object({ type: v.literal('released') }),
    v.object({
        type: v.literal('message'),
        // The side goes into key derivation as ASCII.
        side: v.pipe(identifier, v.regex(/^[\x20-\x7e]+$/u)),
        phase: v.pipe(identifier, v.regex(/^[\x20-\x7e]+$/u)),
        body: v.pipe(v.string(), v.transform(fromHex), v.instance(Uint8Array)),
    }),
    v.object({ type: v.literal('closed') }),
    v.object({ type: v.literal('error'), error: words }),
]);

export type Permission = v.InferOutput<typeof permission>;
export type Welcome = v.InferOutput<typeof welcome>;
export type ServerMessage = v.InferOutput<typeof serverMessage>;

const knownTypes: ReadonlySet<string> = new Set<ServerMessage['type']>(['welcome', 'allocated', 'claimed', 'released', 'message', 'closed', 'error']);
const envelope = v.object({ type: v.string() });

export type Decoded =
    | { readonly kind: 'message'; readonly message: ServerMessage }
    /** A type that this client has no use for (`ack`, `pong`, `nameplates`, later inventions). */
    | { readonly kind: 'unknown' }
    | { readonly kind: 'malformed'; readonly why: string };

/** A server's frame, checked. Never throws. */
export function decodeServerMessage(text: string): Decoded {
    let json: unknown;
    try {
        json = JSON.parse(text);
    } catch {
        return { kind: 'malformed', why: 'not JSON' };
    }
    const head = v.safeParse(envelope, json);
    if (!head.success) {
        return { kind: 'malformed', why: 'no type' };
    }
    if (!knownTypes.has(head.output.type)) {
        return { kind: 'unknown' };
    }
    const parsed = v.safeParse(serverMessage, json);
    return parsed.success
        ? { kind: 'message', message: parsed.output }
        : { kind: 'malformed', why: `${head.output.type}: ${parsed.issues.map(issue => v.getDotPath(issue) ?? '?').join(', ')}` };
}
