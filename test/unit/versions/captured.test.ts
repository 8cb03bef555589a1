/**
 * Everything that is read of git-annex, as each of its versions really printed it (see test/support/captureAnnex.ts): all
 * are understood, and to the same effect.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { parseActionLine, parseFoundLine } from '../../../src/core/annex/json';
import { isSupported, minimumVersionDate, parseVersion, usedFeatures } from '../../../src/core/annex/version';
import { parseDaemonLine } from '../../../src/core/daemon/protocol';
import { PairingOutput } from '../../../src/core/pairing/output';
import { failure } from '../../../src/core/peers/access/link';
import { parseHandMadeAddress } from '../../../src/core/peers/access/handMadeAddress';
import { reasonOf } from '../../../src/core/sync/failures';
import { projectRoot } from '../../rig/paths';

const run = v.object({ code: v.nullable(v.number()), stdout: v.string(), stderr: v.string() });
const capturedSchema = v.record(v.string(), v.union([run, v.array(v.string())]));

const folder = path.join(projectRoot(), 'test/unit/versions/captured');
const versions = readdirSync(folder).map(name => ({ name: path.basename(name, '.json'), captured: v.parse(capturedSchema, JSON.parse(readFileSync(path.join(folder, name), 'utf8'))) }));
const [oldest] = versions;

describe('versions of git-annex', () => {
    it('are the one of Debian 12 and the one of its backports', () => {
        assert.deepEqual(versions.map(({ name }) => name), ['10.20230126', '10.20250416']);
    });

    it('have what is used from the oldest supported one on', () => {
        for (const [feature, since] of Object.entries(usedFeatures)) {
            assert.ok(since <= minimumVersionDate, feature);
        }
    });

    for (const { name, captured } of versions) {
        const output = (what: string): v.InferOutput<typeof run> => v.parse(run, captured[what]);
        const pieces = (what: string): readonly string[] => v.parse(v.array(v.string()), captured[what]);
        const actions = (what: string) => output(what).stdout.split('\n').flatMap(line => parseActionLine(line) ?? (line.trim() === '' ? [] : assert.fail(`${what}: ${line}`)));
        const results = (what: string) => actions(what).flatMap(action => action.kind === 'result' ? [action] : []);

        describe(name, () => {
            it('tells its version', () => {
                const version = parseVersion(output('version').stdout);
                assert.equal(version?.text, name);
                assert.ok(isSupported(version));
            });

            it('adds, gets, copies and drops with progress and results', () => {
                assert.deepEqual(results('add').map(({ file, success }) => [file, success]), [['one.txt', true], ['-dash\nline', true]]);
                // In a list git-annex passes over a name with a line break; the extension hands over none (see batchOrAll).
                assert.deepEqual(results('get').map(({ file, success }) => [file, success]), [['-dash\nline', true], ['one.txt', true]]);
                assert.deepEqual(results('copy').map(({ file, success }) => [file, success]), [['two.txt', true]]);
                assert.deepEqual(results('drop').map(({ file, success }) => [file, success]), [['two.txt', true]]);
                for (const what of ['get', 'copy']) {
                    const progress = actions(what).flatMap(action => action.kind === 'progress' ? [action] : []);
                    assert.ok(progress.length > 1 && progress.every(({ done, total }) => total !== undefined && done <= total), what);
                }
            });

            it('tells why it could not', () => {
                const reasons = (what: string): readonly string[] => results(what).map(({ success, errors, note }) => success ? 'worked' : reasonOf([...errors, note].join('\n')));
                assert.deepEqual(reasons('get, peer unreachable'), ['unreachable']);
                assert.deepEqual(reasons('copy, peer unreachable'), ['unreachable']);
                assert.deepEqual(reasons('drop, too few copies'), ['too-few-copies']);
                // Up to 10.20230126 on standard error alone, later as a result, too.
                assert.match(`${output('add, nothing there').stdout}${output('add, nothing there').stderr}`, /absent not found/u);
                assert.deepEqual(results('add, nothing there').filter(({ success }) => success), []);
            });

            it('finds', () => {
                const found = output('find').stdout.split('\n').filter(line => line !== '').map(line => parseFoundLine(line));
                assert.deepEqual(found.map(file => [file?.file, file?.size, file?.objectFolders.length]), [['-dash\nline', 10, 2], ['one.txt', 200_000, 2]]);
            });

            it('makes addresses, and tells why it can\'t link to one', () => {
                assert.equal(parseHandMadeAddress(output('p2p --gen-addresses').stdout.trim()).address.port, 1025);
                assert.equal(failure(output('p2p --link, peer not served').stderr), 'daemon-down');
                assert.equal(failure(output('p2p --link, refused').stderr), 'refused');
                assert.equal(output('p2p --link').code, 0);
            });

            it('tells of its peers', () => {
                const kinds = pieces('remotedaemon').map(line => parseDaemonLine(line).kind);
                assert.equal(kinds[0], 'connected');
                assert.ok(kinds.includes('syncing') && kinds.includes('done-syncing') && kinds.includes('disconnected') && !kinds.includes('unknown'), kinds.join());
                assert.ok(kinds.lastIndexOf('connected') > kinds.indexOf('disconnected'), 'and is connected again');
            });

            it('pairs', () => {
                const events = (what: string): readonly string[] => {
                    const reader = new PairingOutput();
                    return pieces(what).flatMap(piece => piece.startsWith('out ') ? reader.push(piece.slice(4)) : reader.pushError(piece.slice(4))).map(event => 'why' in event ? `${event.type}:${event.why}` : event.type);
                };
                const once = (list: readonly string[]): readonly string[] => list.filter((event, index) => event !== 'unknown' && event !== list[index - 1]);
                assert.deepEqual(once(events('p2p --pair')).filter(event => event !== 'retrying'), ['started', 'code', 'prompt', 'refused:own-code', 'prompt', 'refused:form', 'prompt', 'exchanging', 'exchanged', 'ok']);
                assert.deepEqual(once(events('p2p --pair, send fails')).filter(event => event !== 'failed'), ['started', 'code', 'prompt', 'exchanging', 'failure:sending']);
                assert.deepEqual(once(events('p2p --pair, receive fails')).filter(event => event !== 'failed'), ['started', 'code', 'prompt', 'exchanging', 'failure:receiving']);
                for (const [what, why] of [['p2p --pair, no wormhole', 'no-wormhole'], ['p2p --pair, no address', 'no-address']] as const) {
                    assert.deepEqual(new PairingOutput().pushError(output(what).stderr), [{ type: 'failure', why }]);
                }
            });

            it('ends with the same codes as the oldest one', () => {
                const codes = (all: v.InferOutput<typeof capturedSchema>): readonly (readonly [string, number | null])[] => Object.entries(all).flatMap(([what, value]) => 'code' in value ? [[what, value.code] as const] : []);
                assert.deepEqual(codes(captured), codes(oldest?.captured ?? {}));
            });
        });
    }
});
