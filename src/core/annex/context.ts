/**
 * What every operation on one repository needs to know: where it is, which programs to run, where to log.
 */
import type { Log } from '../log';
import type { ChildRegistry } from '../process/managedProcess';

/** Absolute paths of the programs that were found. */
export interface Programs {
    readonly git: string;
    readonly gitAnnex: string;
}

export interface RepositoryContext {
    /** Real path of the work tree's root (of the git folder in a bare repository). */
    readonly root: string;
    /** Real path of the git folder that holds `annex/` (the common one of a linked work tree). */
    readonly gitDir: string;
    /** `annex.uuid`. */
    readonly uuid: string;
    readonly programs: Programs;
    readonly log: Log;
    readonly registry?: ChildRegistry;
}
