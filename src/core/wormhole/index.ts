/**
 * A Magic Wormhole client: what the rest of the product, or another program, uses of it. See README.md.
 */
export { makeCode, parseCode } from './code';
export { displayable } from './bytes';
export { moodOf, WormholeError, type Mood, type WormholeErrorReason } from './errors';
export {
    defaultAppId,
    defaultMailboxUrl,
    defaultRelay,
    gitAnnexAppId,
    parseMailboxUrl,
    parseRelay,
    parseSocks,
    type Route,
    type SizeLimits,
    type TimeLimits,
    type WormholeOptions,
} from './options';
export { receive, receiveFile, receiveText, type Decision, type Received, type ReceiveOptions } from './receive';
export { sendFile, sendText, type SendOptions } from './send';
export type { TransferOptions } from './session';
export type { TransferStatus } from './status';
export type { Offer } from './transferMessages';
export { Wormhole } from './wormhole';
