/**
 * The two commands: sending and receiving, with the words that go with them.
 *
 * The code is the first thing that `send` prints: git-annex takes the first token of the output that looks like one, and a
 * date or a file's name can look like one.
 */
import { access } from 'node:fs/promises';
import { AnnexPeersError, CancelledError } from '../core/errors';
import { resultsVariable, writeResult, type WormholeResult } from '../core/pairing/wormholeResults';
import { displayable } from '../core/wormhole/bytes';
import { WormholeError } from '../core/wormhole/errors';
import { gitAnnexAppId, sizeLimitsOf, type WormholeOptions } from '../core/wormhole/options';
import { receive, type Decision } from '../core/wormhole/receive';
import { sendFile, sendText } from '../core/wormhole/send';
import type { TransferStatus } from '../core/wormhole/status';
import type { Offer } from '../core/wormhole/transferMessages';
import type { Command } from './arguments';
import { wormholeOptions } from './network';
import { ask, printText, progressLine, readAll, readLine, say, sizeWords } from './terminal';
import { wordsFor } from './words';

type Send = Extract<Command, { kind: 'send' }>;
type Receive = Extract<Command, { kind: 'receive' }>;

/** Runs a command to its end and gives the exit code. */
export async function runCommand(command: Send | Receive, signal: AbortSignal): Promise<number> {
    const report = (result: WormholeResult): Promise<void> => writeResult(process.env[resultsVariable], command.kind, result);
    try {
        const options = await wormholeOptions(command.network, command.kind, signal);
        await (command.kind === 'send' ? send(command, options) : receiveAny(command, options));
        await report('ok');
        return 0;
    } catch (error) {
        if (!(error instanceof CancelledError)) {
            await report(error instanceof WormholeError ? error.reason : 'unknown');
        }
        if (error instanceof CancelledError) {
            say('Cancelled.');
        } else if (error instanceof WormholeError) {
            say(`wormhole: ${wordsFor(error.reason)}`);
            say(`(${error.message}${error.detail === '' ? '' : `: ${displayable(error.detail, 500)}`})`);
        } else {
            say(`wormhole: unexpected failure: ${error instanceof AnnexPeersError ? error.reason : error instanceof Error ? error.message : 'unknown'}`);
        }
        return 1;
    }
}

async function send(command: Send, options: WormholeOptions): Promise<void> {
    const progress = progressLine(command.hideProgress);
    const onStatus = (status: TransferStatus): void => {
        switch (status.step) {
            case 'code':
                say(`Wormhole code is: ${status.code}`);
                say(`On the other computer, please run:\n\nwormhole receive ${status.code}\n`);
                break;
            case 'transferring':
                progress(status.done, status.total);
                break;
            case 'done':
                say('Sent.');
                break;
            case 'connecting':
            case 'waiting':
            case 'verified':
            case 'offered':
                break;
        }
    };
    const common = { ...options, code: command.code, words: command.words, onStatus };
    if (command.file !== undefined) {
        await sendFile({ ...common, path: command.file });
        return;
    }
    const text = command.text === '-' ? await readAll(sizeLimitsOf(options).message) : command.text;
    if (text === undefined) {
        throw new WormholeError('invalid-option', 'the text is too long');
    }
    await sendText({ ...common, text });
}

async function receiveAny(command: Receive, options: WormholeOptions): Promise<void> {
    const progress = progressLine(command.hideProgress);
    const received = await receive({
        ...options,
        code: command.code ?? askForCode,
        decide: offer => decide(command, options, offer),
        onStatus: status => {
            if (status.step === 'transferring') {
                progress(status.done, status.total);
            }
        },
    });
    if (received.kind === 'text') {
        printText(received.text);
    } else {
        say(`Received ${sizeWords(received.size)}, written to ${displayable(received.path, 1000)}`);
    }
}

async function askForCode(): Promise<string> {
    const line = process.stdin.isTTY ? await ask('Enter receive wormhole code: ') : await readLine();
    if (line === undefined) {
        throw new WormholeError('invalid-code', 'no code was given');
    }
    return line;
}

async function decide(command: Receive, options: WormholeOptions, offer: Offer): Promise<Decision> {
    switch (offer.kind) {
        case 'text':
            // git-annex waits for a file; a text on its output could be nothing but a trick.
            return options.appId === gitAnnexAppId ? { kind: 'refuse' } : { kind: 'accept-text' };
        case 'other':
            say(`Offered: ${displayable(offer.what)}, which is not supported.`);
            return { kind: 'refuse' };
        case 'file': {
            if (command.onlyText) {
                return { kind: 'refuse' };
            }
            const path = command.outputFile ?? (await freeName());
            if (!command.acceptFile) {
                say(`Offered: a file of ${sizeWords(offer.size)}, named "${displayable(offer.name)}" by the other side.`);
                const answer = await ask(`Receive it as ${displayable(path, 1000)}? (Y/n): `);
                if (answer === undefined || !/^(?:y.*)?$/iu.test(answer.trim())) {
                    return { kind: 'refuse' };
                }
            }
            return { kind: 'accept-file', path };
        }
    }
}

/** A name of our own making: the other side's is never a path. */
async function freeName(): Promise<string> {
    for (let number = 1; ; number++) {
        const name = number === 1 ? 'wormhole-received' : `wormhole-received-${number}`;
        const exists = await access(name).then(() => true, () => false);
        if (!exists) {
            return name;
        }
    }
}
