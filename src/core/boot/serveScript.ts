/**
 * The program that a system's service manager starts to serve a repository while no editor is open.
 *
 * `git-annex remotedaemon --foreground` ends as soon as its standard input does (git-annex, doc/bugs/git-annex_remotedaemon_--foreground_
 * exits_immediately_if_run_as_systemd_service.mdwn), and service managers give it none. Without --foreground it leaves its parent, tells nobody
 * its number and can't be supervised. So its input is a named pipe that it holds open at both ends itself: it never ends, there is no process
 * besides, and whoever may write to the pipe can send it a command.
 *
 * Kept as text, so that any bundle can write it out; the unit tests check it with `sh -n` and run it.
 */
import { servingSettings } from '../daemon/servingConfig';

/** Its file's name, in the folder that holds the `git` that outlives its pipes (daemon/shim). */
export const serveProgram = 'annex-peers-serve';
/** In the repository's private folder. */
export const pipeName = 'serve.in';
export const pidName = 'serve.pid';
export const logName = 'serve.log';

/** The repository can't be entered, in sysexits.h's numbers. */
export const noRepositoryExit = 66;

const count = servingSettings.length + 1;
const configuration = servingSettings.map(([key, value], index) => `export GIT_CONFIG_KEY_${index}='${key}' GIT_CONFIG_VALUE_${index}='${value}'`).join('\n');

export const serveScript = String.raw`#!/bin/sh
# git-annex Peers: serves a git-annex repository over Tor while no editor is open.
# Written by the VS Code extension, which replaces it when it changes.
#
#   ${serveProgram} [--keep | --background] ROOT PRIVATE GIT GIT-ANNEX
#
# ROOT is the repository, PRIVATE the extension's folder in its git folder; GIT and GIT-ANNEX are the programs.
# --keep: starts git-annex again whenever it ends, for where nothing else does (cron). --background: the same, away from the caller.

mode=
case $1 in
    --keep | --background)
        mode=$1
        shift
        ;;
esac
root=$1
private=$2
git=$3
annex=$4

bin=$(dirname "$0")
if [ "$mode" = --background ]; then
    away=
    command -v setsid >/dev/null && away=setsid
    $away /bin/sh "$0" --keep "$@" </dev/null >/dev/null 2>&1 &
    exit 0
fi

# It may be on a disk that comes later.
until cd "$root" 2>/dev/null && [ -d "$private" ]; do
    echo "There is no repository at $root now." >&2
    sleep 30
    [ "$mode" = --keep ] || exit ${noRepositoryExit}
done

# The extension's own git first: peers' fetches from here hang without it now and then.
PATH=$bin:$PATH
ANNEX_PEERS_GIT=$git
export PATH ANNEX_PEERS_GIT
# What a peer may push, and that nothing is merged unseen.
export GIT_CONFIG_COUNT=${count}
${configuration}
export GIT_CONFIG_KEY_${count - 1}=include.path GIT_CONFIG_VALUE_${count - 1}="$private/paused.gitconfig"
export LC_ALL=C.UTF-8 GIT_TERMINAL_PROMPT=0

pipe=$private/${pipeName}
away=
if [ ! -p "$pipe" ]; then
    rm -f "$pipe"
    if ! (umask 077 && mkfifo "$pipe") 2>/dev/null; then
        # A file system without named pipes.
        away=$(mktemp -d "${'${TMPDIR:-/tmp}'}/annex-peers.XXXXXX") || exit 73
        pipe=$away/in
        mkfifo "$pipe" || exit 73
    fi
fi
exec 3<>"$pipe"
[ -z "$away" ] || rm -r "$away"

if [ "$mode" != --keep ]; then
    exec "$annex" remotedaemon --foreground <&3 3<&- >/dev/null
fi

umask=$(umask)
umask 077
log=$private/${logName}
[ "$(wc -c <"$log" 2>/dev/null || echo 0)" -lt 1000000 ] || rm -f "$log"
other=$(cat "$private/${pidName}" 2>/dev/null)
if [ -n "$other" ] && [ "$other" != $$ ] && ps -o args= -p "$other" 2>/dev/null | grep -qF "${serveProgram}"; then
    exit 0
fi
echo $$ >"$private/${pidName}"
exec >>"$log" 2>&1
umask "$umask"

child=
finish() {
    trap '' TERM INT HUP
    [ -z "$child" ] || kill "$child" 2>/dev/null
    wait
    rm -f "$private/${pidName}"
    exit 0
}
trap finish TERM INT HUP

pause=5
while :; do
    echo "$(date) git-annex is started"
    started=$(date +%s)
    # Not by its own input: a program in the background has none.
    "$annex" remotedaemon --foreground <&3 3<&- >/dev/null &
    child=$!
    wait "$child"
    echo "$(date) git-annex ended with exit code $?"
    [ $(($(date +%s) - started)) -lt 60 ] || pause=5
    sleep $pause &
    child=$!
    wait "$child"
    [ $pause -ge 300 ] || pause=$((pause * 2))
done
`;
