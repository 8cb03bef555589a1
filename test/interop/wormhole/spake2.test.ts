/**
 * Random key exchanges with Debian's python3-spake2 as the other side. ANNEX_PEERS_WORMHOLE_EXCHANGES sets how many.
 */
import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { silentLog } from '../../../src/core/log';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { fromHex, textToBytes, toHex } from '../../../src/core/wormhole/bytes';
import { makeCode } from '../../../src/core/wormhole/code';
import { Spake2 } from '../../../src/core/wormhole/spake2';
import { debianPython } from './support/servers';
import { until } from './support/until';

const exchanges = Number(process.env['ANNEX_PEERS_WORMHOLE_EXCHANGES'] ?? 40);

/** One line in: password, id and our message in hex; one line out: its message and its key. */
const script = `
import sys
from spake2 import SPAKE2_Symmetric
for line in iter(sys.stdin.readline, ''):
    password, identity, theirs = [bytes.fromhex(part) for part in line.rstrip('\\n').split(' ')]
    side = SPAKE2_Symmetric(password, idSymmetric=identity)
    message = side.start()
    print(message.hex(), side.finish(theirs).hex(), flush=True)
`;

describe('wormhole: key exchange with python-spake2', () => {
    it(`agrees ${exchanges} times`, async function () {
        this.timeout(20_000 + exchanges * 200);
        const python = await ManagedProcess.start({ file: debianPython, args: ['-c', script], cwd: '/' }, { log: silentLog });
        const lines: string[] = [];
        const errors: string[] = [];
        python.onStdoutLine.on(line => lines.push(line));
        python.onStderrLine.on(line => errors.push(line));
        try {
            for (let turn = 0; turn < exchanges; turn++) {
                const password = turn % 2 === 0 ? textToBytes(makeCode(String(randomInt(1, 1_000_000)), randomInt(1, 5))) : randomBytes(randomInt(1, 100));
                const id = turn % 3 === 0 ? new Uint8Array(0) : randomBytes(randomInt(1, 60));
                const side = new Spake2(password, id);
                python.write(`${toHex(password)} ${toHex(id)} ${toHex(side.message)}\n`);
                const line = await until(`python's answer ${errors.join('\n')}`, () => lines.shift());
                const [message = '', key] = line.split(' ');
                assert.equal(toHex(side.finish(fromHex(message) ?? new Uint8Array(0))), key, `password ${toHex(password)} id ${toHex(id)}`);
            }
        } finally {
            await python.end();
        }
    });
});
