/**
 * The rig by hand: `up [names…]`, `down [ids…]`, `list`, `shell <name> [command…]`.
 *
 * Becomes root through sudo where it must, and says so.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { messageOf } from '../../src/core/errors';
import { systemAccount } from './computers/accounts';
import { insideCommandLine, root, type InsideUser } from './computers/machine';
import { isAlive } from './computers/namespaces';
import { RigError } from './errors';
import { findRigs, sweep, type FoundRig } from './lifetime';
import { wormholeEnvironment } from './network/servers';
import { rigsFolder } from './paths';
import { Rig } from './rig';
import { installPackages } from './system/packages';
import { rigSupport } from './system/support';
import { waitFor } from './wait';

const label = 'npm run rig';
const downLimitMs = 30_000;
const usage = `The rig: a private Tor network and computers on it, on this machine.

  up [names…]                   build it (alice and bob if no names are given) and keep it until Ctrl-C
  down [ids…]                   take down the rigs that "up" built (or those with these ids) and sweep what dead ones left
  list                          what is up
  shell <name> [command…]       enter a computer as its person, or run a command there
  shell root@<name> [command…]  the same as root`;

const say = (line: string): void => {
    process.stdout.write(`${line}\n`);
};

async function up(names: readonly string[]): Promise<void> {
    await installPackages(say);
    const rig = await Rig.up({
        computers: names.length > 0 ? names : ['alice', 'bob'],
        label,
        onStep: (step, elapsedMs) => say(`${(elapsedMs / 1000).toFixed(1).padStart(6)} s  ${step}`),
    });
    say(`\nRig ${rig.id} is up. Mailbox server: ${rig.mailbox.url}; transit relay: ${rig.transit.hint}.`);
    for (const { name, user } of rig.computers) {
        say(`  ${name}: npm run rig -- shell ${name}    (password for sudo and su: ${user.password})`);
    }
    say('Ctrl-C takes it down.');
    // The rig's own processes keep this one alive; a signal takes it down and then ends this process.
}

async function down(ids: readonly string[]): Promise<void> {
    const rigs = rigsFolder();
    for (const { id, record } of await findLive()) {
        if (record === undefined || !(ids.length > 0 ? ids.includes(id) : record.label === label)) {
            say(`Left alone: rig ${id} (${record?.label ?? 'unknown'}).`);
            continue;
        }
        process.kill(record.owner.pid, 'SIGTERM');
        await waitFor(() => !isAlive(record.owner), { what: `the end of rig ${id}`, limitMs: downLimitMs });
        say(`Taken down: rig ${id}.`);
    }
    for (const id of await sweep(rigs)) {
        say(`Swept away: what was left of rig ${id}.`);
    }
}

async function findLive(): Promise<FoundRig[]> {
    return (await findRigs(rigsFolder())).filter(({ ownerAlive }) => ownerAlive);
}

async function list(): Promise<void> {
    for (const { id, record } of await findLive()) {
        say(`${id}  ${record?.label ?? ''}, process ${record?.owner.pid ?? '?'}: ${record?.machines.map(({ name }) => name).join(', ') ?? ''}`);
    }
}

async function shell([target = '', ...command]: readonly string[]): Promise<number> {
    const [name = '', userName] = target.split('@').reverse();
    const found = (await findLive()).flatMap(({ record }) => record?.machines ?? []).filter(machine => machine.name === name);
    const [machine, other] = found;
    if (machine === undefined || other !== undefined) {
        throw new RigError('machine-failed', machine === undefined ? `No computer called ${name} is up.` : `Several rigs have a computer called ${name}.`);
    }
    const account = systemAccount(await readFile(`/proc/${machine.init.pid}/root/etc/passwd`, 'utf8'), name);
    const user: InsideUser = account === undefined || userName === 'root' ? root : { name, ...account, home: `/home/${name}` };
    // `script` gives the shell a terminal of the computer's own, which sudo and tty need; the host's isn't known inside.
    const args = command.length > 0 ? command : ['script', '--quiet', '--return', '--command', 'bash --login', '/dev/null'];
    const env = { ...wormholeEnvironment, TERM: process.env['TERM'] ?? 'dumb' };
    return foreground(insideCommandLine(machine.init.pid, args, { as: user, env }));
}

/** Runs a command on this terminal, which core/process can't give away; resolves with its exit code. */
async function foreground([file = '', ...args]: readonly string[]): Promise<number> {
    const child = spawn(file, args, { stdio: 'inherit' });
    const ignore = (): void => undefined;
    // Ctrl-C is for the command.
    process.on('SIGINT', ignore);
    try {
        const [code] = await once(child, 'exit') as [number | null];
        return code ?? 1;
    } finally {
        process.off('SIGINT', ignore);
    }
}

async function main([command, ...rest]: readonly string[]): Promise<number> {
    if (command === undefined || !['up', 'down', 'list', 'shell'].includes(command)) {
        say(usage);
        return command === undefined || /^(?:--)?help$/u.test(command) ? 0 : 2;
    }
    const support = await rigSupport();
    if (support.kind === 'none') {
        say(support.why);
        return 1;
    }
    if (support.kind === 'sudo') {
        say(`The rig needs root; running it through ${support.sudo}.`);
        return foreground([support.sudo, process.execPath, __filename, command, ...rest]);
    }
    switch (command) {
        case 'up': await up(rest); return 0;
        case 'down': await down(rest); return 0;
        case 'list': await list(); return 0;
        default: return shell(rest);
    }
}

main(process.argv.slice(2)).then(
    code => {
        process.exitCode = code;
    },
    (error: unknown) => {
        process.stderr.write(`${messageOf(error)}\n`);
        process.exitCode = 1;
    },
);
