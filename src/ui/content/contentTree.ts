/**
 * The Content view: the tree of annexed files with where each is; renders the models' snapshots, runs nothing.
 */
import * as vscode from 'vscode';
import { entriesOf, passing, sumOf, type ContentFilter, type ContentSnapshot, type Entry, type Passes } from '../../core/content';
import { filterWords, sumWords } from '../words/content';
import { fileRow, folderRow, moreRow, repositoryRow } from './contentItems';
import { namesOf, type ContentModels, type RepositoryContent } from './contentModels';
import { elementOf, type ContentElement, type ContentNode } from './contentNodes';

/** Reading tells of itself in bursts. */
const refreshDelayMs = 200;
/** The editor draws rows as they are scrolled to, but is given all of a folder's at once. */
const rowsAtOnce = 1000;

interface Shown {
    readonly snapshot: ContentSnapshot;
    readonly passes: Passes;
}

export class ContentTree implements vscode.TreeDataProvider<ContentElement>, vscode.Disposable {
    readonly #changed = new vscode.EventEmitter<ContentElement | undefined>();
    readonly onDidChangeTreeData = this.#changed.event;
    readonly #subscription: { dispose(): void };
    readonly #elements = new Map<string, ContentElement>();
    readonly #entries = new Map<string, Entry>();
    readonly #limits = new Map<string, number>();
    readonly #shown = new Map<string, Shown>();
    #filter: ContentFilter = { kind: 'all' };
    #timer: NodeJS.Timeout | undefined;

    constructor(private readonly models: ContentModels) {
        this.#subscription = models.onDidChange.on(() => {
            this.#timer ??= setTimeout(() => {
                this.#timer = undefined;
                this.#refresh();
            }, refreshDelayMs);
        });
    }

    get filter(): ContentFilter {
        return this.#filter;
    }

    setFilter(filter: ContentFilter): void {
        this.#filter = filter;
        this.#limits.clear();
        this.#shown.clear();
        this.#refresh();
    }

    /** Which files of a snapshot the view shows. */
    passes(root: string, snapshot: ContentSnapshot): Passes {
        const shown = this.#shown.get(root);
        if (shown?.snapshot === snapshot) {
            return shown.passes;
        }
        const passes = passing(snapshot, this.#filter);
        this.#shown.set(root, { snapshot, passes });
        return passes;
    }

    /** A line above the rows: what is going on, or what is shown; undefined where the rows say it all. */
    message(): string | undefined {
        const all = this.models.all;
        if (all.some(({ model }) => model.state.kind === 'failed')) {
            return vscode.l10n.t('Which content is where could not be read. The log has the reason; Refresh tries again.');
        }
        if (all.length === 0 || all.some(({ model }) => model.snapshot === undefined)) {
            return vscode.l10n.t('Reading which content is where…');
        }
        if (this.#filter.kind === 'all') {
            return undefined;
        }
        const sums = all.flatMap(({ model: { context, snapshot } }) => (snapshot === undefined ? [] : [sumOf(snapshot, '', this.passes(context.root, snapshot))]));
        const sum = sums.reduce((a, b) => ({ files: a.files + b.files, here: a.here + b.here, bytes: a.bytes + b.bytes, bytesHere: a.bytesHere + b.bytesHere }), { files: 0, here: 0, bytes: 0, bytesHere: 0 });
        return `${filterWords(this.#filter, uuid => this.#nameOf(uuid))}: ${sum.files === 0 ? vscode.l10n.t('no files') : sumWords(sum)}`;
    }

    /** Shows more of a folder's rows. */
    showMore({ root, path }: ContentNode): void {
        const id = `${root}:${path}`;
        this.#limits.set(id, (this.#limits.get(id) ?? rowsAtOnce) + rowsAtOnce);
        this.#changed.fire(undefined);
    }

    getChildren(element?: ContentElement): ContentElement[] {
        if (element === undefined) {
            const known = this.models.all.filter(({ model }) => model.snapshot !== undefined);
            const [only] = known;
            return known.length === 1 && only !== undefined
                ? this.#rows(only, '')
                : known.map(({ model }) => this.#element({ kind: 'content-repository', root: model.context.root, path: '' }));
        }
        const content = this.#contentOf(element.node.root);
        return content === undefined ? [] : this.#rows(content, element.node.path);
    }

    getTreeItem(element: ContentElement): vscode.TreeItem {
        const { node } = element;
        const content = this.#contentOf(node.root);
        const item = content === undefined ? new vscode.TreeItem('') : this.#item(node, content);
        item.id = element.id;
        return item;
    }

    dispose(): void {
        clearTimeout(this.#timer);
        this.#subscription.dispose();
        this.#changed.dispose();
    }

    #item(node: ContentNode, { model: { snapshot }, repository }: RepositoryContent): vscode.TreeItem {
        if (snapshot === undefined) {
            return new vscode.TreeItem('');
        }
        const entry = this.#entries.get(elementOf(node).id);
        switch (node.kind) {
            case 'content-repository':
                return repositoryRow(repository.snapshot.name, sumOf(snapshot, '', this.passes(node.root, snapshot)));
            case 'content-folder':
                return entry?.kind === 'folder' ? folderRow(entry) : new vscode.TreeItem('');
            case 'content-file': {
                const file = snapshot.find(Buffer.from(node.path, 'latin1'));
                return file < 0 ? new vscode.TreeItem('') : fileRow(node, snapshot, file, namesOf(repository));
            }
            case 'content-more': {
                const item = moreRow(entriesOf(snapshot, node.path, this.passes(node.root, snapshot)).length - (this.#limits.get(`${node.root}:${node.path}`) ?? rowsAtOnce));
                item.command = { command: 'annexPeers.openContent', title: '', arguments: [elementOf(node)] };
                return item;
            }
        }
    }

    #rows({ model: { context, snapshot } }: RepositoryContent, folder: string): ContentElement[] {
        if (snapshot === undefined) {
            return [];
        }
        const { root } = context;
        const entries = entriesOf(snapshot, folder, this.passes(root, snapshot));
        const limit = this.#limits.get(`${root}:${folder}`) ?? rowsAtOnce;
        const rows = entries.slice(0, limit).map(entry => {
            const element = this.#element({ kind: entry.kind === 'folder' ? 'content-folder' : 'content-file', root, path: entry.path });
            this.#entries.set(element.id, entry);
            return element;
        });
        return entries.length <= limit ? rows : [...rows, this.#element({ kind: 'content-more', root, path: folder })];
    }

    /** The same object for the same row for as long as it is shown. */
    #element(node: ContentNode): ContentElement {
        const made = elementOf(node);
        const element = this.#elements.get(made.id) ?? made;
        this.#elements.set(made.id, element);
        return element;
    }

    #contentOf(root: string): RepositoryContent | undefined {
        return this.models.all.find(({ model }) => model.context.root === root);
    }

    #nameOf(uuid: string): string {
        for (const { model: { snapshot }, repository } of this.models.all) {
            const name = namesOf(repository)(uuid) ?? snapshot?.repositories.find(known => known.uuid === uuid)?.description;
            if (name !== undefined && name !== '') {
                return name;
            }
        }
        return uuid;
    }

    #refresh(): void {
        // What is not shown any more is not to be kept for ever; the editor asks for what it shows.
        this.#elements.clear();
        this.#entries.clear();
        this.#changed.fire(undefined);
    }
}
