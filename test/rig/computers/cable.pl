#!/usr/bin/perl
# A cable with a delay: makes two TAP devices and carries every frame from one to the other after a wait.
#
# Arguments: the names of the two devices, the delay of one way in milliseconds. A line on standard input is a new
# delay; its end ends the cable. Prints "ready" once the devices are there.
use strict;
use warnings;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
use Errno;
use Fcntl qw(O_RDWR O_NONBLOCK);

# linux/if_tun.h
use constant { TUNSETIFF => 0x400454ca, IFF_TAP => 0x0002, IFF_NO_PI => 0x1000 };
use constant MAX_FRAME => 65536;
# What a router's buffer would hold; more is dropped, as there.
use constant MAX_WAITING => 20000;

my ($first, $second, $delay_ms) = @ARGV;
my $delay = $delay_ms / 1000;

sub tap {
    my ($name) = @_;
    sysopen(my $device, '/dev/net/tun', O_RDWR | O_NONBLOCK) or die "/dev/net/tun: $!\n";
    my $request = pack('a16 s x22', $name, IFF_TAP | IFF_NO_PI);
    ioctl($device, TUNSETIFF, $request) or die "TUNSETIFF $name: $!\n";
    return $device;
}

my @device = (tap($first), tap($second));
# For each direction the frames on their way: [time of arrival, frame].
my @way = ([], []);
$| = 1;
print "ready\n";

my ($rest, $open) = ('', '');
vec($open, fileno($_), 1) = 1 for @device, \*STDIN;
for (;;) {
    my $now = clock_gettime(CLOCK_MONOTONIC);
    my $wait;
    for my $from (0, 1) {
        my $frames = $way[$from];
        while (@$frames && $frames->[0][0] <= $now) {
            # A device that is down or full drops the frame, as a cable does.
            syswrite($device[1 - $from], (shift @$frames)->[1]);
        }
        if (@$frames) {
            my $left = $frames->[0][0] - $now;
            $wait = $left if !defined $wait || $left < $wait;
        }
    }
    my $ready = $open;
    next if select($ready, undef, undef, $wait) <= 0;
    $now = clock_gettime(CLOCK_MONOTONIC);
    for my $from (0, 1) {
        next if !vec($ready, fileno($device[$from]), 1);
        my $read;
        while ($read = sysread($device[$from], my $frame, MAX_FRAME)) {
            push @{ $way[$from] }, [$now + $delay, $frame] if @{ $way[$from] } < MAX_WAITING;
        }
        # A device goes when its network does; then this is a cable to nowhere.
        exit 0 if !defined $read && !$!{EAGAIN};
    }
    if (vec($ready, fileno(STDIN), 1)) {
        exit 0 if !sysread(STDIN, $rest, 4096, length $rest);
        $delay = $1 / 1000 while $rest =~ s/^(\d+)\n//;
    }
}
