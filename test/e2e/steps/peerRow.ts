/** A peer's row in the tree, looked at all the time: what it says, and what it has said. */
import { waitFor } from '../../rig/wait';
import type { Person } from './person';

const words = ['online', 'off line', 'no answer', 'its remote daemon is not running', 'Tor is down here', 'refuses our token', 'another repository answers', 'no token for it', 'something else answers', 'checking', 'paused', 'not checked'];

export class PeerRow {
    #text = '';
    readonly #states: string[] = [];

    constructor(
        private readonly person: Person,
        private readonly peer: string,
    ) {}

    /** What the row said of the peer when it was last looked at, in one line. */
    get text(): string {
        return this.#text;
    }

    /** Each state that was seen, in order. */
    get states(): readonly string[] {
        return this.#states;
    }

    /** Waits for it; gives back when, in milliseconds since the epoch. */
    async shows(pattern: RegExp, limitMs: number): Promise<number> {
        try {
            return await waitFor(async () => pattern.test(await this.#look()) ? Date.now() : undefined, { what: `the row of ${this.peer} to say ${String(pattern)}`, limitMs });
        } catch (error) {
            throw new Error(`It says: ${this.#text}; it said: ${this.#states.join(', ')}`, { cause: error });
        }
    }

    /** @throws {Error} if it says anything else within the time */
    async staysFor(pattern: RegExp, ms: number): Promise<void> {
        const end = Date.now() + ms;
        await waitFor(async () => {
            if (!pattern.test(await this.#look())) {
                throw new Error(`It did not stay: ${this.#text}`);
            }
            return Date.now() > end;
        }, { what: `${ms} ms to go by`, limitMs: ms + 5000 });
    }

    async #look(): Promise<string> {
        const rows = await this.person.window.treeRows();
        this.#text = (rows.find(row => row.startsWith(this.peer)) ?? '').slice(this.peer.length).replaceAll(/\s+/gu, ' ').trim();
        const state = words.find(word => this.#text.includes(word));
        if (state !== undefined && state !== this.#states.at(-1)) {
            this.#states.push(state);
        }
        return this.#text;
    }
}
