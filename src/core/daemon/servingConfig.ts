/**
 * Git configuration for what the remote daemon runs, so that nothing that a peer pushes or that the daemon fetches gets past the look
 * before a merge: a peer may push where a sync of its own puts its branches (`synced/…`), and nowhere else, and what it pushed is not
 * merged by a hook or by the daemon.
 *
 * In the environment (git-config(1), GIT_CONFIG_COUNT), not in the repository: the user's own programs go on as they were.
 */
import { pausedConfigFile } from './pausedPeers';

export const servingSettings: readonly (readonly [string, string])[] = [
    ['receive.hideRefs', 'refs/'],
    ['receive.hideRefs', '!refs/heads/synced/'],
    ['annex.merge-annex-branches', 'false'],
];

/** Added to whatever configuration the environment holds already. `gitDir`: where it is told which peers are paused. */
export function servingConfig(environment: NodeJS.ProcessEnv = process.env, gitDir?: string): Readonly<Record<string, string>> {
    const all = [...servingSettings, ...(gitDir === undefined ? [] : [['include.path', pausedConfigFile(gitDir)] as const])];
    const first = Number(environment['GIT_CONFIG_COUNT'] ?? 0) || 0;
    const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(first + all.length) };
    for (const [index, [key, value]] of all.entries()) {
        variables[`GIT_CONFIG_KEY_${first + index}`] = key;
        variables[`GIT_CONFIG_VALUE_${first + index}`] = value;
    }
    return variables;
}
