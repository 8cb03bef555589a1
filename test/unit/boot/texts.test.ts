/** What service managers are told, whatever a repository is called: read back by the real programs. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { assistantAutostart } from '../../../src/core/boot/assistant';
import { BootService } from '../../../src/core/boot/bootService';
import { tellServer } from '../../../src/core/boot/control';
import { cronEntry, hasEntry, withEntry, withoutEntry } from '../../../src/core/boot/cronEntry';
import { launchdJob } from '../../../src/core/boot/launchdJob';
import { serveProgram, serveScript } from '../../../src/core/boot/serveScript';
import { bootName, serveCommand, specOf, type BootSpec } from '../../../src/core/boot/spec';
import { systemdUnit, unitName } from '../../../src/core/boot/systemdUnit';
import { silentLog } from '../../../src/core/log';
import { findProgram } from '../../../src/core/process/findProgram';
import { run } from '../../../src/core/process/run';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { canRunUserSystemd, UserSystemd } from './support/userSystemd';

const part = fc.string({ unit: fc.constantFrom(...Array.from(`ab /'"\\%$&<>;|*?~#!()[]{}=:é世 -`)), minLength: 1, maxLength: 30 });
const specs: fc.Arbitrary<BootSpec> = fc.record({ root: part, privateFolder: part, git: part, gitAnnex: part, bin: part, searchPath: part }).map(({ root, privateFolder, git, gitAnnex, bin, searchPath }) => ({
    root: `/r/${root}`,
    privateFolder: `/p/${privateFolder}`,
    git: `/g/${git}`,
    gitAnnex: `/a/${gitAnnex}`,
    bin: path.normalize(`/b/${bin}`),
    searchPath: `/s/${searchPath}`,
}));

async function output(name: string, args: readonly string[], input?: string, env?: Readonly<Record<string, string | undefined>>): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
    return run({ file: (await findProgram(name)) ?? '', args, cwd: '/', ...(env === undefined ? {} : { env }) }, { log: silentLog, timeLimitMs: 20_000, ...(input === undefined ? {} : { input }) });
}

describe('what is told to service managers', function () {
    this.timeout(60_000);

    it('is read by sh as it was meant, from a crontab', async () => {
        const samples = fc.sample(specs, 25);
        for (const spec of samples) {
            const entry = cronEntry(spec);
            assert.ok(!entry.includes('\n') && !/(?<!\\)%/u.test(entry), entry);
            // What cron hands to sh; /bin/sh itself is taken by a function that shows what it is given.
            const command = entry.replace(/^@reboot /u, '').replaceAll('\\%', '%').replace(' /bin/sh ', ' show ');
            const { stdout } = await output('sh', ['-c', `show() { printf '%s\\0' "$PATH" "$@"; }\n${command}`]);
            assert.deepEqual(stdout.split('\0').slice(0, -1), [spec.searchPath, ...serveCommand(spec, '--keep').slice(1)]);
        }
    });

    it('leaves a crontab as it was when its entry goes, and is there once', () =>
        fc.assert(
            fc.property(fc.array(fc.constantFrom('# mine', '', '17 3 * * * true', 'MAILTO=me', '@reboot other # annex-peers-0'), { maxLength: 6 }), specs, fc.boolean(), (lines, spec, ends) => {
                const before = lines.length === 0 ? '' : `${lines.join('\n')}${ends ? '\n' : ''}`;
                const after = withEntry(withEntry(before, spec), spec);
                assert.ok(hasEntry(after, spec) && !hasEntry(before, spec) && after.startsWith(before) && after.endsWith('\n'));
                assert.equal(after.split('\n').filter(line => line.endsWith(`# ${bootName(spec)}`)).length, 1);
                assert.equal(withoutEntry(after, spec), before === '' || before.endsWith('\n') ? before : `${before}\n`);
            }),
        ));

    it('is read by a reader of property lists as it was meant', async function () {
        if ((await output('python3', ['-c', 'import plistlib']).catch(() => undefined))?.code !== 0) {
            this.skip();
        }
        const samples = fc.sample(specs, 100);
        const program = "import json,plistlib,sys;print(json.dumps([plistlib.loads(text.encode()) for text in json.load(sys.stdin)]))";
        const { stdout } = await output('python3', ['-c', program], JSON.stringify(samples.map(launchdJob)));
        assert.deepEqual(
            JSON.parse(stdout),
            samples.map(spec => ({ Label: `org.${bootName(spec)}`, ProgramArguments: serveCommand(spec), EnvironmentVariables: { PATH: spec.searchPath }, RunAtLoad: true, KeepAlive: true, ThrottleInterval: 10 })),
        );
    });

    it('is read by systemd as it was meant', async function () {
        if (!(await canRunUserSystemd())) {
            this.skip();
        }
        await withTemporaryFolder(async folder => {
            const systemd = await UserSystemd.create(folder);
            // Each root once: the unit is named for it.
            const samples = fc.sample(specs, 25).map((spec, index) => ({ ...spec, root: `${spec.root}${index}` }));
            const units = path.join(folder, 'home', '.config', 'systemd', 'user');
            await mkdir(units, { recursive: true });
            await Promise.all(samples.map(spec => writeFile(path.join(units, unitName(spec)), systemdUnit({ ...spec, bin: folder }))));
            // Shows what it is given, in the place of the program.
            await writeFile(path.join(folder, serveProgram), `printf '%s\\0' "$PATH" "$@" > '${folder}/'"$(printf %s "$1" | /usr/bin/sha256sum | /usr/bin/cut -c1-12)"\nexec /usr/bin/sleep 60\n`);
            try {
                await systemd.start();
                await systemd.systemctl('start', ...samples.map(unitName));
                for (const spec of samples) {
                    const file = path.join(folder, bootName(spec).slice(-12));
                    let shown = '';
                    for (const end = Date.now() + 5000; shown === '' && Date.now() < end;) {
                        shown = (await output('cat', [file])).stdout;
                    }
                    assert.deepEqual(shown.split('\0').slice(0, -1), [spec.searchPath, ...serveCommand(spec).slice(2)]);
                }
            } finally {
                await systemd.stop();
            }
        });
    });

    it('passes systemd-analyze verify', async function () {
        if ((await findProgram('systemd-analyze')) === undefined) {
            this.skip();
        }
        await withTemporaryFolder(async folder => {
            const runtime = path.join(folder, 'run');
            await mkdir(runtime, { mode: 0o700 });
            const unit = path.join(folder, 'annex-peers-test.service');
            await writeFile(unit, systemdUnit({ root: '/home/me/100% mine', privateFolder: '/home/me/x', git: '/usr/bin/git', gitAnnex: '/usr/bin/git-annex', bin: '/home/me/.local/share/annex-peers/bin', searchPath: '/usr/bin:/bin' }));
            const { code, stderr } = await output('systemd-analyze', ['--user', '--man=no', 'verify', unit], undefined, { XDG_RUNTIME_DIR: runtime, HOME: folder });
            assert.deepEqual([code, stderr.split('\n').filter(line => line.includes('annex-peers-test'))], [0, []]);
        });
    });

    it('has a program that every sh can read', async () => {
        for (const shell of ['sh', 'bash', 'dash', 'busybox']) {
            if ((await findProgram(shell)) !== undefined) {
                const { code, stderr } = await output(shell, shell === 'busybox' ? ['sh', '-n'] : ['-n'], serveScript);
                assert.deepEqual([shell, code, stderr], [shell, 0, '']);
            }
        }
    });

    it('knows folders that depend on nothing', () => {
        const programs = { git: '/usr/bin/git', gitAnnex: '/usr/bin/git-annex' };
        const spec = specOf({ root: '/r', gitDir: '/r/.git', programs }, '/b', 'relative::.:/opt/x:/b:/opt/x:/srv/editor/bin/remote-cli:/bin');
        assert.equal(spec.searchPath, '/opt/x:/bin:/usr/local/bin:/usr/bin');
    });
});

describe('what else may serve at boot', () => {
    it("is git-annex's assistant, where its list says so", () =>
        withTemporaryFolder(async folder => {
            const environment = { HOME: folder };
            assert.equal(await assistantAutostart(folder, environment), undefined);
            await mkdir(path.join(folder, '.config', 'git-annex'), { recursive: true });
            const list = path.join(folder, '.config', 'git-annex', 'autostart');
            await writeFile(list, '/elsewhere\n');
            assert.equal(await assistantAutostart(folder, environment), undefined);
            await writeFile(list, `/elsewhere\n${folder}\n`);
            assert.equal(await assistantAutostart(folder, environment), list);
        }));
});

describe('a service that could not be', () => {
    it('is said to be so before anything is written', () =>
        withTemporaryFolder(async folder => {
            const context = { root: folder, gitDir: path.join(folder, '.git'), uuid: 'u', programs: { git: '/usr/bin/git', gitAnnex: '/usr/bin/git-annex' }, log: silentLog };
            const environment = { HOME: folder, PATH: folder, XDG_RUNTIME_DIR: path.join(folder, 'none') };
            await assert.rejects(new BootService({ ...context, root: `${folder}/a\nb` }, { HOME: folder }, 'darwin').plan(), { reason: 'odd-path' });
            assert.deepEqual(await new BootService(context, environment).status(), { kind: 'none' });
            const plan = await new BootService(context, environment, 'darwin').plan();
            assert.deepEqual([plan.method, plan.file, plan.beforeLogin], ['launchd', path.join(folder, 'Library', 'LaunchAgents', `org.${bootName(context)}.plist`), false]);
        }));

    it('is told nothing by a pipe that nobody reads, or that is none', () =>
        withTemporaryFolder(async folder => {
            await mkdir(path.join(folder, 'annex-peers'));
            assert.equal(await tellServer(folder, 'RELOAD'), false);
            await writeFile(path.join(folder, 'annex-peers', 'serve.in'), '');
            assert.equal(await tellServer(folder, 'RELOAD'), false);
        }));
});
