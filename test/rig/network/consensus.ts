/** Reads which relays a consensus of the Tor network lists as running. */

/**
 * The nicknames with the flag `Running` in a network-status consensus (tor directory specification, "Consensus
 * document format": an `r` line with the nickname begins an entry, its `s` line holds the flags).
 */
export function runningNodes(consensus: string): Set<string> {
    const running = new Set<string>();
    let nickname: string | undefined;
    for (const line of consensus.split('\n')) {
        const [keyword, ...words] = line.split(' ');
        if (keyword === 'r') {
            nickname = words[0];
        } else if (keyword === 's' && nickname !== undefined && words.includes('Running')) {
            running.add(nickname);
        }
    }
    return running;
}
