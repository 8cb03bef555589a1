/**
 * The page for addresses and verifying in a real browser: every state in every kind of theme without an accessibility violation, and all of
 * it by keyboard with the real git-annex at both ends. ACCESS_SCREENSHOTS names a folder that gets a picture of each state.
 */
import '../../page/vscodeStub';
import assert from 'node:assert/strict';
import path from 'node:path';
import { renderSVG } from 'uqr';
import { Event } from '../../../../src/core/event';
import { silentLog } from '../../../../src/core/log';
import { ManagedProcess } from '../../../../src/core/process/managedProcess';
import { readConfig } from '../../../../src/core/repository/config';
import { peersOf, remoteNames } from '../../../../src/core/peers/peer';
import { readAccessList, verifiedAt, verifyWords } from '../../../../src/core/peers/access';
import type { PeerSnapshot, RepositorySnapshot } from '../../../../src/core/repository/repository';
import { parseTorAddress } from '../../../../src/core/tor/address';
import { parsePageMessage, type PageMessage } from '../../../../src/shared/access/messages';
import { AccessDesk, type DeskRepository } from '../../../../src/ui/access/desk';
import { AccessPageProtocol } from '../../../../src/ui/access/pageProtocol';
import { accessTexts } from '../../../../src/ui/access/texts';
import { canRunLocalOnion, LocalOnion } from '../../../support/localOnion/localOnion';
import type { OpenPage } from '../../page/browser';
import { pageSuite } from '../../page/pageSuite';
import { themeNames } from '../../page/themes';
import { createAnnexRepository } from '../../support/annexRepository';
import { until } from '../../support/until';
import { address, states } from './states';

describe('the page for addresses and verifying', function () {
    this.timeout(120_000);
    const { open, folder } = pageSuite('access');
    const pictures = process.env['ACCESS_SCREENSHOTS'];
    const show = async (opened: OpenPage, name: string): Promise<void> => {
        const snapshot = states[name];
        assert.ok(snapshot !== undefined);
        await opened.post({ type: 'snapshot', snapshot });
        await opened.page.locator(`main[data-section="${snapshot.section}"][data-state="${snapshot[snapshot.section].state}"] h2`).first().waitFor();
    };

    for (const theme of themeNames) {
        it(`has no accessibility violation in any state (${theme})`, async () => {
            const opened = await open(theme);
            await opened.post({ type: 'texts', texts: accessTexts() });
            // The words for each reason look alike in every theme.
            for (const name of Object.keys(states).filter(state => theme === 'dark' || !state.startsWith('link-') || state === 'link-link-failed')) {
                await show(opened, name);
                for (const details of await opened.page.locator('details:not([open]) summary').all()) {
                    await details.click();
                }
                if (name === 'link') {
                    await opened.page.fill('#address', 'tor-annex::half');
                    await opened.page.fill('#name', 'bob');
                    const asked = (): PageMessage | undefined => opened.sent.map(parsePageMessage).find(message => message?.type === 'check-link' && message.name === 'bob');
                    await until('the page asks', () => asked() !== undefined);
                    const question = asked();
                    await opened.post({ type: 'link-checked', id: question?.type === 'check-link' ? question.id : 0, check: { kind: 'wrong', reason: 'not-an-address', detail: '' } });
                    await opened.page.locator('#address[aria-invalid=true]').waitFor();
                }
                if (name === 'make') {
                    await opened.page.locator('button.primary').click();
                    await opened.page.locator('#label[aria-invalid=true]').waitFor();
                }
                if (pictures !== undefined) {
                    await opened.page.screenshot({ path: path.join(pictures, `${theme}-${name}.png`), fullPage: true });
                }
                assert.deepEqual(await opened.violations(), [], `${name} in ${theme}`);
            }
            assert.deepEqual(opened.troubles, []);
            await opened.page.context().close();
        });
    }

    it('fits a narrow editor', async () => {
        const opened = await open('dark', undefined, 340);
        await opened.post({ type: 'texts', texts: accessTexts() });
        for (const name of Object.keys(states)) {
            await show(opened, name);
            if (pictures !== undefined) {
                await opened.page.screenshot({ path: path.join(pictures, `narrow-${name}.png`), fullPage: true });
            }
            const wide: unknown = await opened.page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
            assert.equal(wide, false, `${name} is wider than the page`);
        }
        await opened.page.context().close();
    });

    it('draws the address as the QR code that it is, and shows nothing of it when it is forgotten', async () => {
        const opened = await open('dark');
        await opened.post({ type: 'texts', texts: accessTexts() });
        await show(opened, 'made');
        const drawn = await opened.page.locator('svg.qr path').getAttribute('d') ?? '';
        const modules = new Set([...drawn.matchAll(/M(\d+) (\d+)h1/gu)].map(([, x, y]) => `${Number(x) - 4},${Number(y) - 4}`));
        // The library's own picture of the same text: the same dark modules, at ten units each.
        const own = renderSVG(address, { ecc: 'L', border: 0, pixelSize: 1 });
        const expected = new Set([...own.matchAll(/M(\d+),(\d+)h1/gu)].map(([, x, y]) => `${x ?? ''},${y ?? ''}`));
        assert.ok(expected.size > 100);
        assert.deepEqual(modules, expected);
        await show(opened, 'make');
        assert.doesNotMatch(await opened.page.content(), /0123456789abcdef/u);
        assert.deepEqual(opened.troubles, []);
        await opened.page.context().close();
    });

    it('takes nothing that is not a message, and shows no markup from a name', async () => {
        const opened = await open('light');
        await opened.post({ type: 'texts', texts: { title: 'half' } });
        await opened.post({ type: 'snapshot', snapshot: { section: 'make' } });
        await opened.post({ type: 'texts', texts: accessTexts() });
        await opened.post({ type: 'snapshot', snapshot: { ...states['agreed'], verify: { state: 'agreed', peer: '<img src=x onerror=alert(1)>' } } });
        await opened.page.locator('h2:has-text("<img src=x")').waitFor();
        assert.equal(await opened.page.locator('img').count(), 0);
        assert.deepEqual(opened.troubles, []);
        assert.deepEqual(opened.sent, [{ type: 'ready' }]);
        await opened.page.context().close();
    });

    it('makes, links and verifies by keyboard alone, with the real git-annex at both ends', async function () {
        if (!(await canRunLocalOnion())) {
            this.skip();
        }
        const onion = await LocalOnion.start(folder());
        const [server, client] = await Promise.all(['server', 'client'].map(async name => onion.enable(await createAnnexRepository(folder(), silentLog, name))));
        assert.ok(server !== undefined && client !== undefined);
        const logged: string[] = [];
        const note = (message: string): void => void logged.push(message);
        const log = { debug: note, info: note, warn: note, error: note };
        const daemon = await ManagedProcess.start({ file: server.context.programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: server.context.root }, { log });
        const clipboard: string[] = [];
        const deskOf = async ({ context, address: own }: typeof server): Promise<{ desk: AccessDesk; repository: DeskRepository }> => {
            const onDidChange = new Event<RepositorySnapshot>();
            let peers: readonly PeerSnapshot[] = [];
            let remotes: readonly string[] = [];
            const service = { kind: 'enabled', address: parseTorAddress(own) ?? { onion: '', port: 0 } } as const;
            const repository: DeskRepository = {
                context: { ...context, log },
                onDidChange,
                get snapshot() {
                    return { name: path.basename(context.root), service, peers, remotes, access: [] };
                },
                changed: async () => {
                    const config = await readConfig(context.programs, context.root, silentLog);
                    remotes = remoteNames(config);
                    peers = await Promise.all(
                        peersOf(config).map(async peer => ({
                            ...peer,
                            link: 'unknown' as const,
                            linkSince: undefined,
                            lastSync: undefined,
                            presence: { status: { kind: 'unknown' as const }, since: 0, lastSeen: undefined },
                            incoming: undefined,
                            heldBack: undefined,
                            verified: await verifiedAt(context.gitDir, { onion: service.address.onion, uuid: context.uuid }, { onion: peer.address.onion, uuid: peer.uuid ?? '' }),
                        })),
                    );
                },
            };
            await repository.changed();
            const put = (text: string): Promise<void> => {
                clipboard.push(text);
                return Promise.resolve();
            };
            const nothing = (): void => undefined;
            return { repository, desk: new AccessDesk(repository, { copySecret: secret => put(secret.reveal()), copy: put, syncNow: nothing, revoke: nothing, enableTor: nothing, startTor: nothing, showLog: nothing, when: String, instructions: 'Run {0}' }) };
        };
        const openDesk = async (desk: AccessDesk): Promise<OpenPage> => {
            const page: { current?: OpenPage } = {};
            const protocol = new AccessPageProtocol(desk, { post: message => void page.current?.post(message), useInputBox: () => undefined }, accessTexts(), log);
            page.current = await open('dark', message => protocol.receive(message));
            protocol.receive({ type: 'ready' });
            await page.current.page.locator('h2').first().waitFor();
            return page.current;
        };
        const tabTo = async ({ page }: OpenPage, name: string): Promise<void> => {
            for (let presses = 0; presses < 30; presses++) {
                const focused: unknown = await page.evaluate('document.activeElement?.id || document.activeElement?.textContent?.trim()');
                if (focused === name) {
                    return;
                }
                await page.keyboard.press('Tab');
            }
            assert.fail(`Tab does not reach ${name}`);
        };
        try {
            const maker = await deskOf(server);
            const linker = await deskOf(client);
            const made = await openDesk(maker.desk);
            await tabTo(made, 'label');
            await made.page.keyboard.type('Bob');
            await made.page.keyboard.press('Enter');
            await made.page.locator('main[data-state=made]').waitFor();
            await tabTo(made, 'Copy');
            await made.page.keyboard.press('Enter');
            await until('the address is copied', () => clipboard.length === 1);
            const given = clipboard[0] ?? '';
            assert.ok(given.startsWith(`${server.address}:`));
            assert.deepEqual((await readAccessList(server.context.gitDir, [])).map(({ holder }) => holder), [{ kind: 'person', label: 'Bob' }]);
            await tabTo(made, 'Done: forget it here');
            await made.page.keyboard.press('Enter');
            await made.page.locator('main[data-state=idle]').waitFor();
            assert.ok(!(await made.page.content()).includes(given.slice(-64)));

            const verified = (): number | undefined => linker.repository.snapshot.peers[0]?.verified;
            const linked = await openDesk(linker.desk);
            await tabTo(linked, 'Link to an address');
            await linked.page.keyboard.press('Enter');
            await linked.page.locator('main[data-section=link]').waitFor();
            await tabTo(linked, 'address');
            await linked.page.keyboard.insertText(`${client.address}:${'0'.repeat(128)}`);
            await linked.page.locator('#address-found:has-text("own address")').waitFor();
            await linked.page.keyboard.press('Control+A');
            await linked.page.keyboard.insertText(`"${given.slice(0, 80)}\r\n${given.slice(80)}"`);
            await linked.page.locator('#address-found.ok').waitFor();
            await tabTo(linked, 'name');
            await linked.page.keyboard.press('Control+A');
            await linked.page.keyboard.type('server');
            await linked.page.locator('#address-found.ok').waitFor();
            await linked.page.keyboard.press('Enter');
            await linked.page.locator('main[data-state=linked]').waitFor({ timeout: 60_000 });
            assert.equal(linker.repository.snapshot.peers[0]?.uuid, server.context.uuid);

            await tabTo(linked, 'Verify server');
            await linked.page.keyboard.press('Enter');
            await linked.page.locator('main[data-state=words]').waitFor();
            const words = (await linked.page.locator('[data-role=words]').innerText()).split(/\s+/u).filter(word => word !== '');
            const ends = [server, client].map(({ address: own, context }) => ({ onion: own.split(':')[2] ?? '', uuid: context.uuid }));
            assert.ok(ends[0] !== undefined && ends[1] !== undefined);
            assert.deepEqual(words, await verifyWords(ends[0], ends[1]));
            await tabTo(linked, 'They are the same');
            await linked.page.keyboard.press('Enter');
            await linked.page.locator('main[data-state=agreed]').waitFor();
            assert.notEqual(verified(), undefined);
            await tabTo(linked, 'Take it back');
            await linked.page.keyboard.press('Enter');
            await linked.page.locator('main[data-state=choosing]').waitFor();
            assert.equal(verified(), undefined);

            // A second link to the same address is noticed before anything runs.
            await tabTo(linked, 'Link to an address');
            await linked.page.keyboard.press('Enter');
            await linked.page.locator('main[data-section=link][data-state=linked]').waitFor();
            await tabTo(linked, 'Link to another');
            await linked.page.keyboard.press('Enter');
            await linked.page.locator('main[data-state=idle]').waitFor();
            await tabTo(linked, 'address');
            await linked.page.keyboard.insertText(given);
            await linked.page.locator('#address-found:has-text("already")').waitFor();

            assert.ok(!logged.some(line => line.includes(given.slice(-40))));
            maker.desk.dispose();
            linker.desk.dispose();
            for (const opened of [made, linked]) {
                assert.deepEqual(opened.troubles, []);
                await opened.page.context().close();
            }
        } finally {
            await daemon.end();
            await onion.stop();
        }
    });
});
