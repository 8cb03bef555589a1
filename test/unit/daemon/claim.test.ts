import assert from 'node:assert/strict';
import { readdir, readlink, symlink, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { claim, type Owned } from '../../../src/core/daemon/ownership/claim';
import { silentLog } from '../../../src/core/log';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';

interface Claimant {
    readonly process: ManagedProcess;
    readonly lines: string[];
}

async function startClaimants(folder: string, count: number): Promise<Claimant[]> {
    const claimants = await Promise.all(
        Array.from({ length: count }, async () => {
            const child = await ManagedProcess.start({ file: process.execPath, args: [path.join(__dirname, 'claimant.js'), folder, 'thing'], cwd: '/' }, { log: silentLog });
            const lines: string[] = [];
            child.onStdoutLine.on(line => lines.push(line));
            child.onStderrLine.on(line => lines.push(`error: ${line}`));
            return { process: child, lines };
        }),
    );
    await until('all are ready', () => claimants.every(({ lines }) => lines.includes('ready')), 60_000);
    return claimants;
}

function go(claimants: readonly Claimant[]): Promise<void> {
    for (const claimant of claimants) {
        claimant.process.write('go\n');
    }
    return until('all have an answer', () => claimants.every(({ lines }) => lines.length >= 2), 30_000);
}

function ownersOf(claimants: readonly Claimant[]): Claimant[] {
    return claimants.filter(({ lines }) => lines.includes('owner'));
}

describe('claim', function () {
    this.timeout(120_000);

    it('makes one owner of twenty who start at once, again after the owner was killed, and leaves nothing when all have let go', () =>
        withTemporaryFolder(async folder => {
            const all: Claimant[] = [];
            try {
                let owner: Claimant | undefined;
                for (let round = 0; round < 2; round++) {
                    const claimants = await startClaimants(folder, round === 0 ? 20 : 6);
                    all.push(...claimants);
                    if (owner !== undefined) {
                        process.kill(owner.process.pid, 'SIGKILL');
                        await owner.process.exited;
                    }
                    await go(claimants);
                    const owners = ownersOf(claimants);
                    assert.equal(owners.length, 1, JSON.stringify(claimants.map(({ lines }) => lines)));
                    owner = owners[0];
                    for (const { lines } of claimants.filter(claimant => claimant !== owner)) {
                        assert.equal(lines[1], `client ${owner?.process.pid ?? 0}`);
                    }
                }
                owner?.process.write('release\n');
                await owner?.process.exited;
                assert.deepEqual((await readdir(folder)).filter(name => !name.startsWith('thing.')), []);
            } finally {
                await Promise.all(all.map(({ process: child }) => child.end(0)));
            }
        }));

    it('replaces a dead owner, and one who died while replacing, once however many try', () =>
        withTemporaryFolder(async folder => {
            for (let round = 0; round < 20; round++) {
                await symlink('thing.dead', path.join(folder, 'thing'));
                await symlink('thing.dead2', path.join(folder, 'thing.after.thing.dead'));
                await symlink('thing.dead3', path.join(folder, 'thing.after.thing.dead.after.thing.dead2'));
                const claims = await Promise.all(Array.from({ length: 12 }, () => claim(folder, 'thing')));
                const owners = claims.filter((result): result is Owned => result.kind === 'owner');
                assert.equal(owners.length, 1);
                for (const result of claims) {
                    if (result.kind === 'client') {
                        result.socket.destroy();
                    } else {
                        assert.equal(await result.isInForce(), true);
                        await result.release();
                    }
                }
                assert.deepEqual(await readdir(folder), []);
            }
        }));

    it('notices that its link was taken away, and removes no other’s', () =>
        withTemporaryFolder(async folder => {
            const first = await claim(folder, 'thing');
            assert.ok(first.kind === 'owner');
            await unlink(path.join(folder, 'thing'));
            const second = await claim(folder, 'thing');
            assert.ok(second.kind === 'owner');
            assert.equal(await first.isInForce(), false);
            const link = await readlink(path.join(folder, 'thing'));
            await first.release();
            assert.equal(await readlink(path.join(folder, 'thing')), link);
            await second.release();
        }));

    it('fails where the name is taken by something else', () =>
        withTemporaryFolder(async folder => {
            await writeFile(path.join(folder, 'thing'), 'a file');
            await assert.rejects(claim(folder, 'thing'), { code: 'EINVAL' });
            assert.deepEqual(await readdir(folder), ['thing']);
        }));
});
