import assert from 'node:assert/strict';
import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { enableTorCommands, display } from '../../../src/core/tor/enableCommand';
import { diagnoseEnableFailure, wasDismissed } from '../../../src/core/tor/enableDiagnosis';
import { findStanza, plannedStanza, readTorrc } from '../../../src/core/tor/torrc';
import { withTemporaryFolder } from '../support/temporaryFolder';

const uuid = '0f7cd7a4-5a5c-4f0e-9d3a-2a4f1b9b1c11';
/** As git-annex 10.20230126 wrote it. */
const written = `SocksPort 9050\n\nHiddenServiceDir /var/lib/tor/tor-annex_1000_${uuid}\nHiddenServicePort 31337 unix:/var/lib/tor-annex/1000_${uuid}/s\n`;

describe('findStanza', () => {
    it('finds the stanza that git-annex wrote for this user and repository', () => {
        assert.deepEqual(findStanza(written, 1000, uuid), { directory: `/var/lib/tor/tor-annex_1000_${uuid}`, port: 31337, socket: `/var/lib/tor-annex/1000_${uuid}/s` });
    });

    it("finds none of another user's, nor one whose lines were taken apart, as the remote daemon finds none", () => {
        assert.equal(findStanza(written, 1001, uuid), undefined);
        assert.equal(findStanza(written.replace('HiddenServicePort', '# mine\nHiddenServicePort'), 1000, uuid), undefined);
        assert.equal(findStanza(written.replaceAll('HiddenService', '#HiddenService'), 1000, uuid), undefined);
    });

    it('finds the planned stanza once it has a port, in any file', () => {
        fc.assert(
            fc.property(fc.array(fc.string({ maxLength: 60 })), fc.integer({ min: 1025, max: 65_534 }), (before, port) => {
                const text = [...before.map(line => `# ${line.replaceAll('\n', ' ')}`), ...plannedStanza(1000, uuid, String(port))].join('\n');
                assert.equal(findStanza(text, 1000, uuid)?.port, port);
            }),
        );
    });
});

describe('readTorrc', () => {
    it('takes the first that exists', () =>
        withTemporaryFolder(async folder => {
            await writeFile(`${folder}/second`, 'x');
            assert.deepEqual(await readTorrc([`${folder}/first`, `${folder}/second`]), { path: `${folder}/second`, text: 'x' });
            assert.equal(await readTorrc([`${folder}/first`]), undefined);
        }));
});

describe('diagnoseEnableFailure', () => {
    const input = { uid: 1000, uuid };

    it('tells that nothing was written from a refused password', () =>
        withTemporaryFolder(async folder => {
            await writeFile(`${folder}/torrc`, 'SocksPort 9050\n');
            assert.equal(await diagnoseEnableFailure(input, [`${folder}/torrc`]), 'not-root');
            assert.equal(await diagnoseEnableFailure(input, [`${folder}/none`]), 'no-torrc');
        }));
});

describe('wasDismissed', () => {
    // Exit codes of pkexec 122 with an agent that answers "Cancelled", and after a wrong password; of git-annex in between.
    it('is what pkexec says of a dialog that was closed, and nothing else', () => {
        assert.equal(wasDismissed('pkexec', 126), true);
        assert.deepEqual([wasDismissed('pkexec', 127), wasDismissed('pkexec', 1), wasDismissed('sudo', 126)], [false, false, false]);
    });
});

describe('enableTorCommands', () => {
    const find = (program: string): Promise<string> => Promise.resolve(`/usr/bin/${program}`);

    it('offers sudo before su, and pkexec where there is a desktop; each as an argument list', async () => {
        const commands = await enableTorCommands('/usr/bin/git-annex', "/home/a/it's mine", { uid: 1000, hasDesktop: true, find });
        assert.deepEqual(
            commands.map(({ file, args }) => [file, ...args]),
            [
                ['/usr/bin/sudo', '--', '/usr/bin/git-annex', 'enable-tor', '1000'],
                ['/usr/bin/pkexec', '/usr/bin/env', '-C', "/home/a/it's mine", '/usr/bin/git-annex', 'enable-tor', '1000'],
                ['/usr/bin/su', '-s', '/usr/bin/git-annex', 'root', 'enable-tor', '1000'],
            ],
        );
        assert.match(commands[1]?.shown ?? '', /-C '\/home\/a\/it'\\''s mine'/u);
        assert.deepEqual((await enableTorCommands('/usr/bin/git-annex', '/r', { uid: 1000, hasDesktop: false, find })).map(({ method }) => method), ['sudo', 'su']);
        assert.deepEqual((await enableTorCommands('/usr/bin/git-annex', '/r', { uid: 1000, hasDesktop: false, platform: 'darwin', find })).map(({ method }) => method), ['sudo']);
    });

    it('needs nobody where this is root already', async () => {
        const commands = await enableTorCommands('/usr/bin/git-annex', '/r', { uid: 0, hasDesktop: true, find });
        assert.deepEqual(commands.map(({ shown }) => shown), ['/usr/bin/git-annex enable-tor 0']);
    });

    it('quotes for display what a shell would split', () => {
        assert.equal(display(['a', 'b c', '$x']), "a 'b c' '$x'");
    });
});
