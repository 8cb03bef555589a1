// npm start: from a fresh clone to two VS Codes on two computers with a private Tor network between them.
//
//     node scripts/start.mjs [--auto] [--headed] [--keep] [--minimum]
//
// --auto      clicks through everything by itself, saves pictures in .rig/screenshots, and ends
// --keep      with --auto: stays at the end, as without it
// --headed    with --auto: shows the browser (needs a display)
// --minimum   takes the oldest VS Code that the extension supports
import { bundle, pack } from './package.mjs';
import { checkNode, compile, installDependencies, prepareRig, removeStale } from './lib/setup.mjs';
import { askForRoot, forTheRig, runAsRoot } from './lib/root.mjs';
import { command, CommandError, endChildrenWithThisCommand, isStopping } from './lib/tools.mjs';

await command(async () => {
    endChildrenWithThisCommand();
    try {
        checkNode();
        // First, so that nobody has to sit and wait for the question.
        const refused = process.platform === 'linux' ? await askForRoot(forTheRig) : undefined;
        if (refused !== undefined) {
            throw new CommandError(refused);
        }
        await installDependencies();
        await removeStale();
        if (!await compile()) {
            console.warn('The type check found errors (above); going on all the same.');
        }
        const { rig: cannot } = await prepareRig();
        if (cannot !== undefined) {
            throw new CommandError(cannot);
        }
        await bundle();
        const vsix = await pack();
        return await runAsRoot(['out/test/rig/start.js', '--vsix', vsix, ...process.argv.slice(2)], { allowFailure: true });
    } catch (error) {
        if (isStopping()) {
            return 130;
        }
        throw error;
    }
});
