/** Disable Tor and the defences against floods: the step as root on real files, and what goes in the repository. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { credsFolder } from '../../../src/core/annex/creds';
import { silentLog } from '../../../src/core/log';
import { run } from '../../../src/core/process/run';
import { planDefences } from '../../../src/core/security/findings';
import { torrcOutcome, type TorrcStep } from '../../../src/core/tor/changeTorrc';
import { findTor } from '../../../src/core/tor/detect';
import { forgetService, planDisableTor, waitUntilGone } from '../../../src/core/tor/disableTor';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';

const environment = { uid: 0, hasDesktop: false, find: (name: string): Promise<string | undefined> => Promise.resolve(`/bin/${name}`) };
const uid = 1000;
const onion = (letter: string): string => `${letter.repeat(56)}.onion`;

describe('Disable Tor', () => {
    interface World {
        readonly repository: Awaited<ReturnType<typeof createAnnexRepository>>;
        readonly torrc: string;
        readonly before: string;
        readonly service: string;
        readonly socket: string;
        readonly reload: { readonly file: string; readonly args: readonly string[] };
    }

    async function world(folder: string): Promise<World> {
        const repository = await createAnnexRepository(folder, silentLog);
        const service = path.join(folder, 'tor', `tor-annex_${uid}_${repository.uuid}`);
        const socket = path.join(folder, 'tor-annex', `${uid}_${repository.uuid}`);
        await mkdir(service, { recursive: true });
        await mkdir(socket, { recursive: true });
        await writeFile(path.join(service, 'hs_ed25519_secret_key'), 'key');
        await writeFile(path.join(socket, 's'), '');
        const before = 'SocksPort 9050\n# caf\xe9\nHiddenServiceDir /web\nHiddenServicePort 80\n';
        const torrc = path.join(folder, 'torrc');
        await writeFile(torrc, `${before}\nHiddenServiceDir ${service}\nHiddenServicePort 4711 unix:${socket}/s\n`, 'latin1');
        await chmod(torrc, 0o640);
        const creds = credsFolder(repository.gitDir);
        await mkdir(creds, { recursive: true });
        await writeFile(path.join(creds, 'p2paddrs'), `tor-annex::${onion('n')}:4711\np2p-annex::net:x\n`, { mode: 0o600 });
        await writeFile(path.join(creds, 'p2pauth'), `${'a'.repeat(128)}\n${'b'.repeat(128)} p2p-annex::net:x\n`, { mode: 0o600 });
        await writeFile(path.join(creds, onion('b')), 'c'.repeat(128), { mode: 0o600 });
        // What Tor sees when it is told to read its configuration.
        const tor = path.join(folder, 'tor.sh');
        await writeFile(tor, `#!/bin/sh\ncp '${torrc}' '${folder}/read'\nexit "$1"\n`, { mode: 0o700 });
        return { repository, torrc, before, service, socket, reload: { file: tor, args: ['0'] } };
    }

    const latin1 = (file: string): Promise<string> => readFile(file, 'latin1');
    const read = async (file: string): Promise<{ readonly path: string; readonly text: string }> => ({ path: file, text: await latin1(file) });
    const exists = (file: string): Promise<boolean> => stat(file).then(() => true, () => false);
    const step = async ({ commands }: TorrcStep, cwd: string): Promise<number | null> => {
        const [command] = commands;
        assert.ok(command !== undefined);
        return (await run({ file: command.file, args: command.args, cwd }, { log: silentLog, timeLimitMs: 20_000 })).code;
    };

    it('takes away the stanza and the two folders, and leaves everything else as it was', async () => {
        await withTemporaryFolder(async folder => {
            const { repository, torrc, before, service, socket, reload } = await world(folder);
            const plan = await planDisableTor(repository, { environment, reload, uid, torrc: await read(torrc) });
            assert.ok(typeof plan === 'object');
            assert.deepEqual(plan.folders, [service, socket]);
            assert.deepEqual(plan.foreign, []);
            assert.deepEqual(plan.lines, [`HiddenServiceDir ${service}`, `HiddenServicePort 4711 unix:${socket}/s`]);
            assert.equal(plan.creds.count, 1);
            assert.deepEqual(plan.address, { onion: onion('n'), port: 4711 });
            // The plan alone changes nothing.
            assert.ok((await latin1(torrc)).includes('tor-annex_'));
            assert.equal(torrcOutcome((await step(plan, folder)) ?? undefined), 'done');
            assert.equal(await latin1(torrc), before);
            assert.equal((await stat(torrc)).mode & 0o777, 0o640);
            // Tor read what it was to read.
            assert.equal(await latin1(path.join(folder, 'read')), before);
            assert.ok(!(await exists(service)) && !(await exists(socket)) && !(await exists(path.dirname(socket))));
            assert.ok(await exists(path.dirname(service)));
            assert.deepEqual((await readdir(folder)).filter(name => name.startsWith('torrc')), ['torrc']);
            const [, , files] = [plan.commands, plan.folders, path.dirname(plan.commands[0]?.args.find(arg => arg.endsWith('/before')) ?? '')];
            assert.ok(await exists(files));
            await plan.dispose();
            assert.ok(!(await exists(files)));

            assert.equal(await forgetService(repository), 1);
            const creds = credsFolder(repository.gitDir);
            assert.equal(await latin1(path.join(creds, 'p2paddrs')), 'p2p-annex::net:x\n');
            assert.equal(await latin1(path.join(creds, 'p2pauth')), `${'b'.repeat(128)} p2p-annex::net:x\n`);
            assert.ok(await exists(path.join(creds, onion('b'))), 'this side can still connect');
        });
    });

    it('does nothing where the configuration was changed since it was shown, and says so', async () => {
        await withTemporaryFolder(async folder => {
            const { repository, torrc, service, reload } = await world(folder);
            const plan = await planDisableTor(repository, { environment, reload, uid, torrc: await read(torrc) });
            assert.ok(typeof plan === 'object');
            const text = `${await latin1(torrc)}# late\n`;
            await writeFile(torrc, text, 'latin1');
            assert.equal(torrcOutcome((await step(plan, folder)) ?? undefined), 'changed-meanwhile');
            assert.equal(await latin1(torrc), text);
            assert.ok(await exists(service));
            await plan.dispose();
        });
    });

    it('goes through while Tor is stopped, keeps a link a link, and other folders', async () => {
        await withTemporaryFolder(async folder => {
            const { repository, torrc, before, service, socket, reload } = await world(folder);
            const link = path.join(folder, 'link');
            await symlink(torrc, link);
            await mkdir(path.join(path.dirname(socket), 'another'));
            const plan = await planDisableTor(repository, { environment, reload: { ...reload, args: ['7'] }, uid, torrc: await read(link) });
            assert.ok(typeof plan === 'object');
            assert.equal(torrcOutcome((await step(plan, folder)) ?? undefined), 'not-reloaded');
            assert.equal(await latin1(torrc), before);
            assert.equal(await latin1(link), before);
            assert.ok(!(await exists(service)) && (await exists(path.join(path.dirname(socket), 'another'))));
            await plan.dispose();
        });
    });

    it("removes no folder that git-annex didn't make, and knows where there is nothing to do", async () => {
        await withTemporaryFolder(async folder => {
            const { repository, torrc, reload } = await world(folder);
            const text = `HiddenServiceDir /etc/x/../tor-annex_${uid}_${repository.uuid}\nHiddenServicePort 5 unix:/etc/s\n`;
            const plan = await planDisableTor(repository, { environment, reload, uid, torrc: { path: torrc, text } });
            assert.ok(typeof plan === 'object');
            assert.deepEqual(plan.folders, []);
            assert.deepEqual(plan.foreign, [`/etc/x/../tor-annex_${uid}_${repository.uuid}`, '/etc']);
            assert.ok(plan.commands[0]?.args.includes(''), 'no folder is given to be removed');
            await plan.dispose();
            assert.equal(await planDisableTor(repository, { environment, reload, uid, torrc: { path: torrc, text: 'SocksPort 1\n' } }), 'no-service');
            assert.equal(await planDisableTor(repository, { environment, reload, uid, torrc: { path: torrc, text: `${text}HiddenServiceMaxStreams \\\n5\n` } }), 'by-hand');
        });
    });

    it('says that an address is gone where nobody answers for it', async () => {
        const answer = await waitUntilGone({ onion: onion('n'), port: 1 }, { timeLimitMs: 3000, endpoint: { host: '127.0.0.1', port: 1 } });
        assert.equal(answer, 'tor-down');
    });

    it('is the way back from the defences, which this Tor takes', async function () {
        if ((await findTor()) === undefined) {
            this.skip();
        }
        await withTemporaryFolder(async folder => {
            const { repository, torrc, before, reload } = await world(folder);
            const enabled = await latin1(torrc);
            const plan = await planDefences(repository, { environment, reload, uid, torrc: await read(torrc) });
            assert.ok(plan !== undefined);
            assert.ok(plan.lines.includes('HiddenServiceMaxStreams 32'));
            assert.equal(torrcOutcome((await step(plan, folder)) ?? undefined), 'done');
            assert.equal(await latin1(torrc), `${enabled}${plan.lines.join('\n')}\n`);
            await plan.dispose();
            assert.equal(await planDefences(repository, { environment, reload, uid, torrc: await read(torrc) }), undefined, 'nothing is left to add');
            const back = await planDisableTor(repository, { environment, reload, uid, torrc: await read(torrc) });
            assert.ok(typeof back === 'object');
            assert.equal(await step(back, folder), 0);
            assert.equal(await latin1(torrc), before);
            await back.dispose();
        });
    });
});
