/**
 * Authentication tokens: `a-z0-9`, compared without regard to case, 128 characters (git-annex, Utility/AuthToken.hs).
 *
 * A pairing makes one of two halves: this repository accepts `ours + theirs`, the peer accepts `theirs + ours` (Command/P2P.hs,
 * finishPairing). So the token that is sent to a paired peer, with its halves swapped, is the one that is accepted from that peer.
 */

export const tokenLength = 128;
export const halfTokenLength = tokenLength / 2;

/** A token in the form that git-annex compares; undefined where the text is none. */
export function parseToken(text: string): string | undefined {
    return /^[a-z0-9]{1,512}$/iu.test(text) ? text.toLowerCase() : undefined;
}

/** A half of a token; undefined where the text is none. */
export function parseHalfToken(text: string): string | undefined {
    return /^[a-z0-9]{64}$/iu.test(text) ? text.toLowerCase() : undefined;
}

/** The token that is accepted from the peer to whom `sent` is sent; undefined for tokens that no pairing made. */
export function acceptedForSent(sent: string): string | undefined {
    const token = parseToken(sent);
    return token?.length === tokenLength ? token.slice(halfTokenLength) + token.slice(0, halfTokenLength) : undefined;
}
