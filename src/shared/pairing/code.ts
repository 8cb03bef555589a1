/**
 * Reads a pairing code as people type, dictate and paste it: its form, its words, what was probably meant, and how it goes on.
 *
 * A code is `number-word-word` (magic-wormhole docs, welcome.md: a nameplate and words of the PGP list, odd column first). git-annex
 * asks for digits and at least two more parts (Utility/MagicWormhole.hs, validCode), so codes that somebody made up pass as well:
 * words that aren't in the list are a warning, never a refusal.
 */
import { evenWords, oddWords } from './wordlist';

/** A word of a code that isn't in its column of the list, with what may have been meant, best first. */
export interface UnknownWord {
    readonly word: string;
    readonly suggestions: readonly string[];
}

export type CodeCheck =
    | { readonly kind: 'empty' }
    /** The beginning of a code: nothing is wrong yet. */
    | { readonly kind: 'incomplete'; readonly missing: 'number' | 'words' }
    /** Not a code. `suggestion` is the one code found within the text, if there is exactly one. */
    | { readonly kind: 'malformed'; readonly suggestion?: string }
    /** This repository's own code; not `exact` where only the number is the same, which no other code of the moment can have. */
    | { readonly kind: 'own'; readonly exact: boolean }
    /** The form is right, some words are not in the list. `typing`: only the last one, and it may still become one. */
    | { readonly kind: 'unknown-words'; readonly code: string; readonly words: readonly UnknownWord[]; readonly typing: boolean; readonly correction?: string }
    | { readonly kind: 'ok'; readonly code: string };

/** Longest text that is looked at; a code of two words has at most 30 characters. */
export const maxCodeLength = 200;

const form = /^\d{1,9}(?:-[^-\s\p{C}]+){2,}$/u;
const columns = [oddWords, evenWords] as const;
const columnSets = [new Set(oddWords), new Set(evenWords)] as const;

/** The column that the word at `index` (0 is the first after the number) is taken from. */
function column(index: number): readonly string[] {
    return columns[index % 2 === 0 ? 0 : 1];
}

function isInColumn(word: string, index: number): boolean {
    return columnSets[index % 2 === 0 ? 0 : 1].has(word);
}

/**
 * Brings typed or pasted text into the form of a code: chat programs turn hyphens into dashes, people write spaces, quotes and full
 * stops. A hyphen at the end is kept, so that text can be normalised while it is typed.
 */
export function normalizeCode(text: string): string {
    const tidy = text
        .slice(0, maxCodeLength)
        .normalize('NFKC')
        .replace(/[\s\p{Pd}\u2212_]+/gu, '-')
        .replace(/^[-'"`“”‘’«»()[\]<>*.,:;!]+|['"`“”‘’«»()[\]<>*.,:;!]+$/gu, '');
    const lower = tidy.toLowerCase();
    // Words of the list are lower case; a code that somebody made up may not be.
    const words = lower.split('-').slice(1).filter(word => word !== '');
    return words.every((word, index) => column(index).some(candidate => candidate.startsWith(word))) ? lower : tidy;
}

/** Looks at what was typed as the other repository's code; `ownCode` is this repository's, once there is one. */
export function checkCode(text: string, ownCode?: string): CodeCheck {
    if (text.trim() === '') {
        return { kind: 'empty' };
    }
    const typed = normalizeCode(text);
    const code = typed.replace(/-+$/u, '');
    const own = isOwn(code, ownCode);
    if (own !== undefined) {
        return own;
    }
    if (/^\d{0,9}$/u.test(code)) {
        return { kind: 'incomplete', missing: code === '' ? 'number' : 'words' };
    }
    if (/^\d{1,9}-[^-\s\p{C}]+$/u.test(code)) {
        return { kind: 'incomplete', missing: 'words' };
    }
    if (text.length > maxCodeLength || !form.test(code)) {
        const found = [...new Set(normalizeCode(text).toLowerCase().match(/(?<![\p{L}\p{N}])\d{1,9}-[a-z]+-[a-z]+/gu) ?? [])];
        const [suggestion] = found.filter(candidate => wordsOf(candidate).every(isInColumn));
        return found.length === 1 && suggestion !== undefined ? { kind: 'malformed', suggestion } : { kind: 'malformed' };
    }
    return checkWords(code);
}

/** The code of a check that may be sent; undefined where the text is none. */
export function usableCode(check: CodeCheck): string | undefined {
    return check.kind === 'ok' || check.kind === 'unknown-words' ? check.code : undefined;
}

/** What the text may go on as: whole texts, at most `limit`, in the list's order. Empty while the number is typed, and when nothing fits. */
export function completeCode(text: string, limit = 6): string[] {
    const parts = normalizeCode(text).split('-');
    const last = parts.at(-1) ?? '';
    const index = parts.length - 2;
    if (index < 0 || index > 1 || !/^\d{1,9}$/u.test(parts[0] ?? '') || parts.slice(1, -1).includes('')) {
        return [];
    }
    const before = parts.slice(0, -1).join('-');
    const matches = column(index).filter(word => word.startsWith(last.toLowerCase()));
    if (matches.length === 1 && matches[0] === last && index === 1) {
        return [];
    }
    return matches.slice(0, limit).map(word => `${before}-${word}${index === 0 ? '-' : ''}`);
}

function wordsOf(code: string): string[] {
    return code.split('-').slice(1);
}

function isOwn(code: string, ownCode: string | undefined): CodeCheck | undefined {
    if (ownCode === undefined || !form.test(code)) {
        return undefined;
    }
    const own = ownCode.toLowerCase();
    const typed = code.toLowerCase();
    if (own === typed) {
        return { kind: 'own', exact: true };
    }
    // Two codes of one moment never share their number: to try this one would use up our own.
    return Number(typed.split('-')[0]) === Number(own.split('-')[0]) ? { kind: 'own', exact: false } : undefined;
}

function checkWords(code: string): CodeCheck {
    const parts = wordsOf(code);
    const unknown: UnknownWord[] = [];
    const corrected = parts.map((word, index) => {
        if (isInColumn(word, index)) {
            return word;
        }
        const suggestions = suggestWords(word.toLowerCase(), index);
        unknown.push({ word, suggestions });
        return suggestions[0];
    });
    if (unknown.length === 0) {
        return { kind: 'ok', code };
    }
    const last = parts.at(-1) ?? '';
    const typing = unknown.length === 1 && unknown[0]?.word === last && column(parts.length - 1).some(word => word.startsWith(last.toLowerCase()));
    const correction = swapped(parts) ?? firstTwo(parts) ?? (corrected.includes(undefined) ? undefined : corrected.join('-'));
    const base = { kind: 'unknown-words', code, words: unknown, typing } as const;
    return correction === undefined ? base : { ...base, correction: `${code.split('-')[0] ?? ''}-${correction}` };
}

/** The two words in the right order, if they are in the list the wrong way round. */
function swapped(words: readonly string[]): string | undefined {
    const [first, second] = words;
    return words.length === 2 && first !== undefined && second !== undefined && isInColumn(first, 1) && isInColumn(second, 0) ? `${second}-${first}` : undefined;
}

/** The two words that a sentence begins with ("… is my code" was pasted along). */
function firstTwo(words: readonly string[]): string | undefined {
    return words.length > 2 && words.slice(0, 2).every(isInColumn) ? words.slice(0, 2).join('-') : undefined;
}

function suggestWords(word: string, index: number): string[] {
    const limit = word.length <= 4 ? 1 : 2;
    return column(index)
        .map(candidate => ({ candidate, distance: editDistance(word, candidate, limit) }))
        .filter(({ distance }) => distance <= limit)
        .sort((a, b) => a.distance - b.distance)
        .slice(0, 3)
        .map(({ candidate }) => candidate);
}

/** Edits (insert, remove, change, swap neighbours) between two words; anything above `limit` is given as `limit + 1`. */
export function editDistance(a: string, b: string, limit: number): number {
    if (Math.abs(a.length - b.length) > limit) {
        return limit + 1;
    }
    let beforeLast: number[] = [];
    let last = Array.from({ length: b.length + 1 }, (_, column) => column);
    for (let row = 1; row <= a.length; row++) {
        const current = [row];
        for (let at = 1; at <= b.length; at++) {
            const change = a[row - 1] === b[at - 1] ? 0 : 1;
            let best = Math.min((last[at] ?? 0) + 1, (current[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + change);
            if (row > 1 && at > 1 && a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1]) {
                best = Math.min(best, (beforeLast[at - 2] ?? 0) + 1);
            }
            current.push(best);
        }
        beforeLast = last;
        last = current;
    }
    return Math.min(last[b.length] ?? 0, limit + 1);
}
