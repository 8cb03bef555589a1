/**
 * Addresses by hand and verifying for one repository, as the page uses them: what is shown now, and what the user can do. It knows no
 * editor. A made address is held here alone, until the user is done with it or the page is closed.
 */
import type { RepositoryContext } from '../../core/annex/context';
import { CancelledError, messageOf, AnnexPeersError } from '../../core/errors';
import { Event, type Subscription } from '../../core/event';
import { redact } from '../../core/log';
import { checkLink, linkPeer, makeAddress, setVerified, verifyCommand, verifyWords, type End, type HandMadeAddress, type SecretText } from '../../core/peers/access';
import type { PeerSnapshot, RepositorySnapshot } from '../../core/repository/repository';
import type { LinkCheck } from '../../shared/access/messages';
import type { AccessPageSnapshot, LinkState, MakeState, Section, VerifyState } from '../../shared/access/snapshot';
import { fill } from '../../shared/fill';
import { inert } from '../../shared/inert';
import { suggestName } from '../../shared/pairing/name';
import { shownReason } from './texts';

/** The repository as it is needed here. */
export interface DeskRepository {
    readonly context: RepositoryContext;
    readonly onDidChange: Event<RepositorySnapshot>;
    readonly snapshot: Pick<RepositorySnapshot, 'name' | 'service' | 'peers' | 'remotes' | 'access'>;
    /** Reads it again, after something was changed. */
    changed(): Promise<void>;
}

export interface DeskActions {
    /** Puts a secret into the clipboard, and takes it out again after a while. */
    copySecret(secret: SecretText): Promise<void>;
    copy(text: string): Promise<void>;
    syncNow(peer: string): void;
    revoke(peer: string): void;
    enableTor(): void;
    startTor(): void;
    showLog(): void;
    /** A time for people. */
    when(at: number): string;
    /** The message for somebody at a command line; {0} is the line. */
    readonly instructions: string;
}

export class AccessDesk {
    readonly onSnapshot = new Event<AccessPageSnapshot>();
    #section: Section = 'make';
    #make: MakeState = { state: 'idle' };
    #made: { readonly secret: SecretText; readonly ids: readonly string[] } | undefined;
    #link: LinkState;
    #verify: VerifyState = { state: 'choosing' };
    #linking: AbortController | undefined;
    readonly #subscription: Subscription;

    constructor(
        private readonly repository: DeskRepository,
        readonly actions: DeskActions,
    ) {
        this.#link = this.#linkIdle();
        this.#subscription = repository.onDidChange.on(({ access }) => {
            // An address that was revoked while it is shown is good for nothing any more.
            if (this.#made?.ids.every(id => access.every(entry => entry.id !== id)) === true) {
                this.#made = undefined;
                this.#make = { state: 'idle' };
            }
            this.#publish();
        });
    }

    get snapshot(): AccessPageSnapshot {
        const { name, service, peers } = this.repository.snapshot;
        return {
            repository: inert(name),
            section: this.#section,
            reachable: service.kind === 'enabled' || service.kind === 'not-served',
            peers: peers.map(peer => ({ name: inert(peer.name), onion: peer.address.onion, known: peer.uuid !== undefined, verified: peer.verified === undefined ? '' : this.actions.when(peer.verified) })),
            make: this.#make,
            link: this.#link,
            verify: this.#verify,
        };
    }

    /** Ends what runs and forgets the address. */
    dispose(): void {
        this.#subscription.dispose();
        this.#linking?.abort();
        this.#made = undefined;
        this.#make = { state: 'idle' };
    }

    show(section: Section): void {
        this.#section = section;
        this.#publish();
    }

    async make(label: string): Promise<void> {
        if (this.#make.state === 'making' || label.trim() === '') {
            return;
        }
        this.#make = { state: 'making', label: inert(label.trim()) };
        this.#publish();
        try {
            const made = await makeAddress(this.repository.context, label.trim());
            await this.repository.changed();
            this.adopt(made, label);
        } catch (error) {
            this.#log('make', error);
            this.#make = { state: 'failed', label: inert(label.trim()), reason: shownReason(error) };
            this.#publish();
        }
    }

    /** Shows an address that was made elsewhere. */
    adopt({ addresses, ids }: HandMadeAddress, label: string): void {
        const [secret] = addresses;
        if (secret !== undefined) {
            this.#made = { secret, ids };
            this.#make = { state: 'made', label: inert(label.trim()), address: secret.reveal() };
            this.show('make');
        }
    }

    /** False where there is none. */
    async copyAddress(): Promise<boolean> {
        if (this.#made === undefined) {
            return false;
        }
        await this.actions.copySecret(this.#made.secret);
        return true;
    }

    forgetAddress(): void {
        this.#made = undefined;
        this.#make = { state: 'idle' };
        this.#publish();
    }

    /** Looks at what is typed; nothing runs but a look at the configuration. */
    async checkLink(address: string, name: string): Promise<LinkCheck> {
        return checkTyped(this.repository.context, address, name);
    }

    async link(address: string, name: string): Promise<void> {
        if (this.#linking !== undefined) {
            return;
        }
        const linking = new AbortController();
        this.#linking = linking;
        this.#link = { state: 'linking', name: inert(name) };
        this.#publish();
        try {
            const linked = await linkPeer(this.repository.context, { address, name, signal: linking.signal });
            await this.repository.changed();
            this.#link = { state: 'linked', name: inert(linked.name), ...(linked.sameAs === undefined ? {} : { sameAs: inert(linked.sameAs) }) };
        } catch (error) {
            if (error instanceof CancelledError) {
                this.#link = this.#linkIdle();
            } else {
                this.#log('link', error);
                this.#link = { state: 'failed', name: inert(name), reason: shownReason(error), detail: error instanceof AnnexPeersError ? inertLines(redact(error.detail)) : '' };
            }
        } finally {
            this.#linking = undefined;
        }
        this.#publish();
    }

    cancelLink(): void {
        this.#linking?.abort();
    }

    linkAgain(): void {
        if (this.#linking === undefined) {
            this.#link = this.#linkIdle();
            this.#publish();
        }
    }

    /** Makes the words for a peer. */
    async verify(name: string): Promise<void> {
        this.#section = 'verify';
        const ends = this.#endsOf(name);
        if (ends === undefined) {
            this.#verify = { state: 'choosing' };
            this.#publish();
            return;
        }
        const preparing: VerifyState = { state: 'preparing', peer: inert(name) };
        this.#verify = preparing;
        this.#publish();
        const words = await verifyWords(ends.own, ends.other);
        // The user may have chosen another one meanwhile.
        if (Object.is(this.#verify, preparing)) {
            this.#verify = { state: 'words', peer: inert(name), words: [...words], own: ends.own, other: ends.other };
            this.#publish();
        }
    }

    choosePeer(): void {
        this.#verify = { state: 'choosing' };
        this.#publish();
    }

    /** What the user found; holds for just the ends whose words were shown. */
    async compared(same: boolean): Promise<void> {
        const now = this.#verify;
        if (now.state !== 'words') {
            return;
        }
        await setVerified(this.repository.context.gitDir, now.own, now.other, same ? Date.now() : undefined);
        await this.repository.changed();
        this.#verify = { state: same ? 'agreed' : 'differ', peer: now.peer };
        this.#publish();
    }

    async takeBack(name: string): Promise<void> {
        const ends = this.#endsOf(name);
        if (ends !== undefined) {
            await setVerified(this.repository.context.gitDir, ends.own, ends.other, undefined);
            await this.repository.changed();
        }
        this.choosePeer();
    }

    async copyInstructions(): Promise<void> {
        await this.actions.copy(fill(this.actions.instructions, verifyCommand));
    }

    /** By the name that is shown. */
    syncNow(name: string): void {
        const peer = this.#peer(name);
        if (peer !== undefined) {
            this.actions.syncNow(peer.name);
        }
    }

    revoke(name: string): void {
        const peer = this.#peer(name);
        if (peer !== undefined) {
            this.actions.revoke(peer.name);
        }
    }

    #peer(name: string): PeerSnapshot | undefined {
        return this.repository.snapshot.peers.find(peer => inert(peer.name) === name || peer.name === name);
    }

    #endsOf(name: string): { readonly own: End; readonly other: End } | undefined {
        const peer = this.#peer(name);
        return peer === undefined ? undefined : endsOf(this.repository, peer);
    }

    #linkIdle(): LinkState {
        return { state: 'idle', suggestedName: suggestName(this.repository.snapshot.remotes) };
    }

    #log(what: string, error: unknown): void {
        this.repository.context.log.warn(`addresses: ${what}: ${redact(messageOf(error))}${error instanceof AnnexPeersError && error.detail !== '' ? `\n${redact(error.detail)}` : ''}`);
    }

    #publish(): void {
        this.onSnapshot.fire(this.snapshot);
    }
}

/** Both ends of a link, as far as they are known. */
export function endsOf({ context, snapshot }: Pick<DeskRepository, 'context' | 'snapshot'>, peer: PeerSnapshot): { readonly own: End; readonly other: End } | undefined {
    const { service } = snapshot;
    if (peer.uuid === undefined || !('address' in service)) {
        return undefined;
    }
    return { own: { onion: service.address.onion, uuid: context.uuid }, other: { onion: peer.address.onion, uuid: peer.uuid } };
}

/** What is to be said of an address and a name while they are typed. */
export async function checkTyped(context: RepositoryContext, address: string, name: string): Promise<LinkCheck> {
    if (address.trim() === '') {
        return { kind: 'empty' };
    }
    try {
        const checked = await checkLink(context, { address, name });
        return { kind: 'ok', onion: checked.line.split(':')[2] ?? '', name: checked.name };
    } catch (error) {
        const known = error instanceof AnnexPeersError ? error.detail : '';
        return { kind: 'wrong', reason: shownReason(error), detail: inert(known) };
    }
}

function inertLines(text: string): string {
    return text.split('\n').slice(-20).map(line => inert(line, 500)).join('\n').trim();
}
