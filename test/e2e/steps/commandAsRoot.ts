/** The project's own commands as a user runs them who isn't root: in a terminal, where sudo asks for the password. */
import { waitFor } from '../../rig/wait';
import type { ManagedProcess } from '../../../src/core/process/managedProcess';
import { projectRoot } from '../../rig/paths';
import type { Computer } from '../../rig/computers/computer';
import path from 'node:path';

/** A command that runs one program after another as root. */
const command = (program: string): string => `
import { runAsRoot } from '/srv/scripts/lib/root.mjs';
import { command, endChildrenWithThisCommand } from '/srv/scripts/lib/tools.mjs';
await command(async () => {
    endChildrenWithThisCommand();
    console.log('command', process.pid);
    await runAsRoot(['-e', 'console.log("first as", process.getuid())']);
    await runAsRoot(['${program}']);
});
`;

/** Builds nothing, and takes a moment to take nothing down. */
const program = `
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => setTimeout(() => process.exit(), 300));
}
setInterval(() => undefined, 1000);
console.log('root', process.pid);
`;

export interface RunningCommand {
    readonly terminal: ManagedProcess;
    /** Of the command, and of what it runs as root; as the computer numbers them. */
    readonly pids: { readonly command: number; readonly root: number };
    /** How often sudo asked. */
    readonly questions: number;
    readonly shown: () => string;
}

/** Starts it in a terminal, answers the question for the password, and waits until its second program runs. */
export async function startCommand(computer: Computer): Promise<RunningCommand> {
    const home = computer.user.home;
    await computer.bind(path.join(projectRoot(), 'scripts'), '/srv/scripts');
    await computer.writeFile(`${home}/command.mjs`, command(`${home}/program.cjs`));
    await computer.writeFile(`${home}/program.cjs`, program);
    const terminal = await computer.spawn(['script', '--quiet', '--return', '--command', `${process.execPath} ${home}/command.mjs`, '/dev/null'], { env: { TERM: 'dumb' } });
    let shown = '';
    let questions = 0;
    terminal.onStdoutText.on(text => {
        shown += text;
        if (shown.split(`password for ${computer.name}:`).length - 1 > questions) {
            questions++;
            terminal.write(`${computer.user.password}\n`);
        }
    });
    const number = (what: string): number => Number(new RegExp(`^${what} (\\d+)`, 'mu').exec(shown)?.[1]);
    await waitFor(() => Number.isInteger(number('root')) || terminal.exit !== undefined, { what: 'the program that runs as root', limitMs: 30_000 });
    return { terminal, pids: { command: number('command'), root: number('root') }, get questions() { return questions; }, shown: () => shown };
}
