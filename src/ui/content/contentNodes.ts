/**
 * The rows of the Content view as values.
 */

export interface ContentNode {
    readonly kind: 'content-repository' | 'content-folder' | 'content-file' | 'content-more';
    /** The repository's work tree. */
    readonly root: string;
    /** From there; bytes as Latin-1, so that any name is kept. Empty for the repository itself. */
    readonly path: string;
}

/** What the editor is given, and hands to commands. */
export interface ContentElement {
    readonly id: string;
    readonly node: ContentNode;
}

export function elementOf(node: ContentNode): ContentElement {
    return { id: `${node.kind}:${node.root}:${node.path}`, node };
}
