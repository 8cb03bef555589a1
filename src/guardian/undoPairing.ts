/**
 * Undoes a pairing that was cut off, with the code that the extension uses for one that failed. Only hashes of tokens were told to the
 * guardian; the token itself it finds where git-annex has put it.
 */
import { halfTokenLength, readAcceptedTokens } from '../core/annex/creds';
import type { RepositoryContext } from '../core/annex/context';
import { silentLog } from '../core/log';
import { removeToken, settleRemote } from '../core/pairing/cleanup';
import { observe } from '../core/pairing/observer';
import type { PairingCleanup } from '../core/process/guardian/messages';
import { secretName } from '../core/process/guardian/pairing';

/** Our half of the token while git-annex keeps it in its folder: the last chance before that is removed. */
export async function readHalf(pairing: PairingCleanup): Promise<string | undefined> {
    return (await observe(pairing.folder, process.pid)).ourHalf;
}

/** Takes the token back and removes the half-made remote, unless the pairing is whole: then it has succeeded. */
export async function undoPairing(pairing: PairingCleanup, seenHalf: string | undefined): Promise<void> {
    const { root, gitDir, git, name, theirAddresses } = pairing;
    const context: RepositoryContext = { root, gitDir, uuid: '', programs: { git, gitAnnex: git }, log: silentLog };
    const accepted = (await readAcceptedTokens(gitDir)).map(({ token }) => token);
    const before = new Set(accepted.filter(token => pairing.tokensBefore.includes(secretName(token))));
    const ourHalf = seenHalf ?? accepted.map(token => token.slice(0, halfTokenLength)).find(half => secretName(half) === pairing.ourHalf);
    if (ourHalf === undefined) {
        return;
    }
    const stored = await settleRemote(context, { name, ourHalf, theirAddresses });
    if (stored.kind !== 'whole') {
        await removeToken(context, before, ourHalf);
    }
}
