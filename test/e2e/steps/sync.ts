/** Sync Content with one peer, by the action on its row. */
import { viewContainer, type Person } from './person';

const syncLimitMs = 150_000;

/** Syncs and answers what it asks with the first, affirmative button; gives back the summary's text. */
export async function syncContent({ window }: Person, peer: string): Promise<string> {
    await window.openViewContainer(viewContainer);
    await window.clickInlineAction(peer, 'Sync Content with This Peer');
    const { text } = await window.dialogs.notification(/synced|received|sent/iu, syncLimitMs);
    await window.dialogs.dismissNotification(/synced|received|sent/iu);
    return text;
}
