/**
 * The pairing page in a real browser: every state in every kind of theme without an accessibility violation, and a whole pairing with the
 * real programs by keyboard. PAIRING_SCREENSHOTS names a folder that gets a picture of each state.
 */
import '../../page/vscodeStub';
import assert from 'node:assert/strict';
import path from 'node:path';
import { Event } from '../../../../src/core/event';
import { silentLog } from '../../../../src/core/log';
import { PairingSession } from '../../../../src/core/pairing/session';
import type { RepositorySnapshot } from '../../../../src/core/repository/repository';
import { findingsOf, type Finding } from '../../../../src/core/security/findings';
import { parsePageMessage } from '../../../../src/shared/pairing/messages';
import { isRunning } from '../../../../src/shared/pairing/snapshot';
import { ActivePairing } from '../../../../src/ui/pairing/activePairing';
import { PageProtocol } from '../../../../src/ui/pairing/pageProtocol';
import { adviceFor } from '../../../../src/ui/security/advice';
import { pairingTexts } from '../../../../src/ui/pairing/texts';
import { makeRepository, realPrograms, until, WormholeServers } from '../realPrograms';
import type { OpenPage } from '../../page/browser';
import { pageSuite } from '../../page/pageSuite';
import { advice, states } from './states';
import { themeNames } from '../../page/themes';

describe('the pairing page', function () {
    this.timeout(120_000);
    const { open, folder } = pageSuite('pairing');
    const pictures = process.env['PAIRING_SCREENSHOTS'];

    for (const theme of themeNames) {
        it(`has no accessibility violation in any state (${theme})`, async () => {
            const opened = await open(theme);
            await opened.post({ type: 'texts', texts: pairingTexts() });
            await opened.post({ type: 'advice', advice });
            for (const [name, snapshot] of Object.entries(states)) {
                await opened.post({ type: 'snapshot', snapshot });
                await opened.page.locator(`main[data-state="${snapshot.state}"] h2`).first().waitFor();
                if (name === 'code-entered') {
                    await opened.page.fill('#their-code', '4-mircale-facial');
                    await opened.page.keyboard.press('Enter');
                }
                for (const details of await opened.page.locator('details:not([open]) summary').all()) {
                    await details.click();
                }
                if (pictures !== undefined) {
                    await opened.page.screenshot({ path: path.join(pictures, `${theme}-${name}.png`), fullPage: true });
                }
                assert.deepEqual(await opened.violations(), [], `${name} in ${theme}`);
            }
            await opened.post({ type: 'snapshot', snapshot: states['code-ready'] });
            await opened.page.fill('#their-code', '4-mi');
            await opened.page.keyboard.press('ArrowDown');
            await opened.page.locator('[role=option][aria-selected=true]').waitFor();
            if (pictures !== undefined) {
                await opened.page.screenshot({ path: path.join(pictures, `${theme}-completion.png`), fullPage: true });
            }
            assert.deepEqual(await opened.violations(), [], `completion in ${theme}`);
            assert.deepEqual(opened.troubles, []);
            await opened.page.context().close();
        });
    }

    it('would notice an accessibility violation', async () => {
        const opened = await open('dark');
        await opened.post({ type: 'texts', texts: pairingTexts() });
        await opened.post({ type: 'snapshot', snapshot: states['choosing'] });
        await opened.page.locator('#name').waitFor();
        await opened.page.evaluate(`document.querySelector('label[for=name]').remove(); document.querySelector('.muted').style.color = '#444';`);
        const found = await opened.violations();
        assert.ok(found.some(text => text.startsWith('label:')) && found.some(text => text.startsWith('color-contrast:')), found.join('\n'));
        await opened.page.context().close();
    });

    it('fits a narrow editor', async () => {
        const opened = await open('dark', undefined, 340);
        await opened.post({ type: 'texts', texts: pairingTexts() });
        await opened.post({ type: 'advice', advice });
        for (const [name, snapshot] of Object.entries(states)) {
            await opened.post({ type: 'snapshot', snapshot });
            await opened.page.locator(`main[data-state="${snapshot.state}"] h2`).first().waitFor();
            if (pictures !== undefined) {
                await opened.page.screenshot({ path: path.join(pictures, `narrow-${name}.png`), fullPage: true });
            }
            const wide: unknown = await opened.page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
            assert.equal(wide, false, `${name} is wider than the page`);
            assert.deepEqual(await opened.violations(), [], name);
        }
        await opened.page.context().close();
    });

    it('takes nothing that is not a message, and shows no markup from a name', async () => {
        const opened = await open('light');
        await opened.post({ type: 'texts', texts: { title: 'half' } });
        await opened.post({ type: 'snapshot', snapshot: { state: 'paired' } });
        await opened.post('nonsense');
        await opened.post({ type: 'texts', texts: pairingTexts() });
        await opened.post({ type: 'snapshot', snapshot: { ...states['connecting'], name: '<img src=x onerror=alert(1)>' } });
        await opened.page.locator('h2:has-text("<img src=x")').waitFor();
        assert.equal(await opened.page.locator('img').count(), 0);
        assert.deepEqual(opened.troubles, []);
        assert.deepEqual(opened.sent, [{ type: 'ready' }]);
        await opened.page.context().close();
    });

    it('moves the focus to what is new, says it aloud, and tells the step', async () => {
        const opened = await open('light');
        const { page } = opened;
        await opened.post({ type: 'texts', texts: pairingTexts() });
        for (const [name, heading, step] of [
            ['code-ready', 'Your code', 'Exchange codes'],
            ['waiting', 'Waiting for the other person', 'Wait for the other person'],
            ['connecting', 'Connecting to alice-laptop', 'Connect over Tor'],
            ['paired', 'Paired with alice-laptop', undefined],
        ] as const) {
            await opened.post({ type: 'snapshot', snapshot: states[name] });
            await page.locator(`:focus:has-text("${heading}")`).waitFor();
            await page.locator(`[data-role=announcer]:has-text("${name === 'code-ready' ? '9-pocketful-ribcage' : heading}")`).waitFor({ state: 'attached' });
            assert.deepEqual(await page.locator('[aria-current=step]').allInnerTexts(), step === undefined ? [] : [step]);
        }
        await opened.post({ type: 'snapshot', snapshot: states['code-ready'] });
        await opened.post({ type: 'copied' });
        await page.locator('[data-role=announcer]:has-text("in the clipboard")').waitFor({ state: 'attached' });
        await page.locator('button:has-text("Copied")').waitFor();
        await page.context().close();
    });

    it('says what to look at before pairing, with what mends it, and no longer once that is mended', async () => {
        const findings = findingsOf({
            config: [{ key: 'user.name', value: 'Alice', origin: '' }, { key: 'user.email', value: 'alice@example.org', origin: '' }], gitAnnex: undefined, wormhole: undefined, pairingOverTor: false,
            access: [], readable: [{ path: '/r/.git/annex/creds/p2pauth', mode: 0o644 }], copiedBy: undefined, daemons: [], service: undefined, torrc: undefined, tor: undefined, description: undefined,
        });
        const onDidChange = new Event<RepositorySnapshot>();
        const repository = { snapshot: { findings } as unknown as RepositorySnapshot, onDidChange };
        const mended: string[] = [];
        const source = adviceFor(repository, id => Promise.resolve(void mended.push(id)));
        let changes = 0;
        source.onDidChange(() => changes++);
        assert.deepEqual(source.current().map(({ id }) => id), ['credentials-readable', 'identity-in-commits']);

        const opened = await open('light');
        const { page } = opened;
        await opened.post({ type: 'texts', texts: pairingTexts() });
        await opened.post({ type: 'snapshot', snapshot: states['choosing-tor'] });
        await opened.post({ type: 'advice', advice: source.current() });
        await page.locator('li:has-text("Alice <alice@example.org>")').waitFor();
        await page.getByRole('button', { name: 'Use an anonymous identity here' }).click();
        assert.deepEqual(opened.sent.map(parsePageMessage).filter(message => message?.type === 'mend'), [{ type: 'mend', id: 'identity-in-commits' }]);
        const rest: readonly Finding[] = findings.filter(({ id }) => id !== 'identity-in-commits');
        repository.snapshot = { findings: rest } as unknown as RepositorySnapshot;
        onDidChange.fire(repository.snapshot);
        onDidChange.fire(repository.snapshot);
        assert.equal(changes, 1, 'what has not changed is not told again');
        await opened.post({ type: 'advice', advice: source.current() });
        await page.locator('li:has-text("Alice")').waitFor({ state: 'detached' });
        await opened.post({ type: 'advice', advice: [] });
        await page.locator('#advice').waitFor({ state: 'detached' });
        await page.context().close();
    });

    it('offers to start Tor where it does not answer, and to start again after that', async () => {
        const opened = await open('light');
        const { page } = opened;
        await opened.post({ type: 'texts', texts: pairingTexts() });
        await opened.post({ type: 'snapshot', snapshot: states['failed-tor-down'] });
        await page.locator('p:has-text("Nothing went around Tor")').waitFor();
        await page.click('button.primary:has-text("Start Tor")');
        await page.click('button:has-text("Start again")');
        assert.deepEqual(opened.sent, [{ type: 'ready' }, { type: 'remedy', remedy: 'start-tor' }, { type: 'start-again' }]);
        await page.context().close();
    });

    it('pairs with the real programs, by keyboard alone', async function () {
        const programs = await realPrograms();
        if (programs === undefined) {
            return this.skip();
        }
        const servers = await WormholeServers.start(programs.twist);
        const [alice, bob] = [await makeRepository(folder(), 'alice', programs), await makeRepository(folder(), 'bob', programs)];
        const options = { privacy: 'clear-net', env: servers.env, wormhole: programs.wormhole } as const;
        const other = await PairingSession.create({ repository: bob, repositoryName: 'bob', ...options });
        const done: string[] = [];
        let clipboard = '';
        const pairing = await ActivePairing.create(
            name => PairingSession.create({ repository: alice, repositoryName: 'alice', ...options, ...(name === undefined ? {} : { name }) }),
            {
                copy: text => {
                    clipboard = text;
                    return Promise.resolve();
                },
                paired: () => done.push('paired'),
                syncNow: () => done.push('sync'),
                remedy: remedy => Promise.resolve(done.push(remedy)),
                showLog: () => done.push('log'),
                trouble: error => done.push(String(error)),
            },
            silentLog,
        );
        let opened: OpenPage | undefined;
        const protocol = new PageProtocol(pairing, { post: message => void opened?.post(message).catch(() => undefined), close: () => done.push('close'), useInputBox: () => done.push('swap') }, pairingTexts(), silentLog);
        try {
            const early: unknown[] = [];
            opened = await open('dark', message => (opened === undefined ? early.push(message) : protocol.receive(message)));
            early.forEach(message => protocol.receive(message));
            const { page } = opened;
            const pressTab = async (selector: string): Promise<void> => {
                await until(`Tab reaches ${selector}`, async () => {
                    await page.keyboard.press('Tab');
                    return (await page.locator(`${selector}:focus`).count()) > 0;
                });
            };
            await page.locator(':focus:has-text("What you allow")').waitFor();
            // Nothing begins without consent, nor with a name that is taken.
            await pressTab('#name');
            await page.keyboard.press('Enter');
            await page.locator('#consent:focus').waitFor();
            await page.locator('[role=alert]:has-text("Tick the box")').waitFor();
            await page.keyboard.press('Space');
            await pressTab('#name');
            await page.keyboard.press('ControlOrMeta+A');
            await page.keyboard.type('bob!');
            await page.locator('#name-found:has-text("It will be called “bob”")').waitFor();
            assert.ok(!isRunning(pairing.snapshot));
            await page.keyboard.press('Enter');
            await page.locator('[data-role=own-code]').waitFor();
            const { ownCode, name } = await until('a code', () => (pairing.snapshot.state === 'code-ready' ? pairing.snapshot : undefined));
            assert.equal(name, 'bob');
            assert.equal((await page.locator('[data-role=own-code]').innerText()).replace(/\s/gu, ''), ownCode);
            await pressTab('button:has-text("Copy")');
            await page.keyboard.press('Enter');
            await page.locator('button:has-text("Copied")').waitFor();
            assert.equal(clipboard, ownCode);
            // The page keeps nothing: loaded anew, it shows the same.
            await page.reload();
            await page.locator('[data-role=own-code]').waitFor();
            assert.equal((await page.locator('[data-role=own-code]').innerText()).replace(/\s/gu, ''), ownCode);

            await other.begin('alice', 'clear-net');
            const theirs = await until('the other code', () => (other.snapshot.state === 'code-ready' ? other.snapshot.ownCode : undefined));
            await pressTab('#their-code');
            await page.keyboard.type(ownCode);
            await page.locator('#code-found:has-text("your own code")').waitFor();
            await page.keyboard.press('Enter');
            assert.equal(await page.locator('#their-code').getAttribute('aria-invalid'), 'true');
            await page.keyboard.press('ControlOrMeta+A');
            const [number = '', first = '', second = ''] = theirs.split('-');
            await page.keyboard.type(`${number}-${first.slice(0, -1)}`);
            await page.locator('#completions:not([hidden]) [role=option]').first().waitFor();
            await until('the first word', async () => {
                await page.keyboard.press('ArrowDown');
                return (await page.locator('[aria-selected=true]').innerText()).endsWith(first);
            });
            await page.keyboard.press('Enter');
            assert.equal(await page.inputValue('#their-code'), `${number}-${first}-`);
            await page.keyboard.type(second);
            await page.locator('#code-found.ok').waitFor();
            await page.keyboard.press('Enter');
            await page.locator('main[data-state=waiting]').waitFor();
            other.submitCode(ownCode);
            await page.locator('main[data-state=connecting]').waitFor();
            await pressTab('button:has-text("Cancel")');
            await page.keyboard.press('Enter');
            await page.locator('main[data-state=cancelled]').waitFor();
            await pressTab('button:has-text("Start again")');
            await page.keyboard.press('Enter');
            await page.locator('main[data-state=choosing]').waitFor();
            assert.equal(await page.inputValue('#name'), 'bob');
            assert.equal(await page.locator('#consent').isChecked(), false, 'consent is asked for each pairing');
            await pressTab('button:has-text("Cancel")');
            await page.keyboard.press('Enter');
            await until('close', () => done.includes('close'));
            assert.deepEqual(opened.troubles, []);
        } finally {
            protocol.dispose();
            await Promise.all([pairing.cancel(), other.cancel()]);
            await servers.stop();
            await opened?.page.context().close();
        }
    });
});
