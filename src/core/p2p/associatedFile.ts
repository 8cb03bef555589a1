/**
 * The name of a file inside a protocol line, where it can hold no white space: white space becomes "%", "%" becomes "%%"
 * (git-annex, P2P/Protocol.hs, `ProtoAssociatedFile`). White space is lost on the way: the name is for display alone.
 */

/** Longer names are left out, so that name and key fit on one line. */
const maxNameLength = 16_000;

export function escapeFile(file: string): string {
    const escaped = file.replaceAll('%', '%%').replace(/[\p{White_Space}\p{Cc}]/gu, '%');
    return escaped.length > maxNameLength ? '' : escaped;
}

/** As git-annex reads it: what was lost becomes "_". */
export function unescapeFile(text: string): string {
    return text.replace(/%%|%|\p{Cc}/gu, match => (match === '%%' ? '%' : '_'));
}
