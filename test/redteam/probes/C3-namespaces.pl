#!/usr/bin/perl
# results: C3-unshare C3-clone C3-clone3 C3-setns C3-program C3-mounts
# A user namespace, in which the agent would be root: every way to make or enter one; and then the mounts.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use Fcntl qw(O_RDONLY);

my %NEW = (user => 0x10000000, mount => 0x20000, pid => 0x20000000, net => 0x40000000, ipc => 0x8000000, uts => 0x4000000, cgroup => 0x2000000, time => 0x80);
my $SIGCHLD = 17;
# Without such a flag the same calls work: the canary is read by a child made so.
my $made = syscall(nr('clone'), $SIGCHLD, 0, 0, 0, 0);
if ($made == 0) { saw_file('C3-clone', plain()); POSIX::_exit(0) }
die "clone: $!\n" if $made < 0;
waitpid $made, 0;
die "unshare of nothing: $!\n" if syscall(nr('unshare'), 0x400) != 0;

my (@unshare, @clone, @clone3);
for my $name (sort keys %NEW) {
    for my $flags ($NEW{$name}, $NEW{$name} | $NEW{user}, $NEW{$name} | 1 << 32) {
        my $rc = child(sub { return attempt('unshare', $flags) ? 1 : 0 });
        push @unshare, sprintf('unshare of %s (%x)', $name, $flags) if $rc != 0;
        next if $name eq 'time';    # in clone(2) the bit belongs to the exit signal
        my $pid = syscall(nr('clone'), $flags | $SIGCHLD, 0, 0, 0, 0);
        POSIX::_exit(0) if $pid == 0;
        push @clone, sprintf('clone into a new %s namespace (%x)', $name, $flags) if $pid > 0;
        waitpid $pid, 0 if $pid > 0;
    }
    my $arguments = pack 'Q11', $NEW{$name}, 0, 0, 0, $SIGCHLD, 0, 0, 0, 0, 0, 0;
    my $pid = syscall(nr('clone3'), $arguments, 88);
    my $errno = $!;
    POSIX::_exit(0) if $pid == 0;
    push @clone3, "clone3 into a new $name namespace" if $pid > 0;
    push @clone3, "clone3 reached the kernel: $errno" if $pid < 0 && !refused($errno + 0);
    waitpid $pid, 0 if $pid > 0;
}
result('C3-unshare', @unshare);
result('C3-clone', @clone);
result('C3-clone3', @clone3);

my @setns;
for my $file (glob '/proc/self/ns/* /proc/1/ns/* /proc/[0-9]*/ns/*') {
    sysopen(my $namespace, $file, O_RDONLY) or next;
    push @setns, attempt('setns', fileno $namespace, 0);
}
my $pidfd = syscall(nr('pidfd_open'), $$, 0);
push @setns, attempt('setns', $pidfd, $NEW{mount} | $NEW{net});
result('C3-setns', @setns);

my @programs;
for my $command ('unshare -Ur id -u', 'unshare -m true', 'unshare -n true', 'unshare -p -f true', 'nsenter -t 1 -a true', 'bwrap --dev-bind / / true') {
    my ($program) = split / /, $command;
    next if $program eq 'bwrap' && !-x '/usr/bin/bwrap';
    die "$program is not there\n" if !-x "/usr/bin/$program" && $program ne 'bwrap';
    push @programs, $command if system("timeout 5 $command >/dev/null 2>&1") == 0;
}
result('C3-program', @programs);

my @mounts;
my $tree = "$FindBin::Bin/../tree";
mkdir $tree;
for my $target ($tree, '/tmp', '/usr', '/proc', '/proc/keys', '/run', '/') {
    push @mounts, attempt('mount', 'none', $target, 'tmpfs', 0, 0), attempt('mount', '', $target, '', 0x20, 0),
        attempt('mount', '/', $target, '', 0x1000, 0), attempt('umount2', $target, 2), attempt('pivot_root', $tree, $target);
}
result('C3-mounts', @mounts);
