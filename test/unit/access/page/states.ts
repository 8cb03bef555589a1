/** One snapshot of every kind that the page for addresses and verifying can be given. */
import { accessReasons, type AccessPageSnapshot, type LinkState, type MakeState, type VerifyState } from '../../../../src/shared/access/snapshot';

const onion = (letter: string): string => `${letter.repeat(56)}.onion`;
export const address = `tor-annex::${onion('k')}:4711:${'0123456789abcdef'.repeat(8)}`;

const base: AccessPageSnapshot = {
    repository: 'holiday-photos',
    section: 'make',
    reachable: true,
    peers: [
        { name: 'bob', onion: onion('b'), known: true, verified: '' },
        { name: 'carol-laptop', onion: onion('c'), known: true, verified: '14:05' },
        { name: 'dave', onion: onion('d'), known: false, verified: '' },
    ],
    make: { state: 'idle' },
    link: { state: 'idle', suggestedName: 'peer1' },
    verify: { state: 'choosing' },
};
const make = (state: MakeState): AccessPageSnapshot => ({ ...base, section: 'make', make: state });
const link = (state: LinkState): AccessPageSnapshot => ({ ...base, section: 'link', link: state });
const verify = (state: VerifyState): AccessPageSnapshot => ({ ...base, section: 'verify', verify: state });

export const states: Readonly<Record<string, AccessPageSnapshot>> = {
    'make': make({ state: 'idle' }),
    'make-unreachable': { ...base, reachable: false },
    'making': make({ state: 'making', label: 'Bob' }),
    'made': make({ state: 'made', label: 'Bob, on his old laptop', address }),
    'make-failed': make({ state: 'failed', label: 'Bob', reason: 'unexpected-output' }),
    'make-no-address': make({ state: 'failed', label: 'Bob', reason: 'no-own-address' }),
    'link': link({ state: 'idle', suggestedName: 'peer1' }),
    'linking': link({ state: 'linking', name: 'bob' }),
    'linked': link({ state: 'linked', name: 'bob' }),
    'linked-same': link({ state: 'linked', name: 'bob2', sameAs: 'bob' }),
    'verify': verify({ state: 'choosing' }),
    'verify-unreachable': { ...base, section: 'verify', reachable: false },
    'verify-nobody': { ...base, section: 'verify', peers: [] },
    'preparing': verify({ state: 'preparing', peer: 'bob' }),
    'words': verify({ state: 'words', peer: 'bob', words: ['sohot', 'rahil', 'rijol', 'boval', 'tomom'], own: { onion: onion('a'), uuid: '00000000-0000-0000-0000-00000000000a' }, other: { onion: onion('b'), uuid: '00000000-0000-0000-0000-00000000000b' } }),
    'agreed': verify({ state: 'agreed', peer: 'bob' }),
    'differ': verify({ state: 'differ', peer: 'bob' }),
    ...Object.fromEntries(accessReasons.map(reason => [`link-${reason}`, link({ state: 'failed', name: 'bob', reason, detail: reason === 'link-failed' ? 'git-annex: something\nthat nobody expected' : '' })])),
};
