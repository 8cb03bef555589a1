/**
 * Whether this computer has a Tor that git-annex can use.
 */
import { findProgram, isExecutable } from '../process/findProgram';
import { isSocksProxy, systemTor, torBrowserTor } from './socks';

export type TorState =
    | { readonly kind: 'running' }
    /** Only Tor Browser's own Tor answers, on a port that git-annex doesn't use. */
    | { readonly kind: 'tor-browser-only'; readonly installed: boolean }
    | { readonly kind: 'not-running' }
    | { readonly kind: 'not-installed' };

/** Debian and others keep daemons out of the users' PATH. */
const systemFolders = ['/usr/sbin', '/usr/local/sbin', '/sbin', '/usr/bin', '/opt/homebrew/bin', '/usr/local/bin'];

export async function findTor(): Promise<string | undefined> {
    const onPath = await findProgram('tor');
    if (onPath !== undefined) {
        return onPath;
    }
    for (const folder of systemFolders) {
        if (await isExecutable(`${folder}/tor`)) {
            return `${folder}/tor`;
        }
    }
    return undefined;
}

export async function detectTor(): Promise<TorState> {
    const [running, browser, program] = await Promise.all([isSocksProxy(systemTor), isSocksProxy(torBrowserTor), findTor()]);
    if (running) {
        return { kind: 'running' };
    }
    if (browser) {
        return { kind: 'tor-browser-only', installed: program !== undefined };
    }
    return program === undefined ? { kind: 'not-installed' } : { kind: 'not-running' };
}
