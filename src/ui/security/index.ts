/** What the user interface does about findings. */
export { adviceFor, type AdviceSource } from './advice';
export { addDefences } from './defences';
export { disableTor } from './disableTor';
export { AnonymousIdentity } from './identity';
export { mendFinding, type MendDependencies } from './mend';
