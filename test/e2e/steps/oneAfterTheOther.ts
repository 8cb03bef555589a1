/**
 * For suites whose tests build on each other: after the first failure the rest of the suite is skipped. Mocha's own `bail` would skip the
 * tests of the other suites too.
 */
import type { Suite } from 'mocha';

export function oneAfterTheOther(suite: Suite): void {
    let hasFailed = false;
    suite.beforeEach('what it builds on', function () {
        if (hasFailed) {
            this.skip();
        }
    });
    suite.afterEach('what builds on it', function () {
        hasFailed ||= this.currentTest?.state === 'failed';
    });
}
