/**
 * What of the findings matters before a pairing, for those who are about to pair.
 */
import type { Subscription } from '../../core/event';
import type { Repository } from '../../core/repository/repository';
import { momentsOf, type Finding } from '../../core/security/findings';
import type { Advice } from '../../shared/pairing/advice';
import { findingWords, mendWords } from '../words/security';

/** As the pairing's views use it. */
export interface AdviceSource {
    current(): readonly Advice[];
    onDidChange(listener: () => void): Subscription;
    /** Carries out what the button says; resolves when that is done or was given up. */
    mend(id: string): Promise<void>;
}

export function adviceFor(repository: Pick<Repository, 'snapshot' | 'onDidChange'>, mend: (id: string) => Promise<void>): AdviceSource {
    const current = (): readonly Advice[] =>
        (repository.snapshot.findings ?? []).filter(concernsPairing).map(finding => ({ id: finding.id, severity: finding.severity, ...findingWords(finding), action: mendWords(finding.mend) }));
    return {
        current,
        onDidChange: listener => {
            let last = JSON.stringify(current());
            return repository.onDidChange.on(() => {
                const now = JSON.stringify(current());
                if (now !== last) {
                    last = now;
                    listener();
                }
            });
        },
        mend,
    };
}

/** What the page says in its own words, it isn't told again. */
function concernsPairing({ id, mend }: Finding): boolean {
    return momentsOf(id).includes('pairing') && mend !== 'read-more' && mend !== 'pair-over-tor';
}
