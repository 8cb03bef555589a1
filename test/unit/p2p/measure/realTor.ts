/**
 * Measures how the real tor and the real git-annex answer a probe in every state, on the rig. Not a test: it says what
 * src/core/p2p/outcome.ts has to be.
 *
 *     node out/test/unit/p2p/measure/realTor.js [seconds for each state]
 */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseTorAddress } from '../../../../src/core/tor/address';
import { Rig } from '../../../rig/rig';
import { until } from '../../support/until';

interface Line {
    readonly kind: 'probe' | 'plain';
    readonly at: number;
    readonly ms: number;
    readonly answer: unknown;
}

function summary(lines: readonly Line[], kind: Line['kind'], from: number): string {
    const groups: { answer: string; times: number[]; first: number }[] = [];
    for (const { at, ms, answer } of lines.filter(line => line.kind === kind)) {
        const text = JSON.stringify(answer, (key, value: unknown) => (key === 'roundTripMs' || key === 'connectMs' ? undefined : value));
        const last = groups.at(-1);
        if (last?.answer === text) {
            last.times.push(ms);
        } else {
            groups.push({ answer: text, times: [ms], first: at - from });
        }
    }
    return groups.map(({ answer, times, first }) => `    ${kind} from ${(first / 1000).toFixed(1)} s: ${times.length} x ${answer}, ${Math.min(...times)}-${Math.max(...times)} ms`).join('\n');
}

async function main(seconds: number): Promise<void> {
    const rig = await Rig.up({ computers: ['alice', 'bob'], label: 'probe measurements', onStep: step => process.stdout.write(`${step}\n`) });
    try {
        const [alice, bob] = [rig.computer('alice'), rig.computer('bob')];
        for (const computer of [alice, bob]) {
            await computer.createRepository({ files: { [`of-${computer.name}`]: computer.name } });
        }
        const uid = (await bob.execOrThrow(['id', '-u'])).trim();
        await bob.execOrThrow(['git', 'config', '--global', '--add', 'safe.directory', '*'], { as: 'root' });
        await bob.execOrThrow(['git-annex', 'enable-tor', uid], { as: 'root', cwd: bob.repository });
        const serve = () => bob.spawn(['git-annex', 'remotedaemon', '--foreground'], { cwd: bob.repository });
        let daemon = await serve();
        const address = (await bob.execOrThrow(['git-annex', 'p2p', '--gen-addresses'], { cwd: bob.repository })).trim();
        const at = parseTorAddress(address);
        const token = address.slice(address.lastIndexOf(':') + 1);
        if (at === undefined) {
            throw new Error('no address');
        }
        const uuid = (await bob.execOrThrow(['git', 'config', 'annex.uuid'], { cwd: bob.repository })).trim();
        const ownUuid = (await alice.execOrThrow(['git', 'config', 'annex.uuid'], { cwd: alice.repository })).trim();
        const project = path.resolve(__dirname, '../../../../..');
        const inside = '/run/annex-peers';
        for (const folder of ['out', 'node_modules']) {
            await alice.bind(await realpath(path.join(project, folder)), `${inside}/${folder}`);
        }
        const lines: Line[] = [];
        const probes = await alice.spawn([process.execPath, path.join(inside, path.relative(project, __dirname), 'inside.js'), at.onion, String(at.port), uuid, ownUuid, token, '1000']);
        probes.onStdoutLine.on(line => lines.push(JSON.parse(line) as Line));
        probes.onStderrLine.on(line => process.stderr.write(`${line}\n`));
        const isOnline = (): boolean => {
            const last = lines.findLast(line => line.kind === 'probe');
            return JSON.stringify(last?.answer ?? '').includes('"online"');
        };
        await until('the first answer', isOnline, 120_000);

        // What alice's own daemon says of bob meanwhile, beside the probes.
        await alice.execOrThrow(['git-annex', 'p2p', '--link', '--name', 'bob'], { cwd: alice.repository, input: `${address}\n`, timeLimitMs: 60_000 });
        const heard: { readonly at: number; readonly line: string }[] = [];
        const aliceDaemon = await alice.spawn(['git-annex', 'remotedaemon', '--foreground'], { cwd: alice.repository });
        aliceDaemon.onStdoutLine.on(line => heard.push({ at: Date.now(), line: line.split(' ')[0] ?? '' }));

        const phase = async (name: string, change: () => Promise<unknown>, after = seconds): Promise<void> => {
            const from = Date.now();
            const before = lines.length;
            await change();
            await delay(after * 1000);
            const daemonSaid = heard.filter(({ at }) => at >= from).map(({ at, line }) => `${line} at ${((at - from) / 1000).toFixed(1)} s`).join(', ');
            process.stdout.write(`${name}: alice's daemon said: ${daemonSaid || 'nothing'}\n`);
            process.stdout.write(`${name} (change took ${((Date.now() - from) / 1000 - after).toFixed(1)} s)\n${summary(lines.slice(before), 'plain', from)}\n${summary(lines.slice(before), 'probe', from)}\n`);
        };
        const back = async (name: string, change: () => Promise<unknown>): Promise<void> => {
            await phase(name, async () => {
                await change();
                await until('online again', isOnline, 180_000).catch(() => undefined);
            }, 2);
        };
        const creds = `${bob.repository}/.git/annex/creds/p2pauth`;
        await phase('all well', () => Promise.resolve());
        await phase("bob's daemon stops", () => daemon.end());
        await back("bob's daemon starts", async () => (daemon = await serve()));
        const tokens = await bob.readFile(creds);
        await phase('the token goes', () => bob.writeFile(creds, ''));
        await back('the token comes back', () => bob.writeFile(creds, tokens));
        // Another repository behind the same address: its daemon's socket in the place of bob's.
        const other = await bob.createRepository({ folder: `${bob.user.home}/other` });
        const otherUuid = (await bob.execOrThrow(['git', 'config', 'annex.uuid'], { cwd: other })).trim();
        await bob.execOrThrow(['git-annex', 'enable-tor', uid], { as: 'root', cwd: other });
        await bob.execOrThrow(['cp', creds, `${other}/.git/annex/creds/p2pauth`]);
        await daemon.end();
        const otherDaemon = await bob.spawn(['git-annex', 'remotedaemon', '--foreground'], { cwd: other });
        const socketOf = (id: string): string => `/var/lib/tor-annex/${uid}_${id}/s`;
        await phase('another repository answers', () => bob.execOrThrow(['ln', '-sf', socketOf(otherUuid), socketOf(uuid)]));
        await otherDaemon.end();
        await back("bob's daemon starts again", async () => (daemon = await serve()));
        await phase("bob's tor stops", () => bob.stopTor(), seconds * 2);
        await back("bob's tor starts", () => bob.startTor());
        await phase("bob's cable is pulled out", () => bob.disconnect(), seconds * 2);
        await back("bob's cable is plugged in", () => bob.connect());
        await phase("alice's tor stops", () => alice.stopTor());
        await back("alice's tor starts", () => alice.startTor());
        await phase("alice's cable is pulled out", () => alice.disconnect(), seconds * 2);
        await back("alice's cable is plugged in", () => alice.connect());
        await probes.end();
        await aliceDaemon.end();
        await daemon.end();
    } finally {
        await rig.down();
    }
}

main(Number(process.argv[2] ?? '20')).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
});
