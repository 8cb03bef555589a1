/** Times the activation for `npm run bench`; runs only where that asks for it. */
import { appendFileSync } from 'node:fs';
import { extensionUnderTest } from '../extension';

describe('activation', () => {
    it('is timed', async () => {
        const extension = extensionUnderTest();
        const wasActive = extension.isActive;
        const start = performance.now();
        await extension.activate();
        const file = process.env['ANNEX_PEERS_ACTIVATION'];
        if (file !== undefined) {
            appendFileSync(file, `${JSON.stringify({ wasActive, ms: performance.now() - start })}\n`);
        }
    });
});
