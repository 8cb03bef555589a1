/**
 * Why a repository can't be served at boot.
 */
import { AnnexPeersError } from '../errors';

/**
 * - `no-manager`: this system has neither a systemd of the user's own, nor launchd, nor cron
 * - `odd-path`: a path with a line break or another control character, which no configuration can hold
 * - `refused`: the service manager did not do it; its words are in `detail`
 */
export type BootErrorReason = 'no-manager' | 'odd-path' | 'refused';

export class BootError extends AnnexPeersError<BootErrorReason> {
    override readonly name = 'BootError';
}
