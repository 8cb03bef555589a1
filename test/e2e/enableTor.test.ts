/** Enable Tor on bad days: each failure says what happened and what to do, and its button leads on. */
import assert from 'node:assert/strict';
import { waitFor } from '../rig/wait';
import { startEnableTor } from './steps/enableTor';
import { logChannel } from './steps/logChannel';
import { oneAfterTheOther } from './steps/oneAfterTheOther';
import { viewContainer, type Person } from './steps/person';
import { screenshotFolder, Stage } from './steps/stage';

describe('Enable Tor', function () {
    this.timeout(300_000);
    // Each step finds the computer as the one before left it.
    oneAfterTheOther(this);
    let stage: Stage;
    let alice: Person;

    before(async () => {
        stage = await Stage.set({ people: ['alice'] });
        await stage.open();
        alice = stage.person('alice');
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await stage.pictures('enable-tor-failure');
        }
    });

    after(async () => {
        await stage.strike();
    });

    const torrc = async (): Promise<string> => alice.computer.readFile('/etc/tor/torrc');
    const foreignFiles = async (): Promise<string> => alice.computer.execOrThrow(['find', `${alice.computer.repository}/.git`, '!', '-user', alice.name]);

    it('refuses a repository whose configuration could run a command as root, and shows the entry', async () => {
        const { window, computer } = alice;
        await computer.execOrThrow(['git', 'config', 'core.sshCommand', 'touch /tmp/ran'], { cwd: computer.repository });
        await window.clickWelcome('Enable Tor');
        const { text } = await window.dialogs.modal("can't be enabled here safely");
        assert.match(text, /core\.sshcommand = touch \/tmp\/ran/u);
        await window.dialogs.clickModal('OK');
        await computer.execOrThrow(['git', 'config', '--unset', 'core.sshCommand'], { cwd: computer.repository });
        assert.doesNotMatch(await torrc(), /HiddenService/u);
    });

    it('shows the lines, the file and the command before it runs, and a refused password changes nothing', async () => {
        const { window, computer } = alice;
        let question = '';
        await startEnableTor(alice, { password: 'wrong', atQuestion: text => Promise.resolve((question = text)) });
        assert.match(question, /\/etc\/tor\/torrc/u);
        assert.match(question, new RegExp(`HiddenServiceDir /var/lib/tor/tor-annex_${computer.user.uid}_[0-9a-f-]{36}`, 'u'));
        assert.match(question, new RegExp(`/usr/bin/sudo -- /usr/bin/git-annex enable-tor ${computer.user.uid}`, 'u'));
        for (let tries = 0; tries < 2; tries++) {
            await window.terminal.waitFor(new RegExp(`(?:password for[^]*){${tries + 2}}`, 'u'));
            await window.terminal.enter('wrong');
        }
        const { text } = await window.dialogs.modal('Enable Tor');
        assert.match(text, /password was not accepted/u);
        const inLog = /\[info\] \[\d+\] in a terminal: (\/usr\/bin\/sudo -- \/usr\/bin\/git-annex enable-tor \d+) \(in \/\S+\)[^]*\] in a terminal: \1 ended with exit code 1 after \d+ ms/u;
        await waitFor(async () => inLog.test(await logChannel(computer)), { what: 'the command that was shown, in the log, with its end', limitMs: 5000 });
        assert.doesNotMatch(await torrc(), /HiddenService/u);
        await window.dialogs.clickModal('Cancel');
    });

    it('says that Tor is stopped, starts it and goes on', async () => {
        const { window, computer } = alice;
        await computer.stopTor();
        await window.openViewContainer(viewContainer);
        await window.runCommand('Annex: Enable Tor');
        await window.dialogs.modal('reachable over Tor?');
        await window.dialogs.clickModal('Run with sudo');
        await window.terminal.waitFor(/password for/u);
        await window.terminal.enter(computer.user.password);
        const { text } = await window.dialogs.modal('Tor is not running');
        assert.match(text, /added its lines to Tor's configuration already/u);
        assert.match(await torrc(), /HiddenServiceDir/u);
        await window.dialogs.clickModal('Start Tor and Go On');
        await window.terminal.waitFor(/password for/u);
        await window.terminal.enter(computer.user.password);
        // The step itself is run again, in a terminal of its own.
        await window.terminal.waitFor(/enable-tor[^]*password for/u);
        await window.terminal.enter(computer.user.password);
        await window.dialogs.notification(/Peers can now reach/u, 150_000);
        await window.dialogs.dismissNotification(/Peers can now reach/u);
        assert.equal(await foreignFiles(), '');
    });

    it('does no harm when it is run again', async () => {
        const { window } = alice;
        const before = await torrc();
        await window.runCommand('Annex: Enable Tor');
        await window.dialogs.notification(/Peers can now reach/u, 60_000);
        await window.dialogs.dismissNotification(/Peers can now reach/u);
        assert.equal(await torrc(), before);
    });

    it("says that Tor may not enter the folder of git-annex's socket, and opens it", async () => {
        const { window, computer } = alice;
        // What root's umask 077 makes of it. Tor gets the answer that AppArmor would give, and says what it says of a service that is not published.
        const folder = /unix:(\S+)\/s$/mu.exec(await torrc())?.[1] ?? '';
        await computer.execOrThrow(['chmod', '700', '/var/lib/tor-annex', folder], { as: 'root' });
        await window.runCommand('Annex: Enable Tor');
        const { text, buttons } = await window.dialogs.notification(/published, but Tor may not enter/u, 60_000);
        assert.match(text, /\/var\/lib\/tor-annex/u);
        assert.deepEqual(buttons, ['Let Tor Enter It', 'Keep Checking', 'Show Log']);
        await window.screenshot(screenshotFolder, 'enable-tor-folder-closed');
        await window.dialogs.clickNotification(/may not enter/u, 'Let Tor Enter It');
        await window.terminal.waitFor(/chmod a\+x[^]*password for/u);
        await window.terminal.enter(computer.user.password);
        await window.dialogs.notification(/Peers can now reach/u, 60_000);
        await window.dialogs.dismissNotification(/Peers can now reach/u);
    });

    it("says that Tor's configuration can't be read, lets it be read, and asks root for nothing else", async () => {
        const { window, computer } = alice;
        await computer.execOrThrow(['chmod', '640', '/etc/tor/torrc'], { as: 'root' });
        await window.runCommand('Annex: Enable Tor');
        await window.dialogs.modal("may not read Tor's configuration");
        await window.screenshot(screenshotFolder, 'enable-tor-unreadable');
        await window.dialogs.clickModal('Let It Be Read');
        await window.terminal.waitFor(/chmod a\+rX[^]*password for/u);
        await window.terminal.enter('wrong');
        for (let tries = 0; tries < 2; tries++) {
            await window.terminal.waitFor(new RegExp(`(?:password for[^]*){${tries + 2}}`, 'u'));
            await window.terminal.enter('wrong');
        }
        await window.dialogs.modal('That did not work');
        await window.dialogs.clickModal('Try Again');
        await window.terminal.waitFor(/chmod a\+rX[^]*password for/u);
        await window.terminal.enter(computer.user.password);
        await window.dialogs.notification(/Peers can now reach/u, 60_000);
        await window.dialogs.dismissNotification(/Peers can now reach/u);
    });

    it('says that Tor has no configuration, and makes one', async () => {
        const { window, computer } = alice;
        await computer.execOrThrow(['mv', '/etc/tor/torrc', '/etc/tor/torrc.away'], { as: 'root' });
        await window.runCommand('Annex: Enable Tor');
        await window.dialogs.modal('no configuration file');
        await window.dialogs.clickModal('Make an Empty One');
        await window.terminal.waitFor(/install -D[^]*password for/u);
        await window.terminal.enter(computer.user.password);
        const { text } = await window.dialogs.modal('reachable over Tor?');
        assert.match(text, /append these lines to \/etc\/tor\/torrc/u);
        await window.dialogs.clickModal('Cancel');
        assert.equal(await computer.execOrThrow(['stat', '--format=%a %s', '/etc/tor/torrc']), '644 0\n');
        await computer.execOrThrow(['mv', '/etc/tor/torrc.away', '/etc/tor/torrc'], { as: 'root' });
    });

    it('says that Tor has not read its configuration, reloads it and goes on', async () => {
        const { window, computer } = alice;
        // As after a first run that could not reload Tor: the stanza is there, the address is not.
        await computer.execOrThrow(['rm', '-r', `${computer.repository}/.git/annex/creds`]);
        const folder = /^HiddenServiceDir (\S+)$/mu.exec(await torrc())?.[1] ?? '';
        const withStanza = await torrc();
        await computer.writeFile('/etc/tor/torrc', withStanza.replace(/^HiddenService.*\n/gmu, ''), 'root');
        await computer.reloadTor();
        await computer.execOrThrow(['rm', '-r', folder], { as: 'root' });
        await computer.writeFile('/etc/tor/torrc', withStanza, 'root');
        await window.runCommand('Annex: Enable Tor');
        await window.dialogs.modal('reachable over Tor?');
        await window.dialogs.clickModal('Run with sudo');
        await window.terminal.waitFor(/password for/u);
        await window.terminal.enter(computer.user.password);
        await window.dialogs.modal('has not read its new configuration');
        await window.dialogs.clickModal('Reload Tor and Go On');
        await window.terminal.waitFor(/reload[^]*password for/u);
        await window.terminal.enter(computer.user.password);
        await window.terminal.waitFor(/enable-tor[^]*password for/u);
        await window.terminal.enter(computer.user.password);
        await window.dialogs.notification(/Peers can now reach/u, 150_000);
        await window.dialogs.dismissNotification(/Peers can now reach/u);
    });

    it('is stopped by Cancel, which closes the terminal, and can be run again', async () => {
        const { window, computer } = alice;
        await computer.execOrThrow(['rm', '-r', `${computer.repository}/.git/annex/creds`]);
        const start = async (): Promise<void> => {
            await window.runCommand('Annex: Enable Tor');
            await window.dialogs.modal('reachable over Tor?');
            await window.dialogs.clickModal('Run with sudo');
            await window.terminal.waitFor(/password for/u);
        };
        await start();
        await window.dialogs.clickNotification(/Waiting for the terminal/u, 'Cancel');
        await waitFor(async () => !await window.terminal.isShown(), { what: 'the terminal to close', limitMs: 10_000 });
        await start();
        await window.terminal.enter(computer.user.password);
        await window.dialogs.notification(/Peers can now reach/u, 60_000);
        // VS Code itself tells of a terminal that ended with an error, as the refused password's did.
        assert.deepEqual((await window.dialogs.notifications()).filter(({ severity, text }) => severity !== 'info' && !text.startsWith('The terminal process')), []);
        assert.equal(await foreignFiles(), '');
    });

    it('makes commits anonymous in this repository alone, and says what past ones still show', async () => {
        const { window, computer } = alice;
        const git = (...args: readonly string[]): Promise<string> => computer.execOrThrow(['git', ...args], { cwd: computer.repository });
        await git('commit', '--quiet', '--allow-empty', '-m', 'Somebody');
        const past = (await git('log', '-1', '--format=%an <%ae>')).trim();
        await window.runCommand('Annex: Anonymous Identity for This Repository');
        const { text } = await window.dialogs.modal('Use an anonymous identity');
        assert.ok(text.includes(`${past}: `), text);
        await window.screenshot(screenshotFolder, 'anonymous-identity');
        await window.dialogs.clickModal('Use an Anonymous Identity');
        await waitFor(async () => (await git('config', 'user.email')).trim() === 'anonymous@anonymous.invalid', { what: 'the identity', limitMs: 10_000 });
        await git('commit', '--quiet', '--allow-empty', '-m', 'Nobody');
        assert.equal((await git('log', '-1', '--format=%an %ae %cn %ce')).trim(), 'anonymous anonymous@anonymous.invalid anonymous anonymous@anonymous.invalid');
        assert.notEqual((await computer.execOrThrow(['git', 'config', '--global', 'user.email'])).trim(), 'anonymous@anonymous.invalid');
        await window.runCommand('Annex: Anonymous Identity for This Repository');
        await window.dialogs.modal('are anonymous');
        await window.dialogs.clickModal('Use My Own Identity Again');
        await waitFor(async () => `${(await git('config', 'user.name')).trim()} <${(await git('config', 'user.email')).trim()}>` === past, { what: 'the own identity', limitMs: 10_000 });
    });

    it("shows the lines of Tor's defences, and writes them into this service", async () => {
        const { window, computer } = alice;
        const before = await torrc();
        await window.runCommand('Annex: Protect the Onion Service');
        const { text } = await window.dialogs.modal('against floods');
        assert.match(text, /HiddenServiceMaxStreams 32/u);
        await window.screenshot(screenshotFolder, 'defences');
        await window.dialogs.clickModal('Run with sudo');
        await window.terminal.waitFor(/change-torrc[^]*password for/u);
        await window.terminal.enter(computer.user.password);
        const after = await waitFor(async () => {
            const now = await torrc();
            return now !== before && now;
        }, { what: "Tor's configuration to change", limitMs: 20_000 });
        const added = after.split('\n').filter(line => !before.split('\n').includes(line));
        assert.ok(added.length > 0 && added.every(line => text.includes(line)), added.join('\n'));
        await window.runCommand('Annex: Enable Tor');
        await window.dialogs.notification(/Peers can now reach/u, 60_000);
        await window.dialogs.dismissNotification(/Peers can now reach/u);
    });

    it('is undone by Disable Tor: only what it made goes, after it was shown, and the address answers no more', async () => {
        const { window, computer } = alice;
        const other = 'HiddenServiceDir /var/lib/tor/another\nHiddenServicePort 80 127.0.0.1:80\nHiddenServiceMaxStreams 9\n';
        const enabled = await torrc();
        await computer.writeFile('/etc/tor/torrc', `${enabled}${other}`, 'root');
        await computer.reloadTor();
        const service = /^HiddenServiceDir (\S+tor-annex_\S+)$/mu.exec(enabled)?.[1] ?? '';
        const socket = /unix:(\S+)\/s$/mu.exec(enabled)?.[1] ?? '';
        await window.runCommand('Annex: Disable Tor');
        const { text } = await window.dialogs.modal('unreachable over Tor?');
        for (const part of [...enabled.split('\n').filter(line => /^HiddenService/u.test(line)), service, socket, 'p2paddrs', 'p2pauth']) {
            assert.ok(text.includes(part), `${part} in:\n${text}`);
        }
        assert.ok(!text.includes('another\n'), text);
        await window.screenshot(screenshotFolder, 'disable-tor');
        await window.dialogs.clickModal('Run with sudo');
        await window.terminal.waitFor(/change-torrc[^]*password for/u);
        await window.terminal.enter(computer.user.password);
        await window.dialogs.notification(/does not answer any more/u, 120_000);
        await window.dialogs.dismissNotification(/does not answer any more/u);
        assert.equal(await torrc(), `${enabled.slice(0, enabled.indexOf('\nHiddenService'))}${other}`);
        for (const folder of [service, socket]) {
            assert.notEqual((await computer.exec(['ls', folder], { as: 'root' })).code, 0, folder);
        }
        assert.equal(await computer.readFile(`${computer.repository}/.git/annex/creds/p2paddrs`), '');
        assert.equal((await computer.exec(['pgrep', '-f', 'git-annex remotedaemon'])).stdout, '');
        // The way back is the one that leads here.
        await startEnableTor(alice);
        await window.dialogs.notification(/Peers can now reach/u, 150_000);
        await window.dialogs.dismissNotification(/Peers can now reach/u);
    });
});
