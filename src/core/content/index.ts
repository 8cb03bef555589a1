/** Which annexed file is here, which repository has it, and how big it is. */
export { actOnContent, type ActionState, type ActionSummary, type ContentAction } from './actions';
export { entriesOf, filesAt, sumOf, type Entry, type FileEntry, type FolderEntry, type Sum } from './browse';
export { ContentError, ContentIndex, type ContentErrorReason, type ContentIndexOptions, type UpdateOptions } from './contentIndex';
export { passing, type ContentFilter, type Passes } from './filter';
export { ContentModel, type ContentState } from './model';
export type { Trust } from './repositories';
export { ContentSnapshot, type RepositoryColumn } from './snapshot';
