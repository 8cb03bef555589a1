// npm run bench: measures, side by side in one run, what users would run instead; prints ratios. Run it on a quiet machine.
//
//     node scripts/bench.mjs [--only wormhole|pairing|sync|presence]...
import { parseArgs } from 'node:util';
import { bundle, pack } from './package.mjs';
import { checkNode, compile, installDependencies, prepareSystem, privileges } from './lib/setup.mjs';
import { command, CommandError, endChildrenWithThisCommand, run, timed } from './lib/tools.mjs';

const benches = {
    wormhole: ['out/test/bench/wormhole/bench.js'],
    pairing: ['out/test/bench/pairing/bench.js'],
    sync: ['out/test/bench/sync/bench.js'],
    presence: ['out/test/bench/presence/bench.js'],
};

await command(async () => {
    const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
    const wanted = values.only ?? Object.keys(benches);
    const unknown = wanted.filter(name => !(name in benches));
    if (unknown.length > 0) {
        throw new CommandError(`--only takes ${Object.keys(benches).join(', ')}, not ${unknown.join(', ')}`);
    }
    endChildrenWithThisCommand();
    checkNode();
    await installDependencies();
    await compile();
    await prepareSystem();
    await bundle();
    await pack();
    let missed = 0;
    for (const name of wanted) {
        console.log(`\n== ${name}`);
        const [program, ...args] = privileges(false, [process.execPath, ...benches[name]]);
        missed += (await timed(name, () => run(program, args, { allowFailure: true }))) === 0 ? 0 : 1;
    }
    console.log(missed === 0 ? '\nEvery goal was reached.' : `\n${missed} of ${wanted.length} missed a goal.`);
    return missed === 0 ? 0 : 1;
});
