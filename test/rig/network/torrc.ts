/** The configuration of the private Tor network's nodes, and the lines that make a computer's tor a client of it. */
import { dirPort, nameServerAddress, orPort } from './addresses';

export interface TorNode {
    readonly nickname: string;
    readonly kind: 'authority' | 'relay';
    readonly address: string;
    readonly orPort: number;
    /** Fingerprint of the relay's identity, 40 hexadecimal digits. */
    readonly fingerprint: string;
    /** Fingerprint of the authority's identity (v3ident), of authorities alone. */
    readonly authorityFingerprint?: string;
}

/** Seconds between the votes of the first consensus; nodes must be started just after a multiple of it. */
export const initialVotingInterval = 10;

/** What every tor that belongs to the network must be told, relays and clients alike (tor(1), "TESTING NETWORK OPTIONS"). */
export function networkLines(nodes: readonly TorNode[]): string[] {
    return [
        'TestingTorNetwork 1',
        'AssumeReachable 1',
        'PathsNeededToBuildCircuits 0.25',
        ...nodes.filter(({ kind }) => kind === 'authority').map(authority =>
            `DirAuthority ${authority.nickname} orport=${authority.orPort} no-v2 v3ident=${authority.authorityFingerprint ?? ''} ${authority.address}:${dirPort} ${authority.fingerprint}`),
    ];
}

const authorityLines = (node: TorNode): string[] => [
    `DirPort ${node.address}:${dirPort}`,
    'AuthoritativeDirectory 1',
    'V3AuthoritativeDirectory 1',
    'ExitRelay 0',
    'ExitPolicy reject *:*',
    `TestingV3AuthInitialVotingInterval ${initialVotingInterval}`,
    'TestingV3AuthInitialVoteDelay 2',
    'TestingV3AuthInitialDistDelay 2',
    // Not shorter: in testing networks an onion service's time period is 24 of these, and services whose period
    // passes too quickly are unreachable for minutes.
    'V3AuthVotingInterval 300',
    'V3AuthVoteDelay 2',
    'V3AuthDistDelay 2',
    'V3AuthNIntervalsValid 3',
    'TestingMinExitFlagThreshold 0',
    'TestingMinFastFlagThreshold 0',
    'AuthDirTestReachability 0',
];

/**
 * The resolv.conf(5) of a relay, for who leaves through it to a server that has a name. It asks from its own address: tor's
 * OutboundBindAddress says nothing of questions, and `bind-to` is libevent's own option (evdns.c).
 */
export const relayResolvConf = (address: string): string => `options bind-to:${address}\nnameserver ${nameServerAddress}\n`;

const relayLines = (resolvConf: string): string[] => [
    'ExitRelay 1',
    'ExitPolicyRejectPrivate 0',
    'ExitPolicyRejectLocalInterfaces 0',
    'ExitPolicy accept *:*',
    'IPv6Exit 0',
    `ServerDNSResolvConfFile ${resolvConf}`,
    // Else it looks up names of the real network, to see whether its name server lies.
    'ServerDNSDetectHijacking 0',
    'ServerDNSSearchDomains 0',
];

/** The torrc of one node; `dataFolder` is its DataDirectory. */
export function nodeTorrc(node: TorNode, nodes: readonly TorNode[], dataFolder: string): string {
    const lines = [
        ...networkLines(nodes),
        'TestingDirAuthVoteExit *',
        'TestingDirAuthVoteGuard *',
        'TestingDirAuthVoteHSDir *',
        `DataDirectory ${dataFolder}`,
        `PidFile ${dataFolder}/pid`,
        `Nickname ${node.nickname}`,
        `Address ${node.address}`,
        // What leaves through an exit is seen to come from that exit.
        `OutboundBindAddress ${node.address}`,
        `ORPort ${node.address}:${node.orPort}`,
        'SocksPort 0',
        `ControlSocket ${dataFolder}/control`,
        `Log notice file ${dataFolder}/notices.log`,
        'SafeLogging 0',
        'ContactInfo rig@example.invalid',
        'ShutdownWaitLength 0',
        'ConnLimit 60',
        'NumCPUs 1',
        // A first consensus is compressed with lzma at once, which counts 100 MB; below that tor drops its connections.
        'MaxMemInQueues 256 MB',
        // Halves the memory of a node.
        'GeoIPFile /dev/null',
        'GeoIPv6File /dev/null',
        ...(node.kind === 'authority' ? authorityLines(node) : relayLines(`${dataFolder}/resolv.conf`)),
    ];
    return `${lines.join('\n')}\n`;
}

/** The /etc/tor/torrc of a computer; git-annex adds its onion services at the end. */
export function computerTorrc(nodes: readonly TorNode[]): string {
    return [
        '# A client of the rig\'s private Tor network.',
        ...networkLines(nodes),
        'SafeLogging 0',
        'Log notice file /var/log/tor/notices.log',
        'GeoIPFile /dev/null',
        'GeoIPv6File /dev/null',
        '',
    ].join('\n');
}

export { orPort };
