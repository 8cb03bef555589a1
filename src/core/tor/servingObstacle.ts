/**
 * What keeps Tor from the socket on which the remote daemon serves an onion service, told from what can be seen without
 * root. From outside it can't be told from a service that is not published yet.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * - `folder-closed`: Tor's user may not enter these folders on the way to the socket (git-annex as root makes them with
 *   root's umask)
 * - `apparmor`: AppArmor is on, and Tor's profile has no rule for the socket's folder. That matters where the kernel's
 *   AppArmor looks at sockets in the file system, which not every kernel's does: a likely reason, no certain one.
 *   `rule` is missing where it was written already, and the profile has only to be loaded again
 * - `unknown`: neither
 */
export type ServingObstacle =
    | { readonly kind: 'folder-closed'; readonly folders: readonly string[] }
    | { readonly kind: 'apparmor'; readonly profile: string; readonly localRules: string; readonly rule: string | undefined }
    | { readonly kind: 'unknown' };

export interface AppArmorFiles {
    /** Says `Y` where the kernel enforces profiles. */
    readonly enabled: string;
    /** Tor's profile as Debian and Ubuntu ship it, and what the system's owner adds to it. */
    readonly profile: string;
    readonly localRules: string;
}

export const appArmorFiles: AppArmorFiles = {
    enabled: '/sys/module/apparmor/parameters/enabled',
    profile: '/etc/apparmor.d/system_tor',
    localRules: '/etc/apparmor.d/local/system_tor',
};

/** AppArmor's rule (apparmor.d(5)): to connect to a Unix socket, a program must be able to read and write its file. */
export const appArmorRule = '/var/lib/tor-annex/** rw,';

/** @param socket the path in Tor's configuration */
export async function findServingObstacle(socket: string, files: AppArmorFiles = appArmorFiles): Promise<ServingObstacle> {
    const folders = await closedFolders(path.dirname(socket));
    if (folders.length > 0) {
        return { kind: 'folder-closed', folders };
    }
    const [enabled, profile, local] = await Promise.all([files.enabled, files.profile, files.localRules].map(file => readFile(file, 'utf8').catch(() => '')));
    if (enabled?.startsWith('Y') !== true || profile === undefined || profile === '') {
        return { kind: 'unknown' };
    }
    const allowed = `${profile}\n${local ?? ''}`.split('\n').some(line => /^\s*(?:owner\s+)?\/var\/lib\/tor-annex\//u.test(line));
    return { kind: 'apparmor', profile: files.profile, localRules: files.localRules, rule: allowed ? undefined : appArmorRule };
}

/** The folders from the root to `folder` that not everybody may enter, those that this user can see. */
async function closedFolders(folder: string): Promise<readonly string[]> {
    const closed: string[] = [];
    for (let current = folder; current !== path.dirname(current); current = path.dirname(current)) {
        const info = await stat(current).catch(() => undefined);
        if (info !== undefined && (info.mode & 0o001) === 0) {
            closed.unshift(current);
        }
    }
    return closed;
}
