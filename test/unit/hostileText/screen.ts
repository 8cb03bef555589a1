/**
 * Stands where the editor would be, and keeps every text that it is given to show. The user interface's own modules run
 * unchanged; what the editor makes of the texts is looked at in a real one (test/e2e/hostile.test.ts).
 */
import Module from 'node:module';

/** How the editor draws a text: `message` draws links (notifications, prompts), `label` draws icons, `lines` keeps line breaks. */
export type Kind = 'message' | 'label' | 'lines' | 'name';

export interface Shown {
    readonly where: string;
    readonly kind: Kind;
    readonly text: string;
}

const shown: Shown[] = [];

/** Notes a text that is shown, or would be by whoever asked for it. */
export function show(where: string, kind: Kind, text: unknown): void {
    if (typeof text === 'string') {
        shown.push({ where, kind, text });
    } else if (text !== undefined && text !== null) {
        throw new Error(`${where} is no plain text: ${JSON.stringify(text)}`);
    }
}

function field(value: unknown, name: string): unknown {
    return typeof value === 'object' && value !== null ? Reflect.get(value, name) as unknown : undefined;
}

/** What was shown since the last call. */
export function taken(): readonly Shown[] {
    return shown.splice(0);
}

/** Notes how a tree's row would look. */
export function noteItem(item: object): void {
    show('tree label', 'label', field(item, 'label'));
    show('tree description', 'label', field(item, 'description'));
    show('tree tooltip', 'lines', field(item, 'tooltip'));
    show('tree accessible label', 'name', field(field(item, 'accessibilityInformation'), 'label'));
}

/** What the person in front of the editor does; the first answer leads on to the next question. */
export interface Person {
    message(text: string, buttons: readonly unknown[], modal: boolean): unknown;
    quickPick(pick: QuickPick): void;
}

const willing: Person = {
    message: (_text, [first]) => first,
    quickPick: pick => pick.choose(0),
};
let person = willing;

/** Puts somebody else in front of the editor; without, the one who says yes to everything. */
export function inFront(other: Partial<Person> = {}): void {
    person = { ...willing, ...other };
}

function message(where: string) {
    return (text: unknown, ...rest: unknown[]): Promise<unknown> => {
        const [options] = rest;
        const modal = field(options, 'modal') === true;
        show(where, 'message', text);
        show(`${where}, detail`, 'lines', field(options, 'detail'));
        const items = modal || (typeof options === 'object' && field(options, 'title') === undefined) ? rest.slice(1) : rest;
        for (const item of items) {
            show(`${where}, button`, 'name', field(item, 'title') ?? item);
        }
        return Promise.resolve(person.message(String(text), items, modal));
    };
}

/** A list that stays until it is answered, put aside or taken away. */
export class QuickPick {
    title: string | undefined;
    placeholder: string | undefined;
    ignoreFocusOut = false;
    items: readonly object[] = [];
    selectedItems: readonly object[] = [];
    isShown = false;
    isGone = false;
    readonly #accept: (() => void)[] = [];

    show(): void {
        this.isShown = true;
        for (const item of this.items) {
            for (const name of ['label', 'description', 'detail']) {
                show(`quick pick ${name}`, 'label', field(item, name));
            }
        }
        show('quick pick title', 'name', this.title);
        show('quick pick placeholder', 'name', this.placeholder);
        queueMicrotask(() => person.quickPick(this));
    }

    choose(index: number): void {
        this.selectedItems = this.items.slice(index, index + 1);
        this.#accept.forEach(listener => listener());
    }

    hide(): void {
        this.isShown = false;
    }

    dispose(): void {
        this.isShown = false;
        this.isGone = true;
    }

    onDidAccept(listener: () => void): { dispose(): void } {
        this.#accept.push(listener);
        return { dispose: () => undefined };
    }
}

class CancellationTokenSource {
    readonly token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
    cancel(): void {
        this.token.isCancellationRequested = true;
    }
}

class TreeItem {
    constructor(readonly label: unknown) {}
}

class ThemeIcon {
    constructor(readonly id: string, readonly color?: unknown) {}
}

class ThemeColor {
    constructor(readonly id: string) {}
}

class EventEmitter {
    readonly event = (): { dispose(): void } => ({ dispose: () => undefined });
    fire(): void {}
    dispose(): void {}
}

const statusBarItem = (): object => new Proxy({ show: () => undefined, hide: () => undefined, dispose: () => undefined }, {
    set(target, name, value: unknown) {
        if (name === 'accessibilityInformation') {
            show('status bar, accessible label', 'name', field(value, 'label'));
        } else if (name !== 'command') {
            show(`status bar ${String(name)}`, name === 'text' ? 'label' : 'lines', value);
        }
        return Reflect.set(target, name, value);
    },
});

const vscode = {
    l10n: { t: (text: string, ...values: (string | number)[]): string => text.replace(/\{(\d+)\}/gu, (place, index: string) => String(values[Number(index)] ?? place)) },
    TreeItem, ThemeIcon, ThemeColor, EventEmitter, CancellationTokenSource,
    TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
    StatusBarAlignment: { Left: 1, Right: 2 },
    ProgressLocation: { Notification: 15, Window: 10 },
    QuickPickItemKind: { Separator: -1, Default: 0 },
    InputBoxValidationSeverity: { Info: 1, Warning: 2, Error: 3 },
    QuickInputButtons: { Back: {} },
    Uri: {
        from: (parts: { readonly path: string }): object => {
            show('editor title', 'name', parts.path);
            return parts;
        },
    },
    env: { clipboard: { writeText: () => Promise.resolve() } },
    commands: {
        executeCommand: (command: string, title: unknown): Promise<void> => {
            if (command === 'vscode.changes') {
                show('title of the changes', 'label', title);
            }
            return Promise.resolve();
        },
    },
    workspace: {
        getConfiguration: () => ({ get: () => undefined, inspect: () => undefined }),
        registerTextDocumentContentProvider: () => ({ dispose: () => undefined }),
    },
    window: {
        createStatusBarItem: statusBarItem,
        showInformationMessage: message('information'),
        showWarningMessage: message('warning'),
        showErrorMessage: message('error'),
        setStatusBarMessage: (text: unknown): void => show('status bar message', 'label', text),
        createQuickPick: () => new QuickPick(),
        showQuickPick: (items: readonly object[], options: unknown): Promise<unknown> => {
            for (const item of items) {
                for (const name of ['label', 'description', 'detail']) {
                    show(`quick pick ${name}`, 'label', field(item, name));
                }
            }
            show('quick pick title', 'name', field(options, 'title'));
            show('quick pick placeholder', 'name', field(options, 'placeHolder'));
            return Promise.resolve(field(options, 'canPickMany') === true ? items : undefined);
        },
        showInputBox: (options: unknown): Promise<undefined> => {
            show('input title', 'name', field(options, 'title'));
            show('input prompt', 'message', field(options, 'prompt'));
            show('input value', 'name', field(options, 'value'));
            return Promise.resolve(undefined);
        },
        withProgress: (options: unknown, task: (progress: object, token: object) => unknown): unknown => {
            show('progress title', 'message', field(options, 'title'));
            const report = (value: unknown): void => show('progress message', 'message', field(value, 'message'));
            return task({ report }, { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) });
        },
    },
};

const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
const load = loader._load;

loader._load = (request, ...rest) => request === 'vscode' ? vscode : load.call(Module, request, ...rest);
