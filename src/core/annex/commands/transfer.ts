/**
 * The commands that move content: get, copy and drop, each with the conditions under which `git annex sync --content`
 * does the same (git-annex, Command/Sync.hs, syncFile, and Annex/Drop.hs, handleDropsFrom).
 *
 * Not `get --auto` and `copy --auto`: those also act where there are too few copies, and do nothing where a repository
 * has no preferred content; sync takes everything there.
 */
import { parseActionLine, type ActionProgress, type ActionResult } from '../json';
import { batchOrAll, jsonOutput, withoutMerging, type AnnexCommand } from './command';

type TransferCommand = AnnexCommand<ActionResult | ActionProgress>;

interface TransferOptions {
    readonly files: readonly string[];
    /** The remote's name. */
    readonly remote: string;
    /** The receiving repository has preferred or required content; without, it wants everything. */
    readonly hasWanted: boolean;
    /** How many files at once; git-annex's own setting if undefined. */
    readonly jobs?: number | undefined;
}

function jobsArgument(jobs: number | undefined): string[] {
    return jobs === undefined ? [] : [`--jobs=${jobs}`];
}

/** Gets what is not here and is wanted here from one remote. */
export function getCommand({ files, remote, hasWanted, jobs }: TransferOptions): TransferCommand {
    const { args, ...input } = batchOrAll(files);
    return {
        args: ['get', ...withoutMerging, ...jsonOutput, ...jobsArgument(jobs), `--from=${remote}`, ...(hasWanted ? ['--want-get'] : []), ...args],
        ...input,
        parse: parseActionLine,
    };
}

/** Sends what is here, is believed not to be there and is wanted there. `uuid` is the remote's. */
export function copyCommand({ files, remote, hasWanted, jobs, uuid }: TransferOptions & { readonly uuid: string }): TransferCommand {
    const { args, ...input } = batchOrAll(files);
    return {
        args: ['copy', ...withoutMerging, ...jsonOutput, ...jobsArgument(jobs), `--to=${remote}`, '--not', `--in=${uuid}`, ...(hasWanted ? [`--want-get-by=${uuid}`] : []), ...args],
        ...input,
        parse: parseActionLine,
    };
}

/**
 * Drops what is not wanted, from a remote or from here, if git-annex is sure of enough other copies. Only for a
 * repository that has preferred or required content: `--auto` takes one without for wanting nothing.
 */
export function dropCommand({ files, remote }: { readonly files: readonly string[]; readonly remote?: string | undefined }): TransferCommand {
    const { args, ...input } = batchOrAll(files);
    return {
        args: ['drop', ...withoutMerging, '--json', '--json-error-messages', '--auto', ...(remote === undefined ? [] : [`--from=${remote}`]), ...args],
        ...input,
        parse: parseActionLine,
    };
}
