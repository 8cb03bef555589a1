/**
 * The messages of a file or text transfer: JSON objects in the numbered phases.
 *
 * Source: magic-wormhole file-transfer-protocol.md, `cmd_send.py`, `cmd_receive.py`, `_hints.py`. One message may hold
 * several of the keys; unknown keys and hint types are ignored, as the protocol asks.
 */
import * as v from 'valibot';
import { isPort, type Endpoint } from './options';

/** A place where the other side, or a relay, may be reached. */
export interface Hints {
    readonly direct: readonly Endpoint[];
    readonly relays: readonly Endpoint[];
}

export type Offer =
    | { readonly kind: 'text'; readonly text: string }
    /** `name` is a stranger's text and never a path. */
    | { readonly kind: 'file'; readonly name: string; readonly size: number }
    | { readonly kind: 'other'; readonly what: string };

export interface TransferMessage {
    readonly error?: string;
    readonly transit?: Hints;
    readonly offer?: Offer;
    readonly answer?: 'file' | 'text' | 'other';
}

/** More than an honest side has (one for each of its addresses, one relay). */
export const maxDirectHints = 16;
export const maxRelayHints = 4;

const shortText = v.pipe(v.string(), v.maxLength(4096));
const tcpHint = v.object({
    type: v.picklist(['direct-tcp-v1', 'tor-tcp-v1']),
    hostname: v.pipe(v.string(), v.minLength(1), v.maxLength(253)),
    port: v.pipe(v.number(), v.check(isPort)),
});
const relayHint = v.object({ type: v.literal('relay-v1'), hints: v.array(v.unknown()) });
const transit = v.object({ 'hints-v1': v.optional(v.array(v.unknown()), []) });
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const offer = v.union([
    v.object({ message: v.string() }),
    v.object({ file: v.object({ filename: shortText, filesize: size }) }),
    v.record(shortText, v.unknown()),
]);
const message = v.object({
    error: v.optional(v.string()),
    transit: v.optional(transit),
    offer: v.optional(offer),
    answer: v.optional(v.object({ file_ack: v.optional(shortText), message_ack: v.optional(shortText) })),
});

function endpointOf(hint: unknown): Endpoint | undefined {
    const parsed = v.safeParse(tcpHint, hint);
    return parsed.success ? { host: parsed.output.hostname, port: parsed.output.port } : undefined;
}

/** The usable hints among what was sent; hints of unknown types and malformed ones are passed over, and the number is bounded. */
export function readHints(list: readonly unknown[]): Hints {
    const direct: Endpoint[] = [];
    const relays: Endpoint[] = [];
    for (const hint of list.slice(0, 2 * (maxDirectHints + maxRelayHints))) {
        const relay = v.safeParse(relayHint, hint);
        const endpoint = endpointOf(hint);
        if (relay.success) {
            relays.push(...relay.output.hints.slice(0, maxRelayHints).map(endpointOf).filter(found => found !== undefined));
        } else if (endpoint !== undefined) {
            direct.push(endpoint);
        }
    }
    return { direct: direct.slice(0, maxDirectHints), relays: relays.slice(0, maxRelayHints) };
}

function readOffer(value: v.InferOutput<typeof offer>): Offer {
    const text = v.safeParse(v.object({ message: v.string() }), value);
    if (text.success) {
        return { kind: 'text', text: text.output.message };
    }
    const file = v.safeParse(v.object({ file: v.object({ filename: shortText, filesize: size }) }), value);
    return file.success
        ? { kind: 'file', name: file.output.file.filename, size: file.output.file.filesize }
        : { kind: 'other', what: Object.keys(value)[0]?.slice(0, 100) ?? '' };
}

/** A message of the other side, checked; undefined if it is malformed. */
export function decodeTransferMessage(value: unknown): TransferMessage | undefined {
    const parsed = v.safeParse(message, value);
    if (!parsed.success) {
        return undefined;
    }
    const { error, transit: hints, offer: offered, answer } = parsed.output;
    return {
        ...(error === undefined ? {} : { error }),
        ...(hints === undefined ? {} : { transit: readHints(hints['hints-v1']) }),
        ...(offered === undefined ? {} : { offer: readOffer(offered) }),
        ...(answer === undefined ? {} : { answer: answer.file_ack === 'ok' ? 'file' : answer.message_ack === 'ok' ? 'text' : 'other' }),
    };
}

const tcp = ({ host, port }: Endpoint): object => ({ type: 'direct-tcp-v1', priority: 0, hostname: host, port });

/** Our `transit` message. Abilities name the ways that this side can use. */
export function encodeTransit(hints: Hints, abilities: readonly ('direct-tcp-v1' | 'relay-v1')[]): object {
    return {
        transit: {
            'abilities-v1': abilities.map(type => ({ type })),
            'hints-v1': [...hints.direct.map(tcp), ...hints.relays.map(relay => ({ type: 'relay-v1', hints: [tcp(relay)] }))],
        },
    };
}

export const encodeTextOffer = (text: string): object => ({ offer: { message: text } });
export const encodeFileOffer = (filename: string, filesize: number): object => ({ offer: { file: { filename, filesize } } });
export const encodeAnswer = (kind: 'file' | 'text'): object => ({ answer: kind === 'file' ? { file_ack: 'ok' } : { message_ack: 'ok' } });
export const encodeError = (error: string): object => ({ error });

const acknowledgement = v.object({ ack: v.string(), sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/iu), v.toLowerCase()) });

/** The receiver's last record, with the SHA-256 of what it has got. */
export const encodeAcknowledgement = (sha256: string): object => ({ ack: 'ok', sha256 });

/** The hash that the receiver confirms; undefined if it confirms nothing. */
export function decodeAcknowledgement(value: unknown): string | undefined {
    const parsed = v.safeParse(acknowledgement, value);
    return parsed.success && parsed.output.ack === 'ok' ? parsed.output.sha256 : undefined;
}
