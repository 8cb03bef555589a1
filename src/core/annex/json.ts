/**
 * The lines that git-annex prints with `--json --json-progress --json-error-messages`, checked before they are believed.
 *
 * Shapes: git-annex's documentation of each command's `--json`, and the output of 10.20230126. A line of another shape
 * is not an error: newer versions print more, and unknown is an answer.
 */
import * as v from 'valibot';

const text = v.string();
const optionalText = v.optional(v.nullable(text));
const count = v.pipe(v.number(), v.finite(), v.minValue(0));

const resultSchema = v.object({
    command: text,
    file: optionalText,
    key: optionalText,
    note: v.optional(text, ''),
    success: v.boolean(),
    'error-messages': v.optional(v.array(text), []),
    input: v.optional(v.array(text), []),
});

const progressSchema = v.object({
    action: v.object({ command: text, file: optionalText, key: optionalText, note: v.optional(text, '') }),
    'byte-progress': count,
    'total-size': v.optional(count),
});

const foundSchema = v.object({
    key: text,
    file: v.nullable(text),
    // A string, "unknown" for a key without a size.
    bytesize: v.optional(text),
    hashdirmixed: v.optional(text),
    hashdirlower: v.optional(text),
});

/** An action on one file came to its end. */
export interface ActionResult {
    readonly kind: 'result';
    readonly command: string;
    /** Relative to the repository's root; undefined for a key without a file. */
    readonly file: string | undefined;
    readonly key: string | undefined;
    readonly success: boolean;
    /** What git-annex says of it, several lines in one. */
    readonly note: string;
    readonly errors: readonly string[];
}

/** Bytes of one file that are done; `total` is missing for keys without a size. */
export interface ActionProgress {
    readonly kind: 'progress';
    readonly command: string;
    readonly file: string | undefined;
    readonly key: string | undefined;
    readonly done: number;
    readonly total: number | undefined;
}

/** A file that `git annex find` lists. */
export interface FoundFile {
    readonly file: string;
    readonly key: string;
    readonly size: number | undefined;
    /** Folders of the object below `annex/objects`, in the order in which git-annex looks. */
    readonly objectFolders: readonly string[];
}

function parseJson(line: string): unknown {
    if (!line.startsWith('{')) {
        return undefined;
    }
    try {
        return JSON.parse(line) as unknown;
    } catch {
        return undefined;
    }
}

/** Reads a line of an action (add, get, copy, drop…); undefined for anything else, empty lines of `--batch` included. */
export function parseActionLine(line: string): ActionResult | ActionProgress | undefined {
    const json = parseJson(line);
    if (line.includes('"byte-progress"')) {
        const progress = v.safeParse(progressSchema, json);
        if (!progress.success) {
            return undefined;
        }
        const { action, 'byte-progress': done, 'total-size': total } = progress.output;
        return { kind: 'progress', command: action.command, file: action.file ?? undefined, key: action.key ?? undefined, done, total };
    }
    const result = v.safeParse(resultSchema, json);
    if (result.success) {
        const { command, file, key, success, note, 'error-messages': errors } = result.output;
        return { kind: 'result', command, file: file ?? undefined, key: key ?? undefined, success, note, errors: errors.map(message => message.trim()).filter(message => message !== '') };
    }
    return undefined;
}

/** Reads a line of `git annex find --json`. */
export function parseFoundLine(line: string): FoundFile | undefined {
    const found = v.safeParse(foundSchema, parseJson(line));
    if (!found.success || found.output.file === null) {
        return undefined;
    }
    const { file, key, bytesize, hashdirmixed, hashdirlower } = found.output;
    const size = bytesize !== undefined && /^\d{1,15}$/u.test(bytesize) ? Number(bytesize) : undefined;
    return { file, key, size, objectFolders: [hashdirmixed, hashdirlower].filter(folder => folder !== undefined) };
}
