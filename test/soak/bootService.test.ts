/**
 * Serving while VS Code is closed, in a real window and by a real systemd of the user's own: what is written is shown before, a friend reaches
 * the repository when no editor is open, and windows that are opened then watch.
 */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../rig/editor/browser';
import { waitFor } from '../rig/wait';
import { CommandLine } from '../e2e/steps/commandLine';
import { oneAfterTheOther } from '../e2e/steps/oneAfterTheOther';
import { viewContainer, type Person } from '../e2e/steps/person';
import { running } from '../e2e/steps/processes';
import { screenshotFolder, Stage } from '../e2e/steps/stage';

const daemon = /^\S*git-annex remotedaemon/u;
const command = 'Annex: Serve When VS Code Is Closed';

/** A systemd of the computer's person, as a login starts it. */
async function logIn({ computer }: Person): Promise<void> {
    const { uid, gid } = computer.user;
    const script = `
mkdir -p /run/systemd/system /run/user/${uid} && chown ${uid}:${gid} /run/user/${uid} && chmod 700 /run/user/${uid}
mount -t cgroup2 none /sys/fs/cgroup
group=/sys/fs/cgroup/annex-peers-rig-$$-$(hostname)
mkdir "$group" && echo 0 > "$group/cgroup.procs" && chown -R ${uid}:${gid} "$group"
exec setpriv --reuid=${uid} --regid=${gid} --init-groups env HOME=${computer.user.home} XDG_RUNTIME_DIR=/run/user/${uid} SYSTEMD_LOG_TARGET=console /usr/lib/systemd/systemd --user
`;
    await computer.spawn(['sh', '-c', script], { as: 'root' });
    await waitFor(async () => (await computer.exec(['systemctl', '--user', 'show', '--property=Version'], { env: { XDG_RUNTIME_DIR: `/run/user/${uid}` } })).code === 0, { what: 'systemd', limitMs: 20_000 });
}

describe('serving while VS Code is closed', function () {
    this.timeout(300_000);
    // Each step needs the ones before.
    oneAfterTheOther(this);
    let stage: Stage;
    let alice: Person;
    let bob: CommandLine;
    let browser: Browser | undefined;

    before(async () => {
        stage = await Stage.set({ people: ['alice', 'bob'], atEditors: ['alice'], files: name => ({ [`${name}-readme.txt`]: `Files of ${name}.\n` }) });
        const aliceAtCommandLine = new CommandLine(stage.rig.computer('alice'));
        bob = new CommandLine(stage.rig.computer('bob'));
        await aliceAtCommandLine.enableTor();
        await stage.open();
        alice = stage.person('alice');
        await logIn(alice);
        await alice.window.dialogs.clickNotification(/Serve/u, 'Serve');
        await waitFor(async () => (await daemons()).length === 1, { what: 'the window to serve', limitMs: 20_000 });
        await bob.link(await aliceAtCommandLine.address(), 'alice');
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await stage.pictures('boot-failure');
            await stage.logs('boot-failure');
        }
    });

    after(async () => {
        await browser?.close();
        await stage.strike();
    });

    const daemons = async (): Promise<readonly number[]> => running(alice.computer, daemon);
    const says = async (words: RegExp): Promise<void> => {
        await alice.window.openViewContainer(viewContainer);
        await waitFor(async () => words.test(await alice.window.page.locator('.part.sidebar').innerText()), { what: `the view to say ${String(words)}`, limitMs: 20_000 });
    };
    const unit = async (): Promise<string> => alice.computer.execOrThrow(['sh', '-c', 'cat ~/.config/systemd/user/*.service 2>/dev/null || true']);
    const reaches = async (): Promise<boolean> => (await bob.computer.exec(['git', 'ls-remote', 'alice'], { cwd: bob.computer.repository, timeLimitMs: 60_000 })).code === 0;

    it('writes nothing that was not shown and agreed to', async () => {
        const { window } = alice;
        await window.runCommand(command);
        const { text } = await window.dialogs.modal(/also when VS Code is closed/u);
        assert.match(text, /\.config\/systemd\/user\/annex-peers-/u);
        await window.screenshot(screenshotFolder, 'boot-question');
        assert.match(await window.page.locator('.monaco-editor .view-lines').first().innerText(), /ExecStart|Description/u);
        await window.dialogs.clickModal('Cancel');
        assert.equal(await unit(), '');
    });

    it('is served by systemd then, by one daemon, and the window says so', async () => {
        const { window } = alice;
        const [before] = await daemons();
        await window.runCommand(command);
        await window.dialogs.clickModal('Install and Start');
        await says(/served also when VS Code is closed/u);
        await waitFor(async () => (await daemons()).length === 1 && (await daemons())[0] !== before, { what: 'one daemon, another than before', limitMs: 20_000 });
        assert.match(await unit(), /ExecStart=\/bin\/sh|ExecStart="\/bin\/sh"/u);
        await window.screenshot(screenshotFolder, 'boot-served');
        await waitFor(reaches, { what: 'bob to reach it', limitMs: 120_000 });
    });

    it('is reached while no window is open, and watched by the next one, which was told nothing', async () => {
        const before = await daemons();
        await alice.window.close();
        await waitFor(async () => (await running(alice.computer, /--type=extensionHost/u)).length === 0, { what: "the window's extension host to end", limitMs: 60_000 });
        assert.deepEqual(await daemons(), before);
        await waitFor(reaches, { what: 'bob to reach it', limitMs: 120_000 });

        browser = await launchBrowser();
        const window = await alice.seat.openWindow(browser);
        alice = { ...alice, window };
        await window.grantTrust();
        await says(/served also when VS Code is closed/u);
        assert.deepEqual([await daemons(), (await window.dialogs.notifications()).map(({ text }) => text)], [before, []]);
    });

    it('is stopped, started and removed where it was installed, and then served by the window', async () => {
        const { window } = alice;
        const choose = async (label: RegExp): Promise<void> => {
            await window.runCommand(command);
            await window.quickInput.waitUntilOpen(/served also when VS Code is closed/u);
            await window.screenshot(screenshotFolder, 'boot-manage');
            const item = (await window.quickInput.items()).find(text => label.test(text));
            assert.ok(item !== undefined, (await window.quickInput.items()).join());
            await window.quickInput.pick(item);
        };
        await choose(/Stop/u);
        await says(/its service is stopped/u);
        assert.deepEqual(await daemons(), []);
        await window.screenshot(screenshotFolder, 'boot-stopped');
        await choose(/Start/u);
        await says(/served also when VS Code is closed/u);
        await choose(/Remove/u);
        await says(/served since/u);
        assert.deepEqual([(await daemons()).length, await unit()], [1, '']);
        await waitFor(reaches, { what: 'bob to reach it', limitMs: 120_000 });
    });
});
