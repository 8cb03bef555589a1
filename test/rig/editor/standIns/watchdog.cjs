/**
 * Stands in for the editor's native watchdog, which npm has no prebuilt binary of. It ends an extension host that spins
 * when its server is gone; here serverGuard.cjs ends the whole process group then.
 */
'use strict';
exports.start = () => {};
exports.exit = code => process.exit(code);
