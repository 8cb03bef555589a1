import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { appArmorRule, findServingObstacle, type AppArmorFiles } from '../../../src/core/tor/servingObstacle';
import { withTemporaryFolder } from '../support/temporaryFolder';

/** The end of Debian's profile for Tor 0.4.9. */
const profileText = 'profile system_tor flags=(attach_disconnected) {\n  #include <abstractions/tor>\n  owner /var/lib/tor/** rwk,\n  #include <local/system_tor>\n}\n';

describe('what keeps Tor from the socket of an onion service', () => {
    /** Folders on the way to a socket that everybody may enter, and a system whose kernel has AppArmor or not. */
    async function scene(work: (folder: string, socket: string, files: AppArmorFiles) => Promise<void>, enabled = 'Y\n'): Promise<void> {
        await withTemporaryFolder(async folder => {
            await chmod(folder, 0o755);
            await mkdir(`${folder}/tor-annex/1000_u`, { recursive: true });
            await chmod(`${folder}/tor-annex`, 0o755);
            await chmod(`${folder}/tor-annex/1000_u`, 0o755);
            const files = { enabled: `${folder}/enabled`, profile: `${folder}/system_tor`, localRules: `${folder}/local` };
            await writeFile(files.enabled, enabled);
            await writeFile(files.profile, profileText);
            await work(folder, `${folder}/tor-annex/1000_u/s`, files);
        });
    }

    it("is a folder that Tor's user may not enter", () =>
        scene(async (folder, socket, files) => {
            await chmod(`${folder}/tor-annex`, 0o700);
            await chmod(`${folder}/tor-annex/1000_u`, 0o700);
            assert.deepEqual(await findServingObstacle(socket, files), { kind: 'folder-closed', folders: [`${folder}/tor-annex`, `${folder}/tor-annex/1000_u`] });
        }));

    it('is AppArmor where the kernel enforces it and the profile has no rule for that folder', () =>
        scene(async (_folder, socket, files) => {
            assert.deepEqual(await findServingObstacle(socket, files), { kind: 'apparmor', profile: files.profile, localRules: files.localRules, rule: appArmorRule });
            await writeFile(files.localRules, `# mine\n  ${appArmorRule}\n`);
            assert.deepEqual(await findServingObstacle(socket, files), { kind: 'apparmor', profile: files.profile, localRules: files.localRules, rule: undefined });
            await writeFile(files.localRules, `#  ${appArmorRule}\n`);
            assert.equal((await findServingObstacle(socket, files)).kind, 'apparmor');
        }));

    it('is not known elsewhere', async () => {
        await scene(async (_folder, socket, files) => assert.deepEqual(await findServingObstacle(socket, files), { kind: 'unknown' }), 'N\n');
        await scene(async (folder, socket, files) => assert.deepEqual(await findServingObstacle(socket, { ...files, profile: `${folder}/none` }), { kind: 'unknown' }));
    });
});
