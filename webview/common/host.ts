/** The way to the extension: messages out, messages in. A page keeps no state, so nothing else of VS Code's API is used. */

interface VsCodeApi {
    postMessage(message: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export interface Host<Out> {
    readonly send: (message: Out) => void;
}

/** Connects to the extension; `receive` gets every message that `parse` takes for one. */
export function connectHost<Out, In>(parse: (value: unknown) => In | undefined, receive: (message: In) => void): Host<Out> {
    const api = acquireVsCodeApi();
    window.addEventListener('message', event => {
        const message = parse(event.data);
        if (message !== undefined) {
            receive(message);
        }
    });
    return { send: message => api.postMessage(message) };
}
