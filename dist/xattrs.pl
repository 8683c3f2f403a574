#!/usr/bin/perl
# xattrs.pl < PATHS
# Reads paths, each ended by a NUL, and prints the extended attributes that count: a line `NUMBER NAME VALUE` each, name and value in hex,
# NUMBER being the place of the path in the input. No link is followed (lgetxattr(2)), no file is opened. Exit 71 where it cannot be done
# for all of them, with a message on stderr; also after MOST bytes, which no honest tree has.
use strict;
use warnings;

# As launch.pl: e_machine of the ELF header of this perl.
sub machine {
    open(my $self, '<:raw', '/proc/self/exe') or return 0;
    read($self, my $head, 20) == 20 or return 0;
    return unpack 'x18 v', $head;
}
my ($WANTED, $LARGEST, $MOST) = (qr/^(?:user\.|security\.capability$|system\.posix_acl_)/, 65536, 16 << 20);
my ($X86_64, $AARCH64) = (62, 183);
my %CALLS = ($X86_64 => [192, 195], $AARCH64 => [9, 12]);    # lgetxattr, llistxattr
my $calls = $CALLS{machine()} or give_up('an unknown machine');
my ($GET, $LIST) = @$calls;
my %nothing = map { $_ => 1 } 2, 61, 95;    # ENOENT, ENODATA, EOPNOTSUPP: errno(3), on both
my $printed = 0;
my $buffer = "\0" x $LARGEST;

$/ = "\0";
binmode STDIN;
for (my $number = 0; my $path = <STDIN>; $number++) {
    my $names = ask($LIST, $path) // next;
    for my $name (split /\0/, $names) {
        next unless $name =~ $WANTED;
        my $value = ask($GET, $path, "$name\0") // next;
        my $line = "$number " . unpack('H*', $name) . ' ' . unpack('H*', $value) . "\n";
        give_up("more than $MOST bytes") if ($printed += length $line) > $MOST;
        print $line;
    }
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
    print STDERR "xattrs: @_\n";
    exit 71;
}
