/**
 * Mocha's own spec reporter, which also writes the run's figures to the file that ANNEX_PEERS_RESULTS names:
 * {"passed": …, "failed": …, "skipped": …, "durationMs": …, "failures": [{"title": …, "message": …}]}
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const Mocha = require('mocha');

module.exports = class extends Mocha.reporters.Spec {
    constructor(runner, options) {
        super(runner, options);
        const failures = [];
        // A hook that fails counts as a failure as well.
        runner.on('fail', (test, error) => failures.push({ title: test.fullTitle(), message: error?.stack ?? String(error) }));
        runner.once('end', () => {
            const file = process.env.ANNEX_PEERS_RESULTS;
            if (file) {
                const { passes, pending, duration } = this.stats;
                fs.mkdirSync(path.dirname(file), { recursive: true });
                fs.writeFileSync(file, JSON.stringify({ passed: passes, failed: failures.length, skipped: pending, durationMs: duration ?? 0, failures }));
            }
        });
    }
};
