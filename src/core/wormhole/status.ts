/**
 * How far a transfer is, for progress and for the user interface. Snapshots, in the order in which they come.
 */
export type TransferStatus =
    | { readonly step: 'connecting' }
    /** The code that the other side needs; a secret. */
    | { readonly step: 'code'; readonly code: string }
    /** The code is in use; the other side hasn't come or hasn't proved itself yet. */
    | { readonly step: 'waiting' }
    | { readonly step: 'verified'; readonly verifier: Uint8Array }
    /** The receiver was asked, or is being asked, whether it wants what is offered. */
    | { readonly step: 'offered' }
    | { readonly step: 'transferring'; readonly how: 'direct' | 'relay'; readonly done: number; readonly total: number }
    | { readonly step: 'done' };
