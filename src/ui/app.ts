/**
 * The composition root: builds the model, the views and the commands, and ties them together.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { AnnexPeersError, CancelledError, messageOf } from '../core/errors';
import { Guardian } from '../core/process/guardian/guardian';
import { onOrphaned } from '../core/process/orphaned';
import type { PeerSnapshot, Repository } from '../core/repository/repository';
import { Workspace, type WorkspaceSnapshot } from '../core/repository/workspace';
import type { SyncPeer } from '../core/sync';
import { AccessController } from './access/controller';
import { labelEntry } from './access/label';
import { Revoker } from './access/revoke';
import { startAfresh } from './access/startAfresh';
import { bootCommand } from './boot/bootCommand';
import { PreviewDocuments } from './boot/preview';
import { enableTorCommand, type EnableTorDependencies } from './commands/enableTor';
import { ViewAttention } from './attention';
import type { CommandId } from './commands/ids';
import { initializeCommand } from './commands/initialize';
import { makeReachable } from './commands/makeReachable';
import { installPrograms } from './commands/install';
import { checkNetworkCommand, copyDiagnostics } from './commands/network';
import { pausePeers, resumePeers, resumeToSync, sayAllPaused } from './commands/pause';
import { copyAddress, removePeer, renamePeer } from './commands/peers';
import { peerSettings } from './commands/peerSettings';
import { chosenFiles, entryOfTarget, findingOfTarget, isPeerTarget, pickPeer, pickRepository, rootOfTarget, type CommandTarget } from './commands/pickRepository';
import { openSettings } from './commands/openSettings';
import { showStatus } from './commands/status';
import { controlTor } from './commands/torRemedies';
import { ContentView } from './content';
import { DaemonPolicy } from './daemonPolicy';
import type { Remedy } from '../shared/pairing/remedy';
import { sayNoPeers } from './noPeers';
import { PairingController, type PairingRepository } from './pairing';
import { createLogChannel, type LogChannel } from './log';
import type { TreeNode } from './peersTree/nodes';
import { PeersTreeProvider } from './peersTree/treeProvider';
import { addDefences, adviceFor, AnonymousIdentity, disableTor, mendFinding, type MendDependencies } from './security';
import { ProtectionPage, sectionOf } from './protection/panel';
import { ServingConsent } from './servingConsent';
import { onDidChangeSettings, readSettings } from './settings';
import { StatusBar } from './statusBar';
import { addCommand, AutoSync, ReviewDocuments, SyncController } from './sync';
import { StoredSyncHistory } from './syncHistory';
import { keepContextKeys } from './viewContext';
import { aggregateOf, aggregateWords } from './words/presence';
import { chooseWormhole } from './wormholeChoice';

const networkStaleMs = 60_000;

type Handlers = Readonly<Record<CommandId, (target: CommandTarget, selection: CommandTarget) => Promise<void> | void>>;

/** What there is for ending gently, in milliseconds; the guardian then needs up to half a second more. */
const gentleEndMs = 1000;

export class App {
    readonly #channel: LogChannel = createLogChannel();
    readonly #guardian: Guardian;
    readonly #workspace: Workspace;
    readonly #daemons: DaemonPolicy;
    readonly #pairing: PairingController;
    readonly #access: AccessController;
    readonly #review = new ReviewDocuments();
    readonly #previews = new PreviewDocuments();
    readonly #sync = new SyncController({ log: this.#channel.log, review: this.#review, showLog: () => this.#channel.show() });
    readonly #revoker = new Revoker();
    readonly #identity: AnonymousIdentity;
    readonly #protection: ProtectionPage;
    readonly #disposables: { dispose(): unknown }[] = [this.#channel, this.#review, this.#previews, this.#revoker];
    #torIsDown = false;
    #content: ContentView | undefined;
    #showAccess: MendDependencies['showAccess'] = () => Promise.resolve();
    #disposing: Promise<void> | undefined;

    constructor(private readonly context: vscode.ExtensionContext) {
        this.#guardian = new Guardian({ program: context.asAbsolutePath('dist/guardian.js'), log: this.#channel.log });
        this.#workspace = new Workspace(this.#channel.log, new StoredSyncHistory(context.workspaceState), this.#guardian);
        this.#daemons = new DaemonPolicy(new ServingConsent(context.globalState), this.#channel.log);
        this.#protection = new ProtectionPage(context.extensionUri, this.#channel.log);
        this.#disposables.push(this.#protection);
        this.#identity = new AnonymousIdentity(context.workspaceState);
        this.#pairing = this.#createPairing();
        this.#access = this.#createAccess();
    }

    /** Builds the views and commands; what takes time goes on by itself. */
    start(): void {
        const tree = new PeersTreeProvider(this.#workspace, this.#channel.troubles);
        const view = vscode.window.createTreeView('annexPeers.peers', { treeDataProvider: tree, showCollapseAll: false });
        this.#showAccess = async root => {
            const element = tree.accessOf(root);
            await (element === undefined ? undefined : view.reveal(element, { select: true, focus: true, expand: true }));
        };
        const attention = new ViewAttention(view, current => this.#workspace.watchPeers(current, readSettings().presence));
        this.#disposables.push(
            tree,
            view,
            attention,
            this.#workspace.onDidChange.on(snapshot => this.#showSum(view, snapshot)),
            onDidChangeSettings(() => this.#workspace.watchPeers(attention.current, readSettings().presence)),
            new StatusBar(this.#workspace),
            keepContextKeys(this.#workspace),
            new AutoSync(this.#workspace, this.#sync, () => readSettings().autoSync, this.#channel.log),
            onDidChangeSettings(() => void this.refresh()),
            onOrphaned(() => void this.dispose()),
            vscode.workspace.onDidChangeWorkspaceFolders(() => void this.refresh()),
            vscode.workspace.onDidGrantWorkspaceTrust(() => void this.refresh()),
            view.onDidExpandElement(({ element }) => this.#lookAtNetwork(element.node)),
            view.onDidChangeVisibility(({ visible }) => {
                if (visible) {
                    void this.refresh();
                }
            }),
        );
        this.#content = new ContentView({
            workspace: this.#workspace,
            log: this.#channel.log,
            program: this.context.asAbsolutePath('dist/content.js'),
            cacheFolder: path.join(this.context.globalStorageUri.fsPath, 'content'),
            showLog: () => this.#channel.show(),
        });
        this.#disposables.push(this.#content);
        this.#registerCommands();
        void this.refresh();
    }

    /** How many peers are there, on the view's icon; and where Tor has gone or come back, what that means for the rest. */
    #showSum(view: vscode.TreeView<unknown>, snapshot: WorkspaceSnapshot): void {
        const all = aggregateOf(snapshot.kind === 'ready' ? snapshot.repositories.flatMap(({ peers }) => peers) : []);
        const value = all.kind === 'some' ? all.online : 0;
        const badge = value === 0 ? undefined : { value, tooltip: aggregateWords(all) };
        if (view.badge?.value !== badge?.value || view.badge?.tooltip !== badge?.tooltip) {
            view.badge = badge;
        }
        const torIsDown = all.kind === 'tor-down';
        if (torIsDown !== this.#torIsDown) {
            this.#torIsDown = torIsDown;
            void this.refresh();
        }
    }

    /** Opening the network's part of the tree asks, unless that was done lately. */
    #lookAtNetwork(node: TreeNode): void {
        if (node.kind === 'network' && Date.now() - (node.repository.network.at ?? 0) > networkStaleMs) {
            const repository = this.#workspace.repositories.find(({ snapshot }) => snapshot.root === node.root);
            repository?.checkNetwork().catch((error: unknown) => this.#channel.log.warn(`The network of ${node.root} could not be checked: ${messageOf(error)}`));
        }
    }

    /** Looks at everything again and asks the peers, for one who wants to know now. */
    async #checkAgain(): Promise<void> {
        await this.refresh();
        await vscode.window.withProgress({ location: { viewId: 'annexPeers.peers' } }, () => Promise.all(this.#workspace.repositories.map(async ({ presence }) => presence?.checkNow())));
    }

    /** Syncs with these peers, probing them meanwhile, whoever looks. */
    async #syncWith(repository: Repository, peers: readonly SyncPeer[]): Promise<void> {
        const { presence, snapshot } = repository;
        const work = (): Promise<void> => this.#sync.sync(repository, peers);
        await (presence === undefined ? work() : presence.whileWanted(snapshot.peers.filter(({ name }) => peers.some(peer => peer.name === name)), work));
    }

    async #syncAll(repository: Repository): Promise<void> {
        const { peers } = repository.snapshot;
        if (peers.length > 0 && peers.every(peer => repository.presence?.isPaused(peer) === true) && !(await sayAllPaused(repository))) {
            return;
        }
        await this.#syncWith(repository, partners(repository));
    }

    async #answerQuestion(repository: Repository): Promise<void> {
        if (!this.#sync.answerQuestion(repository)) {
            await vscode.commands.executeCommand('annexPeers.peers.focus');
        }
    }

    async #syncOne(repository: Repository, peer: PeerSnapshot): Promise<void> {
        if (await resumeToSync(repository, peer)) {
            await this.#syncWith(repository, peer.uuid === undefined ? [] : [{ name: peer.name, uuid: peer.uuid }]);
        }
    }

    /** Looks at the computer and the workspace again, and starts the daemons that are to run. */
    async refresh(): Promise<void> {
        const settings = readSettings();
        const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
        await this.#workspace.refresh({ folders, trusted: vscode.workspace.isTrusted, scanDepth: settings.scanDepth, programs: settings.programs, pairsWithoutTor: settings.wormhole.withoutTor });
        this.#daemons.startAll(this.#workspace);
    }

    /** Ends everything that runs. */
    dispose(): Promise<void> {
        this.#disposing ??= this.#dispose();
        return this.#disposing;
    }

    async #dispose(): Promise<void> {
        this.#sync.stopAll();
        // Whatever takes longer, the guardian ends: an editor that closes doesn't wait.
        const late = setTimeout(() => this.#guardian.dispose(), gentleEndMs);
        await Promise.allSettled([this.#content?.shutDown(), this.#pairing.shutDown(), this.#access.shutDown(), this.#workspace.dispose()]);
        clearTimeout(late);
        this.#access.dispose();
        this.#guardian.dispose();
        for (const disposable of this.#disposables.reverse()) {
            disposable.dispose();
        }
    }

    #registerCommands(): void {
        const handlers: Handlers = {
            'annexPeers.enableTor': target => this.#onRepository(target, repository => enableTorCommand(repository, this.#enableTorDependencies)),
            'annexPeers.pairPeer': target => this.#pair(target, repository => this.#pairing.openPage(repository)),
            'annexPeers.pairPeerQuick': target => this.#pair(target, repository => this.#pairing.openQuick(repository)),
            'annexPeers.syncContent': target => this.#onRepository(target, repository => this.#syncAll(repository)),
            'annexPeers.syncPeer': target => this.#onPeer(target, (repository, peer) => this.#syncOne(repository, peer)),
            'annexPeers.stopSync': target => this.#onRepository(target, repository => this.#sync.stop(repository)),
            'annexPeers.answerQuestion': target => this.#onRepository(target, repository => this.#answerQuestion(repository)),
            'annexPeers.add': (target, selection) => this.#add(target, selection),
            'annexPeers.initialize': target => initializeCommand(this.#workspace, target, this.#channel.log, () => this.refresh()),
            'annexPeers.installPrograms': () => installPrograms(this.#workspace.preflight, () => this.refresh()),
            'annexPeers.startTor': async () => {
                await controlTor('start', { cwd: this.#workspace.repositories[0]?.snapshot.root ?? '/', registry: this.#guardian, log: this.#channel.log });
                await this.refresh();
            },
            'annexPeers.startDaemon': target => this.#onRepository(target, repository => this.#daemons.serve(repository, true)),
            'annexPeers.stopDaemon': target => this.#onRepository(target, repository => this.#daemons.stop(repository)),
            'annexPeers.restartDaemon': target => this.#onRepository(target, repository => this.#daemons.restart(repository)),
            'annexPeers.bootService': target => this.#onRepository(target, repository => bootCommand(repository, { daemons: this.#daemons, previews: this.#previews, log: this.#channel.log, showLog: () => this.#channel.show() })),
            'annexPeers.showLog': () => this.#channel.show(),
            'annexPeers.openSettings': target => openSettings(this.context.extension.id, target),
            'annexPeers.showStatus': () => showStatus(this.#workspace),
            'annexPeers.refresh': () => this.#checkAgain(),
            'annexPeers.copyAddress': target => this.#onPeer(target, (_repository, peer) => copyAddress(peer)),
            'annexPeers.renamePeer': target => this.#onPeer(target, renamePeer),
            'annexPeers.removePeer': target => this.#onPeer(target, (repository, peer) => removePeer(repository, peer, () => this.#revoker.revokePeer(repository, peer))),
            'annexPeers.peerSettings': target => this.#onPeer(target, peerSettings),
            'annexPeers.revokeAccess': target => this.#revoke(target),
            'annexPeers.undoRevoke': () => this.#revoker.undo(),
            'annexPeers.revokeAll': target => this.#onRepository(target, repository => startAfresh(repository, this.#enableTorDependencies)),
            'annexPeers.labelAccess': target =>
                this.#onRepository(target, async repository => {
                    const entry = entryOfTarget(repository, target);
                    await (entry === undefined ? undefined : labelEntry(repository, entry));
                }),
            'annexPeers.checkNetwork': target => this.#onRepository(target, checkNetworkCommand),
            'annexPeers.copyDiagnostics': () => copyDiagnostics(this.#workspace, this.context.extension.packageJSON, this.#channel.troubles()),
            'annexPeers.pausePeer': target => this.#onPeer(target, pausePeers),
            'annexPeers.resumePeer': target => this.#onPeer(target, resumePeers),
            'annexPeers.pauseAll': target => this.#onRepository(target, repository => pausePeers(repository, undefined)),
            'annexPeers.resumeAll': target => this.#onRepository(target, repository => resumePeers(repository, undefined)),
            'annexPeers.addresses': target => this.#onRepository(target, repository => this.#access.openPage(repository, 'make')),
            'annexPeers.makeAddress': target => this.#onRepository(target, repository => this.#access.quick.make(repository)),
            'annexPeers.linkAddress': target => this.#onRepository(target, repository => this.#access.quick.link(repository)),
            'annexPeers.verifyPeer': target => this.#onPeer(target, (repository, peer) => this.#access.openPage(repository, 'verify', peer)),
            'annexPeers.verifyPeerQuick': target => this.#onPeer(target, (repository, peer) => this.#access.quick.verify(repository, peer)),
            'annexPeers.mendFinding': target => this.#onRepository(target, repository => mendFinding(repository, findingOfTarget(target), this.#mendDependencies)),
            'annexPeers.anonymousIdentity': target => this.#onRepository(target, async repository => {
                await this.#identity.run(repository);
            }),
            'annexPeers.disableTor': target => this.#onRepository(target, repository => disableTor(repository, this.#daemons)),
            'annexPeers.showProtection': target => this.#protection.show(undefined, rootOfTarget(target)),
            'annexPeers.protectService': target => this.#onRepository(target, addDefences),
            'annexPeers.openContent': target => this.#content?.commands.open(target),
            'annexPeers.getContent': (target, selection) => this.#content?.commands.get(target, selection),
            'annexPeers.dropContent': (target, selection) => this.#content?.commands.drop(target, selection),
            'annexPeers.whereIs': (target, selection) => this.#content?.commands.whereIs(target, selection),
            'annexPeers.filterContent': () => this.#content?.commands.chooseFilter(),
            'annexPeers.refreshContent': () => this.#content?.commands.refresh(),
        };
        for (const [id, handler] of Object.entries(handlers)) {
            this.#disposables.push(vscode.commands.registerCommand(id, (target: unknown, selection: unknown) => this.#run(id, () => handler(target, selection))));
        }
    }

    get #enableTorDependencies(): EnableTorDependencies {
        return { daemons: this.#daemons, showLog: () => this.#channel.show(), showInstall: () => vscode.commands.executeCommand('annexPeers.installPrograms') };
    }

    get #mendDependencies(): MendDependencies {
        return { identity: this.#identity, daemons: this.#daemons, preflight: () => this.#workspace.preflight, showAccess: root => this.#showAccess(root), readMore: (finding, root) => this.#protection.show(sectionOf(finding), root) };
    }

    /** From the row of a token, of a peer, or of a repository, or from the palette. */
    #revoke(target: CommandTarget): Promise<void> {
        return isPeerTarget(target)
            ? this.#onPeer(target, (repository, peer) => this.#revoker.revokePeer(repository, peer))
            : this.#onRepository(target, repository => {
                  const entry = entryOfTarget(repository, target);
                  return this.#revoker.revoke(repository, entry === undefined ? undefined : [entry]);
              });
    }

    #createPairing(): PairingController {
        const repositoryOf = ({ context }: PairingRepository): Repository | undefined => this.#workspace.repositories.find(({ snapshot }) => snapshot.root === context.root);
        return new PairingController({
            extensionUri: this.context.extensionUri,
            log: this.#channel.log,
            wormhole: () =>
                chooseWormhole(readSettings().wormhole, this.#workspace.preflight?.wormhole ?? { kind: 'built-in' }, { extension: this.context.extensionPath, storage: this.context.globalStorageUri.fsPath }),
            onPaired: paired => {
                const repository = repositoryOf(paired);
                repository?.daemon?.reload();
                void repository?.refresh();
            },
            advice: paired => {
                const repository = repositoryOf(paired);
                return repository && adviceFor(repository, id => mendFinding(repository, id, this.#mendDependencies));
            },
            syncNow: ({ context }, peer) => void vscode.commands.executeCommand('annexPeers.syncPeer', { root: context.root, peer: { name: peer } }),
            remedy: ({ context }, remedy) => this.#mendPairing(context.root, remedy),
            showLog: () => this.#channel.show(),
        });
    }

    #mendPairing(root: string, remedy: Remedy): Thenable<unknown> {
        const run = (command: CommandId, target: unknown = { root }): Thenable<unknown> => vscode.commands.executeCommand(command, target);
        switch (remedy) {
            case 'enable-tor':
                return run('annexPeers.enableTor');
            case 'start-tor':
                return run('annexPeers.startTor');
            case 'open-settings':
                return run('annexPeers.openSettings', 'wormhole');
            case 'install':
                return run('annexPeers.installPrograms');
            case 'start-daemon':
                return run('annexPeers.startDaemon');
            case 'check-network':
                return run('annexPeers.checkNetwork');
            case 'show-access':
                return this.#showAccess(root);
        }
    }

    #createAccess(): AccessController {
        const run = (command: CommandId, root: string, peer?: string): void => void vscode.commands.executeCommand(command, { root, ...(peer === undefined ? {} : { peer: { name: peer } }) });
        return new AccessController({
            extensionUri: this.context.extensionUri,
            log: this.#channel.log,
            syncNow: ({ found }, peer) => run('annexPeers.syncPeer', found.root, peer),
            revoke: ({ found }, peer) => run('annexPeers.revokeAccess', found.root, peer),
            enableTor: ({ found }) => run('annexPeers.enableTor', found.root),
            showLog: () => this.#channel.show(),
        });
    }

    #pair(target: CommandTarget, open: (repository: PairingRepository) => Promise<void>): Promise<void> {
        return this.#onRepository(target, async repository => {
            const { context, snapshot } = repository;
            if (context !== undefined && (this.#pairing.isOpen(context.gitDir) || (await makeReachable(repository, this.#daemons)))) {
                await open({ context, name: snapshot.name });
            }
        });
    }

    /** Adds the files chosen in the Explorer, or the active editor's. */
    async #add(target: CommandTarget, selection: CommandTarget): Promise<void> {
        for (const [repository, files] of chosenFiles(this.#workspace, target, selection)) {
            await addCommand(repository, files, { log: this.#channel.log, showLog: () => this.#channel.show() });
        }
    }

    async #onRepository(target: CommandTarget, work: (repository: Repository) => Promise<void> | void): Promise<void> {
        const repository = await pickRepository(this.#workspace, target, ({ uuid }) => uuid !== undefined);
        if (repository === undefined) {
            // The view says what is missing.
            await vscode.commands.executeCommand('annexPeers.peers.focus');
            return;
        }
        await work(repository);
    }

    #onPeer(target: CommandTarget, work: (repository: Repository, peer: PeerSnapshot) => Promise<void> | void): Promise<void> {
        return this.#onRepository(target, async repository => {
            if (repository.snapshot.peers.length === 0) {
                await sayNoPeers(repository.snapshot);
                return;
            }
            const peer = await pickPeer(repository, target);
            if (peer !== undefined) {
                await work(repository, peer);
            }
        });
    }

    /** Runs a command; what went wrong is said in one message, the program's own words go to the log. */
    async #run(id: string, work: () => Promise<void> | void): Promise<void> {
        if (!vscode.workspace.isTrusted && id !== 'annexPeers.showLog' && id !== 'annexPeers.showStatus') {
            await vscode.commands.executeCommand('workbench.trust.manage');
            return;
        }
        try {
            if (this.#workspace.snapshot.kind === 'loading' && id !== 'annexPeers.showLog') {
                // Of a window that has just been opened: what the command needs is about to be known.
                await this.#workspace.settled();
            }
            await work();
        } catch (error) {
            if (error instanceof CancelledError) {
                return;
            }
            this.#channel.log.error(`${id}: ${messageOf(error)}${error instanceof AnnexPeersError && error.detail !== '' ? `\n${error.detail}` : ''}`);
            const showLog = vscode.l10n.t('Show Log');
            const choice = await vscode.window.showErrorMessage(vscode.l10n.t('That did not work. The log says what the program answered.'), showLog);
            if (choice === showLog) {
                this.#channel.show();
            }
        }
    }
}

/** With whom a sync of all is done: the peers that aren't paused, and the other remotes where the user wants that. */
function partners({ snapshot, presence }: Repository): readonly SyncPeer[] {
    const peers = snapshot.peers.filter(peer => presence?.isPaused(peer) !== true).flatMap(({ name, uuid, syncs }) => (uuid !== undefined && syncs ? [{ name, uuid }] : []));
    return readSettings().syncOtherRemotes ? [...peers, ...snapshot.otherRemotes] : peers;
}
