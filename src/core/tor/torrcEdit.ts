/**
 * Tor's configuration with our service's stanza changed, every other byte as it was. Pure.
 *
 * A service's options are the lines from its HiddenServiceDir to the next one, whatever else stands in between (tor's manual,
 * "ONION SERVICE OPTIONS"); names are told apart without regard to case. git-annex finds its service only where
 * HiddenServicePort follows HiddenServiceDir at once, and it puts an empty line before it (Utility/Tor.hs, `addHiddenService`).
 */
import { linesOf } from '../annex/creds/editLines';

/** They begin alike, and belong to no service. */
const general = new Set(['hiddenservicenonanonymousmode', 'hiddenservicesinglehopmode', 'hiddenservicestatistics']);

function optionOf(line: string): { readonly name: string; readonly value: string } {
    const [name = '', value = ''] = line.trim().split(/\s+/u);
    return { name: name.toLowerCase(), value };
}

function isOurDir(line: string, uid: number, uuid: string): boolean {
    const { name, value } = optionOf(line);
    return name === 'hiddenservicedir' && value.endsWith(`${uid}_${uuid}`);
}

function isOfService(line: string): boolean {
    const { name } = optionOf(line);
    return name.startsWith('hiddenservice') && name !== 'hiddenservicedir' && !general.has(name);
}

export interface TorrcChange {
    /** Bytes as characters (latin1), as is `after`. */
    readonly before: string;
    readonly after: string;
    /** The lines that come or go, without line breaks. */
    readonly lines: readonly string[];
}

/** `lines` after the port of our service; undefined where that isn't as git-annex makes it. */
export function addToService(text: string, uid: number, uuid: string, added: readonly string[]): TorrcChange | undefined {
    const lines = linesOf(text);
    const at = lines.findIndex(line => isOurDir(line, uid, uuid));
    const port = lines[at + 1];
    if (at < 0 || port === undefined || optionOf(port).name !== 'hiddenserviceport' || /\\\s*$/u.test(port)) {
        return undefined;
    }
    const before = lines.slice(0, at + 2).join('');
    const insert = `${before.endsWith('\n') ? '' : '\n'}${added.map(line => `${line}\n`).join('')}`;
    return { before: text, after: `${before}${insert}${lines.slice(at + 2).join('')}`, lines: added };
}

/**
 * Without our service: its options, wherever they stand, and the empty line before it. undefined where it isn't there, or where one of its
 * lines goes on in the next one, which git-annex never makes.
 */
export function removeService(text: string, uid: number, uuid: string): TorrcChange | undefined {
    const kept: string[] = [];
    const removed: string[] = [];
    let isOurs = false;
    for (const line of linesOf(text)) {
        if (optionOf(line).name === 'hiddenservicedir') {
            isOurs = isOurDir(line, uid, uuid);
            if (isOurs && kept.at(-1) === '\n') {
                kept.pop();
            }
        }
        if (isOurs && (isOurDir(line, uid, uuid) || isOfService(line))) {
            removed.push(line);
        } else {
            kept.push(line);
        }
    }
    if (removed.length === 0 || removed.some(line => /\\\s*$/u.test(line))) {
        return undefined;
    }
    return { before: text, after: kept.join(''), lines: removed.map(line => line.replace(/\r?\n$/u, '')) };
}
