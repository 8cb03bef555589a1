/**
 * The tree of annexed files, one folder at a time, with what is in each folder added up.
 */
import type { Passes } from './filter';
import type { ContentSnapshot } from './snapshot';

const slash = 0x2f;

/** What passes the filter in a folder, however deep. */
export interface Sum {
    readonly files: number;
    readonly here: number;
    /** Bytes, of contents whose size is known. */
    readonly bytes: number;
    readonly bytesHere: number;
}

export interface FolderEntry extends Sum {
    readonly kind: 'folder';
    /** From the work tree's root, without a slash at the end; bytes as Latin-1, so that any name is kept. */
    readonly path: string;
}

export interface FileEntry {
    readonly kind: 'file';
    readonly path: string;
    /** Its number in the snapshot. */
    readonly file: number;
}

export type Entry = FolderEntry | FileEntry;

/** The files in a folder and below it: from the first to the one before the last. The root is the empty path. */
export function rangeOf(snapshot: ContentSnapshot, folder: string): { readonly first: number; readonly end: number } {
    if (folder === '') {
        return { first: 0, end: snapshot.count };
    }
    // What comes right behind `folder/`, in the order of bytes, is `folder0`.
    return { first: snapshot.firstFrom(Buffer.from(`${folder}/`, 'latin1')), end: snapshot.firstFrom(Buffer.from(`${folder}0`, 'latin1')) };
}

class Adding {
    files = 0;
    here = 0;
    bytes = 0;
    bytesHere = 0;

    constructor(private readonly snapshot: ContentSnapshot) {}

    add(file: number): void {
        const size = this.snapshot.size(file);
        const known = Number.isNaN(size) ? 0 : size;
        const isHere = this.snapshot.isHere(file);
        this.files++;
        this.bytes += known;
        this.here += isHere ? 1 : 0;
        this.bytesHere += isHere ? known : 0;
    }

    get sum(): Sum {
        const { files, here, bytes, bytesHere } = this;
        return { files, here, bytes, bytesHere };
    }
}

/** What is in a folder: first its folders, then its files, each in the order of their names. Empty folders are left out. */
export function entriesOf(snapshot: ContentSnapshot, folder: string, passes: Passes): readonly Entry[] {
    const { first, end } = rangeOf(snapshot, folder);
    const start = folder === '' ? 0 : folder.length + 1;
    const folders: FolderEntry[] = [];
    const files: FileEntry[] = [];
    for (let file = first; file < end;) {
        const path = snapshot.pathBytes(file);
        const nameEnd = path.indexOf(slash, start);
        if (nameEnd < 0) {
            if (passes(file)) {
                files.push({ kind: 'file', path: path.toString('latin1'), file });
            }
            file++;
            continue;
        }
        const below = path.toString('latin1', 0, nameEnd);
        const { end: endBelow } = rangeOf(snapshot, below);
        const adding = new Adding(snapshot);
        for (; file < endBelow; file++) {
            if (passes(file)) {
                adding.add(file);
            }
        }
        if (adding.files > 0) {
            folders.push({ kind: 'folder', path: below, ...adding.sum });
        }
    }
    return [...folders, ...files];
}

/** What of a folder (the root: empty) or a file passes. */
export function sumOf(snapshot: ContentSnapshot, path: string, passes: Passes): Sum {
    const adding = new Adding(snapshot);
    for (const file of filesAt(snapshot, path, passes)) {
        adding.add(file);
    }
    return adding.sum;
}

/** The file at a path, or all files in the folder there, that pass. */
export function filesAt(snapshot: ContentSnapshot, path: string, passes: Passes): readonly number[] {
    const single = path === '' ? -1 : snapshot.find(Buffer.from(path, 'latin1'));
    const { first, end } = single >= 0 ? { first: single, end: single + 1 } : rangeOf(snapshot, path);
    const files: number[] = [];
    for (let file = first; file < end; file++) {
        if (passes(file)) {
            files.push(file);
        }
    }
    return files;
}
