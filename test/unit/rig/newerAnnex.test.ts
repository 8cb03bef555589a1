/** The second git-annex: from where it is fetched, and what is said where there is none. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { debianCodename, packageSource, prepareNewerAnnex } from '../../rig/system/newerAnnex';
import { withTemporaryFolder } from '../support/temporaryFolder';

describe('a second git-annex to test with', () => {
    it('is taken from the archive that this system has its own packages from', () => {
        const targets = 'http://mirror.example/debian-security/|bookworm-security|main\nhttp://mirror.example/debian/|bookworm|contrib\nhttp://mirror.example/debian/|bookworm|main\nfile:/cdrom/|bookworm|main\n';
        assert.deepEqual(packageSource(targets, 'bookworm'), { uri: 'http://mirror.example/debian/', codename: 'bookworm' });
        assert.equal(packageSource(targets, 'trixie'), undefined);
        assert.equal(packageSource('file:/cdrom/|bookworm|main\n', 'bookworm'), undefined);
    });

    it('is Debian\'s alone', () => {
        assert.equal(debianCodename('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n'), 'bookworm');
        assert.equal(debianCodename('VERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n'), undefined);
        assert.equal(debianCodename(''), undefined);
    });

    it('says in a sentence why there is none, and throws nothing', () =>
        withTemporaryFolder(async folder => {
            // A file where its folder ought to be.
            const inTheWay = path.join(folder, 'file');
            await writeFile(inTheWay, '');
            const answer = await prepareNewerAnnex(() => undefined, path.join(inTheWay, 'x'));
            assert.equal(answer.kind, 'none');
            assert.match(answer.why, /\.$|:/u);
        }));
});
