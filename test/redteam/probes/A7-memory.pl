#!/usr/bin/perl
# results: A7-mem A7-ptrace A7-vm-read A7-descriptors
# Memory and descriptors of processes outside: by every number that a process could have.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

my $canary = $ENV{RT_PLAIN};
my $address = unpack 'Q', pack 'P', $canary;

# Read through /proc/PID/mem: of ourselves it works.
open(my $own, '<:raw', '/proc/self/mem') or die "own memory: $!";
sysseek $own, $address, 0 or die "seek: $!";
sysread $own, my $bytes, length $canary;
saw('A7-mem', $bytes);

my %seen = map { $_ => 1 } $$, map { m{(\d+)$} } glob '/proc/[0-9]*';
# In a container the first process is the step's own.
my %own = map { $_ => 1 } grep { ((stat "/proc/$_")[4] // -1) == $< } keys %seen;
my @others = grep { $_ != $$ } (1 .. 40_000, lines('host-pids'));
my (@mem, @ptrace, @read, @descriptors);
my ($ptrace, $readv, $pidfd_open, $getfd) = map { nr($_) } qw(ptrace process_vm_readv pidfd_open pidfd_getfd);
my $buffer = "\0" x 64;
my $local = pack 'QQ', unpack('Q', pack 'P', $buffer), 64;
my $remote = pack 'QQ', $address, 64;
for my $pid (@others) {
    if (sysopen my $file, "/proc/$pid/mem", 0) { push @mem, "memory of $pid opens" if !$own{$pid} }
    syscall($ptrace, 0x4206, $pid, 0, 0) == 0 and push @ptrace, "ptrace of $pid";
    syscall($readv, $pid, $local, 1, $remote, 1, 0) > 0 and push @read, "memory of $pid read";
    my $fd = syscall($pidfd_open, $pid, 0);
    next if $fd < 0;
    push @descriptors, "pidfd of $pid, which /proc does not show" unless $seen{$pid};
    syscall($getfd, $fd, 0, 0) >= 0 and push @descriptors, "descriptor of $pid taken";
    POSIX::close($fd);
}
result('A7-mem', @mem);
result('A7-ptrace', @ptrace, attempt('ptrace', 0x4206, getppid(), 0, 0));
result('A7-vm-read', @read, attempt('process_vm_readv', $$, $local, 1, $remote, 1, 0), attempt('process_vm_writev', $$, $local, 1, $remote, 1, 0));
result('A7-descriptors', @descriptors, attempt('kcmp', $$, 1, 0, 0, 0));
