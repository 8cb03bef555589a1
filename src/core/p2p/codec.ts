/**
 * Lines of git-annex's peer-to-peer protocol: text to message and back (git-annex, P2P/Protocol.hs).
 *
 * A line is words with one space between them; the last word takes the rest of the line. Nothing that is formatted here can
 * hold a line break or, where it isn't last, a space: that would let a name smuggle in a message.
 */
import { escapeFile, unescapeFile } from './associatedFile';
import { maxLineLength, type Message, type Service } from './messages';

/** A message as a line without its end. @throws {RangeError} if a part can't be said in the protocol. */
export function formatMessage(message: Message): string {
    const line = parts(message).join(' ');
    if (line.length > maxLineLength) {
        throw new RangeError(`a ${message.kind} message of ${line.length} characters is too long`);
    }
    return line;
}

function parts(message: Message): string[] {
    switch (message.kind) {
        case 'auth':
            return ['AUTH', word(message.uuid), word(message.token)];
        case 'auth-success':
            return ['AUTH-SUCCESS', rest(message.uuid)];
        case 'auth-failure':
            return ['AUTH-FAILURE'];
        case 'version':
            return ['VERSION', count(message.version)];
        case 'bypass':
            return ['BYPASS', ...message.uuids.map(word)];
        case 'connect':
            return ['CONNECT', message.service];
        case 'connect-done':
            return ['CONNECTDONE', count(message.exitCode)];
        case 'notify-change':
            return ['NOTIFYCHANGE'];
        case 'changed':
            return ['CHANGED', ...message.commits.map(word)];
        case 'check-present':
            return ['CHECKPRESENT', rest(message.key)];
        case 'lock-content':
            return ['LOCKCONTENT', rest(message.key)];
        case 'unlock-content':
            return ['UNLOCKCONTENT'];
        case 'remove':
            return ['REMOVE', rest(message.key)];
        case 'remove-before':
            return ['REMOVE-BEFORE', count(message.before), rest(message.key)];
        case 'get-timestamp':
            return ['GETTIMESTAMP'];
        case 'timestamp':
            return ['TIMESTAMP', count(message.seconds)];
        case 'get':
            return ['GET', count(message.offset), escapeFile(message.file), rest(message.key)];
        case 'put':
            return ['PUT', escapeFile(message.file), rest(message.key)];
        case 'put-from':
            return ['PUT-FROM', count(message.offset)];
        case 'already-have':
            return plus('ALREADY-HAVE', message.alsoAt);
        case 'success':
            return plus('SUCCESS', message.alsoAt);
        case 'failure':
            return plus('FAILURE', message.alsoAt);
        case 'data':
            return ['DATA', count(message.length)];
        case 'data-present':
            return ['DATA-PRESENT'];
        case 'validity':
            return [message.valid ? 'VALID' : 'INVALID'];
        case 'error':
            return ['ERROR', message.text.replace(/[\r\n]+/gu, ' ')];
    }
}

/** Reads a line without its "\n" (a "\r" before it is tolerated); undefined for what the protocol doesn't know. */
export function parseMessage(text: string): Message | undefined {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (line.length > maxLineLength) {
        return undefined;
    }
    const [command, tail] = splitWord(line);
    const parse = parsers.get(command);
    return parse?.(tail);
}

/** `undefined` stands for "no word follows", '' for an empty one. */
type Tail = string | undefined;
type Parser = (tail: Tail) => Message | undefined;

const parsers: ReadonlyMap<string, Parser> = new Map<string, Parser>([
    ['AUTH', two((uuid, token) => (isWord(uuid) && isWord(token) ? { kind: 'auth', uuid, token } : undefined))],
    ['AUTH-SUCCESS', one(uuid => (isWord(uuid) ? { kind: 'auth-success', uuid } : undefined))],
    ['AUTH-FAILURE', none({ kind: 'auth-failure' })],
    ['VERSION', number(version => ({ kind: 'version', version }))],
    ['BYPASS', list(uuids => ({ kind: 'bypass', uuids }))],
    ['CONNECT', one(service => (isService(service) ? { kind: 'connect', service } : undefined))],
    ['CONNECTDONE', number(exitCode => ({ kind: 'connect-done', exitCode }))],
    ['NOTIFYCHANGE', none({ kind: 'notify-change' })],
    ['CHANGED', list(commits => ({ kind: 'changed', commits }))],
    ['CHECKPRESENT', key(name => ({ kind: 'check-present', key: name }))],
    ['LOCKCONTENT', key(name => ({ kind: 'lock-content', key: name }))],
    ['UNLOCKCONTENT', none({ kind: 'unlock-content' })],
    ['REMOVE', key(name => ({ kind: 'remove', key: name }))],
    ['REMOVE-BEFORE', two((time, name) => numbered(time, before => (isKey(name) ? { kind: 'remove-before', before, key: name } : undefined)))],
    ['GETTIMESTAMP', none({ kind: 'get-timestamp' })],
    ['TIMESTAMP', number(seconds => ({ kind: 'timestamp', seconds }))],
    [
        'GET',
        two((from, more) => {
            const [file, name] = splitWord(more);
            return numbered(from, offset => (isKey(name) ? { kind: 'get', offset, file: unescapeFile(file), key: name } : undefined));
        }),
    ],
    ['PUT', two((file, name) => (isKey(name) ? { kind: 'put', file: unescapeFile(file), key: name } : undefined))],
    ['PUT-FROM', number(offset => ({ kind: 'put-from', offset }))],
    ['ALREADY-HAVE', none({ kind: 'already-have', alsoAt: [] })],
    ['ALREADY-HAVE-PLUS', list(alsoAt => ({ kind: 'already-have', alsoAt }))],
    ['SUCCESS', none({ kind: 'success', alsoAt: [] })],
    ['SUCCESS-PLUS', list(alsoAt => ({ kind: 'success', alsoAt }))],
    ['FAILURE', none({ kind: 'failure', alsoAt: [] })],
    ['FAILURE-PLUS', list(alsoAt => ({ kind: 'failure', alsoAt }))],
    ['DATA', number(length => ({ kind: 'data', length }))],
    ['DATA-PRESENT', none({ kind: 'data-present' })],
    ['VALID', none({ kind: 'validity', valid: true })],
    ['INVALID', none({ kind: 'validity', valid: false })],
    ['ERROR', tail => ({ kind: 'error', text: tail ?? '' })],
]);

function none(message: Message): Parser {
    return tail => (tail === undefined || tail === '' ? message : undefined);
}

function one(make: (text: string) => Message | undefined): Parser {
    return tail => (tail === undefined ? undefined : make(tail));
}

function two(make: (first: string, second: string) => Message | undefined): Parser {
    return tail => {
        const [first, second] = splitWord(tail ?? '');
        return second === undefined ? undefined : make(first, second);
    };
}

function key(make: (name: string) => Message): Parser {
    return one(name => (isKey(name) ? make(name) : undefined));
}

function number(make: (value: number) => Message): Parser {
    return one(text => numbered(text, make));
}

function list(make: (words: readonly string[]) => Message): Parser {
    return tail => make((tail ?? '').split(' ').filter(isWord));
}

function numbered(text: string, make: (value: number) => Message | undefined): Message | undefined {
    // 16 digits hold every safe integer; git-annex's own numbers are unbounded.
    const value = /^\d{1,16}$/u.test(text) ? Number(text) : NaN;
    return Number.isSafeInteger(value) ? make(value) : undefined;
}

function splitWord(line: string): [string, Tail] {
    const space = line.indexOf(' ');
    return space < 0 ? [line, undefined] : [line.slice(0, space), line.slice(space + 1)];
}

function plus(command: string, uuids: readonly string[]): string[] {
    return uuids.length === 0 ? [command] : [`${command}-PLUS`, ...uuids.map(word)];
}

function isService(text: string): text is Service {
    return text === 'git-upload-pack' || text === 'git-receive-pack';
}

function isWord(text: Tail): text is string {
    return text !== undefined && /^[!-~]+$/u.test(text);
}

/** A key's name may hold a space and letters of all scripts (URL and WORM keys), but no line break. */
function isKey(text: Tail): text is string {
    return text !== undefined && text !== '' && !/[\0\r\n]/u.test(text);
}

function word(text: string): string {
    if (!isWord(text)) {
        throw new RangeError('a word of the protocol must be printable and without spaces');
    }
    return text;
}

function rest(text: string): string {
    if (!isKey(text)) {
        throw new RangeError('a line of the protocol can hold no line break and no empty key');
    }
    return text;
}

function count(value: number): string {
    if (!Number.isSafeInteger(value) || value < 0) {
        throw new RangeError(`${value} is no whole number of the protocol`);
    }
    return String(value);
}
