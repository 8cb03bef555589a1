import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { silentLog } from '../../../src/core/log';
import { accountFiles, systemAccount } from '../../rig/computers/accounts';
import { identityOf, isAlive } from '../../rig/computers/namespaces';
import { bootstrapProgress } from '../../rig/computers/torControl';
import { findRigs, hasMounts, RigFolder, sweep } from '../../rig/lifetime';
import { installCommands, missingPackages } from '../../rig/system/packages';
import { mayMakeNamespaces, rigSupport } from '../../rig/system/support';
import { pause, waitFor } from '../../rig/wait';

describe('rig: the system it stands on', () => {
    it('says on other systems that it does not run, and what does', async () => {
        const support = await rigSupport('darwin');
        assert.equal(support.kind, 'none');
        assert.match(support.why, /darwin.*unit tests/u);
    });

    it('knows a root that may not make namespaces', () => {
        assert.equal(mayMakeNamespaces('Name:\tnode\nCapEff:\t000001fffeffffff\n'), true);
        assert.equal(mayMakeNamespaces('CapEff:\t00000000a80425fb\n'), false, 'root in an ordinary container');
        assert.equal(mayMakeNamespaces(''), false);
    });

    it('misses only packages of which nothing is there', async () => {
        const missing = await missingPackages([
            { name: 'there', proof: ['no-such-program', process.execPath], why: '' },
            { name: 'not-there', proof: ['no-such-program', '/no/such/file'], why: '' },
        ]);
        assert.deepEqual(missing.map(({ name }) => name), ['not-there']);
    });

    it('installs as root or through sudo, and never asks a question', async function () {
        const commands = await installCommands(['tor', 'git-annex'], 0);
        if (commands === undefined) {
            // No apt-get on this system.
            this.skip();
        }
        assert.equal(commands.length, 2);
        for (const command of commands) {
            assert.deepEqual(command.slice(0, 2), ['/usr/bin/env', 'DEBIAN_FRONTEND=noninteractive']);
        }
        assert.deepEqual(commands[1]?.slice(-2), ['tor', 'git-annex']);
    });

    it('replaces the host\'s people by the machine\'s', async () => {
        const passwd = 'root:x:0:0:root:/root:/bin/bash\ndebian-tor:x:102:105::/var/lib/tor:/bin/false\nmallory:x:1000:1000::/home/mallory:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n';
        const group = 'root:x:0:\nsudo:x:27:mallory\nmallory:x:1000:\n';
        const files = await accountFiles(passwd, group, [{ name: 'alice', uid: 1001, gid: 1001, password: 'secret' }], silentLog);
        assert.doesNotMatch(Object.values(files).join(''), /mallory|secret/u);
        assert.deepEqual(systemAccount(files.passwd, 'debian-tor'), { uid: 102, gid: 105 });
        assert.deepEqual(systemAccount(files.passwd, 'alice'), { uid: 1001, gid: 1001 });
        assert.match(files.group, /^sudo:x:27:alice$/mu);
        assert.match(files.shadow, /^alice:\$6\$/mu);
        assert.match(files.shadow, /^root:\$6\$/mu);
        assert.match(files.shadow, /^debian-tor:\*:/mu);
        assert.doesNotMatch(files.sudoers, /NOPASSWD/u);
    });

    it('reads how far tor\'s start is', () => {
        assert.equal(bootstrapProgress(['status/bootstrap-phase=NOTICE BOOTSTRAP PROGRESS=75 TAG=enough_dirinfo SUMMARY="Loaded"', 'OK']), 75);
        assert.equal(bootstrapProgress([]), 0);
    });

    it('waits for a condition, to a limit, and lets itself be cancelled', async () => {
        let asked = 0;
        assert.equal(await waitFor(() => ++asked === 3 && 'found', { what: 'it', limitMs: 5000, everyMs: 1 }), 'found');
        await assert.rejects(waitFor(() => false, { what: 'it', limitMs: 5, everyMs: 1 }), { reason: 'time-limit' });
        await assert.rejects(pause(60_000, AbortSignal.timeout(5)), { reason: 'cancelled' });
    });
});

describe('rig: what is left when its owner has gone', () => {
    let rigs: string;

    beforeEach(async () => {
        rigs = await mkdtemp(path.join(os.tmpdir(), 'rigs-'));
    });

    afterEach(async () => {
        await rm(rigs, { recursive: true });
    });

    it('knows a process from a later one with its number', function () {
        if (process.platform !== 'linux') {
            this.skip();
        }
        const self = identityOf(process.pid);
        assert.ok(self !== undefined && isAlive(self));
        assert.equal(isAlive({ ...self, startTime: '1' }), false);
    });

    it('sweeps folders of owners that are gone, ends their machines, and leaves the living alone', async function () {
        if (process.platform !== 'linux') {
            this.skip();
        }
        const living = await RigFolder.claim(rigs, 'tests');
        const left = spawn('/bin/sleep', ['60'], { stdio: 'ignore' });
        const ended = once(left, 'exit');
        await once(left, 'spawn');
        const init = identityOf(left.pid ?? 0);
        const dead = path.join(rigs, 'dead00');
        await mkdir(dead);
        await writeFile(path.join(dead, 'owner.json'), JSON.stringify({ owner: { pid: process.pid, startTime: '1' }, label: 'tests', machines: [{ name: 'alice', init }] }));
        const unreadable = path.join(rigs, 'dead01');
        await mkdir(unreadable);
        await utimes(unreadable, 1, 1);
        await mkdir(path.join(rigs, 'fresh0'));
        assert.deepEqual((await sweep(rigs)).sort(), ['dead00', 'dead01']);
        assert.deepEqual(await ended, [null, 'SIGKILL']);
        assert.deepEqual((await readdir(rigs)).sort(), [living.id, 'fresh0'].sort());
        assert.deepEqual((await findRigs(rigs)).filter(({ ownerAlive }) => ownerAlive).map(({ id }) => id), [living.id]);
        await living.remove();
    });

    it('sees mounts below a folder', () => {
        const mounts = '22 1 254:0 / / rw - ext4 /dev/vda rw\n90 22 0:50 / /tmp/annex-peers-rig/a/root rw - tmpfs tmpfs rw\n';
        assert.equal(hasMounts(mounts, '/tmp/annex-peers-rig/a'), true);
        assert.equal(hasMounts(mounts, '/tmp/annex-peers-rig/b'), false);
        assert.equal(hasMounts(mounts, '/tmp/annex-peers-rig/a/ro'), false);
    });
});
