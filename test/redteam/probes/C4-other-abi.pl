#!/usr/bin/perl
# results: C4-x32 C4-i386
# The same calls by another binary interface of the processor, past a filter that knows only one.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

my $canary = saw_file('C4-x32', plain()) // die "no canary\n";
my $SIGSYS = 31;

# x32: the number with bit 30 set. A child is killed for it.
my @x32;
for my $name (qw(getpid mount ptrace unshare)) {
    my $ended = child(sub { $! = 0; syscall(0x40000000 | nr($name), 0, 0, 0, 0, 0); return $! + 0 == 38 || $! + 0 == 1 ? 0 : 1 });
    push @x32, "$name ended with $ended" unless $ended == -$SIGSYS || $ended == 0;
}
result('C4-x32', @x32);

# 32 bits: a program of a few bytes that calls the kernel as those do, and exits with the error's number. On x86-64 a program may do so at any
# time, by int 0x80; on arm64 it is another kind of program, which not every processor runs.
sub program {
    my ($wide, $elf, $code) = @_;
    my ($base, $size) = (0x400000, $wide ? 120 : 84);
    my $ident = "\x7fELF" . pack('CCC', $wide ? 2 : 1, 1, 1) . "\0" x 9;
    my $length = $size + length $code;
    my $header = $wide
        ? pack('SSLQQQLSSSSSS', 2, $elf, 1, $base + $size, 64, 0, 0, 64, 56, 1, 0, 0, 0) . pack('LLQQQQQQ', 1, 5, 0, $base, $base, $length, $length, 0x1000)
        : pack('SSLLLLLSSSSSS', 2, $elf, 1, $base + $size, 52, 0, 0x5000000, 52, 32, 1, 0, 0, 0) . pack('LLLLLLLL', 1, 0, $base, $base, $length, $length, 5, 0x1000);
    my $path = "/tmp/program-$$";
    open(my $file, '>:raw', $path) or die "program: $!";
    print $file $ident . $header . $code;
    close $file;
    chmod 0755, $path;
    my $ended = child(sub { exec { $path } $path or POSIX::_exit(99) });
    unlink $path;
    return $ended;
}
my ($X86_64, $AARCH64, $ARM) = (62, 183, 40);
my $machine = (POSIX::uname())[4];
my @i386;
if ($machine eq 'x86_64') {
    my $exit = "\xb8\x3c\0\0\0\x0f\x05";    # mov eax, 60; syscall
    program(1, $X86_64, "\xbf\x2a\0\0\0$exit") == 42 or die "own program does not run\n";
    for my $call ([20, 'getpid'], [21, 'mount'], [26, 'ptrace'], [310, 'unshare']) {
        my ($number, $name) = @$call;
        my $ended = program(1, $X86_64, "\xb8" . pack('L', $number) . "\x31\xdb\x31\xc9\x31\xd2\x31\xf6\xcd\x80\x89\xc7\xf7\xdf$exit");
        push @i386, "$name ended with $ended" unless $ended < 0 || $ended == 1 || $ended == 38;
    }
}
else {
    # mov x0, 42; mov x8, 93; svc 0
    program(1, $AARCH64, pack 'L3', 0xd2800540, 0xd2800ba8, 0xd4000001) == 42 or die "own program does not run\n";
    for my $call ([20, 'getpid'], [21, 'mount'], [26, 'ptrace'], [337, 'unshare']) {
        my ($number, $name) = @$call;
        # movw r7, number; svc 0; rsb r0, r0, 0; mov r7, 1; svc 0
        my $ended = program(0, $ARM, pack 'L5', 0xe3007000 | $number, 0xef000000, 0xe2600000, 0xe3a07001, 0xef000000);
        # 99: the processor, or the kernel, has no such programs.
        push @i386, "$name ended with $ended" unless $ended < 0 || $ended == 99;
    }
}
result('C4-i386', @i386);
