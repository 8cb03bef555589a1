/**
 * Entry point: builds the model and the user interface, nothing else.
 */
import type * as vscode from 'vscode';
import { App } from './ui/app';

let app: App | undefined;

export function activate(context: vscode.ExtensionContext): void {
    app = new App(context);
    app.start();
}

export async function deactivate(): Promise<void> {
    await app?.dispose();
    app = undefined;
}
