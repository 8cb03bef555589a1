/** Which annexed file is here, which repository has it, and how big it is. */
export { ContentError, ContentIndex, type ContentErrorReason, type ContentIndexOptions, type UpdateOptions } from './contentIndex';
export { ContentSnapshot, type RepositoryColumn } from './snapshot';
export type { Trust } from './repositories';
