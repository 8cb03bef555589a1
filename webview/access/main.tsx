/** The page for addresses by hand and verifying: shows the snapshots that the extension sends, and sends back what the user does. */
import { parseHostMessage, type HostMessage, type PageMessage } from '../../src/shared/access/messages';
import { startPage } from '../common/startPage';
import { App, type Received } from './app';
import { accessStyles } from './styles';

startPage<HostMessage, PageMessage, Received>({
    styles: accessStyles,
    parse: parseHostMessage,
    nothing: { texts: undefined, snapshot: undefined, linkChecked: undefined, copied: { address: 0, instructions: 0 } },
    receive(received, message) {
        switch (message.type) {
            case 'texts':
                return { ...received, texts: message.texts };
            case 'snapshot':
                return { ...received, snapshot: message.snapshot };
            case 'link-checked':
                return { ...received, linkChecked: message };
            case 'copied':
                return { ...received, copied: { ...received.copied, [message.what]: received.copied[message.what] + 1 } };
        }
    },
    draw: (received, send) => <App received={received} send={send} />,
});
