# hands-mounts.pl: what hands.pl makes and mounts: the places that the warden works in, the scratch disk, the layers.
package Mounts;
use strict;

my ($AT_FDCWD, $S_IFIFO, $S_IFCHR) = (-100, 0010000, 0020000);
# mount(2)
my ($RDONLY, $NOSUID, $NODEV, $NOEXEC) = (1, 2, 4, 8);

sub mount {
    my ($source, $target, $type, $flags, $data) = @_;
    my @text = map { "$_\0" } $source, $target, $type, $data;
    Calls::must($target, 'mount', @text[0 .. 2], $flags + 0, $text[3]);
}
# SOURCE TARGET TYPE FLAGS DATA, of each, parents before children. DATA is a page at the most.
sub mounts { mount(splice @_, 0, 5) while @_ }

sub node {
    my ($path, $mode) = @_;
    my $name = "$path\0";
    Calls::must($path, 'mknodat', $AT_FDCWD, $name, $mode, 0);
}
sub whiteouts { node($_, $S_IFCHR | 0644) for @_ }

# PATH UID GID MODE, of each, parents before children: directories.
sub directories {
    while (@_) {
        my ($path, $uid, $gid, $mode) = splice @_, 0, 4;
        mkdir($path, 0700) && chown($uid, $gid, $path) && chmod($mode, $path) or die "$path: $!\n";
    }
}

# DIRECTORY FIFOS [PLACE FLAGS OPTIONS]...: a tmpfs at each PLACE, made where it is not there, in order; then DIRECTORY, mode 0755, and FIFOS in
# it (names, joined by commas), mode 0222.
sub work {
    my ($directory, $fifos, @mounts) = @_;
    while (@mounts) {
        my ($place, $flags, $options) = splice @mounts, 0, 3;
        mkdir $place, 0755; # it may lie below the one before it
        mount('agent-jail', $place, 'tmpfs', $flags, $options);
    }
    my $mask = umask 0;
    my $done = eval {
        mkdir $directory, 0755 or die "$directory: $!\n";
        node("$directory/$_", $S_IFIFO | 0222) for split /,/, $fifos;
        1;
    };
    umask $mask;
    die $@ unless $done;
}

# PATH: every mount at and below it becomes ro,nosuid,nodev,noexec,nosymfollow (mount_setattr(2), AT_RECURSIVE), so that whoever reads what a
# dead jail left can neither change it nor be led out of it by a link. Kernels before 5.14 have no nosymfollow there: the readers follow no
# link themselves, this is the second wall.
my ($RECURSIVE, $NOSYMFOLLOW) = (0x8000, 0x200000);
sub freeze {
    my $path = "$_[0]\0";
    my $all = $RDONLY | $NOSUID | $NODEV | $NOEXEC;
    for my $flags ($all | $NOSYMFOLLOW, $all) {
        my $attributes = pack 'QQQQ', $flags, 0, 0, 0;
        return if Calls::call('mount_setattr', $AT_FDCWD, $path, $RECURSIVE, $attributes, 32) == 0;
    }
    die "$_[0]: $!\n";
}

# PATH...: what is mounted at and below each is taken out of the tree (umount2(2)), and ends once nobody uses it. That goes with the namespace as
# well; but to end a file system takes a while, in which others of the run can go on.
my ($DETACH, $NOFOLLOW) = (2, 8);
sub detach {
    for (@_) {
        my $path = "$_\0";
        Calls::call('umount2', $path, $DETACH | $NOFOLLOW);
    }
}

# FILE SIZE MKFS...: a file that has no name as soon as it is there, SIZE bytes reserved; and begins to make a file system in it with MKFS.
my ($image, $making);
my ($RDWR, $CREATE, $NEW) = (2, 0100, 0200);
sub make_scratch {
    my ($file, $size, @mkfs) = @_;
    sysopen($image, $file, $RDWR | $CREATE | $NEW | Calls::nofollow(), 0600) or die "$file: $!\n";
    unlink $file or die "$file: $!\n";
    Calls::must($file, 'fallocate', fileno $image, 0, 0, $size + 0);
    my $unnamed = "/proc/$$/fd/" . fileno $image;
    $making = Calls::start($mkfs[0], sub { Calls::become(@mkfs, $unnamed) });
}
# PLACE: mounts it there once it is made; with the mount go the loop device and the file.
sub mount_scratch {
    my ($place) = @_;
    my $one = $making or die "no scratch disk was begun\n";
    undef $making;
    Calls::finish($one);
    my ($device, $loop) = looped($image);
    mount($device, $place, 'ext4', $NOSUID | $NODEV, '');
    undef $image;
}

# linux/loop.h: a device that goes as soon as nobody has it open or mounted (AUTOCLEAR). Somebody else may take the free one first.
my ($GET_FREE, $SET_FD, $SET_STATUS64, $CONFIGURE, $AUTOCLEAR, $EBUSY) = (0x4C82, 0x4C00, 0x4C04, 0x4C0A, 4, 16);
my ($TRIES, $WAIT) = (200, 0.01);
sub looped {
    my ($file) = @_;
    sysopen(my $control, '/dev/loop-control', $RDWR) or die "/dev/loop-control: $!\n";
    for (1 .. $TRIES) {
        defined(my $free = ioctl $control, $GET_FREE, 0) or die "no free loop device: $!\n";
        my $device = '/dev/loop' . ($free + 0);
        sysopen(my $loop, $device, $RDWR) or die "$device: $!\n";
        return ($device, $loop) if configured($loop, $file);
        $! == $EBUSY or die "$device: $!\n";
        select undef, undef, undef, $WAIT;
    }
    die "others take every free loop device first\n";
}
sub configured {
    my ($loop, $file) = @_;
    my $info = pack 'x40 L4 a64 x112', 0, 0, 0, $AUTOCLEAR, 'agent-jail';
    my $all = pack 'L L a* x64', fileno $file, 0, $info;
    return 1 if ioctl $loop, $CONFIGURE, $all;
    return 0 if $! == $EBUSY;
    # Kernels before 5.8 do it in two steps.
    return ioctl($loop, $SET_FD, fileno $file) && ioctl $loop, $SET_STATUS64, $info;
}

# SOURCE TARGET UID_A UID_B GID_A GID_B, of each: clones the mount at SOURCE and attaches it at TARGET with the ids A and B swapped, everything
# else as it was (mount_setattr(2), MOUNT_ATTR_IDMAP; kernel 5.12). A swap maps every id, so nothing turns into 65534.
sub mapped { attach(splice @_, 0, 6) while @_ }
my $LAST = 4294967295;
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
my ($NEW_USER, $CLONE, $EMPTY_PATH, $IDMAP, $FROM_EMPTY) = (0x10000000, 0x80001, 0x1000, 0x100000, 4);
sub attach {
    my ($source, $target, $ua, $ub, $ga, $gb) = @_;
    pipe(my $ready, my $say) or die "pipe: $!\n";
    pipe(my $hold, my $release) or die "pipe: $!\n";
    defined(my $pid = fork) or die "fork: $!\n";
    if ($pid == 0) { # lives in the user namespace that carries the map, until the mount has taken it
        exit 71 unless Calls::call('unshare', $NEW_USER) == 0;
        syswrite $say, 'x';
        close $release;
        sysread $hold, my $byte, 1;
        exit 0;
    }
    close $say;
    my $done = eval {
        sysread($ready, my $byte, 1) or die "no user namespace for the id map\n";
        for (['uid_map', swap($ua, $ub)], ['gid_map', swap($ga, $gb)]) {
            my ($name, $map) = @$_;
            open(my $file, '>', "/proc/$pid/$name") or die "$name: $!\n";
            syswrite($file, $map) or die "$name: $!\n";
        }
        open(my $namespace, '<', "/proc/$pid/ns/user") or die "user namespace: $!\n";
        my ($empty, $from, $to) = ("\0", "$source\0", "$target\0");
        my $tree = Calls::must("open_tree $source", 'open_tree', $AT_FDCWD, $from, $CLONE);
        my $attributes = pack 'QQQQ', $IDMAP, 0, 0, fileno $namespace;
        my $moved = eval {
            Calls::must("mount_setattr $source", 'mount_setattr', $tree, $empty, $EMPTY_PATH, $attributes, 32);
            Calls::must("move_mount $target", 'move_mount', $tree, $empty, $AT_FDCWD, $to, $FROM_EMPTY);
            1;
        };
        my $why = $@;
        Calls::call('close', $tree);
        die $why unless $moved;
        1;
    };
    my $why = $@;
    close $release;
    waitpid $pid, 0;
    die $why unless $done;
}
1;
