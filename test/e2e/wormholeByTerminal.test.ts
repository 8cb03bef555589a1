/**
 * git-annex's own pairing at two terminals, with every pair of wormholes: ours through Tor, to the mailbox server through an
 * exit and as an onion service, and python's, which git-annex runs without Tor.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { defaultMailboxUrl, defaultRelay, parseRelay } from '../../src/core/wormhole/options';
import { createLauncher } from '../../src/core/wormhole/launcher';
import type { Computer } from '../rig/computers/computer';
import { mailboxName, transitName } from '../rig/network/addresses';
import { startOnionFront } from '../rig/network/onionFront';
import { startTlsFront } from '../rig/network/tlsFront';
import { projectRoot, systemPath } from '../rig/paths';
import { Rig } from '../rig/rig';
import { CommandLine } from './steps/commandLine';

type Wormhole = 'ours' | 'python';
type Way = 'exit' | 'onion';
type Environment = Readonly<Record<string, string>>;

const authorityFile = '/tmp/mailbox-authority.pem';
const ownFolder = '/srv/wormhole';

/** Our program with VS Code's part played by this Node.js. Gives the folder for the front of the PATH. */
async function installOurs(computer: Computer): Promise<string> {
    await computer.bind(path.dirname(process.execPath), '/srv/runtime');
    await computer.bind(path.join(projectRoot(), 'dist'), '/srv/dist');
    await createLauncher({ folder: computer.hostPath(ownFolder), runtime: `/srv/runtime/${path.basename(process.execPath)}`, program: '/srv/dist/wormhole.js' });
    await computer.execOrThrow(['chmod', '-R', 'go+rX', ownFolder], { as: 'root' });
    return ownFolder;
}

describe('pairing at two terminals', function () {
    this.timeout(200_000);
    let rig: Rig;
    let alice: CommandLine;
    let bob: CommandLine;
    let ours: Readonly<Record<Way, Environment>>;

    before(async () => {
        rig = await Rig.up({ computers: ['alice', 'bob'] });
        const { machine } = rig.mailbox;
        const [tls, onion] = await Promise.all([startTlsFront(machine), startOnionFront(machine, rig.network.nodes.map(({ node }) => node))]);
        [alice, bob] = [new CommandLine(rig.computer('alice')), new CommandLine(rig.computer('bob'))];
        for (const person of [alice, bob]) {
            await person.computer.createRepository();
            await person.computer.writeFile(authorityFile, tls.authority);
            await installOurs(person.computer);
        }
        await Promise.all([alice.serve(), bob.serve()]);
        const common = { PATH: `${ownFolder}:${systemPath}`, ANNEX_PEERS_WORMHOLE_SOCKS: '127.0.0.1:9050', ANNEX_PEERS_WORMHOLE_CA: authorityFile };
        ours = {
            exit: {
                ...common,
                WORMHOLE_RELAY_URL: defaultMailboxUrl.replace(new URL(defaultMailboxUrl).hostname, mailboxName),
                WORMHOLE_TRANSIT_HELPER: defaultRelay.replace(parseRelay(defaultRelay).host, transitName),
            },
            onion: { ...common, WORMHOLE_RELAY_URL: onion.mailboxUrl, WORMHOLE_TRANSIT_HELPER: onion.transitHint },
        };
    });

    after(async () => {
        await rig.down();
    });

    for (const way of ['exit', 'onion'] as const) {
        for (const [left, right] of [['ours', 'ours'], ['ours', 'python'], ['python', 'ours']] as const) {
            it(`${left} and ${right}, ours by the ${way}`, async () => {
                // python's finds the servers by their address, in the environment that everybody has here.
                const environmentOf = (which: Wormhole): Environment => (which === 'ours' ? ours[way] : {});
                const name = `${way}_${left}_${right}`;
                const [one, other] = await Promise.all([alice.pair(name, environmentOf(left)), bob.pair(name, environmentOf(right))]);
                one.process.write(`${other.code}\n`);
                other.process.write(`${one.code}\n`);
                for (const { process } of [one, other]) {
                    assert.deepEqual(await process.exited, { code: 0, signal: null });
                }
                for (const person of [alice, bob]) {
                    assert.match(await person.git('remote', 'get-url', name), /^tor-annex::[a-z2-7]{56}\.onion:\d+\n$/u);
                }
            });
        }
    }

    it('was happy for the mailbox server each time, and names were looked up by exits alone', async () => {
        const query = 'import json, sqlite3, sys; print(json.dumps([row[0] for row in sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True).execute("SELECT result FROM mailboxes")]))';
        const results: unknown = JSON.parse(await rig.mailbox.machine.execOrThrow(['/usr/bin/python3', '-c', query, '/var/lib/wormhole/mailbox-usage.sqlite']));
        assert.deepEqual(results, Array.from({ length: 12 }, () => 'happy'));
        const exits = rig.network.relays.map(({ node }) => node.address);
        assert.ok(rig.names.questions.some(({ name }) => name === mailboxName));
        assert.deepEqual(rig.names.questions.filter(({ from }) => !exits.includes(from)), []);
    });
});
