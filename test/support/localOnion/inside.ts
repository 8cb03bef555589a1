/**
 * Runs inside the namespaces of a {@link LocalOnion}: shows git-annex the torrc and a SOCKS port that it insists on.
 *
 * Arguments: the torrc to show at /etc/tor/torrc, and the Unix socket to which 127.0.0.1:9050 leads. Says `ready`, and ends when its input
 * closes, so that it can't outlive the test.
 */
import { execFile } from 'node:child_process';
import net from 'node:net';
import { promisify } from 'node:util';

const execute = promisify(execFile);

async function main(): Promise<void> {
    const [torrc = '', socks = ''] = process.argv.slice(2);
    await execute('mount', ['--bind', torrc, '/etc/tor/torrc']);
    await execute('ip', ['link', 'set', 'lo', 'up']);
    const server = net.createServer({ allowHalfOpen: true }, client => {
        const outside = net.connect({ path: socks, allowHalfOpen: true });
        client.on('error', () => outside.destroy()).on('close', () => outside.destroy());
        outside.on('error', () => client.destroy()).on('close', () => client.destroy());
        client.pipe(outside);
        outside.pipe(client);
    });
    server.listen(9050, '127.0.0.1', () => process.stdout.write('ready\n'));
    process.stdin.on('end', () => process.exit(0)).resume();
}

main().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
});
