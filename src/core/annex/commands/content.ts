/**
 * The commands that get and drop what a person chose, and nothing else: git-annex itself decides from where, and whether
 * a drop is safe.
 */
import { parseActionLine, type ActionProgress, type ActionResult } from '../json';
import { batchInput, jsonOutput, withoutMerging, type AnnexCommand } from './command';

type ContentCommand = AnnexCommand<ActionResult | ActionProgress>;

/** Files by name; or one key, for a name that can't be handed to git-annex. */
export type Chosen = { readonly files: readonly string[] } | { readonly key: string };

function chosenArguments(chosen: Chosen): { readonly args: readonly string[]; readonly input?: string } {
    return 'key' in chosen ? { args: [`--key=${chosen.key}`] } : { args: ['--batch', '-z'], input: batchInput(chosen.files) };
}

/** Gets contents, from one remote or from wherever git-annex finds them cheapest. */
export function getChosenCommand(chosen: Chosen, remote?: string): ContentCommand {
    const { args, ...input } = chosenArguments(chosen);
    return { args: ['get', ...withoutMerging, ...jsonOutput, ...(remote === undefined ? [] : [`--from=${remote}`]), ...args], ...input, parse: parseActionLine };
}

/** Drops contents from here, if git-annex is sure of enough other copies. */
export function dropChosenCommand(chosen: Chosen): ContentCommand {
    const { args, ...input } = chosenArguments(chosen);
    return { args: ['drop', ...withoutMerging, '--json', '--json-error-messages', ...args], ...input, parse: parseActionLine };
}
