/** The pairing page: shows the snapshots that the extension sends, and sends back what the user does. It keeps nothing. */
import { parseHostMessage, type HostMessage, type PageMessage } from '../../src/shared/pairing/messages';
import { startPage } from '../common/startPage';
import { App, type Received } from './app';
import { pairingStyles } from './styles';

startPage<HostMessage, PageMessage, Received>({
    styles: pairingStyles,
    parse: parseHostMessage,
    nothing: { texts: undefined, snapshot: undefined, nameChecked: undefined, advice: [], copies: 0 },
    receive(received, message) {
        switch (message.type) {
            case 'texts':
                return { ...received, texts: message.texts };
            case 'snapshot':
                return { ...received, snapshot: message.snapshot };
            case 'name-checked':
                return { ...received, nameChecked: message };
            case 'advice':
                return { ...received, advice: message.advice };
            case 'copied':
                return { ...received, copies: received.copies + 1 };
        }
    },
    draw: (received, send) => <App received={received} send={send} />,
});
