/**
 * Whether peers could reach a repository as it is now: pairing ends with both repositories connecting to each other.
 */
import type { RepositorySnapshot } from './snapshot';

/**
 * - `not-enabled`: it has no onion service
 * - `unfinished`: Tor has not made it yet
 * - `not-served`: its lines are not found in Tor's configuration
 * - `not-running`: there is no remote daemon behind it
 * - `copy`: behind the address is another folder, a copy of this one
 */
export type Unreachable = 'not-enabled' | 'unfinished' | 'not-served' | 'not-running' | 'copy';

/** Why no peer could come in; undefined where nothing is known to be in the way. */
export function whyUnreachable({ service, daemon }: Pick<RepositorySnapshot, 'service' | 'daemon'>): Unreachable | undefined {
    if (service.kind !== 'enabled') {
        return service.kind;
    }
    switch (daemon.kind) {
        case 'stopped':
            return 'not-running';
        case 'duplicate':
            return 'copy';
        case 'boot':
            return daemon.serving ? undefined : 'not-running';
        case 'starting':
        case 'running':
        case 'external':
        // It is started again by itself.
        case 'waiting':
            return undefined;
    }
}
