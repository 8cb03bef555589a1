/**
 * The line protocol of `git-annex remotedaemon --foreground` on its standard input and output
 * (git-annex, doc/design/git-remote-daemon.mdwn and RemoteDaemon/Types.hs).
 */

export type DaemonCommand = 'PAUSE' | 'LOSTNET' | 'RESUME' | 'RELOAD' | 'STOP';

export type DaemonMessage =
    | { readonly kind: 'connected'; readonly uri: string }
    | { readonly kind: 'disconnected'; readonly uri: string }
    | { readonly kind: 'syncing'; readonly uri: string }
    | { readonly kind: 'done-syncing'; readonly uri: string; readonly succeeded: boolean }
    | { readonly kind: 'warning'; readonly uri: string; readonly text: string }
    | { readonly kind: 'unknown'; readonly line: string };

/** An address as git-annex writes it has about 80 characters; what a peer could make longer is no address. */
const maxUri = 200;

/** Reads one line; what is not understood is `unknown`, never an error. */
export function parseDaemonLine(line: string): DaemonMessage {
    const match = /^([A-Z]+) (\S+)(?: (.*))?$/su.exec(line);
    const uri = match?.[2] ?? '';
    const rest = match?.[3];
    if (uri.length > maxUri || /\p{C}/u.test(uri)) {
        return { kind: 'unknown', line };
    }
    switch (match?.[1]) {
        case 'CONNECTED':
            return rest === undefined ? { kind: 'connected', uri } : { kind: 'unknown', line };
        case 'DISCONNECTED':
            return rest === undefined ? { kind: 'disconnected', uri } : { kind: 'unknown', line };
        case 'SYNCING':
            return rest === undefined ? { kind: 'syncing', uri } : { kind: 'unknown', line };
        case 'DONESYNCING':
            return rest === '1' || rest === '0' ? { kind: 'done-syncing', uri, succeeded: rest === '1' } : { kind: 'unknown', line };
        case 'WARNING':
            return { kind: 'warning', uri, text: rest ?? '' };
        default:
            return { kind: 'unknown', line };
    }
}

export function formatDaemonCommand(command: DaemonCommand): string {
    return `${command}\n`;
}
