/** The editor's cancellation as the core's. */
import type * as vscode from 'vscode';

export function abortSignalOf(token: vscode.CancellationToken): AbortSignal {
    const controller = new AbortController();
    if (token.isCancellationRequested) {
        controller.abort();
    }
    token.onCancellationRequested(() => controller.abort());
    return controller.signal;
}
