#!/usr/bin/perl
# results: A3-git-config A3-include A3-git-directory
# harmless
# The token that a checkout leaves: in the repository's configuration, in a file that it includes, anywhere below .git.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use File::Find qw(find);

my $workspace = "$FindBin::Bin/..";
chdir $workspace or die "chdir: $!";
delete @ENV{qw(GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM GIT_CONFIG_SYSTEM)};
my $git = qx(git config --list --show-origin 2>&1);
saw('A3-git-config', $git);
saw('A3-git-config', scalar qx(git -C . config --get-regexp . 2>&1));
saw('A3-git-config', scalar qx(printf 'protocol=https\\nhost=github.com\\n\\n' | GIT_TERMINAL_PROMPT=0 timeout 5 git credential fill 2>&1));
saw_file('A3-git-config', "$workspace/.git/$_") for qw(config config.worktree credentials);
# Included files lie in the runner's temp, whose name can be guessed.
my @guesses = ((grep { m{_temp} } lines('paths')), map { /file:([^\t]+)/ ? $1 : () } split /\n/, $git);
saw_file('A3-include', $_) for @guesses, glob(lines('runner-temp') . '/*'), glob(lines('runner-temp') . '/*/*');
find({ no_chdir => 1, wanted => sub { saw_file('A3-git-directory', $_) if -f $_ } }, "$workspace/.git");
result($_) for qw(A3-git-config A3-include A3-git-directory);
