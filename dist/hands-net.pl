# hands-net.pl: the network namespace of a run, for hands.pl.
package Net;
use strict;

my ($NETLINK, $RAW, $NEW_NET, $BIND) = (16, 3, 0x40000000, 4096);
# rtnetlink(7)
my ($NEW_LINK, $NEW_ADDRESS, $NEW_ROUTE, $REQUEST_ACK, $CREATE) = (16, 20, 24, 5, 0x400);
my ($INET, $LOOPBACK, $UP, $LOCAL_TABLE, $BOOT, $HOST, $LOCAL) = (2, 1, 1, 255, 3, 254, 2);

# FILE: a new network namespace, bound there. Loopback is up; every IPv4 address is one of its own (ip-route(8), type `local`), and it has one
# beside 127.0.0.1 to be seen.
sub namespace {
    my ($file) = @_;
    Calls::finish(Calls::start('its process', sub {
        Calls::must('unshare', 'unshare', $NEW_NET);
        socket(my $socket, $NETLINK, $RAW, 0) or die "netlink: $!\n";
        my ($address, $loopback) = (pack('C4', 198, 19, 255, 255), pack 'L', $LOOPBACK);
        ask($socket, 'link set lo up', $NEW_LINK, 0, pack 'C x S l L L', 0, 0, $LOOPBACK, $UP, $UP);
        my $to = pack('C4 L', $INET, 32, 0, 0, $LOOPBACK) . attribute(2, $address) . attribute(1, $address);
        ask($socket, 'address add', $NEW_ADDRESS, $CREATE, $to);
        my $route = pack('C8 L', $INET, 0, 0, 0, $LOCAL_TABLE, $BOOT, $HOST, $LOCAL, 0) . attribute(4, $loopback);
        ask($socket, 'route add local 0.0.0.0/0', $NEW_ROUTE, $CREATE, $route);
        Mounts::mount('/proc/self/ns/net', $file, '', $BIND, '');
    }));
}
sub attribute { my ($type, $value) = @_; return pack 'S S a*', 4 + length $value, $type, $value }
sub ask {
    my ($socket, $what, $type, $flags, $body) = @_;
    syswrite($socket, pack('L S S L L', 16 + length $body, $type, $REQUEST_ACK | $flags, 1, 0) . $body) or die "$what: $!\n";
    sysread($socket, my ($answer), 4096) or die "$what: $!\n";
    $! = -unpack 'x16 l', $answer;
    die "$what: $!\n" if $! != 0;
}
1;
