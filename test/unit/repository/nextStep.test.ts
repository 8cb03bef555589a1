import assert from 'node:assert/strict';
import { noticesOf, viewStateOf } from '../../../src/core/repository/nextStep';
import type { PeerSnapshot, RepositorySnapshot } from '../../../src/core/repository/repository';
import { notLooked } from '../../../src/core/repository/networkCheck';
import type { Preflight } from '../../../src/core/preflight/preflight';
import { detectSystem, distributionOf } from '../../../src/core/preflight/system';
import { installCommand, installConfiguration } from '../../../src/core/preflight/installCommands';
import { isSupported, parseVersion } from '../../../src/core/annex/version';

const version = { text: '10.20230126', major: 10, date: 20230126 };
const ready: Preflight = {
    system: { distribution: 'debian', name: 'Debian' },
    git: '/usr/bin/git',
    gitAnnex: { kind: 'ready', path: '/usr/bin/git-annex', version },
    tor: { kind: 'running' },
    wormhole: { kind: 'built-in' },
};
const address = { onion: `${'a'.repeat(56)}.onion`, port: 1 };
const peer: PeerSnapshot = { name: 'bob', address, uuid: 'u', syncs: true, link: 'connected', linkSince: 0, presence: { status: { kind: 'unknown' }, since: 0, lastSeen: undefined }, lastSync: undefined, incoming: undefined, heldBack: undefined, verified: undefined };
const repository: RepositorySnapshot = {
    root: '/r',
    name: 'r',
    uuid: 'u',
    unreadable: false,
    service: { kind: 'enabled', address },
    daemon: { kind: 'running', since: 0, pid: 1 },
    fetchGuard: { kind: 'on' },
    peers: [peer],
    remotes: ['bob'],
    otherRemotes: [],
    access: [],
    findings: undefined,
    activity: undefined,
    network: notLooked,
};

describe('the next step', () => {
    const view = (preflight: Partial<Preflight>, change: Partial<RepositorySnapshot> = { peers: [] }): string =>
        viewStateOf({ kind: 'ready', preflight: { ...ready, ...preflight }, repositories: [{ ...repository, ...change }], hasGitRepository: true });

    it('is one thing at a time, in the order in which it has to be done', () => {
        assert.equal(viewStateOf({ kind: 'no-folder' }), 'no-folder');
        assert.equal(viewStateOf({ kind: 'untrusted' }), 'untrusted');
        assert.equal(view({ system: { distribution: 'windows', name: 'Windows' } }), 'unsupported-windows');
        assert.equal(view({ git: undefined, system: { distribution: 'debian', name: '', sandbox: 'flatpak' } }), 'sandboxed');
        assert.equal(view({ system: { distribution: 'debian', name: '', sandbox: 'container' }, tor: { kind: 'not-installed' } }), 'sandboxed');
        assert.equal(view({ system: { distribution: 'debian', name: '', sandbox: 'container' }, tor: { kind: 'not-running' } }), 'tor-not-running');
        assert.equal(view({ git: undefined }), 'git-missing');
        assert.equal(view({ gitAnnex: { kind: 'missing' } }), 'git-annex-missing');
        assert.equal(view({ gitAnnex: { kind: 'too-old', version } }), 'git-annex-too-old');
        assert.equal(viewStateOf({ kind: 'ready', preflight: ready, repositories: [], hasGitRepository: false }), 'no-repository');
        assert.equal(view({}, { uuid: undefined, unreadable: true, peers: [] }), 'repository-unreadable');
        assert.equal(view({}, { uuid: undefined, peers: [] }), 'not-annex');
        assert.equal(view({ tor: { kind: 'not-installed' } }), 'tor-not-installed');
        assert.equal(view({ tor: { kind: 'not-running' } }), 'tor-not-running');
        assert.equal(view({ tor: { kind: 'tor-browser-only', installed: false } }), 'tor-browser-only');
        assert.equal(view({}, { service: { kind: 'not-enabled' }, peers: [] }), 'tor-not-enabled');
        assert.equal(view({}, { service: { kind: 'unfinished' }, peers: [] }), 'service-unfinished');
        assert.equal(view({}, { daemon: { kind: 'stopped' }, peers: [] }), 'daemon-stopped');
        assert.equal(view({ wormhole: { kind: 'missing' } }), 'wormhole-missing');
        assert.equal(view({}), 'no-peers');
    });

    it('leaves the tree to who has peers, with what is missing in it', () => {
        assert.equal(view({}, {}), 'tree');
        assert.deepEqual(noticesOf({ ...repository, service: { kind: 'not-enabled' } }, { ...ready, wormhole: { kind: 'missing' } }), ['tor-not-enabled', 'wormhole-missing']);
        assert.deepEqual(noticesOf(repository, ready), []);
        assert.deepEqual(noticesOf({ ...repository, fetchGuard: { kind: 'off', reason: 'no-perl' } }, ready), ['fetches-may-hang']);
        assert.deepEqual(noticesOf({ ...repository, daemon: { kind: 'duplicate', of: '/other' } }, ready), ['copied-repository']);
        // One that ended once is there again in a second: nothing to bother anybody with.
        assert.deepEqual([1, 2, 3, 4].map(attempt => noticesOf({ ...repository, daemon: { kind: 'waiting', restartAt: 0, attempt, lastError: '' } }, ready)), [[], [], ['daemon-waiting'], ['daemon-waiting']]);
    });
});

describe('systems', () => {
    it('are told apart by os-release', () => {
        assert.equal(distributionOf('ID=ubuntu\nID_LIKE=debian\n'), 'debian');
        assert.equal(distributionOf('ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n'), 'opensuse');
        assert.equal(distributionOf('ID=nixos\n'), 'nixos');
        assert.equal(distributionOf('ID="rocky"\nID_LIKE="rhel centos fedora"\n'), 'fedora');
        assert.equal(distributionOf('ID=void\n'), 'other');
        assert.equal(distributionOf(''), 'other');
    });

    it('are a snap only where the editor itself lies in it', async () => {
        const sandbox = async (environment: NodeJS.ProcessEnv, execPath: string): Promise<string | undefined> => (await detectSystem('linux', environment, execPath)).sandbox;
        const outside = await sandbox({}, '/usr/share/code/code');
        assert.equal(await sandbox({ SNAP: '/snap/code/180', SNAP_NAME: 'code' }, '/snap/code/180/usr/share/code/code'), 'snap');
        assert.equal(await sandbox({ SNAP: '/snap/tmux/3', SNAP_NAME: 'tmux' }, '/usr/share/code/code'), outside);
        assert.equal((await detectSystem('win32', {}, 'C:\\code.exe')).distribution, 'windows');
    });

    it('have their own command to install what is missing', () => {
        assert.equal(installCommand('debian', ['git-annex', 'wormhole']), 'sudo apt-get install git-annex magic-wormhole');
        assert.equal(installCommand('opensuse', ['wormhole']), 'sudo zypper install python3-magic-wormhole');
        assert.equal(installCommand('other', ['tor']), undefined);
        assert.equal(installConfiguration('debian', ['tor']), undefined);
    });

    it('have Tor as a service where a package brings none', () => {
        assert.equal(installCommand('nixos', ['git', 'tor']), 'nix-env -iA nixos.git');
        assert.equal(installCommand('nixos', ['tor']), undefined);
        assert.match(installConfiguration('nixos', ['git', 'tor'])?.lines ?? '', /services\.tor\.client\.enable = true/u);
        assert.equal(installConfiguration('nixos', ['git']), undefined);
    });
});

describe("git-annex's version", () => {
    it('is read from what it prints', () => {
        const old = parseVersion('git-annex version: 8.20210223\nbuild flags: Assistant');
        const newer = parseVersion('git-annex version: 10.20250416-g1a2b3c\n');
        assert.deepEqual([old?.date, old && isSupported(old), newer?.text, newer && isSupported(newer)], [20210223, false, '10.20250416-g1a2b3c', true]);
        assert.equal(parseVersion('command not found'), undefined);
    });
});
