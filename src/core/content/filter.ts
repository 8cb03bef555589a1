/**
 * Which files are to be shown: a question that is put to each combination of repositories once, not to each file.
 */
import type { ContentSnapshot } from './snapshot';

/**
 * - `absent`: not here
 * - `only-here`: here, and nowhere else by the logs
 * - `missing-at`: a repository that doesn't have it by the logs
 * - `too-few`: fewer copies, by the logs and without untrusted repositories, than git-annex's numcopies
 * - `differs`: here and not logged so, or the reverse
 */
export type ContentFilter = { readonly kind: 'all' | 'absent' | 'only-here' | 'too-few' | 'differs' } | { readonly kind: 'missing-at'; readonly uuid: string };

/** Whether a file passes; to be used for one snapshot. */
export type Passes = (file: number) => boolean;

export function passing(snapshot: ContentSnapshot, filter: ContentFilter): Passes {
    const bySet = (judge: (members: readonly number[]) => boolean): Passes => {
        const judged = new Map<number, boolean>();
        return file => {
            const set = snapshot.setNumber(file);
            let answer = judged.get(set);
            if (answer === undefined) {
                answer = judge(snapshot.membersOfSet(set));
                judged.set(set, answer);
            }
            return answer;
        };
    };
    const { own } = snapshot;
    switch (filter.kind) {
        case 'all':
            return () => true;
        case 'absent':
            return file => !snapshot.isHere(file);
        case 'only-here': {
            const isNowhereElse = bySet(members => members.every(member => member === own));
            return file => snapshot.isHere(file) && isNowhereElse(file);
        }
        case 'missing-at': {
            const number = snapshot.numberOf(filter.uuid);
            return bySet(members => !members.includes(number));
        }
        case 'too-few':
            return bySet(members => members.filter(member => snapshot.repositories[member]?.trust !== 'untrusted').length < snapshot.wantedCopies);
        case 'differs': {
            const isLogged = bySet(members => members.includes(own));
            return file => isLogged(file) !== snapshot.isHere(file);
        }
    }
}
