/**
 * A pairing under way as the guardian is told of it: secrets by their hashes alone.
 */
import { createHash } from 'node:crypto';
import type { RepositoryContext } from '../../annex/context';
import type { Cleanup } from './messages';

/** How a secret is named to the guardian: SHA-256, hex. */
export function secretName(secret: string): string {
    return createHash('sha256').update(secret.toLowerCase()).digest('hex');
}

export interface PairingUnderWay {
    /** The remote's name. */
    readonly name: string;
    /** The pairing's own temporary folder. */
    readonly folder: string;
    /** The tokens that were accepted before. */
    readonly tokensBefore: Iterable<string>;
    readonly ourHalf?: string | undefined;
    readonly theirAddresses?: readonly string[];
}

/** For {@link ChildRegistry.guard}, again whenever more is known; released when the pairing has cleaned up after itself. */
export function pairingCleanup(repository: RepositoryContext, pairing: PairingUnderWay): Cleanup {
    return {
        folders: [pairing.folder],
        pairing: {
            root: repository.root,
            gitDir: repository.gitDir,
            git: repository.programs.git,
            name: pairing.name,
            folder: pairing.folder,
            tokensBefore: [...pairing.tokensBefore].map(secretName),
            ...(pairing.ourHalf === undefined ? {} : { ourHalf: secretName(pairing.ourHalf) }),
            theirAddresses: pairing.theirAddresses ?? [],
        },
    };
}
