/**
 * The service of the user's own systemd (systemd.service(5), systemd.syntax(7)).
 */
import os from 'node:os';
import path from 'node:path';
import { bootName, serveCommand, type BootSpec } from './spec';

export function unitName(spec: Pick<BootSpec, 'root'>): string {
    return `${bootName(spec)}.service`;
}

/** Where the user's own units lie (systemd.unit(5), "User Unit Search Path"). */
export function unitFolder(environment: NodeJS.ProcessEnv = process.env): string {
    const config = environment['XDG_CONFIG_HOME'];
    return path.join(config !== undefined && path.isAbsolute(config) ? config : path.join(environment['HOME'] ?? os.homedir(), '.config'), 'systemd', 'user');
}

/** Inside quotes, with specifiers (`%`) doubled (systemd.unit(5), "Specifiers"). */
function quote(text: string): string {
    return `"${text.replace(/["\\]/gu, '\\$&').replaceAll('%', '%%')}"`;
}

/** An argument of a command line, in which `$` stands for a variable (systemd.service(5), "COMMAND LINES"). */
function quoteArgument(text: string): string {
    return quote(text.replaceAll('$', () => '$$'));
}

/** Of a value that takes the rest of its line. */
function plain(text: string): string {
    return text.replaceAll('%', '%%');
}

export function systemdUnit(spec: BootSpec): string {
    const name = unitName(spec);
    return `# Written by the VS Code extension git-annex Peers. Its command "Serve When VS Code Is Closed" removes it, as does
#   systemctl --user disable --now ${name}
[Unit]
Description=git-annex Peers: serves ${plain(spec.root)} over Tor
Documentation=man:git-annex-remotedaemon(1)
StartLimitIntervalSec=0

[Service]
Type=exec
Environment=${quote(`PATH=${spec.searchPath}`)}
ExecStart=${serveCommand(spec).map(quoteArgument).join(' ')}
StandardInput=null
Restart=always
RestartSec=5

[Install]
WantedBy=default.target
`;
}
