/** What mends a pairing that failed, the same for the page and the input boxes; the extension knows how each is done. */
import type { FailureReason } from './snapshot';

export const remedies = ['enable-tor', 'start-tor', 'open-settings', 'install', 'start-daemon', 'check-network', 'show-access'] as const;
export type Remedy = (typeof remedies)[number];

/** The next steps that make another try worth it, the likeliest first. */
export function remediesFor(reason: FailureReason, tokenMayRemain: boolean): readonly Remedy[] {
    return [...mending(reason), ...(tokenMayRemain ? ['show-access' as const] : [])];
}

function mending(reason: FailureReason): readonly Remedy[] {
    switch (reason) {
        case 'no-address':
            return ['enable-tor'];
        case 'tor-down':
            return ['start-tor'];
        case 'no-wormhole':
            return ['install'];
        case 'bad-setting':
        case 'mailbox-certificate':
        case 'mailbox-refused':
        case 'exchange-failed':
            return ['open-settings'];
        case 'not-connected':
            return ['check-network', 'start-daemon'];
        case 'mailbox-unreachable':
        case 'no-code':
        case 'wrong-code-here':
        case 'wrong-code-there':
        case 'crowded':
        case 'hostile-key':
        case 'peer-absent':
        case 'peer-gone':
        case 'not-stored':
        case 'name-taken':
        case 'not-started':
        case 'unexpected':
            return [];
    }
}
