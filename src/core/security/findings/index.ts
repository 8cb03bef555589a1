/** What to warn of, and what mends it. */
export { collectFacts, type Known } from './collect';
export { tightenModes } from './credentials';
export { startedBy } from './daemons';
export { findingsOf, type Facts } from './findings';
export { anonymous, identitiesIn, identityNow, isAnonymous, noOwnIdentity, pastIdentities, restoreIdentity, setAnonymousIdentity, type PastIdentity, type PreviousIdentity } from './identity';
export { planDefences, type DefencePlan } from './addDefences';
export { FindingsWatch, type Computer } from './watch';
export { momentsOf, type Finding, type FindingId, type Identity, type Mend, type Moment, type SecretFile, type Severity, type SyncedFolder } from './types';
