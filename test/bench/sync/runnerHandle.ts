/** The bench's side of a {@link runner}: asks it for one thing after the other. */
import { ManagedProcess, type Invocation } from '../../../src/core/process/managedProcess';
import { silentLog } from '../../../src/core/log';
import * as v from 'valibot';
import { answerSchema, type RunnerAnswer, type RunnerCommand } from './runner';

export class RunnerHandle {
    readonly #said: string[] = [];
    #answer: ((line: string) => void) | undefined;

    private constructor(private readonly process: ManagedProcess) {
        process.onStdoutLine.on(line => this.#answer?.(line));
        process.onStderrLine.on(line => this.#said.push(line));
    }

    static async start(invocation: Invocation): Promise<RunnerHandle> {
        return RunnerHandle.of(await ManagedProcess.start(invocation, { log: silentLog }));
    }

    static of(process: ManagedProcess): RunnerHandle {
        return new RunnerHandle(process);
    }

    async ask(command: RunnerCommand): Promise<RunnerAnswer> {
        const line = await new Promise<string>((resolve, reject) => {
            this.#answer = resolve;
            void this.process.exited.then(() => reject(new Error(`the runner has ended: ${this.#said.join('\n')}`)));
            this.process.write(`${JSON.stringify(command)}\n`);
        });
        return v.parse(answerSchema, JSON.parse(line));
    }

    /** As {@link ask}; a problem is an error. */
    async askOrThrow(command: RunnerCommand): Promise<RunnerAnswer> {
        const answer = await this.ask(command);
        if (answer.problem !== undefined || answer.hung === true) {
            throw new Error(`${command.do}: ${answer.problem ?? 'hung'}`);
        }
        return answer;
    }

    async end(): Promise<void> {
        await this.process.end();
    }
}
