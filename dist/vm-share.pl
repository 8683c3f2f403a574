#!/usr/bin/perl
# vm-share.pl SOCKET SHOWN ROOT RUNTIME RESULT UID GID NOFILE -- CMD ARGS...
# Makes ready what a virtual machine sees of files, in a mount namespace of its own: the tree at ROOT, with RUNTIME at its /run/agent-jail
# (read-only) and RESULT in it, at SHOWN, where UID can go. Then becomes CMD, a server of virtio-fs (vhost-user), as UID and GID, with NOFILE open files or more (`listening N` on stdout), and a socket that listens at SOCKET as the
# descriptor that stands for {socket} in ARGS. It may make namespaces, change its root, and give that up: it does so itself, before it serves.
# With UID's rights alone it can do to the files what the agent could. Exit 71: could not do what was asked, CMD did not run.
use strict;
use warnings;

sub fail { print STDERR "vm-share: $_[0]\n"; exit 71 }
my ($at, $shown, $root, $runtime, $result, $uid, $gid, $nofile, $dashes, @command) = @ARGV;
fail('usage: SOCKET SHOWN ROOT RUNTIME RESULT UID GID NOFILE -- CMD ARGS...') unless @command && $dashes eq '--';

# x86-64.
my ($UNSHARE, $MOUNT, $PRLIMIT) = (272, 165, 302);
my ($NEW_NS, $NOFILE) = (0x20000, 7);
my ($NOSUID, $NODEV, $RDONLY, $REMOUNT, $BIND, $REC, $PRIVATE) = (2, 4, 1, 32, 4096, 16384, 1 << 18);
my ($UNIX, $STREAM) = (1, 1);

sub mount {
    my ($source, $target, $type, $flags, $data) = @_;
    my @text = map { "$_\0" } $source, $target, $type, defined $data ? $data : '';
    syscall($MOUNT, @text[0 .. 2], $flags, $text[3]) == 0 or fail("mount $target: $!");
}
syscall($UNSHARE, $NEW_NS) == 0 or fail("a mount namespace: $!");
mount('none', '/', '', $PRIVATE | $REC);
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
my $number = fileno $socket;
s/\{socket\}/$number/ for @command;
# Each file that the guest remembers is open here. More than this process may have itself takes a privilege that not every root has.
my $most = 0;
for my $wish (1_048_576, 524_288, $nofile) {
    my $limit = pack 'QQ', $wish, $wish;
    next if syscall($PRLIMIT, 0, $NOFILE, $limit, 0) != 0;
    $most = $wish;
    last;
}
$most > 0 or fail("$nofile open files: $!");
my $for_now = '+sys_admin,+sys_chroot,+setpcap';
my @as = ('--reuid', $uid, '--regid', $gid, '--clear-groups', '--no-new-privs');
my @may = ('--inh-caps', $for_now, '--ambient-caps', $for_now, '--bounding-set', "-all,$for_now");
print "listening $most\n";
close STDOUT;
no warnings 'exec'; # the message is ours
exec 'setpriv', @as, @may, '--', @command or fail("setpriv: $!");
