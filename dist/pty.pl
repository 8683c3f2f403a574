# pty.pl: what terminal.pl and vm-guest.pl have in common: the terminal of a step, in the devpts of its jail, before any process of the
# agent's is in it. It parses nothing of what comes off it.
#
# Nobody types here. Who reads a line gets end of file, each time: the terminal's end-of-file character is given whenever lines are read
# and none waits. Who reads keys gets none, as that character would be one; but the kernel makes a NUL of what waits when they begin.
#
# A terminal whose session ends is hung up, and forgets what was not read yet. The wrapper of the step, which is the session's leader,
# ends only after its read of the FIFO `drained` has: a writer comes and goes there once all was read that came before.
package Pty;
use strict;
use warnings;

# ioctl_tty(2), the same on every machine.
my ($TCGETS, $TIOCSWINSZ, $TIOCSPTLCK, $TIOCGPTN, $TIOCGPTPEER) = (0x5401, 0x5414, 0x40045431, 0x80045430, 0x5441);
my ($ICANON, $VEOF) = (2, 4);
our $OPEN = 0x80102; # O_RDWR | O_NOCTTY | O_CLOEXEC
my $ASK = 0x80801; # O_WRONLY | O_NONBLOCK | O_CLOEXEC
# Bytes of a kernel's own buffers of a terminal, at the most.
my $BUFFERED = 1 << 17;

# MASTER: a ptmx that was opened. Its other end is /dev/pts/0 then, of ROWS and COLUMNS, OWNER's. Dies with what went wrong.
sub new {
    my ($class, $master, $owner, $rows, $columns) = @_;
    my ($unlocked, $name) = (pack('i', 0), pack('i', -1));
    ioctl($master, $TIOCSPTLCK, $unlocked) or die "unlocking it: $!\n";
    ioctl($master, $TIOCGPTN, $name) or die "its number: $!\n";
    die "the jail has another terminal already\n" unless unpack('i', $name) == 0;
    my $size = pack 'SSSS', $rows, $columns, 0, 0;
    ioctl($master, $TIOCSWINSZ, $size) or die "its size: $!\n";
    my $peer = ioctl($master, $TIOCGPTPEER, $OPEN) or die "its other end: $!\n";
    open(my $slave, '+<&=', $peer + 0) or die "its other end: $!\n";
    chown($owner, -1, $slave) or die "its owner: $!\n";
    my $self = bless { master => $master, slave => $slave, reader => undef, left => 0 }, $class;
    $self->end_of_file;
    return $self;
}

# Gives end of file to who reads lines.
sub end_of_file {
    my ($self) = @_;
    my $termios = "\0" x 64;
    ioctl($self->{slave}, $TCGETS, $termios) or return; # it was hung up
    my ($modes, $eof) = unpack "x12 L x${\(1 + $VEOF)} C", $termios; # c_lflag, c_line, c_cc
    my $waits = '';
    vec($waits, fileno $self->{slave}, 1) = 1;
    my $waiting = select $waits, undef, undef, 0;
    syswrite $self->{master}, chr $eof if $modes & $ICANON && !$waiting && $eof;
}

# Nothing of the jail lives any more: what is still to be read ends.
sub over { my ($self) = @_; undef $self->{slave} }

# After each look at what came off it, of which COPIED bytes were read; 0: there was nothing. DRAINED: path of that FIFO. True where somebody
# waits for the next look.
sub looked {
    my ($self, $copied, $drained) = @_;
    $self->end_of_file if $self->{slave};
    # What is printed behind the step's own program does not hold up its end.
    if    ($self->{reader}) { undef $self->{reader} if !$copied || ($self->{left} -= $copied) <= 0 }
    elsif (sysopen(my $fifo, $drained, $ASK)) { ($self->{reader}, $self->{left}) = ($fifo, $BUFFERED) }
    return defined $self->{reader};
}
1;
