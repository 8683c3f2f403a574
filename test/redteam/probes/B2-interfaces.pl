#!/usr/bin/perl
# results: B2-interfaces B2-routes
# harmless
# A way to anywhere: interfaces other than the loopback, routes by one. Nothing is sent.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

saw_file('B2-interfaces', plain());
my @interfaces = map { /^\s*(\S+?):/ ? $1 : () } split /\n/, slurp('/proc/net/dev') // die "no /proc/net/dev\n";
die "no loopback\n" unless grep { $_ eq 'lo' } @interfaces;
result('B2-interfaces', map { "there is $_" } grep { $_ ne 'lo' } @interfaces);
my @routes = map { (split)[0] // () } grep { !/^Iface/ } split /\n/, slurp('/proc/net/route') // '';
push @routes, map { (split)[9] // () } split /\n/, slurp('/proc/net/ipv6_route') // '';
result('B2-routes', map { "there is a route by $_" } grep { $_ ne 'lo' } @routes);
