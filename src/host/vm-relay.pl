#!/usr/bin/perl
# vm-relay.pl MUX CONFIG OUT ERR -- QEMU ARGS...
# Runs in the jail that holds a virtual machine, as its agent's uid. Starts QEMU with one end of the channel as the descriptor that stands for
# {channel} in ARGS, hands CONFIG to the guest, and says `ready RELEASE BOOT_ID` on stdout once that has made everything ready. Then it waits
# until OUT is open to be read (fifo(7)): that is the gate. The guest's output goes to OUT and ERR, its connections to where they lead in this
# network namespace. On stdout, `hit NAME`: a limit that only the guest can see; `program LINE`: what its trace.pl says. Ends as the guest's
# step does. `failed` on stdout and 71: what was asked could not be done, and how the step would have ended is not known.
use strict;
use warnings;

my ($mux_file, $config, $out_file, $err_file, $dashes, @qemu) = @ARGV;
sub fail { print STDERR "vm-relay: $_[0]\n"; print STDOUT "failed\n"; exit 71 }
fail('usage: MUX CONFIG OUT ERR -- QEMU ARGS...') unless @qemu && $dashes eq '--';
require $mux_file;
my ($UNIX, $INET, $STREAM, $DATAGRAM, $WAIT, $CONNECTIONS, $ASKED) = (1, 2, 1, 2, 10, 4096, 1024);
my ($EINPROGRESS, $O_WRONLY, $KILL) = (115, 1, 9);
$SIG{PIPE} = 'IGNORE';
$| = 1;

socketpair(my $ours, my $theirs, $UNIX, $STREAM, 0) or fail("a channel: $!");
my $qemu = fork;
fail("fork: $!") unless defined $qemu;
if ($qemu == 0) {
    close $ours;
    # Not closed by exec: close-on-exec is the only flag of a descriptor.
    fcntl $theirs, 2, 0;
    my $number = fileno $theirs;
    s/\{channel\}/$number/ for @qemu;
    # What the machine's console says belongs to the backend's log; stdout is this process's own.
    open(STDOUT, '>&', \*STDERR) or fail("stdout: $!");
    open(STDIN, '<', '/dev/null') or fail("stdin: $!");
    no warnings 'exec'; # the message is ours
    exec { $qemu[0] } @qemu or fail("$qemu[0]: $!");
}
close $theirs;

my ($out, $err, $end, $ready, @datagrams);
my $mux = Mux->new($ours, \&frame);

sub hand {
    open(my $file, '<:raw', $config) or fail("$config: $!");
    while (sysread $file, my $bytes, $Mux::MOST) { $mux->send('C', 0, $bytes) }
    $mux->send('C', 0);
}

# An address of this namespace, as the guest saw it: 4 bytes and the port.
sub place { my ($address, $port) = unpack 'a4 n', $_[0]; return pack 'S n a4 x8', $INET, $port, $address }

sub frame {
    my ($kind, $id, $bytes) = @_;
    if    ($kind eq 'o' && $out) { put($out, $bytes) }
    elsif ($kind eq 'e' && $err) { put($err, $bytes) }
    elsif ($kind eq 'r' && $bytes =~ /^([\w.+~-]{1,100}) ([0-9a-f-]{36})$/) { $ready = "$1 $2" unless $out }
    elsif ($kind eq 'h' && $bytes =~ /^(memory|processes)$/) { print "hit $1\n" }
    elsif ($kind eq 'p' && $bytes =~ /^[\x20-\x7e]{1,32768}$/) { print "program $bytes\n" }
    elsif ($kind eq 'x' && $bytes =~ /^(code|signal) ([0-9]{1,3})$/) { $end = [$1, $2] }
    elsif ($kind eq 'f' && $bytes =~ /^([\x20-\x7e]{1,300})$/) { fail("the guest says: $1") }
    elsif ($kind eq 'O' && length $bytes == 6) { connection($id, $bytes) }
    elsif ($kind eq 'U' && length $bytes > 6) { datagram($id, $bytes) }
}
# To a FIFO, which takes it when the warden has read what is in it.
sub put {
    my ($file, $bytes) = @_;
    for (my $at = 0; $at < length $bytes;) {
        my $done = syswrite $file, $bytes, length($bytes) - $at, $at;
        return unless defined $done;
        $at += $done;
    }
}
sub connection {
    my ($id, $bytes) = @_;
    return $mux->send('R', $id) if $mux->streams >= $CONNECTIONS;
    socket(my $socket, $INET, $STREAM, 0) or return $mux->send('R', $id);
    # On loopback the answer comes at once.
    connect($socket, place($bytes)) or return $mux->send('R', $id);
    $mux->stream($id, $socket);
}
sub datagram {
    my ($id, $bytes) = @_;
    shift @datagrams if @datagrams >= $ASKED;
    socket(my $socket, $INET, $DATAGRAM, 0) or return;
    connect($socket, place($bytes)) or return;
    CORE::send $socket, substr($bytes, 6), 0;
    push @datagrams, { id => $id, socket => $socket, since => time };
}
sub answer {
    my ($asked) = @_;
    @datagrams = grep { $_ != $asked } @datagrams;
    defined recv($asked->{socket}, my $bytes, $Mux::MOST, 0) or return;
    $mux->send('U', $asked->{id}, $bytes);
}
sub round {
    my $now = time;
    @datagrams = grep { $now - $_->{since} < $WAIT } @datagrams;
    $mux->turn(1, map { my $asked = $_; [$asked->{socket}, sub { answer($asked) }] } @datagrams);
    if ($mux->{closed}) {
        waitpid $qemu, 0;
        fail(sprintf 'the virtual machine ended before its step did (%s)', $? & 127 ? 'signal ' . ($? & 127) : 'code ' . ($? >> 8));
    }
}

hand();
round() until defined $ready;
print "ready $ready\n";
# Blocks until somebody reads, which is the warden once it has proved this jail.
open($out, '>', $out_file) or fail("$out_file: $!");
$mux->send('G', 0);
if ($err_file ne '') { open($err, '>', $err_file) or fail("$err_file: $!") }
round() until defined $end;
close $_ for grep { defined } $out, $err;
my ($how, $number) = @$end;
exit $number if $how eq 'code';
kill $number, $$;
kill $KILL, $$;
