/**
 * The name server of the rig: the relays ask it, as the exits of the real network ask theirs. Computers have none, so that a
 * name is found through Tor or not at all; a test that gives them this one sees in its log who has asked for what.
 */
import type { ManagedProcess } from '../../../src/core/process/managedProcess';
import type { InsideUser, Machine } from '../computers/machine';
import { RigError } from '../errors';
import { waitFor } from '../wait';
import { dnsPort, mailboxName, nameServerAddress, serversAddress, transitName } from './addresses';

const startLimitMs = 30_000;

export interface Question {
    /** In small letters: relays ask in random ones. */
    readonly name: string;
    /** `A`, `AAAA`, … */
    readonly type: string;
    /** The address that asked. */
    readonly from: string;
}

/** What a line of Twisted's log (`dns`, with its full messages) tells of a question; undefined if it tells of none. */
export function questionIn(line: string): Question | undefined {
    const [, name, type, from] = /<Query (\S+) (\S+) IN> query from \('([0-9a-f.:]+)', \d+\)/u.exec(line) ?? [];
    return name === undefined || type === undefined || from === undefined ? undefined : { name: name.toLowerCase(), type, from };
}

export class NameServer {
    readonly #questions: Question[] = [];

    private constructor(private readonly process: ManagedProcess) {
        process.onStdoutLine.on(line => {
            const question = questionIn(line);
            if (question !== undefined) {
                this.#questions.push(question);
            }
        });
    }

    /** Starts it on the servers' machine, at an address of its own. */
    static async start(machine: Machine, user: InsideUser, signal?: AbortSignal): Promise<NameServer> {
        const hosts = '/etc/names';
        await machine.writeFile(hosts, [mailboxName, transitName].map(name => `${serversAddress}\t${name}\n`).join(''));
        const process = await machine.spawn(['/usr/bin/twist3', '--log-format=text', 'dns', `--port=${dnsPort}`, `--interface=${nameServerAddress}`, `--hosts-file=${hosts}`, '--verbose', '--verbose'], { as: user, cwd: '/' });
        const words: string[] = [];
        process.onStdoutLine.on(line => words.push(line));
        process.onStderrLine.on(line => words.push(line));
        const server = new NameServer(process);
        await waitFor(() => {
            if (process.exit !== undefined) {
                throw new RigError('server-failed', `the name server ended: ${words.join('\n')}`);
            }
            return words.some(line => line.includes('DNSDatagramProtocol starting'));
        }, { what: 'the name server', limitMs: startLimitMs, signal });
        return server;
    }

    /** Everything that it was asked, oldest first. */
    get questions(): readonly Question[] {
        return this.#questions;
    }

    async stop(): Promise<void> {
        await this.process.end();
    }
}
