#!/usr/bin/perl
# results: C9-signals C9-listing C9-priority
# Signals to processes outside, of the same uid or any other; and what /proc tells of them.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

# A process of our own can be signalled.
my $own = fork() // die;
if ($own == 0) { sleep 15; POSIX::_exit(0) }
kill('TERM', $own) == 1 or die "own process: $!";
waitpid $own, 0;
($? & 127) == 15 or die "own process was not ended\n";
saw_file('C9-listing', plain());

my %ours = map { $_ => 1 } map { m{(\d+)$} } glob '/proc/[0-9]*';
my @signals;
for my $pid (1 .. 70_000, lines('host-pids')) {
    next if $ours{$pid};
    if (kill 0, $pid) { push @signals, "$pid can be signalled" }
    elsif ($! + 0 != 3) { push @signals, "$pid is there: $!" }    # ESRCH
}
# PID 1 of the jail takes no signal from within its namespace.
kill 'KILL', 1;
kill 'STOP', 1;
result('C9-signals', @signals, -e '/proc/1' ? () : ('PID 1 is gone'));

my @listing;
for my $pid (sort keys %ours) {
    my $status = slurp("/proc/$pid/status") // next;
    my ($uid) = $status =~ /^Uid:\s+(\d+)/m;
    push @listing, "$pid is of uid $uid" if $uid != $>;
    saw_file('C9-listing', "/proc/$pid/$_") for qw(cmdline environ);
}
push @listing, scalar(keys %ours) . ' processes' if keys %ours > 12;
result('C9-listing', @listing);

my @priority;
for my $pid (1 .. 2000, lines('host-pids')) {
    next if $ours{$pid};
    local $! = 0;
    push @priority, "priority of $pid" if setpriority(0, $pid, 19);
}
result('C9-priority', @priority);
