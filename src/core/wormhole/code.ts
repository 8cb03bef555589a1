/**
 * The code that people exchange: `nameplate-word-word`.
 *
 * Words alternate between the three-syllable (odd) and the two-syllable (even) column of the PGP word list, one random
 * byte each (magic-wormhole, `_wordlist.py`, `_code.py`). The nameplate is public; the words
 * are the secret, and one guess at them is all that anyone has.
 */
import { randomBytes } from 'node:crypto';
import { evenWords, oddWords } from '../../shared/pairing/wordlist';
import { WormholeError } from './errors';

export const maxCodeWords = 16;
const maxCodeLength = 256;
/** A nameplate is a number; nine digits are far above what servers give out. */
const nameplatePattern = /^[0-9]{1,9}$/u;

export function isNameplate(text: string): boolean {
    return nameplatePattern.test(text);
}

/** The words for random bytes, odd column first: bytes 04, 10 give `alkali-assume`. */
export function wordsFor(bytes: Uint8Array): string {
    return Array.from(bytes, (byte, index) => ((index % 2 === 0 ? oddWords : evenWords)[byte] ?? '').toLowerCase()).join('-');
}

/** A new code on an allocated nameplate. Two words are 16 bits. */
export function makeCode(nameplate: string, words = 2, random: (size: number) => Uint8Array = randomBytes): string {
    if (!isNameplate(nameplate) || !Number.isInteger(words) || words < 1 || words > maxCodeWords) {
        throw new WormholeError('invalid-option', `a code needs a numeric nameplate and 1 to ${maxCodeWords} words`);
    }
    return `${nameplate}-${wordsFor(random(words))}`;
}

let known: ReadonlySet<string> | undefined;
function isListed(word: string): boolean {
    known ??= new Set([...evenWords, ...oddWords].map(entry => entry.toLowerCase()));
    return known.has(word);
}

/**
 * What a person typed or pasted, as the exact code both sides must have: outer space off, inner spaces to hyphens, and
 * letters to lower case where all words are from the word list (codes of people's own making keep their case).
 * @throws {WormholeError} `invalid-code`
 */
export function parseCode(typed: string): { readonly code: string; readonly nameplate: string } {
    const joined = typed.trim().normalize('NFC').replace(/[\s-]+/gu, '-');
    const [nameplate = '', ...words] = joined.split('-');
    if (joined.length > maxCodeLength || !isNameplate(nameplate) || words.length === 0 || words.includes('')) {
        throw new WormholeError('invalid-code', 'a code is a number and words, joined by hyphens');
    }
    const lower = words.map(word => word.toLowerCase());
    return { code: [nameplate, ...(lower.every(isListed) ? lower : words)].join('-'), nameplate };
}
