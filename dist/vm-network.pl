# vm-network.pl: the network of a virtual machine's guest, which has no device for one: loopback with every IPv4 address on it, as netns.ts makes
# it, and sockets where the gateway has its own. What comes to them goes over the channel, and the relay connects to the same address outside.
package Network;
use strict;
use warnings;

my ($INET, $NETLINK, $STREAM, $DATAGRAM, $RAW, $REUSE) = (2, 16, 1, 2, 3, 2);
my ($ASKED, $CONNECTIONS, $BACKLOG, $CHUNK) = (1024, 4000, 4096, 65_536);
# rtnetlink(7)
my ($NEW_LINK, $NEW_ADDRESS, $NEW_ROUTE, $REQUEST_ACK, $CREATE) = (16, 20, 24, 5, 0x400);
my ($LOOPBACK, $UP, $LOCAL_TABLE, $BOOT, $HOST, $LOCAL) = (1, 1, 255, 3, 254, 2);

sub new { my ($class, $mux, $fail) = @_; return bless { mux => $mux, fail => $fail, next => 0, asked => [] }, $class }

sub netlink {
    my ($self, $type, $flags, $body) = @_;
    socket(my $socket, $NETLINK, $RAW, 0) or $self->{fail}->("netlink: $!");
    syswrite($socket, pack('L S S L L', 16 + length $body, $type, $REQUEST_ACK | $flags, 1, 0) . $body) or $self->{fail}->("netlink: $!");
    sysread $socket, my ($answer), 4096;
    my $error = unpack 'x16 l', $answer;
    $self->{fail}->("netlink $type: error $error") if $error;
}
sub attribute { my ($type, $value) = @_; return pack 'S S a*', 4 + length $value, $type, $value }
sub loopback {
    my ($self) = @_;
    my $address = pack 'C4', 198, 19, 255, 255;
    $self->netlink($NEW_LINK, 0, pack 'C x S l L L', 0, 0, $LOOPBACK, $UP, $UP);
    $self->netlink($NEW_ADDRESS, $CREATE, pack('C C C C L', $INET, 32, 0, 0, $LOOPBACK) . attribute(2, $address) . attribute(1, $address));
    $self->netlink($NEW_ROUTE, $CREATE, pack('C8 L', $INET, 0, 0, 0, $LOCAL_TABLE, $BOOT, $HOST, $LOCAL, 0) . attribute(4, pack 'L', $LOOPBACK));
}

# Of each `PROTOCOL:ADDRESS:PORT`: a socket, and what is done when something is there.
sub listeners {
    my ($self, @places) = @_;
    return map { $self->listener($_) } @places;
}
sub listener {
    my ($self, $place) = @_;
    my ($protocol, $a, $b, $c, $d, $port) = $place =~ /^(udp|tcp):(\d+)\.(\d+)\.(\d+)\.(\d+):(\d+)$/ or $self->{fail}->("not a socket: $place");
    my $address = pack 'C4', $a, $b, $c, $d;
    socket(my $socket, $INET, $protocol eq 'udp' ? $DATAGRAM : $STREAM, 0) or $self->{fail}->("$place: $!");
    setsockopt $socket, 1, $REUSE, 1;
    bind($socket, pack 'S n a4 x8', $INET, $port, $address) or $self->{fail}->("$place: $!");
    if ($protocol eq 'tcp') { listen($socket, $BACKLOG) or $self->{fail}->("$place: $!") }
    Mux::nonblocking($socket);
    return [$socket, sub { $self->accepted($socket) }] if $protocol eq 'tcp';
    return [$socket, sub { $self->question($socket, $address . pack 'n', $port) }];
}
sub accepted {
    my ($self, $socket) = @_;
    return if $self->{mux}->streams >= $CONNECTIONS;
    accept(my $client, $socket) or return;
    my ($port, $address) = unpack 'x2 n a4', getsockname $client;
    $self->{next} += 1;
    $self->{mux}->send('O', $self->{next}, pack 'a4 n', $address, $port);
    $self->{mux}->stream($self->{next}, $client);
}
sub question {
    my ($self, $socket, $place) = @_;
    defined(my $from = recv $socket, my $bytes, $CHUNK - 6, 0) or return;
    $self->{next} += 1;
    $self->{asked}[$self->{next} % $ASKED] = [$self->{next}, $socket, $from];
    $self->{mux}->send('U', $self->{next}, $place . $bytes);
}
sub answered {
    my ($self, $id, $bytes) = @_;
    my $one = $self->{asked}[$id % $ASKED];
    CORE::send $one->[1], $bytes, 0, $one->[2] if $one && $one->[0] == $id;
}
1;
