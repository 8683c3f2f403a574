#!/usr/bin/perl
# vm-share.pl SOCKET SERVER_ROOT SHOWN ROOT RUNTIME RESULT UID GID NOFILE -- CMD ARGS...
# Makes ready what a virtual machine sees of files, in a mount namespace of its own: the tree at ROOT, with RUNTIME at its /run/agent-jail
# (read-only) and RESULT in it, at SHOWN, where UID can go. Then becomes CMD, a server of virtio-fs (vhost-user), as UID and GID, with NOFILE
# open files or more (`listening N` on stdout), and a socket that listens at SOCKET as the descriptor that stands for {socket} in ARGS.
# Either CMD may make namespaces, change its root, and give that up: it does so itself, before it serves. Or it cannot do so as UID: then
# SERVER_ROOT is a directory with CMD and all that it loads, SHOWN is in it, and CMD is started with that as its root, in namespaces of its
# own, without any privilege.
# With UID's rights alone it can do to the files what the agent could. Exit 71: could not do what was asked, CMD did not run.
use strict;
use warnings;
BEGIN { require(($0 =~ m{^(.*)/})[0] . '/vm-calls.pl') }

sub fail { print STDERR "vm-share: $_[0]\n"; exit 71 }
my ($at, $own_root, $shown, $root, $runtime, $result, $uid, $gid, $nofile, $dashes, @command) = @ARGV;
fail('usage: SOCKET SERVER_ROOT SHOWN ROOT RUNTIME RESULT UID GID NOFILE -- CMD ARGS...') unless @command && $dashes eq '--';

my ($NEW_NS, $NEW_PID, $NEW_NET, $NOFILE, $DETACH) = (0x20000, 0x20000000, 0x40000000, 7, 2);
my ($CAPBSET_DROP, $SET_NO_NEW_PRIVS) = (24, 38);
my ($NOSUID, $NODEV, $NOEXEC, $RDONLY, $REMOUNT, $BIND, $REC, $PRIVATE) = (2, 4, 8, 1, 32, 4096, 16384, 1 << 18);
my ($UNIX, $STREAM) = (1, 1);

sub call { return Calls::call(@_) }
sub mount {
    my ($source, $target, $type, $flags, $data) = @_;
    my @text = map { "$_\0" } $source, $target, $type, defined $data ? $data : '';
    call('mount', @text[0 .. 2], $flags, $text[3]) == 0 or fail("mount $target: $!");
}
my $apart = $own_root eq '' ? $NEW_NS : $NEW_NS | $NEW_PID | $NEW_NET;
call('unshare', $apart) == 0 or fail("namespaces: $!");
mount('none', '/', '', $PRIVATE | $REC);
mount($own_root, $own_root, '', $BIND) if $own_root ne '';
-d $shown or mkdir $shown or fail("$shown: $!");
mount($root, $shown, '', $BIND | $REC);
# Nothing of the agent's lives now; a link that an earlier step left leads nowhere.
(-d "$shown/run" && !-l "$shown/run") or fail('/run of the jail is not a directory');
mount('run', "$shown/run", 'tmpfs', $NOSUID | $NODEV, 'mode=755,size=64k');
my $place = "$shown/run/agent-jail";
mkdir $place or fail("$place: $!");
mount($runtime, $place, '', $BIND);
mount('none', $place, '', $BIND | $REMOUNT | $NOSUID | $NODEV | $RDONLY);
mount($result, "$place/result", '', $BIND);
mount('none', "$place/result", '', $BIND | $REMOUNT | $NOSUID | $NODEV);

socket(my $socket, $UNIX, $STREAM, 0) or fail("socket: $!");
bind($socket, pack 'S a108', $UNIX, $at) or fail("$at: $!");
chown($uid, $gid, $at) == 1 or fail("$at: $!");
listen($socket, 1) or fail("$at: $!");
fcntl $socket, 2, 0; # not closed by exec
my $descriptor = fileno $socket;
s/\{socket\}/$descriptor/ for @command;
# Each file that the guest remembers is open here. More than this process may have itself takes a privilege that not every root has.
my $most = 0;
for my $wish (1_048_576, 524_288, $nofile) {
    my $limit = pack 'QQ', $wish, $wish;
    next if call('prlimit', 0, $NOFILE, $limit, 0) != 0;
    $most = $wish;
    last;
}
$most > 0 or fail("$nofile open files: $!");

sub listening { print "listening $most\n"; open STDOUT, '>', '/dev/null' }
sub without_privileges {
    for my $capability (0 .. 63) { last if call('prctl', $CAPBSET_DROP, $capability, 0, 0, 0) != 0 }
    call('setgroups', 0, 0) == 0 or fail("groups: $!");
    call('setresgid', ($gid + 0) x 3) == 0 or fail("gid: $!");
    call('setresuid', ($uid + 0) x 3) == 0 or fail("uid: $!");
    call('prctl', $SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 or fail("no new privileges: $!");
}
no warnings 'exec'; # the messages are ours
if ($own_root eq '') {
    listening();
    my $for_now = '+sys_admin,+sys_chroot,+setpcap';
    my @as = ('--reuid', $uid, '--regid', $gid, '--clear-groups', '--no-new-privs');
    my @may = ('--inh-caps', $for_now, '--ambient-caps', $for_now, '--bounding-set', "-all,$for_now");
    exec 'setpriv', @as, @may, '--', @command or fail("setpriv: $!");
}
# The first process of the namespace is the server. This one waits for it, as it would for one of its own.
my $server = fork;
fail("fork: $!") unless defined $server;
if ($server != 0) {
    close $socket;
    without_privileges();
    open STDOUT, '>', '/dev/null';
    waitpid $server, 0;
    exit($? & 127 ? 128 + ($? & 127) : $? >> 8);
}
# Of /proc it has its own descriptors and mounts, and nothing else of itself.
mount('proc', '/proc', 'proc', $NOSUID | $NODEV | $NOEXEC);
for ('fd', 'mountinfo') { mount("/proc/self/$_", "$own_root/proc/self/$_", '', $BIND) }
mount('none', $own_root, '', $BIND | $REMOUNT | $NOSUID | $NODEV | $RDONLY);
listening();
my $here = ".\0";
chdir $own_root or fail("$own_root: $!");
call('pivot_root', $here, $here) == 0 or fail("pivot_root: $!");
call('umount2', $here, $DETACH) == 0 or fail("the old root: $!");
chdir '/' or fail("/: $!");
without_privileges();
exec { $command[0] } @command or fail("$command[0]: $!");
