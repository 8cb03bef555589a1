/**
 * The commands' identifiers, as package.json declares them.
 */
export const commandIds = [
    'annexPeers.enableTor',
    'annexPeers.pairPeer',
    'annexPeers.pairPeerQuick',
    'annexPeers.syncContent',
    'annexPeers.syncPeer',
    'annexPeers.stopSync',
    'annexPeers.add',
    'annexPeers.initialize',
    'annexPeers.installPrograms',
    'annexPeers.startTor',
    'annexPeers.startDaemon',
    'annexPeers.stopDaemon',
    'annexPeers.restartDaemon',
    'annexPeers.showLog',
    'annexPeers.showStatus',
    'annexPeers.refresh',
    'annexPeers.copyAddress',
    'annexPeers.renamePeer',
    'annexPeers.removePeer',
    'annexPeers.revokeAccess',
    'annexPeers.undoRevoke',
    'annexPeers.revokeAll',
    'annexPeers.labelAccess',
    'annexPeers.pausePeer',
    'annexPeers.resumePeer',
    'annexPeers.pauseAll',
    'annexPeers.resumeAll',
    'annexPeers.checkNetwork',
    'annexPeers.copyDiagnostics',
] as const;

export type CommandId = (typeof commandIds)[number];
