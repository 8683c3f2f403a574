#!/usr/bin/perl
# results: C7-inject C7-devices C7-own-terminal
# Characters pushed into a terminal that somebody outside reads.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use Fcntl qw(O_RDWR O_NOCTTY O_WRONLY);

my ($TIOCSTI, $TIOCLINUX, $TIOCSCTTY, $TIOCSPTLCK, $TIOCGPTN) = (0x5412, 0x541c, 0x540e, 0x40045431, 0x80045430);

# A terminal of our own: what is written to one end is read at the other.
sysopen(my $master, '/dev/ptmx', O_RDWR | O_NOCTTY) or die "/dev/ptmx: $!";
my $number = pack 'L', 0;
ioctl $master, $TIOCGPTN, $number or die "number: $!";
my $unlock = pack 'L', 0;
ioctl $master, $TIOCSPTLCK, $unlock or die "unlock: $!";
my $name = '/dev/pts/' . unpack 'L', $number;
sysopen(my $slave, $name, O_RDWR | O_NOCTTY) or die "$name: $!";
syswrite $master, "$ENV{RT_PLAIN}\n";
sysread $slave, my $read, 256;
saw('C7-own-terminal', $read);
my @others = grep { $_ ne $name && $_ ne '/dev/pts/ptmx' } glob '/dev/pts/*';
result('C7-own-terminal', map { "$_ is somebody else's" } @others);

my @inject;
for my $fd (0 .. 2) {
    my $stream;
    open($stream, '+<&', $fd) or open($stream, '>&', $fd) or open($stream, '<&', $fd) or next;
    push @inject, "descriptor $fd is a terminal" if -t $stream;
    my $character = 'x';
    push @inject, "TIOCSTI on $fd" if ioctl $stream, $TIOCSTI, $character;
    my $paste = "\x03";
    push @inject, "TIOCLINUX on $fd" if ioctl $stream, $TIOCLINUX, $paste;
}
push @inject, 'there is a controlling terminal' if sysopen(my $controlling, '/dev/tty', O_RDWR);
push @inject, 'the session has a terminal' if (slurp('/proc/self/stat') =~ /^\d+ \(.*\) \S \d+ \d+ \d+ (-?\d+)/s ? $1 : 0) != 0;
result('C7-inject', @inject);

my @devices;
for my $path (qw(/dev/console /dev/tty0 /dev/tty1 /dev/ttyS0 /dev/hvc0 /dev/vcs /dev/vcs1 /dev/vcsa1)) {
    sysopen(my $file, $path, O_WRONLY | O_NOCTTY | 0x800) and push @devices, "$path opens";
}
result('C7-devices', @devices);
