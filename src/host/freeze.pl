#!/usr/bin/perl
# freeze.pl PATH
# Makes every mount at and below PATH ro,nosuid,nodev,noexec,nosymfollow (mount_setattr(2), AT_RECURSIVE; kernel 5.14), so that
# whoever reads what a dead jail left can neither change it nor be led out of it by a link. Exit 71 with a message on stderr.
use strict;
use warnings;

my ($MOUNT_SETATTR, $RECURSIVE) = (442, 0x8000);
my $FLAGS = 0x1 | 0x2 | 0x4 | 0x8 | 0x200000;    # RDONLY NOSUID NODEV NOEXEC NOSYMFOLLOW
my $path = "$ARGV[0]\0";
my $attributes = pack 'QQQQ', $FLAGS, 0, 0, 0;
if (syscall($MOUNT_SETATTR, -100, $path, $RECURSIVE, $attributes, 32) != 0) {
    print STDERR "freeze: $!\n";
    exit 71;
}
