/**
 * Required by what runs as root: ends this process when the command that started it has ended or wants it to end.
 *
 * A user can't send a signal to root's process. What both have is the pipe that is this process's standard input: the command
 * keeps its other end and closes it, by itself when it is killed. Nothing is ever written to it.
 */
'use strict';
const fs = require('node:fs');

/** For taking down what was built; the rig's processes end with this one in any case. */
const graceMs = 30_000;

const input = fs.fstatSync(0);
if (input.isFIFO() || input.isSocket()) {
    process.stdin.once('close', () => {
        setTimeout(() => process.exit(1), graceMs).unref();
        process.kill(process.pid, 'SIGTERM');
    });
    // Its end closes it, and so does an error.
    process.stdin.on('error', () => undefined).resume().unref();
}
