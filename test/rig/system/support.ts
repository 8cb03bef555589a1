/** Whether this system can hold the rig: namespaces and mounts need Linux and root (or sudo to become root). */
import { readFile } from 'node:fs/promises';
import { findProgram } from '../../../src/core/process/findProgram';
import { systemPath } from '../paths';

export type RigSupport =
    | { readonly kind: 'root' }
    /** Everything must be run again through this sudo. */
    | { readonly kind: 'sudo'; readonly sudo: string }
    | { readonly kind: 'none'; readonly why: string };

const stillRuns = 'The type check, the linter, the unit tests and the integration tests run here all the same.';
const stillRunsElsewhere = 'The type check, the linter and the unit tests run here all the same; the integration tests in a desktop VS Code that VSCODE_TEST_EXECUTABLE names, or with VSCODE_TEST_DOWNLOAD=1.';
const capSysAdmin = 21n;
const capNetAdmin = 12n;

/** Whether the effective capabilities in a /proc/<pid>/status text allow making namespaces, mounts and network links. */
export function mayMakeNamespaces(status: string): boolean {
    const hex = /^CapEff:\s*([0-9a-f]+)$/mu.exec(status)?.[1];
    if (hex === undefined) {
        return false;
    }
    const capabilities = BigInt(`0x${hex}`);
    return [capSysAdmin, capNetAdmin].every(bit => ((capabilities >> bit) & 1n) === 1n);
}

/** What this process may do; `why` is a sentence for people that also says what still runs. */
export async function rigSupport(platform: NodeJS.Platform = process.platform): Promise<RigSupport> {
    if (platform !== 'linux') {
        return { kind: 'none', why: `The rig is made of Linux namespaces and does not run on ${platform}. ${stillRunsElsewhere}` };
    }
    if (process.getuid?.() !== 0) {
        const sudo = await findProgram('sudo', systemPath);
        return sudo === undefined
            ? { kind: 'none', why: `The rig needs root, and there is no sudo here to become root with. ${stillRuns}` }
            : { kind: 'sudo', sudo };
    }
    if (!mayMakeNamespaces(await readFile('/proc/self/status', 'utf8'))) {
        return { kind: 'none', why: `This root may not make namespaces (a container without --privileged?), and the rig is made of them. ${stillRuns}` };
    }
    return { kind: 'root' };
}
