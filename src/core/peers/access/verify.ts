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
import { isRemoteName } from '../../../shared/pairing/name';
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
 * One line that makes the same words at a command line, in the other's repository: it takes everything from there, nothing
 * from whoever sends the line. Needs git, head and python3.
 * @param remote what the other end calls this repository there
 * @throws {RangeError} if that is no name of a remote
 */
export function verifyCommand(remote: string): string {
    if (!isRemoteName(remote)) {
        throw new RangeError('no name of a remote');
    }
    return (
        `(git config annex.uuid; head -n1 "$(git rev-parse --git-common-dir)/annex/creds/p2paddrs"; git config remote.${remote}.annex-uuid; git config remote.${remote}.url) | ` +
        `python3 -c 'import sys,hashlib;u,a,v,b=sys.stdin.read().lower().split();` +
        `n=int.from_bytes(hashlib.pbkdf2_hmac("sha256","\\n".join(sorted([a.split(":")[2]+" "+u,b.split(":")[2]+" "+v])).encode(),b"${salt}",${rounds},${wordCount * 2}),"big");` +
        `c,d="${consonants}","${vowels}";` +
        `print(*[c[w>>12]+d[w>>10&3]+c[w>>6&15]+d[w>>4&3]+c[w&15] for w in [n>>s&65535 for s in (64,48,32,16,0)]])'`
    );
}

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
