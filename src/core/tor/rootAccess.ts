/**
 * Whether root can read a folder at all: a file system that a user mounted (FUSE: sshfs, encfs, gocryptfs …) shuts out
 * everybody else, root included, unless it was mounted with `allow_other` or `allow_root` (fuse(8)).
 *
 * git-annex as root would say "Not in a git repository." there, with the same exit code as a refused password.
 */
import { readFile } from 'node:fs/promises';

export interface PrivateMount {
    readonly mountPoint: string;
    /** As the kernel names it: `fuse.sshfs`, for example. */
    readonly fileSystem: string;
}

interface Mount extends PrivateMount {
    readonly options: readonly string[];
}

/** A line of /proc/<pid>/mountinfo (proc(5)); undefined for what is none. */
function parseMount(line: string): Mount | undefined {
    const [before, after] = line.split(' - ');
    const mountPoint = before?.split(' ')[4];
    const [fileSystem, , options] = after?.split(' ') ?? [];
    if (mountPoint === undefined || fileSystem === undefined || options === undefined) {
        return undefined;
    }
    return { mountPoint: mountPoint.replace(/\\([0-7]{3})/gu, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))), fileSystem, options: options.split(',') };
}

/** The mount that keeps root out of `folder` (a real path); undefined if none does, or if it can't be told. */
export function privateMountOf(folder: string, mountinfo: string): PrivateMount | undefined {
    const around = mountinfo
        .split('\n')
        .flatMap(line => parseMount(line) ?? [])
        .filter(({ mountPoint }) => folder === mountPoint || folder.startsWith(mountPoint.endsWith('/') ? mountPoint : `${mountPoint}/`));
    // Of two mounts on one place the later one counts.
    const mount = around.reduce<Mount | undefined>((deepest, next) => (deepest === undefined || next.mountPoint.length >= deepest.mountPoint.length ? next : deepest), undefined);
    if (mount === undefined || !/^fuse(?:blk)?(?:\.|$)/u.test(mount.fileSystem)) {
        return undefined;
    }
    // libfuse passes allow_root on to the kernel as allow_other.
    const open = mount.options.includes('allow_other') || mount.options.includes('user_id=0');
    return open ? undefined : { mountPoint: mount.mountPoint, fileSystem: mount.fileSystem };
}

/** As {@link privateMountOf}, for this process's mounts. */
export async function findPrivateMount(folder: string): Promise<PrivateMount | undefined> {
    return privateMountOf(folder, await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''));
}
