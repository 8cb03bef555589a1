/**
 * Opens the extension's settings where they can be changed: those of machine scope are the remote computer's in a remote
 * window (WSL, SSH, the browser), and the user's settings don't list them there.
 */
import * as vscode from 'vscode';
import type { CommandTarget } from './pickRepository';

/** @param words what to look for among them, if it is a text */
export async function openSettings(extension: string, words: CommandTarget): Promise<void> {
    const query = `@ext:${extension}${typeof words === 'string' ? ` ${words}` : ''}`;
    await vscode.commands.executeCommand(vscode.env.remoteName === undefined ? 'workbench.action.openSettings' : 'workbench.action.openRemoteSettings', { query });
}
