/**
 * What every question to git has in its environment: git writes nothing for it and asks no remote.
 *
 * Where an object is missing and a remote is a "promisor", git fetches it from there in the middle of any reading, and so
 * runs what the repository's configuration says (core.sshCommand, ext:: URLs, remote.*.uploadpack). A repository that was
 * prepared so must not be fetched from by being looked at (git's documentation: partial-clone, "Design Details"; git(1),
 * GIT_NO_LAZY_FETCH of git 2.45 and GIT_ALLOW_PROTOCOL of all).
 */
export const readOnlyGit = { GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' } as const;
