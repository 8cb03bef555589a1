/** What is copied for those who help: says how it stands, and nothing of who, where or with which secret. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { diagnosticsText, type DiagnosticsFacts } from '../../../src/core/diagnostics';
import { rememberingLog, silentLog } from '../../../src/core/log';
import { parseTorVersion } from '../../../src/core/tor/version';

const onion = `${'abcdefg2'.repeat(7)}.onion`;
const token = 'f0e1d2c3'.repeat(16);
const uuid = '3e2c7aca-6c1b-4f57-9d0e-2b9a4c3d1e0f';
const secrets = [onion, onion.slice(0, 56), token, uuid, '7-guitarist-revenge', 'alice', '/home/alice', 'holiday-photos', 'bob-of-berlin', 'alice@example.org'];

function facts(message: string): DiagnosticsFacts {
    const address = { onion, port: 4711 };
    const repository = {
        root: '/home/alice/holiday-photos',
        name: 'holiday-photos',
        uuid,
        service: { kind: 'enabled' as const, address },
        unreadable: false,
        daemon: { kind: 'waiting' as const, restartAt: 0, attempt: 2, lastError: message },
        fetchGuard: { kind: 'on' as const },
        peers: [
            {
                name: 'bob-of-berlin',
                address,
                uuid,
                syncs: true,
                link: 'connected' as const,
                linkSince: 0,
                presence: { status: { kind: 'other-repository' as const, uuid }, since: 1000, lastSeen: 2000 },
                lastSync: { at: 3000, result: 'done' as const, received: 1, sent: 2, failed: 0 },
                incoming: undefined,
                heldBack: undefined,
                verified: undefined,
            },
        ],
        remotes: ['bob-of-berlin'],
        otherRemotes: [],
        access: [],
        findings: undefined,
        activity: undefined,
        network: { at: 1000, checking: false, torVersion: '0.4.9.11', socks: true, service: 'serving' as const },
    };
    return {
        versions: { extension: '0.1.0', editor: 'VS Code 1.100.0' },
        preflight: undefined,
        repositories: [repository],
        troubles: [{ at: 0, severity: 'error', message }],
        home: '/home/alice',
        user: 'alice',
        now: 10_000,
    };
}

describe('the diagnostics', () => {
    it('say how it stands', () => {
        const text = diagnosticsText(facts('git fetch ended with exit code 128'));
        for (const part of ['0.1.0', 'other-repository', 'tor 0.4.9.11', 'SOCKS answers', 'from outside: serving', 'last sync: done', 'git fetch ended with exit code 128', 'not known to a user']) {
            assert.ok(text.includes(part), `${part} in:\n${text}`);
        }
    });

    it('hold none of the names, addresses and secrets, wherever those were said', () => {
        const piece = fc.oneof(fc.constantFrom(...secrets), fc.constantFrom(' ', ': ', '/', '\n', ' failed ', `tor-annex::${onion}:4711:${token}`, `"${token.toUpperCase()}"`, '/home/alice/holiday-photos/.git/config'));
        fc.assert(fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), pieces => {
            const text = diagnosticsText(facts(pieces.join(' '))).toLowerCase();
            for (const secret of secrets) {
                assert.ok(!text.includes(secret), `${secret} in:\n${text}`);
            }
        }));
    });

    it("take up the log's last warnings and errors, and no more than that", () => {
        const { log, troubles } = rememberingLog(silentLog, 2);
        log.debug('a');
        log.error('b');
        log.info('c');
        log.warn('d');
        log.warn('e');
        assert.deepEqual(troubles().map(({ severity, message }) => [severity, message]), [['warning', 'd'], ['warning', 'e']]);
    });

    it("read tor's version as it prints it", () => {
        assert.equal(parseTorVersion('Tor version 0.4.9.11.\nThis build of Tor is covered by the GNU General Public License\n'), '0.4.9.11');
        assert.equal(parseTorVersion('Tor version 0.4.8.0-alpha-dev (git-5d5f1b1f6a3c9b0d).\n'), '0.4.8.0-alpha-dev');
        assert.equal(parseTorVersion('tor: command not found'), undefined);
    });
});
