#!/usr/bin/perl
# export.pl NAMESPACE SOURCE TARGET DIRECTORY FROZEN
# export.pl --back NAMESPACE TARGET...
# Shows the mount at SOURCE also at TARGET in the mount namespace NAMESPACE leads to, shared (mount_namespaces(7)): what is mounted below
# SOURCE from now on appears below TARGET too. So an engine of the machine's sees the layers of a warden that lives in a namespace of its
# own. DIRECTORY in it is seen at FROZEN as well, ro,nosuid,nodev: such flags are not shared once a mount is there.
# (open_tree(2), move_mount(2), mount_setattr(2); kernel 5.12.)
# --back: no TARGET is mounted there any more, nor anything below it. They are detached (umount2(2)): who still reads there keeps what it
# has open and nothing else, and the kernel waits once for all mounts, not once for each. Exit 71 with a message on stderr.
use strict;
use warnings;

# Of what perl itself was built for: e_machine of its ELF header. (POSIX::uname would be loaded for this alone, which takes longer than
# all the rest.)
sub machine {
    open(my $self, '<:raw', '/proc/self/exe') or return 0;
    read($self, my $head, 20) == 20 or return 0;
    return unpack 'x18 v', $head;
}
my ($X86_64, $AARCH64) = (62, 183);
my %NUMBER = (
    $X86_64  => { mount => 165, umount2 => 166, setns => 308 },
    $AARCH64 => { mount => 40, umount2 => 39, setns => 268 },
);
my ($OPEN_TREE, $MOVE_MOUNT, $MOUNT_SETATTR, $CLONE_NEWNS, $MS_SHARED) = (428, 429, 442, 0x20000, 1 << 20);
my ($DETACH, $NOFOLLOW) = (2, 8);

sub fail { print STDERR "export: $_[0]\n"; exit 71 }

my $number = $NUMBER{machine()} or fail('no system call numbers for this machine');

sub enter {
    my ($namespace) = @_;
    open(my $outside, '<', $namespace) or fail("$namespace: $!");
    syscall($number->{setns}, fileno $outside, $CLONE_NEWNS) == 0 or fail("the machine's mount namespace: $!");
}
# Where something is mounted, at one of these paths or below. Characters that mountinfo escapes are in none of them.
sub mounted {
    open(my $mounts, '<', '/proc/self/mountinfo') or fail("mounts: $!");
    my @at = map { (split / /)[4] } <$mounts>;
    return grep { my $target = $_; grep { $_ eq $target || index($_, "$target/") == 0 } @at } @_;
}

if (@ARGV > 2 && $ARGV[0] eq '--back') {
    my (undef, $namespace, @targets) = @ARGV;
    enter($namespace);
    # More than once where one was mounted over another.
    for my $round (1 .. 3) {
        last unless @targets = mounted(@targets);
        syscall($number->{umount2}, my $path = "$_\0", $DETACH | $NOFOLLOW) for @targets;
    }
    fail("still mounted: @targets") if @targets && mounted(@targets);
    exit 0;
}
fail('usage: NAMESPACE SOURCE TARGET DIRECTORY FROZEN') unless @ARGV == 5;
my ($namespace, $source, $target, $directory, $frozen) = @ARGV;
my ($none, $empty, $from) = ("none\0", "\0", "$source\0");

sub copy {
    my $path = "$_[0]\0";
    my $tree = syscall($OPEN_TREE, -100, $path, 0x80001);
    fail("open_tree $_[0]: $!") if $tree < 0;
    return $tree;
}
sub attach {
    my ($tree, $at) = @_;
    my $path = "$at\0";
    mkdir $at, 0700 or fail("$at: $!");
    syscall($MOVE_MOUNT, $tree, $empty, -100, $path, 4) == 0 or fail("move_mount $at: $!");
}

syscall($number->{mount}, $none, $from, $empty, $MS_SHARED, 0) == 0 or fail("$source cannot be shared: $!");
my $tree = copy($source);
enter($namespace);
attach($tree, $target);

my $copy = copy("$target/$directory");
my $flags = pack 'QQQQ', 0x1 | 0x2 | 0x4, 0, 0, 0;    # RDONLY NOSUID NODEV
syscall($MOUNT_SETATTR, $copy, $empty, 0x1000, $flags, 32) == 0 or fail("mount_setattr $directory: $!");
attach($copy, "$target/$frozen");
exit 0;
