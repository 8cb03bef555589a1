/** `git annex add`, with progress and a result for each file. */
import { parseActionLine, type ActionProgress, type ActionResult } from '../json';
import { jsonOutput, withoutMerging, type AnnexCommand } from './command';

/**
 * Adds files, or folders with everything in them that isn't ignored.
 * @param paths relative to the repository's root; few enough for one argument list (see {@link argumentBatches})
 * @param options.forceLarge annex them whatever `annex.largefiles` says
 */
export function addCommand(paths: readonly string[], options: { readonly forceLarge?: boolean } = {}): AnnexCommand<ActionResult | ActionProgress> {
    return {
        args: ['add', ...withoutMerging, ...jsonOutput, ...(options.forceLarge === true ? ['--force-large'] : []), '--', ...paths],
        parse: parseActionLine,
    };
}

/** Far below the smallest limit of an argument list that is met (macOS: 1 MiB with the environment). */
const maxArgumentBytes = 100_000;

/** Splits paths into lists that each fit an argument list. */
export function argumentBatches(paths: readonly string[], maxBytes = maxArgumentBytes): readonly (readonly string[])[] {
    const batches: string[][] = [];
    let room = 0;
    for (const path of paths) {
        const length = Buffer.byteLength(path) + 1;
        const current = batches.at(-1);
        if (current === undefined || length > room) {
            batches.push([path]);
            room = maxBytes - length;
        } else {
            current.push(path);
            room -= length;
        }
    }
    return batches;
}
