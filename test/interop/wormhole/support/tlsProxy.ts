/**
 * TLS in front of a plain server, with a certificate of a certificate authority made for the test (by openssl).
 */
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { createServer } from 'node:tls';
import { silentLog } from '../../../../src/core/log';
import { runOrThrow } from '../../../../src/core/process/run';

export interface Authority {
    /** PEM. */
    readonly certificate: string;
    readonly file: string;
    /** A key and a certificate for a host name. */
    issue(host: string): Promise<{ readonly key: string; readonly cert: string }>;
}

const openssl = (folder: string, args: readonly string[]): Promise<unknown> => runOrThrow({ file: '/usr/bin/openssl', args, cwd: folder }, { log: silentLog, timeLimitMs: 20_000 });
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** @param folder an empty folder for its files */
export async function makeAuthority(folder: string, name = 'Test authority'): Promise<Authority> {
    await openssl(folder, ['req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', `/CN=${name}`]);
    const file = path.join(folder, 'ca.pem');
    return {
        certificate: await readFile(file, 'utf8'),
        file,
        issue: async host => {
            await openssl(folder, ['req', '-x509', ...newKey, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-keyout', `${host}.key`, '-out', `${host}.pem`, '-days', '2', '-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`, '-addext', 'basicConstraints=CA:FALSE']);
            return { key: await readFile(path.join(folder, `${host}.key`), 'utf8'), cert: await readFile(path.join(folder, `${host}.pem`), 'utf8') };
        },
    };
}

export interface TlsProxy {
    readonly port: number;
    /** Bytes of plain text that clients got through. */
    readonly received: () => number;
    end(): Promise<void>;
}

export async function startTlsProxy(identity: { readonly key: string; readonly cert: string }, targetPort: number): Promise<TlsProxy> {
    const sockets = new Set<Socket>();
    let received = 0;
    const server = createServer({ ...identity, ALPNProtocols: ['http/1.1'] }, client => {
        const upstream = connect(targetPort, '127.0.0.1');
        for (const socket of [client, upstream]) {
            sockets.add(socket);
            socket.on('error', () => undefined).on('close', () => {
                sockets.delete(socket);
                client.destroy();
                upstream.destroy();
            });
        }
        client.on('data', (data: Buffer) => (received += data.length));
        client.pipe(upstream);
        upstream.pipe(client);
    });
    server.on('tlsClientError', () => undefined);
    const port = await new Promise<number>(resolve => server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
    }));
    return {
        port,
        received: () => received,
        end: () => new Promise(resolve => {
            sockets.forEach(socket => socket.destroy());
            server.close(() => resolve());
        }),
    };
}
