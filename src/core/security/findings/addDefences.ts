/**
 * Switches on the defences of our onion service against floods: which lines, whether this Tor takes them, and the one step as root.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../../annex/context';
import { run } from '../../process/run';
import { makeTemporaryFolder } from '../../process/temporaryFolder';
import { prepareTorrcStep, type TorrcStep, type TorrcStepOptions } from '../../tor/changeTorrc';
import { findTor } from '../../tor/detect';
import { readTorrc, type Torrc } from '../../tor/torrc';
import { addToService } from '../../tor/torrcEdit';
import { missingDefences } from './defences';
import { torSupport } from './installed';

export interface DefencePlan extends TorrcStep {
    readonly torrc: string;
    /** The lines that are added. */
    readonly lines: readonly string[];
}

export interface DefenceOptions extends Pick<TorrcStepOptions, 'environment' | 'reload'> {
    readonly torrc?: Torrc | undefined;
    readonly uid?: number;
}

/** undefined where there is nothing to add, or nothing can be added from here. */
export async function planDefences(context: RepositoryContext, options: DefenceOptions = {}): Promise<DefencePlan | undefined> {
    const { torrc = await readTorrc(undefined, 'latin1'), uid = process.getuid?.() ?? -1 } = options;
    const tor = await torSupport(context.log);
    const lines = torrc === undefined || tor === undefined ? [] : missingDefences(torrc.text, uid, context.uuid, tor);
    const change = torrc === undefined || lines.length === 0 ? undefined : addToService(torrc.text, uid, context.uuid, lines);
    if (torrc === undefined || change === undefined || !(await isAccepted(lines, context))) {
        return undefined;
    }
    const step = await prepareTorrcStep(context, torrc.path, change, options);
    return step && { ...step, torrc: torrc.path, lines };
}

/** A running Tor ends when it is told to read a configuration that it can't take, so it is tried before, with a service of no use. */
async function isAccepted(lines: readonly string[], { log, registry }: RepositoryContext): Promise<boolean> {
    const file = await findTor();
    if (file === undefined) {
        return false;
    }
    const temporary = await makeTemporaryFolder('annex-peers-torrc-', registry);
    const folder = temporary.path;
    try {
        const torrc = path.join(folder, 'torrc');
        await writeFile(torrc, [`DataDirectory ${folder}`, `HiddenServiceDir ${path.join(folder, 'service')}`, 'HiddenServicePort 1024 unix:/nowhere', ...lines, ''].join('\n'));
        const result = await run({ file, args: ['--defaults-torrc', '/dev/null', '-f', torrc, '--verify-config'], cwd: folder }, { log, ...(registry === undefined ? {} : { registry }), timeLimitMs: 20_000 });
        return result.code === 0;
    } finally {
        await temporary.remove();
    }
}
