/**
 * Understands what `git-annex p2p --pair` says.
 *
 * Its texts are those of git-annex 10.20220927 to 10.20260422 (Command/P2P.hs), misspellings included. The prompt has no line break and
 * standard input is not echoed, so the next output stands on the prompt's line.
 */

export type PairingEvent =
    /** git-annex has begun; `name` is what it will call the remote. */
    | { readonly type: 'started'; readonly name: string }
    | { readonly type: 'code'; readonly code: string }
    /** It reads the other's code now. */
    | { readonly type: 'prompt' }
    | { readonly type: 'refused'; readonly why: 'form' | 'own-code' }
    /** It has taken the code. */
    | { readonly type: 'exchanging' }
    /** Both halves are where they belong; it connects. The token of this pairing is accepted from now on. */
    | { readonly type: 'exchanged' }
    | { readonly type: 'retrying' }
    | { readonly type: 'ok' }
    /** It gives up; a `failure` with the reason comes before or after. */
    | { readonly type: 'failed' }
    | { readonly type: 'failure'; readonly why: 'sending' | 'receiving' | 'linking' | 'no-address' | 'no-wormhole' | 'name-taken' }
    | { readonly type: 'unknown'; readonly text: string };

const prompt = "Enter the other repository's pairing code:";

/** Reads standard output piece by piece, and standard error line by line. */
export class PairingOutput {
    #rest = '';
    #prompted = false;

    /** Takes the next piece of standard output. */
    push(text: string): PairingEvent[] {
        const events: PairingEvent[] = [];
        const lines = (this.#rest + text).split('\n');
        this.#rest = (lines.pop() ?? '').slice(-10_000);
        for (const line of lines) {
            events.push(...this.#line(line));
            this.#prompted = false;
        }
        // The prompt stands at the end without a line break, maybe after its own repetition.
        if (!this.#prompted && this.#rest.trimEnd().endsWith(prompt)) {
            this.#prompted = true;
            events.push({ type: 'prompt' });
        }
        return events;
    }

    /** Takes a line of standard error. */
    pushError(line: string): PairingEvent[] {
        return this.#line(line);
    }

    #line(line: string): PairingEvent[] {
        const said = line.replaceAll(prompt, '').trim();
        return said === '' ? [] : [parseLine(said)];
    }
}

const failures = [
    [/^Failed sending data to pair\./u, 'sending'],
    [/^Failed receiving data from pair\./u, 'receiving'],
    [/^Failed linking to pair: /u, 'linking'],
    [/^No P2P networks are cur+ently available\./u, 'no-address'],
    [/^Magic Wormhole is not installed/u, 'no-wormhole'],
    [/^(?:error|fatal): remote .* already exists\./u, 'name-taken'],
] as const;

/** Reads one line, from either output, without the prompt. */
export function parseLine(line: string): PairingEvent {
    const said = line.trim().replace(/^git-annex: /u, '');
    const code = /^This repository's pairing code is: (\d+(?:-[^-\s\p{C}]+){2,})$/u.exec(said);
    if (code?.[1] !== undefined) {
        return { type: 'code', code: code[1] };
    }
    const started = /^p2p pair (\S+)(?: .*)?$/u.exec(said);
    if (started?.[1] !== undefined) {
        return { type: 'started', name: started[1] };
    }
    for (const [pattern, why] of failures) {
        if (pattern.test(said)) {
            return { type: 'failure', why };
        }
    }
    if (/^That does not look like a val\w+ pairing code\./u.test(said)) {
        return { type: 'refused', why: 'form' };
    }
    if (said.startsWith('Oops -- You entered')) {
        return { type: 'refused', why: 'own-code' };
    }
    if (said === 'Exchanging pairing data...') {
        return { type: 'exchanging' };
    }
    if (said.startsWith('Successfully exchanged pairing data.')) {
        return { type: 'exchanged' };
    }
    if (/^Unable to connect to .*\. Retrying\.\.\.$/u.test(said)) {
        return { type: 'retrying' };
    }
    if (said === 'ok') {
        return { type: 'ok' };
    }
    return said === 'failed' || /^p2p: \d+ failed$/u.test(said) ? { type: 'failed' } : { type: 'unknown', text: said };
}
