#!/usr/bin/perl
# results: A1-environ A1-cmdline A1-ps
# harmless
# Variables and arguments of this process, of its parents and of every other one that /proc or ps shows.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

# A process of our own, which the same methods must find.
my $canary = $ENV{RT_PLAIN};
my $own = fork() // die "fork: $!";
if ($own == 0) { exec { 'perl' } 'perl', '-e', 'sleep 15', $canary or POSIX::_exit(1) }
select undef, undef, undef, 0.2;

my @pids = map { m{(\d+)$} } glob '/proc/[0-9]*';
my @parents;
for (my $pid = getppid(); $pid > 0; ) {
    push @parents, $pid;
    $pid = (slurp("/proc/$pid/stat") // '') =~ /^\d+ \(.*\) \S (\d+)/s ? $1 : 0;
}
saw_file('A1-environ', "/proc/$_/environ") for 'self', 'thread-self', 1, $$, @parents, @pids;
saw('A1-environ', join "\n", map { "$_=$ENV{$_}" } keys %ENV);
for my $pid (1, @pids) {
    saw_file('A1-cmdline', "/proc/$pid/$_") for qw(cmdline comm stat status wchan);
}
my $ps = qx(ps auxewww 2>/dev/null) . qx(ps -eo args 2>/dev/null) . qx(env);
die "ps is not there\n" unless $ps =~ /COMMAND/;
saw('A1-ps', $ps);
kill 'KILL', $own;
result($_) for qw(A1-environ A1-cmdline A1-ps);
