/**
 * An anonymous identity for one repository: says what past commits still show, and gives the user's own back later.
 */
import * as vscode from 'vscode';
import * as v from 'valibot';
import type { RepositoryContext } from '../../core/annex/context';
import type { Repository } from '../../core/repository/repository';
import { configValue, readConfig } from '../../core/repository/config';
import { anonymous, identitiesIn, identityNow, isAnonymous, noOwnIdentity, pastIdentities, restoreIdentity, setAnonymousIdentity, type Identity, type PastIdentity, type PreviousIdentity } from '../../core/security/findings';
import { inert, inertForNotification } from '../../shared/inert';
import { abortSignalOf } from '../cancellation';

const previousSchema = v.array(v.object({ key: v.picklist(noOwnIdentity.map(({ key }) => key)), value: v.optional(v.string()) }));
/** Who shows the most is named. */
const maxNamed = 6;

export class AnonymousIdentity {
    /** @param state keeps what a repository's configuration said before, so that it can come back */
    constructor(private readonly state: vscode.Memento) {}

    /** Asks and does it; where it is done already, offers the way back. True if something changed. */
    async run(repository: Repository): Promise<boolean> {
        const { context } = repository;
        if (context === undefined) {
            return false;
        }
        const config = await readConfig(context.programs, context.root, context.log);
        const identities = identitiesIn(config);
        const own = identities.find(identity => !isAnonymous(identity));
        const changed = own === undefined ? await this.#giveBack(repository, context) : await this.#makeAnonymous(repository, context, own, configValue(config, 'commit.gpgsign') === 'true');
        if (changed) {
            await repository.refresh();
            await repository.checkSecurity();
        }
        return changed;
    }

    async #makeAnonymous(repository: Repository, context: RepositoryContext, own: Identity, signs: boolean): Promise<boolean> {
        const past = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Looking at past commits'), cancellable: true }, (_progress, token) => pastIdentities(context, abortSignalOf(token)));
        const use = vscode.l10n.t('Use an Anonymous Identity');
        const choice = await vscode.window.showInformationMessage(
            vscode.l10n.t('Use an anonymous identity in "{0}"?', inertForNotification(repository.snapshot.name)),
            { modal: true, detail: anonymousDetail(own, past, signs) },
            use,
        );
        if (choice !== use) {
            return false;
        }
        const previous = await setAnonymousIdentity(context);
        await this.state.update(this.#key(context), previous);
        const now = await identityNow(context);
        if (now === undefined || !isAnonymous(now)) {
            await vscode.window.showWarningMessage(
                vscode.l10n.t('Commits still carry {0}: the environment that VS Code was started in says so (GIT_AUTHOR_NAME and its like), and goes before any configuration.', inertForNotification(now === undefined ? '' : `${now.name} <${now.email}>`)),
            );
        } else {
            vscode.window.setStatusBarMessage(vscode.l10n.t('New commits of "{0}" are anonymous.', inert(repository.snapshot.name)), 8000);
        }
        return true;
    }

    async #giveBack(repository: Repository, context: RepositoryContext): Promise<boolean> {
        const give = vscode.l10n.t('Use My Own Identity Again');
        const choice = await vscode.window.showInformationMessage(
            vscode.l10n.t('Commits of "{0}" are anonymous', inertForNotification(repository.snapshot.name)),
            { modal: true, detail: vscode.l10n.t('New ones can carry your own name and e-mail address again. Those that were made meanwhile stay anonymous.') },
            give,
        );
        if (choice !== give) {
            return false;
        }
        const stored = v.safeParse(previousSchema, this.state.get<unknown>(this.#key(context)));
        const previous: PreviousIdentity = stored.success ? stored.output : noOwnIdentity;
        await restoreIdentity(context, previous);
        await this.state.update(this.#key(context), undefined);
        return true;
    }

    #key({ root }: RepositoryContext): string {
        return `identity:${root}`;
    }
}

export function anonymousDetail(own: Identity, past: readonly PastIdentity[], signs: boolean): string {
    const named = past.filter(identity => !isAnonymous(identity));
    const shown = named.slice(0, maxNamed).map(identity => vscode.l10n.t('{0}: {1} commits', inert(`${identity.name} <${identity.email}>`, 120), identity.commits));
    return [
        vscode.l10n.t('From now on, commits in this repository carry “{0}” in place of “{1}”, those that git-annex makes too. Your other repositories keep yours. What stays is the time of each commit, and your time zone.', inert(`${anonymous.name} <${anonymous.email}>`), inert(`${own.name} <${own.email}>`, 120)),
        ...(signs ? [vscode.l10n.t('Commits are signed here, and a signature names your key: switch commit.gpgsign off for this repository as well.')] : []),
        named.length === 0
            ? vscode.l10n.t('No past commit shows anybody.')
            : vscode.l10n.t('Past commits still show, to everybody who gets the history:\n{0}\nThey can only be changed by making the history anew, before anybody has it.', [...shown, ...(named.length > maxNamed ? ['…'] : [])].join('\n')),
    ].join('\n\n');
}
