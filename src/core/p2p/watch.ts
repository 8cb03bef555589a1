/**
 * Tells of every change at a peer, over one connection that stays open; where the remote daemon isn't ours to ask.
 */
import { AnnexPeersError } from '../errors';
import type { P2PConnection } from './connection';

/**
 * Calls `onChange` for every change, in order, until the connection ends or `signal` is aborted.
 * @returns why it ended; never throws for what the network or the peer does
 */
export async function watchChanges(connection: P2PConnection, onChange: (commits: readonly string[]) => void, signal?: AbortSignal): Promise<AnnexPeersError> {
    for (;;) {
        try {
            // Asked again at once: the other end keeps what happens meanwhile.
            onChange(await connection.waitForChange({ signal }));
        } catch (error) {
            if (error instanceof AnnexPeersError) {
                return error;
            }
            throw error;
        }
    }
}
