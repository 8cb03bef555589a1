/**
 * What the core tells the log: a narrow interface, so that the core needs no editor, and the one
 * place where secrets are struck out before a line leaves the core.
 */

export interface Log {
    debug(message: string): void;
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Strikes out pairing codes, tokens and the token part of addresses.
 *
 * Shapes: a wormhole code is `digits-word-word…` (facts of the Magic Wormhole protocol), a git-annex
 * authentication token or half token is a run of 64 or more of `a-z0-9` (git-annex, Utility/AuthToken.hs).
 * Control characters other than line breaks and tabs are made visible, so that a program's output can't play
 * tricks on whoever reads the log.
 */
export function redact(text: string): string {
    return text
        .replace(/\b\d{1,9}(?:-[a-z]{2,}){2,}\b/giu, '<code>')
        .replace(/[a-z0-9]{64,}/giu, '<token>')
        .replace(/[^\P{C}\n\t]/gu, character => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A log that redacts everything before it passes it on. */
export function redactingLog(log: Log): Log {
    return {
        debug: message => log.debug(redact(message)),
        info: message => log.info(redact(message)),
        warn: message => log.warn(redact(message)),
        error: message => log.error(redact(message)),
    };
}

/** A warning or an error that was logged. */
export interface Trouble {
    /** In milliseconds since the epoch. */
    readonly at: number;
    readonly severity: 'warning' | 'error';
    readonly message: string;
}

/** A log that remembers its last warnings and errors, as they were passed on to it. */
export function rememberingLog(log: Log, most = 20): { readonly log: Log; readonly troubles: () => readonly Trouble[] } {
    const troubles: Trouble[] = [];
    const remember = (severity: Trouble['severity'], message: string): void => {
        troubles.push({ at: Date.now(), severity, message });
        troubles.splice(0, troubles.length - most);
    };
    return {
        troubles: () => [...troubles],
        log: {
            debug: message => log.debug(message),
            info: message => log.info(message),
            warn: message => {
                remember('warning', message);
                log.warn(message);
            },
            error: message => {
                remember('error', message);
                log.error(message);
            },
        },
    };
}
