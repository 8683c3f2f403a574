#!/usr/bin/perl
# terminal.pl ROOT OWNER ROWS COLUMNS UID
# Makes a terminal (pty.pl) in the devpts of the jail that ROOT (/proc/PID/root) leads to, before any process of the agent's is in it:
# /dev/pts/0, of ROWS and COLUMNS, OWNER's. Says {"kind":"ready"}, and copies what comes off the terminal to the FIFO `out` of the directory
# it is started in, as UID, until its input ends and everything has been copied. Exit 71 with a message on stderr.
use strict;
use warnings;
use Fcntl;
BEGIN { require($0 =~ s{[^/]+\z}{pty.pl}r) }

# As launch.pl: e_machine of the ELF header of this perl.
sub machine {
    open(my $self, '<:raw', '/proc/self/exe') or return 0;
    read($self, my $head, 20) == 20 or return 0;
    return unpack 'x18 v', $head;
}
my ($X86_64, $AARCH64) = (62, 183);
my %MKNODAT = ($X86_64 => 259, $AARCH64 => 33);
my ($AT_FDCWD, $S_IFIFO, $OPENAT2) = (-100, 0010000, 437);
my ($NO_SYMLINKS, $BENEATH) = (0x04, 0x08);
# s between two looks at whether somebody reads.
my $TICK = 0.02;

sub fail { print STDERR "terminal: $_[0]\n"; exit 71 }

my ($root, $owner, $rows, $columns, $uid) = @ARGV;
fail('usage') unless defined $uid;

# No link is followed, and nothing above ROOT: what is mounted there was proved.
sysopen(my $top, $root, O_RDONLY | O_DIRECTORY) or fail("$root: $!");
my ($path, $how) = ("dev/pts/ptmx\0", pack 'QQQ', $Pty::OPEN, 0, $NO_SYMLINKS | $BENEATH);
my $number = syscall($OPENAT2, fileno $top, $path, $how, length $how);
fail("the jail's /dev/pts/ptmx: $!") if $number < 0;
close $top;
open(my $master, '+<&=', $number) or fail("its descriptor: $!");
my $pty = eval { Pty->new($master, $owner, $rows, $columns) } or fail($@ =~ s/\n//r);

# Its reader is the wrapper, its writer is this process alone.
unlink 'drained';
my $mknodat = $MKNODAT{machine()} or fail('no system call numbers for this machine');
my $drained = "drained\0";
umask 0;
syscall($mknodat, $AT_FDCWD, $drained, $S_IFIFO | 0644, 0) == 0 or fail("drained: $!");
chown($uid, -1, 'drained') or fail("drained: $!");

syswrite STDOUT, qq({"kind":"ready"}\n);
open(my $out, '>:raw', 'out') or fail("out: $!"); # waits until the gate is opened
$) = "$uid $uid";
$( = $uid;
($<, $>) = ($uid, $uid);
fail('privileges could not be dropped') if grep { $_ != $uid } $<, $>, $( + 0, $) + 0;

# Bytes that were brought to `out`; 0 once there is nothing more, and never will be.
sub copy {
    my $count = sysread($master, my $bytes, 1 << 16) or return 0;
    for (my $at = 0; $at < $count;) { $at += syswrite($out, $bytes, $count - $at, $at) // fail("out: $!") }
    return $count;
}

my $waited = 0;
for (;;) {
    my $ready = '';
    vec($ready, fileno $master, 1) = 1;
    vec($ready, 0, 1) = 1 if $pty->{slave};
    select $ready, undef, undef, $waited ? 0 : $TICK;
    my $copied = vec($ready, fileno $master, 1) ? copy() || exit 0 : 0;
    $pty->over if $pty->{slave} && vec $ready, 0, 1;
    $waited = $pty->looked($copied, 'drained');
}
