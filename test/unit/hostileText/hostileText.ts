/** Text as somebody hostile would choose it, and what must never be shown of it. */
import fc from 'fast-check';

const pieces = [
    '-', '--upload-pack=evil', '\0', '\n', '\r\n', '\t', '\u2028', '\u0085', '\u001b[31m', '\u001b]8;;https://evil.example\u0007', '\u202e', '\u2066', '\u200b', '\ufeff', '\u{e0041}', '\ud800',
    '$(check)', '$(', '[ok](command:annexPeers.enableTor)', '[x](https://evil.example)', '](command:x)', '[', 'a](', '<img src=x onerror=alert(1)>', '{0}', '{1}', '&amp;', '../..', 'ä写', 'name',
    'tor-annex::', '4-miracle-facial',
] as const;

export const hostileText: fc.Arbitrary<string> = fc.oneof(
    { weight: 8, arbitrary: fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 20 })), { minLength: 1, maxLength: 8 }).map(parts => parts.join('')).filter(text => text !== '') },
    { weight: 1, arbitrary: fc.constantFrom(...pieces).map(piece => piece.repeat(Math.ceil(1_000_000 / piece.length))) },
);

/** Control characters but line breaks, and what is invisible or turns text round. */
export const notInert = /[^\P{Cc}\n]|[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

/** What VS Code makes a link of in a message (base/common/linkedText.ts). */
export const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/giu;

/** What VS Code draws as an icon in a label (base/common/iconLabels.ts). */
export const icon = /\$\([a-z0-9-]+(?:~[a-z]+)?\)/giu;

export function count(text: string, pattern: RegExp): number {
    return [...text.matchAll(pattern)].length;
}
