/**
 * The base of every error that the core throws on purpose.
 *
 * `reason` is a discriminant that the user interface turns into words, an explanation and a button (an
 * exhaustive switch); `detail` keeps the program's own words for the log. The message is for developers.
 */
export class AnnexPeersError<Reason extends string = string> extends Error {
    override readonly name: string = 'AnnexPeersError';

    constructor(
        readonly reason: Reason,
        message: string,
        readonly detail = '',
        options?: ErrorOptions,
    ) {
        super(message, options);
    }
}

/** The user or the editor cancelled; never shown as a failure. */
export class CancelledError extends AnnexPeersError<'cancelled'> {
    override readonly name = 'CancelledError';

    constructor(what = 'the operation') {
        super('cancelled', `${what} was cancelled`);
    }
}

/** Throws {@link CancelledError} if `signal` is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
    if (signal?.aborted === true) {
        throw new CancelledError();
    }
}

/** The message of anything thrown, for logs. */
export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
