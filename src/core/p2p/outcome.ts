/**
 * What a probe of a peer finds out, and how Tor's and git-annex's answers are read: the one place that decides it.
 *
 * Measured with tor 0.4.9.11 and git-annex 10.20230126 at both ends of a private Tor network
 * (test/unit/p2p/measure/realTor.ts):
 *
 * | state | tor's answer | after |
 * |---|---|---|
 * | all well | connected; AUTH-SUCCESS | 20-300 ms |
 * | the peer's daemon is stopped | ConnectionRefused | 10-50 ms |
 * | our token is gone there | connected; AUTH-FAILURE | 30-290 ms |
 * | another repository serves at the address | connected; AUTH-SUCCESS with its uuid | 100-260 ms |
 * | the peer's tor is stopped | Failure the first time, then HostUnreachable or nothing | 0.2-24 s, then 60-600 ms or more than 60 s |
 * | the peer's tor may not open the daemon's socket | HostUnreachable | 10-30 ms |
 * | the peer's network is gone | none in 30 s | - |
 * | our tor is stopped | nothing listens | 1 ms |
 * | our tor is being stopped | the connection ends before a word | 60 ms |
 * | our network is gone | none in 30 s | - |
 *
 * A connection that ends before a word came can also be a daemon that is going, or one whose hundred places are taken.
 */
import type { SocksReason } from '../tor/socks';
import type { P2PReason } from './errors';

export type ProbeOutcome =
    /** `roundTripMs`: from our question to the answer; `connectMs`: what Tor took before, which includes building circuits. */
    | { readonly kind: 'online'; readonly roundTripMs: number; readonly connectMs: number }
    /** `certain` is false where there was no answer at all in time: the peer, its network or ours may be slow. */
    | { readonly kind: 'offline'; readonly certain: boolean }
    | { readonly kind: 'daemon-down' }
    | { readonly kind: 'tor-down' }
    | { readonly kind: 'refused' }
    | { readonly kind: 'other-repository'; readonly uuid: string }
    /** We have no token for this peer. */
    | { readonly kind: 'no-token' }
    /** Something answers there that isn't git-annex, or speaks against the protocol. */
    | { readonly kind: 'not-git-annex' };

export function outcomeOfSocks(reason: SocksReason): ProbeOutcome {
    switch (reason) {
        case 'tor-down':
            return { kind: 'tor-down' };
        case 'refused':
            return { kind: 'daemon-down' };
        case 'unreachable':
            return { kind: 'offline', certain: true };
        case 'time-limit':
            return { kind: 'offline', certain: false };
    }
}

export function outcomeOfConversation(reason: P2PReason): ProbeOutcome {
    switch (reason) {
        case 'refused':
            return { kind: 'refused' };
        case 'closed':
            return { kind: 'daemon-down' };
        case 'time-limit':
            return { kind: 'offline', certain: false };
        case 'protocol':
        case 'unsupported':
        case 'remote-error':
        case 'unavailable':
        case 'busy':
            return { kind: 'not-git-annex' };
    }
}
