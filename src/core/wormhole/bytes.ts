/**
 * Strict conversions between bytes, hex, text and JSON: what comes from the network is either exactly well-formed or refused.
 */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export type Bytes = Uint8Array;

/** Text to UTF-8 in Unicode's normal form NFC, as python-spake2's callers do (magic-wormhole, `to_bytes`). */
export function textToBytes(text: string): Bytes {
    return encoder.encode(text.normalize('NFC'));
}

/** Bytes of ASCII text that is a constant of the protocol. */
export function ascii(text: string): Bytes {
    return encoder.encode(text);
}

export function toHex(bytes: Bytes): string {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** The bytes of a hex string, upper or lower case; undefined if it isn't one. (`Buffer.from` would cut silently.) */
export function fromHex(text: string): Bytes | undefined {
    return text.length % 2 === 0 && /^[0-9a-f]*$/iu.test(text) ? Uint8Array.from(Buffer.from(text, 'hex')) : undefined;
}

export function concat(...parts: readonly Bytes[]): Bytes {
    return Uint8Array.from(Buffer.concat(parts));
}

/** A JSON value as UTF-8. */
export function jsonToBytes(value: unknown): Bytes {
    return encoder.encode(JSON.stringify(value));
}

/** Parsed JSON of UTF-8 bytes; undefined if they are not valid UTF-8 or not valid JSON (which has no `undefined`). */
export function jsonFromBytes(bytes: Bytes): unknown {
    try {
        return JSON.parse(decoder.decode(bytes));
    } catch {
        // Malformed, or nested so deep that the parser gives up.
        return undefined;
    }
}

/** Lexicographic order of byte strings. */
export function compareBytes(a: Bytes, b: Bytes): number {
    return Buffer.compare(a, b);
}

export function equalBytes(a: Bytes, b: Bytes): boolean {
    return a.length === b.length && Buffer.compare(a, b) === 0;
}

/**
 * Text of a stranger made fit to be shown: control, format and unassigned characters go (they could move the cursor, hide
 * text or turn it round), spaces of every kind become one, and it is cut.
 * @param limit characters kept
 */
export function displayable(text: string, limit = 200): string {
    const clean = text.replace(/[\s\p{Z}]+/gu, ' ').replace(/\p{C}/gu, '').trim();
    const characters = Array.from(clean);
    return characters.length > limit ? `${characters.slice(0, limit).join('')}…` : clean;
}
