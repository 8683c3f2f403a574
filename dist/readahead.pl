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
use strict;
use warnings;

# As launch.pl: e_machine of the ELF header of this perl.
sub machine {
    open(my $self, '<:raw', '/proc/self/exe') or return 0;
    read($self, my $head, 20) == 20 or return 0;
    return unpack 'x18 v', $head;
}
my ($WANTED, $LARGEST, $MOST) = (qr/^(?:user\.|security\.capability$|system\.posix_acl_)/, 65536, 16 << 20);
my ($SMALL, $TRIES) = (65536, 16);
my @GIT = qw(.git .gitattributes .gitignore);
my ($X86_64, $AARCH64) = (62, 183);
my %CALLS = ($X86_64 => [192, 195], $AARCH64 => [9, 12]);    # lgetxattr, llistxattr
my $machine = machine();
my $calls = $CALLS{$machine} or give_up('an unknown machine');
my ($GET, $LIST) = @$calls;
# O_RDONLY, O_NOCTTY, O_NONBLOCK, and O_NOFOLLOW: fcntl.h
my $READ = 0400 | 04000 | ($machine == $X86_64 ? 0400000 : 0100000);
my $ENOENT = 2;
my %nothing = map { $_ => 1 } $ENOENT, 61, 95;    # and ENODATA, EOPNOTSUPP: errno(3), on both
my $told = 0;
my $buffer = "\0" x $LARGEST;

$/ = "\0";
binmode STDIN;
binmode STDOUT;
open(my $PARTS, '>&=', 3) or give_up($!);
for (my $number = 0; my $path = <STDIN>; $number++) {
    my $letter = substr $path, 0, 1, '';
    if ($letter eq 'e') {
        $| = 1;    # perlvar: what is buffered is written at once
        $| = 0;
        syswrite $PARTS, tell(STDOUT) . "\n" or give_up($!);
        $number = -1;
        next;
    }
    if ($letter eq 'd') {
        chomp(my @paths = ($path, scalar <STDIN>, scalar <STDIN>));
        my $has = join '', map { is_absent("$paths[1]/$_") ? 0 : 1 } @GIT;
        print "$number d ", is_own(@paths), " $has\n";
        next;
    }
    attributes($number, $path);
    content($number, $path) if $letter eq 'f';
}
close STDOUT or give_up($!);

sub attributes {
    my ($number, $path) = @_;
    my $names = ask($LIST, $path) // return;
    for my $name (split /\0/, $names) {
        next unless $name =~ $WANTED;
        my $value = ask($GET, $path, "$name\0") // next;
        my $line = "$number a " . unpack('H*', $name) . ' ' . unpack('H*', $value) . "\n";
        give_up("more than $MOST bytes") if ($told += length $line) > $MOST;
        print $line;
    }
}

sub content {
    my ($number, $path) = @_;
    chomp $path;
    sysopen(my $file, $path, $READ) or return;
    my $size = (stat $file)[7];
    return unless -f _ && $size <= $SMALL && sysread($file, my $bytes, $size + 1) == $size;
    print "$number f $size\n$bytes";
}

# Whether the merged view shows there, under a name that the upper layer does not have, the very file of the lower one: then all that is not in
# the upper layer is the lower's. The first names are tried: what they do not tell is for who asked to find out (origin.ts).
sub is_own {
    my ($merged, $lower, $upper) = @_;
    opendir(my $directory, $lower) or return 0;
    for (1 .. $TRIES) {
        my $name = readdir $directory // return 0;
        next if $name eq '.' || $name eq '..' || !is_absent("$upper/$name");
        my @seen = lstat "$merged/$name" or return 0;
        next if -d _;    # overlayfs numbers those as it likes
        my $plain = $seen[3] == 1;    # two names of one file prove nothing about the directory they are in
        my @there = lstat "$lower/$name" or return 0;
        # overlayfs may put the number of the layer into the high bits of an inode number (xino).
        $_->[1] &= 0xffffffff for \@seen, \@there;
        return 0 unless join(' ', @seen[1, 2, 7, 9, 10]) eq join(' ', @there[1, 2, 7, 9, 10]);    # inode, mode, size, mtime, ctime
        return 1 if $plain;
    }
    return 0;
}

sub is_absent {
    my ($path) = @_;
    return !lstat($path) && $! == $ENOENT;
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
