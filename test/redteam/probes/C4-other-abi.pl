#!/usr/bin/perl
# results: C4-x32 C4-i386
# The same calls by another binary interface of the processor, past a filter that knows only one.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

my $canary = saw_file('C4-x32', plain()) // die "no canary\n";
my $machine = (POSIX::uname())[4];
die "written for x86-64, not for $machine\n" unless $machine eq 'x86_64';
my $SIGSYS = 31;

# x32: the number with bit 30 set. A child is killed for it.
my @x32;
for my $name (qw(getpid mount ptrace unshare)) {
    my $ended = child(sub { $! = 0; syscall(0x40000000 | nr($name), 0, 0, 0, 0, 0); return $! + 0 == 38 || $! + 0 == 1 ? 0 : 1 });
    push @x32, "$name ended with $ended" unless $ended == -$SIGSYS || $ended == 0;
}
result('C4-x32', @x32);

# i386: a program of a few bytes that calls the kernel by int 0x80 and exits with the error's number.
sub program {
    my ($code) = @_;
    my $base = 0x400000;
    my $header = "\x7fELF\x02\x01\x01" . "\0" x 9 . pack('SSLQQQLSSSSSS', 2, 62, 1, $base + 120, 64, 0, 0, 64, 56, 1, 0, 0, 0);
    my $segment = pack 'LLQQQQQQ', 1, 5, 0, $base, $base, 120 + length $code, 120 + length $code, 0x1000;
    my $path = "/tmp/program-$$";
    open(my $file, '>:raw', $path) or die "program: $!";
    print $file $header . $segment . $code;
    close $file;
    chmod 0755, $path;
    my $ended = child(sub { exec { $path } $path or POSIX::_exit(99) });
    unlink $path;
    return $ended;
}
my $exit = "\xb8\x3c\0\0\0\x0f\x05";    # mov eax, 60; syscall
program("\xbf\x2a\0\0\0$exit") == 42 or die "own program does not run\n";
my @i386;
for my $call ([20, 'getpid'], [21, 'mount'], [26, 'ptrace'], [310, 'unshare']) {
    my ($number, $name) = @$call;
    my $ended = program("\xb8" . pack('L', $number) . "\x31\xdb\x31\xc9\x31\xd2\x31\xf6\xcd\x80\x89\xc7\xf7\xdf$exit");
    push @i386, "$name ended with $ended" unless $ended < 0 || $ended == 1 || $ended == 38;
}
result('C4-i386', @i386);
