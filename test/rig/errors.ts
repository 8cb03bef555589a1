/** What can go wrong with the rig itself, as reasons that the commands turn into words. */
import { AnnexPeersError } from '../../src/core/errors';

export type RigErrorReason =
    /** This system can't hold the rig at all (not Linux, no root and no sudo, no right to make namespaces). */
    | 'unsupported'
    /** Programs are missing that Debian's packages would bring. */
    | 'packages-missing'
    | 'install-failed'
    /** A machine, its network or its root could not be made. */
    | 'machine-failed'
    | 'tor-network-failed'
    | 'server-failed'
    /** A program inside a computer ended with an exit code other than 0. */
    | 'command-failed'
    | 'time-limit';

export class RigError extends AnnexPeersError<RigErrorReason> {
    override readonly name = 'RigError';
}
