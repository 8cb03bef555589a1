/** The way from the browser to an editor's socket: bytes go through both ways, and closing one end closes the other. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { forwardToSocket, isListening, type Forwarder } from '../../rig/editor/forwarder';

describe('forwarder', () => {
    let folder: string;
    let socketPath: string;
    let server: net.Server;
    let forwarder: Forwarder;

    beforeEach(async () => {
        folder = await mkdtemp(path.join(os.tmpdir(), 'forwarder-'));
        socketPath = path.join(folder, 'sock');
        server = net.createServer({ allowHalfOpen: true }, socket => {
            // Answers once all has come.
            const received: Buffer[] = [];
            socket.on('error', () => undefined).on('data', (chunk: Buffer) => received.push(chunk)).on('end', () => socket.end(`got ${Buffer.concat(received).toString()}`));
        });
        server.listen(socketPath);
        await once(server, 'listening');
        forwarder = await forwardToSocket(socketPath);
    });

    afterEach(async () => {
        await forwarder.close();
        server.close();
        await rm(folder, { recursive: true, force: true });
    });

    it('carries both directions, also after one has ended', async () => {
        const client = net.connect({ port: forwarder.port, host: '127.0.0.1', allowHalfOpen: true });
        client.end('abc');
        assert.equal(await text(client), 'got abc');
    });

    it('closes a connection whose other end is not there', async () => {
        server.close();
        await rm(socketPath, { force: true });
        const client = net.connect({ port: forwarder.port, host: '127.0.0.1' });
        await once(client, 'close');
    });

    it('says whether something listens', async () => {
        assert.equal(await isListening(socketPath), true);
        assert.equal(await isListening(path.join(folder, 'nothing')), false);
    });
});
