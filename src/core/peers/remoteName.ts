/**
 * What a git remote may be called: git-annex's own rule for peers (Command/P2P.hs, `sanitize`), which is narrower than git's.
 */
export type RemoteNameProblem = 'empty' | 'form' | 'taken';

/** What is wrong with a name for a new remote; undefined if nothing is. */
export function remoteNameProblem(name: string, existing: readonly string[]): RemoteNameProblem | undefined {
    if (name === '') {
        return 'empty';
    }
    if (!/^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,99}$/u.test(name) || name.includes('..') || name.endsWith('.') || name.endsWith('.lock')) {
        return 'form';
    }
    // Two names that differ in case alone collide where refs are files on a case-insensitive disk.
    return existing.some(other => other.toLowerCase() === name.toLowerCase()) ? 'taken' : undefined;
}
