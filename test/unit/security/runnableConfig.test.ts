import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { parseConfigList, runnableEntries, runnableHooks } from '../../../src/core/security/runnableConfig';
import { silentLog } from '../../../src/core/log';
import { readConfig } from '../../../src/core/repository/config';
import { runOrThrow } from '../../../src/core/process/run';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';

const entry = (key: string, value: string) => ({ key, value, origin: 'file:.git/config' });

describe('runnableEntries', () => {
    it('finds what git or git-annex would run', () => {
        const dangerous: readonly (readonly [string, string])[] = [
            ['core.fsmonitor', '/tmp/evil'],
            ['core.hookspath', '/tmp/hooks'],
            ['core.sshcommand', 'evil'],
            ['core.pager', 'evil'],
            ['alias.annex', '!evil'],
            ['filter.annex.smudge', 'evil; git-annex smudge -- %f'],
            ['filter.lfs.process', 'git-lfs filter-process'],
            ['diff.x.textconv', 'evil'],
            ['merge.x.driver', 'evil'],
            ['credential.helper', '!evil'],
            ['credential.https://x.helper', '!evil'],
            ['gpg.program', 'evil'],
            ['gpg.ssh.defaultkeycommand', 'evil'],
            ['pager.config', 'evil'],
            ['hook.x.command', 'evil'],
            ['annex.ssh-options', '-oProxyCommand=evil'],
            ['remote.x.annex-ssh-options', '-oProxyCommand=evil'],
            ['remote.x.annex-rsync-transport', 'evil'],
            ['remote.x.uploadpack', 'evil'],
            ['remote.x.url', 'ext::sh -c evil'],
            ['url.ext::sh.insteadof', 'x'],
            ['protocol.ext.allow', 'always'],
            ['annex.secure-erase-command', 'evil'],
            ['annex.freezecontent-command', 'evil'],
            ['remote.x.annex-cost-command', 'evil'],
            ['remote.x.annex-hooktype', 'evil'],
            ['remote.x.annex-externaltype', 'evil'],
        ];
        const found = runnableEntries(dangerous.map(([key, value]) => entry(key, value))).map(({ name }) => name);
        assert.deepEqual(
            dangerous.map(([key]) => key).filter(key => !found.includes(key)),
            [],
        );
    });

    it('finds nothing in a repository as git-annex sets it up, with a peer', () =>
        withTemporaryFolder(async folder => {
            const context = await createAnnexRepository(folder, silentLog);
            await runOrThrow({ file: context.programs.git, args: ['remote', 'add', 'peer1', `tor-annex::${'a'.repeat(56)}.onion:1`], cwd: context.root }, { log: silentLog });
            const config = (await readConfig(context.programs, context.root, silentLog)).filter(({ origin }) => origin.startsWith('file:.git'));
            assert.ok(config.some(({ key }) => key === 'filter.annex.smudge'));
            assert.deepEqual(runnableEntries(config), []);
            assert.deepEqual(await runnableHooks(context.gitDir), []);
            await mkdir(`${context.gitDir}/hooks`, { recursive: true });
            await writeFile(`${context.gitDir}/hooks/reference-transaction`, '#!/bin/sh\n');
            await chmod(`${context.gitDir}/hooks/reference-transaction`, 0o755);
            assert.deepEqual((await runnableHooks(context.gitDir)).map(({ name }) => name), ['hooks/reference-transaction']);
        }));

    it('reads back what git prints, values of many lines too', () => {
        fc.assert(
            fc.property(fc.array(fc.tuple(fc.stringMatching(/^[a-z]+\.[a-z]+$/u), fc.string().filter(text => !text.includes('\0')))), entries => {
                const output = entries.map(([key, value]) => `file:x\0${key}\n${value}\0`).join('');
                assert.deepEqual(parseConfigList(output), entries.map(([key, value]) => ({ origin: 'file:x', key, value })));
            }),
        );
    });
});
