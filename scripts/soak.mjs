// npm run soak: the full counts of the tests that npm test runs with small ones, in parts that resume, with a dated result.
//
//     node scripts/soak.mjs [--list] [--only <text>]... [--fresh]
//
// A part that was run at this commit is not run again without --fresh; Ctrl-C loses no more than the part that runs.
import { PartsRun, partOptions } from './lib/parts.mjs';
import { checkNode, compile, installDependencies, prepareRig } from './lib/setup.mjs';
import { bundle, pack, packagePath } from './package.mjs';
import { askForRoot, forTheRig } from './lib/root.mjs';
import { command, endChildrenWithThisCommand } from './lib/tools.mjs';

const mocha = ['node_modules/mocha/bin/mocha.js', '--no-config', '--forbid-only', '--fail-zero', '--timeout', '3600000', '--reporter', 'dot'];
const parts = [
    { name: '1,000 key exchanges with python3-spake2', args: [...mocha, 'out/test/interop/wormhole/spake2.test.js'], env: { ANNEX_PEERS_WORMHOLE_EXCHANGES: '1000' } },
    { name: 'the whole matrix of wormholes, 3 rounds', args: [...mocha, 'out/test/interop/wormhole/matrix.test.js'], env: { ANNEX_PEERS_WORMHOLE_ROUNDS: '3' } },
    { name: 'sync against the plain command, 200 random pairs of repositories', args: [...mocha, 'out/test/unit/sync/oracle.test.js'], env: { ANNEX_PEERS_ORACLE_RUNS: '200' } },
    { name: 'the index of content against git-annex, 300 random repositories', args: [...mocha, 'out/test/unit/content/oracle.test.js'], env: { ANNEX_PEERS_CONTENT_RUNS: '300' } },
    { name: 'the Content view in a real window', args: [...mocha, 'out/test/soak/content.test.js'], onRig: true },
    { name: '200 fetches of a tiny pack from a repository that is served here', args: ['out/test/support/localOnion/fetchRuns.js', '200', '1000', 'on'] },
    { name: '50 fetches of a pack of 1.5 MB from a repository that is served here', args: ['out/test/support/localOnion/fetchRuns.js', '50', '1500000', 'on'] },
    { name: 'beside it: 200 fetches of a tiny pack from the plain daemon', args: ['out/test/support/localOnion/fetchRuns.js', '200', '1000', 'off'], mayFail: true },
    { name: 'beside it: 50 fetches of a pack of 1.5 MB from the plain daemon', args: ['out/test/support/localOnion/fetchRuns.js', '50', '1500000', 'off'], mayFail: true },
    { name: 'presence, with changes that are taken in by themselves, and pauses', args: [...mocha, 'out/test/e2e/presence.test.js'], env: { ANNEX_PEERS_PRESENCE: 'all' }, onRig: true },
    { name: 'serving while VS Code is closed, by a systemd of the user\'s own', args: [...mocha, 'out/test/soak/bootService.test.js'], onRig: true },
    { name: 'who serves a repository, with a copy of it', args: [...mocha, 'out/test/e2e/lifetime.test.js'], env: { ANNEX_PEERS_LIFETIME: 'all' }, onRig: true },
    { name: 'the main job with two versions of git-annex, and with one of each', args: [...mocha, 'out/test/e2e/mainJob.test.js'], env: { ANNEX_PEERS_MAIN_JOB: 'all' }, onRig: true },
    // As the suite's groups are called.
    ...[
        'the editor goes while Tor is being enabled', 'the editor goes in the middle of a pairing', 'the editor goes in the middle of a sync, or while a file is added',
        'a program or the other side fails', 'Tor stops, or the mailbox server is away', 'the network goes', 'the clock leaps',
    ].map(group => ({ name: `on a bad day ${group}`, args: [...mocha, '--fgrep', group, 'out/test/soak/badDays.test.js'], onRig: true })),
    // The same over a private, real Tor network, served in a real VS Code.
    { name: 'over Tor: 200 fetches of a tiny pack from what the extension serves', args: ['out/test/support/torFetch/fetchRuns.js', '200', '1000', 'extension'], onRig: true },
    { name: 'over Tor: 50 fetches of a pack of 1.5 MB from what the extension serves', args: ['out/test/support/torFetch/fetchRuns.js', '50', '1500000', 'extension'], onRig: true },
    { name: 'over Tor, beside it: 200 fetches of a tiny pack from the plain daemon', args: ['out/test/support/torFetch/fetchRuns.js', '200', '1000', 'plain'], onRig: true, mayFail: true },
    { name: 'over Tor, beside it: 50 fetches of a pack of 1.5 MB from the plain daemon', args: ['out/test/support/torFetch/fetchRuns.js', '50', '1500000', 'plain'], onRig: true, mayFail: true },
    // 300 syncs in all with a peer that plain git-annex serves, whose fetches hang now and then; the plain command beside it has the same time limit.
    ...[1, 2, 3, 4, 5, 6].map(part => ({ name: `over Tor: 50 incremental syncs with a peer that plain git-annex serves, ${part} of 6`, args: ['out/test/support/syncRuns/syncRuns.js', '50'], onRig: true })),
];

await command(async () => {
    const run = await PartsRun.open('soak', parts);
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
    const { rig: cannot } = await prepareRig({ wanted: chosen.some(({ onRig }) => onRig) });
    if (cannot !== undefined) {
        console.log(cannot);
    }
    await bundle();
    if (chosen.some(({ onRig }) => onRig)) {
        await pack();
    }
    const possible = chosen.filter(({ onRig }) => cannot === undefined || !onRig);
    await run.run(possible, { fresh, environmentOf: async ({ onRig }) => onRig ? { ANNEX_PEERS_VSIX: await packagePath() } : {} });
    await run.report('Soak run', ['part', 'result', 'time', 'at'], parts.map(({ name }) => {
        const done = run.results[name];
        return done === undefined ? name : [name, resultOf(done), `${done.seconds} s`, `${done.commit}, load ${done.load ?? '?'}`];
    }));
    return run.failed(possible).length === 0 ? 0 : 1;
});

/** Figures in words where the part has told some. */
function resultOf({ code, figures }) {
    if (figures?.summary !== undefined) {
        return figures.summary;
    }
    return figures?.hung !== undefined ? `${figures.hung} of ${figures.runs} hung, ${figures.failed} failed, median ${figures.medianMs} ms` : code === 0 ? 'passed' : `ended with ${code}`;
}
