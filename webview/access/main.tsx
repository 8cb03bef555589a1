/** The page for addresses by hand and verifying: shows the snapshots that the extension sends, and sends back what the user does. */
import { render } from 'preact';
import { parseHostMessage, type HostMessage, type PageMessage } from '../../src/shared/access/messages';
import { connectHost } from '../common/host';
import { pageStyles } from '../common/pageStyles';
import { adoptStyles, baseStyles } from '../common/styles';
import { App, type Received } from './app';
import { accessStyles } from './styles';

adoptStyles(baseStyles, pageStyles, accessStyles);

const root = document.getElementById('root');
if (root !== null) {
    let received: Received = { texts: undefined, snapshot: undefined, linkChecked: undefined, copied: { address: 0, instructions: 0 } };
    const host = connectHost<PageMessage, HostMessage>(parseHostMessage, message => {
        switch (message.type) {
            case 'texts':
                received = { ...received, texts: message.texts };
                break;
            case 'snapshot':
                received = { ...received, snapshot: message.snapshot };
                break;
            case 'link-checked':
                received = { ...received, linkChecked: message };
                break;
            case 'copied':
                received = { ...received, copied: { ...received.copied, [message.what]: received.copied[message.what] + 1 } };
                break;
        }
        render(<App received={received} send={host.send} />, root);
    });
    host.send({ type: 'ready' });
}
