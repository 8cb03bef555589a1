/** The main job, clicked through in two real windows on two computers: enable Tor, pair, and send each other files. */
import { screenshotFolder, Stage } from './steps/stage';
import { walk } from './steps/walk';

describe('two people with two VS Codes', function () {
    this.timeout(400_000);
    let stage: Stage;

    before(async () => {
        stage = await Stage.set({ people: ['alice', 'bob'], files: name => ({ [`${name}-readme.txt`]: `Files of ${name}.\n` }) });
        await stage.open();
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await stage.pictures('failure');
        }
    });

    after(async () => {
        await stage.strike();
    });

    it('enable Tor, pair, and send each other files', async () => {
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
