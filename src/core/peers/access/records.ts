/**
 * Our own record of the tokens that this repository accepts: for whom, since when, by which way. git-annex keeps none.
 *
 * It lies in the git folder beside git-annex's own files, is readable by the user alone, goes nowhere with the repository's
 * content, and holds no token: a token is named by a hash from which it can't be found.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { changePrivate, privateFile, readPrivate } from './privateFile';

const recordSchema = v.object({
    /** {@link tokenId} */
    id: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
    /** Whom it was given to, in the user's words. */
    label: v.optional(v.pipe(v.string(), v.maxLength(500))),
    /** `found`: it was there when we first looked. */
    way: v.picklist(['address', 'pairing', 'found']),
    /** When it was given, or first found; milliseconds since the epoch. */
    at: v.pipe(v.number(), v.minValue(0)),
});

export type AccessRecord = Readonly<v.InferOutput<typeof recordSchema>>;

const fileSchema = v.object({ version: v.literal(1), tokens: v.array(v.unknown()) });

/** Names a token without giving it away. */
export function tokenId(token: string): string {
    return createHash('sha256').update(`annex-peers access\0${token.toLowerCase()}`).digest('hex');
}

export function recordsFile(gitDir: string): string {
    return privateFile(gitDir, 'access.json');
}

/** The records, by id. A missing or damaged file has none. */
export async function readRecords(gitDir: string): Promise<Map<string, AccessRecord>> {
    return parseRecords(await readPrivate(recordsFile(gitDir)));
}

function parseRecords(stored: unknown): Map<string, AccessRecord> {
    const file = v.safeParse(fileSchema, stored);
    const records = (file.success ? file.output.tokens : []).flatMap(item => {
        const record = v.safeParse(recordSchema, item);
        return record.success ? [record.output] : [];
    });
    return new Map(records.map(record => [record.id, record]));
}

/** Changes the records in place. */
export function updateRecords(gitDir: string, change: (records: Map<string, AccessRecord>) => void): Promise<void> {
    return changePrivate(recordsFile(gitDir), before => {
        const records = parseRecords(before);
        change(records);
        return { version: 1, tokens: [...records.values()] };
    });
}

/** Notes a token that was given to somebody; what was known of it is replaced. */
export function noteToken(gitDir: string, token: string, note: Omit<AccessRecord, 'id'>): Promise<void> {
    const id = tokenId(token);
    return updateRecords(gitDir, records => void records.set(id, { ...note, id }));
}

/**
 * Notes the tokens that a pairing has added: for whom, whether or not it succeeded. What is known of an address made by
 * hand in the meantime stays.
 * @param tokens those that are accepted now and were not before the pairing
 */
export async function notePairing(gitDir: string, tokens: readonly string[], label: string, now = Date.now()): Promise<void> {
    if (tokens.length === 0) {
        return;
    }
    await updateRecords(gitDir, records => {
        for (const id of tokens.map(tokenId)) {
            if (records.get(id)?.way !== 'address') {
                records.set(id, { id, way: 'pairing', at: now, label });
            }
        }
    });
}

/** Gives an entry of the access list another label, '' for none. */
export function relabel(gitDir: string, id: string, label: string, now = Date.now()): Promise<void> {
    return updateRecords(gitDir, records => {
        const { way, at } = records.get(id) ?? { way: 'found' as const, at: now };
        records.set(id, { id, way, at, ...(label === '' ? {} : { label }) });
    });
}
