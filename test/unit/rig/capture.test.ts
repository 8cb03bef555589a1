import assert from 'node:assert/strict';
import { mentions, otherEnds, packetsIn } from '../../e2e/steps/capture';

/** As Debian's tcpdump 4.99.3 prints packets with -nn -t -q. */
const printed = `IP 10.99.10.2.43210 > 10.99.0.51.5000: tcp 543
IP 10.99.0.51.5000 > 10.99.10.2.43210: tcp 0
IP 10.99.10.2.51234 > 10.99.1.2.53: UDP, length 41
IP 10.99.10.1 > 10.99.10.2: ICMP 10.99.1.2 udp port 53 unreachable, length 77
IP6 fe80::54d1:c0ff:fe11:2233 > ff02::2: ICMP6, router solicitation, length 16
IP6 fe80::1.5353 > ff02::fb.5353: UDP, length 45
`;

describe('a capture', () => {
    it('reads addresses and ports', () => {
        const packets = packetsIn(printed);
        assert.equal(packets.length, 6);
        assert.deepEqual(packets[0], { from: '10.99.10.2:43210', to: '10.99.0.51:5000' });
        assert.deepEqual(packets[3], { from: '10.99.10.1', to: '10.99.10.2' });
    });

    it('names each other end once, a DNS server too, and leaves out what no router passes on', () => {
        assert.deepEqual(otherEnds({ packets: packetsIn(printed), bytes: Buffer.alloc(0) }, '10.99.10.2'), ['10.99.0.51:5000', '10.99.1.2:53', '10.99.10.1']);
    });

    it('passes over nothing that it can\'t read', () => {
        assert.throws(() => packetsIn('STP 802.1d, Config, Flags [none], length 35\n'), /STP/u);
    });

    it('finds an address as text and as bytes', () => {
        assert.ok(mentions(Buffer.from('direct: 10.99.10.2'), '10.99.10.2'));
        assert.ok(mentions(Buffer.from([1, 10, 99, 10, 2]), '10.99.10.2'));
        assert.ok(!mentions(Buffer.from('10.99.10'), '10.99.10.2'));
    });
});
