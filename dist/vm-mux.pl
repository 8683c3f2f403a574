# vm-mux.pl: what vm-guest.pl and vm-relay.pl have in common. One channel between a guest's process 1 and the process outside that started its
# machine, and on it frames in order: kind (1 byte), stream (u32), length (u32), bytes. Nothing here blocks: both ends may send at any time,
# and a channel that one of them waits to write to would never be read.
package Mux;
use strict;
use warnings;

our ($MOST, $WINDOW, $FULL) = (65_536, 262_144, 1_048_576);
my ($EINTR, $EAGAIN, $F_GETFL, $F_SETFL, $O_NONBLOCK) = (4, 11, 3, 4, 2048);
my ($SOL_SOCKET, $SO_LINGER) = (1, 13);

sub nonblocking {
    my ($file) = @_;
    my $flags = fcntl $file, $F_GETFL, 0;
    return defined $flags && fcntl $file, $F_SETFL, $flags | $O_NONBLOCK;
}
sub wait_again { return $! == $EINTR || $! == $EAGAIN }

# frame: called with kind, stream, bytes of each frame that is no stream's.
sub new {
    my ($class, $file, $frame) = @_;
    nonblocking($file);
    return bless { file => $file, frame => $frame, in => '', out => '', streams => {}, closed => 0 }, $class;
}
sub send {
    my ($self, $kind, $id, $bytes) = @_;
    $bytes = '' unless defined $bytes;
    $self->{out} .= pack('a N N', $kind, $id, length $bytes) . $bytes;
}
# More would only lie here.
sub full { return length $_[0]{out} > $FULL }

# A connection whose other half is at the channel's other end.
sub stream {
    my ($self, $id, $file) = @_;
    nonblocking($file);
    $self->{streams}{$id} = { file => $file, out => '', credit => $WINDOW, ended => 0, fin => 0, shut => 0, broken => 0 };
}
sub streams { return scalar keys %{ $_[0]{streams} } }
sub reset {
    my ($self, $id) = @_;
    my $stream = delete $self->{streams}{$id} or return;
    setsockopt $stream->{file}, $SOL_SOCKET, $SO_LINGER, pack 'ii', 1, 0;
    close $stream->{file};
}
sub over {
    my ($self, $id) = @_;
    my $stream = $self->{streams}{$id};
    return unless $stream->{ended} && $stream->{shut};
    delete $self->{streams}{$id};
    close $stream->{file};
}

sub take {
    my ($self, $kind, $id, $bytes) = @_;
    return $self->{frame}->($kind, $id, $bytes) if $kind !~ /^[DWFR]$/;
    my $stream = $self->{streams}{$id} or return;
    if    ($kind eq 'D') { $stream->{out} .= $bytes }
    elsif ($kind eq 'W') { $stream->{credit} += unpack 'N', $bytes }
    elsif ($kind eq 'F') { $stream->{fin} = 1 }
    # What came before it is still to be read.
    elsif (length $stream->{out}) { $stream->{broken} = 1; return }
    else                 { return $self->reset($id) }
    # What the other end was never allowed to send.
    return $self->refuse($id) if length $stream->{out} > 2 * $WINDOW || $stream->{credit} > 2 * $WINDOW;
    $self->flush($id);
}
sub refuse { my ($self, $id) = @_; $self->send('R', $id); $self->reset($id) }

sub flush {
    my ($self, $id) = @_;
    my $stream = $self->{streams}{$id};
    if (length $stream->{out}) {
        my $done = syswrite $stream->{file}, $stream->{out};
        return if !defined $done && wait_again();
        return $self->refuse($id) unless defined $done;
        substr $stream->{out}, 0, $done, '';
        $self->send('W', $id, pack 'N', $done) unless $stream->{fin};
    }
    return $self->reset($id) if $stream->{broken} && !length $stream->{out};
    if ($stream->{fin} && !length $stream->{out} && !$stream->{shut}) {
        shutdown $stream->{file}, 1;
        $stream->{shut} = 1;
        $self->over($id);
    }
}
sub pull {
    my ($self, $id) = @_;
    my $stream = $self->{streams}{$id};
    my $most = $stream->{credit} < $MOST ? $stream->{credit} : $MOST;
    my $got = sysread $stream->{file}, (my $bytes), $most;
    return if !defined $got && wait_again();
    return $self->refuse($id) unless defined $got;
    if ($got == 0) {
        $stream->{ended} = 1;
        $self->send('F', $id);
        return $self->over($id);
    }
    $stream->{credit} -= $got;
    $self->send('D', $id, $bytes);
}

sub receive {
    my ($self) = @_;
    my $got = sysread $self->{file}, $self->{in}, 4 * $MOST, length $self->{in};
    if (!defined $got) { $self->{closed} = 1 unless wait_again(); return }
    if ($got == 0) { $self->{closed} = 1; return }
    my $at = 0;
    while (length($self->{in}) - $at >= 9) {
        my ($kind, $id, $length) = unpack 'a N N', substr $self->{in}, $at, 9;
        if ($length > $MOST) { $self->{closed} = 1; return }
        last if length($self->{in}) - $at < 9 + $length;
        $self->take($kind, $id, substr $self->{in}, $at + 9, $length);
        $at += 9 + $length;
    }
    substr $self->{in}, 0, $at, '';
}
sub transmit {
    my ($self) = @_;
    my $done = syswrite $self->{file}, $self->{out}, 4 * $MOST;
    if (defined $done) { substr $self->{out}, 0, $done, '' }
    elsif (!wait_again()) { $self->{closed} = 1 }
}

# Waits for at most `seconds` and does what can be done. `readers`: further [file, sub], each called when its file can be read, unless the
# channel has more than it can carry.
sub turn {
    my ($self, $seconds, @readers) = @_;
    my ($read, $write) = ('', '');
    my $full = $self->full;
    vec($read, fileno $self->{file}, 1) = 1;
    vec($write, fileno $self->{file}, 1) = 1 if length $self->{out};
    @readers = () if $full;
    vec($read, fileno $_->[0], 1) = 1 for @readers;
    for my $stream (values %{ $self->{streams} }) {
        my $number = fileno $stream->{file};
        vec($read, $number, 1) = 1 if !$full && !$stream->{ended} && $stream->{credit} > 0;
        vec($write, $number, 1) = 1 if length $stream->{out};
    }
    my ($readable, $writable) = ($read, $write);
    my $found = select $readable, $writable, undef, $seconds;
    return if $found <= 0;
    my $is = sub { vec $_[0], fileno $_[1], 1 };
    $self->transmit if $is->($writable, $self->{file});
    for my $id (keys %{ $self->{streams} }) {
        my $stream = $self->{streams}{$id} or next;
        my ($in, $out) = ($is->($readable, $stream->{file}), $is->($writable, $stream->{file}));
        $self->flush($id) if $out;
        $self->pull($id) if $in && $self->{streams}{$id};
    }
    $_->[1]->() for grep { $is->($readable, $_->[0]) } @readers;
    $self->receive if $is->($readable, $self->{file});
}
1;
