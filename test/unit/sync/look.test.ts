/** What counts as dangerous in what a peer sends. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SyncOutputReader } from '../../../src/core/sync/adjusted';
import { logChange, valueFor } from '../../../src/core/sync/look/annexLogs';
import { dangerousName } from '../../../src/core/sync/look/dangerousPaths';
import { linkTarget } from '../../../src/core/sync/look/links';
import { parsePush, isPushed } from '../../../src/core/sync/push';
import { parseAdjusted } from '../../../src/core/sync/state';
import { reasonOf } from '../../../src/core/sync/failures';
import { sharedLargefiles } from '../../../src/core/sync/plainGit';

describe('names', () => {
    const dangerous: readonly (readonly [string, string])[] = [
        ['.vscode/tasks.json', 'editor-settings'],
        ['.VSCode/settings.json', 'editor-settings'],
        ['deep/down/.vscode/x', 'editor-settings'],
        ['.vscode', 'editor-settings'],
        ['.vs\u200ccode/tasks.json', 'editor-settings'],
        ['.vscode. /tasks.json', 'editor-settings'],
        ['.vscode::$INDEX_ALLOCATION/tasks.json', 'editor-settings'],
        ['\uff0evscode/tasks.json', 'editor-settings'],
        ['VSCODE~1/tasks.json', 'editor-settings'],
        ['sub\\.vscode\\tasks.json', 'editor-settings'],
        ['my.code-workspace', 'workspace-file'],
        ['a/b/X.Code-Workspace', 'workspace-file'],
        ['.devcontainer/devcontainer.json', 'dev-container'],
        ['.devcontainer.json', 'dev-container'],
        ['.gitmodules', 'git-modules'],
        ['.GITMODULES', 'git-modules'],
        ['sub/.gitattributes', 'git-attributes'],
        ['.git /config', 'git-name'],
        ['git~1/config', 'git-name'],
        ['.gitconfig', 'git-name'],
        ['.git\u200d/hooks/post-checkout', 'git-name'],
    ];
    for (const [path, danger] of dangerous) {
        it(`${JSON.stringify(path)} is ${danger}`, () => assert.equal(dangerousName(path), danger));
    }

    it('that are everyday names are not stopped', () => {
        for (const path of ['a', 'vscode/tasks.json', '.gitignore', 'sub/.gitkeep', '.github/workflows/x.yml', 'x.code-workspace/y', 'é/ü', 'my.vscode', 'git/x', 'notes~', 'file~1.txt']) {
            assert.equal(dangerousName(path), undefined, path);
        }
    });

    it('are found at any depth and in any case', () => {
        const folder = fc.stringMatching(/^[a-z]{1,8}$/u);
        const bits = fc.array(fc.boolean(), { minLength: 7, maxLength: 7 });
        fc.assert(fc.property(fc.array(folder, { maxLength: 5 }), bits, folder, (above, upper, file) => {
            const name = Array.from('.vscode', (character, index) => upper[index] === true ? character.toUpperCase() : character).join('');
            assert.equal(dangerousName([...above, name, file].join('/')), 'editor-settings');
        }));
    });
});

describe('links', () => {
    it('of git-annex are content', () => {
        assert.equal(linkTarget('f', '.git/annex/objects/zK/02/K/K').kind, 'content');
        assert.equal(linkTarget('a/b/f', '../../.git/annex/objects/zK/02/K/K').kind, 'content');
    });

    it('that lead out are outside', () => {
        for (const [link, target] of [
            ['f', '/etc/passwd'], ['f', '../x'], ['a/f', '../../x'], ['a/f', 'b/../../../x'], ['f', 'C:\\x'], ['f', '..\\x'], ['f', ''],
            ['f', '.git/config'], ['f', '.git/annex/objects/../../config'], ['a/f', '.git/hooks'], ['f', '.GIT/config'], ['f', '../.git/annex/objects/x'], ['a/f', '../.git'],
        ] as const) {
            assert.equal(linkTarget(link, target).kind, 'outside', `${link} -> ${target}`);
        }
    });

    it('within the tree are inside', () => {
        assert.deepEqual(linkTarget('a/f', '../b/g'), { kind: 'inside', path: 'b/g' });
        assert.deepEqual(linkTarget('f', './b//g/'), { kind: 'inside', path: 'b/g' });
    });

    it('never resolve above the root', () => {
        fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }), fc.array(fc.constantFrom('..', '.', 'c', ''), { maxLength: 8 }), (folders, parts) => {
            const target = linkTarget([...folders, 'link'].join('/'), parts.join('/'));
            assert.ok(target.kind !== 'inside' || !target.path.startsWith('..'));
        }));
    });
});

describe('logs of the git-annex branch', () => {
    const own = '31abad66-abb3-4218-b471-d8fcc94446ec';
    const other = '4a133aa7-aee2-4441-8c68-a3a26ffc3b9b';

    it('stop at new settings and special remotes', () => {
        assert.deepEqual(logChange('config.log', '', '1795338066.913091175s annex.largefiles largerthan=1kb\n', own), { path: 'config.log', danger: 'annex-config', subjects: ['annex.largefiles'] });
        assert.deepEqual(logChange('remote.log', '', `${other} encryption=none name=d type=directory timestamp=1795338067.033480612s\n`, own)?.subjects, [other]);
        assert.equal(logChange('transitions.log', '', '1795338067s ForgetGitHistory\n', own)?.danger, 'annex-history');
    });

    it('pass what is older than ours or the same', () => {
        assert.equal(logChange('config.log', '20s annex.largefiles nothing\n', '10s annex.largefiles anything\n', own), undefined);
        assert.equal(logChange('config.log', '20s annex.largefiles nothing\n', '30s annex.largefiles nothing\n', own), undefined);
        assert.notEqual(logChange('config.log', '20s annex.largefiles nothing\n', '30s annex.largefiles anything\n', own), undefined);
    });

    it('let others speak for themselves, not for us', () => {
        assert.equal(logChange('preferred-content.log', '', `${other} nothing timestamp=1s\n`, own), undefined);
        assert.equal(logChange('preferred-content.log', '', `${own} nothing timestamp=1s\n`, own)?.danger, 'annex-own-rules');
        assert.equal(logChange('trust.log', '', `${own} X timestamp=1s\n`, own)?.danger, 'annex-own-rules');
    });

    it('stop at lines without a time that can be read', () => {
        assert.notEqual(logChange('config.log', '20s annex.largefiles nothing\n', 'NaNs annex.largefiles anything\n', own), undefined);
    });

    it('give the newest value over several versions', () => {
        assert.equal(valueFor([`${own} standard timestamp=10s\n`, `${own}  timestamp=20s\n`], own), '');
        assert.equal(valueFor([`${own} b c timestamp=10.5s\n${own} a timestamp=9s\n`], own), 'b c');
    });

    it('give the newest annex.largefiles', () => {
        assert.equal(sharedLargefiles('1s annex.largefiles anything\n2s annex.largefiles largerthan=1kb and not include=*.c\n3s annex.other x\n'), 'largerthan=1kb and not include=*.c');
        assert.equal(sharedLargefiles('1s annex.largefiles anything\n2s annex.largefiles \n'), undefined);
    });
});

describe('what git says', () => {
    const output = 'To /tmp/a\n \trefs/heads/git-annex:refs/heads/synced/git-annex\t505b2c9..177c8f2\n*\trefs/heads/master:refs/heads/synced/master\t[new branch]\n!\trefs/heads/git-annex:refs/heads/git-annex\t[rejected] (fetch first)\n!\trefs/heads/master:refs/heads/master\t[remote rejected] (branch is currently checked out)\nDone\n';

    it('of a push is judged by what must arrive', () => {
        assert.equal(parsePush(output).length, 4);
        assert.ok(isPushed(output, ['refs/heads/synced/master', 'refs/heads/synced/git-annex']));
        assert.ok(!isPushed(output, ['refs/heads/master']));
        assert.ok(!isPushed('', ['refs/heads/synced/master']));
    });

    it('and git-annex of a sync with hidden files', () => {
        const reader = new SyncOutputReader();
        for (const line of ['commit ', 'ok', 'get a b (from peer1...) ', '100%  6 B               1 KiB/s 0s', 'ok', 'copy n (to peer1...) ok', 'get c (from peer1...) ', '  Unable to connect', 'failed', 'drop d (from peer1...) ok']) {
            reader.read(line);
        }
        assert.deepEqual([reader.received.get('peer1'), reader.sent.get('peer1'), reader.failures], [1, 1, 1]);
    });

    it('of adjusted branches', () => {
        assert.deepEqual(parseAdjusted('adjusted/master(unlocked)'), { original: 'master', adjustment: 'unlocked' });
        assert.deepEqual(parseAdjusted('adjusted/a/b(hidemissing-unlocked)'), { original: 'a/b', adjustment: 'hidemissing-unlocked' });
        assert.equal(parseAdjusted('master'), undefined);
    });

    it('tells why something failed', () => {
        for (const [words, reason] of [
            ['git-remote-tor-annex: <stdout>: hPutBuf: illegal operation (handle is closed)', 'connection-broken'],
            ['error: error in sideband demultiplexer', 'connection-broken'],
            ['Unable to connect to peer. (SocksErrorHostUnreachable)', 'unreachable'],
            ["fatal: '/tmp/gone' does not appear to be a git repository\nfatal: Could not read from remote repository.", 'unreachable'],
            ['unsafe\nCould only verify the existence of 1 out of 5 necessary copies', 'too-few-copies'],
            ['not enough free space, need 1 MB more', 'disk-full'],
            ['verification of content failed', 'verification'],
            ["error: cannot lock ref 'refs/remotes/peer1/master': is at x but expected y", 'locked'],
            ['something else', 'other'],
        ] as const) {
            assert.equal(reasonOf(words), reason, words);
        }
    });
});
