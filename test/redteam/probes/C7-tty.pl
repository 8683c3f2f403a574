#!/usr/bin/perl
# results: C7-tty-own C7-tty-inject C7-tty-console C7-tty-others
# From a step that has a terminal: to a terminal that is somebody else's. Runs in a step of its own (terminals.ts).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use Fcntl qw(O_RDWR O_NOCTTY O_NONBLOCK);

my ($TIOCSTI, $TIOCLINUX, $TIOCCONS, $TIOCSCTTY, $TIOCVHANGUP) = (0x5412, 0x541c, 0x541d, 0x540e, 0x5437);
my ($TIOCSPTLCK, $TIOCGPTN) = (0x40045431, 0x80045430);
my $BYTE = "\n";

-t STDOUT or die "there is no terminal\n";
sysopen(my $own, '/dev/tty', O_RDWR | O_NOCTTY) or die "/dev/tty: $!";

# Another one of our own shows that what is written to one end is found at the other.
sysopen(my $master, '/dev/ptmx', O_RDWR | O_NOCTTY) or die "/dev/ptmx: $!";
my ($number, $unlock) = (pack('L', 0), pack('L', 0));
ioctl $master, $TIOCGPTN, $number or die "number: $!";
ioctl $master, $TIOCSPTLCK, $unlock or die "unlock: $!";
my $second = '/dev/pts/' . unpack 'L', $number;
sysopen(my $slave, $second, O_RDWR | O_NOCTTY) or die "$second: $!";
syswrite $master, "$ENV{RT_PLAIN}\n";
sysread $slave, my $read, 256;
saw('C7-tty-own', $read);
# It is the first of a devpts that has none but these.
my %mine = map { $_ => 1 } '/dev/pts/0', $second, '/dev/pts/ptmx';
my $named = readlink('/proc/self/fd/1') // '';
result('C7-tty-own', $named eq '/dev/pts/0' ? () : "the terminal is $named", map { "$_ is somebody else's" } grep { !$mine{$_} } glob '/dev/pts/*');

# Into our own input it may go: whoever reads there is the step. Somebody else's terminal must not be had at all.
ioctl $own, $TIOCSTI, $BYTE;
my (@others, @inject);
for my $link (glob '/proc/[0-9]*/fd/*') {
    my $to = readlink($link) // next;
    next unless $to =~ m{^/dev/(?:pts/|tty|console|hvc|vcs)} && !$mine{$to} && $to ne '/dev/tty';
    push @others, "$link is $to";
}
for my $path (qw(/dev/console /dev/tty0 /dev/tty1 /dev/ttyS0 /dev/hvc0 /dev/vcs /dev/vcs1 /dev/vcsa1), map { "/dev/pts/$_" } 1 .. 64) {
    next if $mine{$path};
    sysopen(my $file, $path, O_RDWR | O_NOCTTY | O_NONBLOCK) or next;
    push @others, "$path opens";
    push @inject, "TIOCSTI on $path" if ioctl $file, $TIOCSTI, $BYTE;
    push @inject, "TIOCSCTTY on $path" if ioctl $file, $TIOCSCTTY, 1;
}
result('C7-tty-others', @others);
result('C7-tty-inject', @inject);

# What acts on the machine's consoles, whichever terminal it is asked of.
my @console;
for my $stream ($own, $slave) {
    my $paste = "\x03";
    push @console, 'TIOCLINUX' if ioctl $stream, $TIOCLINUX, $paste;
    push @console, 'TIOCCONS' if ioctl $stream, $TIOCCONS, 0;
}
push @console, 'TIOCVHANGUP' if ioctl $slave, $TIOCVHANGUP, 0;
result('C7-tty-console', @console);
