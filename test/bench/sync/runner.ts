/**
 * Works for the bench on the computer where the repository is: makes files, syncs them, by Sync Content or by the plain
 * command, and serves. It lives as long as the bench, as the extension lives as long as its window. A command is a line
 * of JSON, and so is each answer.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { prepareShim, shimEnvironment } from '../../../src/core/daemon/shim/install';
import { CancelledError, messageOf } from '../../../src/core/errors';
import { silentLog } from '../../../src/core/log';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { RunError, run, runOrThrow } from '../../../src/core/process/run';
import { noQuestions, syncContent } from '../../../src/core/sync';

const commandSchema = v.variant('do', [
    /** Makes and commits files in a folder of this name; what another folder held goes. */
    v.object({ do: v.literal('make'), folder: v.string(), gone: v.optional(v.string()), files: v.number(), bytes: v.number() }),
    v.object({ do: v.literal('sync'), how: v.picklist(['ours', 'plain']), peer: v.string(), uuid: v.string(), limitMs: v.number() }),
    /** How many files of the folder the peer has, by what is logged here. */
    v.object({ do: v.literal('count'), folder: v.string(), uuid: v.string() }),
    /** Serves the repository as the extension does, or, without the shim, as plain git-annex does. */
    v.object({ do: v.literal('serve'), shim: v.boolean() }),
]);
export type RunnerCommand = v.InferOutput<typeof commandSchema>;

export const answerSchema = v.object({
    /** How long the work took. */
    ms: v.number(),
    /** Of the processor: this process's and that of its children that have ended. */
    cpuMs: v.number(),
    count: v.optional(v.number()),
    hung: v.optional(v.boolean()),
    problem: v.optional(v.string()),
});
export type RunnerAnswer = v.InferOutput<typeof answerSchema>;

/** A tick of the kernel's accounting, in milliseconds (Linux, USER_HZ). */
const tickMs = 10;

async function processorMs(): Promise<number> {
    const fields = (await readFile('/proc/self/stat', 'utf8')).replace(/^.*\) /su, '').split(' ');
    // utime, stime, cutime and cstime: fields 14 to 17 of the line, of which two are cut off.
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * tickMs, 0);
}

class Runner {
    #daemon: ManagedProcess | undefined;

    constructor(private readonly context: RepositoryContext) {}

    async perform(command: RunnerCommand): Promise<Omit<RunnerAnswer, 'ms' | 'cpuMs'>> {
        switch (command.do) {
            case 'make':
                await this.#make(command.folder, command.gone, command.files, command.bytes);
                return {};
            case 'count':
                return { count: (await this.#annex('find', `--in=${command.uuid}`, '--', command.folder)).split('\n').filter(line => line !== '').length };
            case 'serve':
                await this.#serve(command.shim);
                return {};
            case 'sync':
                return command.how === 'ours' ? this.#ours(command.peer, command.uuid, command.limitMs) : this.#plain(command.peer, command.limitMs);
        }
    }

    async end(): Promise<void> {
        await this.#daemon?.end();
    }

    async #annex(...args: readonly string[]): Promise<string> {
        return (await runOrThrow({ file: this.context.programs.gitAnnex, args, cwd: this.context.root }, { log: silentLog })).stdout;
    }

    async #git(...args: readonly string[]): Promise<void> {
        await runOrThrow({ file: this.context.programs.git, args, cwd: this.context.root }, { log: silentLog });
    }

    async #make(folder: string, gone: string | undefined, files: number, bytes: number): Promise<void> {
        await mkdir(path.join(this.context.root, folder));
        for (let index = 0; index < files; index++) {
            await writeFile(path.join(this.context.root, folder, `file-${index}`), randomBytes(bytes));
        }
        await this.#annex('add', '--quiet', folder);
        if (gone !== undefined) {
            await this.#git('rm', '-r', '--quiet', gone);
        }
        await this.#git('commit', '--quiet', '-m', folder);
        // What is written back meanwhile would be charged to whoever is measured first.
        await runOrThrow({ file: '/bin/sync', args: [], cwd: '/' }, { log: silentLog });
    }

    async #serve(withShim: boolean): Promise<void> {
        const shim = withShim ? await prepareShim(this.context) : undefined;
        if (shim?.kind === 'off') {
            throw new Error(`the shim is off: ${shim.reason} ${shim.detail}`);
        }
        this.#daemon = await ManagedProcess.start(
            { file: this.context.programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: this.context.root, env: shim === undefined ? {} : shimEnvironment(shim.folder, this.context.programs.git) },
            { log: silentLog },
        );
    }

    async #ours(name: string, uuid: string, limitMs: number): Promise<{ readonly problem?: string; readonly hung?: boolean }> {
        try {
            const { peers: [peer] } = await syncContent(this.context, [{ name, uuid }], { settings: { commit: 'always', untracked: 'never' }, questions: noQuestions, signal: AbortSignal.timeout(limitMs) });
            const problem = peer?.problem ?? peer?.failed[0];
            return problem === undefined ? {} : { problem: `${problem.reason}: ${problem.words}` };
        } catch (error) {
            if (error instanceof CancelledError) {
                return { hung: true };
            }
            throw error;
        }
    }

    async #plain(name: string, limitMs: number): Promise<{ readonly problem?: string; readonly hung?: boolean }> {
        try {
            const { code, stderr } = await run({ file: this.context.programs.gitAnnex, args: ['sync', name, '--content', '--quiet'], cwd: this.context.root }, { log: silentLog, timeLimitMs: limitMs });
            return code === 0 ? {} : { problem: stderr };
        } catch (error) {
            if (error instanceof RunError && error.reason === 'time-limit') {
                return { hung: true };
            }
            throw error;
        }
    }
}

async function main(): Promise<void> {
    const [root = '', uuid = ''] = process.argv.slice(2);
    const runner = new Runner({ root, gitDir: path.join(root, '.git'), uuid, programs: { git: '/usr/bin/git', gitAnnex: '/usr/bin/git-annex' }, log: silentLog });
    for await (const line of createInterface({ input: process.stdin })) {
        const before = await processorMs();
        const start = performance.now();
        const answer = await runner.perform(v.parse(commandSchema, JSON.parse(line))).catch((error: unknown) => ({ problem: messageOf(error) }));
        const ms = performance.now() - start;
        process.stdout.write(`${JSON.stringify({ ...answer, ms, cpuMs: await processorMs() - before } satisfies RunnerAnswer)}\n`);
    }
    await runner.end();
}

if (require.main === module) {
    void main();
}
