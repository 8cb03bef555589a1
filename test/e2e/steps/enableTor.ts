/** Enable Tor, as a person does it: from the view's button to the word that peers can reach the repository. */
import type { Person } from './person';
import { viewContainer } from './person';

const publishLimitMs = 150_000;

export interface EnableTorOptions {
    /** What to type when sudo asks; the person's own password if left out. */
    readonly password?: string;
    /** Called while the terminal asks for the password. */
    readonly atPassword?: () => Promise<unknown>;
    /** Called with the question's text, before it is answered. */
    readonly atQuestion?: (text: string) => Promise<unknown>;
}

/** Starts it and types the password; what comes of it is for the caller to see. */
export async function startEnableTor({ window, computer }: Person, options: EnableTorOptions = {}): Promise<void> {
    await window.openViewContainer(viewContainer);
    await window.clickWelcome('Enable Tor');
    const question = await window.dialogs.modal('reachable over Tor?');
    await options.atQuestion?.(question.text);
    await window.dialogs.clickModal('Run with sudo');
    await window.terminal.waitFor(/password for/u);
    await options.atPassword?.();
    await window.terminal.enter(options.password ?? computer.user.password);
}

/** Does it all; gives back the notification's text. */
export async function enableTor(person: Person, options: EnableTorOptions = {}): Promise<string> {
    await startEnableTor(person, options);
    const { text } = await person.window.dialogs.notification(/Peers can now reach/u, publishLimitMs);
    await person.window.dialogs.dismissNotification(/Peers can now reach/u);
    return text;
}

/** Answers the question that comes for a repository with an onion service that nobody has agreed on yet. */
export async function agreeToServe({ window }: Person): Promise<void> {
    await window.dialogs.notification(/to its paired peers over Tor/u);
    await window.dialogs.clickNotification(/to its paired peers over Tor/u, 'Serve');
}
