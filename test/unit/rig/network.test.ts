import assert from 'node:assert/strict';
import fc from 'fast-check';
import { computerCable } from '../../rig/network/addresses';
import { runningNodes } from '../../rig/network/consensus';
import { certificateEnd, fingerprintIn } from '../../rig/network/keys';
import { listensOn } from '../../rig/network/listening';
import { questionIn } from '../../rig/network/nameServer';
import { planNodes, waitForInterval } from '../../rig/network/torNetwork';
import { computerTorrc, nodeTorrc, relayResolvConf, type TorNode } from '../../rig/network/torrc';

const nodes: TorNode[] = planNodes(2, 1).map((plan, index) => ({
    ...plan,
    orPort: 5000,
    fingerprint: String(index).repeat(40),
    ...(plan.kind === 'authority' ? { authorityFingerprint: 'AB'.repeat(20) } : {}),
}));

describe('rig: the Tor network', () => {
    it('finds the running relays in a consensus', () => {
        // From a cached-microdesc-consensus of tor 0.4.9.11.
        const consensus = [
            'network-status-version 3 microdesc',
            'valid-after 2026-11-22 09:09:00',
            'r relay0 YIEFGeCN2bZ+9oECyakzdVmGNC0 2038-01-01 00:00:00 10.99.0.51 5000 0',
            'm +TplmXuGHIgRbyEuyuuZZGK3gzKHoBxSQBPsZLUAHn4',
            's Exit Fast Guard HSDir Running Stable V2Dir Valid',
            'v Tor 0.4.9.11',
            'r auth0 k2IVzah9untiZwDnsJOCoSEaWcg 2038-01-01 00:00:00 10.99.0.11 5000 7000',
            's Authority V2Dir Valid',
            'directory-footer',
        ].join('\n');
        assert.deepEqual([...runningNodes(consensus)], ['relay0']);
        assert.deepEqual([...runningNodes('')], []);
    });

    it('starts nodes only just after a voting interval has begun', () => {
        assert.equal(waitForInterval(1_000_000), 0);
        assert.equal(waitForInterval(1_001_000), 0);
        assert.equal(waitForInterval(1_004_000), 6000);
        fc.assert(fc.property(fc.nat(), now => {
            const start = now + waitForInterval(now);
            assert.ok(start - now <= 10_000 && start % 10_000 < 1500);
        }));
    });

    it('tells every node and every computer of every authority, and no one else', () => {
        for (const torrc of [...nodes.map(node => nodeTorrc(node, nodes, '/data')), computerTorrc(nodes)]) {
            const authorities = torrc.split('\n').filter(line => line.startsWith('DirAuthority '));
            assert.deepEqual(authorities, [
                `DirAuthority auth0 orport=5000 no-v2 v3ident=${'AB'.repeat(20)} 10.99.0.11:7000 ${'0'.repeat(40)}`,
                `DirAuthority auth1 orport=5000 no-v2 v3ident=${'AB'.repeat(20)} 10.99.0.12:7000 ${'1'.repeat(40)}`,
            ]);
            assert.match(torrc, /^TestingTorNetwork 1$/mu);
        }
    });

    it('lets relays be exits and authorities not', () => {
        const [authority, , relay] = nodes.map(node => nodeTorrc(node, nodes, '/data'));
        assert.match(authority ?? '', /^ExitRelay 0$/mu);
        assert.match(relay ?? '', /^ExitRelay 1$/mu);
        assert.doesNotMatch(relay ?? '', /AuthoritativeDirectory/u);
    });

    it('reads fingerprints and the end of a certificate', () => {
        const certificate = 'dir-key-certificate-version 3\ndir-address 10.99.0.11:7000\nfingerprint 873D744B1BD1630483FBC875F3F43F9DB2A90630\n'
            + 'dir-key-published 2026-11-22 08:52:21\ndir-key-expires 2027-11-22 08:52:21\n';
        assert.equal(fingerprintIn(certificate), '873D744B1BD1630483FBC875F3F43F9DB2A90630');
        assert.equal(fingerprintIn('auth0 936215CDA87BA6DB26670E8B09382A121A5A59C8\n'), '936215CDA87BA6DB26670E8B09382A121A5A59C8');
        assert.throws(() => fingerprintIn('auth0'));
        assert.equal(certificateEnd(certificate), Date.UTC(2027, 10, 22, 8, 52, 21));
        assert.ok(Number.isNaN(certificateEnd('')));
    });

    it('sees who listens without connecting', () => {
        const sockets = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
            + '   0: 0201630A:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000 65534        0 1 1 0 100 0 0 10 0\n'
            + '   1: 0201630A:0FA1 0B00630A:C001 01 00000000:00000000 00:00000000 00000000 65534        0 1 1 0 100 0 0 10 0\n';
        assert.equal(listensOn(sockets, 4000, '10.99.1.2'), true);
        assert.equal(listensOn(sockets, 4000, '10.99.1.1'), false);
        assert.equal(listensOn(sockets, 4001, '10.99.1.2'), false, 'connected is not listening');
    });

    it('reads who asked the name server for what', () => {
        // Of Twisted 22.4's log; tor's exits ask in random capitals.
        assert.deepEqual(questionIn("2026-11-22T11:54:10+0000 [DNSDatagramProtocol (UDP)] <Query maIlbox.exAmple.test A IN> query from ('10.99.0.51', 60759)"), { name: 'mailbox.example.test', type: 'A', from: '10.99.0.51' });
        assert.equal(questionIn('2026-11-22T11:54:10+0000 [DNSDatagramProtocol (UDP)] Answers are <A address=10.99.1.2 ttl=3600>'), undefined);
        fc.assert(fc.property(fc.string(), line => void questionIn(line)));
    });

    it('lets the relays ask the name server of the rig, and tells computers of none', () => {
        const [, , relay] = nodes.map(node => nodeTorrc(node, nodes, '/data'));
        assert.match(relay ?? '', /^ServerDNSResolvConfFile \/data\/resolv\.conf$/mu);
        assert.equal(relayResolvConf('10.99.0.51'), 'options bind-to:10.99.0.51\nnameserver 10.99.1.3\n');
        assert.doesNotMatch(computerTorrc(nodes), /MapAddress/u);
    });

    it('gives links names that Linux takes', () => {
        assert.ok(computerCable('abcdefghijkl', 3).hubLink.length <= 15);
        assert.notEqual(computerCable('alice', 0).address, computerCable('bob', 1).address);
    });
});
