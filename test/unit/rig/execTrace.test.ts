/** What a trace of strace(1) tells of the programs that were started; the lines are strace 6.1's, environments shortened. */
import assert from 'node:assert/strict';
import { startedIn } from '../../e2e/steps/execTrace';

const trace = `1817  execve("/usr/bin/bash", ["bash", "-c", "exec -a host bash"], ["PATH=/usr/bin"]) = 0
1817  execve("/srv/editor/node", ["node", "bootstrap", "--type=extensionHost"], ["LS=[a], [b]"]) = 0
1817  clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7fa25b657a10) = 1818
1818  clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7fa25b657a10 <unfinished ...>
1817  clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, child_tid=0x7f, parent_tid=0x7f, exit_signal=0, stack=0x7f, stack_size=0x7fff00, tls=0x7f} => {parent_tid=[1830]}, 88) = 1830
1818  <... clone resumed>)              = 1819
1819  execve("/bin/echo", ["/bin/echo", "a \\"q\\" b], [x", "\\33[31m\\303\\244\\n"], ["SHELL=/bin/bash"] <unfinished ...>
1830  vfork() = 1840
1840  execve("/usr/local/bin/git", ["git", "config"], ["A=1"]) = -1 ENOENT (No such file or directory)
1840  execve("/usr/bin/git", ["git", "config"], ["A=1", "ANNEX_PEERS_OWNER=1 2 3"]) = 0
1840  vfork() = 1841
1841  execve("/usr/bin/git-annex", ["git-annex", "version"], ["ANNEX_PEERS_OWNER=1 2 3"]) = 0
1819  <... execve resumed>)             = 0
1900  execve("/bin/true", [], []) = 0
`;

describe('a trace of programs', () => {
    it('tells what was started, by whom, and with which arguments, also where calls interrupt each other', () => {
        assert.deepEqual(startedIn(trace), [
            { pid: 1817, extensionHost: undefined, program: '/usr/bin/bash', args: ['bash', '-c', 'exec -a host bash'], direct: false, marked: false },
            { pid: 1817, extensionHost: undefined, program: '/srv/editor/node', args: ['node', 'bootstrap', '--type=extensionHost'], direct: false, marked: false },
            { pid: 1819, extensionHost: 1817, program: '/bin/echo', args: ['/bin/echo', 'a "q" b], [x', '\u001b[31m\u00c3\u00a4\n'], direct: true, marked: false },
            { pid: 1840, extensionHost: 1817, program: '/usr/bin/git', args: ['git', 'config'], direct: true, marked: true },
            { pid: 1841, extensionHost: 1817, program: '/usr/bin/git-annex', args: ['git-annex', 'version'], direct: false, marked: true },
            { pid: 1900, extensionHost: undefined, program: '/bin/true', args: [], direct: false, marked: false },
        ]);
    });
});
