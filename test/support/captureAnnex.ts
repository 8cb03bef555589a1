/**
 * Captures what a git-annex really prints for everything that the extension reads, as JSON for test/unit/versions:
 *
 *     PATH=<folder of the git-annex>:$PATH node out/test/support/captureAnnex.js <file>
 *
 * Needs Linux and root (see LocalOnion). Paths, addresses and tokens, which differ in each run, are replaced.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { silentLog } from '../../src/core/log';
import { addCommand } from '../../src/core/annex/commands/add';
import { annexInvocation, jsonOutput, type AnnexCommand } from '../../src/core/annex/commands/command';
import type { RepositoryContext } from '../../src/core/annex/context';
import { findWorkCommand } from '../../src/core/annex/commands/find';
import { copyCommand, dropCommand, getCommand } from '../../src/core/annex/commands/transfer';
import { mergeAnnexCommand, propagateAdjustedCommand, resolveMergeCommand } from '../../src/core/annex/commands/merge';
import { prepareShim, shimEnvironment } from '../../src/core/daemon/shim/install';
import { ManagedProcess, type Invocation } from '../../src/core/process/managedProcess';
import { run } from '../../src/core/process/run';
import { createAnnexRepository } from '../unit/support/annexRepository';
import { withTemporaryFolder } from '../unit/support/temporaryFolder';
import { until } from '../unit/support/until';
import { answers } from './localOnion/fetchRuns';
import { LocalOnion } from './localOnion/localOnion';

interface Captured {
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
}

/** Stands for Magic Wormhole: the payloads go through a folder, so that what git-annex says is all that is captured. */
const wormhole = `#!/bin/sh
for last do :; done
case " $* " in
    *" send "*)
        echo "Wormhole code is: $OWN_CODE" >&2; echo "Wormhole code is: $OWN_CODE"
        [ "$FAIL" = send ] && { sleep 1; exit 1; }
        [ "$FAIL" = receive ] && exit 0
        cp "$last" "$MEET/$OWN_CODE.part" && mv "$MEET/$OWN_CODE.part" "$MEET/$OWN_CODE"
        while [ ! -e "$MEET/$OWN_CODE.taken" ]; do sleep 0.05; done ;;
    *)
        read -r code
        [ -n "$FAIL" ] && exit 1
        while [ ! -e "$MEET/$code" ]; do sleep 0.05; done
        while [ "$1" != --output-file ]; do shift; done
        cp "$MEET/$code" "$2"; touch "$MEET/$code.taken" ;;
esac
`;

async function captureAll(folder: string): Promise<Record<string, Captured | readonly string[]>> {
    const all: Record<string, Captured | readonly string[]> = {};
    const onion = await LocalOnion.start(folder);
    const a = await onion.enable(await createAnnexRepository(folder, silentLog, 'a'));
    const b = await onion.enable(await createAnnexRepository(folder, silentLog, 'b'));
    const secret = (text: string): string => text
        .replaceAll(folder, '/tmp/x')
        .replaceAll(a.service.onion, `${'a'.repeat(56)}.onion`).replaceAll(b.service.onion, `${'b'.repeat(56)}.onion`)
        .replace(/[a-z0-9]{128}/gu, 'f'.repeat(128))
        .replaceAll(a.context.uuid, '00000000-0000-4000-8000-00000000000a').replaceAll(b.context.uuid, '00000000-0000-4000-8000-00000000000b');
    const keep = async (name: string, invocation: Invocation, input?: string): Promise<void> => {
        const { code, stdout, stderr } = await run(invocation, { log: silentLog, timeLimitMs: 120_000, ...(input === undefined ? {} : { input }) });
        all[name] = { code, stdout: secret(stdout), stderr: secret(stderr) };
    };
    const annex = async (name: string, { context }: typeof a, args: readonly string[], input?: string): Promise<void> => keep(name, { file: context.programs.gitAnnex, args, cwd: context.root }, input);
    const command = async (name: string, { context }: typeof a, value: AnnexCommand<unknown>): Promise<void> => keep(name, annexInvocation(context, value), value.input);
    const git = async ({ context }: typeof a, ...args: string[]): Promise<void> => {
        await run({ file: '/usr/bin/git', args, cwd: context.root }, { log: silentLog, timeLimitMs: 60_000 });
    };
    const put = async ({ context }: typeof a, name: string, bytes: number): Promise<void> => writeFile(path.join(context.root, name), Buffer.alloc(bytes, name));

    await annex('version', a, ['version']);
    await annex('init', a, ['init', 'a']);
    await put(a, 'one.txt', 200_000);
    await put(a, '-dash\nline', 10);
    await command('add', a, addCommand(['one.txt', '-dash\nline']));
    await command('add, nothing there', a, addCommand(['absent']));
    await git(a, 'commit', '--quiet', '-m', 'one');
    await annex('p2p --link, peer not served', b, ['p2p', '--link', '--name', 'a'], `${a.address}:${'0'.repeat(128)}\n`);
    // Without the shim the client's fetch may hang, and says nothing more.
    const shim = await prepareShim(a.context, { ...process.env, XDG_DATA_HOME: path.join(folder, 'data') });
    const env = shim.kind === 'on' ? shimEnvironment(shim.folder, '/usr/bin/git') : {};
    const daemon = await ManagedProcess.start({ file: a.context.programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: a.context.root, env }, { log: silentLog });
    try {
        await until('it serves', () => answers(a.service.socket));
        await annex('p2p --gen-addresses', a, ['p2p', '--gen-addresses']);
        await annex('p2p --link, refused', b, ['p2p', '--link', '--name', 'a'], `${a.address}:${'0'.repeat(128)}\n`);
        await annex('p2p --link, no address', b, ['p2p', '--link', '--name', 'a'], 'what?\n');
        const made = await run({ file: a.context.programs.gitAnnex, args: ['p2p', '--gen-addresses'], cwd: a.context.root }, { log: silentLog });
        await annex('p2p --link', b, ['p2p', '--link', '--name', 'a'], `${made.stdout.trim().split('\n')[0] ?? ''}\n`);
        await git(b, 'fetch', '--quiet', a.context.root, 'master:refs/remotes/a/master', 'git-annex:refs/remotes/a/git-annex');
        await git(b, 'merge', '--quiet', '--allow-unrelated-histories', '-m', 'both', 'a/master');
        await command('merge of the git-annex branches', b, mergeAnnexCommand({ mergeAnnexBranches: true }));
        await command('resolvemerge, nothing to resolve', b, resolveMergeCommand());
        await command('sync of an adjusted branch', b, propagateAdjustedCommand());
        await command('find', b, findWorkCommand({ hasWanted: false }, [{ uuid: a.context.uuid, hasWanted: false }], { mergeAnnexBranches: false }));
        await command('get', b, getCommand({ files: ['one.txt', '-dash\nline'], remote: 'a', hasWanted: false }));
        await put(b, 'two.txt', 200_000);
        await command('add of two', b, addCommand(['two.txt']));
        await git(b, 'commit', '--quiet', '-m', 'two');
        await command('copy', b, copyCommand({ files: ['two.txt'], remote: 'a', hasWanted: false, uuid: a.context.uuid }));
        await annex('wanted', b, ['wanted', '.', 'not include=two.txt']);
        await command('drop', b, dropCommand({ files: ['two.txt'] }));
        await annex('numcopies', b, ['numcopies', '3']);
        await annex('drop, too few copies', b, ['drop', ...jsonOutput.filter(option => option !== '--json-progress'), 'one.txt']);
        await annex('drop by force', b, ['drop', '--force', 'one.txt']);
        a.service.reachability = 'unreachable';
        onion.cut(a.service);
        await command('get, peer unreachable', b, getCommand({ files: ['one.txt'], remote: 'a', hasWanted: false }));
        await put(b, 'three.txt', 100);
        await command('add of three', b, addCommand(['three.txt']));
        await command('copy, peer unreachable', b, copyCommand({ files: ['three.txt'], remote: 'a', hasWanted: false, uuid: a.context.uuid }));
        a.service.reachability = 'up';
        all['remotedaemon'] = await daemonLines(onion, a, b, secret, put, git);
        await capturePairing(folder, a, b, all, secret);
    } finally {
        await daemon.end();
        await onion.stop();
    }
    return all;
}

type Side = Awaited<ReturnType<LocalOnion['enable']>>;

/** What the client's daemon says when the peer connects, has news, is gone and comes back. */
async function daemonLines(onion: LocalOnion, a: Side, b: Side, secret: (text: string) => string, put: (side: Side, name: string, bytes: number) => Promise<void>, git: (side: Side, ...args: string[]) => Promise<void>): Promise<readonly string[]> {
    const client = await ManagedProcess.start({ file: b.context.programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: b.context.root }, { log: silentLog });
    const lines: string[] = [];
    client.onStdoutLine.on(line => lines.push(secret(line)));
    const said = (pattern: RegExp, times = 1) => (): boolean => lines.filter(line => pattern.test(line)).length >= times;
    await until('connected', said(/^CONNECTED/u), 60_000);
    await put(a, 'news.txt', 10);
    await git(a, 'annex', 'add', '--quiet', 'news.txt');
    await git(a, 'commit', '--quiet', '-m', 'news');
    await until('news', said(/^SYNCING/u), 30_000);
    onion.cut(a.service);
    await until('gone', said(/^DISCONNECTED/u), 30_000);
    await until('back', said(/^CONNECTED/u, 2), 60_000);
    await client.end();
    // A fetch that hangs (as git-annex's do) has no last line.
    return lines;
}

async function capturePairing(folder: string, a: Side, b: Side, all: Record<string, Captured | readonly string[]>, secret: (text: string) => string): Promise<void> {
    const bin = path.join(folder, 'wormhole-bin');
    const meet = path.join(folder, 'meet');
    await Promise.all([mkdir(bin), mkdir(meet)]);
    await writeFile(path.join(bin, 'wormhole'), wormhole, { mode: 0o755 });
    const codes = ['9-pocketful-ribcage', '4-miracle-facial'] as const;
    const start = async (context: RepositoryContext, name: string, own: string, fail = ''): Promise<{ process: ManagedProcess; pieces: string[] }> => {
        const process_ = await ManagedProcess.start(
            { file: context.programs.gitAnnex, args: ['p2p', '--pair', '--name', name], cwd: context.root, env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, MEET: meet, OWN_CODE: own, FAIL: fail } },
            { log: silentLog },
        );
        const pieces: string[] = [];
        process_.onStdoutText.on(text => pieces.push(`out ${secret(text)}`));
        process_.onStderrLine.on(line => pieces.push(`err ${secret(line)}`));
        return { process: process_, pieces };
    };
    const served = await ManagedProcess.start({ file: b.context.programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: b.context.root }, { log: silentLog });
    try {
        await until('b serves', () => answers(b.service.socket));
        const one = await start(a.context, 'b', codes[0]);
        const other = await start(b.context, 'a2', codes[1]);
        await until('prompts', () => one.pieces.join('').includes('Enter the other') && other.pieces.join('').includes('Enter the other'));
        one.process.write(`${codes[0]}\n`);
        await until('own code refused', () => one.pieces.join('').includes('Oops'));
        one.process.write('hello\n');
        await until('no code refused', () => one.pieces.join('').includes('does not look'));
        one.process.write(`${codes[1]}\n`);
        other.process.write(`${codes[0]}\n`);
        await Promise.all([one.process.exited, other.process.exited]);
        all['p2p --pair'] = one.pieces;
        for (const fail of ['send', 'receive'] as const) {
            const failing = await start(a.context, 'c', '7-amulet-tiger', fail);
            try {
                await until('an end or a prompt', () => failing.process.exit !== undefined || failing.pieces.join('').includes('Enter the other'));
                failing.process.write('8-adroitness-absurd\n');
                await until('the failure', () => /Failed (?:sending|receiving)/u.test(failing.pieces.join('')));
            } finally {
                await failing.process.end(500);
            }
            all[`p2p --pair, ${fail} fails`] = failing.pieces;
        }
        const none = await run({ file: a.context.programs.gitAnnex, args: ['p2p', '--pair', '--name', 'd'], cwd: a.context.root, env: { PATH: await without(folder, 'wormhole') } }, { log: silentLog, timeLimitMs: 30_000 });
        all['p2p --pair, no wormhole'] = { code: none.code, stdout: secret(none.stdout), stderr: secret(none.stderr) };
        await rm(path.join(a.context.gitDir, 'annex/creds/p2paddrs'));
        const noAddress = await run({ file: a.context.programs.gitAnnex, args: ['p2p', '--pair', '--name', 'd'], cwd: a.context.root, env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } }, { log: silentLog, timeLimitMs: 30_000 });
        all['p2p --pair, no address'] = { code: noAddress.code, stdout: secret(noAddress.stdout), stderr: secret(noAddress.stderr) };
    } finally {
        await served.end();
    }
}

/** A PATH with git-annex's needs and no wormhole. */
async function without(folder: string, program: string): Promise<string> {
    const bin = path.join(folder, `without-${program}`);
    await mkdir(bin);
    for (const name of ['git', 'sh', 'uname', 'nsenter', 'env']) {
        await writeFile(path.join(bin, name), `#!/bin/sh\nexec /usr/bin/${name} "$@"\n`, { mode: 0o755 });
    }
    return bin;
}

if (require.main === module) {
    const [file] = process.argv.slice(2);
    if (file === undefined) {
        throw new Error('which file?');
    }
    withTemporaryFolder(captureAll).then(
        async captured => {
            await mkdir(path.dirname(file), { recursive: true });
            await writeFile(file, `${JSON.stringify(captured, undefined, 1)}\n`);
            process.stdout.write(`${Object.keys(captured).length} outputs in ${file}, ${(await readFile(file)).length} bytes\n`);
        },
        (error: unknown) => {
            process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
            process.exitCode = 1;
        },
    );
}
