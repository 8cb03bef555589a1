/**
 * What it means for the pairing how our own wormholes ended.
 */
import type { FailureReason } from '../../shared/pairing/snapshot';
import type { WormholeResult, WormholeResults, WormholeRole } from './wormholeResults';

/** Why the pairing can't succeed any more; undefined as long as it can. What is known exactly goes before what is not. */
export function failureOf(results: WormholeResults): FailureReason | undefined {
    const reasons = (['receive', 'send'] as const).map(role => meaning(role, results[role])).filter(reason => reason !== undefined);
    return reasons.find(reason => reason !== 'unexpected') ?? reasons[0];
}

function meaning(role: WormholeRole, result: WormholeResult | undefined): FailureReason | undefined {
    switch (result) {
        case undefined:
        case 'ok':
            return undefined;
        case 'wrong-code':
            // We receive with the code that was entered here, and send with the one that was to be entered there.
            return role === 'receive' ? 'wrong-code-here' : 'wrong-code-there';
        case 'invalid-code':
            return 'wrong-code-here';
        case 'tor-unreachable':
            return 'tor-down';
        case 'mailbox-unreachable':
        case 'mailbox-certificate':
        case 'crowded':
        case 'peer-absent':
            return result;
        case 'mailbox-refused':
        case 'mailbox-permission':
        case 'mailbox-error':
        case 'mailbox-protocol':
            return 'mailbox-refused';
        case 'invalid-option':
            return 'bad-setting';
        case 'hostile-key-exchange':
            return 'hostile-key';
        case 'peer-error':
        case 'peer-lost':
            return 'peer-gone';
        case 'peer-protocol':
        case 'transit-failed':
        case 'offer-refused':
        case 'corrupted':
            return 'exchange-failed';
        case 'file-unreadable':
        case 'file-unwritable':
        case 'unknown':
            return 'unexpected';
    }
}
