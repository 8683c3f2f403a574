#!/usr/bin/perl
# results: C9-kill-all
# A signal to everything that it can reach; alone in its step, because that takes the step's own processes with it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

saw_file('C9-kill-all', plain());
my $own = fork() // die;
if ($own == 0) { sleep 15; POSIX::_exit(0) }
kill 'KILL', -1;
waitpid $own, 0;
($? & 127) == 9 or die "own process was not ended\n";
# The host looks whether its own processes of this uid are alive.
result('C9-kill-all');
