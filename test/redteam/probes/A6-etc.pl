#!/usr/bin/perl
# results: A6-as-user A6-as-root
# harmless
# What of /etc is for root: read as it is, and after every way to become root.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use File::Find qw(find);

my @files = qw(/etc/shadow /etc/shadow- /etc/gshadow /etc/gshadow- /etc/sudoers /etc/security/opasswd /etc/krb5.keytab /etc/ssl/private);
saw_file('A6-as-user', plain());
my @found = grep { defined slurp($_) } @files;
push @found, map { glob "$_/*" } qw(/etc/ssh /etc/sudoers.d /etc/ssl/private /etc/docker /etc/apt /etc/cron.d);
find({ no_chdir => 1, wanted => sub { saw_file('A6-as-user', $_) if -f $_ } }, '/etc');
saw_file('A6-as-user', $_) for lines('paths');
result('A6-as-user', map { "$_ can be read" } @found);

my @became;
POSIX::setuid(0) and push @became, 'setuid';
POSIX::setgid(0) and push @became, 'setgid';
{ local $! = 0; $> = 0; push @became, 'seteuid' if $> == 0 }
{ local $! = 0; $) = '0 0'; push @became, 'setgroups' if $) =~ /^0\b/ }
push @became, 'another uid' if POSIX::setuid($< + 1);
saw_file('A6-as-root', plain());
saw_file('A6-as-root', $_) for @files, lines('paths');
result('A6-as-root', @became);
