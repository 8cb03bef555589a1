/**
 * Which system the extension runs on, as far as it matters for installing programs: the distribution's family, and
 * whether the editor is shut in a sandbox that doesn't see the system's programs.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

export type Distribution = 'debian' | 'fedora' | 'arch' | 'opensuse' | 'nixos' | 'macos' | 'windows' | 'other';
export type Sandbox = 'flatpak' | 'snap' | 'container';

export interface System {
    readonly distribution: Distribution;
    /** The system's own name, for display ("Debian GNU/Linux 12 (bookworm)"). */
    readonly name: string;
    readonly sandbox?: Sandbox;
}

/** Reads `ID` and `ID_LIKE` of an os-release file (freedesktop's os-release specification). */
export function distributionOf(osRelease: string): Distribution {
    const value = (name: string): string => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'mu').exec(osRelease)?.[1] ?? '';
    const ids = `${value('ID')} ${value('ID_LIKE')}`.toLowerCase().split(/\s+/u);
    const families: readonly (readonly [Distribution, readonly string[]])[] = [
        ['nixos', ['nixos']],
        ['debian', ['debian', 'ubuntu', 'linuxmint', 'raspbian']],
        ['fedora', ['fedora', 'rhel', 'centos']],
        ['arch', ['arch', 'archlinux', 'manjaro']],
        ['opensuse', ['suse', 'opensuse', 'opensuse-leap', 'opensuse-tumbleweed', 'sles']],
    ];
    return families.find(([, names]) => ids.some(id => names.includes(id)))?.[0] ?? 'other';
}

function sandboxOf(environment: NodeJS.ProcessEnv, execPath: string): Sandbox | undefined {
    if (environment['FLATPAK_ID'] !== undefined || existsSync('/.flatpak-info')) {
        return 'flatpak';
    }
    // A snap passes its variables on to what it starts: only a program that lies in it runs in it.
    const snap = environment['SNAP'];
    if (snap !== undefined && snap !== '' && execPath.startsWith(`${snap}/`)) {
        return 'snap';
    }
    if (existsSync('/.dockerenv') || existsSync('/run/.containerenv') || environment['REMOTE_CONTAINERS'] !== undefined) {
        return 'container';
    }
    return undefined;
}

export async function detectSystem(platform = process.platform, environment = process.env, execPath = process.execPath): Promise<System> {
    const sandbox = sandboxOf(environment, execPath);
    const withSandbox = sandbox === undefined ? {} : { sandbox };
    if (platform === 'win32') {
        return { distribution: 'windows', name: 'Windows', ...withSandbox };
    }
    if (platform === 'darwin') {
        return { distribution: 'macos', name: 'macOS', ...withSandbox };
    }
    const osRelease = await readFile('/etc/os-release', 'utf8').catch(() => readFile('/usr/lib/os-release', 'utf8').catch(() => ''));
    const name = /^PRETTY_NAME="?([^"\n]*)"?$/mu.exec(osRelease)?.[1] ?? platform;
    return { distribution: distributionOf(osRelease), name, ...withSandbox };
}
