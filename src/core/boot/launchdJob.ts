/**
 * The agent of the user's own launchd on macOS (launchd.plist(5)). It runs from login to logout: launchd knows no agent of a user who
 * is not logged in.
 */
import os from 'node:os';
import path from 'node:path';
import { bootName, serveCommand, type BootSpec } from './spec';

export function jobLabel(spec: Pick<BootSpec, 'root'>): string {
    return `org.${bootName(spec)}`;
}

export function jobFolder(environment: NodeJS.ProcessEnv = process.env): string {
    return path.join(environment['HOME'] ?? os.homedir(), 'Library', 'LaunchAgents');
}

function escape(text: string): string {
    return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function launchdJob(spec: BootSpec): string {
    const string = (text: string): string => `<string>${escape(text)}</string>`;
    return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Written by the VS Code extension git-annex Peers. Its command "Serve When VS Code Is Closed" removes it. -->
<plist version="1.0">
<dict>
    <key>Label</key>
    ${string(jobLabel(spec))}
    <key>ProgramArguments</key>
    <array>
${serveCommand(spec).map(argument => `        ${string(argument)}`).join('\n')}
    </array>
    <key>EnvironmentVariables</key>
    <dict>
        <key>PATH</key>
        ${string(spec.searchPath)}
    </dict>
    <key>RunAtLoad</key>
    <true/>
    <key>KeepAlive</key>
    <true/>
    <key>ThrottleInterval</key>
    <integer>10</integer>
</dict>
</plist>
`;
}
