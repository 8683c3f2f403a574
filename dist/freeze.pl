#!/usr/bin/perl
# freeze.pl PATH
# Makes every mount at and below PATH ro,nosuid,nodev,noexec,nosymfollow (mount_setattr(2), AT_RECURSIVE), so that whoever reads
# what a dead jail left can neither change it nor be led out of it by a link. Kernels before 5.14 have no nosymfollow there: the
# readers follow no link themselves, this is the second wall. Exit 71 with a message on stderr.
use strict;
use warnings;

my ($MOUNT_SETATTR, $RECURSIVE) = (442, 0x8000);
my ($FLAGS, $NOSYMFOLLOW) = (0x1 | 0x2 | 0x4 | 0x8, 0x200000);    # RDONLY NOSUID NODEV NOEXEC
my $path = "$ARGV[0]\0";
for my $flags ($FLAGS | $NOSYMFOLLOW, $FLAGS) {
    my $attributes = pack 'QQQQ', $flags, 0, 0, 0;
    exit 0 if syscall($MOUNT_SETATTR, -100, $path, $RECURSIVE, $attributes, 32) == 0;
}
print STDERR "freeze: $!\n";
exit 71;
