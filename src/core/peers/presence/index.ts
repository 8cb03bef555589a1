/** Who of the peers is online. */
export { aggregate, type Aggregate } from './aggregate';
export { systemClock, type Clock } from './clock';
export { defaultPolicy, minEveryMs, type Attention, type Policy } from './interval';
export type { MonitoredPeer, PresenceDependencies, PresenceSnapshot } from './entries';
export { PresenceMonitor } from './monitor';
export { noPauses, parsePauses, pauseEnd, pauseOf, storedPauses, withoutPause, withPause, type PauseLength, type Pauses } from './pauses';
export { probingOf } from './probing';
export type { PeerPresence, PresenceKind, PresenceStatus } from './status';
export { RepositoryPresence, type DaemonNotes } from './repositoryPresence';
