/**
 * A repository's uuid as git's configuration gives it: believed only if it can stand in a file's name, a reference's
 * name and an argument without being taken for something else.
 */

/**
 * git-annex makes uuids of the usual form (8-4-4-4-12 hexadecimal digits), and lets `git annex reinit` set others
 * (Types/UUID.hs, toUUID). `here` is this repository in git-annex's matching options.
 */
export function asUuid(text: string | undefined): string | undefined {
    return text !== undefined && /^[0-9a-z](?:[0-9a-z-]{1,62}[0-9a-z])$/iu.test(text) && text.toLowerCase() !== 'here' ? text : undefined;
}
