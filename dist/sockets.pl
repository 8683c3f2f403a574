#!/usr/bin/perl -w
# sockets.pl NETNS_FILE NOFILE SPEC [--route] [--wait] -- CMD ARGS...
# Makes the sockets of SPEC (udp:ADDRESS:PORT or tcp:ADDRESS:PORT, joined by commas) in the network namespace bound at NETNS_FILE,
# returns to the namespace it came from and becomes CMD with the sockets as descriptors 10, 11, ... in the order of SPEC, NOFILE open
# files at the most, and no new privileges. So CMD serves a jail without ever being in it. Other descriptors are kept below 10 only.
# No shell is involved. NETNS_FILE `-`: the namespace is not there yet; the first line of the input will name it, and where there is none,
# nobody needed CMD. --route: every IPv4 address becomes one of the namespace's own first. --wait: socket activation (systemd.socket(5)); says {"kind":"listening"} and becomes CMD when the first packet is
# there. Where the input ends before one came, nobody needed CMD: says {"kind":"done"} with counts of 0. It reads neither.
# Exit 71: could not do what was asked, CMD did not run.
use strict;
# -w above, and not the module: to load that takes longer than all the rest.

# Of what perl itself was built for: e_machine of its ELF header. (POSIX::uname would be loaded for this alone, which takes longer than
# all the rest.)
sub machine {
    open(my $self, '<:raw', '/proc/self/exe') or return 0;
    read($self, my $head, 20) == 20 or return 0;
    return unpack 'x18 v', $head;
}
my ($X86_64, $AARCH64) = (62, 183);
my %MACHINE = (
    $X86_64  => { setns => 308, prctl => 157, prlimit => 302, close => 3, dup3 => 292, ppoll => 271 },
    $AARCH64 => { setns => 268, prctl => 167, prlimit => 261, close => 57, dup3 => 24, ppoll => 73 },
);
my ($FIRST, $BACKLOG, $F_DUPFD) = (10, 4096, 0);
# The same on both. (Socket, like POSIX, takes longer to load than all the rest.)
my ($PF_INET, $SOCK_STREAM, $SOCK_DGRAM, $SOL_SOCKET, $SO_REUSEADDR) = (2, 1, 2, 1, 2);
my ($CLONE_NEWNET, $RLIMIT_NOFILE, $PR_SET_NO_NEW_PRIVS) = (0x40000000, 7, 38);

sub fail { print STDERR "sockets: $_[0]\n"; exit 71 }

my ($netns, $nofile, $spec, $dashes, @command) = @ARGV;
my ($route, $wait) = map {
    my $is = ($dashes // '') eq $_;
    ($dashes, @command) = @command if $is;
    $is;
} '--route', '--wait';
fail('usage: NETNS_FILE NOFILE SPEC [--route] [--wait] -- CMD ARGS...') unless @command && $dashes eq '--' && $nofile =~ /^[0-9]+$/;
my $n = $MACHINE{machine()} or fail('no system call numbers for this machine');

my @wanted = map { [/^(udp|tcp):([0-9.]+):([0-9]{1,5})$/] } split /,/, $spec, -1;
for (@wanted) { fail("not a list of sockets: $spec") unless defined $_->[2] && $_->[2] < 65536 && defined octets($_->[1]) }
fail('no sockets asked for') unless @wanted;

if ($netns eq '-') {
    # By the byte: what comes after it is for CMD.
    for ($netns = ''; $netns !~ s/\n\z//;) { sysread(STDIN, $netns, 1, length $netns) or exit 0 }
}

# Whatever else was inherited up there would be in the way, and is not for CMD.
opendir(my $descriptors, '/proc/self/fd') or fail("descriptors: $!");
my @open = grep { /^[0-9]+$/ && $_ >= $FIRST } readdir $descriptors;
closedir $descriptors;
syscall($n->{close}, $_ + 0) for @open;

# Of an IPv4 address; undef: it is none.
sub octets {
    my @octets = split /\./, $_[0], -1;
    return @octets == 4 && !grep({ !/^[0-9]{1,3}$/ || $_ > 255 } @octets) ? pack('C4', @octets) : undef;
}

sub enter {
    my ($namespace, $name) = @_;
    syscall($n->{setns}, fileno $namespace, $CLONE_NEWNET) == 0 or fail("$name: $!");
}

sub make {
    my ($protocol, $address, $port) = @_;
    my $name = "$protocol:$address:$port";
    socket(my $socket, $PF_INET, $protocol eq 'udp' ? $SOCK_DGRAM : $SOCK_STREAM, 0) or fail("$name: $!");
    setsockopt($socket, $SOL_SOCKET, $SO_REUSEADDR, 1) or fail("$name: $!");
    # struct sockaddr_in, ip(7).
    bind($socket, pack('S n a4 x8', $PF_INET, $port, octets($address))) or fail("$name: $!");
    if ($protocol eq 'tcp') { listen($socket, $BACKLOG) or fail("$name: $!") }
    # Out of the way first: the next one may be given a number that is wanted for another.
    my $high = fcntl($socket, $F_DUPFD, $FIRST + @wanted) or fail("$name: $!");
    return $high;
}

# True once a packet or a connection waits; false where the input has ended and none does. The input is a pipe or a socket pair.
sub awaited {
    syswrite STDOUT, qq({"kind":"listening"}\n);
    my ($POLLIN, $POLLHUP, $POLLRDHUP, $EINTR) = (0x1, 0x10, 0x2000, 4);
    for (;;) {
        my $set = join '', pack('l s s', 0, $POLLRDHUP, 0), map { pack 'l s s', $FIRST + $_, $POLLIN, 0 } 0 .. $#wanted;
        next if syscall($n->{ppoll}, $set, 1 + @wanted, 0, 0, 8) < 0 && $! == $EINTR;
        my ($input, @sockets) = map { (unpack 'l s s', $_)[2] } unpack '(a8)*', $set;
        return 1 if grep { $_ & $POLLIN } @sockets;
        return 0 if $input & ($POLLHUP | $POLLRDHUP);
        fail("waiting: $!") unless grep { $_ } $input, @sockets;
    }
}

open(my $home, '<', '/proc/self/ns/net') or fail("this network namespace: $!");
open(my $inside, '<', $netns) or fail("$netns: $!");
# A jail whose network is the machine's would have its routes changed, and everything answered here.
my ($ours, $theirs) = map { join ':', (stat $_)[0, 1] } $home, $inside;
fail("$netns: that is the network namespace of this machine, not of a jail") if $ours eq $theirs;
enter($inside, $netns);
if ($route) {
    # As in netns.ts. Who made the namespace may have left its loopback down.
    open(my $ip, '|-', 'ip', '-batch', '-') or fail("ip: $!");
    print $ip "link set lo up\naddress add 198.19.255.255/32 dev lo\nroute add local 0.0.0.0/0 dev lo\n";
    close $ip or fail('no route to the sockets');
}
my @made = map { make(@$_) } @wanted;
enter($home, 'the way back');

for my $index (0 .. $#made) {
    syscall($n->{dup3}, $made[$index] + 0, $FIRST + $index, 0) >= 0 or fail("descriptors: $!");
    syscall($n->{close}, $made[$index] + 0);
}
my $limit = pack 'QQ', $nofile, $nofile;
syscall($n->{prlimit}, 0, $RLIMIT_NOFILE, $limit, 0) == 0 or fail("$nofile open files: $!");
syscall($n->{prctl}, $PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 or fail("no new privileges: $!");

if ($wait && !awaited()) {
    syswrite STDOUT, qq({"kind":"done","denied":0,"allowed":0,"lines":0}\n);
    exit 0;
}
$^W = 0; # the message is ours
exec { $command[0] } @command or fail("$command[0]: $!");
