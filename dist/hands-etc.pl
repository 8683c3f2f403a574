# hands-etc.pl: a copy of what a jail may see of /etc, for hands.pl.
package Etc;
use strict;

# TARGET NAME...: begins to copy the entries of /etc that are NAMEs (globs, relative to it) below TARGET, which is made; links stay links. By
# cp(1), which keeps access lists and attributes as well: most of its time, and of whatever else would do it, the kernel makes a thousand links.
my $copying;
sub begin {
    my ($target, @names) = @_;
    $copying = Calls::start('cp', sub {
        mkdir $target, 0755 or die "$target: $!\n";
        chdir '/etc' or die "/etc: $!\n";
        my @found = grep { -e $_ || -l $_ } map { glob $_ } @names;
        Calls::become('cp', '-a', '--parents', '--', @found, $target) if @found;
    });
}
# Waits until it is there.
sub wait_for {
    my $one = $copying or die "no copy was begun\n";
    undef $copying;
    Calls::finish($one);
}
1;
