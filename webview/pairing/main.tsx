/** The pairing page: shows the snapshots that the extension sends, and sends back what the user does. It keeps nothing. */
import { render } from 'preact';
import { parseHostMessage, type PageMessage } from '../../src/shared/pairing/messages';
import { connectHost } from '../common/host';
import { pageStyles } from '../common/pageStyles';
import { adoptStyles, baseStyles } from '../common/styles';
import { App, type Received } from './app';
import { pairingStyles } from './styles';

adoptStyles(baseStyles, pageStyles, pairingStyles);

const root = document.getElementById('root');
if (root !== null) {
    let received: Received = { texts: undefined, snapshot: undefined, nameChecked: undefined, copies: 0 };
    const host = connectHost<PageMessage, NonNullable<ReturnType<typeof parseHostMessage>>>(parseHostMessage, message => {
        switch (message.type) {
            case 'texts':
                received = { ...received, texts: message.texts };
                break;
            case 'snapshot':
                received = { ...received, snapshot: message.snapshot };
                break;
            case 'name-checked':
                received = { ...received, nameChecked: message };
                break;
            case 'copied':
                received = { ...received, copies: received.copies + 1 };
                break;
        }
        render(<App received={received} send={host.send} />, root);
    });
    host.send({ type: 'ready' });
}
