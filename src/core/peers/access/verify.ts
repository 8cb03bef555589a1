/**
 * Words that both ends of a link can make and compare by voice: if nobody stands in between, they are the same.
 *
 * They are made from what identifies both ends, the onion addresses and the uuids, in an order that doesn't depend on who
 * asks. One in between has addresses of their own on both sides, so the words differ, unless they try addresses until the
 * words happen to agree on both sides. Against that stands the work of each try: 200,000 rounds of PBKDF2-HMAC-SHA256 for 80
 * bits, which needs about 2^40 tries on either side.
 *
 * A word is five letters for 16 bits, consonants and vowels in turn ("proquints", Daniel S. Wilkerson, 2009): short, said in
 * any language, and made by one line on any computer without a list of words.
 */
import { createHash, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { changePrivate, privateFile, readPrivate } from './privateFile';

/** One end of a link. */
export interface End {
    /** `<56 characters>.onion` */
    readonly onion: string;
    readonly uuid: string;
}

export const wordCount = 5;
const rounds = 200_000;
const salt = 'annex-peers verify 1';
const consonants = 'bdfghjklmnprstvz';
const vowels = 'aiou';

/** The same five words for both ends, whichever is named first. Takes some tenths of a second, not on this thread. */
export async function verifyWords(one: End, other: End): Promise<readonly string[]> {
    const bytes = await promisify(pbkdf2)(text(one, other), salt, rounds, wordCount * 2, 'sha256');
    return Array.from({ length: wordCount }, (_, index) => word(bytes.readUInt16BE(index * 2)));
}

function text(one: End, other: End): string {
    // Code unit order, as every other language sorts ASCII.
    return [one, other].map(({ onion, uuid }) => `${onion.toLowerCase()} ${uuid.toLowerCase()}`).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join('\n');
}

function word(value: number): string {
    const letters = [consonants[value >> 12], vowels[(value >> 10) & 3], consonants[(value >> 6) & 15], vowels[(value >> 4) & 3], consonants[value & 15]];
    return letters.join('');
}

/**
 * One line that makes the same words at a command line, in the other's repository, for every peer that it has a remote for:
 * it takes everything from there, nothing from whoever sends the line. Needs git, grep and python3. docs/verify.md has it too.
 */
export const verifyCommand =
    `(git config annex.uuid; grep -m1 ^tor-annex: "$(git rev-parse --git-common-dir)/annex/creds/p2paddrs"; git config --get-regexp '^remote\\..*\\.(url|annex-uuid)$') | ` +
    `python3 -c 'import sys,hashlib;l=sys.stdin.read().split("\\n");r=dict(x.split(" ",1) for x in l[:1:-1] if " " in x);` +
    `e=lambda a,u:(a.split(":")[2]+" "+u).lower();c,d="${consonants}","${vowels}";` +
    `[print(k[7:-4]+":",*[c[w>>12]+d[w>>10&3]+c[w>>6&15]+d[w>>4&3]+c[w&15] for w in [n>>s&65535 for s in (64,48,32,16,0)]]) ` +
    `for k,b in r.items() for v in [r.get(k[:-3]+"annex-uuid")] if v and k.endswith(".url") and b.startswith("tor-annex:") ` +
    `for n in [int.from_bytes(hashlib.pbkdf2_hmac("sha256","\\n".join(sorted([e(l[1],l[0]),e(b,v)])).encode(),b"${salt}",${rounds},${wordCount * 2}),"big")]]'`;

/** Names a link in the record of the verified ones; with any other onion address or uuid it is another link. */
function linkId(one: End, other: End): string {
    return createHash('sha256').update(text(one, other)).digest('hex');
}

const schema = v.object({ version: v.literal(1), links: v.record(v.string(), v.object({ at: v.number() })) });

function verifiedFile(gitDir: string): string {
    return privateFile(gitDir, 'verified.json');
}

/** When the user said that the words agree, in milliseconds since the epoch; undefined: not verified. */
export async function verifiedAt(gitDir: string, own: End, peer: End): Promise<number | undefined> {
    const stored = v.safeParse(schema, await readPrivate(verifiedFile(gitDir)));
    return stored.success ? stored.output.links[linkId(own, peer)]?.at : undefined;
}

/** Notes that the user compared the words and they agree, or (`at` undefined) takes that back. */
export function setVerified(gitDir: string, own: End, peer: End, at: number | undefined): Promise<void> {
    return changePrivate(verifiedFile(gitDir), before => {
        const stored = v.safeParse(schema, before);
        const id = linkId(own, peer);
        const others = Object.entries(stored.success ? stored.output.links : {}).filter(([other]) => other !== id);
        return { version: 1, links: Object.fromEntries(at === undefined ? others : [...others, [id, { at }]]) };
    });
}
