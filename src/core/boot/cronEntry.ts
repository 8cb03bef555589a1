/**
 * The entry of the user's crontab (crontab(5)) for where there is no systemd of the user's own: started with the computer, and kept running
 * by the program itself, since cron does not look after it.
 */
import { bootName, serveCommand, type BootSpec } from './spec';

/** Ends each line of ours. */
function mark(spec: Pick<BootSpec, 'root'>): string {
    return `# ${bootName(spec)}`;
}

/** For a shell. */
function quote(text: string): string {
    return /^[\w./:=@+-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** One line; cron takes an unescaped `%` for a line break. */
export function cronEntry(spec: BootSpec): string {
    const command = [`PATH=${quote(spec.searchPath)}`, ...serveCommand(spec, '--keep').map(quote)].join(' ');
    return `@reboot ${command.replaceAll('%', '\\%')} ${mark(spec)}`;
}

function isOurs(line: string, spec: Pick<BootSpec, 'root'>): boolean {
    return line.endsWith(mark(spec));
}

export function hasEntry(crontab: string, spec: Pick<BootSpec, 'root'>): boolean {
    return crontab.split('\n').some(line => isOurs(line, spec));
}

/** The crontab with the entry at its end, in the place of an older one; every other line as it was. */
export function withEntry(crontab: string, spec: BootSpec): string {
    const others = withoutEntry(crontab, spec);
    return `${others}${others === '' || others.endsWith('\n') ? '' : '\n'}${cronEntry(spec)}\n`;
}

export function withoutEntry(crontab: string, spec: Pick<BootSpec, 'root'>): string {
    return crontab.split('\n').filter(line => !isOurs(line, spec)).join('\n');
}
