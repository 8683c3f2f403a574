#!/usr/bin/perl
# results: C8-directories C8-sockets C8-programs C8-journal
# What systemd-nspawn itself keeps beside a container: its directories, its sockets, its manager, its journal.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use IO::Socket::UNIX;
use Socket qw(SOCK_DGRAM);

saw_file('C8-directories', plain());
saw_file('C8-directories', $_) for lines('paths');
my @directories;
for my $path (qw(/run/host /run/host/incoming /run/host/unix-export /run/systemd /run/systemd/nspawn /run/systemd/nspawn/propagate /run/propagate
    /var/lib/machines /var/lib/agent-jail /var/lib/agent-jail/work /sys/fs/cgroup/unified/supervisor)) {
    opendir(my $directory, $path) or next;
    my @entries = grep { !/^\.\.?$/ } readdir $directory;
    push @directories, "$path holds @entries" if @entries;
    push @directories, "$path takes a file" if open(my $file, '>', "$path/escape") && unlink "$path/escape";
}
push @directories, '/run/host/container-manager can be read' if defined slurp('/run/host/container-manager') || defined slurp('/run/systemd/container');
result('C8-directories', @directories);

my @sockets;
my $mine = "/tmp/own-$$.sock";
my $server = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $mine) or die "own socket: $!";
for my $path ($mine, qw(/run/host/notify /run/systemd/notify /run/systemd/journal/socket /run/systemd/journal/dev-log /dev/log), $ENV{NOTIFY_SOCKET} // ()) {
    my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => $path) or next;
    my $sent = send $socket, "READY=1\nSTATUS=$ENV{RT_PLAIN}\n", 0;
    push @sockets, "$path takes a message" if $sent && $path ne $mine;
}
recv $server, my $got, 4096, 0 or 1;
saw('C8-sockets', $got);
unlink $mine;
push @sockets, map { "$_ is set" } grep { /^(?:NOTIFY_SOCKET|LISTEN_FDS|CREDENTIALS_DIRECTORY|INVOCATION_ID|container.*)$/ } keys %ENV;
result('C8-sockets', @sockets);

my @programs;
for my $command ('machinectl list', 'systemctl status', 'systemd-run true', 'loginctl', 'busctl list', 'journalctl -n1', 'hostnamectl', 'systemd-nspawn --version-of-nothing') {
    my ($program) = split / /, $command;
    next unless -x "/usr/bin/$program";
    my $said = qx(timeout 5 $command 2>&1 < /dev/null);
    saw('C8-programs', $said);
    push @programs, "$command worked" if $? == 0 && $said =~ /\S/ && $said !~ /No journal files were found/;
}
saw_file('C8-programs', plain());
result('C8-programs', @programs);
result('C8-journal', map { "$_ is there" } grep { -e } qw(/var/log/journal /run/log/journal /var/log/syslog /var/log/auth.log /etc/machine-info), grep { -s } '/etc/machine-id');
