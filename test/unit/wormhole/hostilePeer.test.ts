/** The other side, or somebody in its place, does not keep the protocol: one guess, typed failures, nothing given away. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jsonToBytes } from '../../../src/core/wormhole/bytes';
import { WormholeError } from '../../../src/core/wormhole/errors';
import type { WormholeOptions } from '../../../src/core/wormhole/options';
import { receive, receiveText } from '../../../src/core/wormhole/receive';
import { sendFile, sendText } from '../../../src/core/wormhole/send';
import { encodeAnswer, encodeFileOffer, encodeTextOffer } from '../../../src/core/wormhole/transferMessages';
import { until } from '../../interop/wormhole/support/until';
import { startFakeServer, type FakeServer } from './fakeServer';
import { Puppet } from './puppet';
import { sharedCode } from './sharedCode';

const code = '4-alkali-assume';

describe('wormhole: a hostile other side', () => {
    let server: FakeServer;
    let folder: string;
    let options: WormholeOptions;
    const puppets: Puppet[] = [];

    beforeEach(async () => {
        server = await startFakeServer();
        folder = await mkdtemp(path.join(tmpdir(), 'wormhole-test-'));
        options = { appId: 'test', mailboxUrl: server.url, route: { kind: 'direct', listen: true }, timeLimits: { close: 500, peer: 5000, peerStep: 3000, answer: 3000, transit: 3000, transferSilence: 1500 }, sizeLimits: { message: 100_000 } };
    });
    afterEach(async () => {
        puppets.splice(0).forEach(puppet => puppet.leave());
        await server.end();
        await rm(folder, { recursive: true });
    });

    const join = async (withCode = code, appId = 'test'): Promise<Puppet> => {
        const puppet = await Puppet.join(server.url, withCode, appId);
        puppets.push(puppet);
        return puppet;
    };
    const reason = (expected: string) => (error: unknown): boolean => {
        assert.ok(error instanceof WormholeError, String(error));
        assert.equal(error.reason, expected, `${error.message} ${error.detail}`);
        return true;
    };
    const moods = (): unknown[] => server.said.filter(said => said.type === 'close').map(said => said['mood']);

    it('guesses the code: scary on both ends, and not one message or hint goes out', async () => {
        const shared = sharedCode();
        await writeFile(path.join(folder, 'secret'), 'secret');
        const sending = sendFile({ ...options, path: path.join(folder, 'secret'), onStatus: shared.onStatus });
        await shared.code;
        const guess = receiveText({ ...options, code: '4-wrong-guess' });
        await Promise.all([assert.rejects(sending, reason('wrong-code')), assert.rejects(guess, reason('wrong-code'))]);
        assert.deepEqual(moods(), ['scary', 'scary']);
        assert.deepEqual([...new Set(server.said.filter(said => said.type === 'add').map(said => said['phase']))].sort(), ['pake', 'version']);
    });

    it('gets no second guess', async () => {
        const result = assert.rejects(receiveText({ ...options, code }), reason('wrong-code'));
        const puppet = await join('4-wrong-guess');
        await puppet.exchangeKeys();
        await result;
        // Whatever is tried now, nobody is there any more.
        const right = await join();
        right.add('pake', puppet.key);
        assert.deepEqual(moods(), ['scary']);
    });

    it('sends a second key exchange message: passed over', async () => {
        const result = receiveText({ ...options, code });
        const puppet = await join();
        await puppet.exchangeKeys();
        puppet.add('pake', jsonToBytes({ pake_v1: '53' }));
        puppet.addJson('0', encodeTextOffer('once'));
        assert.equal(await result, 'once');
    });

    it('is joined by a third side, which is not listened to', async () => {
        const result = receiveText({ ...options, code });
        const puppet = await join();
        await puppet.exchangeKeys();
        await until('the key exchange to be over', () => server.messages.some(message => message.side === puppet.side && message.phase === 'version'));
        server.inject('intruder', '0', '00'.repeat(60));
        server.inject('intruder', 'pake', '00'.repeat(60));
        puppet.addJson('0', encodeTextOffer('fine'));
        assert.equal(await result, 'fine');
    });

    it('goes silent after the key exchange message', async () => {
        const result = receiveText({ ...options, code, timeLimits: { ...options.timeLimits, peerStep: 200 } });
        const puppet = await join();
        await puppet.exchangeKeys(false);
        await assert.rejects(result, reason('peer-absent'));
        assert.deepEqual(moods(), ['lonely']);
    });

    it('never comes', async () => {
        await assert.rejects(receiveText({ ...options, code, timeLimits: { peer: 150, close: 500 } }), reason('peer-absent'));
        assert.deepEqual(moods(), ['lonely']);
    });

    it('goes silent after it is verified', async () => {
        const result = receiveText({ ...options, code, timeLimits: { ...options.timeLimits, peerStep: 200 } });
        await (await join()).exchangeKeys();
        await assert.rejects(result, reason('peer-lost'));
    });

    it('gives up, with words that are no control sequences', async () => {
        const result = receiveText({ ...options, code });
        const puppet = await join();
        await puppet.exchangeKeys();
        puppet.addJson('0', { error: 'no\u001b[2Jthing' });
        await assert.rejects(result, (error: unknown) => reason('peer-error')(error) && (error as WormholeError).detail === 'no[2Jthing');
    });

    it('sends messages of wrong types', async () => {
        for (const message of [7, null, { offer: 7 }, { transit: { 'hints-v1': 'x' } }, { error: {} }]) {
            const result = receiveText({ ...options, code });
            const puppet = await join();
            await puppet.exchangeKeys();
            puppet.addJson('0', message);
            await assert.rejects(result, reason('peer-protocol'), JSON.stringify(message));
            puppet.leave();
            await server.end();
            server = await startFakeServer();
            options = { ...options, mailboxUrl: server.url };
        }
    });

    it('sends what is not JSON, or not sealed', async () => {
        const first = receiveText({ ...options, code });
        const puppet = await join();
        await puppet.exchangeKeys();
        puppet.addSealed('0', Uint8Array.of(0xff, 0xfe));
        await assert.rejects(first, reason('peer-protocol'));
        server.messages.length = 0;
        const second = receiveText({ ...options, code });
        const other = await join();
        await other.exchangeKeys();
        other.add('0', new Uint8Array(100));
        await assert.rejects(second, reason('wrong-code'));
    });

    it('sends its messages in the wrong order: put right', async () => {
        const result = receiveText({ ...options, code });
        const puppet = await join();
        await puppet.exchangeKeys();
        puppet.addJson('1', encodeTextOffer('second'));
        puppet.addJson('0', { later: 'invention' });
        assert.equal(await result, 'second');
    });

    it('sends phases without end, or far ahead', async () => {
        for (const phaseOf of [(turn: number) => String(turn + 1), (turn: number) => String(100_000 + turn), (turn: number) => `x${turn}`]) {
            const result = receiveText({ ...options, code });
            result.catch(() => undefined);
            const puppet = await join();
            await puppet.exchangeKeys();
            for (let turn = 0; turn < 300; turn++) {
                puppet.addJson(phaseOf(turn), {});
            }
            await assert.rejects(result, reason('peer-protocol'));
            puppet.leave();
            server.messages.length = 0;
        }
    });

    it('sends a message above the limit', async () => {
        const result = receiveText({ ...options, code });
        const puppet = await join();
        await puppet.exchangeKeys();
        puppet.addJson('0', encodeTextOffer('x'.repeat(101_000)));
        await assert.rejects(result, reason('peer-protocol'));
    });

    it('is refused by the user', async () => {
        const result = receive({ ...options, code, decide: () => ({ kind: 'refuse' }) });
        const puppet = await join();
        await puppet.exchangeKeys();
        puppet.addJson('0', encodeFileOffer('f', 5));
        await assert.rejects(result, reason('offer-refused'));
        assert.equal(await puppet.transferMessage('error'), 'transfer rejected');
    });

    it('answers something else than was offered', async () => {
        const sending = sendText({ ...options, code, text: 'x' });
        sending.catch(() => undefined);
        const puppet = await join();
        await puppet.exchangeKeys();
        puppet.addJson('0', encodeAnswer('file'));
        await assert.rejects(sending, reason('peer-protocol'));
    });
});
