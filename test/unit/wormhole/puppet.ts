/**
 * The other side of a wormhole as a puppet: it knows the protocol and the code, and does exactly what a test tells it to,
 * in any order and form.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { fromHex, jsonFromBytes, jsonToBytes, textToBytes, toHex, type Bytes } from '../../../src/core/wormhole/bytes';
import { phaseKey, seal, transitKey, unseal } from '../../../src/core/wormhole/keys';
import { Spake2 } from '../../../src/core/wormhole/spake2';
import { shakeHands, type Role } from '../../../src/core/wormhole/transit/handshake';
import { SocketReader } from '../../../src/core/wormhole/transit/reader';
import { RecordPipe } from '../../../src/core/wormhole/transit/records';
import { decodeTransferMessage, type TransferMessage } from '../../../src/core/wormhole/transferMessages';
import { until } from '../../interop/wormhole/support/until';

interface Seen {
    readonly phase: string;
    readonly body: Bytes;
}

export class Puppet {
    readonly side = randomBytes(5).toString('hex');
    readonly seen: Seen[] = [];
    #theirSide = '';
    #key: Bytes | undefined;
    readonly #spake: Spake2;

    private constructor(private readonly socket: WebSocket, code: string, appId: string) {
        this.#spake = new Spake2(textToBytes(code), textToBytes(appId));
        socket.on('error', () => undefined);
        socket.on('message', data => {
            const message = JSON.parse((data as Buffer).toString('utf8')) as { type: string; side: string; phase: string; body: string; mailbox: string };
            if (message.type === 'claimed') {
                this.#send({ type: 'open', mailbox: message.mailbox });
            }
            if (message.type === 'message' && message.side !== this.side) {
                this.#theirSide = message.side;
                this.seen.push({ phase: message.phase, body: fromHex(message.body) ?? new Uint8Array(0) });
            }
        });
    }

    /** Connects, claims the code's nameplate and opens its mailbox. */
    static async join(url: string, code: string, appId = 'test'): Promise<Puppet> {
        const socket = new WebSocket(url);
        const puppet = new Puppet(socket, code, appId);
        await new Promise(resolve => socket.once('open', resolve));
        puppet.#send({ type: 'bind', appid: appId, side: puppet.side });
        puppet.#send({ type: 'claim', nameplate: code.split('-')[0] });
        return puppet;
    }

    get key(): Bytes {
        return this.#key ?? new Uint8Array(32);
    }

    #send(message: object): void {
        this.socket.send(JSON.stringify({ id: '0000', ...message }));
    }

    /** Adds a message as it is. */
    add(phase: string, body: Bytes): void {
        this.#send({ type: 'add', phase, body: toHex(body) });
    }

    /** Adds a message sealed as the protocol wants it. */
    addSealed(phase: string, plaintext: Bytes): void {
        this.add(phase, seal(phaseKey(this.key, this.side, phase), plaintext));
    }

    addJson(phase: string, value: unknown): void {
        this.addSealed(phase, jsonToBytes(value));
    }

    /** Waits for the other side's key exchange message and answers it. */
    async exchangeKeys(version = true): Promise<void> {
        const pake = await this.waitFor('pake');
        const message = jsonFromBytes(pake.body) as { pake_v1: string };
        this.#key = this.#spake.finish(fromHex(message.pake_v1) ?? new Uint8Array(0));
        this.add('pake', jsonToBytes({ pake_v1: toHex(this.#spake.message) }));
        if (version) {
            this.addJson('version', { app_versions: {} });
        }
    }

    waitFor(phase: string): Promise<Seen> {
        return until(`phase ${phase}`, () => this.seen.find(message => message.phase === phase));
    }

    /** The other side's numbered message, opened. */
    async read(phase: string): Promise<unknown> {
        const { body } = await this.waitFor(phase);
        const plaintext = unseal(phaseKey(this.key, this.#theirSide, phase), body);
        return plaintext === undefined ? undefined : jsonFromBytes(plaintext);
    }

    /** The first numbered message of the other side that holds what is asked for. */
    async transferMessage<K extends keyof TransferMessage>(wanted: K): Promise<NonNullable<TransferMessage[K]>> {
        for (let phase = 0; ; phase++) {
            const found = decodeTransferMessage(await this.read(String(phase)))?.[wanted];
            if (found !== undefined) {
                return found;
            }
        }
    }

    /** Dials the other side's first hint that answers and shakes hands there. */
    async transit(role: Role): Promise<{ readonly pipe: RecordPipe; readonly socket: Socket }> {
        const { direct } = await this.transferMessage('transit');
        const key = transitKey(this.key);
        for (const hint of direct) {
            const socket = connect(hint.port, hint.host);
            const connected = await new Promise<boolean>(resolve => socket.once('connect', () => resolve(true)).on('error', () => resolve(false)));
            const reader = new SocketReader(socket);
            if (connected && (await shakeHands({ reader, write: bytes => socket.write(bytes) }, role, key, () => true))) {
                return { pipe: new RecordPipe(socket, reader, role, key, 'direct'), socket };
            }
        }
        throw new Error('no hint answered');
    }

    leave(): void {
        this.socket.terminate();
    }
}
