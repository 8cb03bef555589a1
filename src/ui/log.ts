/**
 * The log channel, as the core's log; every line is redacted before it gets there.
 */
import * as vscode from 'vscode';
import { redactingLog, rememberingLog, type Log, type Trouble } from '../core/log';

export interface LogChannel {
    readonly log: Log;
    /** The last warnings and errors, redacted as the log is. */
    readonly troubles: () => readonly Trouble[];
    show(): void;
    dispose(): void;
}

export function createLogChannel(): LogChannel {
    const channel = vscode.window.createOutputChannel('Annex Peers', { log: true });
    const { log, troubles } = rememberingLog({
        debug: message => channel.debug(message),
        info: message => channel.info(message),
        warn: message => channel.warn(message),
        error: message => channel.error(message),
    });
    return { log: redactingLog(log), troubles, show: () => channel.show(true), dispose: () => channel.dispose() };
}
