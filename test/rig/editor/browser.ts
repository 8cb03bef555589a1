/** A headless Chromium that reaches nothing but the loopback. */
import { chromium, type Browser } from 'playwright-core';
import { findProgram } from '../../../src/core/process/findProgram';

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const flags = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-dev-shm-usage',
    // A page that isn't in front would have its timers slowed down.
    '--disable-background-timer-throttling',
    '--disable-renderer-backgrounding',
    '--disable-backgrounding-occluded-windows',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/**
 * Starts Chromium: the one that CHROMIUM names, or the first on the PATH. It ends with this process.
 * `headed` shows its window (needs a display).
 */
export async function launchBrowser(headed = false): Promise<Browser> {
    const executablePath = await findChromium();
    if (executablePath === undefined) {
        throw new Error(`No Chromium found (${programs.join(', ')}); name one with CHROMIUM=/path/to/chromium`);
    }
    // Signals are the caller's: it has more than a browser to end.
    return chromium.launch({ executablePath, headless: !headed, args: flags, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false });
}

export async function findChromium(): Promise<string | undefined> {
    const named = process.env['CHROMIUM'];
    if (named !== undefined && named !== '') {
        return named;
    }
    for (const program of programs) {
        const found = await findProgram(program);
        if (found !== undefined) {
            return found;
        }
    }
    return undefined;
}
