#!/usr/bin/perl -w
# forget.pl INSTANCE -- CMD ARGS...
# Becomes CMD. Once that has ended, whatever the way, another process removes INSTANCE, a directory of tracefs, which takes the kernel some 30 ms.
# That one keeps the rights for it, and reads nothing; stderr is open until it has ended. Exit 71 with a message on stderr: CMD did not run.
use strict; # and -w above, not the module `warnings`: to load that takes longer than all the rest

my ($EBUSY, $PAUSE, $ROUNDS) = (16, 0.001, 1000);
sub fail { print STDERR "forget: $_[0]\n"; exit 71 }

my ($instance, $dashes, @command) = @ARGV;
fail('usage: INSTANCE -- CMD ARGS...') unless @command && $dashes eq '--';
$^F = 255; # CMD has it open, and nobody else
pipe(my $end, my $alive) or fail("pipe: $!");
defined(my $child = fork) or fail("fork: $!");
if ($child) {
    close $end;
    exec { $command[0] } @command or fail("$command[0]: $!");
}
close $_ for $alive, *STDIN, *STDOUT;
sysread $end, my $byte, 1;
# A process that ends closes one file after the other. Where it is still there, the warden tells.
for (1 .. $ROUNDS) {
    last if rmdir $instance or $! != $EBUSY;
    select undef, undef, undef, $PAUSE;
}
