/**
 * Which way a pairing goes, seen from the network: through Tor alone, whatever mailbox server it uses; around Tor only
 * where the settings say so; and nowhere at all when Tor is stopped.
 */
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { defaultMailboxUrl, defaultRelay, parseRelay } from '../../src/core/wormhole/options';
import type { Computer } from '../rig/computers/computer';
import type { Settings } from '../rig/editor/settings';
import { dnsPort, mailboxName, mailboxTlsPort, nameServerAddress, orPort, serversAddress, transitName, transitPort } from '../rig/network/addresses';
import { startOnionFront, type OnionFront } from '../rig/network/onionFront';
import { makeAuthority, startTlsFront, type TlsFront } from '../rig/network/tlsFront';
import { hintsHeard, installAttentiveWormhole } from './steps/attentiveWormhole';
import { Capture, mentions, otherEnds, type Captured } from './steps/capture';
import { CommandLine } from './steps/commandLine';
import { enableTor } from './steps/enableTor';
import { pairByPage, PairingPage } from './steps/pairing';
import type { Person } from './steps/person';
import { Stage } from './steps/stage';

const authorityFile = '/tmp/mailbox-authority.pem';

/** A name that is looked up on this computer is found, and both a capture and the name server's log show it. */
async function askOutside(computer: Computer): Promise<void> {
    await computer.writeFile('/etc/resolv.conf', `nameserver ${nameServerAddress}\n`, 'root');
}

/** The defaults with nothing replaced but the hosts' names. */
const defaultsButHosts: Settings = {
    'annexPeers.wormhole.mailboxUrl': defaultMailboxUrl.replace(new URL(defaultMailboxUrl).hostname, mailboxName),
    'annexPeers.wormhole.transitRelay': defaultRelay.replace(parseRelay(defaultRelay).host, transitName),
};

describe('the way of a pairing', function () {
    this.timeout(300_000);
    let stage: Stage;
    let tls: TlsFront;
    let onion: OnionFront;
    let alice: Person;
    let bob: Person;
    let carol: CommandLine;
    let attentive: Readonly<Record<string, string>>;

    before(async () => {
        stage = await Stage.set({ people: ['alice', 'bob', 'carol'], atEditors: ['alice', 'bob'], env: { ANNEX_PEERS_WORMHOLE_CA: authorityFile } });
        const { machine } = stage.rig.mailbox;
        [tls, onion] = await Promise.all([startTlsFront(machine), startOnionFront(machine, stage.rig.network.nodes.map(({ node }) => node))]);
        for (const seat of stage.seats) {
            await seat.editor.changeSettings(defaultsButHosts);
            await seat.computer.writeFile(authorityFile, tls.authority);
            await askOutside(seat.computer);
        }
        await stage.open();
        alice = stage.person('alice');
        bob = stage.person('bob');
        carol = new CommandLine(stage.rig.computer('carol'));
        attentive = await installAttentiveWormhole(carol.computer);
        await Promise.all([enableTor(alice), enableTor(bob), carol.serve()]);
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await stage.pictures('wormhole-over-tor-failure');
        }
    });

    after(async () => {
        // Ends what runs in its machines, too.
        await stage.strike();
    });

    const use = async ({ seat, window }: Person, settings: Settings): Promise<void> => {
        await seat.editor.changeSettings(settings);
        await window.reload();
    };

    /** What goes over the cables of these people's computers and of the servers meanwhile. */
    const captured = async (people: readonly Person[], action: () => Promise<unknown>): Promise<{ readonly servers: Captured; readonly computers: readonly Captured[] }> => {
        const captures = await Promise.all([
            Capture.start(stage.rig.mailbox.machine, 'servers'),
            ...people.map(async ({ computer, name }) => Capture.start(computer.machine, name)),
        ]);
        let failure: { readonly error: unknown } | undefined;
        await action().catch((error: unknown) => (failure = { error }));
        const [servers, ...computers] = await Promise.all(captures.map(async capture => capture.stop()));
        if (failure !== undefined) {
            throw failure.error;
        }
        assert.ok(servers !== undefined);
        return { servers, computers };
    };

    /** Each other end that is not the OR port of a node of the Tor network. */
    const endsOutsideTor = (packets: Captured, address: string): string[] => {
        const nodes = new Set(stage.rig.network.nodes.map(({ node }) => `${node.address}:${orPort}`));
        return otherEnds(packets, address).filter(end => !nodes.has(end));
    };

    /** Whether an address stands in any file of the two servers. */
    const serversRemember = async (address: string): Promise<boolean> => {
        const folder = path.dirname(stage.rig.mailbox.usageDb);
        const files = (await readdir(folder)).filter(name => name.includes('.sqlite'));
        assert.ok(files.length >= 3, files.join(' '));
        return (await Promise.all(files.map(async name => readFile(path.join(folder, name))))).some(bytes => mentions(bytes, address));
    };

    /** A page on one side, plain git-annex with python's wormhole on the other. */
    const pairWithTerminal = async (person: Person, how: string, expectConsent = false): Promise<void> => {
        const page = await PairingPage.open(person);
        assert.equal(await page.frame.locator('#consent').count() > 0, expectConsent);
        const [code, theirs] = await Promise.all([page.showCode(`carol_${how}`), carol.pair(`${person.name}_${how}`, attentive)]);
        theirs.process.write(`${code}\n`);
        await page.enterCode(theirs.code);
        await page.paired();
        assert.deepEqual(await theirs.process.exited, { code: 0, signal: null });
        await page.click('Close');
        carol.reload();
    };

    it('leads through Tor to a mailbox server with TLS, and tells nobody an IP address', async () => {
        // The editor itself has looked up where extensions are.
        const before = stage.rig.names.questions.length;
        const people = [alice, bob];
        const { servers, computers } = await captured(people, async () => pairByPage(alice, bob, {
            atChoosing: async (...pages) => Promise.all(pages.map(async ({ frame, person }) => {
                assert.match(await frame.locator('main').innerText(), /This pairing goes through Tor/u, person.name);
            })),
        }));
        for (const [index, { computer, name }] of people.entries()) {
            const own = computers[index];
            assert.ok(own !== undefined && own.packets.length > 0);
            assert.deepEqual(endsOutsideTor(own, computer.address), [], `${name} talked to others than the Tor network`);
            assert.equal(mentions(servers.bytes, computer.address), false, `the servers got ${name}'s address`);
            assert.equal(await serversRemember(computer.address), false, `the servers remember ${name}'s address`);
        }
        // What the servers got came from the relays through which one leaves the Tor network; their own tor talks to OR ports.
        const clients = new Set(endsOutsideTor(servers, serversAddress).map(end => end.split(':')[0]));
        const relays = stage.rig.network.relays.map(({ node }) => node.address);
        assert.ok(servers.packets.some(({ to }) => to === `${serversAddress}:${mailboxTlsPort}`));
        assert.ok(servers.packets.some(({ to }) => to === `${serversAddress}:${transitPort}`));
        assert.deepEqual([...clients].filter(address => address !== nameServerAddress && !relays.includes(address ?? '')), []);
        // The names of both were looked up, and where one leaves the Tor network.
        const asked = stage.rig.names.questions.slice(before);
        for (const name of [mailboxName, transitName]) {
            assert.ok(asked.some(question => question.name === name), `nobody asked for ${name}`);
        }
        assert.deepEqual(asked.filter(({ from }) => !relays.includes(from)), []);
    });

    it('ends where the mailbox server\'s certificate is of an authority that isn\'t trusted, and says so', async () => {
        await alice.computer.writeFile(authorityFile, await makeAuthority(stage.rig.mailbox.machine, '/tmp/other-authority', 'Somebody else'));
        const page = await PairingPage.open(alice);
        await page.start('dave');
        await page.reached('failed');
        assert.match(await page.frame.locator('main').innerText(), /certificate that is not trusted/u);
        await stage.pictures('wrong-certificate');
        await alice.window.closeEditor();
        await alice.computer.writeFile(authorityFile, tls.authority);
    });

    /** As {@link pairWithTerminal}, which learns no address of the page's computer. */
    const pairUnseen = async (person: Person, how: string): Promise<void> => {
        const { computers: [own] } = await captured([person], async () => pairWithTerminal(person, how));
        assert.ok(own !== undefined && own.packets.length > 0);
        assert.deepEqual(endsOutsideTor(own, person.computer.address), []);
        const heard = await hintsHeard(carol.computer);
        assert.equal(heard.length, 2);
        assert.deepEqual(heard.flat().filter(({ type }) => type !== 'relay-v1'), []);
        assert.equal(JSON.stringify(heard).includes(person.computer.address), false);
    };

    it('leads to a terminal that uses the mailbox server openly', async () => pairUnseen(bob, 'by_exit'));

    it('leads to a mailbox server that is an onion service, and to a terminal that uses it openly', async () => {
        await Promise.all([alice, bob].map(async person => use(person, { 'annexPeers.wormhole.mailboxUrl': onion.mailboxUrl, 'annexPeers.wormhole.transitRelay': onion.transitHint })));
        await pairUnseen(alice, 'by_onion');
    });

    it('leads from page to page by a mailbox server that is an onion service, and no name is looked up', async () => {
        const before = stage.rig.names.questions.length;
        const people = [alice, bob];
        const { servers, computers } = await captured(people, async () => pairByPage(alice, bob, { names: ['bob_by_onion', 'alice_by_onion'] }));
        for (const [index, { computer, name }] of people.entries()) {
            const own = computers[index];
            assert.ok(own !== undefined && own.packets.length > 0);
            assert.deepEqual(endsOutsideTor(own, computer.address), [], `${name} talked to others than the Tor network`);
            assert.equal(mentions(servers.bytes, computer.address), false, `the servers got ${name}'s address`);
        }
        // The servers' own tor alone talks to them, and that inside their machine.
        assert.deepEqual(endsOutsideTor(servers, serversAddress), []);
        assert.deepEqual(stage.rig.names.questions.slice(before), []);
    });

    it('goes around Tor where the settings say so: the same measurements show it', async () => {
        await use(bob, { ...defaultsButHosts, 'annexPeers.wormhole.withoutTor': true });
        const { address } = bob.computer;
        const { servers, computers: [own] } = await captured([bob], async () => pairWithTerminal(bob, 'openly', true));
        assert.ok(own !== undefined);
        assert.ok(endsOutsideTor(own, address).includes(`${serversAddress}:${mailboxTlsPort}`));
        assert.ok(endsOutsideTor(own, address).includes(`${nameServerAddress}:${dnsPort}`));
        assert.ok(stage.rig.names.questions.some(({ name, from }) => name === mailboxName && from === address));
        assert.ok(mentions(servers.bytes, address));
        assert.ok((await hintsHeard(carol.computer)).flat().some(({ hostname }) => hostname === address));
    });

    it('stops where Tor is stopped, and says so; nothing goes anywhere', async () => {
        await use(alice, defaultsButHosts);
        const page = await PairingPage.open(alice);
        await alice.computer.stopTor();
        const { computers: [own] } = await captured([alice], async () => {
            await page.start('dave');
            await page.reached('failed');
        });
        assert.match(await page.frame.locator('main').innerText(), /Tor does not answer/u);
        assert.deepEqual(own === undefined ? undefined : otherEnds(own, alice.computer.address), []);
    });
});
