#!/usr/bin/perl
# results: C6-chroot C6-proc-links C6-descriptors C6-handles C6-dots C6-links
# harmless
# Out of the root by chroot, by the links of /proc, by descriptors that were left open, by file handles.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use Fcntl qw(O_RDONLY O_DIRECTORY);

my @protected = lines('paths');
saw_file('C6-proc-links', '/proc/self/root' . plain());    # the method, on ourselves

my $inner = "$FindBin::Bin/../inner";
mkdir $inner or die "$inner: $!";
# Each in a process of its own: where it works, this one has more to try.
my @chroot = map { my $to = $_; child(sub { attempt('chroot', $to) ? 1 : 0 }) ? "chroot to $to" : () } $inner, '/';
chdir $inner;
chdir '..' for 1 .. 64;
saw_file('C6-chroot', ".$_") for @protected;
result('C6-chroot', @chroot);

my @links;
for my $process (glob '/proc/[0-9]*') {
    for my $link ('root', 'cwd', glob("$process/task/*/root"), glob("$process/fd/*"), glob("$process/map_files/*")) {
        my $path = $link =~ m{^/} ? $link : "$process/$link";
        saw_file('C6-proc-links', "$path$_") for @protected;
        my $target = readlink $path // next;
        push @links, "$path leads to $target" if $target =~ m{^/(?:var/lib/agent-jail|proc/\d+/ns)|\(deleted\)$};
    }
}
result('C6-proc-links', @links);

# 0, 1, 2, and the one that is open on the directory; anything else was left open by somebody outside.
opendir(my $directory, '/proc/self/fd') or die "descriptors: $!";
my @descriptors;
for my $fd (grep { /^\d+$/ } readdir $directory) {
    my $target = readlink "/proc/self/fd/$fd" // next;
    next if $fd <= 2 && $target =~ m{^(?:/dev/null|/run/agent-jail/out)$} || $target =~ m{/probes/|^/proc/\d+/fd$};
    push @descriptors, "descriptor $fd is $target";
}
for my $fd (3 .. 1023) {
    for my $path (@protected) {
        my $opened = syscall(nr('openat'), $fd, substr($path, 1), O_RDONLY);
        next if $opened < 0;
        push @descriptors, "$path by descriptor $fd";
        POSIX::close($opened);
    }
}
for my $fd (0 .. 2) {
    open(my $again, '<', "/proc/self/fd/$fd") or next;
    push @descriptors, "output $fd can be read back" if $fd > 0;
}
saw_file('C6-descriptors', plain());
result('C6-descriptors', @descriptors);

my $handle = pack('Ll', 128, 0) . "\0" x 128;
my $mount = "\0" x 8;
my $got = syscall(nr('name_to_handle_at'), -100, plain(), $handle, $mount, 0);
sysopen(my $root, '/', O_RDONLY | O_DIRECTORY) or die "/: $!";
# Inode 2 of an ext4 is its root: the handle by which a container was left before.
my $guess = pack('Ll', 8, 1) . pack('LL', 2, 0);
saw_file('C6-handles', plain());
result('C6-handles', attempt('open_by_handle_at', fileno $root, $handle, O_RDONLY), attempt('open_by_handle_at', fileno $root, $guess, O_RDONLY));

my @dots;
for my $start ('/', '/tmp', "$FindBin::Bin", '/proc/self/cwd', '/usr', grep { -d } '/mnt/listed') {
    chdir $start or die "$start: $!";
    saw_file('C6-dots', '../' x 40 . substr $_, 1) for @protected;
    push @dots, "$start/.. is another root" unless join(':', (stat '../' x 40)[0, 1]) eq join(':', (stat '/')[0, 1]);
}
saw_file('C6-dots', '../' x 40 . substr plain(), 1);
result('C6-dots', @dots);

# Links that the host, or the agent, made in the workspace: followed in the jail they lead to the jail's own files.
my $workspace = "$FindBin::Bin/..";
my $number = 0;
for my $path (@protected) {
    $number += 1;
    symlink $path, "$workspace/link-$number" or die "link: $!";
    saw_file('C6-links', "$workspace/link-$number");
    link $path, "$workspace/hard-$number" and saw_file('C6-links', "$workspace/hard-$number");
}
saw_file('C6-links', $_) for glob("$workspace/given-link-*");
symlink plain(), "$workspace/link-plain";
saw_file('C6-links', "$workspace/link-plain");
result('C6-links');
