#!/usr/bin/perl
# chroot.pl ROOT UID GID SOFT HARD ENVIRON [--cgroup PROCS_FILE]... [--bind ro|rw SOURCE TARGET]... -- CMD ARGS...
# Runs CMD in ROOT by chroot(2), as UID and GID, with SOFT and HARD open files and the variables of the file ENVIRON (NAME=VALUE, each with
# a NUL). Nothing else is kept from it: the network, the processes and the system calls are those of whoever started this.
# CMD joins the cgroups and leads a session. What is mounted below ROOT (/proc, /sys, /dev, /run, the binds) is mounted in a mount
# namespace of its own, so that it ends with CMD: no mount of an earlier step is there, and no path in ROOT is resolved by a link.
# Its user can gain nothing: no capability is left to gain either, and no new privileges.
#
# This process stays outside of the cgroups and adopts what CMD leaves (prctl(2), PR_SET_CHILD_SUBREAPER), so that nothing stays a zombie.
# It says on descriptor 3 how CMD ended, `exit N` or `signal N`, and ends with the last of its descendants.
# Exit 71 of CMD with a message on stderr: it could not be started.
use strict;
use warnings;
use Fcntl;

# As launch.pl: e_machine of the ELF header of this perl.
sub machine {
    open(my $self, '<:raw', '/proc/self/exe') or return 0;
    read($self, my $head, 20) == 20 or return 0;
    return unpack 'x18 v', $head;
}
my ($X86_64, $AARCH64) = (62, 183);
my %NUMBER = (
    $X86_64 => { mount => 165, mknodat => 259, unshare => 272, setsid => 112, prctl => 157, prlimit => 302, capset => 126, setgroups => 116, setresgid => 119, setresuid => 117, close => 3 },
    $AARCH64 => { mount => 40, mknodat => 33, unshare => 97, setsid => 157, prctl => 167, prlimit => 261, capset => 91, setgroups => 159, setresgid => 149, setresuid => 147, close => 57 },
);
my ($OPENAT2, $O_PATH, $O_CLOEXEC, $NO_SYMLINKS, $BENEATH) = (437, 0x200000, 0x80000, 0x04, 0x08);
my ($RDONLY, $NOSUID, $NODEV, $NOEXEC, $REMOUNT, $BIND, $REC, $PRIVATE) = (1, 2, 4, 8, 32, 4096, 1 << 14, 1 << 18);
my ($CLONE_NEWNS, $AT_FDCWD, $S_IFCHR) = (0x20000, -100, 0020000);
my ($PR_CAPBSET_DROP, $PR_SET_CHILD_SUBREAPER, $PR_SET_NO_NEW_PRIVS) = (24, 36, 38);
my ($RLIMIT_CORE, $RLIMIT_NOFILE, $CAPABILITIES_V3) = (4, 7, 0x20080522);

sub fail { print STDERR "chroot: $_[0]\n"; exit 71 }
my $number = $NUMBER{machine()} or fail('no system call numbers for this machine');
sub call { my ($what, @arguments) = @_; syscall($number->{$what}, @arguments) == 0 or fail("$what: $!") }

my ($root, $uid, $gid, $soft, $hard, $environ) = splice @ARGV, 0, 6;
my (@doors, @binds);
while (@ARGV && $ARGV[0] ne '--') {
    my $option = shift;
    if    ($option eq '--cgroup') { push @doors, shift }
    elsif ($option eq '--bind')   { push @binds, [splice @ARGV, 0, 3] }
    else                          { fail("unknown option $option") }
}
shift;
fail('usage') unless @ARGV && defined $environ && $uid =~ /^[1-9]\d*$/ && $gid =~ /^[1-9]\d*$/;

# Whatever else was open where this was started is nothing for CMD.
opendir(my $open, '/proc/self/fd') or fail("/proc/self/fd: $!");
my @open = grep { /^\d+$/ && $_ > 3 } readdir $open;
closedir $open;
syscall($number->{close}, $_ + 0) for @open;
call('prctl', $PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
open(my $told, '>&=', 3) or fail("descriptor 3: $!");
fcntl($told, F_SETFD, FD_CLOEXEC) or fail("descriptor 3: $!");

my $child = fork // fail("fork: $!");
if ($child) {
    for (;;) {
        my $ended = wait;
        last if $ended == -1;
        next if $ended != $child;
        syswrite $told, ($? & 127) ? 'signal ' . ($? & 127) . "\n" : 'exit ' . ($? >> 8) . "\n";
    }
    exit 0;
}

for my $door (@doors) {
    open(my $file, '>', $door) or fail("$door: $!");
    syswrite($file, '0') or fail("$door: $!");
    close $file;
}
syscall($number->{setsid}) > 0 or fail("setsid: $!");
open(my $score, '>', '/proc/self/oom_score_adj') or fail("oom_score_adj: $!");
syswrite($score, '900') or fail("oom_score_adj: $!"); # it dies for memory, not the warden
close $score;

# mount(2).
sub mounted {
    my ($source, $target, $type, $flags, $data) = @_;
    my @texts = map { "$_\0" } $source, $target, $type, $data // '';
    syscall($number->{mount}, @texts[0 .. 2], $flags, $texts[3]) == 0 or fail("$type at $target: $!");
}
# In the new namespace: nothing can be mounted in another one.
call('unshare', $CLONE_NEWNS);
mounted('none', '/', 'none', $REC | $PRIVATE);
sysopen(my $top, $root, O_RDONLY | O_DIRECTORY) or fail("$root: $!");
# A name for what lies at PATH of ROOT, where no part of PATH is a link.
sub at {
    my ($path) = @_;
    my ($relative, $how) = ("$path\0" =~ s{^/}{}r, pack 'QQQ', $O_PATH | $O_CLOEXEC, 0, $NO_SYMLINKS | $BENEATH);
    my $found = syscall($OPENAT2, fileno $top, $relative, $how, length $how);
    fail("$path: $!") if $found < 0;
    return "/proc/self/fd/$found";
}
sub made { my ($path, $mode) = @_; mkdir $path or fail("$path: $!"); chmod $mode, $path; return $path }

mounted('proc', at('/proc'), 'proc', $NOSUID | $NODEV | $NOEXEC);
mounted('sysfs', at('/sys'), 'sysfs', $RDONLY | $NOSUID | $NODEV | $NOEXEC);
mounted('tmpfs', at('/dev'), 'tmpfs', $NOSUID | $NOEXEC, 'mode=755,size=4m');
my $dev = at('/dev');
umask 0;
for (['null', 1, 3], ['zero', 1, 5], ['full', 1, 7], ['random', 1, 8], ['urandom', 1, 9], ['tty', 5, 0]) {
    my ($name, $major, $minor) = @$_;
    my $path = "$dev/$name\0";
    call('mknodat', $AT_FDCWD, $path, $S_IFCHR | 0666, $major << 8 | $minor);
}
for (['fd', '/proc/self/fd'], ['stdin', '/proc/self/fd/0'], ['stdout', '/proc/self/fd/1'], ['stderr', '/proc/self/fd/2'], ['ptmx', 'pts/ptmx']) {
    symlink $_->[1], "$dev/$_->[0]" or fail("/dev/$_->[0]: $!");
}
mounted('tmpfs', made("$dev/shm", 01777), 'tmpfs', $NOSUID | $NODEV, 'mode=1777,size=10%');
mounted('devpts', made("$dev/pts", 0755), 'devpts', $NOSUID | $NOEXEC, 'newinstance,ptmxmode=0666,mode=620,gid=5');
mounted('tmpfs', at('/run'), 'tmpfs', $NOSUID | $NODEV, 'mode=755,size=20%');
for (@binds) {
    my ($access, $source, $target) = @$_;
    made(at('/run') . $1, 0755) if -d $source && $target =~ m{^/run(/[^/]+)$};
    mounted($source, at($target), 'none', $BIND);
    mounted('none', at($target), 'none', $REMOUNT | $BIND | $NOSUID | $NODEV | ($access eq 'ro' ? $RDONLY : 0));
}
umask 022;

# Read while it can be: nothing of it is in force before CMD is.
open(my $listed, '<:raw', $environ) or fail("$environ: $!");
my @variables = do { local $/ = "\0"; map { s/\0$//r } <$listed> };
close $listed;
open(my $last, '<', '/proc/sys/kernel/cap_last_cap') or fail("cap_last_cap: $!");
my $capabilities = <$last> + 0;

# chroot(2)
chroot $root or fail("$root: $!");
chdir '/' or fail("/: $!");
for ([$RLIMIT_CORE, 0, 0], [$RLIMIT_NOFILE, $soft, $hard]) {
    my ($which, @values) = @$_;
    my $limit = pack 'QQ', @values;
    call('prlimit', 0, $which, $limit, 0);
}
call('prctl', $PR_CAPBSET_DROP, $_, 0, 0, 0) for 0 .. $capabilities;
my $groups = pack 'L', $gid;
call('setgroups', 1, $groups);
call('setresgid', ($gid + 0) x 3);
call('setresuid', ($uid + 0) x 3);
my ($header, $none) = (pack('Ll', $CAPABILITIES_V3, 0), "\0" x 24);
call('capset', $header, $none);
call('prctl', $PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);

%ENV = map { /^([^=]+)=(.*)$/s ? ($1 => $2) : () } @variables;
no warnings 'exec'; # the message is ours
exec { $ARGV[0] } @ARGV or fail("$ARGV[0]: $!");
