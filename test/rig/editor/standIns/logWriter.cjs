/**
 * Stands in for the editor's native log writer (@vscode/spdlog), which npm has no prebuilt binary of: writes the same
 * lines to the same files, so that output channels and log files work without a compiler.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
    constructor(_type, _name, file) {
        fs.mkdirSync(path.dirname(file), { recursive: true });
        this.file = fs.openSync(file, 'a');
        this.level = 2;
        this.plain = false;
    }

    write(level, message) {
        if (level < this.level || this.file === undefined) {
            return;
        }
        const now = new Date();
        const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().replace('T', ' ').replace('Z', '');
        fs.writeSync(this.file, this.plain ? message : `${local} [${levels[level]}] ${message}\n`);
    }

    trace(message) { this.write(0, message); }
    debug(message) { this.write(1, message); }
    info(message) { this.write(2, message); }
    warn(message) { this.write(3, message); }
    error(message) { this.write(4, message); }
    critical(message) { this.write(5, message); }
    getLevel() { return this.level; }
    setLevel(level) { this.level = level; }
    setPattern() { this.plain = false; }
    clearFormatters() { this.plain = true; }
    flush() {}

    drop() {
        if (this.file !== undefined) {
            fs.closeSync(this.file);
            this.file = undefined;
        }
    }
}

const create = async (name, file) => new Logger('rotating', name, file);

// One by one, as the editor imports them by name from an ES module.
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
