/** Files in people's repositories: made, added by the Explorer's menu, and compared on disk. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { waitFor } from '../../rig/wait';
import type { Person } from './person';

/** Puts a file into the repository's folder, as any program may. */
export async function putFile({ computer }: Person, name: string, content: string): Promise<void> {
    await computer.writeFile(path.posix.join(computer.repository, name), content);
}

/** Adds a file by the Explorer's context menu and waits until git-annex has it. */
export async function addFile({ window, computer }: Person, name: string): Promise<void> {
    await window.chooseForFile(name, 'Add to git-annex');
    await waitFor(async () => (await computer.exec(['git', 'annex', 'lookupkey', '--', name], { cwd: computer.repository })).code === 0, { what: `${name} to be annexed`, limitMs: 30_000 });
}

/** Whether the file's content is there and has this hash. */
export async function hasContent({ computer }: Person, name: string, content: string): Promise<boolean> {
    const { code, stdout } = await computer.exec(['sha256sum', '--', name], { cwd: computer.repository });
    return code === 0 && stdout.startsWith(createHash('sha256').update(content).digest('hex'));
}

/** Both have the file with the same hash on disk, and git-annex on both says that both have it. */
export async function assertShared(people: readonly Person[], name: string, content: string): Promise<void> {
    const uuids = await Promise.all(people.map(async ({ computer }) => (await computer.execOrThrow(['git', 'config', 'annex.uuid'], { cwd: computer.repository })).trim()));
    for (const person of people) {
        assert.ok(await hasContent(person, name, content), `${person.name} has no ${name}`);
        const whereis = await person.computer.execOrThrow(['git', 'annex', 'whereis', '--', name], { cwd: person.computer.repository });
        for (const uuid of uuids) {
            assert.ok(whereis.includes(uuid), `${person.name}: ${whereis}`);
        }
    }
}
