/** What the extension's log channel says of the programs that ran, beside what a trace has. */
import { redact } from '../../../src/core/log';
import type { Computer } from '../../rig/computers/computer';
import type { Started } from './execTrace';

/** Everything that the log channels of all windows of the computer's editor have had, oldest first. */
export async function logChannel(computer: Computer): Promise<string> {
    const files = (await computer.execOrThrow(['find', `${computer.user.home}/.local/share/editor`, '-name', '*Annex Peers*.log'])).split('\n').filter(file => file !== '').sort();
    return (await Promise.all(files.map(async file => computer.readFile(file)))).join('\n');
}

/** The programs with their arguments that a log tells of, as often as it does: at their start, or at the end of a question to git. */
export function programsInLog(log: string): string[] {
    return [...log.matchAll(/\[info\] (?:\[\d+\] )?(\/.*?) \(in \/[^)]*\)(?: (?:ended with|was cancelled).* ms)?$/gmu)].map(match => match[1] ?? '');
}

/** What goes before every question to git (src/core/git/queries); others that run git so log all of it. */
const questionOptions = /^(?: -c \S+=\S+)+/u;

/** Of the programs of a trace those that the extension started itself, as the log writes them. */
export function programsInTrace(started: readonly Started[]): string[] {
    return started.flatMap(({ program, args, direct, marked }) => {
        const given = args.slice(1).map(argument => ` ${argument}`).join('');
        const isQuestion = /^ -c core\.fsmonitor=false .*-c log\.showSignature=false /u.test(given);
        const isGuardian = /\/dist\/guardian\.js$/u.test(given);
        return direct && (marked || isQuestion || isGuardian) ? [redact(`${program}${isQuestion ? given.replace(questionOptions, '') : given}`)] : [];
    });
}

/** What of `all` is not in `known`, each as often as it is missing there. */
export function missingFrom(known: readonly string[], all: readonly string[]): string[] {
    const left = new Map<string, number>();
    known.forEach(one => left.set(one, (left.get(one) ?? 0) + 1));
    return all.filter(one => {
        const count = left.get(one) ?? 0;
        left.set(one, count - 1);
        return count <= 0;
    });
}
