/**
 * Python's wormhole, which also writes down the hints that the other side gives it: the addresses that somebody at a
 * command line gets to know of the person they pair with.
 */
import * as v from 'valibot';
import type { Computer } from '../../rig/computers/computer';
import { systemPath } from '../../rig/paths';

const folder = '/tmp/attentive';
const notes = '/tmp/hints-of-the-other-side';

const script = `#!/usr/bin/python3
import json, sys
from wormhole import transit
from wormhole.cli import cli
add = transit.Common.add_connection_hints
def note(self, hints):
    with open("${notes}", "a") as file:
        file.write(json.dumps(hints) + "\\n")
    return add(self, hints)
transit.Common.add_connection_hints = note
sys.exit(cli.wormhole())
`;

const hintSchema = v.looseObject({ type: v.string(), hostname: v.optional(v.string()) });
export type Hint = v.InferOutput<typeof hintSchema>;

/** Gives the environment in which it comes before Debian's. */
export async function installAttentiveWormhole(computer: Computer): Promise<{ readonly PATH: string }> {
    await computer.writeFile(`${folder}/wormhole`, script);
    await computer.execOrThrow(['chmod', '755', `${folder}/wormhole`]);
    return { PATH: `${folder}:${systemPath}` };
}

/** What it has written down since the last time: one list for each file that was sent or received. */
export async function hintsHeard(computer: Computer): Promise<readonly (readonly Hint[])[]> {
    const text = await computer.readFile(notes);
    await computer.execOrThrow(['rm', notes]);
    return text.split('\n').filter(line => line !== '').map(line => v.parse(v.array(hintSchema), JSON.parse(line)));
}
