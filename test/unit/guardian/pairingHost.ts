/**
 * Two people's extension hosts in one: pairs two repositories by the real programs, as far as connecting, and waits to be killed.
 * Argument: a JSON object of {@link PairingTask}. Prints the guardian's process id once both connect.
 */
import type { RepositoryContext } from '../../../src/core/annex/context';
import { silentLog } from '../../../src/core/log';
import { PairingSession } from '../../../src/core/pairing/session';
import { Guardian } from '../../../src/core/process/guardian/guardian';
import type { PairingSnapshot } from '../../../src/shared/pairing/snapshot';
import { until } from '../support/until';
import { guardianProgram } from './host';

export interface PairingTask {
    readonly repositories: readonly Omit<RepositoryContext, 'log'>[];
    readonly env: Readonly<Record<string, string>>;
}

const codeOf = (snapshot: PairingSnapshot): string => ('ownCode' in snapshot ? snapshot.ownCode : '');

async function main(): Promise<void> {
    const { repositories, env } = JSON.parse(process.argv[2] ?? '') as PairingTask;
    const guardian = new Guardian({ program: guardianProgram, log: silentLog });
    const sessions = await Promise.all(
        repositories.map(repository => PairingSession.create({ repository: { ...repository, log: silentLog, registry: guardian }, repositoryName: 'x', privacy: 'clear-net', env })),
    );
    await Promise.all(sessions.map(session => session.begin('other', 'clear-net')));
    await until('both have a code', () => sessions.every(({ snapshot }) => codeOf(snapshot) !== ''), 60_000);
    const codes = sessions.map(({ snapshot }) => codeOf(snapshot));
    sessions.forEach((session, index) => session.submitCode(codes[1 - index] ?? ''));
    await until('both connect', () => sessions.every(({ snapshot }) => snapshot.state === 'connecting'), 60_000);
    process.stdout.write(`${guardian.pid ?? 0}\n`);
    // It ends with the test, also with one that fails.
    process.stdin.on('end', () => process.exit(0)).resume();
}

void main();
