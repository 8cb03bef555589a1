/** The life of a page: it adopts its styles, says that it is ready, and draws itself anew for each message. It keeps nothing beyond that. */
import { render, type VNode } from 'preact';
import { connectHost } from './host';
import { pageStyles } from './pageStyles';
import { adoptStyles, baseStyles } from './styles';

type Ready = { readonly type: 'ready' };

interface PageOptions<In, Out, Received> {
    readonly styles: string;
    /** The message, or undefined for anything that isn't one. */
    readonly parse: (value: unknown) => In | undefined;
    /** Before anything has come. */
    readonly nothing: Received;
    /** What is known after a message. */
    readonly receive: (received: Received, message: In) => Received;
    readonly draw: (received: Received, send: (message: Out) => void) => VNode;
}

export function startPage<In, Out, Received>({ styles, parse, nothing, receive, draw }: PageOptions<In, Out | Ready, Received>): void {
    adoptStyles(baseStyles, pageStyles, styles);
    const root = document.getElementById('root');
    if (root === null) {
        return;
    }
    let received = nothing;
    const host = connectHost<Out | Ready, In>(parse, message => {
        received = receive(received, message);
        render(draw(received, host.send), root);
    });
    host.send({ type: 'ready' });
}
