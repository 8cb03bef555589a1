/**
 * The content of every repository of the workspace: a model for each, made when somebody first looks.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { ContentModel } from '../../core/content';
import { Event } from '../../core/event';
import type { Repository } from '../../core/repository/repository';
import type { Workspace } from '../../core/repository/workspace';
import type { RepositoryNames } from '../words/content';

export interface ContentOptions {
    /** Absolute path of the worker's program. */
    readonly program: string;
    /** Folder for what is kept between sessions. */
    readonly cacheFolder: string;
}

export interface RepositoryContent {
    readonly repository: Repository;
    readonly model: ContentModel;
}

export class ContentModels {
    /** What is known of some repository's content has changed, or there are other repositories. */
    readonly onDidChange = new Event<void>();
    readonly #models = new Map<string, RepositoryContent>();
    readonly #subscription: { dispose(): void };
    #isWatched = false;

    constructor(private readonly workspace: Workspace, private readonly options: ContentOptions) {
        this.#subscription = workspace.onDidChange.on(() => this.#match());
    }

    /** In the order of the workspace; those that git-annex is set up in. */
    get all(): readonly RepositoryContent[] {
        return this.workspace.repositories.flatMap(repository => this.of(repository) ?? []);
    }

    /** A repository's content, which is read when it is asked for; undefined where git-annex is not set up. */
    of(repository: Repository): RepositoryContent | undefined {
        const { context } = repository;
        if (context === undefined) {
            return undefined;
        }
        const known = this.#models.get(context.root);
        if (known !== undefined && known.repository === repository && known.model.context.uuid === context.uuid) {
            return known;
        }
        void known?.model.dispose();
        const name = createHash('sha256').update(`${context.root}\0${context.uuid}`).digest('hex').slice(0, 32);
        const model = new ContentModel(context, { program: this.options.program, cacheFile: path.join(this.options.cacheFolder, name) });
        const made = { repository, model };
        model.onDidChange.on(() => this.onDidChange.fire());
        this.#models.set(context.root, made);
        if (this.#isWatched) {
            model.follow();
        }
        return made;
    }

    /** What is known already, of repositories whose content somebody has looked at. */
    get known(): readonly RepositoryContent[] {
        return [...this.#models.values()];
    }

    /** Whether somebody looks at it: then it is read, and follows changes. */
    watch(isWatched: boolean): void {
        this.#isWatched = isWatched;
        for (const { model } of isWatched ? this.all : this.known) {
            if (isWatched) {
                model.follow();
            } else {
                model.rest();
            }
        }
    }

    /** A file of a work tree has come or gone. */
    noteFile(file: string): void {
        for (const { model } of this.#isWatched ? this.known : []) {
            const relative = path.relative(model.context.root, file);
            if (relative !== '' && !relative.startsWith('..') && !relative.startsWith('.git')) {
                model.noteFiles();
            }
        }
    }

    async dispose(): Promise<void> {
        this.#subscription.dispose();
        this.onDidChange.clear();
        await Promise.all(this.known.map(({ model }) => model.dispose()));
        this.#models.clear();
    }

    #match(): void {
        const roots = new Set(this.workspace.repositories.map(({ snapshot }) => snapshot.root));
        let changed = false;
        for (const [root, { model }] of this.#models) {
            if (!roots.has(root)) {
                this.#models.delete(root);
                void model.dispose();
                changed = true;
            }
        }
        if (this.#isWatched) {
            const before = this.#models.size;
            changed ||= this.all.length !== before;
        }
        if (changed) {
            this.onDidChange.fire();
        }
    }
}

/** What repositories are called by this one's remotes. */
export function namesOf({ snapshot }: Repository): RepositoryNames {
    const names = new Map([...snapshot.peers, ...snapshot.otherRemotes].flatMap(({ name, uuid }) => (uuid === undefined ? [] : [[uuid, name] as const])));
    return uuid => names.get(uuid);
}
