/**
 * Presence, over a private Tor network: a probe beside what users would run instead, and what fifty peers cost an editor in
 * which nothing else happens.
 *
 *     node out/test/bench/presence/bench.js [rounds] [seconds]
 */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { formatTorAddress, parseTorAddress, type TorAddress } from '../../../src/core/tor/address';
import { CommandLine } from '../../e2e/steps/commandLine';
import { Stage } from '../../e2e/steps/stage';
import type { Computer } from '../../rig/computers/computer';
import { projectRoot } from '../../rig/paths';
import { pause, waitFor } from '../../rig/wait';
import { median, tell } from '../support/row';

const rounds = Number(process.argv[2] ?? 15);
const seconds = Number(process.argv[3] ?? 60);
const peers = 50;
/** A probe takes at most this part of what users would run instead. */
const probeGoal = 0.5;
/** Per cent of one processor, on average. */
const cpuGoal = 1;
const ticksPerSecond = 100;

const timesSchema = v.record(v.string(), v.array(v.number()));


async function compare(alice: Computer): Promise<boolean> {
    const inside = '/run/annex-peers';
    for (const folder of ['out', 'node_modules']) {
        await alice.bind(await realpath(path.join(projectRoot(), folder)), `${inside}/${folder}`);
    }
    const program = path.join(inside, path.relative(projectRoot(), path.join(__dirname, 'inside.js')));
    const output = await alice.execOrThrow([process.execPath, program, alice.repository, 'bob', String(rounds)], { timeLimitMs: 600_000 });
    const times = v.parse(timesSchema, JSON.parse(output));
    const of = (name: string): number => median(times[name] ?? []);
    console.log(`medians of ${rounds} rounds, alternating, after one that is not counted`);
    for (const [name, all] of Object.entries(times)) {
        console.log(`${name}: ${Math.round(of(name))} ms (${Math.round(Math.min(...all))}-${Math.round(Math.max(...all))})`);
    }
    let reached = true;
    for (const other of ['git ls-remote', 'git annex info']) {
        const ratio = of('probe') / of(other);
        reached &&= ratio <= probeGoal;
        tell({
            what: 'to know over Tor whether a peer is there',
            ours: `${Math.round(of('probe'))} ms`,
            instead: `${Math.round(of(other))} ms (\`${other}\`)`,
            ratio: `${ratio.toFixed(2)} times as long`,
            goal: `at most ${probeGoal}`,
            reached: ratio <= probeGoal,
            note: `${rounds} rounds`,
        });
    }
    return reached;
}

/** More onion services that all lead to bob's daemon, so that alice has peers enough. */
async function morePeers(alice: Computer, bob: CommandLine, first: TorAddress): Promise<void> {
    const { computer } = bob;
    const uuid = (await computer.execOrThrow(['git', 'config', 'annex.uuid'], { cwd: computer.repository })).trim();
    const socket = `/var/lib/tor-annex/${computer.user.uid}_${uuid}/s`;
    const numbers = Array.from({ length: peers - 1 }, (_, index) => index + 1);
    const stanzas = numbers.map(number => `HiddenServiceDir /var/lib/tor/more_${number}\nHiddenServicePort 4711 unix:${socket}\n`).join('');
    await computer.writeFile('/etc/tor/torrc', `${await computer.readFile('/etc/tor/torrc')}\n${stanzas}`, 'root');
    await computer.reloadTor();
    const onions = await waitFor(async () => {
        const { stdout } = await computer.exec(['sh', '-c', 'cat /var/lib/tor/more_*/hostname'], { as: 'root' });
        const names = stdout.split('\n').filter(line => line !== '');
        return names.length === numbers.length ? names : undefined;
    }, { what: `${numbers.length} onion services`, limitMs: 60_000 });
    const creds = `${alice.repository}/.git/annex/creds`;
    const token = await alice.readFile(`${creds}/${first.onion}`);
    let config = await alice.readFile(`${alice.repository}/.git/config`);
    for (const [index, onion] of onions.entries()) {
        config += `[remote "peer${index}"]\n\turl = ${formatTorAddress({ onion, port: 4711 })}\n\tfetch = +refs/heads/*:refs/remotes/peer${index}/*\n\tannex-uuid = ${uuid}\n`;
        await alice.writeFile(`${creds}/${onion}`, token);
        await alice.execOrThrow(['chmod', '600', `${creds}/${onion}`]);
    }
    await alice.writeFile(`${alice.repository}/.git/config`, config);
}

/** Processor time of alice's extension hosts, in seconds. */
async function extensionHostSeconds(alice: Computer): Promise<number> {
    const lines = (await alice.execOrThrow(['ps', '-u', alice.user.name, '-o', 'pid=,args='])).split('\n').filter(line => /type=extensionHost/u.test(line));
    let ticks = 0;
    for (const line of lines) {
        const stat = await alice.execOrThrow(['cat', `/proc/${line.trim().split(/\s+/u)[0] ?? ''}/stat`]);
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        // utime and stime (proc(5)).
        ticks += Number(fields[11]) + Number(fields[12]);
    }
    return ticks / ticksPerSecond;
}

async function percent(alice: Computer): Promise<number> {
    const [before, from] = [await extensionHostSeconds(alice), performance.now()];
    await pause(seconds * 1000);
    return (100 * (await extensionHostSeconds(alice) - before)) / ((performance.now() - from) / 1000);
}

async function cost(stage: Stage): Promise<boolean> {
    const [alice] = await stage.open();
    if (alice === undefined) {
        throw new Error('nobody is at an editor');
    }
    const { window, computer } = alice;
    // Without a remote daemon here every peer is probed, none is believed to be connected.
    await window.dialogs.clickNotification(/Serve/u, "Don't Serve");
    const isKnown = async (): Promise<boolean> => new RegExp(`^${peers} of ${peers} peers online$`, 'mu').test((await window.statusBar()).map(({ text }) => text).join('\n'));
    await waitFor(isKnown, { what: 'every peer to be online', limitMs: 300_000, everyMs: 1000 });
    console.log(`status bar: ${(await window.statusBar()).map(({ text }) => text).find(text => /peers online/u.test(text)) ?? ''}`);
    await pause(10_000);
    const watched = await percent(computer);
    await window.openViewContainer('Explorer');
    await pause(10_000);
    const hidden = await percent(computer);
    console.log(`${peers} peers probed, the view shown, nothing else done: extension host ${watched.toFixed(2)} % of one processor over ${seconds} s (goal: under ${cpuGoal} %)`);
    console.log(`the view hidden, so that none is probed: ${hidden.toFixed(2)} %; what presence costs: ${(watched - hidden).toFixed(2)} %`);
    tell({
        what: `the extension host with ${peers} peers probed, the view shown, nothing else done`,
        ours: `${watched.toFixed(2)} % of one processor`,
        instead: `${hidden.toFixed(2)} % with the view hidden`,
        ratio: '',
        goal: `under ${cpuGoal} %`,
        reached: watched < cpuGoal,
        note: `over ${seconds} s`,
    });
    return watched < cpuGoal;
}

async function main(): Promise<void> {
    const stage = await Stage.set({ people: ['alice', 'bob'], atEditors: ['alice'], files: name => ({ [name]: name }), label: 'presence bench' });
    try {
        const alice = stage.rig.computer('alice');
        const [bob, aliceAtCommandLine] = [new CommandLine(stage.rig.computer('bob')), new CommandLine(alice)];
        await Promise.all([bob.enableTor(), aliceAtCommandLine.enableTor()]);
        await bob.startDaemon(await bob.installShim());
        const address = await bob.address();
        await aliceAtCommandLine.link(address, 'bob');
        const at = parseTorAddress(address);
        if (at === undefined) {
            throw new Error('no address');
        }
        const faster = await compare(alice);
        await morePeers(alice, bob, at);
        const cheap = await cost(stage);
        process.exitCode = faster && cheap ? 0 : 1;
    } finally {
        await stage.strike();
    }
}

void main();
