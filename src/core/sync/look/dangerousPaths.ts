/**
 * Which file names let whoever writes the file run code in the editor, or change how git treats the repository.
 *
 * Names are compared as the most forgiving file system would: without regard to case, to characters that are invisible
 * (HFS+ ignores them), to dots and blanks at the end and to streams (NTFS), and NTFS's short names are known. A name
 * that only looks like a dangerous one is stopped as well; that costs a question, the opposite would cost the computer.
 */

/**
 * - `editor-settings`: `.vscode/**`: tasks, launch configurations, settings
 * - `workspace-file`: `*.code-workspace`: the same in one file
 * - `dev-container`: `.devcontainer/**`: commands that run when the folder is opened in a container
 * - `git-modules`: `.gitmodules`: where git fetches other repositories from
 * - `git-attributes`: `.gitattributes`: which filters run on which files, and what git-annex annexes
 * - `git-name`: another name that git itself may take for its own
 */
export type DangerousName = 'editor-settings' | 'workspace-file' | 'dev-container' | 'git-modules' | 'git-attributes' | 'git-name';

const harmlessGitNames = /^\.(?:gitignore|gitkeep|github|gitlab(?:-ci\.ya?ml)?|gitea|gitbook)$/u;

/** A part of a path as the most forgiving file system would see it. */
export function forgivingName(component: string): string {
    const visible = component.normalize('NFKC').replace(/[\p{Cf}\p{Cc}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]/gu, '');
    const withoutStream = visible.replace(/:.*$/su, '');
    return withoutStream.replace(/[. ]+$/u, '').toLowerCase();
}

function dangerousComponent(component: string, isLast: boolean): DangerousName | undefined {
    const name = forgivingName(component);
    if (name === '.vscode' || /^vscode~\d+$/u.test(name)) {
        return 'editor-settings';
    }
    if (name === '.devcontainer' || /^devcon~\d+$/u.test(name) || (isLast && name === '.devcontainer.json')) {
        return 'dev-container';
    }
    if (name === '.gitmodules' || /^(?:gitmod|gi7eba)~\d+$/u.test(name)) {
        return 'git-modules';
    }
    if (name === '.gitattributes' || /^(?:gitatt|gi7d29)~\d+$/u.test(name)) {
        return 'git-attributes';
    }
    if (/^git~\d+$/u.test(name) || (name.startsWith('.git') && !harmlessGitNames.test(name))) {
        return 'git-name';
    }
    // Short names keep three letters of the last extension: `x.code-workspace` is `X~1.COD`.
    return isLast && /\.code-workspace$|~\d+\.cod$/u.test(name) ? 'workspace-file' : undefined;
}

/** What is dangerous about a path; undefined if nothing is. A backslash counts as a separator, too. */
export function dangerousName(path: string): DangerousName | undefined {
    const components = path.split(/[/\\]/u);
    for (const [index, component] of components.entries()) {
        const danger = dangerousComponent(component, index === components.length - 1);
        if (danger !== undefined) {
            return danger;
        }
    }
    return undefined;
}
