/**
 * One editor's server: a real VS Code with its own settings, extensions and extension hosts, on a Unix socket, reached
 * by a browser through a loopback port. Ends with its owner.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { ManagedProcess } from '../../../src/core/process/managedProcess';
import type { Log } from '../../../src/core/log';
import { waitFor } from '../wait';
import { forwardToSocket, isListening, type Forwarder } from './forwarder';
import type { EditorHost } from './host';
import type { EditorInstallation } from './install';
import { quietSettings, type Settings } from './settings';

export interface EditorServerOptions {
    readonly installation: EditorInstallation;
    readonly host: EditorHost;
    /** Where settings, extensions and logs are kept, as the host sees it; short, as it holds a socket. */
    readonly stateFolder: string;
    readonly log: Log;
    /** Added to the quiet settings. */
    readonly settings?: Settings;
    /** How much the editor and its extensions log; as users have it if left out. */
    readonly logLevel?: 'trace';
    /** False: folders are trusted without asking, as on the command line. True (default): as users have it. */
    readonly workspaceTrust?: boolean;
    /** Added to the environment of the server, its extension hosts and its terminals. */
    readonly env?: Readonly<Record<string, string | undefined>>;
    /** Further arguments of the server (`code-server --help`), for instance `--reconnection-grace-time`. */
    readonly args?: readonly string[];
}

/**
 * Whoever opens an editor's page can run programs as its user, and the loopback belongs to every user of the machine:
 * pages need this token. One for all editors of this process, because browsers keep cookies by host, not by port.
 */
const connectionToken = randomBytes(24).toString('hex');

export class EditorServer {
    #settings: Settings;
    readonly #output: string[];

    private constructor(
        private readonly options: EditorServerOptions,
        private child: ManagedProcess,
        private readonly forwarder: Forwarder,
        settings: Settings,
        output: string[],
    ) {
        this.#settings = settings;
        this.#output = output;
    }

    /** Starts the server and waits until it answers. @throws {Error} with its output if it ends or stays silent. */
    static async start(options: EditorServerOptions): Promise<EditorServer> {
        const { host, stateFolder } = options;
        const settings = { ...quietSettings, ...options.settings };
        await host.makeFolder(stateFolder);
        await host.writeFile(path.join(stateFolder, 'token'), connectionToken);
        await writeSettings(options, settings);
        const output: string[] = [];
        const child = await startAndWait(options, output);
        return new EditorServer(options, child, await forwardToSocket(host.pathFromHere(socketOf(options))), settings, output);
    }

    /** Starts the server again at the same place, once it has been killed. @throws {Error} as {@link start} */
    async startAgain(): Promise<void> {
        // What the last one left in its process group would hold its files.
        this.child.kill();
        await this.options.host.remove(socketOf(this.options));
        this.child = await startAndWait(this.options, this.#output);
    }

    get port(): number {
        return this.forwarder.port;
    }

    /** The page's `host:port`, which VS Code also takes as the remote's name. */
    get authority(): string {
        return `127.0.0.1:${this.port}`;
    }

    /** What the server has printed. */
    get output(): readonly string[] {
        return this.#output;
    }

    /** The address of a window on `folder` or a .code-workspace file (a path as the host sees it), or of an empty window. */
    url(folder?: string): string {
        const opened = folder === undefined ? { ew: 'true' } : folder.endsWith('.code-workspace') ? { workspace: folder } : { folder };
        const query = new URLSearchParams({ ...opened, tkn: connectionToken });
        return `http://${this.authority}/?${query.toString()}`;
    }

    /** Installs a packaged extension; windows opened later have it. @throws {Error} with the installer's words. */
    async installExtension(vsix: string): Promise<void> {
        await installExtension(this.options, vsix);
    }

    /** Changes the user's settings, for windows that are opened or reloaded later; `undefined` removes one. */
    async changeSettings(changes: Settings): Promise<void> {
        this.#settings = { ...this.#settings, ...changes };
        await writeSettings(this.options, this.#settings);
    }

    /** Ends the server and its extension hosts (which get their time to deactivate). Settings and logs stay. */
    async stop(): Promise<void> {
        await this.forwarder.close();
        this.child.closeInput();
        const late = setTimeout(() => this.child.kill(), 8000);
        await this.child.exited;
        clearTimeout(late);
        // Whatever outlived the group's leader.
        this.child.kill();
    }
}

/** Installs a packaged extension for servers that use the same state folder. */
export async function installExtension(options: EditorServerOptions, vsix: string): Promise<void> {
    const child = await startServer(options, ['--install-extension', await options.host.bring(vsix), '--force']);
    const output: string[] = [];
    child.onStdoutLine.on(line => output.push(line));
    child.onStderrLine.on(line => output.push(line));
    const { code } = await child.exited;
    if (code !== 0 || !output.some(line => line.includes('successfully installed'))) {
        throw new Error(`The extension could not be installed:\n${output.join('\n')}`);
    }
}

function socketOf({ stateFolder }: EditorServerOptions): string {
    return path.join(stateFolder, 'sock');
}

async function startAndWait(options: EditorServerOptions, output: string[]): Promise<ManagedProcess> {
    const { host, stateFolder, log } = options;
    const socketHere = host.pathFromHere(socketOf(options));
    const child = await startServer(options, [
        '--accept-server-license-terms', '--connection-token-file', path.join(stateFolder, 'token'), '--socket-path', socketOf(options),
        '--telemetry-level', 'off', '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override',
        ...(options.logLevel === undefined ? [] : ['--log', options.logLevel]),
        ...(options.workspaceTrust === false ? ['--disable-workspace-trust'] : []), ...(options.args ?? []),
    ]);
    for (const lines of [child.onStdoutLine, child.onStderrLine]) {
        lines.on(line => {
            output.push(line);
            log.debug(`[editor] ${line}`);
        });
    }
    try {
        await waitFor(async () => {
            if (child.exit !== undefined) {
                throw new Error('The editor ended');
            }
            return isListening(socketHere);
        }, { what: 'the editor to answer', limitMs: 60_000 });
        return child;
    } catch (error) {
        await child.end();
        throw new Error(`The editor did not start:\n${output.slice(-20).join('\n')}`, { cause: error });
    }
}

async function startServer(options: EditorServerOptions, args: readonly string[]): Promise<ManagedProcess> {
    const { host, installation, stateFolder } = options;
    const root = await host.installationRoot(installation);
    const node = path.join(root, installation.node);
    const state = ['user', 'extensions', 'server'].map(name => path.join(stateFolder, name));
    await Promise.all(state.map(async folder => host.makeFolder(folder)));
    const [user = '', extensions = '', server = ''] = state;
    return host.start({
        file: node,
        args: [
            path.join(root, 'serverGuard.cjs'), node, path.join(root, installation.serverMain), ...args,
            '--user-data-dir', user, '--extensions-dir', extensions, '--server-data-dir', server,
        ],
        cwd: host.home,
        // VSCODE_CLI: this environment is the one to use; otherwise PATH is taken from a login shell.
        env: { VSCODE_CLI: '1', GIT_TERMINAL_PROMPT: undefined, GIT_PAGER: undefined, GIT_EDITOR: undefined, ...options.env },
    });
}

/** The extension's settings also as those of the machine: VS Code takes settings of scope `machine` from there alone. */
async function writeSettings({ host, stateFolder }: EditorServerOptions, settings: Settings): Promise<void> {
    const own = Object.fromEntries(Object.entries(settings).filter(([name]) => name.startsWith('annexPeers.')));
    for (const [file, content] of [['user/User/settings.json', settings], ['user/Machine/settings.json', own]] as const) {
        await host.writeFile(path.join(stateFolder, file), JSON.stringify(content, undefined, 4));
    }
}
