import assert from 'node:assert/strict';
import { privateMountOf } from '../../../src/core/tor/rootAccess';

/** Lines of /proc/self/mountinfo, with bindfs 1.14 mounted by user 5 with and without allow_other. */
const mountinfo = `24 1 254:1 / / rw,relatime - ext4 /dev/root rw
95 24 0:43 / /mnt/x/f rw,nosuid,nodev,relatime - fuse /mnt/x/r rw,user_id=5,group_id=60,default_permissions
96 24 0:44 / /mnt/open rw,nosuid,nodev,relatime - fuse /mnt/x/r rw,user_id=5,group_id=60,default_permissions,allow_other
97 24 0:45 / /home/a/my\\040vault rw,nosuid,nodev,relatime - fuse.gocryptfs /home/a/.vault rw,user_id=1000,group_id=1000
98 24 8:1 / /media/stick rw,relatime - fuseblk /dev/sdb1 rw,user_id=0,group_id=0,default_permissions,allow_other,blksize=4096
`;

describe("a file system that shuts root out", () => {
    // There, git-annex as root says "git-annex: Not in a git repository." and ends with 1, as after a refused password.
    it('is one that a user mounted for himself', () => {
        assert.deepEqual(privateMountOf('/mnt/x/f/repository', mountinfo), { mountPoint: '/mnt/x/f', fileSystem: 'fuse' });
        assert.deepEqual(privateMountOf('/home/a/my vault', mountinfo), { mountPoint: '/home/a/my vault', fileSystem: 'fuse.gocryptfs' });
    });

    it('is none that others may read, nor any other file system', () => {
        for (const folder of ['/mnt/open/r', '/media/stick/r', '/home/a/r', '/mnt/x/fine', '/']) {
            assert.equal(privateMountOf(folder, mountinfo), undefined, folder);
        }
        assert.equal(privateMountOf('/home/a', ''), undefined);
        assert.equal(privateMountOf('/home/a', 'not a line of mountinfo\n'), undefined);
    });

    it('counts as it was mounted last', () => {
        assert.equal(privateMountOf('/mnt/x/f/r', `${mountinfo}99 95 0:46 / /mnt/x/f rw - tmpfs tmpfs rw\n`), undefined);
    });
});
