/**
 * Reads from the words of git and git-annex why something failed. The words are those of git 2.39 and git-annex
 * 10.20230126 to 10.2026; what is not known stays `other`, with the words kept.
 */
import type { FailureReason } from './types';

const known: readonly { readonly reason: FailureReason; readonly words: RegExp }[] = [
    { reason: 'disk-full', words: /no space left on device|not enough free space|disk quota exceeded|ENOSPC/iu },
    { reason: 'too-few-copies', words: /necessary cop(?:y|ies)|\bunsafe\b|could only verify the existence/iu },
    { reason: 'verification', words: /verification of content failed|checksum|hash mismatch|corrupt/iu },
    { reason: 'locked', words: /unable to lock|cannot lock ref|failed to update ref|\.lock': File exists|transfer already in progress|already locked|Unable to create '.*\.lock'/iu },
    // The known races of git-remote-tor-annex, which a repeated attempt does not meet again.
    { reason: 'connection-broken', words: /hPutBuf|handle is closed|error in sideband demultiplexer|early EOF|unexpected disconnect|the remote end hung up|connection reset|broken pipe|remote helper .*aborted|remote: aborting|fatal: protocol error|expected (?:flush|packet|old)|index-pack (?:abnormal|failed)|bad (?:line length|pack header)|end of file/iu },
    // What the network library says of 127.0.0.1:9050; an onion service's refusal comes from the SOCKS proxy.
    { reason: 'tor-down', words: /Network\.Socket\.connect: .*Connection refused/iu },
    { reason: 'not-served', words: /SocksErrorConnectionRefused/u },
    { reason: 'unreachable', words: /SocksError|unable to connect|can't connect|cannot (?:access|connect)|could not (?:read from remote|connect|resolve)|connection (?:refused|timed out)|network is unreachable|no route to host|does not appear to be a git repository|not available|unreachable|failed to authenticate/iu },
    { reason: 'not-there', words: /not (?:present|available)|unable to access these remotes|no (?:known )?copies|does(?: not|n't) have|content (?:is )?not/iu },
];

export function reasonOf(words: string): FailureReason {
    return known.find(({ words: pattern }) => pattern.test(words))?.reason ?? 'other';
}

/** What git-annex says where there is no way to a peer (P2P/IO.hs, Remote/P2P.hs): it may be there again in a while. */
const away = /SocksError|Network\.Socket\.connect|unable to connect (?:to|with) peer|can't connect to remote/iu;

export function isAway(words: string): boolean {
    return away.test(words);
}

/** Whether the same step may well work when it is tried again at once. */
export function isWorthRepeating(reason: FailureReason): boolean {
    return reason === 'connection-broken' || reason === 'stalled' || reason === 'locked';
}
