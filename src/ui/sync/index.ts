/** Sync Content and Add, as commands with progress, questions and a summary. */
export { addCommand, type AddDependencies } from './addCommand';
export { AutoSync } from './autoSync';
export { ReviewDocuments } from './reviewDocuments';
export { SyncController, type SyncDependencies } from './syncController';
