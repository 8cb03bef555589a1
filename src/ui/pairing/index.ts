/** Pairing with a peer, as a page and as input boxes. */
export { PairingController, type PairingDependencies, type PairingRepository, type WormholeChoice } from './controller';
