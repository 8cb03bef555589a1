/** The log says every question to git with its end, also where git says no or could not be asked. */
import assert from 'node:assert/strict';
import { GitQueries } from '../../../src/core/git/queries';
import { silentLog } from '../../../src/core/log';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';

describe('questions to git in the log', () => {
    it('have their arguments, exit code and time, whether git answers, says no, fails, is cancelled or is not there', () =>
        withTemporaryFolder(async folder => {
            const { root, programs } = await createAnnexRepository(folder, silentLog);
            const lines: string[] = [];
            const log = { ...silentLog, info: (line: string) => lines.push(line) };
            const queries = new GitQueries({ root, programs, log });
            await queries.config('user.name');
            await queries.config('no.such');
            await assert.rejects(queries.blob('0'.repeat(40)));
            const stop = new AbortController();
            const cancelled = new GitQueries({ root, programs, log }, stop.signal).refs();
            stop.abort();
            await assert.rejects(cancelled);
            await assert.rejects(new GitQueries({ root, programs: { ...programs, git: '/nowhere/git' }, log }).refs());
            assert.deepEqual(lines.map(line => line.replace(/\d+ ms$/u, 'N ms')), [
                `${programs.git} config --null --get user.name (in ${root}) ended with exit code 0 after N ms`,
                `${programs.git} config --null --get no.such (in ${root}) ended with exit code 1 after N ms`,
                `${programs.git} cat-file blob ${'0'.repeat(40)} (in ${root}) ended with exit code 128 after N ms`,
                `${programs.git} for-each-ref --format=%(objectname) %(refname) (in ${root}) was cancelled after N ms`,
                `/nowhere/git for-each-ref --format=%(objectname) %(refname) (in ${root}) could not be started: Error: spawn /nowhere/git ENOENT after N ms`,
            ]);
        }));
});
