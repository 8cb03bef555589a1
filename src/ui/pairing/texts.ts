/**
 * All words of a pairing, for the page and the input boxes alike.
 */
import { l10n } from 'vscode';
import type { FailureReason } from '../../shared/pairing/snapshot';
import type { Texts } from '../../shared/pairing/texts';

export function pairingTexts(): Texts {
    return { ...beforeTexts(), ...codeTexts(), ...progressTexts(), ...failureTexts() };
}

function beforeTexts() {
    return {
        title: l10n.t('Pair with a peer'),
        repository: l10n.t('Repository {0}'),
        progress: l10n.t('Progress'),
        stepPreparing: l10n.t('Prepare a code'),
        stepCodeReady: l10n.t('Exchange codes'),
        stepWaiting: l10n.t('Wait for the other person'),
        stepExchanging: l10n.t('Exchange addresses and keys'),
        stepConnecting: l10n.t('Connect over Tor'),
        stepPaired: l10n.t('Paired'),
        stepDone: l10n.t('done'),
        stepFailed: l10n.t('did not work'),
        allowsTitle: l10n.t('What you allow the peer to do'),
        allowsIntro: l10n.t('Each of you gets the other’s repository as a git remote. From then on the peer can, whenever this repository is served:'),
        allowsRead: l10n.t('read the whole history and the content of every file, also of files that were deleted'),
        allowsUpload: l10n.t('upload commits and content'),
        allowsRemove: l10n.t('remove content from this repository'),
        allowsIdentity: l10n.t('see the name and e-mail address that your commits carry'),
        allowsTrust: l10n.t('Pair only with people whom you trust with that.'),
        privacyTitle: l10n.t('What this pairing gives away'),
        clearNetText: l10n.t(
            'The peers will talk over Tor. This pairing does not: while the codes are exchanged, the Magic Wormhole mailbox server, its relay and the other person learn the IP address of this computer.',
        ),
        clearNetConsent: l10n.t('I agree that they learn my IP address, this time.'),
        consentMissing: l10n.t('Tick the box to go on without hiding your IP address.'),
        torText: l10n.t('This pairing goes through Tor: neither the mailbox server, nor its relay, nor the other person learns the IP address of this computer.'),
        nameLabel: l10n.t('Name for the peer'),
        nameHint: l10n.t('What this repository calls the other one, for example “alice_laptop”. It becomes the name of a git remote.'),
        nameChanged: l10n.t('It will be called “{0}”.'),
        nameTaken: l10n.t('There is a remote called “{0}” already. Choose another name.'),
        nameInvalid: l10n.t('Use letters, digits, “_” and “.”, with a letter or digit at the end.'),
        howTitle: l10n.t('How to exchange the codes'),
        howIntro: l10n.t('You each give the other person your own code. Whoever gets hold of both in time could pair in the other person’s place. Safest first:'),
        howInPerson: l10n.t('In person: show each other the screen, or read it out.'),
        howEncrypted: l10n.t('In an encrypted message: end-to-end encrypted chat or e-mail.'),
        howVoice: l10n.t('In a voice or video call with somebody whose voice you know.'),
        howNot: l10n.t('Not by plain e-mail, text message or in a public chat.'),
        showCode: l10n.t('Show my code'),
        cancel: l10n.t('Cancel'),
        useInputBox: l10n.t('Continue in the input box'),
        usePage: l10n.t('Continue on the page'),
        preparingTitle: l10n.t('Preparing your code'),
        preparingText: l10n.t('This takes some seconds.'),
    };
}

function codeTexts() {
    return {
        yourCode: l10n.t('Your code'),
        yourCodeHint: l10n.t('Give it to the other person. It works once, while this pairing runs, and for an hour at most.'),
        copy: l10n.t('Copy'),
        copied: l10n.t('Copied'),
        copiedAnnounce: l10n.t('Your code is in the clipboard.'),
        codeAnnounce: l10n.t('Your code is ready: {0}'),
        peerEntered: l10n.t('The other person has entered your code.'),
        theirCode: l10n.t('The other person’s code'),
        theirCodeHint: l10n.t('A number and two words, for example 7-amulet-tiger.'),
        pair: l10n.t('Pair'),
        pairAnyway: l10n.t('Use it all the same'),
        completions: l10n.t('Words that fit'),
        completionsCount: l10n.t('{0} words fit. Use the arrow keys to choose one.'),
        codeEmpty: l10n.t('Enter the other person’s code.'),
        codeNumber: l10n.t('A code begins with a number.'),
        codeWords: l10n.t('Two words follow the number.'),
        codeMalformed: l10n.t('That is not a code. A code is a number and two words, joined by hyphens.'),
        codeDidYouMean: l10n.t('Did you mean {0}?'),
        codeUseSuggestion: l10n.t('Use {0}'),
        codeOwn: l10n.t('That is your own code. Enter the one that the other person sees.'),
        codeOwnNumber: l10n.t('That number is your own code’s. Enter the code that the other person sees.'),
        codeUnknown: l10n.t('Not a usual word of a code: {0}.'),
        codeCompare: l10n.t('Compare it with the other person: a wrong code can’t be tried twice.'),
        codeEnterAgain: l10n.t('Press Enter again to use it all the same.'),
        codeOk: l10n.t('That is a complete code.'),
    };
}

function progressTexts() {
    return {
        waitingTitle: l10n.t('Waiting for the other person'),
        waitingText: l10n.t('The other person’s code is in. Now they have to enter yours.'),
        waitingEntered: l10n.t('Both codes have been entered. The other person’s part is on its way.'),
        waitingSlow: l10n.t('Still nothing. Ask the other person: if they have closed their pairing or started again, you have to start again too, and both of you need new codes.'),
        exchangingTitle: l10n.t('Exchanging addresses and keys'),
        exchangingText: l10n.t('The other person’s part has arrived, and the code was right. Yours is sent as soon as they enter your code.'),
        connectingTitle: l10n.t('Connecting to {0}'),
        connectingText: l10n.t('Both repositories look for each other over Tor. This can take a minute or two, and several attempts.'),
        connectingAttempts: l10n.t('Attempt {0}'),
        overdueTitle: l10n.t('This takes longer than usual'),
        overdueText: l10n.t('Is the other computer still on, and its repository served? Is Tor running on both? It is still being tried.'),
        keepTrying: l10n.t('Keep trying'),
        stop: l10n.t('Stop'),
        endingTitle: l10n.t('Ending the pairing'),
        endingText: l10n.t('What it had begun is removed again.'),
        pairedTitle: l10n.t('Paired with {0}'),
        pairedText: l10n.t('The two repositories know each other now, and {0} is a remote of this one.'),
        pairedNext: l10n.t('The first sync exchanges the history and the files.'),
        syncNow: l10n.t('Sync now'),
        close: l10n.t('Close'),
        failedTitle: l10n.t('The pairing did not work'),
        detailLabel: l10n.t('What git-annex said'),
        startAgain: l10n.t('Start again'),
        showLog: l10n.t('Show the log'),
        enableTor: l10n.t('Enable Tor'),
        startTor: l10n.t('Start Tor'),
        tokenMayRemain: l10n.t('An access token of this pairing may be left in .git/annex/creds/p2pauth: the file could not be changed.'),
        cancelledTitle: l10n.t('The pairing has been ended'),
        cancelledText: l10n.t('Nothing of it is left on this computer. The codes can’t be used any more; to try again, both of you need new ones.'),
    };
}

function failureTexts(): Record<`fail-${FailureReason}` | `next-${FailureReason}`, string> {
    const bothAgain = l10n.t('Both of you have to start again, with new codes: each code allows one try.');
    return {
        'fail-no-address': l10n.t('This repository has no address yet: Tor is not enabled for it.'),
        'next-no-address': l10n.t('Enable Tor for this repository, then pair.'),
        'fail-no-wormhole': l10n.t('git-annex found no Magic Wormhole program.'),
        'next-no-wormhole': l10n.t('Install magic-wormhole, then start again.'),
        'fail-mailbox-unreachable': l10n.t('Magic Wormhole did not reach its mailbox server.'),
        'next-mailbox-unreachable': l10n.t('Check the network connection, then start again. Some networks block the server.'),
        'fail-no-code': l10n.t('Magic Wormhole gave no code in time. Its mailbox server may be out of reach.'),
        'next-no-code': l10n.t('Check the network connection, then start again.'),
        'fail-wrong-code-here': l10n.t(
            'The code that you entered did not fit, or the other person’s pairing had ended. Mostly it is a typing error; it can also be an attack: somebody who tries to take the other person’s place.',
        ),
        'next-wrong-code-here': bothAgain,
        'fail-wrong-code-there': l10n.t('The code that was entered for yours did not fit. Mostly it is a typing error; it can also be an attack: somebody who guesses. Whoever it was has learned nothing.'),
        'next-wrong-code-there': bothAgain,
        'fail-tor-down': l10n.t('Tor does not answer on 127.0.0.1:9050, so the pairing was stopped. Nothing went around Tor.'),
        'next-tor-down': l10n.t('Start Tor, then start again.'),
        'fail-mailbox-certificate': l10n.t('The mailbox server shows a certificate that is not trusted: it may be somebody else’s server. Nothing was sent to it.'),
        'next-mailbox-certificate': l10n.t('Check the address of the mailbox server in the settings, and the clock of this computer. Start again later: over Tor the way will be another.'),
        'fail-mailbox-refused': l10n.t('The mailbox server turned this pairing away, or did not do as it should.'),
        'next-mailbox-refused': l10n.t('Start again later, or choose another mailbox server in the settings. Both of you need the same one.'),
        'fail-bad-setting': l10n.t('The address of the mailbox server or of the transit relay in the settings can’t be used.'),
        'next-bad-setting': l10n.t('Correct the settings whose names begin with “annexPeers.wormhole”, then start again.'),
        'fail-crowded': l10n.t('Somebody else has used one of the two codes. It may be a typing error of a stranger; it may also be an attack. So the pairing was stopped, and what it had begun was removed again.'),
        'next-crowded': bothAgain,
        'fail-hostile-key': l10n.t('What came in the other person’s place is something that only an attacker sends. It was refused, the pairing was stopped, and what it had begun was removed again.'),
        'next-hostile-key': l10n.t('Both of you have to start again, with new codes. Exchange them where nobody else can see or hear them.'),
        'fail-peer-absent': l10n.t('The other person did not come in time.'),
        'next-peer-absent': l10n.t('Agree on a time, then start again, both of you with new codes. If the other person has been waiting as well, compare the codes: a wrong number leads to nobody.'),
        'fail-peer-gone': l10n.t('The other person’s pairing ended before everything was exchanged.'),
        'next-peer-gone': l10n.t('Ask whether they cancelled it. To try again, both of you need new codes.'),
        'fail-exchange-failed': l10n.t('The codes were right, but the addresses and keys could not be exchanged.'),
        'next-exchange-failed': l10n.t('Both of you have to start again, with new codes. If it happens again, choose another transit relay in the settings.'),
        'fail-not-connected': l10n.t('The codes were right, but the two repositories did not find each other over Tor.'),
        'next-not-connected': l10n.t('Check that Tor runs on both computers and that both repositories are served, then start again on both. If the other person’s side says that it is paired, have it remove that peer first.'),
        'fail-not-stored': l10n.t('git-annex said that the pairing worked, but did not store the peer.'),
        'next-not-stored': l10n.t('Start again on both sides, perhaps with another name for the peer.'),
        'fail-name-taken': l10n.t('A remote of that name has come up in the meantime, so git-annex did not store the peer.'),
        'next-name-taken': l10n.t('Start again on both sides, with another name for the peer.'),
        'fail-not-started': l10n.t('git-annex could not be started.'),
        'next-not-started': l10n.t('The log says why.'),
        'fail-unexpected': l10n.t('git-annex ended in a way that this extension does not know.'),
        'next-unexpected': l10n.t('The log says more. To try again, both of you need new codes.'),
    };
}
