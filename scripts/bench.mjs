// npm run bench: measures, side by side in one run, what users would run instead, and writes the ratios to a dated file under
// docs/results. Run it on a quiet machine; its load is told beside the figures.
//
//     node scripts/bench.mjs [--list] [--only <part>]... [--fresh]
//
// A part that was measured at this commit is not measured again without --fresh.
import { bundle, pack } from './package.mjs';
import { PartsRun, partOptions, rowsOfLastReport } from './lib/parts.mjs';
import { checkNode, compile, installDependencies, prepareRig, prepareSystem } from './lib/setup.mjs';
import { askForRoot, forTheRig } from './lib/root.mjs';
import { command, endChildrenWithThisCommand } from './lib/tools.mjs';

const syncBench = (peer, size) => ['out/test/bench/sync/bench.js', '--peer', peer, '--case', size];
const parts = [
    { name: 'size', args: ['out/test/bench/size/bench.js'], needsPackage: true },
    { name: 'activation', args: ['out/test/bench/activation/bench.js'], needsEditor: true },
    { name: 'wormhole', args: ['out/test/bench/wormhole/bench.js'] },
    { name: 'pairing', args: ['out/test/bench/pairing/bench.js'] },
    { name: 'content beside git-annex', args: ['out/test/bench/content/bench.js', '--part', 'compare'] },
    { name: 'content, how it grows', args: ['out/test/bench/content/bench.js', '--part', 'growth'] },
    { name: 'page', args: ['out/test/bench/page/bench.js'], needsPackage: true, needsEditor: true, onRig: true },
    { name: 'presence', args: ['out/test/bench/presence/bench.js'], needsPackage: true, needsEditor: true, onRig: true },
    ...['folder', 'local', 'tor'].flatMap(peer => ['100x100kB', '1x50MB', '1000x10kB'].map(size => ({ name: `sync ${peer} ${size}`, args: syncBench(peer, size), onRig: peer !== 'folder' }))),
];

await command(async () => {
    const run = await PartsRun.open('bench', parts);
    const { chosen, list, fresh } = partOptions(parts);
    if (list) {
        run.list();
        return 0;
    }
    endChildrenWithThisCommand();
    checkNode();
    if (chosen.some(({ onRig }) => onRig)) {
        await askForRoot(forTheRig);
    }
    await installDependencies();
    await compile();
    await (chosen.some(({ needsEditor }) => needsEditor) ? prepareRig({ wanted: chosen.some(({ onRig }) => onRig) }) : prepareSystem());
    await bundle();
    if (chosen.some(({ needsPackage }) => needsPackage)) {
        await pack();
    }
    await run.run(chosen, { fresh });
    const earlier = await rowsOfLastReport('bench');
    const rows = parts.flatMap(({ name }) => (run.results[name]?.rows ?? []).map(row => ({ ...row, of: run.results[name] })));
    await run.report(
        'Bench',
        ['what', 'Annex Peers', 'instead', 'ratio', 'goal', 'measured'],
        [...rows.map(({ what, ours, instead, ratio, goal, reached, note, of }) => [
            what, ours, instead, ratio, goal === '' ? '' : `${goal}${reached ? '' : ': missed'}`, `at ${of.commit}, load ${of.load}${note === undefined || note === '' ? '' : `; ${note}`}`,
        ]), ...[...earlier.keys()].filter(what => !rows.some(row => row.what === what))],
        ['Medians (least to most) of rounds in which ours and the other alternate, in one run. The load is the machine’s five-minute average at the end: more than its cores means that others worked meanwhile, which slows both alike but spreads the figures.', ''],
    );
    const missed = run.failed(chosen);
    console.log(missed.length === 0 ? '\nEvery goal was reached.' : `\nMissed or failed: ${missed.map(({ name }) => name).join(', ')}`);
    return missed.length === 0 ? 0 : 1;
});
