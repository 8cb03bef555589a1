/** A sender's code handed to a receiver, as people do. */
import type { TransferStatus } from '../../../src/core/wormhole/status';

export function sharedCode(): { readonly code: Promise<string>; readonly onStatus: (status: TransferStatus) => void } {
    let tell: (code: string) => void = () => undefined;
    const code = new Promise<string>(resolve => (tell = resolve));
    return {
        code,
        onStatus: status => {
            if (status.step === 'code') {
                tell(status.code);
            }
        },
    };
}
