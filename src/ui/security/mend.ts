/**
 * Carries out what a finding's button says. Whatever changes more than a file's mode asks first, with everything that it will do.
 */
import * as vscode from 'vscode';
import { setDescription } from '../../core/peers/settings';
import { installCommand } from '../../core/preflight/installCommands';
import type { Preflight } from '../../core/preflight/preflight';
import type { Repository } from '../../core/repository/repository';
import { tightenModes, type Finding, type FindingId } from '../../core/security/findings';
import { inert } from '../../shared/inert';
import type { CommandId } from '../commands/ids';
import type { DaemonPolicy } from '../daemonPolicy';
import { findingWords } from '../words/security';
import { settleDaemons } from './competing';
import { addDefences } from './defences';
import type { AnonymousIdentity } from './identity';

export interface MendDependencies {
    readonly identity: AnonymousIdentity;
    readonly daemons: DaemonPolicy;
    readonly preflight: () => Preflight | undefined;
    /** Shows who has access to the repository. */
    readonly showAccess: (root: string) => Thenable<void>;
    /** Shows what this protects, and what it doesn't, where it says more of the finding. */
    readonly readMore: (finding: FindingId, root: string) => void;
}

export async function mendFinding(repository: Repository, id: unknown, dependencies: MendDependencies): Promise<void> {
    const finding = repository.snapshot.findings?.find(candidate => candidate.id === id);
    if (finding !== undefined) {
        await mend(repository, finding, dependencies);
    }
    await repository.checkSecurity();
}

async function mend(repository: Repository, finding: Finding, { identity, daemons, preflight, showAccess, readMore }: MendDependencies): Promise<void> {
    const run = (command: CommandId, ...args: readonly unknown[]): Thenable<unknown> => vscode.commands.executeCommand(command, ...args);
    switch (finding.id) {
        case 'credentials-readable':
            await tightenModes(finding.data.files);
            vscode.window.setStatusBarMessage(vscode.l10n.t('Only you can read the credentials now.'), 8000);
            return;
        case 'token-in-address':
            await vscode.window.showTextDocument(vscode.Uri.file(`${repository.found.gitDir}/config`));
            return;
        case 'unknown-access':
        case 'forgotten-access':
            await showAccess(repository.snapshot.root);
            return;
        case 'pairing-without-tor':
            await run('annexPeers.openSettings', 'wormhole');
            return;
        case 'wormhole-vulnerable':
        case 'git-annex-drops':
        case 'git-annex-control-characters':
            await showUpdate(finding, preflight());
            return;
        case 'service-without-daemon':
            await daemons.serve(repository, true);
            return;
        case 'daemons-compete':
            await settleDaemons(repository, daemons);
            return;
        case 'identity-in-commits':
            await identity.run(repository);
            return;
        case 'description-reveals':
            await describe(repository);
            return;
        case 'service-can-be-flooded':
            await addDefences(repository);
            return;
        case 'folder-is-copied':
        case 'peer-rights':
        case 'limits-of-tor':
        case 'code-interception':
        case 'ways-a-token-leaks':
            readMore(finding.id, repository.snapshot.root);
            return;
    }
}

/** A description of the user's own, in place of the one that git-annex made up. */
async function describe(repository: Repository): Promise<void> {
    const { context, snapshot } = repository;
    const description = await vscode.window.showInputBox({
        title: vscode.l10n.t('Describe This Repository'),
        prompt: vscode.l10n.t('What your peers see of it. The old description stays in the history.'),
        value: inert(snapshot.name, 60),
        validateInput: value => (value.trim() === '' ? vscode.l10n.t('Some words for your peers.') : undefined),
    });
    if (context !== undefined && description !== undefined && description.trim() !== '') {
        await setDescription(context, { name: '', uuid: context.uuid }, description.trim());
    }
}

async function showUpdate(finding: Extract<Finding, { id: 'wormhole-vulnerable' | 'git-annex-drops' | 'git-annex-control-characters' }>, preflight: Preflight | undefined): Promise<void> {
    const { label, why } = findingWords(finding);
    const isWormhole = finding.id === 'wormhole-vulnerable';
    const command = preflight && installCommand(preflight.system.distribution, [isWormhole ? 'wormhole' : 'git-annex']);
    const copy = vscode.l10n.t('Copy Command');
    const settings = vscode.l10n.t("Use the Extension's Own");
    const choice = await vscode.window.showWarningMessage(
        label,
        {
            modal: true,
            detail: [
                why,
                ...(command === undefined ? [] : [vscode.l10n.t("This installs the newest that your system's package manager has:"), command]),
                isWormhole
                    ? vscode.l10n.t('If that is older than 0.24.0, switch the setting off that uses the program on the PATH: the extension’s own client goes over Tor, and needs no program.')
                    : vscode.l10n.t("If that is older, take git-annex's own build, https://git-annex.branchable.com/install/, and name it in the setting annexPeers.gitAnnexPath."),
            ].join('\n\n'),
        },
        ...(command === undefined ? [] : [copy]),
        ...(isWormhole ? [settings] : []),
    );
    if (choice === copy && command !== undefined) {
        await vscode.env.clipboard.writeText(command);
    } else if (choice === settings) {
        await vscode.commands.executeCommand('annexPeers.openSettings', 'wormhole.useProgramOnPath');
    }
}
