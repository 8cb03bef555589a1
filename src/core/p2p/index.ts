/** git-annex's peer-to-peer protocol: a client. */
export { P2PConnection, defaultTimeLimitMs, type RequestOptions } from './connection';
export { P2PError, type P2PReason } from './errors';
export { maxProtocolVersion, type Message, type MessageKind } from './messages';
export { openConnection, socksIdentity, type OpenOptions } from './open';
export type { ProbeOutcome } from './outcome';
export { probe, type ProbeOptions, type ProbeTarget } from './probe';
export type { Get, GetResult, Put, PutResult } from './transfer';
export { watchChanges } from './watch';
