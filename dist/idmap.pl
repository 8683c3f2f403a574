#!/usr/bin/perl
# idmap.pl [SOURCE TARGET UID_A UID_B GID_A GID_B]...
# Clones the mount at SOURCE and attaches it at TARGET with the ids A and B swapped, everything else as it was
# (mount_setattr(2), MOUNT_ATTR_IDMAP; kernel 5.12). A swap maps every id, so nothing turns into 65534.
# Exit 71 with a message on stderr.
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
my %NUMBER = ($X86_64 => { unshare => 272, close => 3 }, $AARCH64 => { unshare => 97, close => 57 });
my ($OPEN_TREE, $MOVE_MOUNT, $MOUNT_SETATTR) = (428, 429, 442);
my $LAST = 4294967295;

sub fail { print STDERR "idmap: $_[0]\n"; exit 71 }

my $number = $NUMBER{machine()} or fail('no system call numbers for this machine');

# "inside outside count" lines of a bijection of 0..LAST-1.
sub swap {
    my ($a, $b) = sort { $a <=> $b } @_;
    return "0 0 $LAST\n" if $a == $b;
    my @lines;
    push @lines, [0, 0, $a] if $a > 0;
    push @lines, [$a, $b, 1];
    push @lines, [$a + 1, $a + 1, $b - $a - 1] if $b > $a + 1;
    push @lines, [$b, $a, 1];
    push @lines, [$b + 1, $b + 1, $LAST - $b - 1];
    return join '', map { "@$_\n" } @lines;
}

sub attach {
    my ($source, $target, $ua, $ub, $ga, $gb) = @_;
    pipe(my $ready, my $say) or fail("pipe: $!");
    pipe(my $hold, my $release) or fail("pipe: $!");
    my $pid = fork;
    fail("fork: $!") unless defined $pid;
    if ($pid == 0) { # lives in the user namespace that carries the map, until the mount has taken it
        syscall($number->{unshare}, 0x10000000) == 0 or fail("a user namespace: $!");
        syswrite $say, 'x';
        close $release;
        sysread $hold, my $byte, 1;
        exit 0;
    }
    close $say;
    sysread($ready, my $byte, 1) or fail('no user namespace for the id map');
    for (['uid_map', swap($ua, $ub)], ['gid_map', swap($ga, $gb)]) {
        my ($name, $map) = @$_;
        open(my $file, '>', "/proc/$pid/$name") or fail("$name: $!");
        syswrite($file, $map) or fail("$name: $!");
        close $file;
    }
    open(my $namespace, '<', "/proc/$pid/ns/user") or fail("user namespace: $!");
    my ($empty, $from, $to) = ("\0", "$source\0", "$target\0");
    my $tree = syscall($OPEN_TREE, -100, $from, 0x80001);
    fail("open_tree $source: $!") if $tree < 0;
    my $attributes = pack 'QQQQ', 0x100000, 0, 0, fileno $namespace;
    syscall($MOUNT_SETATTR, $tree, $empty, 0x1000, $attributes, 32) == 0 or fail("mount_setattr $source: $!");
    syscall($MOVE_MOUNT, $tree, $empty, -100, $to, 4) == 0 or fail("move_mount $target: $!");
    syscall($number->{close}, $tree);
    close $release;
    waitpid $pid, 0;
}

while (@ARGV) {
    my @one = splice @ARGV, 0, 6;
    fail('usage') unless defined $one[5];
    attach(@one);
}
exit 0;
