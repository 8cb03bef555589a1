/**
 * Questions to git whose answers are long and need not be text: read as bytes, as they come, through core/process.
 * They write nothing and run nothing of the repository's own (see core/git/queries).
 */
import type { RepositoryContext } from '../annex/context';
import { CancelledError, throwIfCancelled } from '../errors';
import { readOnlyGit } from '../git/readOnly';
import { RunError } from '../process/run';
import { ManagedProcess, type Invocation } from '../process/managedProcess';

export type GitContext = Pick<RepositoryContext, 'root' | 'gitDir' | 'log' | 'registry'> & { readonly programs: Pick<RepositoryContext['programs'], 'git'> };

const safely = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false', '-c', 'submodule.recurse=false', '-c', 'color.ui=false'];

interface StreamOptions {
    readonly signal?: AbortSignal | undefined;
    /** Pieces of the program's input. */
    readonly input?: Iterable<Uint8Array | string>;
}

/** Runs git to its end and gives `each` its output as it comes. @throws {RunError} on an exit code other than 0. */
export async function streamGit(context: GitContext, args: readonly string[], each: (chunk: Buffer) => void, { signal, input }: StreamOptions = {}): Promise<void> {
    throwIfCancelled(signal);
    const { log, registry } = context;
    const invocation: Invocation = { file: context.programs.git, args: [...safely, ...args], cwd: context.root, env: { ...readOnlyGit, GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined } };
    const startedAt = Date.now();
    const child = await ManagedProcess.start(invocation, { log, ...(registry === undefined ? {} : { registry }), rawStdout: true });
    const words: string[] = [];
    let failure: Error | undefined;
    child.onStderrLine.on(line => words.push(line));
    child.onStdoutBytes.on(chunk => {
        if (failure === undefined) {
            try {
                each(chunk);
            } catch (error) {
                failure = error instanceof Error ? error : new Error('the output could not be read', { cause: error });
                child.kill();
            }
        }
    });
    const onAbort = (): void => void child.end();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
        for (const piece of input ?? []) {
            child.write(piece);
        }
        child.closeInput();
        const exit = await child.exited;
        if (signal?.aborted === true) {
            throw new CancelledError('git');
        }
        if (failure !== undefined) {
            throw failure;
        }
        if (exit.code !== 0) {
            throw new RunError('failed', invocation, { ...exit, stdout: '', stderr: words.join('\n'), durationMs: Date.now() - startedAt });
        }
    } finally {
        signal?.removeEventListener('abort', onAbort);
    }
}

/** All that git prints, in one piece. */
export async function readGit(context: GitContext, args: readonly string[], options?: StreamOptions): Promise<Buffer> {
    const chunks: Buffer[] = [];
    await streamGit(context, args, chunk => chunks.push(chunk), options);
    return Buffer.concat(chunks);
}

/** Cuts a stream into records that end with `terminator`; each is a part of a buffer that is only valid during the call. */
export class RecordSplitter {
    #rest: Buffer = Buffer.alloc(0);

    constructor(private readonly terminator: number, private readonly each: (bytes: Buffer, start: number, end: number) => void) {}

    push(chunk: Buffer): void {
        const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
        let start = 0;
        for (let end = bytes.indexOf(this.terminator, start); end >= 0; end = bytes.indexOf(this.terminator, start)) {
            this.each(bytes, start, end);
            start = end + 1;
        }
        this.#rest = bytes.subarray(start);
    }
}

const newline = 0x0a;
const space = 0x20;
const blobMark = Buffer.from('blob ');
/** How {@link BlobSplitter} wants to be told of each object: no more than it needs, as there are many. */
const blobFormat = '%(objecttype) %(objectsize)';

/**
 * Reads the output of `git cat-file --batch=%(objecttype) %(objectsize)`: for each request either `<type> <size>`, the content and a
 * newline, or a line that says why there is none (git's documentation, "batch output"). Sizes are git's own, so content
 * that looks like a header misleads nobody.
 */
export class BlobSplitter {
    #rest: Buffer = Buffer.alloc(0);
    #index = 0;

    /** @param each is called once for each request, in order; without content for what is no blob or isn't there */
    constructor(private readonly each: (index: number, content: Buffer | undefined) => void) {}

    get count(): number {
        return this.#index;
    }

    push(chunk: Buffer): void {
        const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
        let at = 0;
        for (;;) {
            const endOfHeader = bytes.indexOf(newline, at);
            if (endOfHeader < 0) {
                break;
            }
            let digits = endOfHeader;
            let size = 0;
            for (let unit = 1; digits > at && (bytes[digits - 1] ?? 0) >= 0x30 && (bytes[digits - 1] ?? 0) <= 0x39; digits--, unit *= 10) {
                size += unit * ((bytes[digits - 1] ?? 0) - 0x30);
            }
            if (digits === endOfHeader || bytes[digits - 1] !== space) {
                this.each(this.#index++, undefined);
                at = endOfHeader + 1;
                continue;
            }
            const start = endOfHeader + 1;
            if (bytes.length < start + size + 1) {
                break;
            }
            const isBlob = digits - at === blobMark.length && bytes.compare(blobMark, 0, blobMark.length, at, digits) === 0;
            this.each(this.#index++, isBlob ? bytes.subarray(start, start + size) : undefined);
            at = start + size + 1;
        }
        this.#rest = bytes.subarray(at);
    }
}

/**
 * The contents of blobs, each given to `each` in the order of the requests: object names or expressions such as
 * `<commit>:<path>`, without line breaks, each with a newline behind.
 */
export async function readBlobs(context: GitContext, requests: Iterable<Uint8Array | string>, each: (index: number, content: Buffer | undefined) => void, signal?: AbortSignal): Promise<void> {
    const splitter = new BlobSplitter(each);
    await streamGit(context, ['cat-file', `--batch=${blobFormat}`, '--buffer'], chunk => splitter.push(chunk), { signal, input: requests });
}

/** Object names as requests, in pieces that are not too small. @param oids one after the other, as bytes of `length` each */
export function* requestsFor(indexes: Iterable<number>, oids: Uint8Array, length: number): Generator<string> {
    let piece: string[] = [];
    const names = Buffer.from(oids.buffer, oids.byteOffset, oids.byteLength);
    for (const index of indexes) {
        piece.push(names.toString('hex', index * length, (index + 1) * length));
        if (piece.length === 1000) {
            yield `${piece.join('\n')}\n`;
            piece = [];
        }
    }
    if (piece.length > 0) {
        yield `${piece.join('\n')}\n`;
    }
}
