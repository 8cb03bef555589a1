/**
 * All peers' presence as one: what a status bar has room for.
 */
import type { PeerPresence } from './status';

export type Aggregate =
    | { readonly kind: 'no-peers' }
    | { readonly kind: 'tor-down' }
    | { readonly kind: 'all-paused' }
    /** Nothing is known of any peer. */
    | { readonly kind: 'unknown' }
    /** Every peer that isn't paused is known not to be there. */
    | { readonly kind: 'all-offline'; readonly total: number }
    /** `attention`: peers that refuse us, or where somebody else answers. */
    | { readonly kind: 'some'; readonly online: number; readonly total: number; readonly unknown: number; readonly attention: number };

/** Paused peers don't count. */
export function aggregate(presences: Iterable<PeerPresence>): Aggregate {
    const all = [...presences].map(({ status }) => status.kind);
    if (all.length === 0) {
        return { kind: 'no-peers' };
    }
    const kinds = all.filter(kind => kind !== 'paused');
    const total = kinds.length;
    if (total === 0) {
        return { kind: 'all-paused' };
    }
    const count = (...wanted: readonly string[]): number => kinds.filter(kind => wanted.includes(kind)).length;
    const online = count('online');
    const unknown = count('unknown', 'checking');
    const attention = count('refused', 'other-repository', 'not-git-annex', 'no-token');
    if (online === 0 && count('tor-down') > 0) {
        return { kind: 'tor-down' };
    }
    if (unknown === total) {
        return { kind: 'unknown' };
    }
    if (online === 0 && unknown === 0 && attention === 0) {
        return { kind: 'all-offline', total };
    }
    return { kind: 'some', online, total, unknown, attention };
}
