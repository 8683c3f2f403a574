#!/usr/bin/perl
# results: C2-given C2-port C2-abstract C2-fifo
# harmless
# What the suite has planted outside: sockets and FIFOs where the jail can see them, a port, an abstract name.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use Fcntl qw(O_WRONLY O_RDWR O_NONBLOCK);
$SIG{PIPE} = 'IGNORE'; # who answers at once may be gone before it was asked

use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use Socket qw(PF_UNIX SOCK_STREAM);

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
my $mine = "$FindBin::Bin/../own-$$.sock";
# Other levels of isolation may refuse every socket of this kind: then none answers, and the FIFO below shows that canaries are found.
my $none = $ENV{RT_LEVEL} && !socket(my $any, PF_UNIX, SOCK_STREAM, 0) && refused($! + 0);
my $server = $none ? undef : IO::Socket::UNIX->new(Local => $mine, Listen => 8) || die "own socket: $!";
my $pid = fork() // die;
if ($pid == 0) { alarm 25; while ($server && (my $client = $server->accept)) { print $client $ENV{RT_PLAIN}; close $client } POSIX::_exit(0) }
$none or ask('C2-given', $mine) or die "own socket does not answer\n";

my @ports;
for my $port (lines('host-ports')) {
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => 2) or next;
    IO::Select->new($socket)->can_read(5) and sysread $socket, my $answer, 4096;
    saw('C2-port', $answer);
    push @ports, "$port answers" if defined $answer && $answer ne '';
}
result('C2-port', @ports);

my @given = lines('host-sockets');
for (@given) { die "$_ is not there\n" if m{^/mnt/|^/usr/} && !-e $_ }
result('C2-given', map { "$_ answers" } grep { ask('C2-given', $_) } @given);

my @abstract = map { "\0$_" } lines('host-abstract'), '/org/freedesktop/systemd1/notify', '@/containerd-shim', 'dbus';
ask('C2-abstract', "\0own-$$") and die "own abstract socket is taken\n";
my $hidden = $none ? undef : IO::Socket::UNIX->new(Local => "\0own-$$", Listen => 1) || die "own abstract socket: $!";
my $other = fork() // die;
if ($other == 0) { alarm 25; if ($hidden && (my $client = $hidden->accept)) { print $client $ENV{RT_PLAIN} } POSIX::_exit(0) }
$none or ask('C2-abstract', "\0own-$$") or die "own abstract socket does not answer\n";
result('C2-abstract', map { s/\0/@/r . ' answers' } grep { ask('C2-abstract', $_) } @abstract);

# Written to, and read from: the host holds the other end and looks whether anything arrives.
my $fifo = "$FindBin::Bin/../own-$$.fifo";
POSIX::mkfifo($fifo, 0666) or die "own FIFO: $!";
sysopen(my $both, $fifo, O_RDWR | O_NONBLOCK) or die "own FIFO: $!";
syswrite $both, $ENV{RT_PLAIN};
sysread $both, my $back, 4096;
saw('C2-fifo', $back);
my @fifos;
for my $path (lines('host-fifos')) {
    die "$path is not there\n" unless -p $path;
    for my $way (O_WRONLY | O_NONBLOCK, O_RDWR | O_NONBLOCK) {
        sysopen(my $pipe, $path, $way) or next;
        syswrite $pipe, "written-from-the-jail\n";
        if ($way & O_RDWR) { sysread $pipe, my $got, 4096; saw('C2-fifo', $got) }
        push @fifos, "$path has a reader" unless $way & O_RDWR;
    }
}
result('C2-fifo', @fifos);
kill 'KILL', $pid, $other;
unlink $mine, $fifo;
