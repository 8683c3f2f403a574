#!/usr/bin/perl -w
# hands.pl: does for the warden what Node can only do by starting a program, which costs more than most of those programs do: for each one the
# kernel copies the page tables of Node's heap. One process for all of a run; it holds the run's lock, and the file of its scratch disk.
# Requests on stdin, done one after the other: a decimal length, a line break, and so many bytes, words with a NUL between each two, the
# first of which is a name below. To each one line on stdout: `ok`, or `failed WHY`. It ends with its input. Exit 71 with a message on stderr:
# that was no request. (-w, and not the module `warnings`: to load that takes longer than all the rest.)
use strict;
BEGIN { my ($here) = $0 =~ m{^(.*/)}s; for ('hands-calls', 'hands-mounts', 'hands-etc', 'hands-net') { require "$here$_.pl" } }

my %DO = (
    work => \&Mounts::work, mount => \&Mounts::mounts, map => \&Mounts::mapped, whiteout => \&Mounts::whiteouts, freeze => \&Mounts::freeze,
    detach => \&Mounts::detach,
    directories => \&Mounts::directories, disk => \&Mounts::make_scratch, attach => \&Mounts::mount_scratch,
    etc => \&Etc::begin, copied => \&Etc::wait_for, netns => \&Net::namespace, lock => \&lock, there => sub { },
);

my ($WRONLY, $CREATE, $APPEND, $ALONE, $AT_ONCE) = (1, 0100, 02000, 2, 4);
my @held; # as long as this process lives
sub lock {
    my ($path) = @_;
    sysopen(my $file, $path, $WRONLY | $CREATE | $APPEND | Calls::nofollow(), 0600) or die "$path: $!\n";
    flock($file, $ALONE | $AT_ONCE) or die "$path: $!\n";
    push @held, $file;
}

my ($buffer, $CHUNK) = ('', 65_536);
sub more {
    my $read = sysread STDIN, $buffer, $CHUNK, length $buffer;
    exit 0 unless $read;
}
sub request {
    more() until $buffer =~ /\n/;
    $buffer =~ s/^([0-9]{1,9})\n// or do { print STDERR "hands: not a request\n"; exit 71 };
    my $length = $1;
    more() until length $buffer >= $length;
    return split /\0/, substr($buffer, 0, $length, ''), -1;
}

for (;;) {
    my ($name, @words) = request();
    my $done = eval { ($DO{$name} || die "there is no request $name\n")->(@words); 1 };
    my $line = $done ? 'ok' : "failed $@";
    $line =~ s/\s+\z//;
    $line =~ s{[\r\n]+}{ / }g;
    syswrite STDOUT, "$line\n";
}
