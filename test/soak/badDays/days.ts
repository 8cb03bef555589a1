/** Who and what all the bad days have in common. */
import type { Browser } from 'playwright-core';
import { Workbench } from '../../rig/editor/workbench';
import { CommandLine } from '../../e2e/steps/commandLine';
import type { Person } from '../../e2e/steps/person';
import type { Stage } from '../../e2e/steps/stage';
import { kill, running } from '../../e2e/steps/processes';
import type { Scene } from './underWay';
import type { FaultyPeer } from './peer';

export class Days {
    /** Counts what happens, for names that are used once. */
    turn = 0;

    constructor(
        readonly stage: Stage,
        readonly browser: Browser,
        /** At an editor; her window may be another one after each day. */
        public alice: Person,
        /** Her peer, at a command line. */
        readonly bob: FaultyPeer,
    ) {}

    /** Whatever state a day that went wrong has left. */
    async beginAfresh(): Promise<void> {
        const { computer, seat, window } = this.alice;
        await Promise.all([computer.connect(), this.stage.rig.mailbox.start(), this.bob.hangFetches(false)]);
        await this.bob.endHanging();
        await kill(computer, await running(computer, /^\/usr\/bin\/tor /u), 'CONT').catch(() => undefined);
        await Promise.all([computer, this.bob.computer].map(async each => each.startTor()));
        await this.bob.computer.torControl('RESETCONF BandwidthRate BandwidthBurst');
        if ((await running(this.bob.computer, /^\S*git-annex remotedaemon/u)).length === 0) {
            await this.bob.comeBack();
        }
        if ((await computer.exec(['test', '-s', `${computer.repository}/.git/annex/creds/p2paddrs`])).code !== 0) {
            await computer.reloadTor();
            await new CommandLine(computer).enableTor();
        }
        const fresh = await Workbench.open(this.browser, seat.url, { context: window.page.context() });
        await window.page.close().catch(() => undefined);
        this.alice = { ...this.alice, window: fresh };
    }

    next(): Scene {
        return { person: this.alice, bob: this.bob, turn: String(++this.turn) };
    }
}
