/**
 * Which wormhole a pairing runs, and which way it goes: the extension's own through Tor, unless the user's settings say
 * otherwise in so many words.
 */
import path from 'node:path';
import type { WormholeState } from '../core/preflight/preflight';
import { systemTor } from '../core/tor/socks';
import { createLauncher } from '../core/wormhole/launcher';
import type { WormholeChoice } from './pairing';
import type { WormholeSettings } from './settings';

export interface WormholePlaces {
    /** The extension's folder, which holds the bundled program. */
    readonly extension: string;
    /** A folder of the extension's own that outlives its updates. */
    readonly storage: string;
}

export async function chooseWormhole(settings: WormholeSettings, state: WormholeState, places: WormholePlaces): Promise<WormholeChoice> {
    const servers = {
        ...(settings.mailboxUrl === undefined ? {} : { WORMHOLE_RELAY_URL: settings.mailboxUrl }),
        ...(settings.transitRelay === undefined ? {} : { WORMHOLE_TRANSIT_HELPER: settings.transitRelay }),
    };
    if (state.kind !== 'built-in') {
        // git-annex never passes --tor on.
        return { program: state.kind === 'program' ? state.path : undefined, privacy: 'clear-net', env: servers };
    }
    const folder = await createLauncher({
        folder: path.join(places.storage, 'bin'),
        runtime: process.execPath,
        program: path.join(places.extension, 'dist', 'wormhole.js'),
    });
    const program = path.join(folder, 'wormhole');
    if (settings.withoutTor) {
        return { program, ownWormhole: true, privacy: 'clear-net', env: { ...servers, ANNEX_PEERS_WORMHOLE_SOCKS: undefined } };
    }
    return { program, ownWormhole: true, privacy: 'tor', env: { ...servers, ANNEX_PEERS_WORMHOLE_SOCKS: `${systemTor.host}:${systemTor.port}` } };
}
