/** What the library logs, at its most talkative: no code, no key, no payload. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Log } from '../../../src/core/log';
import { toHex } from '../../../src/core/wormhole/bytes';
import type { WormholeOptions } from '../../../src/core/wormhole/options';
import { receiveFile } from '../../../src/core/wormhole/receive';
import { sendFile } from '../../../src/core/wormhole/send';
import type { TransferStatus } from '../../../src/core/wormhole/status';
import { startFakeServer } from './fakeServer';
import { sharedCode } from './sharedCode';

describe('wormhole: the log', () => {
    it('holds no code, no verifier and no content, of a transfer that works and of one that fails', async () => {
        const lines: string[] = [];
        const note = (line: string): void => void lines.push(line);
        const log: Log = { debug: note, info: note, warn: note, error: note };
        const server = await startFakeServer();
        const folder = await mkdtemp(path.join(tmpdir(), 'wormhole-log-'));
        try {
            const content = 'half-token-0123456789abcdef';
            await writeFile(path.join(folder, 'in'), content);
            const options: WormholeOptions = { appId: 'test', mailboxUrl: server.url, route: { kind: 'direct', listen: true }, log, timeLimits: { close: 500, peer: 3000 } };
            const secrets: string[] = [content];
            const remember = (status: TransferStatus): void => {
                if (status.step === 'code') {
                    secrets.push(status.code, ...status.code.split('-').slice(1));
                }
                if (status.step === 'verified') {
                    secrets.push(toHex(status.verifier));
                }
            };
            for (const wrong of [false, true]) {
                const shared = sharedCode();
                const sending = sendFile({ ...options, path: path.join(folder, 'in'), onStatus: status => {
                    remember(status);
                    shared.onStatus(status);
                } });
                const receiving = receiveFile({ ...options, path: path.join(folder, 'out'), code: async () => `${await shared.code}${wrong ? 'x' : ''}`, onStatus: remember });
                const failures = (await Promise.allSettled([sending, receiving])).filter(result => result.status === 'rejected');
                assert.equal(failures.length, wrong ? 2 : 0);
                failures.forEach(failure => note(String(failure.reason)));
                server.messages.length = 0;
            }
            assert.ok(lines.length > 0);
            const log1 = lines.join('\n');
            secrets.forEach(secret => assert.ok(!log1.includes(secret), `${secret} in ${log1}`));
        } finally {
            await server.end();
            await rm(folder, { recursive: true });
        }
    });
});
