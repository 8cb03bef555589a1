/**
 * All words for addresses by hand and verifying, for the page and the input boxes alike.
 */
import { l10n } from 'vscode';
import { AnnexPeersError } from '../../core/errors';
import { accessReasons, type ShownReason } from '../../shared/access/snapshot';
import type { AccessTexts } from '../../shared/access/texts';

export function accessTexts(): AccessTexts {
    return { ...makeTexts(), ...linkTexts(), ...verifyTexts(), ...reasonTexts() };
}

function makeTexts() {
    return {
        title: l10n.t('Addresses and verifying'),
        repository: l10n.t('Repository {0}'),
        sections: l10n.t('What do you want to do?'),
        makeSection: l10n.t('Make an address'),
        linkSection: l10n.t('Link to an address'),
        verifySection: l10n.t('Verify a peer'),
        useInputBox: l10n.t('Continue in the input box'),
        showLog: l10n.t('Show the log'),
        makeTitle: l10n.t('Make an address for somebody'),
        makeIntro: l10n.t('An address that was made by hand lets one person reach this repository over Tor, without codes and without Magic Wormhole.'),
        makeAllows: l10n.t('Whoever has it can read the whole history and the content of every file, upload, and remove content. You can revoke it at any time, alone, in “Who has access”.'),
        makeOneWay: l10n.t('An address goes one way: who links to it reaches you, and you don’t reach them. For both ways, make one each and link to each other’s.'),
        makeLabel: l10n.t('Whom is it for?'),
        makeHint: l10n.t('A name for you alone, so that you know later whose access it is. It stays on this computer.'),
        makeLabelMissing: l10n.t('Say whom it is for: without that you could not tell later whose access to revoke.'),
        makeButton: l10n.t('Make the address'),
        makingTitle: l10n.t('Making an address for {0}'),
        makeUnreachable: l10n.t('This repository has no onion address yet: Tor is not enabled for it. Until then nobody can reach it.'),
        enableTor: l10n.t('Enable Tor'),
        startTor: l10n.t('Start Tor'),
        madeTitle: l10n.t('Address for {0}'),
        madeOnce: l10n.t('It is shown this once. Nobody keeps it: if it gets lost, revoke it and make another.'),
        madeGive: l10n.t('Give it where nobody else can see it: in person by the picture, or in an end-to-end encrypted message. Not by plain e-mail, and not in a public chat.'),
        madeCommandLine: l10n.t('At a command line the other person runs “git annex p2p --link” in their repository and pastes it there.'),
        address: l10n.t('The address'),
        copyAddress: l10n.t('Copy'),
        copied: l10n.t('Copied'),
        copiedAnnounce: l10n.t('The address is in the clipboard, for a minute.'),
        copyHint: l10n.t('The clipboard is cleared after a minute, unless something else is in it by then. Programs that keep a history of the clipboard may keep it.'),
        qr: l10n.t('The address as a QR code'),
        qrHint: l10n.t('For a camera on the other person’s computer or phone.'),
        forget: l10n.t('Done: forget it here'),
        makeFailed: l10n.t('No address was made'),
        again: l10n.t('Try again'),
    };
}

function linkTexts() {
    return {
        linkTitle: l10n.t('Link to an address that somebody gave you'),
        linkIntro: l10n.t('Their repository becomes a git remote of this one: from here you can fetch from it, send to it, and sync.'),
        linkOneWay: l10n.t('It goes one way: by this they get no access to your repository. They learn which repository connects (its uuid) and when, not where you are. For both ways, make an address for them as well.'),
        linkAddress: l10n.t('The address'),
        linkHint: l10n.t('It begins with “tor-annex::” and ends with a long row of letters and digits. Line breaks in it don’t matter.'),
        linkName: l10n.t('Name for the peer'),
        linkNameHint: l10n.t('What this repository calls the other one, for example “alice_laptop”. It becomes the name of a git remote.'),
        linkNameChanged: l10n.t('It will be called “{0}”.'),
        linkOk: l10n.t('That is a complete address, of {0}'),
        linkButton: l10n.t('Link'),
        linkingTitle: l10n.t('Linking to {0}'),
        linkingText: l10n.t('Tor looks for a way to the other repository. This can take a minute or two.'),
        cancel: l10n.t('Cancel'),
        linkedTitle: l10n.t('Linked to {0}'),
        linkedText: l10n.t('It has answered, and has let you in. {0} is a remote of this repository now.'),
        linkedSame: l10n.t('It is the same repository as “{0}”, which is a remote already.'),
        linkedMutual: l10n.t('It goes one way so far. For {0} to reach this repository as well, make an address for them and give it to them; they link to it.'),
        linkedMake: l10n.t('Make an address for {0}'),
        verifyNow: l10n.t('Verify {0}'),
        syncNow: l10n.t('Sync now'),
        linkAnother: l10n.t('Link to another'),
        linkFailed: l10n.t('Not linked to {0}'),
        detail: l10n.t('What git-annex said'),
    };
}

function verifyTexts() {
    return {
        verifyTitle: l10n.t('Verify a peer'),
        verifyIntro: l10n.t('Is it really the repository of the person whom you mean? Both of you compare five short words by voice. They agree only if nobody stands between you.'),
        verifyChoose: l10n.t('Which peer?'),
        verifyNobody: l10n.t('There is no peer yet. Pair with somebody, or link to an address.'),
        verifyUnreachable: l10n.t('The words are made from both onion addresses, and this repository has none yet. Enable Tor for it first.'),
        verifyUnknown: l10n.t('not reached yet'),
        notVerified: l10n.t('not verified'),
        verifiedAt: l10n.t('verified {0}'),
        preparingWords: l10n.t('Making the words for {0}'),
        wordsTitle: l10n.t('Compare these words with {0}'),
        wordsCompare: l10n.t('Read them out to each other: in person, or in a call with somebody whose voice you know. The other side sees the same words in Verify Peer, in the same order.'),
        wordsHow: l10n.t('Don’t send them by message: whoever could change your addresses could change a message too.'),
        wordsOwn: l10n.t('This repository'),
        wordsOther: l10n.t('The other repository'),
        same: l10n.t('They are the same'),
        differ: l10n.t('They differ'),
        otherPeer: l10n.t('Choose another peer'),
        commandLineTitle: l10n.t('The other person has a command line only'),
        commandLineText: l10n.t('They can make the words by one line, which the documentation of Annex Peers has too (docs/verify.md). It reads from their repository alone, changes nothing, and connects nowhere.'),
        copyInstructions: l10n.t('Copy a message with that line'),
        instructionsCopied: l10n.t('The message is in the clipboard.'),
        agreedTitle: l10n.t('{0} is verified'),
        agreedText: l10n.t('This holds for as long as both onion addresses and repositories stay the same; the tree shows it.'),
        takeBack: l10n.t('Take it back'),
        differTitle: l10n.t('The words for {0} differ'),
        differText: l10n.t('Compare again first, all five, each spelled out. Is the other person looking at the words for this repository, and not for another peer of theirs?'),
        differWhy: l10n.t('If they still differ, you may be linked to somebody else’s repository, and so may they. Then revoke its access and remove the remote, on both sides, and pair again with codes that you exchange in person.'),
        revoke: l10n.t('Revoke access'),
        compareAgain: l10n.t('Compare again'),
    };
}

function reasonTexts(): Record<`why-${ShownReason}` | `next-${ShownReason}`, string> {
    const askForAnother = l10n.t('Ask the other person for a new address.');
    return {
        'why-no-own-address': l10n.t('This repository has no onion address yet: Tor is not enabled for it.'),
        'next-no-own-address': l10n.t('Enable Tor for this repository first.'),
        'why-unexpected-output': l10n.t('git-annex gave no address.'),
        'next-unexpected-output': l10n.t('The log has what it said instead.'),
        'why-not-an-address': l10n.t('That is not an address that git-annex makes.'),
        'next-not-an-address': l10n.t('Paste the whole of it, from “tor-annex::” to its end.'),
        'why-old-onion': l10n.t('That address is of the old kind (version 2), which Tor no longer knows.'),
        'next-old-onion': askForAnother,
        'why-no-token': l10n.t('The end is missing: an address without its long last part lets nobody in.'),
        'next-no-token': l10n.t('Paste the whole of it, to its end.'),
        'why-own-address': l10n.t('That is this repository’s own address.'),
        'next-own-address': l10n.t('Give it to the other person, and link to the one that they give you.'),
        'why-already-linked': l10n.t('There is a remote for this address already: “{0}”.'),
        'next-already-linked': l10n.t('Use that one; or remove it first, if it is to get another token.'),
        'why-invalid-name': l10n.t('That name can’t be a remote’s.'),
        'next-invalid-name': l10n.t('Use letters, digits, “_” and “.”, with a letter or digit at the end.'),
        'why-name-taken': l10n.t('There is a remote of that name already.'),
        'next-name-taken': l10n.t('Choose another name.'),
        'why-tor-down': l10n.t('Tor does not answer on 127.0.0.1:9050.'),
        'next-tor-down': l10n.t('Start Tor, then try again.'),
        'why-unreachable': l10n.t('The other repository can’t be reached over Tor: its computer may be off, or its address may be no more.'),
        'next-unreachable': l10n.t('Ask the other person, then try again. The address stays good.'),
        'why-daemon-down': l10n.t('The other computer is there, but its repository is not being served.'),
        'next-daemon-down': l10n.t('The other person has to start the remote daemon; then try again.'),
        'why-refused': l10n.t('The other repository does not accept this address: it was revoked, or a part of it was changed.'),
        'next-refused': askForAnother,
        'why-link-failed': l10n.t('git-annex could not link to it.'),
        'next-link-failed': l10n.t('What it said is below. Try again when that is mended.'),
        'why-timed-out': l10n.t('There was no answer for three minutes.'),
        'next-timed-out': l10n.t('Is Tor running on both computers, and the other repository served? Then try again.'),
        'why-unexpected': l10n.t('Something went wrong that is not known.'),
        'next-unexpected': l10n.t('The log has the details.'),
    };
}

/** The reason to show for what was thrown. */
export function shownReason(error: unknown): ShownReason {
    const reason: string = error instanceof AnnexPeersError ? (error as AnnexPeersError).reason : 'unexpected';
    return reason === 'time-limit' ? 'timed-out' : (accessReasons.find(known => known === reason) ?? 'unexpected');
}
