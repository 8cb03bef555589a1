/**
 * The log channel, as the core's log; every line is redacted before it gets there.
 */
import * as vscode from 'vscode';
import { redactingLog, type Log } from '../core/log';

export interface LogChannel {
    readonly log: Log;
    show(): void;
    dispose(): void;
}

export function createLogChannel(): LogChannel {
    const channel = vscode.window.createOutputChannel('Annex Peers', { log: true });
    const log = redactingLog({
        debug: message => channel.debug(message),
        info: message => channel.info(message),
        warn: message => channel.warn(message),
        error: message => channel.error(message),
    });
    return { log, show: () => channel.show(true), dispose: () => channel.dispose() };
}
