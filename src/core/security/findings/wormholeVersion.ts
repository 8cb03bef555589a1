/**
 * Which wormhole programs have a known hole: python's magic-wormhole 0.21 up to 0.23, where what the sender says decides
 * where a received file is written (CVE-2026-42448; fixed in 0.24.0). Others, as wormhole-william, are not concerned.
 */
export function isVulnerableWormhole(versionText: string): boolean {
    const match = /^(?:magic-wormhole )?0\.(\d+)\.\d+/u.exec(versionText.trim());
    const minor = Number(match?.[1]);
    return minor >= 21 && minor <= 23;
}
