#!/usr/bin/perl
# results: C9-kill-all
# A signal to everything that it can reach; alone in its step, because that takes the step's own processes with it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

saw_file('C9-kill-all', plain());
# Said before, because the signal takes the wrapper of the step with it, and with that the jail: the host sees by the end of the step that
# it was sent, and looks whether its own processes of this uid are alive.
result('C9-kill-all');
kill 'KILL', -1;
sleep 15;
exit 0;
