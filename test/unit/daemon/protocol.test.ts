import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Backoff } from '../../../src/core/daemon/backoff';
import { formatDaemonCommand, parseDaemonLine } from '../../../src/core/daemon/protocol';

/** Printed by git-annex 10.20230126 on a private Tor network. */
const captured = `tor-annex::${'c'.repeat(56)}.onion:30123`;

describe("the remote daemon's protocol", () => {
    it('is understood as git-annex prints it', () => {
        assert.deepEqual(parseDaemonLine(`CONNECTED ${captured}`), { kind: 'connected', uri: captured });
        assert.deepEqual(parseDaemonLine(`DISCONNECTED ${captured}`), { kind: 'disconnected', uri: captured });
        assert.deepEqual(parseDaemonLine(`SYNCING ${captured}`), { kind: 'syncing', uri: captured });
        assert.deepEqual(parseDaemonLine(`DONESYNCING ${captured} 1`), { kind: 'done-syncing', uri: captured, succeeded: true });
        assert.deepEqual(parseDaemonLine(`DONESYNCING ${captured} 0`), { kind: 'done-syncing', uri: captured, succeeded: false });
        assert.deepEqual(parseDaemonLine(`WARNING ${captured} it broke`), { kind: 'warning', uri: captured, text: 'it broke' });
    });

    it('takes any other line for unknown and never throws', () => {
        fc.assert(fc.property(fc.string({ unit: 'binary' }), line => assert.equal(parseDaemonLine(line.toLowerCase()).kind, 'unknown')));
        for (const line of ['', 'CONNECTED', `CONNECTED ${captured} extra`, `DONESYNCING ${captured}`, `DONESYNCING ${captured} 2`, 'x'.repeat(1 << 20), `CONNECTED ${'x'.repeat(1 << 20)}`, 'SYNCING tor-annex::\u202eabc.onion:1']) {
            assert.equal(parseDaemonLine(line).kind, 'unknown');
        }
    });

    it('ends a command with a line break, as git-annex reads lines', () => {
        assert.equal(formatDaemonCommand('RELOAD'), 'RELOAD\n');
    });
});

describe('Backoff', () => {
    it('doubles up to the cap and starts afresh after a good run', () => {
        const backoff = new Backoff({ firstMs: 1, capMs: 5, goodRunMs: 100 });
        assert.deepEqual([backoff.after(0), backoff.after(0), backoff.after(0), backoff.after(0)], [1, 2, 4, 5]);
        assert.equal(backoff.after(100), 1);
    });
});
