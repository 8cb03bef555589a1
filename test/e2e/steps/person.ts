/** Somebody at a computer of the rig, with a window on their repository in front of them. */
import type { Browser } from 'playwright-core';
import type { Computer } from '../../rig/computers/computer';
import type { Seat } from '../../rig/editor/seat';
import type { Workbench } from '../../rig/editor/workbench';

export interface Person {
    readonly name: string;
    readonly computer: Computer;
    readonly seat: Seat;
    readonly window: Workbench;
}

export const viewContainer = 'git-annex Peers';

/** Opens the window, trusts the folder, and shows the peers' view. */
export async function sitDown(seat: Seat, browser: Browser): Promise<Person> {
    const window = await seat.openWindow(browser);
    await window.grantTrust();
    await window.openViewContainer(viewContainer);
    return { name: seat.name, computer: seat.computer, seat, window };
}
