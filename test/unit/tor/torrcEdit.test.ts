/** Tor's configuration with our service's lines changed: every other byte as it was. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { silentLog } from '../../../src/core/log';
import { runOrThrow } from '../../../src/core/process/run';
import { findStanza } from '../../../src/core/tor/torrc';
import { projectRoot } from '../../rig/paths';
import { addToService, removeService } from '../../../src/core/tor/torrcEdit';

const uid = 1000;
const uuid = '7a1f0bb6-6d0c-11ee-8c99-0242ac120002';
const ours = `HiddenServiceDir /var/lib/tor/tor-annex_${uid}_${uuid}\nHiddenServicePort 4711 unix:/var/lib/tor-annex/${uid}_${uuid}/s\n`;
const lines = ['HiddenServicePoWDefensesEnabled 1', 'HiddenServiceMaxStreams 32', 'HiddenServiceMaxStreamsCloseCircuit 1'];

/** As `git-annex enable-tor` appends it (Utility/Tor.hs: `unlines $ ls ++ ["", dir, port]`). */
const enabled = (text: string): string => `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}\n${ours}`;

const foreignLine = fc.oneof(
    fc.constantFrom('', '# a comment', 'SocksPort 9050', '\tLog notice file /var/log/tor/x', 'HiddenServiceNonAnonymousMode 0', '%include /etc/tor/torrc.d/*.conf', 'ExitPolicy reject \\', ' HiddenServiceDir is what this comment is about? no: indented'),
    fc.string({ unit: 'binary', maxLength: 12 }).map(text => `# ${Buffer.from(text).toString('latin1').replace(/[\n\r]/gu, ' ')}`),
).filter(line => !/^\s*hiddenservice(?!nonanonymous)/iu.test(line));
const foreignService = fc.tuple(fc.constantFrom('/var/lib/tor/web', `/var/lib/tor/tor-annex_${uid}_00000000-0000-0000-0000-000000000000`), fc.constantFrom('HiddenServicePort 80 127.0.0.1:80', 'hiddenserviceport 22', 'HiddenServicePort 5 unix:/x'), fc.subarray(['HiddenServiceMaxStreams 9', '# of this one', 'HiddenServiceVersion 3', '']))
    .map(([dir, port, more]) => [`HiddenServiceDir ${dir}`, port, ...more]);
const foreignText = fc.array(fc.oneof(foreignLine.map(line => [line]), foreignService), { maxLength: 6 }).map(parts => parts.flat().map(line => `${line}\n`).join(''));

describe("Tor's configuration", () => {
    it('is what it was before Enable Tor once the service is removed, byte for byte', () => {
        fc.assert(fc.property(foreignText, before => {
            assert.equal(removeService(enabled(before), uid, uuid)?.after, before);
        }));
    });

    it('loses this service alone, with all of its options, wherever it stands', () => {
        fc.assert(fc.property(foreignText, fc.array(foreignService, { maxLength: 3 }), fc.subarray(lines), (before, services, options) => {
            const after = services.flat().map(line => `${line}\n`).join('');
            const text = `${enabled(before)}${options.map(line => `${line}\n`).join('')}${after}`;
            const change = removeService(text, uid, uuid);
            assert.equal(change?.after, `${before}${after}`);
            assert.equal(change.before, text);
            assert.deepEqual(change.lines, [...ours.trimEnd().split('\n'), ...options]);
        }));
    });

    it('keeps what stands between the options and is none, and leaves no option to another service', () => {
        const text = `HiddenServiceDir /web\nHiddenServicePort 80\n\n${ours}# mine\nSocksPort 9050\nhiddenservicemaxstreams 5\nHiddenServiceSingleHopMode 0\n`;
        assert.equal(removeService(text, uid, uuid)?.after, 'HiddenServiceDir /web\nHiddenServicePort 80\n# mine\nSocksPort 9050\nHiddenServiceSingleHopMode 0\n');
        assert.equal(removeService('SocksPort 1\n', uid, uuid), undefined);
        // A line that goes on in the next one is not git-annex's.
        assert.equal(removeService(`${ours}HiddenServiceMaxStreams \\\n 5\n`, uid, uuid), undefined);
    });

    it('gets lines into this service, where git-annex still finds it, and loses them with it', () => {
        fc.assert(fc.property(foreignText, fc.array(foreignService, { maxLength: 2 }), (before, services) => {
            const after = services.flat().map(line => `${line}\n`).join('');
            const text = `${enabled(before)}${after}`;
            const change = addToService(text, uid, uuid, lines);
            assert.equal(change?.after, `${enabled(before)}${lines.map(line => `${line}\n`).join('')}${after}`);
            assert.deepEqual(findStanza(change.after, uid, uuid), findStanza(text, uid, uuid));
            assert.equal(removeService(change.after, uid, uuid)?.after, `${before}${after}`);
        }));
        assert.equal(addToService(ours.trimEnd(), uid, uuid, ['X 1'])?.after, `${ours}X 1\n`);
        assert.equal(addToService('HiddenServiceDir /web\nHiddenServicePort 80\n', uid, uuid, lines), undefined);
        assert.equal(addToService(ours.replace('\n', '\n# in between\n'), uid, uuid, lines), undefined);
    });

    it('is changed alike by the line for those who have uninstalled already', async () => {
        const document = await readFile(path.join(projectRoot(), 'docs', 'uninstall.md'), 'utf8');
        const program = /^ {4}awk -v service="\$service" '(.*)' \/etc\/tor\/torrc\.old \|/mu.exec(document)?.[1] ?? assert.fail('it is not there');
        const text = `SocksPort 9050\nHiddenServiceDir /web\nHiddenServicePort 80\n${ours}${lines.join('\n')}\n# between\nHiddenServiceDir /another\nHiddenServicePort 81\nHiddenServiceMaxStreams 9\n`;
        const { stdout } = await runOrThrow({ file: '/usr/bin/awk', args: ['-v', `service=${uid}_${uuid}`, program], cwd: '/' }, { log: silentLog, input: text, timeLimitMs: 10_000 });
        assert.equal(stdout, removeService(text, uid, uuid)?.after);
    });
});
