/**
 * The page "What this protects, and what it doesn't" in a real browser: no accessibility violation in any kind of theme, by keyboard too.
 * PROTECTION_SCREENSHOTS names a folder that gets its pictures.
 */
import '../page/vscodeStub';
import assert from 'node:assert/strict';
import path from 'node:path';
import { actionIds, parseHostMessage, parsePageMessage, sectionIds } from '../../../src/shared/protection/messages';
import { protectionContent } from '../../../src/ui/protection/content';
import { pageSuite } from '../page/pageSuite';
import { themeNames } from '../page/themes';

describe('the page of what is protected', function () {
    this.timeout(120_000);
    const { open } = pageSuite('protection');
    const pictures = process.env['PROTECTION_SCREENSHOTS'];
    const content = protectionContent();

    it('has words for every section, and says of each what does not hold', () => {
        assert.deepEqual(content.sections.map(({ id }) => id), sectionIds);
        for (const { id, points } of content.sections) {
            assert.ok(points.some(({ holds }) => !holds) && points.some(({ holds }) => holds), id);
        }
        assert.deepEqual([...new Set(content.sections.flatMap(({ actions }) => actions.map(({ id }) => id)))].sort(), [...actionIds].sort());
        assert.deepEqual(parseHostMessage({ type: 'content', content }), { type: 'content', content });
        assert.equal(parseHostMessage({ type: 'show', section: 'elsewhere' }), undefined);
        assert.equal(parsePageMessage({ type: 'act', action: 'disable-tor', root: '/' }), undefined);
    });

    for (const [theme, width] of [...themeNames.map(name => [name, undefined] as const), ['dark', 340] as const]) {
        it(`has no accessibility violation (${theme}${width === undefined ? '' : ', narrow'})`, async () => {
            const opened = await open(theme, undefined, width);
            await opened.post({ type: 'content', content });
            await opened.post({ type: 'show', section: 'tor' });
            await opened.page.locator('#tor:focus').waitFor();
            if (pictures !== undefined) {
                await opened.page.screenshot({ path: path.join(pictures, `protection-${theme}${width === undefined ? '' : '-narrow'}.png`), fullPage: true });
            }
            assert.deepEqual(await opened.violations(), []);
            assert.equal(await opened.page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth'), false);
            assert.deepEqual(opened.troubles, []);
            await opened.page.context().close();
        });
    }

    it('leads to a section and does what its button says, by keyboard alone', async () => {
        const opened = await open('light');
        const { page } = opened;
        await opened.post('nonsense');
        await opened.post({ type: 'content', content });
        await page.locator('h1').waitFor();
        const tabTo = async (name: string): Promise<void> => {
            for (let presses = 0; presses < 30; presses++) {
                if ((await page.evaluate('document.activeElement?.textContent?.trim()')) === name) {
                    return;
                }
                await page.keyboard.press('Tab');
            }
            assert.fail(`Tab does not reach ${name}`);
        };
        await tabTo('When you stop');
        await page.keyboard.press('Enter');
        await page.locator('#leaving:focus').waitFor();
        assert.equal(await page.locator('[aria-current]').innerText(), 'When you stop');
        await tabTo('Disable Tor');
        await page.keyboard.press('Enter');
        assert.deepEqual(opened.sent, [{ type: 'ready' }, { type: 'act', action: 'disable-tor' }]);
        assert.deepEqual(opened.troubles, []);
        await page.context().close();
    });
});
