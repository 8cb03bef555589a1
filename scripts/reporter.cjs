/**
 * Mocha's own spec reporter, which also writes the run's figures to the file that ANNEX_PEERS_RESULTS names:
 * {"passed": …, "failed": …, "skipped": …, "durationMs": …, "failures": [{"title": …, "message": …}]}
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const Mocha = require('mocha');

const leftOpenLimitMs = 10_000;
const toldFromSeconds = 5;

module.exports = class extends Mocha.reporters.Spec {
    constructor(runner, options) {
        super(runner, options);
        const failures = [];
        // A hook that fails counts as a failure as well.
        runner.on('fail', (test, error) => failures.push({ title: test.fullTitle(), message: error?.stack ?? String(error) }));
        // How long each suite took in whole: its hooks, which no test shows, are most of it.
        runner.on('suite', suite => (suite.startedAt = performance.now()));
        runner.on('suite end', suite => {
            const seconds = (performance.now() - suite.startedAt) / 1000;
            if (suite.parent?.root && seconds > toldFromSeconds) {
                console.log(`  [${seconds.toFixed(0)} s] ${suite.title}`);
            }
        });
        runner.once('end', () => {
            const file = process.env.ANNEX_PEERS_RESULTS;
            if (file) {
                const { passes, pending, duration } = this.stats;
                fs.mkdirSync(path.dirname(file), { recursive: true });
                const write = () => fs.writeFileSync(file, JSON.stringify({ passed: passes, failed: failures.length, skipped: pending, durationMs: duration ?? 0, failures }));
                write();
                if (!process.env.ANNEX_PEERS_SUITE) {
                    this.endOrSayWhy(failures, write);
                }
            }
        });
    }

    /** Tests that leave something open would keep this process alive for ever: that is a failure, and is said. */
    endOrSayWhy(failures, write) {
        setTimeout(() => {
            const left = process.getActiveResourcesInfo().filter(name => name !== 'Timeout' && name !== 'TTYWrap' && name !== 'PipeWrap');
            const message = `The tests have ended, but something of them still holds this process: ${left.join(', ') || 'a timer'}`;
            console.error(message);
            failures.push({ title: 'the end of the tests', message });
            write();
            process.exit(1);
        }, leftOpenLimitMs).unref();
    }
};
