/**
 * The main job, clicked through in two real windows on two computers: enable Tor, pair, and send each other files. With the
 * git-annex of this system, with a newer one (of Debian's backports), and with one of each.
 */
import assert from 'node:assert/strict';
import { prepareNewerAnnex } from '../rig/system/newerAnnex';
import { screenshotFolder, Stage } from './steps/stage';
import { walk } from './steps/walk';

type Which = 'own' | 'newer';

const pairs: readonly { readonly title: string; readonly alice: Which; readonly bob: Which }[] = [
    { title: 'both with this system\'s git-annex', alice: 'own', bob: 'own' },
    { title: 'both with a newer git-annex', alice: 'newer', bob: 'newer' },
    // For the soak run.
    ...(process.env['ANNEX_PEERS_MAIN_JOB'] === 'all' ? [{ title: 'alice with this system\'s git-annex, bob with a newer one', alice: 'own', bob: 'newer' } as const] : []),
];

for (const { title, alice, bob } of pairs) {
    describe(`two people with two VS Codes, ${title}`, function () {
        this.timeout(400_000);
        let stage: Stage | undefined;
        const which = (name: string): Which => name === 'alice' ? alice : bob;

        before(async function () {
            const newer = alice === 'newer' || bob === 'newer' ? await prepareNewerAnnex(line => console.log(`      ${line}`)) : undefined;
            if (newer?.kind === 'none') {
                console.log(`      Not run. ${newer.why}`);
                this.skip();
            }
            stage = await Stage.set({
                people: ['alice', 'bob'],
                files: name => ({ [`${name}-readme.txt`]: `Files of ${name}.\n` }),
                ...(newer === undefined ? {} : { gitAnnex: name => which(name) === 'newer' ? newer.bin : undefined }),
            });
            await stage.open();
            for (const name of ['alice', 'bob']) {
                const version = (await stage.rig.computer(name).execOrThrow(['git-annex', 'version', '--raw'])).trim();
                console.log(`      ${name} has git-annex ${version}`);
                assert.equal(version === newer?.version, which(name) === 'newer');
            }
        });

        afterEach(async function () {
            if (this.currentTest?.state === 'failed') {
                await stage?.pictures('failure');
            }
        });

        after(async () => {
            await stage?.strike();
        });

        it('enable Tor, pair, and send each other files', async () => {
            assert.ok(stage !== undefined);
            await walk(stage.person('alice'), stage.person('bob'), {
                async step(name, action) {
                    const start = performance.now();
                    await action();
                    console.log(`      ${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
                },
                async picture(person, name) {
                    await person.window.screenshot(screenshotFolder, `${person.name}-${name}`);
                },
            });
        });
    });
}
