/**
 * The exact command that installs a missing program on each kind of system.
 */
import type { Distribution } from './system';

export type InstallableProgram = 'git' | 'git-annex' | 'tor' | 'wormhole';

type PackageNames = Readonly<Record<InstallableProgram, string>>;
type Installer = { readonly command: (packages: readonly string[]) => string; readonly packages: PackageNames };

const usual: PackageNames = { git: 'git', 'git-annex': 'git-annex', tor: 'tor', wormhole: 'magic-wormhole' };

const installers: Readonly<Record<Exclude<Distribution, 'windows' | 'other'>, Installer>> = {
    debian: { command: packages => `sudo apt-get install ${packages.join(' ')}`, packages: usual },
    fedora: { command: packages => `sudo dnf install ${packages.join(' ')}`, packages: usual },
    arch: { command: packages => `sudo pacman -S --needed ${packages.join(' ')}`, packages: { ...usual, wormhole: 'magic-wormhole' } },
    opensuse: { command: packages => `sudo zypper install ${packages.join(' ')}`, packages: { ...usual, wormhole: 'python3-magic-wormhole' } },
    nixos: {
        command: packages => `nix-env -iA ${packages.map(name => `nixos.${name}`).join(' ')}`,
        packages: { ...usual, wormhole: 'magic-wormhole' },
    },
    macos: { command: packages => `brew install ${packages.join(' ')}`, packages: usual },
};

/** The command line to show (and copy), or undefined where none is known. */
export function installCommand(distribution: Distribution, programs: readonly InstallableProgram[]): string | undefined {
    if (distribution === 'windows' || distribution === 'other') {
        return undefined;
    }
    const installer = installers[distribution];
    return installer.command(programs.map(program => installer.packages[program]));
}
