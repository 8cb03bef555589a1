/**
 * Each kind of text that somebody else chose, at each place where it is shown: it looks as an ordinary one does. No second
 * line, no control or invisible character, no icon, no link, no endless text, and never anything but plain text.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { noteItem, show, taken, type Shown } from './screen';
import { count, hostileText, icon, link, notInert } from './hostileText';
/* The stand-in for the editor has to be there first. */
import { Event } from '../../../src/core/event';
import { silentLog } from '../../../src/core/log';
import type { AccessEntry, AccessHolder } from '../../../src/core/peers/access';
import type { Preflight } from '../../../src/core/preflight/preflight';
import { notLooked } from '../../../src/core/repository/networkCheck';
import type { PeerSnapshot, Repository, RepositorySnapshot } from '../../../src/core/repository/repository';
import type { Workspace, WorkspaceSnapshot } from '../../../src/core/repository/workspace';
import { findingsOf, type Finding as Warning } from '../../../src/core/security/findings';
import type { Finding, SyncProgress, SyncSummary } from '../../../src/core/sync';
import { labelEntry } from '../../../src/ui/access/label';
import { removePeer, renamePeer } from '../../../src/ui/commands/peers';
import { pausePeers, sayAllPaused } from '../../../src/ui/commands/pause';
import { pickPeer, pickRepository } from '../../../src/ui/commands/pickRepository';
import { codeHint } from '../../../src/ui/pairing/codeInput';
import { beforeItems, outcomeItems, runningItems, stateWords } from '../../../src/ui/pairing/quickItems';
import { pairingTexts } from '../../../src/ui/pairing/texts';
import { PeersTreeProvider } from '../../../src/ui/peersTree/treeProvider';
import { adviceFor, mendFinding, type MendDependencies } from '../../../src/ui/security';
import { defenceDetail } from '../../../src/ui/security/defences';
import { anonymousDetail } from '../../../src/ui/security/identity';
import { ServingConsent } from '../../../src/ui/servingConsent';
import { StatusBar } from '../../../src/ui/statusBar';
import { ReviewDocuments } from '../../../src/ui/sync/reviewDocuments';
import { questionsFor } from '../../../src/ui/sync/questions';
import { StandingQuestions } from '../../../src/ui/sync/standingQuestions';
import { addFailureWords, addProgressWords } from '../../../src/ui/words/add';
import { entryDetails, revokedWords, revokeDetail, revokeTitle, holderName } from '../../../src/ui/words/access';
import { disableDetail, disabledWords } from '../../../src/ui/words/disableTor';
import { planWords, runnableWords } from '../../../src/ui/words/enableTor';
import { progressWords, summaryWords } from '../../../src/ui/words/sync';
import { inertForNotification } from '../../../src/shared/inert';

const address = { onion: `${'a'.repeat(56)}.onion`, port: 4711 };
const context = { root: '/r', gitDir: '/r/.git', uuid: '7a1f0bb6-6d0c-11ee-8c99-0242ac120002', programs: { git: '/usr/bin/git', gitAnnex: '/usr/bin/git-annex' }, log: silentLog };
const preflight = { git: '/usr/bin/git', gitAnnex: { kind: 'ready', path: '/usr/bin/git-annex', version: { text: '10.20230126', major: 10, date: 20_230_126 } }, tor: { kind: 'running' }, wormhole: { kind: 'built-in' }, system: { distribution: 'debian', sandbox: undefined } } as unknown as Preflight;
const version = { oid: 'a'.repeat(40), mode: '100644' };

function peer(change: Partial<PeerSnapshot> = {}): PeerSnapshot {
    return { name: 'bob', address, uuid: context.uuid, syncs: true, verified: undefined, incoming: undefined, heldBack: undefined, presence: { status: { kind: 'checking' }, since: 1, lastSeen: undefined }, link: 'connected', linkSince: 1, lastSync: { at: 1, result: 'done', received: 1, sent: 2, failed: 0 }, ...change };
}

const holders = (text: string): readonly AccessHolder[] => [
    { kind: 'peer', name: text, uuid: text, onion: address.onion }, { kind: 'removed-peer', onion: address.onion, label: text }, { kind: 'person', label: text },
    { kind: 'failed-pairing', label: text }, { kind: 'unknown', label: text },
];
const entry = (holder: AccessHolder, network?: string): AccessEntry => ({ id: 'f'.repeat(64), holder, since: 1, sinceIsExact: true, network });

function snapshot(change: Partial<RepositorySnapshot> = {}): RepositorySnapshot {
    const base = { root: '/r', name: 'r', uuid: context.uuid, unreadable: false, service: { kind: 'enabled', address }, daemon: { kind: 'running', since: 1 }, fetchGuard: { kind: 'on' }, peers: [peer()], remotes: ['bob'], otherRemotes: [], access: [], activity: undefined, network: notLooked };
    return { ...base, ...change } as unknown as RepositorySnapshot;
}

const repositoryOf = (own: RepositorySnapshot): Repository => ({ snapshot: own, context, found: { root: own.root, gitDir: context.gitDir }, daemon: undefined }) as unknown as Repository;

function workspaceOf(...repositories: readonly RepositorySnapshot[]): Workspace {
    const ready: WorkspaceSnapshot = { kind: 'ready', preflight, repositories, hasGitRepository: true };
    return { snapshot: ready, preflight, onDidChange: new Event<WorkspaceSnapshot>(), repositories: repositories.map(repositoryOf) } as unknown as Workspace;
}

function tree(own: RepositorySnapshot, logged?: string): void {
    const provider = new PeersTreeProvider(workspaceOf(own, snapshot({ root: '/other' })), () => logged === undefined ? [] : [{ at: 1, severity: 'error', message: logged }]);
    const walk = (elements: ReturnType<PeersTreeProvider['getChildren']>): void => {
        for (const element of elements) {
            noteItem(provider.getTreeItem(element));
            walk(provider.getChildren(element));
        }
    };
    walk(provider.getChildren());
    provider.dispose();
}

function statusBar(own: RepositorySnapshot): void {
    new StatusBar(workspaceOf(own)).dispose();
}

const finding = (path: string, detail = ''): Finding => ({ danger: 'link-outside', path, before: version, after: version, detail });

function summary(text: string): SyncSummary {
    const failure = { path: text, reason: 'other' as const, words: text };
    const each = (merge: SyncSummary['pushedHere'], step: 'fetch' | 'push'): SyncSummary['peers'][number] => ({
        peer: { name: text, uuid: context.uuid }, received: { files: 1, bytes: 1 }, sent: { files: 1, bytes: 1 }, dropped: 1, failed: [failure], merge, problem: { step, reason: 'other', words: text },
    });
    return {
        peers: [each({ kind: 'failed', words: text }, 'fetch'), each({ kind: 'conflict', files: [text] }, 'push'), each({ kind: 'other-branch', branches: [text] }, 'push'), each({ kind: 'stopped', findings: [finding(text, text)] }, 'push')],
        pushedHere: { kind: 'failed', words: text }, commit: text, added: 1, notAdded: [failure], droppedHere: 1, conflicts: [text], slippedIn: [finding(text, text)], durationMs: 1,
    };
}

const findings = (text: string): readonly Warning[] => findingsOf({
    config: [{ key: 'user.name', value: text, origin: '' }, { key: 'user.email', value: text, origin: '' }, { key: `remote.${text}.url`, value: `tor-annex::x:1:${'a'.repeat(128)}`, origin: '' }],
    gitAnnex: { text, major: 10, date: 20_230_126 }, wormhole: `0.22.0 ${text}`, pairingOverTor: false, access: [entry({ kind: 'unknown', label: undefined }), entry({ kind: 'failed-pairing', label: text })],
    readable: [{ path: `/r/${text}`, mode: 0o644 }], copiedBy: { by: 'dropbox', folder: text }, daemons: [1, 2], service: { address: text, served: false },
    torrc: { path: text, text: 'HiddenServiceDir /x/tor-annex_1000_u\nHiddenServicePort 5 unix:/s', uid: 1000, uuid: 'u' }, tor: { version: '0.4.9.11', proofOfWork: true }, description: `a@b:~/${text.replaceAll('\n', ' ')}`,
});
const mending: MendDependencies = {
    identity: { run: () => Promise.resolve(false) } as unknown as MendDependencies['identity'], daemons: { serve: () => Promise.resolve(), restart: () => Promise.resolve() } as unknown as MendDependencies['daemons'],
    preflight: () => preflight, showAccess: () => Promise.resolve(), readMore: () => undefined,
};
const phases: readonly SyncProgress['phase'][] = ['checking', 'asking', 'committing', 'fetching', 'looking', 'merging', 'planning', 'receiving', 'sending', 'dropping', 'pushing'];
const review = new ReviewDocuments();
const questions = questionsFor({ context, review, standing: new StandingQuestions(), signal: new AbortController().signal });
const texts = pairingTexts();
const note = (where: string, kind: Shown['kind'], ...values: readonly (string | undefined)[]): void => values.forEach(text => show(where, kind, text));
const noteItems = (where: string, items: readonly { readonly label: string; readonly description?: string; readonly detail?: string }[]): void => items.forEach(({ label, description, detail }) => note(where, 'label', label, description, detail));

/** Shows one text at one place. */
type Place = (text: string) => unknown;

const places: Readonly<Record<string, Readonly<Record<string, Place>>>> = {
    'a remote\'s name': {
        tree: text => tree(snapshot({ peers: [peer({ name: text })] })),
        'choice of a peer': async text => pickPeer(repositoryOf(snapshot({ peers: [peer({ name: text }), peer()] })), undefined),
        'pausing': text => pausePeers(repositoryOf(snapshot({ name: text })), peer({ name: text })),
        'pausing all': text => pausePeers(repositoryOf(snapshot({ name: text })), undefined),
        'nobody to sync with': text => sayAllPaused(repositoryOf(snapshot({ name: text }))),
        'rename': text => renamePeer(repositoryOf(snapshot({ peers: [peer({ name: text })], remotes: [text] })), peer({ name: text })),
        // The answer is yes, and there is no such folder to run git in.
        'remove': text => removePeer(repositoryOf(snapshot({ peers: [peer({ name: text })] })), peer({ name: text }), () => Promise.resolve()).catch(() => undefined),
        'unrelated histories': async text => questions.unrelatedHistories({ kind: 'peer', peer: text }),
        'who has access': text => tree(snapshot({ access: holders(text).map(holder => entry(holder)) })),
        'revoking': text => holders(text).forEach(holder => {
            note('question', 'message', revokeTitle({ repository: 'r', holders: [holder], sessions: 'cut', others: 1 }));
            note('detail', 'lines', revokeDetail({ repository: 'r', holders: [holder], sessions: 'cut', others: 1 }));
            note('report', 'message', revokedWords(inertForNotification(holderName(holder)), 'cut'));
            note('details', 'lines', entryDetails(entry(holder, text)).join('\n'));
        }),
        'pairing in the input box': text => note('title', 'name', ...Object.values(stateWords({ repository: 'r', privacy: 'tor', name: text.replace(/[^\p{L}\p{N}_.-]/gu, '').slice(0, 100), state: 'paired', uuid: context.uuid }, texts))),
    },
    'what a peer answers': {
        tree: text => tree(snapshot({ peers: [peer({ presence: { status: { kind: 'other-repository', uuid: text }, since: 1, lastSeen: 1 } })] })),
    },
    'what a program said': {
        'the last error': text => tree(snapshot(), text),
        'why the daemon ends': text => tree(snapshot({ daemon: { kind: 'waiting', restartAt: 1, attempt: 1, lastError: text } })),
    },
    'a uuid': {
        tree: text => tree(snapshot({ uuid: text, peers: [peer({ uuid: text })] })),
    },
    'a folder\'s name': {
        tree: text => tree(snapshot({ name: text, root: `/${text}` })),
        'the daemon\'s state': text => tree(snapshot({ daemon: { kind: 'duplicate', of: text } })),
        'status bar, working': text => statusBar(snapshot({ name: text, activity: { kind: 'syncing', peers: [text], fraction: 0.5 } })),
        'status bar, attention': text => statusBar(snapshot({ name: text, daemon: { kind: 'waiting', restartAt: 1 } as unknown as RepositorySnapshot['daemon'] })),
        'choice of a repository': async text => pickRepository(workspaceOf(snapshot({ name: text, root: `/${text}` }), snapshot()), undefined),
        'question whether to serve': async text => new ServingConsent({ get: () => undefined, update: () => Promise.resolve(), keys: () => [] }).ask(snapshot({ name: text, root: text })),
        'revoking': text => note('question', 'message', revokeTitle({ repository: text, holders: [{ kind: 'person', label: 'x' }], sessions: 'cut', others: 1 })),
    },
    'a file\'s name': {
        progress: text => phases.forEach(phase => note('progress', 'message', progressWords({ phase, peer: text, file: { path: text, done: 1, total: 2 }, files: { done: 1, total: 2 }, bytes: { done: 1, total: 2 } }))),
        'progress of Add': text => note('progress', 'message', addProgressWords({ path: text, done: 1, total: 2, files: 3 })),
        'what Add did not add': text => note('report', 'message', addFailureWords([{ path: text, reason: 'other', words: text }, { path: text, reason: 'other', words: text }])),
        summary: text => note('summary', 'message', summaryWords(summary(text)).text),
        'question what to commit': async text => questions.commit({ changed: [{ path: text, kind: 'deleted', staged: true }, { path: text, kind: 'modified', staged: false }], untracked: [text], settled: { commit: false, add: false } }),
        'files in plain git': async text => questions.plainGitFiles([{ path: text, size: 1 }]),
        'dangerous changes': async text => questions.hostileMerge({ source: { kind: 'peer', peer: text }, inTree: [finding(text, text)], inAnnexBranch: [finding(text, text)] }),
    },
    'what there is to warn of': {
        tree: text => tree(snapshot({ findings: findings(text) })),
        'an anonymous identity': text => note('detail', 'lines', anonymousDetail({ name: text, email: text }, [{ name: text, email: text, commits: 3 }], true)),
        'its button': async text => {
            const own = Object.assign(repositoryOf(snapshot({ findings: findings(text) })), { checkSecurity: () => Promise.resolve() });
            for (const { id } of findings(text)) {
                // There is no such repository to mend; what is asked before is of interest.
                await mendFinding(own, id, mending).catch(() => undefined);
            }
        },
        'Disable Tor': text => note('detail', 'lines', disableDetail({ torrc: text, lines: [text], folders: [text], foreign: [text], address: undefined, creds: { addresses: text, tokens: text, count: 1 } }, 'may-live-on'), disabledWords(text, 'published').text),
        'the defences': text => note('detail', 'lines', defenceDetail({ torrc: text, lines: [text] })),
        'pairing in the input box': text => noteItems('items', beforeItems({ repository: 'r', privacy: 'tor', state: 'choosing', suggestedName: 'x' }, texts, adviceFor({ snapshot: snapshot({ findings: findings(text) }), onDidChange: new Event() }, () => Promise.resolve()).current())),
    },
    'a label of the user\'s own, changed on disk': {
        'its editing': text => labelEntry(repositoryOf(snapshot()), entry({ kind: 'person', label: text })),
    },
    'configuration that could run a command': {
        'Enable Tor refused': text => note('detail', 'lines', runnableWords({ torrc: '/etc/tor/torrc', lines: [], commands: [], runnable: [{ name: text, value: text, origin: text }], obstacle: undefined, alreadyEnabled: false })),
        'Enable Tor asked': text => note('detail', 'lines', planWords({ torrc: text, lines: [text], commands: [{ method: 'sudo', file: 'sudo', args: [text], shown: text }], runnable: [], obstacle: undefined, alreadyEnabled: false })),
    },
    'a code': {
        'the input box': text => [false, true].forEach(asked => note('hint', 'message', codeHint(text, '4-amulet-tiger', texts, asked).text)),
    },
    'a program\'s output': {
        // Of what git-annex said the input box shows nothing; the page has it in a field of its own.
        'the input box': text => noteItems('items', outcomeItems({ repository: 'r', privacy: 'tor', name: 'bob', state: 'failed', reason: 'unexpected', detail: text, tokenMayRemain: true }, texts)),
        'the input box, running': text => noteItems('items', runningItems({ repository: text, privacy: 'tor', name: 'bob', state: 'connecting', attempts: 1, overdue: true }, texts)),
    },
};

const longest = 4000;

function check(hostile: readonly Shown[], ordinary: readonly Shown[], isCode: boolean): void {
    for (const [index, { where, kind, text }] of hostile.entries()) {
        const like = isCode ? undefined : ordinary[index];
        const lines = kind === 'lines' ? count(like?.text ?? '', /\n/gu) : 0;
        assert.equal(count(text, /\n/gu), lines, `${where} has other lines: ${text.slice(0, 300)}`);
        assert.doesNotMatch(text, notInert, where);
        assert.ok(text.length <= longest, `${where} is ${text.length} long`);
        assert.equal(count(text, link), 0, `${where} has a link: ${text.slice(0, 300)}`);
        if (kind === 'label' && !isCode) {
            assert.equal(count(text, icon), count(like?.text ?? '', icon), `${where} has another icon: ${text.slice(0, 300)}`);
        }
    }
}

/** A megabyte is not printed. */
function report<T>(details: fc.RunDetails<T>): Promise<void> {
    const message = fc.defaultReportMessage(details);
    return message === undefined ? Promise.resolve() : Promise.reject(new Error(message.length > 3000 ? `${message.slice(0, 1000)}\n…\n${message.slice(-2000)}` : message, { cause: details.errorInstance }));
}

async function shownBy(place: Place, text: string): Promise<readonly Shown[]> {
    taken();
    await place(text);
    return taken();
}

describe('text that somebody else chose', function () {
    this.timeout(60_000);

    for (const [what, where] of Object.entries(places)) {
        for (const [place, showAt] of Object.entries(where)) {
            it(`is shown as text: ${what}, ${place}`, async () => {
                const ordinary = await shownBy(showAt, 'plain');
                assert.notEqual(ordinary.length, 0, 'it shows something');
                await fc.assert(fc.asyncProperty(hostileText, async text => {
                    const hostile = await shownBy(showAt, text);
                    if (what !== 'a code') {
                        assert.deepEqual(hostile.map(({ where: at }) => at), ordinary.map(({ where: at }) => at));
                    }
                    check(hostile, ordinary, what === 'a code');
                }), { numRuns: 60, asyncReporter: report });
            });
        }
    }
});
