/** Entry point: builds the model and the user interface, nothing else. */
import type * as vscode from 'vscode';

export function activate(_context: vscode.ExtensionContext): void {
    // The model and the views are built here.
}
