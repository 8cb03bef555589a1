/** Who may do what with this repository: giving access, seeing it, taking it away, and knowing who is who. */
export { accessList, readAccessList, type AccessEntry, type AccessFacts, type AccessHolder } from './accessList';
export { AccessError, type AccessReason } from './errors';
export { makeAddress, parseHandMadeAddress, type HandMadeAddress } from './handMadeAddress';
export { checkLink, linkPeer, type Linked, type LinkOptions } from './link';
export { notePairing, noteToken, relabel, tokenId, type AccessRecord } from './records';
export { revokeAccess, revokeAll, Revocation, undoMs, type RevokeDependencies, type Sessions } from './revoke';
export { cutSessions, sessionsNow, type ServedDaemon } from './sessions';
export { SecretText } from './secretText';
export { setVerified, verifiedAt, verifyCommand, verifyWords, wordCount, type End } from './verify';
