/** When the remote daemon of a repository that only connects is started by itself. */
import assert from 'node:assert/strict';
import { writeFile, appendFile } from 'node:fs/promises';
import path from 'node:path';
import '../hostileText/screen';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { silentLog } from '../../../src/core/log';
import type { Repository } from '../../../src/core/repository/repository';
import { DaemonPolicy } from '../../../src/ui/daemonPolicy';
import type { ServingConsent } from '../../../src/ui/servingConsent';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';

/** Connecting asks nobody. */
const nobodyAsked = undefined as unknown as ServingConsent;

function repositoryOf(context: RepositoryContext, started: string[]): Repository {
    const snapshot = { root: context.root, uuid: context.uuid, service: { kind: 'not-enabled' }, peers: [{}], daemon: { kind: 'stopped' } };
    return { context, snapshot, daemon: { start: (why: string) => Promise.resolve(started.push(why)) } } as unknown as Repository;
}

describe('the remote daemon of a repository that only connects', function () {
    this.timeout(30_000);

    it('starts by itself, but not where the repository itself could run a command; the user\'s word starts it there too', () => withTemporaryFolder(async folder => {
        const context = await createAnnexRepository(folder, silentLog);
        const started: string[] = [];
        const said: string[] = [];
        const policy = new DaemonPolicy(nobodyAsked, { ...silentLog, warn: message => said.push(message) });
        await policy.serve(repositoryOf(context, started));
        assert.deepEqual(started.splice(0), ['automatically']);

        await appendFile(path.join(context.gitDir, 'config'), '[url "ext::evil "]\n\tinsteadOf = tor-annex::\n');
        await policy.serve(repositoryOf(context, started));
        assert.deepEqual(started, []);
        assert.match(said.join('\n'), /ext::evil/u);
        await policy.serve(repositoryOf(context, started), true);
        assert.deepEqual(started, ['by-user']);
    }));

    it('takes a hook that git runs on a fetch for such a thing', () => withTemporaryFolder(async folder => {
        const context = await createAnnexRepository(folder, silentLog);
        await writeFile(path.join(context.gitDir, 'hooks', 'reference-transaction'), '#!/bin/sh\n', { mode: 0o755 });
        const started: string[] = [];
        await new DaemonPolicy(nobodyAsked, silentLog).serve(repositoryOf(context, started));
        assert.deepEqual(started, []);
    }));
});
