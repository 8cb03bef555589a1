/** Sync Content with one peer, by the action on its row, answering what it asks. */
import { waitFor } from '../../rig/wait';
import { viewContainer, type Person } from './person';

const syncLimitMs = 180_000;

/** A question by its words, and the button that answers it. */
export type Answers = readonly (readonly [question: RegExp, button: string])[];

export const agreeToEverything: Answers = [
    [/Commit these files before syncing/u, 'Commit and Sync'],
    [/created apart/u, 'Merge the Histories'],
];

export interface SyncOutcome {
    readonly text: string;
    readonly severity: 'quiet' | 'info' | 'warning' | 'error';
    /** The questions that came, in order. */
    readonly questions: readonly string[];
}

/** What a sync says at its end. */
const summary = /^(?:Synced with|Everything is in sync with)/u;

/** Syncs with a peer and waits for the one message at the end. @throws {Error} on a question that has no answer */
export async function syncContent(person: Person, peer: string, answers: Answers = agreeToEverything): Promise<SyncOutcome> {
    await beginSync(person, peer);
    return untilSynced(person, answers);
}

/** As {@link syncContent}, without waiting for its end; what the last one said is gone. */
export async function beginSync(person: Person, peer: string): Promise<void> {
    await waitFor(async () => await quietSummary(person) === undefined, { what: 'the last summary to go', limitMs: 10_000 });
    await person.window.openViewContainer(viewContainer);
    await person.window.clickInlineAction(peer, 'Sync Content with This Peer');
}

/** Answers what a running sync asks until it has ended. */
export async function untilSynced(person: Person, answers: Answers = agreeToEverything): Promise<SyncOutcome> {
    const { window, name } = person;
    const questions: string[] = [];
    return waitFor(async () => {
        if (await window.dialogs.isModalOpen()) {
            const { text } = await window.dialogs.modal();
            const button = answers.find(([question]) => question.test(text))?.[1];
            if (button === undefined) {
                throw new Error(`${name} was asked: ${text}`);
            }
            questions.push(text);
            await window.dialogs.clickModal(button);
            return undefined;
        }
        if (await window.quickInput.isOpen()) {
            questions.push(await window.quickInput.title());
            await window.quickInput.clickButton('OK');
            await window.quickInput.waitUntilClosed();
            return undefined;
        }
        // What can be cancelled is still going on.
        const shown = (await window.dialogs.notifications()).find(({ text, severity, buttons }) => !buttons.includes('Cancel') && (summary.test(text) || severity !== 'info'));
        if (shown !== undefined) {
            await window.dialogs.dismissNotification(shown.text.slice(0, 60));
            return { text: shown.text, severity: shown.severity, questions };
        }
        const quiet = await quietSummary(person);
        return quiet === undefined ? undefined : { text: quiet, severity: 'quiet' as const, questions };
    }, { what: `the end of ${name}'s sync`, limitMs: syncLimitMs });
}

/** A sync that had nothing to do says so for some seconds in the status bar. */
async function quietSummary({ window }: Person): Promise<string | undefined> {
    return (await window.statusBar()).find(({ text }) => summary.test(text))?.text;
}
