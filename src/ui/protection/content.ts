/**
 * The words of the page "What this protects, and what it doesn't". Nothing here may promise more than the programs keep.
 */
import { l10n } from 'vscode';
import type { ActionId, ProtectionContent, ProtectionSection } from '../../shared/protection/messages';

export function protectionContent(): ProtectionContent {
    return {
        title: l10n.t('What this protects, and what it doesn’t'),
        intro: l10n.t('Sharing over Tor hides where you are, and lets in only whom you let in. It does not protect you from those, nor from everything else. Here is what holds, and what doesn’t.'),
        sectionsLabel: l10n.t('Sections'),
        holdsLabel: l10n.t('Holds:'),
        holdsNotLabel: l10n.t('Does not hold:'),
        sections: [peer(), identity(), tor(), codes(), tokens(), service(), content(), leaving()],
    };
}

const yes = (text: string): ProtectionSection['points'][number] => ({ holds: true, text });
const no = (text: string): ProtectionSection['points'][number] => ({ holds: false, text });

function action(id: ActionId): ProtectionSection['actions'][number] {
    switch (id) {
        case 'anonymous-identity':
            return { id, label: l10n.t('Use an anonymous identity here') };
        case 'protect-service':
            return { id, label: l10n.t('Protect the onion service') };
        case 'disable-tor':
            return { id, label: l10n.t('Disable Tor') };
        case 'revoke':
            return { id, label: l10n.t('Revoke access') };
        case 'verify':
            return { id, label: l10n.t('Verify a peer') };
        case 'uninstall':
            return { id, label: l10n.t('Show how to leave nothing') };
    }
}

function peer(): ProtectionSection {
    return {
        id: 'peer',
        title: l10n.t('What a peer can do'),
        points: [
            no(l10n.t('Whoever has access can read the whole history and all content, also of files that were deleted; upload commits and content; and remove content. git-annex has no weaker grant. Pair only with people whom you trust with that.')),
            no(l10n.t('What was fetched can’t be taken back, and may be passed on.')),
            no(l10n.t('Removing a peer takes away your way to it, not its access to you.')),
            yes(l10n.t('Revoking takes the access away: the token is refused from then on, and open sessions are cut. Others keep theirs.')),
            yes(l10n.t('What a peer sends is looked at before it is merged. What could run code in the editor, or reaches out of the folder, is shown to you first and never merged by itself.')),
            yes(l10n.t('Names, descriptions and messages of others are shown as plain text, without hidden characters and links. Who is who is told by the repository’s uuid and the onion address.')),
        ],
        actions: [action('revoke')],
    };
}

function identity(): ProtectionSection {
    return {
        id: 'identity',
        title: l10n.t('Who you are'),
        points: [
            no(l10n.t('Every commit carries a name, an e-mail address, the time and your time zone, also the commits that git-annex makes. All peers get them.')),
            no(l10n.t('The description that git-annex makes up for a repository tells your user’s name, the computer’s and the folder’s.')),
            no(l10n.t('What past commits show stays in the history, also after you have changed it for new ones.')),
            yes(l10n.t('An anonymous identity for one repository is a click away. Your other repositories keep yours.')),
        ],
        actions: [action('anonymous-identity')],
    };
}

function tor(): ProtectionSection {
    return {
        id: 'tor',
        title: l10n.t('Where you are'),
        points: [
            yes(l10n.t('Peers learn your onion address, not your IP address, and nobody on the way sees who talks to whom. All of it is encrypted from one end to the other.')),
            yes(l10n.t('Pairing goes over Tor too, by the extension’s own client, unless your settings say otherwise; then it is said and asked each time. What the other person’s program gives away of them, it can’t help.')),
            no(l10n.t('That you use Tor can be seen by your provider and by whoever runs your network.')),
            no(l10n.t('Sizes and times can be compared by somebody who watches both ends.')),
            no(l10n.t('Strong attackers have found out where onion services were in the past.')),
            no(l10n.t('Whoever knows your onion address can see when this computer is up. Checking whether a peer is there tells the peer that you are.')),
        ],
        actions: [],
    };
}

function codes(): ProtectionSection {
    return {
        id: 'codes',
        title: l10n.t('Pairing codes'),
        points: [
            yes(l10n.t('A code is good for one try, by whomever. A wrong try ends the pairing on both sides and gives nothing away.')),
            no(l10n.t('Somebody who gets both codes before they are used can take the place of each of you for the other. Exchange them where nobody else can see or hear them.')),
            yes(l10n.t('Verifying shows it: both sides see the same five words, to be compared by voice, unless somebody stands in between.')),
        ],
        actions: [action('verify')],
    };
}

function tokens(): ProtectionSection {
    return {
        id: 'tokens',
        title: l10n.t('Tokens, and this computer'),
        points: [
            yes(l10n.t('Codes and tokens are in no command line, log, notification or setting, and their files can be read by you alone.')),
            yes(l10n.t('Nothing is started in a folder that you don’t trust, and a folder can’t change settings about Tor, programs and the network.')),
            no(l10n.t('Whoever gets hold of .git/annex/creds gets in: by a backup, a folder that is copied to a cloud, or a copy of the repository’s folder. A clone doesn’t have it.')),
            no(l10n.t('History and content lie on the disk as they are, here and at every peer. Encrypting the disk is up to each of you.')),
            no(l10n.t('Other programs that run as your user, and other extensions, can do whatever you can.')),
        ],
        actions: [action('revoke')],
    };
}

function service(): ProtectionSection {
    return {
        id: 'service',
        title: l10n.t('The onion service'),
        points: [
            yes(l10n.t('Without a token nobody gets further than the refusal.')),
            no(l10n.t('Anybody who knows the address can send connections, and so many that your peers don’t get through.')),
            yes(l10n.t('Tor has defences against that which can be switched on for this service: proof of work, and a limit for each circuit. You see the lines before they are written.')),
        ],
        actions: [action('protect-service')],
    };
}

function content(): ProtectionSection {
    return {
        id: 'content',
        title: l10n.t('Your files'),
        points: [
            yes(l10n.t('Content that comes from a peer is checked against its checksum, where its key has one, as git-annex’s usual keys do.')),
            no(l10n.t('A peer can remove content from your repository. Sharing is no backup: keep a copy where no peer can reach it.')),
            no(l10n.t('With a git-annex older than 10.20240731 at either end, a drop can remove the last copy when the connection breaks at the wrong moment.')),
        ],
        actions: [],
    };
}

function leaving(): ProtectionSection {
    return {
        id: 'leaving',
        title: l10n.t('When you stop'),
        points: [
            yes(l10n.t('Disable Tor takes away just what Enable Tor made, and asks Tor whether the address still answers.')),
            no(l10n.t('Uninstalling the extension does not do that: the onion service stays in Tor’s configuration, and a remote daemon that something else starts would serve it. Disable Tor first.')),
            no(l10n.t('Your peers keep what they have fetched, and their note of your old address.')),
        ],
        actions: [action('disable-tor'), action('uninstall')],
    };
}
