/**
 * One pairing as both its renderings see it: immutable snapshots, checked where they cross into a page.
 *
 *     choosing → preparing → code-ready → waiting → exchanging → connecting → paired
 *                └──────────────── ending ──→ failed | cancelled ─┘
 */
import * as v from 'valibot';

/** Which way the code's exchange goes: over the ordinary network, which shows this computer's IP address, or through Tor. */
const privacy = v.picklist(['clear-net', 'tor']);

const base = {
    /** The repository's name for people. */
    repository: v.string(),
    privacy,
};
const named = { ...base, name: v.string() };
const withCode = { ...named, ownCode: v.string() };

export const failureReasons = [
    /** The repository has no address: Tor is not enabled for it. */
    'no-address',
    /** git-annex finds no `wormhole` program. */
    'no-wormhole',
    /** `wormhole` ended before there was a code: no network, or the mailbox server can't be reached. */
    'mailbox-unreachable',
    /** `wormhole` said nothing within the time limit. */
    'no-code',
    /** The code typed here did not fit (or the other side's pairing has ended). */
    'wrong-code-here',
    /** The code typed at the other side did not fit (or somebody else tried it). */
    'wrong-code-there',
    /** Tor's SOCKS port does not answer. Nothing was tried past it. */
    'tor-down',
    /** The mailbox server's certificate is not trusted: it may be somebody else's. */
    'mailbox-certificate',
    /** The mailbox server turns us away, or does not do as it should. */
    'mailbox-refused',
    /** The mailbox server's or the relay's address in the settings can't be used. */
    'bad-setting',
    /** A third party uses one of the codes: a typing mistake, or an attack. */
    'crowded',
    /** What came in the other's place is what only an attacker sends. */
    'hostile-key',
    /** Nobody came within the time: the code was not entered, or nobody is at the other end of the one that was. */
    'peer-absent',
    /** The other side's pairing ended in the middle of the exchange. */
    'peer-gone',
    /** The codes were right, and the exchange did not come about all the same. */
    'exchange-failed',
    /** Both keys are there, but git-annex gave up connecting. */
    'not-connected',
    /** git-annex said ok, and the remote isn't there or isn't whole. */
    'not-stored',
    /** A remote of that name has come up meanwhile. */
    'name-taken',
    /** git-annex could not be started. */
    'not-started',
    /** git-annex ended in a way that is not known. */
    'unexpected',
] as const;

export const snapshotSchema = v.variant('state', [
    v.object({ ...base, state: v.literal('choosing'), suggestedName: v.string() }),
    v.object({ ...named, state: v.literal('preparing') }),
    /** `peerEntered`: somebody has tried this repository's code; whether it was right shows later. `refused`: git-annex took no notice of what was entered. */
    v.object({ ...withCode, state: v.literal('code-ready'), peerEntered: v.boolean(), refused: v.boolean() }),
    /** The other's code is in; the other person has yet to enter ours. `slow`: for longer than is usual. */
    v.object({ ...withCode, state: v.literal('waiting'), peerEntered: v.boolean(), slow: v.boolean() }),
    /** The other's half has come; ours is being fetched. */
    v.object({ ...withCode, state: v.literal('exchanging'), slow: v.boolean() }),
    /** `overdue`: the time limit is over, git-annex goes on trying until the user says otherwise. */
    v.object({ ...named, state: v.literal('connecting'), attempts: v.number(), overdue: v.boolean() }),
    v.object({ ...named, state: v.literal('ending') }),
    v.object({ ...named, state: v.literal('paired'), uuid: v.string() }),
    /** `detail`: the program's own words, without codes and tokens. `tokenMayRemain`: what this pairing stored could not be removed again. */
    v.object({ ...named, state: v.literal('failed'), reason: v.picklist(failureReasons), detail: v.string(), tokenMayRemain: v.boolean() }),
    v.object({ ...named, state: v.literal('cancelled'), tokenMayRemain: v.boolean() }),
]);

export type Privacy = v.InferOutput<typeof privacy>;
export type FailureReason = (typeof failureReasons)[number];
export type PairingSnapshot = Readonly<v.InferOutput<typeof snapshotSchema>>;
export type PairingState = PairingSnapshot['state'];

/** Whether nothing more will happen by itself. */
export function isOver(snapshot: PairingSnapshot): boolean {
    return snapshot.state === 'paired' || snapshot.state === 'failed' || snapshot.state === 'cancelled';
}

/** Whether a program runs, so that leaving now would end a pairing. */
export function isRunning(snapshot: PairingSnapshot): boolean {
    return snapshot.state !== 'choosing' && !isOver(snapshot);
}
