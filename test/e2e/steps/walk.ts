/** The main job from beginning to end, as steps with names: what `npm start -- --auto` shows and the end-to-end test checks. */
import assert from 'node:assert/strict';
import { enableTor } from './enableTor';
import { addFile, assertShared, putFile } from './files';
import { pairByPage } from './pairing';
import { viewContainer, type Person } from './person';
import { syncContent, type SyncOutcome } from './sync';

export interface WalkObserver {
    /** Runs a step; tells how long it took. */
    step(name: string, action: () => Promise<unknown>): Promise<void>;
    /** Keeps a picture of a person's window. */
    picture(person: Person, name: string): Promise<unknown>;
}

/** Two people enable Tor, pair, and send each other a file. */
export async function walk(alice: Person, bob: Person, observer: WalkObserver): Promise<void> {
    const people = [alice, bob];
    await observer.step('Enable Tor on both computers', () => Promise.all(people.map(async person => enableTor(person, {
        atQuestion: async () => observer.picture(person, 'enable-tor'),
        atPassword: async () => observer.picture(person, 'password'),
    }))));
    await observer.step('pair', () => pairByPage(alice, bob, {
        atCodes: async () => Promise.all(people.map(person => observer.picture(person, 'codes'))),
        atPaired: async () => Promise.all(people.map(person => observer.picture(person, 'paired'))),
    }));
    for (const [sender, receiver] of [[alice, bob], [bob, alice]] as const) {
        const name = `letter-from-${sender.name}.txt`;
        const content = `Dear ${receiver.name}, this came over Tor. ${sender.name}\n`;
        await observer.step(`${sender.name} adds ${name}`, async () => {
            await putFile(sender, name, content);
            await addFile(sender, name);
        });
        await observer.step(`${sender.name} syncs, then ${receiver.name}`, async () => {
            for (const [person, peer] of [[sender, receiver], [receiver, sender]] as const) {
                assertWorked(await syncContent(person, peer.name), person);
            }
            await observer.picture(receiver, `synced-${name}`);
            await assertShared(people, name, content);
        });
    }
}

/** What has come about, in one picture: the letter that came, beside the peer and who has access. */
export async function lastPicture(person: Person, peer: Person, observer: WalkObserver): Promise<void> {
    const { window } = person;
    await window.openFile(`letter-from-${peer.name}.txt`);
    await window.openViewContainer(viewContainer);
    for (const row of ['Network', 'Who has access', peer.name]) {
        await window.treeItem(row).click();
    }
    await window.treeItem('Address').waitFor();
    // Wide enough to be read, and nothing selected in its colours.
    const { page } = window;
    const edge = await page.locator('.part.sidebar').boundingBox();
    assert.ok(edge !== null);
    const [x, y] = [edge.x + edge.width + 1, edge.y + edge.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 70, y);
    await page.mouse.move(x + 210, y);
    await page.mouse.up();
    await window.treeItem('Last error').click();
    await page.locator('.part.editor .view-lines').first().click();
    await observer.picture(person, 'synced');
}

function assertWorked({ text, severity }: SyncOutcome, { name }: Person): void {
    assert.ok(severity === 'info' || severity === 'quiet', `${name} was told: ${text}`);
}
