/**
 * What can be known of the way between this repository and the Tor network: which tor there is, whether it takes connections,
 * and whether our own onion service answers to somebody who comes from outside.
 */
import type { Log } from '../log';
import type { TorAddress } from '../tor/address';
import { askService, type ServiceAnswer } from '../tor/serviceCheck';
import { isSocksProxy, systemTor } from '../tor/socks';
import { torVersion } from '../tor/version';

export interface NetworkState {
    /** In milliseconds since the epoch; undefined: not looked at yet. */
    readonly at: number | undefined;
    readonly checking: boolean;
    readonly torVersion: string | undefined;
    /** Tor's SOCKS port takes connections. */
    readonly socks: boolean | undefined;
    /** Of our own onion service, asked through Tor; undefined: there is none, or it was not asked. */
    readonly service: ServiceAnswer | undefined;
}

export const notLooked: NetworkState = { at: undefined, checking: false, torVersion: undefined, socks: undefined, service: undefined };

/** Tor may need a while for a service that it has not been asked for lately. */
const serviceLimitMs = 60_000;

/** Looks once; `onState` is told as soon as something is known. @throws {CancelledError} */
export async function checkNetwork(address: TorAddress | undefined, log: Log, onState: (state: NetworkState) => void, signal?: AbortSignal): Promise<void> {
    onState({ ...notLooked, checking: true });
    try {
        const [version, socks] = await Promise.all([torVersion(log, signal), isSocksProxy(systemTor)]);
        const known: NetworkState = { ...notLooked, at: Date.now(), checking: socks && address !== undefined, torVersion: version, socks };
        onState(known);
        if (known.checking && address !== undefined) {
            const service = await askService(address, { timeLimitMs: serviceLimitMs, signal });
            onState({ ...known, at: Date.now(), checking: false, service });
        }
    } catch (error) {
        onState(notLooked);
        throw error;
    }
}
