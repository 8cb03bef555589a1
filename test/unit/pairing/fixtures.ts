/**
 * What the real `git-annex p2p --pair` 10.20230126 printed over pipes, piece by piece as it was read, with magic-wormhole 0.12 and mailbox
 * and relay on the same machine. The codes are long used up.
 */

export type Piece = readonly ['out' | 'err', string];

export const captured = {
    /** Both codes right; the onion addresses led nowhere, and it was ended. */
    exchanged: [
        ['out', 'p2p pair peer1 '],
        ['out', '(using Magic Wormhole) \n'],
        ['out', '\n'],
        ['out', "This repository's pairing code is: 9-pocketful-ribcage\n\nEnter the other repository's pairing code: "],
        ['out', 'Exchanging pairing data...\n'],
        ['out', 'Successfully exchanged pairing data. Connecting to peer1...\n'],
        ['out', 'Unable to connect to peer1. Retrying...\n'],
        ['out', 'Unable to connect to peer1. Retrying...\n'],
    ],
    /** A wrong code was typed here. */
    wrongHere: [
        ['out', 'p2p pair peer1 (using Magic Wormhole) \n'],
        ['out', '\n'],
        ['out', "This repository's pairing code is: 4-miracle-facial\n\nEnter the other repository's pairing code: "],
        ['out', 'Exchanging pairing data...\n'],
        ['out', '\n'],
        ['err', '  Failed receiving data from pair.\n'],
        ['out', 'failed\n'],
        ['err', 'p2p: 1 failed\n'],
    ],
    /** A wrong code was typed at the other side. */
    wrongThere: [
        ['out', 'p2p pair peer1 (using Magic Wormhole) \n'],
        ['out', '\n'],
        ['out', "This repository's pairing code is: 3-revenue-ringbolt\n\nEnter the other repository's pairing code: "],
        ['out', 'Exchanging pairing data...\n'],
        ['err', '  Failed sending data to pair.\n'],
        ['out', '\n'],
        ['out', 'failed\n'],
        ['err', 'p2p: 1 failed\n'],
    ],
    /** Its own code, then no code, then one that leads nowhere. */
    refused: [
        ['out', 'p2p pair peer1 (using Magic Wormhole) \n'],
        ['out', '\n'],
        ['out', "This repository's pairing code is: 4-yucatan-blackjack\n\n"],
        ['out', "Enter the other repository's pairing code: "],
        ['out', "Oops -- You entered this repository's pairing code. Enter the pairing code of the *other* repository.\nEnter the other repository's pairing code: "],
        ['out', "That does not look like a valiad pairing code. Try again...\nEnter the other repository's pairing code: "],
        ['out', 'Exchanging pairing data...\n'],
    ],
    /** The mailbox server refused the connection. */
    noMailbox: [
        ['out', 'p2p pair peer1 '],
        ['out', '(using Magic Wormhole) \n'],
        ['out', '\n'],
        ['err', '  Failed sending data to pair.\n'],
        ['out', 'failed\n'],
        ['err', 'p2p: 1 failed\n'],
    ],
    /** Without an address of its own. */
    noAddress: [['err', 'git-annex: No P2P networks are currrently available.\n']],
    /** Without a `wormhole` on the PATH. */
    noWormhole: [['err', 'git-annex: Magic Wormhole is not installed, and is needed for pairing. Install it from your distribution or from https://github.com/warner/magic-wormhole/\n']],
    /** Names as git-annex cleaned them: `Zoë x/y!` and `..-/x`. */
    names: [
        ['out', 'p2p pair Zoëx_y '],
        ['out', '(using Magic Wormhole) '],
        ['out', '\n'],
        ['out', 'p2p pair _x (using Magic Wormhole) \n'],
    ],
} as const satisfies Record<string, readonly Piece[]>;
