/**
 * The real `wormhole` programs as values that a matrix can be made of: python's, wormhole-william and our own.
 */
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { silentLog } from '../../../../src/core/log';
import { ManagedProcess } from '../../../../src/core/process/managedProcess';
import { until } from './until';
import { withHosts } from './williamsRelay';

export type Payload = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'file'; readonly path: string };

/** How one side reaches the network. */
export interface Way {
    readonly mailboxUrl: string;
    readonly relay: string;
    /** Through this SOCKS port. */
    readonly socks?: string;
    /** No direct connections. */
    readonly noListen?: boolean;
    /** A file that the program finds as its /etc/hosts; see williamsRelay.ts. */
    readonly hosts?: string;
}

export interface Finished {
    readonly exitCode: number | null;
    readonly stdout: string;
    readonly stderr: string;
}

export interface Running {
    readonly process: ManagedProcess;
    /** The first token of the output that looks like a code, as git-annex looks for it. */
    code(): Promise<string>;
    readonly finished: Promise<Finished>;
}

export interface WormholeProgram {
    readonly name: string;
    send(payload: Payload, way: Way, cwd: string): Promise<Running>;
    /** @param output where a file goes */
    receive(code: string, output: string, way: Way, cwd: string): Promise<Running>;
}

/** Our own program as the compiler left it; the bundle is run where the environment names one. */
export const ourProgram = process.env['ANNEX_PEERS_WORMHOLE_BUNDLE'] ?? path.join(__dirname, '../../../../src/wormhole/main.js');

export async function start(file: string, args: readonly string[], cwd: string, env: Record<string, string>, input?: string): Promise<Running> {
    const child = await ManagedProcess.start({ file, args, cwd, env }, { log: silentLog, maxLineLength: 4 << 20 });
    const stdout: string[] = [];
    const stderr: string[] = [];
    child.onStdoutLine.on(line => stdout.push(line));
    child.onStderrLine.on(line => stderr.push(line));
    if (input !== undefined) {
        child.write(input);
    }
    return {
        process: child,
        finished: child.exited.then(exit => ({ exitCode: exit.code, stdout: stdout.join('\n'), stderr: stderr.join('\n') })),
        code: () => until('a code', () => {
            const token = [...stdout, ...stderr].join(' ').split(/\s+/u).find(word => /^\d+-[^-\s]+-[^\s]+$/u.test(word));
            if (token === undefined && child.exit !== undefined) {
                throw new Error(`ended without a code: ${stderr.join('\n')}`);
            }
            return token;
        }, 20_000),
    };
}

/** As {@link start}, where the way says what the program finds there. */
function startIn({ hosts }: Way, file: string, args: readonly string[], cwd: string, env: Record<string, string>, input?: string): Promise<Running> {
    return hosts === undefined ? start(file, args, cwd, env, input) : start(...withHosts(hosts, file, args), cwd, env, input);
}

const environment = (way: Way): Record<string, string> => ({ WORMHOLE_RELAY_URL: way.mailboxUrl, WORMHOLE_TRANSIT_HELPER: way.relay });
/** Long texts and empty ones go by standard input: an argument has its limits, and python asks for a text that is empty. */
const textArguments = (text: string): readonly [readonly string[], string | undefined] => (text === '' ? [['--text', ''], '\n'] : [['--text', '-'], text]);

export const python: WormholeProgram = {
    name: 'python',
    send: async (payload, way, cwd) => {
        const options = ['send', '--hide-progress', ...(way.noListen === true ? ['--no-listen'] : [])];
        if (payload.kind === 'file') {
            return start('/usr/bin/wormhole', [...options, payload.path], cwd, environment(way));
        }
        const [args, input] = textArguments(payload.text);
        const running = await start('/usr/bin/wormhole', [...options, ...args], cwd, environment(way), input);
        running.process.closeInput();
        return running;
    },
    receive: (code, output, way, cwd) => start('/usr/bin/wormhole', ['receive', '--hide-progress', '--accept-file', ...(way.noListen === true ? ['--no-listen'] : []), '--output-file', output, code], cwd, environment(way)),
};

/** Its transit relay is hard-wired: files need {@link Way.hosts}. */
export const william: WormholeProgram = {
    name: 'william',
    send: async (payload, way, cwd) => {
        const options = ['--relay-url', way.mailboxUrl, 'send', '--hide-progress'];
        if (payload.kind === 'file') {
            return startIn(way, '/usr/bin/wormhole-william', [...options, payload.path], cwd, {});
        }
        const running = await startIn(way, '/usr/bin/wormhole-william', [...options, '--text', '-'], cwd, {}, payload.text);
        running.process.closeInput();
        return running;
    },
    /** It asks whether it may, and takes the name that the other side gives, in the folder where it runs. */
    receive: async (code, output, way) => {
        const own = await mkdtemp(`${output}-`);
        const running = await startIn(way, '/usr/bin/wormhole-william', ['--relay-url', way.mailboxUrl, 'receive', '--hide-progress', code], own, {}, 'y\n');
        const finished = running.finished.then(async ended => {
            const [name] = await readdir(own);
            if (name !== undefined) {
                await rename(path.join(own, name), output);
            }
            await rm(own, { recursive: true });
            return ended;
        });
        return { ...running, finished };
    },
};

export const ours: WormholeProgram = {
    name: 'ours',
    send: async (payload, way, cwd) => {
        const options = [ourProgram, 'send', ...ourWay(way)];
        if (payload.kind === 'file') {
            return startIn(way, process.execPath, [...options, payload.path], cwd, environment(way));
        }
        const running = await startIn(way, process.execPath, [...options, '--text', '-'], cwd, environment(way), payload.text);
        running.process.closeInput();
        return running;
    },
    // The code on standard input, which stays open, as git-annex gives it.
    receive: (code, output, way, cwd) => startIn(way, process.execPath, [ourProgram, 'receive', ...ourWay(way), '--accept-file', '--output-file', output], cwd, environment(way), `${code}\n`),
};

function ourWay(way: Way): readonly string[] {
    return [...(way.noListen === true ? ['--no-listen'] : []), ...(way.socks === undefined ? [] : ['--tor-socks', way.socks])];
}
