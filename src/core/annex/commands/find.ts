/**
 * `git annex find` for the files on which a sync of content could have something to do.
 */
import { parseFoundLine, type FoundFile } from '../json';
import { withMerging, withoutMerging, type AnnexCommand } from './command';

export interface WantedBy {
    readonly uuid: string;
    /** The repository has preferred or required content; without, it wants everything and drops nothing. */
    readonly hasWanted: boolean;
}

/**
 * Lists the files that are here or at one of the remotes and not where they are wanted, or somewhere where they are not
 * wanted: one pass over the repository in place of one for each action.
 */
export function findWorkCommand(here: Pick<WantedBy, 'hasWanted'>, remotes: readonly WantedBy[], options: { readonly mergeAnnexBranches: boolean }): AnnexCommand<FoundFile> {
    const atAnyRemote = ['-(', ...remotes.flatMap((remote, index) => [...(index === 0 ? [] : ['--or']), `--in=${remote.uuid}`]), '-)'];
    const alternatives: string[][] = [
        ['--not', '--in=here', ...atAnyRemote, ...(here.hasWanted ? ['--want-get'] : [])],
        ...remotes.map(({ uuid, hasWanted }) => ['--in=here', '--not', `--in=${uuid}`, ...(hasWanted ? [`--want-get-by=${uuid}`] : [])]),
        ...remotes.filter(({ hasWanted }) => hasWanted).map(({ uuid }) => [`--in=${uuid}`, `--want-drop-by=${uuid}`]),
        ...(here.hasWanted ? [['--in=here', '--want-drop']] : []),
    ];
    return {
        args: ['find', ...(options.mergeAnnexBranches ? withMerging : withoutMerging), '--json', ...alternatives.flatMap((terms, index) => [...(index === 0 ? [] : ['--or']), '-(', ...terms, '-)'])],
        parse: parseFoundLine,
    };
}
