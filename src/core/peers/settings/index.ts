/** What a person can set for a peer: description, trust, groups, wanted and required content, cost, direction. */
export { readPeerSettings, SettingError, setCost, setDescription, setDirection, setGroups, setRequired, setTrust, setWanted, type PeerRef, type SettingReason } from './settings';
export * from './values';
