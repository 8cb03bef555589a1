/** What the rest of the extension uses of Sync Content and Add. */
export { addFiles, annexStagedFiles, type AddOptions, type AddProgress, type AddResult } from './add';
export { isCutOff, reachedNobody } from './cutOff';
export { isWorthRepeating, reasonOf } from './failures';
export type { Danger, Finding, Version } from './look/findings';
export { heldBackBy, heldBackByError, isPassing, type AutoSyncPolicy, type HeldBack } from './unattended';
export { readIncoming, type Incoming } from './incoming';
export { findPlainGitFiles } from './plainGit';
export { syncContent, type SyncOptions } from './syncContent';
export { transfer } from './transfer';
export * from './types';
export { contentPatience, gitPatience, type Patience } from './watchdog';
