/**
 * Runs a program (the editor's server) and ends its whole process group when this process's input closes: that is when
 * whoever started it goes away, however that happens. The editor by itself would live on for hours.
 *
 * node serverGuard.cjs <program> <arguments...>
 */
'use strict';
const { spawn } = require('node:child_process');

const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
let ending = false;

function end() {
    if (ending) {
        return;
    }
    ending = true;
    // Asked once to end, the server tells its extension hosts, which then run the extensions' deactivate().
    child.kill('SIGTERM');
    setTimeout(() => process.kill(0, 'SIGKILL'), 6000);
}

child.on('error', error => {
    console.error(error.message);
    process.exit(1);
});
child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGTERM' ? 0 : 1);
    if (!ending) {
        process.exit();
    }
    waitForGroup();
});

/** Ends once nothing else of the process group is left, so that an extension host has the time that it is promised. */
function waitForGroup() {
    const { readdirSync, readFileSync } = require('node:fs');
    const group = String(process.pid);
    const others = readdirSync('/proc').filter(name => /^\d+$/u.test(name) && name !== group).filter(name => {
        try {
            const fields = readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\) /su, '').split(' ');
            return fields[2] === group && fields[0] !== 'Z';
        } catch {
            return false;
        }
    });
    if (others.length === 0) {
        process.exit();
    }
    setTimeout(waitForGroup, 50);
}

process.stdin.on('end', end).on('error', end).resume();
process.on('SIGTERM', end).on('SIGINT', end);
