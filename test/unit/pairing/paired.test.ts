/** Runs the pairings that succeed where a stand-in for Tor disturbs nobody: in a network namespace of their own. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { silentLog } from '../../../src/core/log';
import { findProgram } from '../../../src/core/process/findProgram';
import { run } from '../../../src/core/process/run';
import { realPrograms } from './realPrograms';

describe('pairing that succeeds', function () {
    this.timeout(180_000);

    it('stores what it should, in a network namespace', async function () {
        const [unshare, ip] = [await findProgram('unshare'), await findProgram('ip')];
        if (unshare === undefined || ip === undefined || (await realPrograms()) === undefined) {
            return this.skip();
        }
        const inNamespace = (args: readonly string[]) =>
            run(
                { file: unshare, args: [process.getuid?.() === 0 ? '--net' : '--map-root-user', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...args], cwd: process.cwd(), env: { XDG_RUNTIME_DIR: undefined } },
                { log: silentLog },
            );
        if ((await inNamespace(['true'])).code !== 0) {
            return this.skip();
        }
        const mocha = path.join('node_modules', 'mocha', 'bin', 'mocha.js');
        const { code, stdout, stderr } = await inNamespace([process.execPath, mocha, '--no-config', path.join(__dirname, 'pairedInNamespace.js')]);
        assert.equal(code, 0, `${stdout}\n${stderr}`);
        assert.match(stdout, /4 passing/u);
    });
});
