/**
 * Makes text that somebody else chose safe to show: no control, formatting, bidirectional or invisible characters, no
 * icon (`$(name)`, which lists and the status bar draw), no link (`[text](address)`), one line, a bounded length. Names of remotes and files, descriptions and program output pass through here.
 */

const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]/gu;

/** One inert line of at most `maxLength` characters; what was left out at the end is marked with an ellipsis. */
export function inert(text: string, maxLength = 200): string {
    // Cut before it is looked at: a name may be a megabyte long, and what is dropped can't be shown.
    const start = text.slice(0, maxLength * 4 + 4);
    const plain = start.replace(/[\t\n\r]+/gu, ' ').replace(invisible, '\u{fffd}').replace(/([$\]])\(/gu, '$1 (');
    const characters = Array.from(plain.slice(0, maxLength * 2 + 2));
    return characters.length <= maxLength && start.length === text.length ? characters.join('') : `${characters.slice(0, maxLength - 1).join('')}…`;
}

/** For notifications, which draw links and run commands: nothing in it looks like the address of one either. */
export function inertForNotification(text: string, maxLength = 200): string {
    // A word joiner would be invisible; a visible replacement can't be mistaken.
    return inert(text, maxLength).replace(/\b(command|vscode|https?|file):/giu, '$1\u{2236}');
}
