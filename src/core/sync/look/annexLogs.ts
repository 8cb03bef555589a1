/**
 * What another git-annex branch would change of ours, in the logs that decide what git-annex does here.
 *
 * git-annex merges its branches line by line, the newest line of each subject wins (git-annex's documentation,
 * "internals"; lines begin or end with a time stamp). A line changes something here only if ours has none as new.
 */

/**
 * - `annex-config`: `config.log`: settings for all repositories
 * - `annex-remotes`: `remote.log`: special remotes, which can be external programs
 * - `annex-history`: `transitions.log`: forgetting history, which git-annex then does by itself
 * - `annex-own-rules`: what this very repository should keep, or how far it is trusted
 */
export type AnnexLogDanger = 'annex-config' | 'annex-remotes' | 'annex-history' | 'annex-own-rules';

/** The logs that are compared, by what is dangerous about them. */
export const guardedLogs: readonly { readonly path: string; readonly danger: AnnexLogDanger; readonly form: 'time-first' | 'uuid-first' }[] = [
    { path: 'config.log', danger: 'annex-config', form: 'time-first' },
    { path: 'remote.log', danger: 'annex-remotes', form: 'uuid-first' },
    { path: 'transitions.log', danger: 'annex-history', form: 'time-first' },
    { path: 'trust.log', danger: 'annex-own-rules', form: 'uuid-first' },
    { path: 'group.log', danger: 'annex-own-rules', form: 'uuid-first' },
    { path: 'preferred-content.log', danger: 'annex-own-rules', form: 'uuid-first' },
    { path: 'required-content.log', danger: 'annex-own-rules', form: 'uuid-first' },
];

interface LogLine {
    /** What the line is about: a uuid, or the name of a setting. */
    readonly subject: string;
    readonly value: string;
    /** Seconds; undefined if the line has none that can be read. */
    readonly time: number | undefined;
}

function timeOf(text: string): number | undefined {
    return /^\d+(?:\.\d+)?s?$/u.test(text) ? Number(text.replace(/s$/u, '')) : undefined;
}

function parseLine(line: string, form: 'time-first' | 'uuid-first'): LogLine {
    const words = line.split(' ');
    if (form === 'time-first') {
        return { subject: words[1] ?? '', value: words.slice(2).join(' '), time: timeOf(words[0] ?? '') };
    }
    const stamp = /^timestamp=(.*)$/u.exec(words.at(-1) ?? '')?.[1];
    // Lines of old versions have no time: git-annex takes them for the oldest.
    return { subject: words[0] ?? '', value: words.slice(1, stamp === undefined ? undefined : -1).join(' '), time: stamp === undefined ? 0 : timeOf(stamp) };
}

function newest(content: string, form: 'time-first' | 'uuid-first'): ReadonlyMap<string, LogLine> {
    const lines = new Map<string, LogLine>();
    for (const text of content.split('\n').filter(line => line.trim() !== '')) {
        const line = parseLine(text, form);
        const before = lines.get(line.subject);
        if (before === undefined || (before.time ?? Infinity) <= (line.time ?? Infinity)) {
            lines.set(line.subject, line);
        }
    }
    return lines;
}

export interface LogChange {
    readonly path: string;
    readonly danger: AnnexLogDanger;
    /** Uuids or settings whose lines would be replaced or added. */
    readonly subjects: readonly string[];
}

/** What merging `theirs` would change of the log at `path`; undefined if nothing that matters. */
export function logChange(path: string, ours: string, theirs: string, ownUuid: string): LogChange | undefined {
    const guarded = guardedLogs.find(log => log.path === path);
    if (guarded === undefined) {
        return undefined;
    }
    const known = newest(ours, guarded.form);
    const subjects = [...newest(theirs, guarded.form).values()].filter(line => {
        const before = known.get(line.subject);
        const changes = before === undefined || (before.value !== line.value && (line.time ?? Infinity) >= (before.time ?? 0));
        return changes && (guarded.danger !== 'annex-own-rules' || line.subject === ownUuid);
    });
    return subjects.length === 0 ? undefined : { path, danger: guarded.danger, subjects: subjects.map(line => line.subject) };
}

/** The newest value for a uuid in a log of the `uuid … timestamp=…s` kind, over several versions of the log. */
export function valueFor(contents: readonly string[], uuid: string): string | undefined {
    return newest(contents.join('\n'), 'uuid-first').get(uuid)?.value;
}
