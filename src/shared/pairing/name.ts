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
 * A name of a remote that is easy on git, its refs and a shell, made of any text: `/` becomes `_`; letters, digits, `_`, `-` and `.`
 * stay; neither `.` nor `-` at the beginning. Empty where nothing is left.
 */
export function plainName(text: string): string {
    return text
        .normalize('NFC')
        .replaceAll('/', '_')
        .replace(/[^\p{L}\p{N}_.-]/gu, '')
        .replace(/^[.-]+/u, '');
}

/**
 * The name that git-annex makes of a text when it pairs or links (Git/Remote.hs, makeLegalName): as {@link plainName}, but hyphens go.
 * Where nothing is left git-annex says `unnamed`; this is empty.
 */
export function legalName(text: string): string {
    return plainName(text.replaceAll('-', ''));
}

/** Whether git takes it as the name of a remote (git check-ref-format, as far as plain names can offend against it). */
export function isRemoteName(name: string): boolean {
    return name !== '' && name.length <= maxNameLength && plainName(name) === name && !name.includes('..') && !name.endsWith('.') && !name.endsWith('.lock');
}

/** Checks a typed name against the names of the repository's remotes. `make`: what becomes of a text; {@link plainName} where git-annex isn't asked. */
export function checkName(text: string, existing: readonly string[], make = legalName): NameCheck {
    const name = make(text.trim());
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
