/**
 * Reads many small blobs with one `git cat-file --batch`.
 *
 * The content may be a peer's, made to be misread: what was cut out of the stream is believed only if its hash is the
 * blob's name. Whatever fails that (content that isn't UTF-8, above all) is read again, one process for each.
 */
import { createHash } from 'node:crypto';
import type { RepositoryContext } from '../annex/context';
import { runOrThrow } from '../process/run';
import type { GitQueries } from './queries';
import { readOnlyGit } from './readOnly';

function nameOf(content: string, algorithm: string): string {
    return createHash(algorithm).update(`blob ${Buffer.byteLength(content)}\0`).update(content).digest('hex');
}

/** The text at `start` that is `bytes` bytes long in UTF-8; undefined if no character ends there. */
function sliceBytes(text: string, start: number, bytes: number): string | undefined {
    let end = start;
    let left = bytes;
    while (left > 0 && end < text.length) {
        const point = text.codePointAt(end) ?? 0;
        left -= point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        end += point < 0x10000 ? 1 : 2;
    }
    return left === 0 ? text.slice(start, end) : undefined;
}

/**
 * Cuts out of the batch's output the contents of the blobs that were asked for, in the order they were asked for.
 * One that can't be what its header says is left out, and the search goes on after its header.
 */
export function parseBlobBatch(output: string, oids: readonly string[]): ReadonlyMap<string, string> {
    const contents = new Map<string, string>();
    let at = 0;
    for (const oid of oids) {
        const start = output.indexOf(`${oid} blob `, at);
        const endOfHeader = start < 0 ? -1 : output.indexOf('\n', start);
        const size = endOfHeader < 0 ? undefined : /^\d{1,12}$/u.exec(output.slice(start + oid.length + 6, endOfHeader))?.[0];
        if (size === undefined) {
            continue;
        }
        const content = sliceBytes(output, endOfHeader + 1, Number(size));
        if (content === undefined || nameOf(content, oid.length === 64 ? 'sha256' : 'sha1') !== oid) {
            at = endOfHeader + 1;
            continue;
        }
        contents.set(oid, content);
        at = endOfHeader + 1 + content.length;
    }
    return contents;
}

/** The contents of blobs by name. Meant for symbolic links and logs: everything is held in memory. */
export async function readBlobs(context: RepositoryContext, queries: GitQueries, oids: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const wanted = [...new Set(oids)];
    let contents: ReadonlyMap<string, string> = new Map();
    if (wanted.length > 3) {
        const result = await runOrThrow(
            { file: context.programs.git, args: ['cat-file', '--batch'], cwd: context.root, env: readOnlyGit },
            { log: context.log, ...(context.registry === undefined ? {} : { registry: context.registry }), signal, input: `${wanted.join('\n')}\n` },
        );
        contents = parseBlobBatch(result.stdout, wanted);
    }
    const all = new Map(contents);
    for (const oid of wanted.filter(name => !contents.has(name))) {
        all.set(oid, await queries.blob(oid));
    }
    return all;
}

/**
 * The names of the blobs that expressions such as `<commit>:<path>` stand for, by expression, found by one process;
 * what stands for none is left out. No expression may hold a line break.
 */
export async function findBlobs(context: RepositoryContext, expressions: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
    if (expressions.length === 0) {
        return new Map();
    }
    const { stdout } = await runOrThrow(
        { file: context.programs.git, args: ['cat-file', '--batch-check=%(objecttype) %(objectname)'], cwd: context.root, env: readOnlyGit },
        { log: context.log, ...(context.registry === undefined ? {} : { registry: context.registry }), signal, input: `${expressions.join('\n')}\n` },
    );
    // One line for each, in order.
    const lines = stdout.split('\n');
    return new Map(expressions.flatMap((expression, index) => {
        const oid = /^blob ([0-9a-f]+)$/u.exec(lines[index] ?? '')?.[1];
        return oid === undefined ? [] : [[expression, oid] as const];
    }));
}
