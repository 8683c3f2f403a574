#!/usr/bin/perl
# terminal.pl ROOT OWNER ROWS COLUMNS UID
# Makes a terminal in the devpts of the jail that ROOT (/proc/PID/root) leads to, before any process of the agent's is in it: /dev/pts/0,
# of ROWS and COLUMNS, OWNER's. Says {"kind":"ready"}, and copies what comes off the terminal to the FIFO `out` of the directory it is
# started in, as UID, until its input ends and everything has been copied. It parses nothing of it.
#
# Nobody types here. Who reads a line gets end of file, each time: the terminal's end-of-file character is given whenever lines are read
# and none waits. Who reads keys gets none, as that character would be one; but the kernel makes a NUL of what waits when they begin.
#
# A terminal whose session ends is hung up, and forgets what was not read yet. The wrapper of the step, which is the session's leader,
# ends only after its read of the FIFO `drained` has: a writer comes and goes there once all was read that came before.
# Exit 71 with a message on stderr.
use strict;
use warnings;
use Fcntl;

# As idmap.pl: e_machine of the ELF header of this perl.
sub machine {
    open(my $self, '<:raw', '/proc/self/exe') or return 0;
    read($self, my $head, 20) == 20 or return 0;
    return unpack 'x18 v', $head;
}
my ($X86_64, $AARCH64) = (62, 183);
my %MKNODAT = ($X86_64 => 259, $AARCH64 => 33);
my ($AT_FDCWD, $S_IFIFO, $OPENAT2) = (-100, 0010000, 437);
my ($NO_SYMLINKS, $BENEATH) = (0x04, 0x08);
# ioctl_tty(2), the same on both.
my ($TCGETS, $TIOCSWINSZ, $TIOCSPTLCK, $TIOCGPTN, $TIOCGPTPEER) = (0x5401, 0x5414, 0x40045431, 0x80045430, 0x5441);
my ($ICANON, $VEOF) = (2, 4);
# s between two looks at whether somebody reads; bytes of a kernel's own buffers of a terminal, at the most.
my ($TICK, $BUFFERED) = (0.02, 1 << 17);

sub fail { print STDERR "terminal: $_[0]\n"; exit 71 }

my ($root, $owner, $rows, $columns, $uid) = @ARGV;
fail('usage') unless defined $uid;

# No link is followed, and nothing above ROOT: what is mounted there was proved.
sysopen(my $top, $root, O_RDONLY | O_DIRECTORY) or fail("$root: $!");
my ($path, $how) = ("dev/pts/ptmx\0", pack 'QQQ', O_RDWR | O_NOCTTY, 0, $NO_SYMLINKS | $BENEATH);
my $number = syscall($OPENAT2, fileno $top, $path, $how, length $how);
fail("the jail's /dev/pts/ptmx: $!") if $number < 0;
close $top;
open(my $master, '+<&=', $number) or fail("its descriptor: $!");
my ($unlocked, $name) = (pack('i', 0), pack('i', -1));
ioctl($master, $TIOCSPTLCK, $unlocked) or fail("unlocking it: $!");
ioctl($master, $TIOCGPTN, $name) or fail("its number: $!");
fail('the jail has another terminal already') unless unpack('i', $name) == 0;
my $size = pack 'SSSS', $rows, $columns, 0, 0;
ioctl($master, $TIOCSWINSZ, $size) or fail("its size: $!");
my $peer = ioctl($master, $TIOCGPTPEER, O_RDWR | O_NOCTTY) or fail("its other end: $!");
open(my $slave, '+<&=', $peer + 0) or fail("its other end: $!");
chown($owner, -1, $slave) or fail("its owner: $!");

# Its reader is the wrapper, its writer is this process alone.
unlink 'drained';
my $mknodat = $MKNODAT{machine()} or fail('no system call numbers for this machine');
my $drained = "drained\0";
umask 0;
syscall($mknodat, $AT_FDCWD, $drained, $S_IFIFO | 0644, 0) == 0 or fail("drained: $!");
chown($uid, -1, 'drained') or fail("drained: $!");

end_of_file();
syswrite STDOUT, qq({"kind":"ready"}\n);
open(my $out, '>:raw', 'out') or fail("out: $!"); # waits until the gate is opened
$) = "$uid $uid";
$( = $uid;
($<, $>) = ($uid, $uid);
fail('privileges could not be dropped') if grep { $_ != $uid } $<, $>, $( + 0, $) + 0;

# Gives end of file to who reads lines.
sub end_of_file {
    my $termios = "\0" x 64;
    ioctl($slave, $TCGETS, $termios) or return; # it was hung up
    my ($modes, $eof) = unpack "x12 L x${\(1 + $VEOF)} C", $termios; # c_lflag, c_line, c_cc
    my $waits = '';
    vec($waits, fileno $slave, 1) = 1;
    my $waiting = select $waits, undef, undef, 0;
    syswrite $master, chr $eof if $modes & $ICANON && !$waiting && $eof;
}

# Bytes that were brought to `out`; 0 once there is nothing more, and never will be.
sub copy {
    my $count = sysread($master, my $bytes, 1 << 16) or return 0;
    for (my $at = 0; $at < $count;) { $at += syswrite($out, $bytes, $count - $at, $at) // fail("out: $!") }
    return $count;
}

my ($reader, $left);
for (;;) {
    my $ready = '';
    vec($ready, fileno $master, 1) = 1;
    vec($ready, 0, 1) = 1 if $slave;
    select $ready, undef, undef, $reader ? 0 : $TICK;
    my $copied = vec($ready, fileno $master, 1) ? copy() || exit 0 : 0;
    undef $slave if $slave && vec $ready, 0, 1;
    end_of_file() if $slave;
    # What is printed behind the step's own program does not hold up its end.
    if ($reader) { undef $reader if !$copied || ($left -= $copied) <= 0 }
    elsif (sysopen(my $fifo, 'drained', O_WRONLY | O_NONBLOCK)) { ($reader, $left) = ($fifo, $BUFFERED) }
}
