/** What the real mailbox server writes down of exchanges that go wrong, and how they look from both sides. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { CancelledError } from '../../../src/core/errors';
import { WormholeError } from '../../../src/core/wormhole/errors';
import type { WormholeOptions } from '../../../src/core/wormhole/options';
import { receiveText } from '../../../src/core/wormhole/receive';
import { sendFile, sendText } from '../../../src/core/wormhole/send';
import { Wormhole } from '../../../src/core/wormhole/wormhole';
import { sharedCode } from '../../unit/wormhole/sharedCode';
import { ourProgram, python, start } from './support/programs';
import { startMailboxServer, type MailboxServer } from './support/servers';
import { until } from './support/until';

describe('wormhole: what the mailbox server sees', function () {
    this.timeout(30_000);
    let folder: string;
    let mailbox: MailboxServer;
    let options: WormholeOptions;

    let counted = 0;

    before(async () => {
        folder = await mkdtemp(path.join(tmpdir(), 'wormhole-moods-'));
        mailbox = await startMailboxServer(folder);
        options = { appId: 'lothar.com/wormhole/text-or-file-xfer', mailboxUrl: mailbox.url, route: { kind: 'direct', listen: false }, timeLimits: { peer: 10_000, close: 3000 } };
    });
    after(async () => {
        await mailbox.end();
        await rm(folder, { recursive: true });
    });
    beforeEach(async () => {
        counted = (await mailbox.usage()).length;
    });

    /** The results of the mailboxes that this test has closed. */
    const results = async (count: number): Promise<readonly string[]> => {
        const usage = await until(`${count} closed mailboxes`, async () => {
            const seen = (await mailbox.usage()).slice(counted);
            return seen.length >= count && seen;
        });
        return usage.map(entry => entry.result);
    };
    const rejects = (promise: Promise<unknown>, reason: string): Promise<void> => assert.rejects(promise, (error: unknown) => error instanceof WormholeError && error.reason === reason);

    it('a wrong code is scary, and spends the code', async () => {
        const shared = sharedCode();
        const sending = sendText({ ...options, text: 'secret', onStatus: shared.onStatus });
        const code = await shared.code;
        const guess = receiveText({ ...options, code: `${code.split('-')[0] ?? ''}-wrong-guess` });
        await Promise.all([rejects(sending, 'wrong-code'), rejects(guess, 'wrong-code')]);
        assert.deepEqual(await results(1), ['scary']);
        // The one who should have got it comes too late: nobody is there, and that is said.
        await rejects(receiveText({ ...options, code, timeLimits: { peer: 300 } }), 'peer-absent');
        assert.deepEqual(await results(2), ['scary', 'lonely']);
    });

    it('a wrong code is scary with python on the other end, each way', async () => {
        const way = { mailboxUrl: mailbox.url, relay: 'tcp:127.0.0.1:1' };
        const shared = sharedCode();
        const sending = rejects(sendText({ ...options, text: 'secret', onStatus: shared.onStatus }), 'wrong-code');
        const guess = await python.receive(`${(await shared.code).split('-')[0] ?? ''}-wrong-guess`, 'out', way, folder);
        await sending;
        assert.notEqual((await guess.finished).exitCode, 0);
        const theirs = await python.send({ kind: 'text', text: 'secret' }, way, folder);
        await rejects(receiveText({ ...options, code: `${(await theirs.code()).split('-')[0] ?? ''}-wrong-guess` }), 'wrong-code');
        assert.notEqual((await theirs.finished).exitCode, 0);
        assert.deepEqual(await results(2), ['scary', 'scary']);
    });

    it('a third side is told that it is one too many', async () => {
        const first = new Wormhole({ ...options });
        first.connect();
        const code = await first.allocateCode();
        const nameplate = code.split('-')[0] ?? '';
        // A second who claims and never answers: the nameplate stays taken.
        const second = new WebSocket(mailbox.url);
        await new Promise(resolve => second.once('open', resolve));
        second.send(JSON.stringify({ id: '1', type: 'bind', appid: options.appId, side: 'second' }));
        second.send(JSON.stringify({ id: '2', type: 'claim', nameplate }));
        await new Promise<void>(resolve => second.on('message', data => (data as Buffer).includes('claimed') && resolve()));
        await rejects(receiveText({ ...options, code }), 'crowded');
        await first.close();
        second.terminate();
    });

    it('a code that nobody answered is lonely, when cancelled and when its time is over', async () => {
        const controller = new AbortController();
        const shared = sharedCode();
        const sending = sendText({ ...options, text: 'x', signal: controller.signal, onStatus: shared.onStatus });
        await shared.code;
        controller.abort();
        await assert.rejects(sending, CancelledError);
        await rejects(sendText({ ...options, text: 'x', timeLimits: { peer: 100 } }), 'peer-absent');
        assert.deepEqual(await results(2), ['lonely', 'lonely']);
    });

    it('the program ended by a signal says good-bye, and leaves no file', async () => {
        await writeFile(path.join(folder, 'secret'), 'x');
        const before = await readdir(folder);
        for (const [signal, exitCode] of [['SIGTERM', 143], ['SIGINT', 130]] as const) {
            const running = await start(process.execPath, [ourProgram, 'send', 'secret'], folder, { WORMHOLE_RELAY_URL: mailbox.url });
            await running.code();
            process.kill(running.process.pid, signal);
            assert.equal((await running.finished).exitCode, exitCode);
        }
        assert.deepEqual(await results(2), ['lonely', 'lonely']);
        assert.deepEqual(await readdir(folder), before);
    });

    it('an offer that is refused, and a transfer without a way, are errors', async () => {
        await writeFile(path.join(folder, 'secret'), 'x');
        const shared = sharedCode();
        const sending = sendFile({ ...options, path: path.join(folder, 'secret'), onStatus: shared.onStatus });
        await Promise.all([rejects(sending, 'peer-error'), rejects(receiveText({ ...options, code: () => shared.code }), 'offer-refused')]);
        assert.deepEqual(await results(1), ['errory']);
    });

    it('a server that says it is closed is believed', async () => {
        const own = path.join(folder, 'closed');
        await mkdir(own);
        const closed = await startMailboxServer(own, ['--signal-error=closed for repair']);
        await assert.rejects(sendText({ ...options, mailboxUrl: closed.url, text: 'x' }), (error: unknown) => error instanceof WormholeError && error.reason === 'mailbox-refused' && error.detail === 'closed for repair');
        await closed.end();
    });

    it('a server that is restarted in the middle is found again', async () => {
        const shared = sharedCode();
        const sending = sendText({ ...options, text: 'still here', onStatus: shared.onStatus });
        const code = await shared.code;
        await mailbox.restart();
        assert.equal(await receiveText({ ...options, code }), 'still here');
        await sending;
    });
});
