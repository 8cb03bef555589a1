/** What is warned of, and that the mending mends it. */
import assert from 'node:assert/strict';
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseVersion } from '../../../src/core/annex/version';
import { silentLog } from '../../../src/core/log';
import type { AccessHolder } from '../../../src/core/peers/access';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { runOrThrow } from '../../../src/core/process/run';
import { collectFacts, findingsOf, momentsOf, anonymous, identityNow, noOwnIdentity, pastIdentities, restoreIdentity, setAnonymousIdentity, tightenModes, type Facts, type FindingId, type Known } from '../../../src/core/security/findings';
import { copiedBy } from '../../../src/core/security/findings/credentials';
import { daemonsOf, isRemoteDaemon, startedBy } from '../../../src/core/security/findings/daemons';
import { atLeast, missingDefences, parseTorSupport } from '../../../src/core/security/findings/defences';
import { parseDescription } from '../../../src/core/security/findings/collect';
import { isVulnerableWormhole } from '../../../src/core/security/findings/wormholeVersion';
import { findStanza } from '../../../src/core/tor/torrc';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';

const entry = (key: string, value: string): Facts['config'][number] => ({ key, value, origin: 'file:.git/config' });
const quiet: Facts = {
    config: [entry('user.name', 'anonymous'), entry('user.email', 'anonymous@anonymous.invalid')],
    gitAnnex: parseVersion('git-annex version: 10.20250416\n'),
    wormhole: undefined,
    pairingOverTor: true,
    access: [],
    readable: [],
    copiedBy: undefined,
    daemons: [1],
    service: { address: 'a', served: true },
    torrc: undefined,
    tor: undefined,
    description: 'laptop',
};
const always: readonly FindingId[] = ['peer-rights', 'limits-of-tor', 'code-interception', 'ways-a-token-leaks'];
const ids = (facts: Partial<Facts>): readonly FindingId[] => findingsOf({ ...quiet, ...facts }).map(({ id }) => id);
const held = (holder: AccessHolder): Facts['access'][number] => ({ id: 'x', holder, since: 0, sinceIsExact: false, network: undefined });

describe('findings', () => {
    it('are none but what is always to be known where all is well', () => {
        assert.deepEqual(ids({}), always);
    });

    const cases: readonly (readonly [string, Partial<Facts>, readonly FindingId[]])[] = [
        ['a name in commits', { config: [entry('user.name', 'Alice'), entry('user.email', 'alice@example.org')] }, ['identity-in-commits']],
        ['a token in an address', { config: [...quiet.config, entry('remote.bob.url', `tor-annex::${'a'.repeat(56)}.onion:1:${'b'.repeat(128)}`)] }, ['token-in-address']],
        ['readable credentials', { readable: [{ path: 'x', mode: 0o644 }] }, ['credentials-readable']],
        ['a folder in a cloud', { copiedBy: { by: 'dropbox', folder: '/home/a/Dropbox' } }, ['folder-is-copied']],
        ['a vulnerable wormhole', { wormhole: 'magic-wormhole 0.22.0' }, ['wormhole-vulnerable']],
        ['an old git-annex', { gitAnnex: parseVersion('git-annex version: 10.20230126\n') }, ['git-annex-drops', 'git-annex-control-characters']],
        ['an older git-annex', { gitAnnex: parseVersion('git-annex version: 10.20230802\n') }, ['git-annex-drops']],
        ['no Tor for pairing', { pairingOverTor: false }, ['pairing-without-tor']],
        ['two daemons', { daemons: [3, 4] }, ['daemons-compete']],
        ['nobody serving', { service: { address: 'a', served: false } }, ['service-without-daemon']],
        ['unknown tokens', { access: [held({ kind: 'unknown', label: undefined }), held({ kind: 'unknown', label: 'my phone' }), held({ kind: 'person', label: 'Bob' })] }, ['unknown-access']],
        ['forgotten tokens', { access: [held({ kind: 'removed-peer', label: undefined, onion: 'x' }), held({ kind: 'failed-pairing', label: undefined })] }, ['forgotten-access']],
        ['a telling description', { description: 'alice@laptop:~/secret plans' }, ['description-reveals']],
        ['a service without defences', { tor: { version: '0.4.9.11', proofOfWork: true }, torrc: { path: '/etc/tor/torrc', uid: 1000, uuid: 'u', text: 'HiddenServiceDir /x/tor-annex_1000_u\nHiddenServicePort 5 unix:/s' } }, ['service-can-be-flooded']],
    ];
    for (const [what, facts, expected] of cases) {
        it(`tell of ${what}`, () => {
            assert.deepEqual(ids(facts).filter(id => !always.includes(id)), expected);
        });
    }

    it('come with the worst first, and each knows when it matters', () => {
        const all = findingsOf({ ...quiet, readable: [{ path: 'x', mode: 0o644 }], daemons: [1, 2], config: [] });
        const severities = all.map(({ severity }) => ['danger', 'warning', 'info'].indexOf(severity));
        assert.deepEqual(severities, [...severities].sort());
        assert.ok(all.filter(({ id }) => momentsOf(id).includes('pairing')).length >= 3);
    });

    it('know which wormholes have a hole', () => {
        for (const version of ['magic-wormhole 0.21.0', '0.22.1', 'magic-wormhole 0.23.0']) {
            assert.equal(isVulnerableWormhole(version), true, version);
        }
        for (const version of ['magic-wormhole 0.12.0', '0.20.0', 'magic-wormhole 0.24.0', 'wormhole-william v1.0.7', '', '1.22.0']) {
            assert.equal(isVulnerableWormhole(version), false, version);
        }
    });
});

describe("Tor's defences", () => {
    const ours = ['HiddenServiceDir /var/lib/tor/tor-annex_1000_u', 'HiddenServicePort 5 unix:/s'];
    const other = ['HiddenServiceDir /var/lib/tor/web', 'HiddenServicePort 80 127.0.0.1:80', 'HiddenServicePoWDefensesEnabled 1'];
    const tor = { version: '0.4.9.11', proofOfWork: true };

    it('are read from what tor says', () => {
        // tor 0.4.9.11 of Debian.
        assert.deepEqual(parseTorSupport('Tor version 0.4.9.11.\nThis build of Tor is covered by …\n', 'relay: yes\ndirauth: yes\ndircache: yes\npow: yes\n'), tor);
        assert.deepEqual(parseTorSupport('Tor version 0.4.7.16 (git-1).\n', ''), { version: '0.4.7.16', proofOfWork: false });
        assert.equal(parseTorSupport('bash: tor: command not found', ''), undefined);
        assert.deepEqual([atLeast('0.4.8', '0.4.8'), atLeast('0.4.10', '0.4.8'), atLeast('0.3.9', '0.4.8'), atLeast('1.0', '0.4.8')], [true, true, false, true]);
    });

    it('are missed in our stanza alone, and only where this tor has them', () => {
        const text = [...other, '', ...ours, '', ...other].join('\n');
        const all = ['HiddenServicePoWDefensesEnabled 1', 'HiddenServiceMaxStreams 32', 'HiddenServiceMaxStreamsCloseCircuit 1'];
        assert.deepEqual(missingDefences(text, 1000, 'u', tor), all);
        assert.deepEqual(missingDefences(text, 1000, 'u', { ...tor, proofOfWork: false }), all.slice(1));
        assert.deepEqual(missingDefences(text, 1001, 'u', tor), []);
        const mended = [...other, ...ours, ...all, ...other].join('\n');
        assert.deepEqual(missingDefences(mended, 1000, 'u', tor), []);
        assert.ok(findStanza(mended, 1000, 'u') !== undefined, 'git-annex still finds its service');
    });
});

describe('facts', () => {
    it('name the program that copies a folder', async () => {
        await withTemporaryFolder(async folder => {
            for (const [parts, by] of [[['Dropbox', 'a'], 'dropbox'], [['OneDrive - Firm', 'x'], 'onedrive'], [['Nextcloud'], 'nextcloud'], [['plain', 'folder'], undefined]] as const) {
                const root = path.join(folder, ...parts);
                await mkdir(root, { recursive: true });
                assert.equal((await copiedBy(root))?.by, by);
            }
            await mkdir(path.join(folder, 'plain', '.stfolder'));
            assert.deepEqual(await copiedBy(path.join(folder, 'plain', 'folder')), { by: 'syncthing', folder: path.join(folder, 'plain') });
        });
    });

    it('tell a remote daemon by its arguments', () => {
        assert.equal(isRemoteDaemon(['/usr/bin/git-annex', 'remotedaemon', '--foreground', '']), true);
        assert.equal(isRemoteDaemon(['git-annex', 'remotedaemon', '']), true);
        for (const args of [['git-annex', 'sync', 'remotedaemon'], ['vim', 'remotedaemon'], [''], []]) {
            assert.equal(isRemoteDaemon(args), false, args.join(' '));
        }
    });

    it('read the newest description', () => {
        const log = 'u1 old timestamp=1600000000.1s\nu2 other timestamp=1700000000s\nu1 alice@laptop:~/a b timestamp=1650000000.5s\nbroken\n';
        assert.equal(parseDescription(log, 'u1'), 'alice@laptop:~/a b');
        assert.equal(parseDescription(log, 'u3'), undefined);
        assert.equal(parseDescription('u1 plain\n', 'u1'), 'plain');
    });

    it('of a real repository are found, mended, and the mending taken back', async function () {
        this.timeout(40_000);
        await withTemporaryFolder(async folder => {
            const repository = await createAnnexRepository(folder, silentLog);
            await runOrThrow({ file: repository.programs.gitAnnex, args: ['describe', 'here', 'alice@laptop:~/x'], cwd: repository.root }, { log: silentLog });
            const git = (...args: string[]): Promise<{ readonly stdout: string }> => runOrThrow({ file: repository.programs.git, args, cwd: repository.root }, { log: silentLog });
            const creds = path.join(repository.gitDir, 'annex', 'creds');
            const uid = process.getuid?.() ?? -1;
            const torrc = path.join(folder, 'torrc');
            await mkdir(creds, { recursive: true });
            await writeFile(path.join(creds, 'p2pauth'), `${'a'.repeat(128)}\n`);
            await chmod(path.join(creds, 'p2pauth'), 0o644);
            await writeFile(path.join(creds, 'p2paddrs'), `tor-annex::${'a'.repeat(56)}.onion:7\n`, { mode: 0o600 });
            await writeFile(torrc, `HiddenServiceDir /x/tor-annex_${uid}_${repository.uuid}\nHiddenServicePort 7 unix:/x/s\n`);
            await git('commit', '-q', '--allow-empty', '-m', 'mine');
            const known: Known = { gitAnnex: parseVersion('git-annex version: 10.20250416\n'), wormholeProgram: undefined, pairingOverTor: true, served: false, torrcCandidates: [torrc] };
            const find = async (): Promise<readonly FindingId[]> => findingsOf(await collectFacts(repository, known)).map(({ id }) => id);
            const before = await collectFacts(repository, known);
            assert.deepEqual(before.readable, [{ path: path.join(creds, 'p2pauth'), mode: 0o644 }]);
            const found = await find();
            for (const id of ['credentials-readable', 'unknown-access', 'service-without-daemon', 'identity-in-commits', 'description-reveals'] as const) {
                assert.ok(found.includes(id), id);
            }

            await tightenModes(before.readable);
            assert.equal((await stat(path.join(creds, 'p2pauth'))).mode & 0o777, 0o600);
            const previous = await setAnonymousIdentity(repository);
            assert.deepEqual(previous, [{ key: 'user.name', value: 'Test' }, { key: 'user.email', value: 'test@example.invalid' }]);
            assert.deepEqual(await identityNow(repository), anonymous);
            const mended = await find();
            assert.ok(!mended.includes('credentials-readable') && !mended.includes('identity-in-commits'));
            await git('commit', '-q', '--allow-empty', '-m', 'nobody');
            assert.equal((await git('log', '-1', '--format=%an %ae %cn %ce')).stdout.trim(), 'anonymous anonymous@anonymous.invalid anonymous anonymous@anonymous.invalid');
            const shown = await pastIdentities(repository);
            assert.deepEqual(shown.map(({ name }) => name).sort(), ['Test', 'anonymous']);
            await restoreIdentity(repository, previous);
            assert.equal((await git('config', 'user.name')).stdout.trim(), 'Test');
            await restoreIdentity(repository, noOwnIdentity);
            await restoreIdentity(repository, noOwnIdentity);
            // What outdoes user.name is outdone, too, and comes back.
            await git('config', 'user.name', 'Test');
            await git('config', 'user.email', 'test@example.invalid');
            await git('config', 'author.name', 'Pen Name');
            assert.ok((await find()).includes('identity-in-commits'));
            const withAuthor = await setAnonymousIdentity(repository);
            assert.deepEqual(await identityNow(repository), anonymous);
            assert.ok(!(await find()).includes('identity-in-commits'));
            await restoreIdentity(repository, withAuthor);
            assert.equal((await identityNow(repository))?.name, 'Pen Name');

            // Two daemons, started by whomever.
            const daemons = await Promise.all([1, 2].map(() => ManagedProcess.start({ file: repository.programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: repository.root }, { log: silentLog })));
            try {
                await until('both are seen', async () => (await daemonsOf(repository.root)).length === 2);
                assert.deepEqual(await daemonsOf(repository.root), daemons.map(({ pid }) => pid).sort((a, b) => a - b));
                assert.ok((await find()).includes('daemons-compete'));
                assert.match((await startedBy(daemons[0]?.pid ?? 0)).join(' '), /mocha/u);
                // Of a repository above this one they are none.
                assert.deepEqual(await daemonsOf(folder), []);
            } finally {
                await Promise.all(daemons.map(daemon => daemon.end()));
            }
        });
    });
});
