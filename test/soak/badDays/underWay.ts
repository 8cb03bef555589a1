/** What a person may be in the middle of when the editor goes, and how they do it again. */
import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Computer } from '../../rig/computers/computer';
import { waitFor } from '../../rig/wait';
import type { FaultyPeer } from './peer';
import { addFile } from '../../e2e/steps/files';
import { traces } from '../../e2e/steps/leftovers';
import { PairingPage } from '../../e2e/steps/pairing';
import type { Person } from '../../e2e/steps/person';
import { kill, running } from '../../e2e/steps/processes';
import { beginSync, syncContent } from '../../e2e/steps/sync';

export interface Scene {
    readonly person: Person;
    /** A peer of theirs by the name `bob`, at a command line. */
    readonly bob: FaultyPeer;
    /** Different every time; a part of names. */
    readonly turn: string;
}

export interface Activity {
    readonly what: string;
    /** Brings it into its middle. */
    begin(scene: Scene): Promise<void>;
    /** The command line of something that must run then. */
    readonly runs: RegExp;
    /** After it was cut off: nothing is lost. */
    check?(scene: Scene): Promise<void>;
    /** The next try, to its good end. */
    again(scene: Scene): Promise<void>;
}

async function askForTor({ person: { window, computer } }: Scene): Promise<void> {
    await withoutTor(computer);
    await window.runCommand('Annex: Enable Tor');
    await window.dialogs.modal('reachable over Tor?');
    await window.dialogs.clickModal('Run with sudo');
    await window.terminal.waitFor(/password for/u);
}

async function enableTorAgain({ person: { window, computer } }: Scene): Promise<void> {
    await window.runCommand('Annex: Enable Tor');
    await window.dialogs.modal('reachable over Tor?');
    await window.dialogs.clickModal('Run with sudo');
    await window.terminal.waitFor(/password for/u);
    await window.terminal.enter(computer.user.password);
    const isDone = async (): Promise<boolean> => (await window.dialogs.notifications()).some(({ text }) => /Peers can now reach/u.test(text));
    await waitFor(async () => await isDone() || window.dialogs.isModalOpen(), { what: 'the end of Enable Tor', limitMs: 150_000 });
    if (!await isDone()) {
        // Cut off after the lines were written and before Tor had read them.
        await window.dialogs.clickModal('Reload Tor and Go On', /no onion address yet/u);
        await window.terminal.waitFor(/reload[^]*password for/u);
        await window.terminal.enter(computer.user.password);
        await window.terminal.waitFor(/enable-tor[^]*password for/u);
        await window.terminal.enter(computer.user.password);
    }
    await window.dialogs.notification(/Peers can now reach/u, 150_000);
    await window.dialogs.dismissNotification(/Peers can now reach/u);
}

/** As before Tor was first enabled; the tokens stay. */
async function withoutTor(computer: Computer): Promise<void> {
    const torrc = await computer.readFile('/etc/tor/torrc');
    const folder = /^HiddenServiceDir (\S+)$/mu.exec(torrc)?.[1];
    if (folder !== undefined) {
        await computer.execOrThrow(['rm', '-f', `${computer.repository}/.git/annex/creds/p2paddrs`]);
        await computer.writeFile('/etc/tor/torrc', torrc.replace(/^HiddenService.*\n/gmu, ''), 'root');
        await computer.reloadTor();
        await computer.execOrThrow(['rm', '-r', folder], { as: 'root' });
    }
}

async function pairAgain(scene: Scene): Promise<void> {
    await pairOn(await PairingPage.open(scene.person), scene);
}

/** As far as one can get alone. */
async function showCodeAgain({ person, turn }: Scene): Promise<void> {
    const page = await PairingPage.open(person);
    await page.showCode(`again${turn}`);
    await page.cancel();
}

/** Pairs on a page where the name is asked for. */
export async function pairOn(page: PairingPage, { person, bob, turn }: Scene): Promise<void> {
    const [code, theirs] = await Promise.all([page.showCode(`again${turn}`), bob.pair(`${person.name}${turn}`)]);
    theirs.process.write(`${code}\n`);
    await page.enterCode(theirs.code);
    await page.paired();
    assert.deepEqual(await theirs.process.exited, { code: 0, signal: null });
    await page.click('Close');
}

async function sizesIn(computer: Computer, folder: string, name: RegExp): Promise<readonly number[]> {
    const here = computer.hostPath(path.posix.join(computer.repository, '.git/annex', folder));
    const names = (await readdir(here).catch(() => [])).filter(entry => name.test(entry));
    return Promise.all(names.map(async entry => stat(path.join(here, entry)).then(({ size }) => size, () => 0)));
}

/** Large enough to be caught in the middle over a Tor that is slowed down. */
export const largeBytes = 4_000_000;
const partBytes = 200_000;
const largeName = (turn: string): string => `large${turn}.bin`;
const addedName = (turn: string): string => `video${turn}.bin`;

/** Bytes of a file under way that have come. */
export async function partComeOf({ computer }: Person): Promise<number> {
    return Math.max(0, ...await sizesIn(computer, 'tmp', /^SHA256/u));
}

/** The file is the same on both computers. */
export async function arrived({ person, bob, turn }: Scene): Promise<void> {
    const [here, there] = await Promise.all([person.computer, bob.computer].map(async computer => computer.execOrThrow(['sha256sum', '--', largeName(turn)], { cwd: computer.repository })));
    assert.equal(here, there);
}

/** Everything of this day is committed: no sync of a later one asks for it. */
async function commitAll({ computer }: Person): Promise<void> {
    await computer.execOrThrow(['git', 'commit', '--quiet', '-m', 'Added'], { cwd: computer.repository });
}

export const activities = {
    enabling: {
        what: 'enabling Tor, while the password is asked for',
        begin: askForTor,
        runs: /sudo -- \S*git-annex enable-tor/u,
        again: enableTorAgain,
    },
    enablingAsRoot: {
        what: "enabling Tor, while git-annex is at work as root",
        begin: async scene => {
            const { window, computer } = scene.person;
            await askForTor(scene);
            // A tor that hears nothing keeps git-annex waiting for the new address.
            await kill(computer, await running(computer, /^\/usr\/bin\/tor /u), 'STOP');
            await window.terminal.enter(computer.user.password);
            await waitFor(async () => (await running(computer, /^\S*git-annex enable-tor/u)).length > 0 && /HiddenServiceDir/u.test(await computer.readFile('/etc/tor/torrc')), { what: 'git-annex to be at work as root', limitMs: 20_000 });
        },
        runs: /^\S*git-annex enable-tor/u,
        check: async ({ person: { computer } }) => kill(computer, await running(computer, /^\/usr\/bin\/tor /u), 'CONT'),
        again: enableTorAgain,
    },
    pairing: {
        what: 'pairing, while the code is shown',
        begin: async ({ person, turn }) => {
            const page = await PairingPage.open(person);
            await page.showCode(`cut${turn}`);
        },
        runs: /git-annex p2p --pair/u,
        again: showCodeAgain,
    },
    connecting: {
        what: 'pairing, when the other is let in already',
        begin: async ({ person, bob, turn }) => {
            // So that she doesn't reach him.
            await bob.goAway();
            const { tokens } = await traces(person.computer);
            const page = await PairingPage.open(person);
            const [code, theirs] = await Promise.all([page.showCode(`cut${turn}`), bob.pair(`cut${turn}`)]);
            theirs.process.write(`${code}\n`);
            await page.enterCode(theirs.code);
            await page.reached('connecting');
            await waitFor(async () => (await traces(person.computer)).tokens !== tokens, { what: 'git-annex to let the other in', limitMs: 10_000 });
            await theirs.process.end();
        },
        runs: /git-annex p2p --pair/u,
        check: async ({ bob }) => bob.comeBack(),
        again: pairAgain,
    },
    syncing: {
        what: 'syncing, while a file comes',
        begin: async ({ person, bob, turn }) => {
            await bob.computer.torControl('SETCONF BandwidthRate=300KBytes BandwidthBurst=300KBytes');
            await bob.computer.execOrThrow(['dd', 'if=/dev/urandom', `of=${bob.computer.repository}/${largeName(turn)}`, `bs=${largeBytes}`, 'count=1']);
            await bob.git('annex', 'add', '--quiet', largeName(turn));
            await bob.git('commit', '--quiet', '-m', 'A large file');
            await beginSync(person, 'bob');
            await waitFor(async () => await partComeOf(person) > partBytes, { what: 'a part of the file', limitMs: 60_000 });
        },
        runs: /git-annex get|git annex get|git-remote-tor-annex/u,
        check: async ({ person, bob }) => {
            assert.ok(await partComeOf(person) > partBytes, 'the part that had come is kept');
            await bob.computer.torControl('RESETCONF BandwidthRate BandwidthBurst');
        },
        again: async ({ person, bob, turn }) => {
            const { text, severity } = await syncContent(person, 'bob');
            assert.ok(severity === 'info', text);
            await arrived({ person, bob, turn });
        },
    },
    adding: {
        what: 'adding a file',
        begin: async ({ person: { window, computer }, turn }) => {
            // Sparse: it takes no place, but git-annex's time.
            await computer.execOrThrow(['truncate', '--size=3G', addedName(turn)], { cwd: computer.repository });
            await window.chooseForFile(addedName(turn), 'Add to git-annex');
            await waitFor(async () => (await sizesIn(computer, 'othertmp', /^ingest/u)).length > 0, { what: 'git-annex to be reading it', limitMs: 20_000 });
        },
        runs: /git-annex add/u,
        check: async ({ person: { computer }, turn }) => {
            const file = path.posix.join(computer.repository, addedName(turn));
            assert.equal((await computer.execOrThrow(['stat', '--format=%F %s', file])).trim(), `regular file ${3 * 2 ** 30}`);
            // Nobody has locked it: its owner can still write it.
            await computer.execOrThrow(['truncate', '--size=1000', file]);
        },
        again: async ({ person, turn }) => {
            await addFile(person, addedName(turn));
            await commitAll(person);
        },
    },
} as const satisfies Record<string, Activity>;
