#!/usr/bin/perl
# results: C2-services C2-ports
# Sockets of services that a host may have, by name and by port.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

$SIG{PIPE} = 'IGNORE'; # who answers at once may be gone before it was asked

use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;

# Connects and reads what the other side says. True: somebody took the connection.
sub ask {
    my ($id, $path) = @_;
    my $socket = IO::Socket::UNIX->new(Peer => $path, Timeout => 2) or return 0;
    syswrite $socket, "GET /_ping HTTP/1.0\r\n\r\n";
    IO::Select->new($socket)->can_read(5) and sysread $socket, my $answer, 4096;
    saw($id, $answer);
    return 1;
}
# A service of our own, by the same method.
my $mine = "/tmp/own-$$.sock";
my $server = IO::Socket::UNIX->new(Local => $mine, Listen => 8) or die "own socket: $!";
my $pid = fork() // die;
if ($pid == 0) { while (my $client = $server->accept) { print $client $ENV{RT_PLAIN}; close $client } POSIX::_exit(0) }
ask('C2-services', $mine) or die "own socket does not answer\n";

my @services = qw(/var/run/docker.sock /run/docker.sock /run/containerd/containerd.sock /run/podman/podman.sock /run/user/0/podman/podman.sock
    /run/dbus/system_bus_socket /run/systemd/private /run/systemd/notify /run/systemd/journal/socket /run/systemd/journal/stdout /dev/log
    /run/snapd.socket /var/lib/lxd/unix.socket /var/snap/lxd/common/lxd/unix.socket /run/udev/control /run/crio/crio.sock /run/buildkit/buildkitd.sock
    /run/host/notify /run/host/unix-export /run/agent-jail/socket);
result('C2-services', map { "$_ answers" } grep { ask('C2-services', $_) } @services, glob('/run/*.sock /run/*/*.sock /run/user/*/*'));

my @ports;
for my $address ('127.0.0.1', '172.17.0.1', '10.0.0.1', '0.0.0.0', 'localhost') {
    for my $port (2375, 2376, lines('host-ports')) {
        my $socket = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port, Timeout => 2) or next;
        syswrite $socket, "GET /_ping HTTP/1.0\r\n\r\n";
        IO::Select->new($socket)->can_read(5) and sysread $socket, my $answer, 4096;
        saw('C2-ports', $answer);
        push @ports, "$address:$port answers" if defined $answer && $answer ne '';
    }
}
result('C2-ports', @ports);
kill 'KILL', $pid;
unlink $mine;
