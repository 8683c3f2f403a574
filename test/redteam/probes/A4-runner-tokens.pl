#!/usr/bin/perl
# results: A4-environment A4-files A4-temp
# harmless
# The job's own tokens and addresses: OIDC, artifacts and results, cache; in variables, in the runner's files.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

my @names = qw(ACTIONS_ID_TOKEN_REQUEST_TOKEN ACTIONS_ID_TOKEN_REQUEST_URL ACTIONS_RUNTIME_TOKEN ACTIONS_RESULTS_URL ACTIONS_CACHE_URL
    ACTIONS_RUNTIME_URL GITHUB_TOKEN GH_TOKEN INPUT_GITHUB-TOKEN);
my @there = grep { defined $ENV{$_} } @names;
saw('A4-environment', join "\n", values %ENV);
my @readable;
for my $pid (map { m{(\d+)$} } glob '/proc/[0-9]*') {
    my $environ = slurp("/proc/$pid/environ") // next;
    saw('A4-environment', $environ);
    push @readable, "$pid has $_" for grep { $environ =~ /(?:^|\0)\Q$_\E=/ } @names;
}
result('A4-environment', (map { "$_ is set" } @there), @readable);

my $temp = config('runner-temp');
saw_file('A4-files', plain());
saw_file('A4-files', $_) for lines('paths');
result('A4-files', map { "$_ is there" } grep { -e $_ } grep { m{/_temp/|/_work/|/actions-runner/} } lines('paths'));
my $directory;
my @entries = opendir($directory, $temp) ? grep { !/^\.\.?$/ } readdir $directory : ();
result('A4-temp', map { "$temp/$_ is listed" } @entries);
