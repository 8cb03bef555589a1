/**
 * Every code and token that existed while people paired, and where they were left: files of all kinds, what programs were
 * started with, and what the window holds. git-annex's own places for its tokens are left out.
 */
import type { CDPSession, Page } from 'playwright-core';
import type { ManagedProcess } from '../../../src/core/process/managedProcess';
import type { Computer } from '../../rig/computers/computer';

/** Looks every 10 ms, as root, at the places where a token stands for a moment; prints each one once. */
const watcher = `
$| = 1;
my %seen;
while (1) {
    for my $file (glob("$ARGV[0]/.git/annex/creds/* /tmp/annex-peers*/{*,*/*,*/*/*} /run/user/*/annex-peers*/{*,*/*,*/*/*} /tmp/pair*/*")) {
        next unless -f $file && open(my $handle, "<", $file);
        local $/;
        my $text = <$handle> // "";
        for ($text =~ /(?<![a-z0-9])([a-z0-9]{128}|[a-z0-9]{64})(?![a-z0-9])/g) {
            print "$_\\n" unless $seen{$_}++;
        }
    }
    select(undef, undef, undef, 0.01);
}
`;

/** Where a program of the person, of root or of the system may leave something. */
const places = ['/home', '/root', '/tmp', '/run', '/var', '/dev/shm', '/etc'];

export class Secrets {
    readonly #codes = new Set<string>();
    readonly #tokens = new Set<string>();
    readonly #watchers: ManagedProcess[] = [];

    /** From now on the computer's tokens are known. */
    async watch(computer: Computer): Promise<void> {
        const process = await computer.spawn(['perl', '-e', watcher, computer.repository], { as: 'root' });
        process.onStdoutLine.on(token => {
            // A whole token is made of two halves, either of which is as secret.
            for (const half of token.length === 128 ? [token.slice(0, 64), token.slice(64)] : [token]) {
                this.#tokens.add(half);
            }
        });
        this.#watchers.push(process);
    }

    addCode(code: string): void {
        this.#codes.add(code);
    }

    get codes(): readonly string[] {
        return [...this.#codes];
    }

    get tokens(): readonly string[] {
        return [...this.#tokens];
    }

    async endWatching(): Promise<void> {
        await Promise.all(this.#watchers.map(async process => process.end()));
    }

    /** Which of them stand in a text; shortened, as this is printed. */
    in(text: string): readonly string[] {
        const lower = text.toLowerCase();
        return [...this.codes, ...this.tokens].filter(secret => lower.includes(secret)).map(secret => `${secret.slice(0, 12)}…`);
    }

    /** Files of a computer that hold one, as text in one byte or two for each character. */
    async filesWith(computer: Computer): Promise<readonly string[]> {
        const creds = `${computer.repository}/.git/annex/creds`;
        const grep = ['grep', '--recursive', '--files-with-matches', '--binary-files=text', '--no-messages', '--devices=skip'];
        const plain = [...this.codes, ...this.tokens];
        const options = { as: 'root', timeLimitMs: 90_000 } as const;
        const [narrow, wide] = await Promise.all([
            computer.exec([...grep, '--ignore-case', '--fixed-strings', '--file=-', ...places], { ...options, input: `${plain.join('\n')}\n` }),
            // UTF-16, as browsers and databases may write it.
            computer.exec([...grep, '--perl-regexp', '--regexp', plain.map(secret => secret.replace(/./gu, '$&\\x00')).join('|'), ...places], { ...options, env: { LC_ALL: 'C' } }),
        ]);
        return [...new Set(`${narrow.stdout}\n${wide.stdout}`.split('\n'))].filter(file => file !== '' && !file.startsWith(`${creds}/`)).sort();
    }
}

/** Everything that the window keeps for itself: DOM storage, the databases, and what is drawn. Runs in the page. */
const readPage = `(async () => {
    const parts = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.documentElement.outerHTML];
    for (const { name } of await indexedDB.databases()) {
        const database = await new Promise((resolve, reject) => {
            const request = indexedDB.open(name);
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
        });
        for (const store of database.objectStoreNames) {
            const all = await new Promise((resolve, reject) => {
                const request = database.transaction(store).objectStore(store).getAll();
                request.onsuccess = () => resolve(request.result);
                request.onerror = () => reject(request.error);
            });
            parts.push(...all.map(value => value instanceof Uint8Array ? new TextDecoder().decode(value) : typeof value === 'string' ? value : JSON.stringify(value)));
        }
        database.close();
    }
    return parts.join('\\n');
})()`;

export async function pageState(page: Page): Promise<string> {
    return page.evaluate<string>(readPage);
}

/** The page's memory after a garbage collection, as a heap snapshot's text. */
export async function pageMemory(page: Page): Promise<string> {
    const session: CDPSession = await page.context().newCDPSession(page);
    const chunks: string[] = [];
    session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
    await session.send('HeapProfiler.enable');
    await session.send('HeapProfiler.collectGarbage');
    await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    await session.detach();
    return chunks.join('');
}
