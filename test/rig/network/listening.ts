/** Whether a server listens already, as the kernel tells it: without connecting, so that no server sees a stranger. */

const listening = '0A';

/** An IPv4 address as /proc/net/tcp writes it: the four bytes as one little-endian hexadecimal number. */
function kernelAddress(address: string): string {
    return address.split('.').reverse().map(byte => Number(byte).toString(16).toUpperCase().padStart(2, '0')).join('');
}

/**
 * Whether a text in the form of /proc/net/tcp (proc(5)) shows a socket that listens on this IPv4 address and port.
 * The address is compared as little-endian machines write it.
 */
export function listensOn(procNetTcp: string, port: number, address: string): boolean {
    const wanted = `${kernelAddress(address)}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    return procNetTcp.split('\n').some(line => {
        const [, local, , state] = line.trim().split(/\s+/u);
        return local === wanted && state === listening;
    });
}
