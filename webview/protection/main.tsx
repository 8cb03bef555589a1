/** The page "What this protects, and what it doesn't". */
import { parseHostMessage, type HostMessage, type PageMessage } from '../../src/shared/protection/messages';
import { startPage } from '../common/startPage';
import { App, type Received } from './app';
import { protectionStyles } from './styles';

startPage<HostMessage, PageMessage, Received>({
    styles: protectionStyles,
    parse: parseHostMessage,
    nothing: { content: undefined, section: undefined, shows: 0 },
    receive(received, message) {
        switch (message.type) {
            case 'content':
                return { ...received, content: message.content };
            case 'show':
                return { ...received, section: message.section, shows: received.shows + 1 };
        }
    },
    draw: (received, send) => <App received={received} send={send} />,
});
