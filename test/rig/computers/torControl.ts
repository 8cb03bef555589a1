/** A few words with a tor's control port (tor control specification): over its socket, with its cookie. */
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import { RigError } from '../errors';

const answerLimitMs = 10_000;

/**
 * Sends `command` and gives back the lines of the answer without their status codes.
 * @throws {RigError} `command-failed` if tor refuses, `time-limit`; system errors if it isn't there
 */
export async function torControl(socketPath: string, cookiePath: string, command: string): Promise<string[]> {
    const cookie = (await readFile(cookiePath)).toString('hex');
    const socket = net.connect({ path: socketPath });
    socket.setTimeout(answerLimitMs, () => socket.destroy(new RigError('time-limit', 'tor\'s control port did not answer')));
    try {
        const lines: string[] = [];
        let rest = '';
        let finals = 0;
        socket.setEncoding('utf8');
        socket.write(`AUTHENTICATE ${cookie}\r\n${command}\r\nQUIT\r\n`);
        for await (const text of socket) {
            const received = (rest + String(text)).split('\r\n');
            rest = received.pop() ?? '';
            for (const line of received) {
                if (/^[45]\d\d[ -]/u.test(line)) {
                    throw new RigError('command-failed', `tor refused ${command.split(' ')[0] ?? ''}: ${line}`);
                }
                if (finals === 1) {
                    lines.push(line.replace(/^\d\d\d[ +-]/u, ''));
                }
                if (/^\d\d\d /u.test(line)) {
                    finals++;
                }
            }
        }
        return lines;
    } finally {
        socket.destroy();
    }
}

/** Per cent of the start that tor has done, from `GETINFO status/bootstrap-phase`. */
export function bootstrapProgress(answer: readonly string[]): number {
    return Number(/PROGRESS=(\d+)/u.exec(answer.join(' '))?.[1] ?? 0);
}
