/** What to warn of, and what mends it. */
export { collectFacts, type Known } from './collect';
export { tightenModes } from './credentials';
export { findingsOf, type Facts } from './findings';
export { anonymous, isAnonymous, pastIdentities, restoreIdentity, setAnonymousIdentity, type PastIdentity, type PreviousIdentity } from './identity';
export { momentsOf, type Finding, type FindingId, type Identity, type Mend, type Moment, type SecretFile, type Severity, type SyncedFolder } from './types';
