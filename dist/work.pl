#!/usr/bin/perl
# work.pl DIRECTORY FIFOS [PLACE FLAGS OPTIONS]...
# Mounts a tmpfs at each PLACE, made where it is not there, in order (mount(2); FLAGS is a number), then makes DIRECTORY, mode 0755, and FIFOS in it (names, joined
# by commas), mode 0222.
# One process for all of it, at the start of every run. Exit 71 with a message on stderr.
use strict;
use warnings;

# As idmap.pl: e_machine of the ELF header of this perl.
sub machine {
    open(my $self, '<:raw', '/proc/self/exe') or return 0;
    read($self, my $head, 20) == 20 or return 0;
    return unpack 'x18 v', $head;
}
my ($X86_64, $AARCH64) = (62, 183);
my %NUMBER = ($X86_64 => { mount => 165, mknodat => 259 }, $AARCH64 => { mount => 40, mknodat => 33 });
my ($AT_FDCWD, $S_IFIFO) = (-100, 0010000);

sub fail { print STDERR "work: $_[0]\n"; exit 71 }

my $number = $NUMBER{machine()} or fail('no system call numbers for this machine');
my ($directory, $fifos, @mounts) = @ARGV;
fail('usage') unless defined $fifos && @mounts % 3 == 0;
while (@mounts) {
    my ($place, $flags, $options) = splice @mounts, 0, 3;
    mkdir $place, 0755; # it may lie below the one before it
    my ($source, $target, $type, $data) = map { "$_\0" } 'agent-jail', $place, 'tmpfs', $options;
    syscall($number->{mount}, $source, $target, $type, $flags + 0, $data) == 0 or fail("$place could not be mounted: $!");
}
umask 0;
mkdir $directory, 0755 or fail("$directory could not be made: $!");
for my $fifo (split /,/, $fifos) {
    my $path = "$directory/$fifo\0";
    syscall($number->{mknodat}, $AT_FDCWD, $path, $S_IFIFO | 0222, 0) == 0 or fail("$directory/$fifo could not be made: $!");
}
exit 0;
