/** A peer at a command line that can go, come back, and let a fetch hang. */
import type { Computer } from '../../rig/computers/computer';
import { waitFor } from '../../rig/wait';
import { CommandLine } from '../../e2e/steps/commandLine';
import { kill, running } from '../../e2e/steps/processes';

/** Nobody else sleeps as long. */
const hangSeconds = 4711;
const hanging = new RegExp(`^sleep ${hangSeconds}$`, 'u');

export class FaultyPeer extends CommandLine {
    private constructor(computer: Computer, private readonly env: Readonly<Record<string, string>>, private readonly switchFile: string) {
        super(computer);
    }

    /** Serves so that no fetch hangs, unless it is told to. */
    static async serving(computer: Computer): Promise<FaultyPeer> {
        const shim = await new CommandLine(computer).installShim();
        const folder = `${computer.user.home}/hanging`;
        await computer.writeFile(`${folder}/git`, `#!/bin/sh\ncase " $* " in *" upload-pack "*) [ ! -e ${folder}/now ] || exec sleep ${hangSeconds} ;; esac\nexec ${shim['PATH']?.split(':')[0] ?? ''}/git "$@"\n`);
        await computer.execOrThrow(['chmod', '700', `${folder}/git`]);
        const peer = new FaultyPeer(computer, { ...shim, PATH: `${folder}:${shim['PATH'] ?? ''}` }, `${folder}/now`);
        await peer.enableTor();
        await peer.comeBack();
        return peer;
    }

    /** Whether fetches from here begin and never end. */
    async hangFetches(on: boolean): Promise<void> {
        await this.computer.execOrThrow(on ? ['touch', this.switchFile] : ['rm', '-f', this.switchFile]);
    }

    /** Waits until one hangs. */
    async fetchHangs(): Promise<void> {
        await waitFor(async () => (await running(this.computer, hanging)).length > 0, { what: 'the fetch to hang', limitMs: 60_000 });
    }

    /** Ends what hangs here still: git-annex waits for it even when the other has gone. */
    async endHanging(): Promise<void> {
        const pids = await running(this.computer, hanging);
        if (pids.length > 0) {
            await kill(this.computer, pids);
        }
    }

    /** The daemon is gone from one moment to the next. */
    async goAway(): Promise<void> {
        await kill(this.computer, await running(this.computer, /^\S*git-annex remotedaemon/u));
    }

    async comeBack(): Promise<void> {
        await this.startDaemon(this.env);
    }
}
