/** What the controller needs of a rendering of a pairing, page or input boxes. */
export interface PairingView {
    readonly kind: 'page' | 'quick';
    /** Brings it to the front. */
    reveal(): void;
    /** Takes it away; the pairing goes on. */
    detach(): void;
}

/** What a view tells the controller. */
export interface ViewEvents {
    /** The user has closed it, and with it the pairing. */
    closed(): void;
    /** The user wants the other rendering. */
    swap(): void;
}
