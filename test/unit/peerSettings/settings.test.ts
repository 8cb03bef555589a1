/** What is set for a peer is what git-annex's own commands set, here and at the other end once synced. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { silentLog } from '../../../src/core/log';
import {
    directionOf, directions, directionSettings, groupName, parseCost, plainDescription, plainExpression, readPeerSettings, setCost, setDescription, setDirection, setGroups, setRequired, setTrust, setWanted,
    standardExpressions, type PeerRef,
} from '../../../src/core/peers/settings';
import { runOrThrow } from '../../../src/core/process/run';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';

interface Pair {
    readonly here: RepositoryContext;
    readonly there: RepositoryContext;
    readonly peer: PeerRef;
}

async function git(context: RepositoryContext, ...args: readonly string[]): Promise<string> {
    return (await runOrThrow({ file: context.programs.git, args, cwd: context.root, env: { EDITOR: 'cat' } }, { log: silentLog, timeLimitMs: 60_000 })).stdout;
}

async function pairIn(folder: string): Promise<Pair> {
    await mkdir(folder);
    const here = await createAnnexRepository(folder, silentLog, 'here');
    await writeFile(path.join(here.root, 'a'), 'a');
    await git(here, 'add', 'a');
    await git(here, 'commit', '-qm', 'a');
    await git(here, 'clone', '-q', '-o', 'alice', here.root, path.join(folder, 'there'));
    const root = path.join(folder, 'there');
    const clone = { ...here, root, gitDir: path.join(root, '.git') };
    for (const args of [['config', 'user.name', 'Test'], ['config', 'user.email', 'test@example.invalid'], ['annex', 'init', 'there']]) {
        await git(clone, ...args);
    }
    const there = { ...clone, uuid: (await git(clone, 'config', 'annex.uuid')).trim() };
    await git(here, 'remote', 'add', 'bob', there.root);
    await git(there, 'annex', 'sync', 'alice');
    await git(here, 'annex', 'sync', 'bob');
    return { here, there, peer: { name: 'bob', uuid: there.uuid } };
}

/** Everything that is recorded in the git-annex branch, at both ends, with the uuids made alike. */
async function recorded({ here, there }: Pair): Promise<readonly string[]> {
    await git(here, 'annex', 'sync', 'bob');
    await git(there, 'annex', 'sync', 'alice');
    const alike = (text: string): string => text.replaceAll(here.uuid, 'HERE').replaceAll(there.uuid, 'THERE');
    return Promise.all(
        [here, there].map(async context => {
            const shown = alike(await git(context, 'annex', 'vicfg')).split('\n').filter(line => !line.startsWith('#') && line !== '').sort();
            const names = alike(await git(context, 'show', 'git-annex:uuid.log')).replace(/timestamp=\S+/gu, '').split('\n').sort();
            return [...shown, ...names].join('\n');
        }),
    );
}

describe('settings of a peer', () => {
    it('equal what git-annex’s own commands set, at both ends', async function () {
        this.timeout(120_000);
        await withTemporaryFolder(async folder => {
            const [ours, theirs] = await Promise.all([pairIn(path.join(folder, 'ours')), pairIn(path.join(folder, 'theirs'))]);
            const annex = (...args: readonly string[]): Promise<string> => git(theirs.here, 'annex', ...args);
            const { uuid } = theirs.peer;
            const steps: readonly (readonly [string, () => Promise<void>, () => Promise<unknown>])[] = [
                ['description', () => setDescription(ours.here, ours.peer, "-Bob's \"old\" laptop; $(x)"), () => annex('describe', '--', uuid, "-Bob's \"old\" laptop; $(x)")],
                ['trusted', () => setTrust(ours.here, ours.peer, 'trusted'), () => annex('trust', '--force', uuid)],
                ['untrusted', () => setTrust(ours.here, ours.peer, 'untrusted'), () => annex('untrust', uuid)],
                ['groups', () => setGroups(ours.here, ours.peer, ['backup', 'friends']), () => annex('group', uuid, 'backup').then(() => annex('group', uuid, 'friends'))],
                ['groups again', () => setGroups(ours.here, ours.peer, ['client', 'friends']), () => annex('ungroup', uuid, 'backup').then(() => annex('group', uuid, 'client'))],
                ['wanted', () => setWanted(ours.here, ours.peer, 'standard or include=*.jpg'), () => annex('wanted', uuid, 'standard or include=*.jpg')],
                ['required', () => setRequired(ours.here, ours.peer, 'include=important/*'), () => annex('required', uuid, 'include=important/*')],
                ['nothing wanted', () => setWanted(ours.here, ours.peer, ''), () => annex('wanted', uuid, '')],
                ['nothing required', () => setRequired(ours.here, ours.peer, ''), () => annex('required', uuid, '')],
                ['dead', () => setTrust(ours.here, ours.peer, 'dead'), () => annex('dead', uuid)],
                ['semitrusted', () => setTrust(ours.here, ours.peer, 'semitrusted'), () => annex('semitrust', uuid)],
            ];
            // Each step has the same result at this end, whatever came before; at the other end they are compared where it counts.
            const compared = new Set(['groups again', 'required', 'dead', 'semitrusted']);
            for (const [what, our, their] of steps) {
                await Promise.all([our(), their()]);
                if (compared.has(what)) {
                    const [one, other] = await Promise.all([recorded(ours), recorded(theirs)]);
                    assert.deepEqual(one, other, what);
                    assert.equal(one[0], one[1], what);
                }
            }
        });
    });

    it('are read as they are', async function () {
        this.timeout(60_000);
        await withTemporaryFolder(async folder => {
            const { here, peer } = await pairIn(path.join(folder, 'pair'));
            const none = { description: 'there', trust: 'semitrusted', groups: [], wanted: '', required: '', cost: undefined, effectiveCost: 100, direction: 'both' };
            assert.deepEqual(await readPeerSettings(here, peer), none);
            await setDescription(here, peer, 'one\ntwo');
            await setTrust(here, peer, 'untrusted');
            await setGroups(here, peer, ['backup', 'x']);
            await setWanted(here, peer, 'standard');
            await setRequired(here, peer, 'include=*.jpg\nor present');
            await setCost(here, peer, 250.5);
            assert.deepEqual(await readPeerSettings(here, peer), { description: 'one two', trust: 'untrusted', groups: ['backup', 'x'], wanted: 'standard', required: 'include=*.jpg or present', cost: 250.5, effectiveCost: 250.5, direction: 'both' });
        });
    });

    it('for one direction are those that git-annex obeys, and are taken back whole', async function () {
        this.timeout(60_000);
        await withTemporaryFolder(async folder => {
            const pair = await pairIn(path.join(folder, 'pair'));
            const { here, there, peer } = pair;
            const config = async (): Promise<string> => (await git(here, 'config', '--local', '--list')).split('\n').filter(line => /annex-(?:pull|push|readonly|cost)/u.test(line)).join(' ');
            for (const direction of directions) {
                await setDirection(here, peer, direction);
                assert.equal((await readPeerSettings(here, peer)).direction, direction);
            }
            await setDirection(here, peer, 'pull-only');
            await setCost(here, peer, 42);
            assert.equal(await config(), 'remote.bob.annex-readonly=true remote.bob.annex-cost=42');
            // git-annex sends nothing there now, neither commits nor content; at the other end nothing changes.
            const before = await git(there, 'for-each-ref');
            await writeFile(path.join(here.root, 'b'), 'b');
            await git(here, 'annex', 'add', 'b');
            await git(here, 'annex', 'sync', '--content', 'bob');
            assert.equal(await git(there, 'for-each-ref'), before);
            assert.equal((await git(here, 'annex', 'find', '--in', 'bob', 'b')).trim(), '');
            await setDirection(here, peer, 'both');
            await setCost(here, peer, undefined);
            assert.equal(await config(), '');
            await git(here, 'annex', 'sync', '--content', 'bob');
            assert.notEqual(await git(there, 'for-each-ref'), before);
            assert.equal((await git(here, 'annex', 'find', '--in', 'bob', 'b')).trim(), 'b');
        });
    });

    it('say why they are refused, and change nothing then', async () => {
        await withTemporaryFolder(async folder => {
            const context = await createAnnexRepository(folder, silentLog);
            const self: PeerRef = { name: 'x', uuid: context.uuid };
            await assert.rejects(setWanted(context, self, 'bogus ('), { reason: 'bad-expression' });
            await assert.rejects(setRequired(context, self, '--force'), { reason: 'bad-expression' });
            await assert.rejects(setDescription(context, self, ' \n '), { reason: 'bad-value' });
            await assert.rejects(setGroups(context, self, ['two words']), { reason: 'bad-value' });
            await assert.rejects(setCost(context, self, Number.NaN), { reason: 'bad-value' });
            await assert.rejects(setTrust(context, { name: 'x', uuid: 'nobody-of-that-name' }, 'trusted'), { reason: 'failed' });
            const { wanted, required, groups } = await readPeerSettings(context, self);
            assert.deepEqual([wanted, required, groups], ['', '', []]);
            for (const expression of standardExpressions) {
                await setWanted(context, self, expression);
                assert.equal((await readPeerSettings(context, self)).wanted, expression);
            }
        });
    }).timeout(60_000);

    it('take any text as one line without control characters', () => {
        fc.assert(
            fc.property(fc.string({ unit: 'binary' }), text => {
                for (const plain of [plainDescription(text), plainExpression(text)]) {
                    assert.doesNotMatch(plain, /[\p{Cc}\p{Zl}\p{Zp}]/u);
                }
                const group = groupName(text);
                assert.ok(group === undefined || !/\s/u.test(group));
                const cost = parseCost(text);
                assert.ok(cost === undefined || (cost >= 0 && cost < 1e7));
            }),
        );
        assert.deepEqual(['250', ' 1000.5 ', '-1', '1e9', ''].map(parseCost), [250, 1000.5, undefined, undefined, undefined]);
    });

    it('of a direction are read back as that direction', () => {
        for (const direction of directions) {
            const { 'annex-readonly': readonly, 'annex-pull': pull, 'annex-push': push } = directionSettings(direction);
            assert.equal(directionOf({ readonly: readonly === 'true', pull: pull !== 'false', push: push !== 'false' }), direction);
        }
        assert.equal(directionOf({ readonly: false, pull: false, push: false }), undefined);
    });
});
