/**
 * Addresses by hand and verifying, as the page sees them: immutable snapshots, checked where they cross into the page.
 */
import * as v from 'valibot';

/** Why an address could not be made or linked to; the words and the next step for each are texts. */
export const accessReasons = [
    'no-own-address',
    'unexpected-output',
    'not-an-address',
    'old-onion',
    'no-token',
    'own-address',
    'already-linked',
    'invalid-name',
    'name-taken',
    'tor-down',
    'unreachable',
    'daemon-down',
    'refused',
    'link-failed',
    'timed-out',
    'unexpected',
] as const;
const reason = v.picklist(accessReasons);
export type ShownReason = (typeof accessReasons)[number];

export const sections = ['make', 'link', 'verify'] as const;
export type Section = (typeof sections)[number];

const makeSchema = v.variant('state', [
    v.object({ state: v.literal('idle') }),
    v.object({ state: v.literal('making'), label: v.string() }),
    /** `address` is the secret itself: it is shown once, and kept by nobody after that. */
    v.object({ state: v.literal('made'), label: v.string(), address: v.string() }),
    v.object({ state: v.literal('failed'), label: v.string(), reason }),
]);

const linkSchema = v.variant('state', [
    v.object({ state: v.literal('idle'), suggestedName: v.string() }),
    v.object({ state: v.literal('linking'), name: v.string() }),
    /** `sameAs`: another remote for the same repository. */
    v.object({ state: v.literal('linked'), name: v.string(), sameAs: v.optional(v.string()) }),
    /** `detail`: the program's own words, without tokens. */
    v.object({ state: v.literal('failed'), name: v.string(), reason, detail: v.string() }),
]);

const endSchema = v.object({ onion: v.string(), uuid: v.string() });

const verifySchema = v.variant('state', [
    v.object({ state: v.literal('choosing') }),
    v.object({ state: v.literal('preparing'), peer: v.string() }),
    v.object({ state: v.literal('words'), peer: v.string(), words: v.array(v.string()), own: endSchema, other: endSchema }),
    v.object({ state: v.literal('agreed'), peer: v.string() }),
    v.object({ state: v.literal('differ'), peer: v.string() }),
]);

export const snapshotSchema = v.object({
    /** The repository's name for people. */
    repository: v.string(),
    section: v.picklist(sections),
    /** Whether this repository has an address of its own. */
    reachable: v.boolean(),
    peers: v.array(
        v.object({
            name: v.string(),
            onion: v.string(),
            /** False while its uuid is not known: then there is nothing to make words of. */
            known: v.boolean(),
            /** When it was verified, in words; '' if it was not. */
            verified: v.string(),
        }),
    ),
    make: makeSchema,
    link: linkSchema,
    verify: verifySchema,
});

export type AccessPageSnapshot = Readonly<v.InferOutput<typeof snapshotSchema>>;
export type MakeState = Readonly<v.InferOutput<typeof makeSchema>>;
export type LinkState = Readonly<v.InferOutput<typeof linkSchema>>;
export type VerifyState = Readonly<v.InferOutput<typeof verifySchema>>;

export const maxLabelLength = 100;
/** Longer than any address, and as much as a mail program may put around one. */
export const maxAddressLength = 2000;
