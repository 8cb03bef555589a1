/**
 * The command line and the environment of the `wormhole` program as one checked value.
 *
 * The same options as magic-wormhole's own program (`cli.py`), as far as they make sense here; what isn't known is refused,
 * never passed over: an option that was meant to protect somebody must not get lost.
 */
import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Kept equal to package.json's by a test. */
export const programVersion = '0.1.0';

/** The way to the network as it was asked for; checked where it is used. */
export interface NetworkWish {
    /** `host:port` candidates of Tor's SOCKS port, tried in order for the first that answers; undefined for the clear net. */
    readonly socks: readonly string[] | undefined;
    readonly listen: boolean;
    readonly relayUrl: string | undefined;
    readonly transitHelper: string | undefined;
    readonly appId: string | undefined;
    /** File with the certificate authorities to trust. */
    readonly certificateAuthorities: string | undefined;
}

export type Command =
    | { readonly kind: 'version' }
    | { readonly kind: 'help' }
    | { readonly kind: 'usage'; readonly why: string }
    | {
        readonly kind: 'send';
        readonly network: NetworkWish;
        /** `-` reads the text from standard input. */
        readonly text: string | undefined;
        readonly file: string | undefined;
        readonly code: string | undefined;
        readonly words: number;
        readonly hideProgress: boolean;
    }
    | {
        readonly kind: 'receive';
        readonly network: NetworkWish;
        readonly code: string | undefined;
        readonly acceptFile: boolean;
        readonly onlyText: boolean;
        readonly outputFile: string | undefined;
        readonly hideProgress: boolean;
    };

const options = {
    'appid': { type: 'string' },
    'relay-url': { type: 'string' },
    'transit-helper': { type: 'string' },
    'tor': { type: 'boolean' },
    'tor-socks': { type: 'string' },
    'no-listen': { type: 'boolean' },
    'hide-progress': { type: 'boolean' },
    'code': { type: 'string' },
    'code-length': { type: 'string', short: 'c' },
    'text': { type: 'string' },
    'accept-file': { type: 'boolean' },
    'only-text': { type: 'boolean', short: 't' },
    'output-file': { type: 'string', short: 'o' },
    'version': { type: 'boolean' },
    'help': { type: 'boolean', short: 'h' },
} as const satisfies NonNullable<ParseArgsConfig['options']>;

const aliases: Readonly<Record<string, 'send' | 'receive' | 'help'>> = {
    send: 'send', tx: 'send', receive: 'receive', recieve: 'receive', recv: 'receive', rx: 'receive', help: 'help',
};
const onlyFor = { send: ['code', 'code-length', 'text'], receive: ['accept-file', 'only-text', 'output-file'] } as const;

/** Where tor listens by default, then Tor Browser's. */
const defaultSocks = ['127.0.0.1:9050', '127.0.0.1:9150'];

/** Reads the command line (without program names) and the environment. Never throws. */
export function readArguments(args: readonly string[], environment: NodeJS.ProcessEnv): Command {
    let parsed: ReturnType<typeof parse>;
    try {
        parsed = parse(args);
    } catch (error) {
        // The message may hold what was typed: only the option's name is repeated.
        const option = /'(?<option>-[\w-]+)/u.exec(error instanceof Error ? error.message : '')?.groups?.['option'];
        return { kind: 'usage', why: option === undefined ? 'the arguments are not understood' : `the option ${option} is not understood` };
    }
    const { values, positionals: [name = 'help', ...rest] } = parsed;
    if (values.version === true) {
        return { kind: 'version' };
    }
    const kind = aliases[name];
    if (kind === undefined) {
        return { kind: 'usage', why: 'the command is send or receive' };
    }
    if (kind === 'help' || values.help === true) {
        return { kind: 'help' };
    }
    if (rest.length > 1) {
        return { kind: 'usage', why: 'too many arguments' };
    }
    const misplaced = onlyFor[kind === 'send' ? 'receive' : 'send'].find(option => values[option] !== undefined);
    if (misplaced !== undefined) {
        return { kind: 'usage', why: `--${misplaced} is not for ${kind}` };
    }
    const network = networkWish(values, environment);
    const hideProgress = values['hide-progress'] === true;
    if (kind === 'receive') {
        return {
            kind,
            network,
            code: rest[0],
            acceptFile: values['accept-file'] === true,
            onlyText: values['only-text'] === true,
            outputFile: values['output-file'],
            hideProgress,
        };
    }
    const words = Number(values['code-length'] ?? 2);
    if (!Number.isInteger(words) || words < 1 || words > 16) {
        return { kind: 'usage', why: '-c takes a number of words, 1 to 16' };
    }
    if ((rest[0] === undefined) === (values.text === undefined)) {
        return { kind: 'usage', why: 'send takes a file or --text' };
    }
    return { kind, network, text: values.text, file: rest[0], code: values.code, words, hideProgress };
}

function parse(args: readonly string[]) {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
}

function networkWish(values: ReturnType<typeof parse>['values'], environment: NodeJS.ProcessEnv): NetworkWish {
    // Set is set, even to nothing: whoever starts this program with it has decided for Tor.
    const forced = environment['ANNEX_PEERS_WORMHOLE_SOCKS'];
    const chosen = values['tor-socks'];
    return {
        socks: forced !== undefined ? [forced] : chosen !== undefined ? [chosen] : values.tor === true ? defaultSocks : undefined,
        listen: values['no-listen'] !== true,
        relayUrl: values['relay-url'] ?? environment['WORMHOLE_RELAY_URL'],
        transitHelper: values['transit-helper'] ?? environment['WORMHOLE_TRANSIT_HELPER'],
        appId: values.appid,
        certificateAuthorities: environment['ANNEX_PEERS_WORMHOLE_CA'],
    };
}

export const helpText = `wormhole ${programVersion} (Annex Peers): sends a file or a text to whoever has the code

  wormhole [options] send FILE
  wormhole [options] send --text TEXT        (--text - reads the text from standard input)
  wormhole [options] receive [CODE]          (without CODE it is read from standard input)

Options
  --tor                    through Tor's SOCKS port at 127.0.0.1:9050 or 9150, and never otherwise
  --tor-socks HOST:PORT    the same, through this SOCKS port
  --no-listen              offer no direct connections (a relay is used)
  --relay-url URL          mailbox server (environment: WORMHOLE_RELAY_URL); both sides need the same
  --transit-helper T       transit relay, tcp:HOST:PORT (environment: WORMHOLE_TRANSIT_HELPER)
  --appid ID               application id; both sides need the same
  --hide-progress          show no progress
  --version, --help

send
  --code CODE              use this code instead of a new one (others can see it in the list of processes)
  -c, --code-length N      words of a new code (2)

receive
  -o, --output-file FILE   write the file here, replacing what is there
  --accept-file            don't ask before receiving a file
  -t, --only-text          refuse files

Environment
  ANNEX_PEERS_WORMHOLE_SOCKS=HOST:PORT   forces Tor
  ANNEX_PEERS_WORMHOLE_CA=FILE           certificate authorities (PEM) to trust for wss instead of the built-in ones
  ANNEX_PEERS_WORMHOLE_RESULTS=FOLDER    gets a file "send" or "receive" with one word on how it ended
`;
