/**
 * Looks at what would be merged and finds what would let its author run code here or reach out of the tree.
 */
import type { RepositoryContext } from '../../annex/context';
import { readBlobs } from '../../git/blobs';
import { emptyTreeLike, type GitQueries } from '../../git/queries';
import { absentMode, executableMode, linkMode, submoduleMode, type RawChange } from '../../git/rawDiff';
import { guardedLogs, logChange, type AnnexLogDanger } from './annexLogs';
import { dangerousName, type DangerousName } from './dangerousPaths';
import { linkTarget, prefixes } from './links';

/**
 * Besides the names' and the logs' dangers:
 * - `executable`: a new executable, or a file made executable
 * - `link-outside`: a symbolic link that leads out of the tree, or through another link that is no content's
 * - `submodule`: a new or changed submodule
 */
export type Danger = DangerousName | AnnexLogDanger | 'executable' | 'link-outside' | 'submodule';

/** One version of a file, in git's object store. */
export interface Version {
    readonly oid: string;
    readonly mode: string;
}

export interface Finding {
    readonly danger: Danger;
    /** Relative to the root; for git-annex's logs, relative to the root of the git-annex branch. */
    readonly path: string;
    /** What is here now; undefined if nothing is. */
    readonly before: Version | undefined;
    /** What would be here; undefined if the file would be gone. */
    readonly after: Version | undefined;
    /** Where a link leads, or which settings a log would change. */
    readonly detail: string;
}

function version(mode: string, oid: string): Version | undefined {
    return mode === absentMode ? undefined : { mode, oid };
}

function finding(danger: Danger, change: RawChange, detail = ''): Finding {
    return { danger, path: change.path, before: version(change.oldMode, change.oldOid), after: version(change.newMode, change.newOid), detail };
}

/** Which of the inside targets lead through something that is itself a link in `tree`, other than to content. */
async function throughLinks(queries: GitQueries, tree: string, targets: readonly { readonly change: RawChange; readonly path: string }[]): Promise<readonly RawChange[]> {
    const through: RawChange[] = [];
    for (const { change, path } of targets) {
        const entries = await queries.treeEntries(tree, prefixes(path));
        for (const entry of entries.filter(({ mode }) => mode === linkMode)) {
            if (linkTarget(entry.path, await queries.blob(entry.oid)).kind !== 'content') {
                through.push(change);
                break;
            }
        }
    }
    return through;
}

/**
 * Judges changes of a tree. `trees` are the trees in which the targets of new links are followed.
 */
export async function judgeChanges(context: RepositoryContext, queries: GitQueries, changes: readonly RawChange[], trees: readonly string[], signal?: AbortSignal): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    const links: RawChange[] = [];
    for (const change of changes) {
        const danger = dangerousName(change.path);
        if (danger !== undefined) {
            findings.push(finding(danger, change));
        } else if (change.newMode === submoduleMode) {
            findings.push(finding('submodule', change));
        } else if (change.newMode === executableMode && change.oldMode !== executableMode) {
            findings.push(finding('executable', change));
        } else if (change.newMode === linkMode) {
            links.push(change);
        }
    }
    const contents = await readBlobs(context, queries, links.map(({ newOid }) => newOid), signal);
    const inside: { readonly change: RawChange; readonly path: string }[] = [];
    for (const change of links) {
        const text = contents.get(change.newOid) ?? '';
        const target = linkTarget(change.path, text);
        if (target.kind === 'outside') {
            findings.push(finding('link-outside', change, text));
        } else if (target.kind === 'inside') {
            inside.push({ change, path: target.path });
        }
    }
    for (const tree of trees) {
        for (const change of await throughLinks(queries, tree, inside)) {
            if (!findings.some(({ path }) => path === change.path)) {
                findings.push(finding('link-outside', change, contents.get(change.newOid) ?? ''));
            }
        }
    }
    return findings;
}

export interface TreeLook {
    readonly findings: readonly Finding[];
    /** The histories have no common ancestor. */
    readonly unrelated: boolean;
}

/**
 * Looks at merging `theirs` into `ours` (undefined: there is no commit yet).
 *
 * Two views are put together: what changed on their side since the common ancestor and isn't the same here, and, where
 * git can tell, what the merge would make of our tree (a folder that we renamed takes their new files with it).
 */
export async function lookAtTree(context: RepositoryContext, queries: GitQueries, ours: string | undefined, theirs: string, signal?: AbortSignal): Promise<TreeLook> {
    const emptyTree = emptyTreeLike(theirs);
    const ourTree = ours ?? emptyTree;
    const [common, differences] = await Promise.all([ours === undefined ? undefined : queries.mergeBase(ours, theirs), queries.diffTrees(ourTree, theirs)]);
    const base = common ?? emptyTree;
    const differing = new Map(differences.map(change => [change.path, change]));
    // Seen from our tree: what they changed and what is the same here by now is no change.
    const changes = base === ourTree ? differing : new Map((await queries.diffTrees(base, theirs)).flatMap(({ path }) => {
        const change = differing.get(path);
        return change === undefined ? [] : [[path, change] as const];
    }));
    const merged = ours === undefined || base === ours ? undefined : await queries.mergedTree(ours, theirs);
    for (const change of merged === undefined ? [] : await queries.diffTrees(ourTree, merged)) {
        if (!changes.has(change.path)) {
            changes.set(change.path, change);
        }
    }
    return { findings: await judgeChanges(context, queries, [...changes.values()], [merged ?? theirs], signal), unrelated: ours !== undefined && common === undefined };
}

/** Looks at merging another git-annex branch into ours (undefined: there is none yet). */
export async function lookAtAnnexBranch(queries: GitQueries, ours: string | undefined, theirs: string, ownUuid: string): Promise<readonly Finding[]> {
    const changes = await queries.diffTrees(ours ?? emptyTreeLike(theirs), theirs, ...guardedLogs.map(({ path }) => path));
    const findings: Finding[] = [];
    for (const change of changes.filter(({ newMode }) => newMode !== absentMode)) {
        const before = change.oldMode === absentMode ? '' : await queries.blob(change.oldOid);
        const changed = logChange(change.path, before, await queries.blob(change.newOid), ownUuid);
        if (changed !== undefined) {
            findings.push(finding(changed.danger, change, changed.subjects.join(', ')));
        }
    }
    return findings;
}

/** Whether two findings are about the same thing, so that one answer is good for both. */
export function isSameFinding(a: Finding, b: Finding): boolean {
    return a.danger === b.danger && a.path === b.path && a.after?.oid === b.after?.oid && a.after?.mode === b.after?.mode;
}
