/** One snapshot of every kind that the page can be given, as the state machine makes them. */
import type { Advice } from '../../../../src/shared/pairing/advice';
import { failureReasons, type PairingSnapshot } from '../../../../src/shared/pairing/snapshot';

const base = { repository: 'holiday-photos', privacy: 'clear-net' } as const;
const named = { ...base, name: 'alice-laptop' } as const;
const withCode = { ...named, ownCode: '9-pocketful-ribcage' } as const;

export const advice: readonly Advice[] = [
    { id: 'credentials-readable', severity: 'danger', label: 'Credentials that other users can read', why: 'Other users of this computer can read p2pauth.', action: 'Let only you read them' },
    { id: 'identity-in-commits', severity: 'info', label: 'Commits carry your name and e-mail address', why: '“Alice Example <alice.example@a-long-domain-name.example.org>” goes to every peer, and to whomever they share with.', action: 'Use an anonymous identity here' },
];

export const states: Readonly<Record<string, PairingSnapshot>> = {
    'choosing': { ...base, state: 'choosing', suggestedName: 'peer1' },
    'choosing-tor': { ...base, privacy: 'tor', state: 'choosing', suggestedName: 'peer1' },
    'preparing': { ...named, state: 'preparing' },
    'code-ready': { ...withCode, state: 'code-ready', peerEntered: false, refused: false },
    'code-entered': { ...withCode, state: 'code-ready', peerEntered: true, refused: true },
    'waiting': { ...withCode, state: 'waiting', peerEntered: false, slow: false },
    'waiting-slow': { ...withCode, state: 'waiting', peerEntered: true, slow: true },
    'exchanging': { ...withCode, state: 'exchanging', slow: false },
    'connecting': { ...named, state: 'connecting', attempts: 3, overdue: false },
    'overdue': { ...named, state: 'connecting', attempts: 47, overdue: true },
    'ending': { ...named, state: 'ending' },
    'paired': { ...named, state: 'paired', uuid: '00000000-0000-0000-0000-000000000001' },
    'cancelled': { ...named, state: 'cancelled', tokenMayRemain: false },
    ...Object.fromEntries(
        failureReasons.map(reason => [
            `failed-${reason}`,
            { ...named, state: 'failed', reason, detail: reason === 'unexpected' ? 'git-annex: something\nthat nobody expected' : '', tokenMayRemain: reason === 'not-connected' },
        ]),
    ),
};
