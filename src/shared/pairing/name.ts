/**
 * The name that a peer gets as a git remote: what git-annex makes of a text, and whether git will take it.
 *
 * git-annex says `ok` and stores nothing where git refuses the name (Command/P2P.hs, setupLink ignores a failed `git remote add`),
 * so a name is looked at before anything runs.
 */

/** What the host found out about a name. `name` is what the remote will be called. */
export type NameCheck =
    | { readonly kind: 'ok'; readonly name: string }
    /** Usable, but not as it was typed. */
    | { readonly kind: 'changed'; readonly name: string }
    | { readonly kind: 'taken'; readonly name: string }
    | { readonly kind: 'invalid' };

export const maxNameLength = 100;

/**
 * The name that git-annex makes of a text (Git/Remote.hs, makeLegalName): `/` becomes `_`; letters, digits, `_`, `-` and `.` stay;
 * none of `.`, `-` and `/` at the beginning. Empty where nothing is left.
 */
export function legalName(text: string): string {
    return text
        .normalize('NFC')
        .replaceAll('/', '_')
        .replace(/[^\p{L}\p{N}_.-]/gu, '')
        .replace(/^[.-]+/u, '');
}

/** Whether git takes it as the name of a remote (git check-ref-format, as far as legal names can offend against it). */
export function isRemoteName(name: string): boolean {
    return name !== '' && name.length <= maxNameLength && legalName(name) === name && !name.includes('..') && !name.endsWith('.') && !name.endsWith('.lock');
}

/** Checks a typed name against the names of the repository's remotes. */
export function checkName(text: string, existing: readonly string[]): NameCheck {
    const name = legalName(text.trim());
    if (!isRemoteName(name)) {
        return { kind: 'invalid' };
    }
    // Case is looked past: on some file systems two such remotes would share their refs.
    if (existing.some(other => other.toLowerCase() === name.toLowerCase())) {
        return { kind: 'taken', name };
    }
    return name === text.trim() ? { kind: 'ok', name } : { kind: 'changed', name };
}

/** The first of peer1, peer2, … that is free, as git-annex itself would choose. */
export function suggestName(existing: readonly string[]): string {
    for (let number = 1; ; number++) {
        const name = `peer${number}`;
        if (checkName(name, existing).kind === 'ok') {
            return name;
        }
    }
}
