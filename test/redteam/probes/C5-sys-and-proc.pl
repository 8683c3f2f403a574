#!/usr/bin/perl
# results: C5-cgroup C5-sys C5-proc C5-helpers
# Files of the kernel by which a process has the host run a program, or changes the machine.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use Fcntl qw(O_WRONLY O_CREAT);
use File::Find qw(find);

# Writing such a file works where it is one's own.
open(my $comm, '>', '/proc/self/comm') or die "own comm: $!";
syswrite $comm, substr($ENV{RT_PLAIN}, -15);
close $comm;
index($ENV{RT_PLAIN}, (slurp('/proc/self/comm') =~ s/\n//r)) > 0 or die "own comm was not written\n";
saw_file('C5-cgroup', plain());

sub writable { my ($path) = @_; return sysopen(my $file, $path, O_WRONLY) ? 1 : 0 }

my @cgroup;
my $limit = 3000;
find({ no_chdir => 1, wanted => sub {
    return if $limit-- < 0;
    if (-d $_) { push @cgroup, "mkdir in $_" if mkdir "$_/escape" and rmdir "$_/escape" }
    else { push @cgroup, "$_ opens for writing" if writable($_) }
} }, '/sys/fs/cgroup');
result('C5-cgroup', @cgroup[0 .. ($#cgroup > 4 ? 4 : $#cgroup)]);

my @sys;
$limit = 20_000;
find({ no_chdir => 1, wanted => sub { push @sys, "$_ opens for writing" if $limit-- > 0 && !-l $_ && -f _ && writable($_) } }, '/sys/kernel', '/sys/class', '/sys/devices', '/sys/block', '/sys/bus');
push @sys, map { "$_ can be made" } grep { mkdir $_ } qw(/sys/escape /sys/kernel/config/escape /sys/fs/escape);
result('C5-sys', @sys[0 .. ($#sys > 4 ? 4 : $#sys)]);

my @proc;
# Its own entries apart: they act on itself alone.
find({ no_chdir => 1, preprocess => sub { grep { -r $_ || !-d _ } $File::Find::dir eq '/proc' ? grep { !/^(\d+|self|thread-self)$/ } @_ : @_ },
    wanted => sub { push @proc, "$_ opens for writing" if !-l $_ && -f _ && writable($_) } }, '/proc');
result('C5-proc', @proc[0 .. ($#proc > 4 ? 4 : $#proc)]);

my @helpers = qw(/proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe /proc/sys/kernel/hotplug /proc/sys/kernel/poweroff_cmd /proc/sys/fs/binfmt_misc/register
    /sys/kernel/uevent_helper /sys/fs/cgroup/release_agent /sys/fs/cgroup/memory/release_agent /sys/fs/cgroup/memory/notify_on_release /proc/sysrq-trigger
    /proc/sys/vm/panic_on_oom /proc/sys/kernel/hostname /proc/sys/kernel/yama/ptrace_scope /proc/sys/user/max_user_namespaces /sys/power/state
    /sys/kernel/debug/tracing/trace_marker /proc/self/oom_score_adj_host /proc/1/oom_score_adj);
result('C5-helpers', map { "$_ opens for writing" } grep { writable($_) } grep { $_ ne '/proc/1/oom_score_adj' } @helpers);
