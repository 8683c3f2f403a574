#!/usr/bin/perl
# readahead.pl < QUESTIONS > FOUND 3> PARTS
# Reads questions, each a letter and a path (`d`: three paths), every path ended by a NUL, and prints what a reader beside it will want to know,
# NUMBER being the place of the question in its part. `e` ends a part: then how long FOUND is by now is a line of PARTS.
#   NUMBER a NAME VALUE  to `x` and `f`: an extended attribute that counts, name and value in hex
#   NUMBER f SIZE        to `f`: and behind the line all that is in the file, of a regular file of at most $SMALL bytes
#   NUMBER d OWN HAS     to `d`, of the paths of one directory in the merged view, a lower and the upper layer: 1 where it is the lower's own, and
#                        for each of @GIT whether the lower one has it
# No link is followed (lgetxattr(2), O_NOFOLLOW), nothing else is opened, a file that cannot be read is left to who asked. Exit 71 where the
# attributes of all cannot be told, with a message on stderr; also after $MOST bytes of them, which no honest tree has.
# System calls are made as such: to open a file, perl's own function makes four of them.
use strict;
use warnings;

# As launch.pl: e_machine of the ELF header of this perl.
sub machine {
    open(my $self, '<:raw', '/proc/self/exe') or return 0;
    read($self, my $head, 20) == 20 or return 0;
    return unpack 'x18 v', $head;
}
my ($WANTED, $LARGEST, $MOST) = (qr/^(?:user\.|security\.capability$|system\.posix_acl_)/, 65536, 16 << 20);
my ($SMALL, $TRIES, $GATHERED) = (65536, 16, 1 << 20);
my @GIT = map {"$_\0"} qw(.git .gitattributes .gitignore);
my ($X86_64, $AARCH64) = (62, 183);
my %CALLS = (
    $X86_64 => {
        openat => 257, read => 0, close => 3, statx => 332, getdents64 => 217,
        llistxattr => 195, lgetxattr => 192, flistxattr => 196, fgetxattr => 193,
    },
    $AARCH64 => {
        openat => 56, read => 63, close => 57, statx => 291, getdents64 => 61,
        llistxattr => 12, lgetxattr => 9, flistxattr => 13, fgetxattr => 10,
    },
);
my $machine = machine();
my $calls = $CALLS{$machine} or give_up('an unknown machine');
my ($OPENAT, $READ, $CLOSE, $STATX, $GETDENTS) = @$calls{qw(openat read close statx getdents64)};
# As `attributes` wants them, of a path and of an open file.
my ($OF_PATH, $OF_FILE) = ([@$calls{qw(llistxattr lgetxattr)}], [@$calls{qw(flistxattr fgetxattr)}]);
my $AT_FDCWD = -100;
my ($AT_SYMLINK_NOFOLLOW, $AT_EMPTY_PATH, $STATX_BASIC_STATS) = (0x100, 0x1000, 0x7ff);
# O_RDONLY, O_NOCTTY, O_NONBLOCK, O_CLOEXEC, and O_NOFOLLOW; O_DIRECTORY: fcntl.h
my $FILE = 0400 | 04000 | 02000000 | ($machine == $X86_64 ? 0400000 : 0100000);
my $DIRECTORY = $FILE | ($machine == $X86_64 ? 0200000 : 040000);
my ($S_IFMT, $S_IFREG, $S_IFDIR) = (0170000, 0100000, 0040000);
my $ENOENT = 2;
my %nothing = map { $_ => 1 } $ENOENT, 61, 95;    # and ENODATA, EOPNOTSUPP: errno(3), on both
my $told = 0;
my ($buffer, $seen, $there) = map { "\0" x $_ } $LARGEST + 1, 256, 256;
my ($found, $written, $empty) = ('', 0, "\0");

$/ = "\0";
binmode STDIN;
binmode STDOUT;
open(my $PARTS, '>&=', 3) or give_up($!);
for (my $number = 0; my $path = <STDIN>; $number++) {
    my $letter = substr $path, 0, 1, '';
    if ($letter eq 'e') {
        flush();
        syswrite $PARTS, "$written\n" or give_up($!);
        $number = -1;
    } elsif ($letter eq 'd') {
        directory($number, $path, scalar <STDIN>, scalar <STDIN>);
    } elsif ($letter ne 'f' || !file($number, $path)) {
        attributes($number, $path, @$OF_PATH);
    }
    flush() if length $found > $GATHERED;
}
flush();

sub flush {
    for (my $done = 0; $done < length $found;) {
        my $got = syswrite(STDOUT, $found, length($found) - $done, $done) or give_up($!);
        $done += $got;
        $written += $got;
    }
    $found = '';
}

# `$of`: a path, or the number of an open file, as the two calls take it.
sub attributes {
    my ($number, $of, $list, $get) = @_;
    my $names = ask($list, $of) // return;
    for my $name (split /\0/, $names) {
        next unless $name =~ $WANTED;
        my $value = ask($get, $of, "$name\0") // next;
        my $line = "$number a " . unpack('H*', $name) . ' ' . unpack('H*', $value) . "\n";
        give_up("more than $MOST bytes") if ($told += length $line) > $MOST;
        $found .= $line;
    }
}

# False: it is not there, or no file.
sub file {
    my ($number, $path) = @_;
    my $fd = syscall($OPENAT, $AT_FDCWD, $path, $FILE, 0);
    return 0 if $fd < 0;
    my ($mode, $size) = look($fd, $empty, $there, $AT_EMPTY_PATH);
    my $plain = defined $mode && ($mode & $S_IFMT) == $S_IFREG;
    if ($plain) {
        attributes($number, $fd, @$OF_FILE);
        if ($size <= $SMALL && syscall($READ, $fd, $buffer, $size + 1) == $size) {
            $found .= "$number f $size\n";
            $found .= substr $buffer, 0, $size;
        }
    }
    syscall($CLOSE, $fd);
    return $plain;
}

sub directory {
    my ($number, $merged, $lower, $upper) = @_;
    my $fd = syscall($OPENAT, $AT_FDCWD, $lower, $DIRECTORY, 0);
    return if $fd < 0;
    my $has = join '', map { is_absent($fd, $_) ? 0 : 1 } @GIT;
    chop($merged, $upper);
    $found .= "$number d " . is_own($fd, $merged, $upper) . " $has\n";
    syscall($CLOSE, $fd);
}

# Whether the merged view shows there, under a name that the upper layer does not have, the very file of the lower one: then all that is not in
# the upper layer is the lower's. The first names are tried: what they do not tell is for who asked to find out (origin.ts).
sub is_own {
    my ($lower, $merged, $upper) = @_;
    my $size = syscall($GETDENTS, $lower, $buffer, 4096);
    for (my ($at, $try) = (0, 0); $at < $size && $try < $TRIES; $try++) {
        # struct linux_dirent64: d_ino, d_off, d_reclen, d_type, d_name
        my ($length, $name) = unpack "x$at x16 S x Z*", $buffer;
        $at += $length;
        next if $name eq '.' || $name eq '..' || !is_absent($AT_FDCWD, "$upper/$name\0");
        my ($mode) = look($AT_FDCWD, "$merged/$name\0", $seen) or return 0;
        next if ($mode & $S_IFMT) == $S_IFDIR;    # overlayfs numbers those as it likes
        look($lower, "$name\0", $there) or return 0;
        return 0 if identity($seen) ne identity($there);
        return 1 if unpack('x16 L', $seen) == 1;    # two names of one file prove nothing about the directory they are in
    }
    return 0;
}

# Of a struct statx (statx(2)): mode, the low half of the inode number, of which overlayfs may use the high bits (xino), size, ctime, mtime.
sub identity {
    return join ' ', unpack 'x28 S x2 L x4 Q x48 q L x4 q L', $_[0];
}

sub is_absent {
    my ($directory, $name) = @_;
    return !defined look($directory, $name, $there) && $! == $ENOENT;
}

# Mode and size, with the rest in the third argument; nothing: it cannot be looked at.
sub look {
    return if syscall($STATX, $_[0], $_[1], $_[3] // $AT_SYMLINK_NOFOLLOW, $STATX_BASIC_STATS, $_[2]) != 0;
    return unpack 'x28 S x10 Q', $_[2];
}

# undef: there is nothing.
sub ask {
    my ($call, @words) = @_;
    my $size = syscall($call, @words, $buffer, $LARGEST);
    return substr $buffer, 0, $size if $size > 0;
    return undef if $size == 0 || $nothing{$! + 0};
    give_up($!);
}

sub give_up {
    print STDERR "readahead: @_\n";
    exit 71;
}
