/**
 * Where a symbolic link of the repository leads.
 */
import path from 'node:path';

/**
 * - `inside`: to a place in the work tree
 * - `content`: to git-annex's content, as its links do
 * - `outside`: out of the tree, or into the git folder
 */
export type LinkTarget =
    | { readonly kind: 'inside'; readonly path: string }
    | { readonly kind: 'content' }
    | { readonly kind: 'outside' };

/**
 * Where a link at `link` (relative to the root) with the text `target` leads, by its text alone. git-annex's own links
 * are `../` as often as needed, then `.git/annex/objects/` and at least one part without `..`.
 */
export function linkTarget(link: string, target: string): LinkTarget {
    // git-annex takes links with backslashes for its own, too (made on Windows).
    const text = target.replaceAll('\\', '/').replace(/\0[\s\S]*$/u, '');
    if (text === '' || text.startsWith('/') || /^[a-z]:/iu.test(text)) {
        return { kind: 'outside' };
    }
    const depth = link.split('/').length - 1;
    const ups = /^(?:\.\.\/)*/u.exec(text)?.[0] ?? '';
    const rest = text.slice(ups.length);
    if (ups.length / 3 === depth && /^\.git\/annex\/objects\/[^/]/u.test(rest) && !rest.split('/').includes('..')) {
        return { kind: 'content' };
    }
    const resolved = path.posix.normalize(path.posix.join(path.posix.dirname(link), text));
    if (resolved === '..' || resolved.startsWith('../') || resolved.split('/').some(part => part.toLowerCase() === '.git')) {
        return { kind: 'outside' };
    }
    return { kind: 'inside', path: resolved.replace(/\/$/u, '') };
}

/** All folders above a path, outermost first, and the path itself. */
export function prefixes(file: string): readonly string[] {
    const parts = file.split('/').filter(part => part !== '.' && part !== '');
    return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}
