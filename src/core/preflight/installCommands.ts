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
    nixos: { command: packages => `nix-env -iA ${packages.map(name => `nixos.${name}`).join(' ')}`, packages: usual },
    macos: { command: packages => `brew install ${packages.join(' ')}`, packages: usual },
};

/** On NixOS a package brings no service: Tor is switched on in the system's configuration. */
const nixosTor = 'services.tor.enable = true;\nservices.tor.client.enable = true;';

/** The command line to show (and copy), or undefined where none is known, or where no program is installed by one. */
export function installCommand(distribution: Distribution, programs: readonly InstallableProgram[]): string | undefined {
    if (distribution === 'windows' || distribution === 'other') {
        return undefined;
    }
    const installer = installers[distribution];
    const byCommand = programs.filter(program => program !== 'tor' || distribution !== 'nixos');
    return byCommand.length === 0 ? undefined : installer.command(byCommand.map(program => installer.packages[program]));
}

/** Lines for the system's own configuration, where one of the programs comes by that and not by a command. */
export function installConfiguration(distribution: Distribution, programs: readonly InstallableProgram[]): { readonly file: string; readonly lines: string; readonly apply: string } | undefined {
    return distribution === 'nixos' && programs.includes('tor') ? { file: '/etc/nixos/configuration.nix', lines: nixosTor, apply: 'sudo nixos-rebuild switch' } : undefined;
}
