/**
 * Cuts the sessions that peers have open: the daemon that serves the repository is started anew by whoever owns it, in
 * this window or another. A daemon that nobody of ours owns is left alone.
 */
import { connectTo, serviceSocketOf } from '../../daemon/serviceSocket';
import type { DaemonSnapshot } from '../../daemon/snapshot';
import type { Sessions } from './revoke';

/** The part of the shared daemon that is needed here. */
export interface ServedDaemon {
    readonly snapshot: Pick<DaemonSnapshot, 'state'>;
    join(): Promise<void>;
    restart(): Promise<void>;
}

/** What {@link cutSessions} would come to now, for the question that is asked before. */
export async function sessionsNow(daemon: ServedDaemon | undefined, uuid: string, socketOf = serviceSocketOf): Promise<Sessions> {
    await daemon?.join();
    switch (daemon?.snapshot.state.kind) {
        case 'starting':
        case 'running':
        case 'waiting':
            return 'cut';
        case 'boot':
            return daemon.snapshot.state.serving ? 'cut' : 'none';
        case 'external':
        case 'duplicate':
            return 'may-live-on';
        case 'stopped':
        case undefined:
            break;
    }
    // Ours does not look while it is stopped.
    const socket = await socketOf(uuid);
    const other = socket === undefined ? undefined : await connectTo(socket);
    other?.destroy();
    return other === undefined ? 'none' : 'may-live-on';
}

/** Resolves when the sessions are cut, or can't be from here. */
export async function cutSessions(daemon: ServedDaemon | undefined, uuid: string, socketOf = serviceSocketOf): Promise<Sessions> {
    const before = await sessionsNow(daemon, uuid, socketOf);
    if (before !== 'cut' || daemon === undefined) {
        return before;
    }
    await daemon.restart();
    // Another program may have taken the socket in the meantime; ours has ended all the same.
    return 'cut';
}
