/**
 * Get, Drop, Where Is It and Open on annexed files: from the Content view's rows, or from files and folders of the Explorer.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { actOnContent, filesAt, passing, type ContentAction, type ContentFilter, type ContentSnapshot, type Passes } from '../../core/content';
import type { Log } from '../../core/log';
import type { Workspace } from '../../core/repository/workspace';
import { inert, inertForNotification } from '../../shared/inert';
import { abortSignalOf } from '../cancellation';
import { chosenFiles, type CommandTarget } from '../commands/pickRepository';
import { actionFailureWords, actionTitle, filterWords, repositoryName, sizeWords } from '../words/content';
import { shownName, stateWords } from './contentItems';
import { namesOf, type ContentModels, type RepositoryContent } from './contentModels';
import type { ContentElement, ContentNode } from './contentNodes';
import type { ContentTree } from './contentTree';

export interface ContentDependencies {
    readonly workspace: Workspace;
    readonly models: ContentModels;
    readonly tree: ContentTree;
    readonly log: Log;
    /** The rows that are selected in the view. */
    selection(): readonly ContentElement[];
    showLog(): void;
}

/** Files of one repository. */
interface Chosen {
    readonly content: RepositoryContent;
    readonly snapshot: ContentSnapshot;
    readonly files: readonly number[];
}

const kinds: readonly unknown[] = ['content-repository', 'content-folder', 'content-file', 'content-more'] satisfies readonly ContentNode['kind'][];

function field(value: unknown, name: string): unknown {
    return typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
}

/** The row that a command was called on; checked, as other extensions can call commands too. */
function nodeOf(target: unknown): ContentNode | undefined {
    const node = field(target, 'node');
    const [kind, root, place] = [field(node, 'kind'), field(node, 'root'), field(node, 'path')];
    return kinds.includes(kind) && typeof root === 'string' && typeof place === 'string' ? { kind: kind as ContentNode['kind'], root, path: place } : undefined;
}

export class ContentCommands {
    constructor(private readonly dependencies: ContentDependencies) {}

    /** Gets what is chosen and not here. @param from a remote's name; undefined: git-annex chooses */
    async get(target: CommandTarget, selection: CommandTarget, from?: string): Promise<void> {
        await this.#act({ kind: 'get', from }, target, selection);
    }

    async drop(target: CommandTarget, selection: CommandTarget): Promise<void> {
        await this.#act({ kind: 'drop' }, target, selection);
    }

    /** Opens a file; one that is absent is got first, if the user says so. */
    async open(target: CommandTarget): Promise<void> {
        const node = nodeOf(target);
        if (node?.kind === 'content-more') {
            this.dependencies.tree.showMore(node);
            return;
        }
        const [chosen] = await this.#chosen(target, undefined);
        const [file] = chosen?.files ?? [];
        if (chosen === undefined || file === undefined) {
            return;
        }
        const { snapshot, content } = chosen;
        const uri = vscode.Uri.file(path.join(content.model.context.root, snapshot.path(file)));
        if (!snapshot.isHere(file)) {
            const get = vscode.l10n.t('Get and Open');
            const question = vscode.l10n.t('{0} is not on this computer ({1}).', inertForNotification(path.basename(uri.fsPath), 80), sizeWords(snapshot.size(file)));
            if ((await vscode.window.showInformationMessage(question, get)) !== get || !(await this.#run({ kind: 'get', from: undefined }, chosen))) {
                return;
            }
        }
        await vscode.commands.executeCommand('vscode.open', uri);
    }

    /** Lists who has a file; choosing one of them gets it from there. */
    async whereIs(target: CommandTarget, selection: CommandTarget): Promise<void> {
        const [chosen] = await this.#chosen(target, selection);
        const [file] = chosen?.files ?? [];
        if (chosen === undefined || file === undefined) {
            void vscode.window.showInformationMessage(vscode.l10n.t('No annexed file is chosen.'));
            return;
        }
        const { snapshot, content } = chosen;
        const names = namesOf(content.repository);
        const items = snapshot.logged(file).map(number => {
            const { uuid = '', trust } = snapshot.repositories[number] ?? {};
            const remote = number === snapshot.own ? undefined : names(uuid);
            const canGet = remote !== undefined && !snapshot.isHere(file);
            return {
                label: number === snapshot.own ? vscode.l10n.t('This repository') : repositoryName(snapshot, number, names),
                description: trust === 'untrusted' ? vscode.l10n.t('untrusted') : trust === 'trusted' ? vscode.l10n.t('trusted') : '',
                detail: canGet ? vscode.l10n.t('Choose it to get the file from there') : inert(uuid),
                remote: canGet ? remote : undefined,
            };
        });
        const title = `${shownName(snapshot.pathBytes(file).toString('latin1'))} (${sizeWords(snapshot.size(file))})`;
        const picked = await vscode.window.showQuickPick(items.length > 0 ? items : [{ label: vscode.l10n.t('Nowhere'), description: '', detail: vscode.l10n.t('No repository is known to have its content'), remote: undefined }], {
            title,
            placeHolder: snapshot.differs(file) ? vscode.l10n.t('{0} git-annex believes otherwise of this repository.', stateWords(snapshot, file)) : stateWords(snapshot, file),
        });
        if (picked?.remote !== undefined) {
            await this.#run({ kind: 'get', from: picked.remote }, { ...chosen, files: [file] });
        }
    }

    /** Chooses what the view shows. */
    async chooseFilter(): Promise<void> {
        const { models, tree } = this.dependencies;
        const others = new Map(models.all.flatMap(({ model: { snapshot }, repository }) => (snapshot?.repositories ?? []).flatMap((known, number) =>
            snapshot === undefined || number === snapshot.own || known.trust === 'dead' ? [] : [[known.uuid, repositoryName(snapshot, number, namesOf(repository))] as const])));
        const nameOf = (uuid: string): string => others.get(uuid) ?? uuid;
        const filters: readonly ContentFilter[] = [
            ...(['all', 'absent', 'only-here', 'too-few', 'differs'] as const).map(kind => ({ kind })),
            ...[...others.keys()].map(uuid => ({ kind: 'missing-at' as const, uuid })),
        ];
        const current = JSON.stringify(tree.filter);
        const picked = await vscode.window.showQuickPick(
            filters.map(filter => ({ label: filterWords(filter, nameOf), description: JSON.stringify(filter) === current ? vscode.l10n.t('shown now') : '', detail: this.#countWords(filter), filter })),
            { title: vscode.l10n.t('Which files are to be shown?') },
        );
        if (picked !== undefined) {
            tree.setFilter(picked.filter);
        }
    }

    /** Looks at everything again: at every object and every file of the work tree, too. */
    async refresh(): Promise<void> {
        await vscode.window.withProgress({ location: { viewId: 'annexPeers.content' } }, () => Promise.all(this.dependencies.models.all.map(({ model }) => model.update({ allObjects: true, workTree: true }))));
    }

    #countWords(filter: ContentFilter): string {
        let count = 0;
        for (const { model: { snapshot } } of this.dependencies.models.all) {
            if (snapshot !== undefined) {
                count += filesAt(snapshot, '', passing(snapshot, filter)).length;
            }
        }
        return vscode.l10n.t('{0} files', count);
    }

    async #act(action: ContentAction, target: CommandTarget, selection: CommandTarget): Promise<void> {
        const all = await this.#chosen(target, selection);
        for (const chosen of all) {
            const { snapshot } = chosen;
            const files = chosen.files.filter(file => snapshot.isHere(file) === (action.kind === 'drop'));
            if (files.length === 0) {
                vscode.window.setStatusBarMessage(action.kind === 'drop' ? vscode.l10n.t('Nothing of what is chosen is here.') : vscode.l10n.t('All that is chosen is here already.'), 5000);
            } else if (action.kind !== 'drop' || (await this.#isDropMeant(snapshot, files))) {
                await this.#run(action, { ...chosen, files });
            }
        }
        if (all.length === 0) {
            void vscode.window.showInformationMessage(vscode.l10n.t('No annexed file is chosen.'));
        }
    }

    async #isDropMeant(snapshot: ContentSnapshot, files: readonly number[]): Promise<boolean> {
        const drop = vscode.l10n.t('Drop');
        const [first = 0] = files;
        const bytes = files.reduce((sum, file) => sum + (Number.isNaN(snapshot.size(file)) ? 0 : snapshot.size(file)), 0);
        const question = files.length === 1
            ? vscode.l10n.t('Drop the content of {0} ({1}) from this computer?', shownName(snapshot.pathBytes(first).toString('latin1')), sizeWords(bytes))
            : vscode.l10n.t('Drop the content of {0} files ({1}) from this computer?', files.length, sizeWords(bytes));
        const detail = vscode.l10n.t('git-annex first makes sure that enough other repositories have it; what it can not make sure of stays here. It can be got again from there.');
        return (await vscode.window.showWarningMessage(question, { modal: true, detail }, drop)) === drop;
    }

    /** Does it with progress and Cancel, and says what went wrong; whether all went well. */
    async #run(action: ContentAction, { content, snapshot, files }: Chosen): Promise<boolean> {
        const { model } = content;
        let isCancelled = false;
        const summary = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: actionTitle(action), cancellable: true }, async (progress, token) => {
            let shown = 0;
            try {
                return await actOnContent(model.context, snapshot, files, action, {
                    signal: abortSignalOf(token),
                    onProgress: ({ path: file, files: { done, total }, bytes }) => {
                        const percent = Math.floor((bytes.total > 0 ? bytes.done / bytes.total : done / Math.max(1, total)) * 100);
                        const counted = vscode.l10n.t('{0} of {1}', Math.min(done + 1, total), total);
                        progress.report({ message: file === undefined ? counted : `${inertForNotification(file, 60)} (${counted})`, increment: Math.max(0, percent - shown) });
                        shown = Math.max(shown, percent);
                    },
                });
            } catch (error) {
                isCancelled = token.isCancellationRequested;
                if (!isCancelled) {
                    throw error;
                }
                return { done: 0, failed: [] };
            } finally {
                await model.update();
            }
        });
        for (const { path: file, reason, words } of summary.failed) {
            this.dependencies.log.warn(`${action.kind} ${file}: ${reason}: ${words}`);
        }
        const words = actionFailureWords(action, summary);
        if (words !== undefined) {
            const [showLog, again, tor] = [vscode.l10n.t('Show Log'), vscode.l10n.t('Try Again'), vscode.l10n.t('Start Tor')];
            const needsTor = summary.failed.some(({ reason }) => reason === 'tor-down');
            void vscode.window.showWarningMessage(words, needsTor ? tor : again, showLog).then(async choice => {
                if (choice === showLog) {
                    this.dependencies.showLog();
                } else if (choice === tor) {
                    await vscode.commands.executeCommand('annexPeers.startTor');
                } else if (choice === again) {
                    await this.#run(action, { content, snapshot, files });
                }
            });
        }
        return words === undefined && !isCancelled;
    }

    /** What a command is about: the rows that are selected if the one that it was called on is among them, else that one; or files. */
    async #chosen(target: CommandTarget, selection: CommandTarget): Promise<readonly Chosen[]> {
        const rows = Array.isArray(selection) ? (selection as readonly unknown[]).flatMap(row => nodeOf(row) ?? []) : [];
        const row = nodeOf(target);
        const isFile = target instanceof vscode.Uri || Array.isArray(selection) && (selection as readonly unknown[]).some(one => one instanceof vscode.Uri);
        const nodes = rows.length > 0 ? rows : row !== undefined ? [row] : isFile ? [] : this.dependencies.selection().map(({ node }) => node);
        if (nodes.length > 0) {
            const { tree, models } = this.dependencies;
            return models.all.flatMap(content => {
                const { context, snapshot } = content.model;
                const paths = nodes.filter(({ root }) => root === context.root).map(node => node.path);
                return snapshot === undefined || paths.length === 0 ? [] : [choose(content, snapshot, paths, tree.passes(context.root, snapshot))];
            });
        }
        const chosen: Chosen[] = [];
        for (const [repository, files] of chosenFiles(this.dependencies.workspace, target, selection)) {
            const content = this.dependencies.models.of(repository);
            if (content !== undefined) {
                await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading which content is where…') }, () => content.model.update());
                const { snapshot } = content.model;
                const paths = files.map(file => Buffer.from(path.relative(content.model.context.root, file)).toString('latin1'));
                const one = snapshot === undefined ? undefined : choose(content, snapshot, paths, () => true);
                chosen.push(...(one === undefined || one.files.length === 0 ? [] : [one]));
            }
        }
        return chosen;
    }
}

function choose(content: RepositoryContent, snapshot: ContentSnapshot, paths: readonly string[], passes: Passes): Chosen {
    return { content, snapshot, files: [...new Set(paths.flatMap(place => [...filesAt(snapshot, place, passes)]))] };
}
