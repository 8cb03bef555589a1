/**
 * A second, newer git-annex to test with: the one of Debian's backports, fetched by apt with lists and a cache of its own,
 * checked against Debian's signatures, and unpacked beside. Nothing is installed and nothing of the system's is changed, so
 * it needs no root.
 */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../../src/core/errors';
import { silentLog } from '../../../src/core/log';
import { findProgram, isExecutable } from '../../../src/core/process/findProgram';
import { run, runOrThrow } from '../../../src/core/process/run';
import { projectRoot, systemPath } from '../paths';

export type NewerAnnex =
    | { readonly kind: 'ready'; readonly version: string; /** Holds `git-annex` and the names under which git finds it. */ readonly bin: string }
    /** `why` is a sentence for people. */
    | { readonly kind: 'none'; readonly why: string };

export interface PackageSource {
    readonly uri: string;
    readonly codename: string;
}

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const fetchLimitMs = 180_000;

/** The folder that keeps it from run to run. */
export function newerAnnexFolder(): string {
    return path.join(projectRoot(), '.rig', 'git-annex');
}

/** Debian's code name in a text in the form of os-release(5); undefined on any other system. */
export function debianCodename(osRelease: string): string | undefined {
    const value = (name: string): string | undefined => new RegExp(`^${name}="?([a-z]+)"?$`, 'mu').exec(osRelease)?.[1];
    return value('ID') === 'debian' ? value('VERSION_CODENAME') : undefined;
}

/** Where this system has its own packages from: what `apt-get indextargets --format '$(REPO_URI)|$(CODENAME)|$(COMPONENT)'` says. */
export function packageSource(targets: string, codename: string): PackageSource | undefined {
    for (const line of targets.split('\n')) {
        const [uri = '', release, component] = line.split('|');
        if (release === codename && component === 'main' && /^https?:\/\//u.test(uri)) {
            return { uri, codename };
        }
    }
    return undefined;
}

/** What was fetched before, if it runs here. */
async function unpacked(folder: string): Promise<NewerAnnex | undefined> {
    for (const name of (await readdir(folder).catch(() => [])).filter(entry => !entry.startsWith('.')).sort().reverse()) {
        const bin = path.join(folder, name, 'usr/bin');
        const program = path.join(bin, 'git-annex');
        if (await isExecutable(program)) {
            const { code, stdout } = await run({ file: program, args: ['version', '--raw'], cwd: '/' }, { log: silentLog, timeLimitMs: 20_000 });
            if (code === 0) {
                return { kind: 'ready', version: stdout.trim(), bin };
            }
        }
    }
    return undefined;
}

/** Fetches and unpacks it unless that was done before; says what it does only if it does something. Never throws. */
export async function prepareNewerAnnex(say: (line: string) => void = () => undefined, folder = newerAnnexFolder()): Promise<NewerAnnex> {
    try {
        const before = await unpacked(folder);
        if (before !== undefined) {
            return before;
        }
        const codename = debianCodename(await readFile('/etc/os-release', 'utf8').catch(() => ''));
        const aptGet = await findProgram('apt-get', systemPath);
        if (codename === undefined || aptGet === undefined) {
            return { kind: 'none', why: 'A second, newer git-annex to test with comes from Debian\'s backports, and this is not Debian.' };
        }
        const { stdout } = await runOrThrow({ file: aptGet, args: ['indextargets', '--format', '$(REPO_URI)|$(CODENAME)|$(COMPONENT)', 'Identifier: Packages'], cwd: '/' }, { log: silentLog, timeLimitMs: 20_000 });
        const source = packageSource(stdout, codename);
        if (source === undefined) {
            return { kind: 'none', why: `No archive of Debian ${codename} is among this system's package sources.` };
        }
        say(`Fetching git-annex of ${codename}-backports from ${new URL(source.uri).host}, to test with; it is unpacked in ${path.relative(projectRoot(), folder)}, not installed`);
        await fetch(aptGet, source, folder);
        return await unpacked(folder) ?? { kind: 'none', why: `git-annex of ${codename}-backports was fetched, but does not run here.` };
    } catch (error) {
        return { kind: 'none', why: `A second, newer git-annex could not be fetched: ${messageOf(error)}` };
    }
}

async function fetch(aptGet: string, { uri, codename }: PackageSource, folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const draft = await mkdtemp(path.join(folder, '.draft-'));
    try {
        for (const name of ['lists/partial', 'archives/partial', 'tree']) {
            await mkdir(path.join(draft, name), { recursive: true });
        }
        await writeFile(path.join(draft, 'sources.list'), `deb [signed-by=${keyring}] ${uri} ${codename}-backports main\n`);
        await writeFile(path.join(draft, 'status'), '');
        // apt's own folders stay as they are; its settings (a proxy, say) hold.
        const own = {
            'Dir::Etc::SourceList': path.join(draft, 'sources.list'),
            'Dir::Etc::SourceParts': '-',
            'Dir::State::Lists': path.join(draft, 'lists'),
            'Dir::State::status': path.join(draft, 'status'),
            'Dir::Cache::Archives': path.join(draft, 'archives'),
            'Dir::Cache::pkgcache': '',
            'Dir::Cache::srcpkgcache': '',
            'Debug::NoLocking': 'true',
            'Acquire::Retries': '2',
            // apt's own user may not write here.
            'APT::Sandbox::User': '',
        };
        const options = Object.entries(own).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
        const apt = async (...args: string[]): Promise<void> => {
            await runOrThrow({ file: aptGet, args: [...options, '--quiet', ...args], cwd: path.join(draft, 'tree') }, { log: silentLog, timeLimitMs: fetchLimitMs });
        };
        await apt('update');
        await apt('download', `git-annex/${codename}-backports`);
        const deb = (await readdir(path.join(draft, 'tree'))).find(name => name.endsWith('.deb'));
        const dpkg = await findProgram('dpkg-deb', systemPath);
        if (deb === undefined || dpkg === undefined) {
            throw new Error('apt-get brought no package, or there is no dpkg-deb');
        }
        const version = decodeURIComponent(/^git-annex_(.+)_\w+\.deb$/u.exec(deb)?.[1] ?? 'newer').replaceAll('/', '_');
        await runOrThrow({ file: dpkg, args: ['--extract', path.join(draft, 'tree', deb), path.join(draft, 'unpacked')], cwd: draft }, { log: silentLog, timeLimitMs: 60_000 });
        await rename(path.join(draft, 'unpacked'), path.join(folder, version));
    } finally {
        await rm(draft, { recursive: true, force: true });
    }
}
