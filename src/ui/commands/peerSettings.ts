/**
 * What can be set for a peer, in one list that shows the present values; each entry leads to its own question and back.
 */
import * as vscode from 'vscode';
import type { RepositoryContext } from '../../core/annex/context';
import { AnnexPeersError } from '../../core/errors';
import { redact } from '../../core/log';
import {
    directions, groupName, maxDescriptionLength, parseCost, plainDescription, readPeerSettings, setCost, setDescription, setDirection, setGroups, setRequired, setTrust, setWanted,
    standardExpressions, standardGroups, torCost, trustLevels, type PeerRef, type PeerSettings,
} from '../../core/peers/settings';
import type { PeerSnapshot, Repository } from '../../core/repository/repository';
import { inert, inertForNotification } from '../../shared/inert';
import { costWords, directionWords, expressionWords, groupWords, trustWords, valueWords } from '../words/peerSettings';
import { renamePeer } from './peers';

/** Asks for a new value and sets it; false if the user left it as it was. */
type Question = (settings: PeerSettings) => Promise<boolean>;

interface Entry extends vscode.QuickPickItem {
    readonly ask?: Question;
}

/** @throws {SettingError} only where git-annex can't be asked at all */
export async function peerSettings(repository: Repository, peer: PeerSnapshot): Promise<void> {
    const { context } = repository;
    if (context === undefined) {
        return;
    }
    if (peer.uuid === undefined) {
        await vscode.window.showInformationMessage(vscode.l10n.t('"{0}" has not been reached yet, so git-annex doesn’t know which repository it is. Sync with it once, then set it up.', inertForNotification(peer.name)));
        return;
    }
    await new PeerSettingsFlow(repository, context, peer, { name: peer.name, uuid: peer.uuid }).run();
}

class PeerSettingsFlow {
    constructor(
        private readonly repository: Repository,
        private readonly context: RepositoryContext,
        private readonly peer: PeerSnapshot,
        private readonly ref: PeerRef,
    ) {}

    async run(): Promise<void> {
        for (;;) {
            const settings = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Asking git-annex about the peer') }, () => readPeerSettings(this.context, this.ref));
            const entry = await vscode.window.showQuickPick(this.#entries(settings), {
                title: vscode.l10n.t('Settings of {0}', inert(this.peer.name)),
                placeHolder: vscode.l10n.t('What is to be changed?'),
                matchOnDescription: true,
            });
            if (entry?.ask === undefined) {
                return;
            }
            try {
                await entry.ask(settings);
            } catch (error) {
                await this.#explain(error);
            }
            if (entry.label.includes('$(edit)')) {
                return;
            }
        }
    }

    #entries(settings: PeerSettings): readonly Entry[] {
        const trust = settings.trust === undefined ? vscode.l10n.t('not known') : trustWords(settings.trust).label;
        return [
            { label: vscode.l10n.t('For everybody who shares the repository, after a sync'), kind: vscode.QuickPickItemKind.Separator },
            { label: `$(note) ${vscode.l10n.t('Description')}`, description: valueWords(settings.description), ask: value => this.#describe(value) },
            { label: `$(shield) ${vscode.l10n.t('Trust')}`, description: trust, ask: value => this.#trust(value) },
            { label: `$(organization) ${vscode.l10n.t('Groups')}`, description: valueWords(settings.groups.join(', ')), ask: value => this.#groups(value) },
            { label: `$(cloud-download) ${vscode.l10n.t('Wanted content')}`, description: valueWords(settings.wanted), ask: value => this.#expression('wanted', value) },
            { label: `$(lock) ${vscode.l10n.t('Required content')}`, description: valueWords(settings.required), ask: value => this.#expression('required', value) },
            { label: vscode.l10n.t('For this computer alone'), kind: vscode.QuickPickItemKind.Separator },
            { label: `$(arrow-swap) ${vscode.l10n.t('Direction')}`, description: settings.direction === undefined ? vscode.l10n.t('set by hand') : directionWords(settings.direction).label, ask: value => this.#direction(value) },
            { label: `$(dashboard) ${vscode.l10n.t('Cost')}`, description: costWords(settings), ask: value => this.#cost(value) },
            { label: `$(edit) ${vscode.l10n.t('Name')}`, description: inert(this.peer.name), ask: async () => renamePeer(this.repository, this.peer).then(() => true) },
        ];
    }

    async #describe(settings: PeerSettings): Promise<boolean> {
        // Whoever shares the repository can have written it.
        const now = inert(settings.description, maxDescriptionLength);
        const text = await vscode.window.showInputBox({
            title: vscode.l10n.t('Description'),
            prompt: vscode.l10n.t('What everybody who shares the repository sees this one as, for example “Bob’s laptop”. Other peers see it too.'),
            value: now,
            validateInput: value => (plainDescription(value) === '' || value.length > maxDescriptionLength ? vscode.l10n.t('Between 1 and {0} characters.', maxDescriptionLength) : undefined),
        });
        return this.#set(text !== undefined && text !== now, () => setDescription(this.context, this.ref, text ?? ''));
    }

    async #trust(settings: PeerSettings): Promise<boolean> {
        const picked = await vscode.window.showQuickPick(
            trustLevels.map(level => ({ ...trustWords(level), description: level === settings.trust ? vscode.l10n.t('now') : '', level })),
            { title: vscode.l10n.t('Trust'), placeHolder: vscode.l10n.t('How far may git-annex rely on the copies that it has?') },
        );
        const level = picked?.level;
        if (level === undefined || level === settings.trust) {
            return false;
        }
        if (level === 'trusted' || level === 'dead') {
            const go = vscode.l10n.t('Set');
            const words = trustWords(level);
            const choice = await vscode.window.showWarningMessage(vscode.l10n.t('Set "{0}" to {1}?', inertForNotification(this.peer.name), words.label), { modal: true, detail: words.detail }, go);
            if (choice !== go) {
                return false;
            }
        }
        return this.#set(true, () => setTrust(this.context, this.ref, level));
    }

    async #groups(settings: PeerSettings): Promise<boolean> {
        const own = settings.groups.filter(group => !standardGroups.some(standard => standard === group));
        const other = { label: `$(add) ${vscode.l10n.t('Another group')}`, detail: vscode.l10n.t('A name of your own, for expressions such as “copies=friends:2”.'), group: undefined };
        const items = [
            ...own.map(group => ({ label: inert(group), detail: '', picked: true, group })),
            ...standardGroups.map(group => ({ ...groupWords(group), picked: settings.groups.includes(group), group })),
            other,
        ];
        const picked = await vscode.window.showQuickPick(items, {
            title: vscode.l10n.t('Groups'),
            placeHolder: vscode.l10n.t('Which groups is it in? Set Wanted content to “standard” for the group to count.'),
            canPickMany: true,
        });
        if (picked === undefined) {
            return false;
        }
        const groups: string[] = picked.flatMap(({ group }) => group ?? []);
        if (picked.some(({ group }) => group === undefined)) {
            const name = await vscode.window.showInputBox({
                title: vscode.l10n.t('Another group'),
                validateInput: value => (groupName(value) === undefined ? vscode.l10n.t('One word, of at most 50 characters.') : undefined),
            });
            if (name === undefined) {
                return false;
            }
            groups.push(name);
        }
        return this.#set(true, () => setGroups(this.context, this.ref, groups));
    }

    async #expression(which: 'wanted' | 'required', settings: PeerSettings): Promise<boolean> {
        const now = settings[which];
        const title = which === 'wanted' ? vscode.l10n.t('Wanted content') : vscode.l10n.t('Required content');
        const own = { label: `$(edit) ${vscode.l10n.t('Write an expression')}`, description: '', detail: vscode.l10n.t('In git-annex’s own language; “git annex help” has a page on preferred content.'), expression: undefined };
        const items = [
            ...standardExpressions.map(expression => ({ ...expressionWords(expression), description: expression === now ? vscode.l10n.t('now') : '', expression })),
            ...(standardExpressions.some(expression => expression === now) ? [] : [{ label: inert(now), description: vscode.l10n.t('now'), detail: '', expression: undefined }]),
            own,
        ];
        const picked = await vscode.window.showQuickPick(items, {
            title,
            placeHolder: which === 'wanted' ? vscode.l10n.t('Which content is it to have? A sync sends it that, and may drop the rest.') : vscode.l10n.t('Which content must it never lose? git-annex refuses to drop that there.'),
        });
        if (picked === undefined) {
            return false;
        }
        // An example is there to be changed.
        const isExample = picked.expression?.includes('=') === true;
        const expression =
            picked.expression === undefined || isExample ? await vscode.window.showInputBox({ title, value: picked.expression ?? inert(now, 1000), prompt: vscode.l10n.t('Empty: nothing set.'), ignoreFocusOut: true }) : picked.expression;
        const set = which === 'wanted' ? setWanted : setRequired;
        return this.#set(expression !== undefined && expression !== now, () => set(this.context, this.ref, expression ?? ''));
    }

    async #direction(settings: PeerSettings): Promise<boolean> {
        const picked = await vscode.window.showQuickPick(
            directions.map(direction => ({ ...directionWords(direction), description: direction === settings.direction ? vscode.l10n.t('now') : '', direction })),
            { title: vscode.l10n.t('Direction'), placeHolder: vscode.l10n.t('What may go which way? This binds this computer alone: the peer can still reach this repository if it has access.') },
        );
        const direction = picked?.direction;
        return direction !== undefined && this.#set(direction !== settings.direction, () => setDirection(this.context, this.ref, direction));
    }

    async #cost(settings: PeerSettings): Promise<boolean> {
        const text = await vscode.window.showInputBox({
            title: vscode.l10n.t('Cost'),
            prompt: vscode.l10n.t('git-annex gets a file from the remote that costs least. Over Tor {0}, an encrypted special remote 250, a folder on this computer 100. Empty: git-annex’s own.', torCost),
            value: settings.cost === undefined ? '' : String(settings.cost),
            validateInput: value => (value.trim() === '' || parseCost(value) !== undefined ? undefined : vscode.l10n.t('A number of 0 or more.')),
        });
        const cost = parseCost(text ?? '');
        return this.#set(text !== undefined && cost !== settings.cost, () => setCost(this.context, this.ref, cost));
    }

    async #set(changed: boolean, set: () => Promise<void>): Promise<boolean> {
        if (changed) {
            await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Setting up the peer') }, set);
            this.repository.daemon?.reload();
            await this.repository.refresh();
        }
        return changed;
    }

    async #explain(error: unknown): Promise<void> {
        if (!(error instanceof AnnexPeersError) || (error as AnnexPeersError).reason !== 'bad-expression') {
            throw error;
        }
        this.context.log.info(`preferred content: ${redact(error.detail)}`);
        const near = /near "([^"]*)"/u.exec(error.detail)?.[1];
        await vscode.window.showWarningMessage(
            near === undefined ? vscode.l10n.t('git-annex can’t read that expression. Nothing was changed.') : vscode.l10n.t('git-annex can’t read that expression, near “{0}”. Nothing was changed.', inertForNotification(near)),
            { modal: true },
        );
    }
}
