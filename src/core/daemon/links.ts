/**
 * How each peer's link is, from what the remote daemon says: idempotent, whatever is repeated, missing or out of order. It also keeps
 * what is needed to tell when the daemon's own state stands in the way of a connection.
 */
import type { DaemonMessage } from './protocol';
import type { DaemonSnapshot, PeerLink } from './snapshot';

/** No repository has more peers; beyond it something is wrong with what is read. */
const maxLinks = 2000;
/** git-annex waits 1, 2, 4 … 3600 seconds between tries and never starts afresh (RemoteDaemon/Transport/P2PHelper.hs, robustConnection). */
const longestInnerWaitMs = 3_600_000;

export class Links {
    #links: DaemonSnapshot['links'] = new Map();
    /** When each link became what it is, by a clock that nobody sets. */
    readonly #begun = new Map<string, number>();
    readonly #losses = new Map<string, number>();
    /** Links that a pause of ours has cut; undefined while there is none. */
    #cutByPause: Set<string> | undefined;

    get all(): DaemonSnapshot['links'] {
        return this.#links;
    }

    /** Forgets everything: a new daemon has started. */
    clear(): void {
        this.#links = new Map();
        this.#begun.clear();
        this.#losses.clear();
        this.#cutByPause?.clear();
    }

    /**
     * Takes a message in; true if a link changed.
     *
     * @param now in milliseconds of a clock that only goes on, as all times here but what is shown
     * @param shown milliseconds since the epoch
     */
    take(message: DaemonMessage, now: number, shown = now): boolean {
        switch (message.kind) {
            case 'connected':
                this.#cutByPause?.delete(message.uri);
                return this.#set(message.uri, 'connected', now, shown);
            case 'disconnected':
                if (this.#cutByPause !== undefined) {
                    this.#cutByPause.add(message.uri);
                    return false;
                }
                this.#losses.set(message.uri, (this.#losses.get(message.uri) ?? 0) + 1);
                return this.#set(message.uri, 'disconnected', now, shown);
            case 'syncing':
                return this.#set(message.uri, 'fetching', now, shown);
            case 'done-syncing':
                return this.#set(message.uri, 'connected', now, shown);
            case 'warning':
            case 'unknown':
                return false;
        }
    }

    /** A pause makes the daemon cut its connections, which says nothing of the peers: their links stay as they were until {@link settle}. */
    hold(): void {
        this.#cutByPause ??= new Set();
    }

    /** The daemon has had its time to connect again after a pause; true if a link changed. */
    settle(now: number, shown = now): boolean {
        const cut = [...(this.#cutByPause ?? [])];
        this.#cutByPause = undefined;
        return cut.map(uri => this.#set(uri, 'disconnected', now, shown)).includes(true);
    }

    /** Addresses that have been fetched from for longer than `ms`. */
    fetchingLongerThan(ms: number, now: number): string[] {
        return [...this.#links].filter(([uri, { link }]) => link === 'fetching' && now - (this.#begun.get(uri) ?? now) > ms).map(([uri]) => uri);
    }

    /** About how long git-annex waits before it next tries this address, which is not connected, in milliseconds. */
    innerWait(uri: string, startedAt: number, now: number): number {
        const link = this.#links.get(uri);
        if (link?.link === 'connected' || link?.link === 'fetching') {
            return 0;
        }
        // The tries are at 1, 3, 7, 15 … seconds: the next wait is about as long as all that were.
        const tried = now - (this.#begun.get(uri) ?? startedAt);
        const lost = 1000 * 2 ** Math.min(20, this.#losses.get(uri) ?? 0);
        return Math.min(longestInnerWaitMs, Math.max(tried, lost));
    }

    #set(uri: string, link: PeerLink, now: number, shown: number): boolean {
        if (this.#links.get(uri)?.link === link || (!this.#links.has(uri) && this.#links.size >= maxLinks)) {
            return false;
        }
        this.#links = new Map(this.#links).set(uri, { link, since: shown });
        this.#begun.set(uri, now);
        return true;
    }
}
