/**
 * The program named `git` that stands first on the PATH of the remote daemon.
 *
 * git-annex's serving side drops what `git upload-pack` has written but what was not yet read when it exits, and the
 * peer's fetch then waits for ever (git-annex, P2P/IO.hs, `runRelayService`). So upload-pack and receive-pack are run as
 * a child here, and this program exits only when the pipe was read. For everything else the real git takes its place at
 * once: that is `sh`, because git-annex starts git often, and `sh` costs a third of what perl does. The second half is
 * perl, which every Debian has (perl-base): Node.js and `sh` can't ask a pipe how full it is.
 *
 * It is kept as text, so that any bundle can write it out; `sh -n` and `perl -c` check it in the unit tests.
 */

/** Set by us: absolute path of the real git. Without it the real git is looked for further down the PATH. */
export const realGitVariable = 'ANNEX_PEERS_GIT';
/** Where this is set, every call says {@link seenLine} on standard error. */
export const checkVariable = 'ANNEX_PEERS_SHIM_CHECK';
export const seenLine = 'annex-peers: git was reached through the shim';
/** The one argument that makes it test itself; it then prints {@link drainsLine} or why not. */
export const selfTestArgument = '--annex-peers-self-test';
export const drainsLine = 'annex-peers: a pipe can be seen to drain';

export const shimScript = String.raw`#!/bin/sh
# Annex Peers: runs git; upload-pack and receive-pack end only when what they wrote was read.
# Written by the extension, which replaces it when it changes. Safe to delete while no remote daemon runs.

if [ -n "$ANNEX_PEERS_SHIM_CHECK" ]; then
    echo 'annex-peers: git was reached through the shim' >&2
fi

git=$ANNEX_PEERS_GIT
if [ ! -x "$git" ] || [ "$git" -ef "$0" ]; then
    git=
    first=
    below=
    oldifs=$IFS
    IFS=:
    set -f
    for folder in $PATH; do
        if [ "$folder/git" -ef "$0" ]; then
            below=yes
        elif [ -f "$folder/git" ] && [ -x "$folder/git" ]; then
            [ -n "$first" ] || first=$folder/git
            [ -z "$below" ] || { git=$folder/git; break; }
        fi
    done
    set +f
    IFS=$oldifs
    [ -n "$git" ] || git=$first
    if [ -z "$git" ]; then
        echo 'annex-peers: there is no git on the PATH' >&2
        exit 127
    fi
fi

value=
for argument do
    if [ -n "$value" ]; then
        value=
        continue
    fi
    case $argument in
        -C | -c | --git-dir | --work-tree | --namespace | --config-env | --attr-source | --super-prefix) value=follows ;;
        upload-pack | receive-pack | --annex-peers-self-test)
            if command -v perl >/dev/null; then
                exec perl -x "$0" "$git" "$@"
            fi
            break
            ;;
        -*) ;;
        *) break ;;
    esac
done

exec "$git" "$@"

#!perl
use strict;
use warnings;

# A reader that takes nothing for this long is given up, in seconds: a peer behind Tor may be slow.
my $patience = 120;
# Between the last byte's leaving the pipe and the reader's passing it on, in seconds.
my $settle = 0.1;

# ioctl's number for "how many bytes are waiting" differs between systems: the one that answers right is it.
my $waiting_number;
sub waiting {
    my ($handle) = @_;
    my $answer = pack('l!', -1);
    return undef unless defined $waiting_number && ioctl($handle, $waiting_number, $answer);
    return unpack('i', $answer);
}

sub find_number {
    for my $candidate (0x541B, 0x4004667F, 0x467F) {
        pipe(my $reader, my $writer) or return 'there is no pipe';
        syswrite($writer, '12345');
        $waiting_number = $candidate;
        my $full = waiting($writer);
        sysread($reader, my $two, 2);
        my $less = waiting($writer);
        sysread($reader, my $rest, 9);
        my $none = waiting($writer);
        return undef if defined $full && defined $less && defined $none && $full == 5 && $less == 3 && $none == 0;
    }
    undef $waiting_number;
    return 'the end that writes can not see what waits in a pipe';
}

# Whether nobody can read the pipe any more. Not to know is "no".
sub abandoned {
    my ($handle) = @_;
    return eval {
        require IO;
        my @poll = (fileno($handle), 0);
        IO::Poll::_poll(0, @poll) > 0 && $poll[1] & 8;
    };
}

my $git = shift @ARGV;
my $problem = find_number();

if (@ARGV == 1 && $ARGV[0] eq '--annex-peers-self-test') {
    print defined $problem ? "annex-peers: $problem\n" : "annex-peers: a pipe can be seen to drain\n";
    exit(defined $problem ? 1 : 0);
}

my $child = defined $problem || !-p STDOUT ? undef : fork();
unless (defined $child) {
    exec { $git } $git, @ARGV or exit 127;
}
if ($child == 0) {
    exec { $git } $git, @ARGV or exit 127;
}

# Whoever writes to git has to notice when git is gone.
close STDIN;
my $ending = 0;
for my $name (qw(HUP INT QUIT TERM)) {
    $SIG{$name} = sub { $ending = 1; kill $name => $child if $child; };
}

while (waitpid($child, 0) != $child) {
    last if !$!{EINTR};
}
my $status = $?;
$child = 0;

my $parent = getppid();
my $last = -1;
my $since = time;
while (!$ending) {
    my $now = waiting(*STDOUT);
    last if !$now;
    if ($now != $last) {
        ($last, $since) = ($now, time);
    }
    last if time - $since > $patience || getppid() != $parent || abandoned(*STDOUT);
    select(undef, undef, undef, 0.01);
}
select(undef, undef, undef, $settle) unless $ending;

# As the child ended, so does this: by the same signal or with the same code.
if (my $signal = $status & 127) {
    $SIG{$_} = 'DEFAULT' for qw(HUP INT QUIT TERM);
    kill $signal => $$;
    exit 128 + $signal;
}
exit $status >> 8;
`;
