/**
 * What is asked before a merge that could harm, and after an Add: questions that nothing hides and that wait for their answer,
 * however long that takes.
 */
import assert from 'node:assert/strict';
import { inFront, taken, type QuickPick } from '../hostileText/screen';
/* The stand-in for the editor has to be there first. */
import { silentLog } from '../../../src/core/log';
import { ProgressCounter, askedVisibly } from '../../../src/core/sync/progress';
import { noQuestions, type MergeQuestion, type SyncPhase } from '../../../src/core/sync';
import { ReviewDocuments } from '../../../src/ui/sync/reviewDocuments';
import { askPlainGit, questionsFor } from '../../../src/ui/sync/questions';
import { StandingQuestions } from '../../../src/ui/sync/standingQuestions';
import { until } from '../support/until';

const version = { oid: 'a'.repeat(40), mode: '100644' };
const question: MergeQuestion = { source: { kind: 'peer', peer: 'bob' }, inTree: [{ danger: 'editor-settings', path: '.vscode/tasks.json', before: undefined, after: version, detail: '' }], inAnnexBranch: [] };
const context = { root: '/r', gitDir: '/r/.git', uuid: '7a1f0bb6-6d0c-11ee-8c99-0242ac120002', programs: { git: '/usr/bin/git', gitAnnex: '/usr/bin/git-annex' }, log: silentLog };

const isOpen = Symbol('open');

function stateOf<T>(promise: Promise<T>): Promise<T | typeof isOpen> {
    return Promise.race([promise, new Promise<typeof isOpen>(resolve => {
        setImmediate(() => resolve(isOpen));
    })]);
}

describe('questions that wait', () => {
    let picks: QuickPick[] = [];
    let toasts: string[] = [];
    const standing = new StandingQuestions();
    let stop = new AbortController();
    const ask = async (): Promise<{ readonly pick: QuickPick; readonly answer: Promise<string> }> => {
        const answer = questionsFor({ context, review: new ReviewDocuments(), standing, signal: stop.signal }).hostileMerge(question);
        await until('the question', () => picks.length > 0);
        return { answer, pick: picks[0] ?? assert.fail() };
    };

    beforeEach(() => {
        picks = [];
        toasts = [];
        stop = new AbortController();
        inFront({
            message: (text, [first], modal) => {
                if (!modal) {
                    toasts.push(text);
                }
                return first;
            },
            quickPick: pick => picks.push(pick),
        });
    });

    afterEach(() => {
        inFront();
        taken();
    });

    it('asks about a merge by no notification, which goes away, and stays when the focus leaves', async () => {
        const { pick, answer } = await ask();
        assert.equal(pick.ignoreFocusOut, true);
        assert.deepEqual(toasts, []);
        assert.equal(await stateOf(answer), isOpen);
        pick.choose(1);
        assert.equal(await answer, 'merge');
        assert.equal(pick.isGone, true);
    });

    it('chooses not to merge where only Enter is pressed', async () => {
        const { pick, answer } = await ask();
        pick.choose(0);
        assert.equal(await answer, 'skip');
    });

    it('stays open when it is put aside, and comes back', async () => {
        const { pick, answer } = await ask();
        pick.hide();
        assert.equal(await stateOf(answer), isOpen);
        assert.equal(standing.reveal('/another'), false);
        assert.equal(standing.reveal('/r'), true);
        assert.equal(pick.isShown, true);
        pick.choose(0);
        await answer;
        assert.equal(standing.reveal('/r'), false);
    });

    it('shows the changes again and goes on asking', async () => {
        const { pick, answer } = await ask();
        taken();
        pick.hide();
        pick.choose(2);
        await until('the question to come back', () => pick.isShown);
        assert.ok(taken().some(({ where }) => where === 'title of the changes'));
        assert.equal(await stateOf(answer), isOpen);
        pick.choose(0);
        assert.equal(await answer, 'skip');
    });

    it('is taken back when the sync is cancelled', async () => {
        const { pick, answer } = await ask();
        stop.abort();
        assert.equal(await answer, 'cancel');
        assert.equal(pick.isGone, true);
        assert.equal(standing.reveal(), false);
    });

    it('asks about large files in plain git by no notification either', async () => {
        assert.equal(await askPlainGit([{ path: 'film.mkv', size: 1e9 }]), 'annex');
        assert.deepEqual(toasts, []);
    });

    it('is told in the progress, whatever goes on beside it', async () => {
        const phases: SyncPhase[] = [];
        const progress = new ProgressCounter(({ phase }) => phases.push(phase));
        progress.phase('looking');
        let decide: (answer: 'skip') => void = () => undefined;
        const visible = askedVisibly({ ...noQuestions, hostileMerge: () => new Promise(resolve => {
            decide = resolve;
        }) }, progress);
        const answer = visible.hostileMerge(question);
        progress.phase('fetching', 'bob');
        decide('skip');
        assert.equal(await answer, 'skip');
        assert.deepEqual(phases, ['looking', 'asking', 'asking', 'fetching']);
    });
});
