/**
 * The messages of git-annex's peer-to-peer protocol, versions 0 to 4 (git-annex, doc/design/p2p_protocol.mdwn and
 * P2P/Protocol.hs).
 *
 * Version 1 adds VALID and INVALID after content; 2 adds BYPASS and the …-PLUS answers; 3 adds GETTIMESTAMP, TIMESTAMP and
 * REMOVE-BEFORE; 4 adds DATA-PRESENT.
 */

export type ProtocolVersion = 0 | 1 | 2 | 3 | 4;
export const maxProtocolVersion = 4;

/** Longest line in characters without its end (P2P/IO.hs, `getProtocolLine`). */
export const maxLineLength = 32_768;

export type Service = 'git-upload-pack' | 'git-receive-pack';

export type Message =
    /** Client: our uuid and the token that the other end shall accept. */
    | { readonly kind: 'auth'; readonly uuid: string; readonly token: string }
    | { readonly kind: 'auth-success'; readonly uuid: string }
    | { readonly kind: 'auth-failure' }
    | { readonly kind: 'version'; readonly version: number }
    | { readonly kind: 'bypass'; readonly uuids: readonly string[] }
    | { readonly kind: 'connect'; readonly service: Service }
    | { readonly kind: 'connect-done'; readonly exitCode: number }
    | { readonly kind: 'notify-change' }
    /** The commits that refs now point to (Annex/ChangedRefs.hs), not the refs' names. */
    | { readonly kind: 'changed'; readonly commits: readonly string[] }
    | { readonly kind: 'check-present'; readonly key: string }
    | { readonly kind: 'lock-content'; readonly key: string }
    | { readonly kind: 'unlock-content' }
    | { readonly kind: 'remove'; readonly key: string }
    /** `before` is a time of the other end's own clock, as TIMESTAMP told it, in seconds. */
    | { readonly kind: 'remove-before'; readonly before: number; readonly key: string }
    | { readonly kind: 'get-timestamp' }
    | { readonly kind: 'timestamp'; readonly seconds: number }
    /** `offset` in bytes; `file` is a name for the other end's display only, '' for none. */
    | { readonly kind: 'get'; readonly offset: number; readonly file: string; readonly key: string }
    | { readonly kind: 'put'; readonly file: string; readonly key: string }
    | { readonly kind: 'put-from'; readonly offset: number }
    | { readonly kind: 'already-have'; readonly alsoAt: readonly string[] }
    | { readonly kind: 'success'; readonly alsoAt: readonly string[] }
    | { readonly kind: 'failure'; readonly alsoAt: readonly string[] }
    /** `length` raw bytes follow at once, with no line break after them. */
    | { readonly kind: 'data'; readonly length: number }
    | { readonly kind: 'data-present' }
    | { readonly kind: 'validity'; readonly valid: boolean }
    | { readonly kind: 'error'; readonly text: string };

export type MessageKind = Message['kind'];
