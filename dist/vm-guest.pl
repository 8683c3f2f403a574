#!/bin/perl
# vm-guest.pl: process 1 of a virtual machine, from the ramdisk that vm-ramdisk.ts writes. Loads /modules/*, mounts the run's files by
# virtiofs, makes of them the file system that every backend gives a step, says so on the channel, waits to be let go, and runs one step in
# namespaces of its own, without privileges. No network device: connections and questions to the addresses that the gateway serves go over
# the channel. What goes wrong is said on the channel, and ends the machine.
use strict;
use warnings;
BEGIN { require '/vm-calls.pl'; require '/vm-mux.pl'; require '/vm-network.pl'; require '/vm-step.pl'; require '/vm-programs.pl'; require '/pty.pl' }

my ($NOSUID, $NODEV, $NOEXEC, $RDONLY, $REMOUNT, $BIND, $MOVE, $REC, $PRIVATE) = (2, 4, 8, 1, 32, 4096, 8192, 16384, 1 << 18);
my $NONE = $NOSUID | $NODEV | $NOEXEC;
my ($NEW_NS, $NEW_CGROUP, $NEW_UTS, $NEW_IPC, $NEW_PID) = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x20000000);
my ($LOOK, $CHUNK) = (0.05, 65_536);
my ($ROOT, $AT_FDCWD) = ('/root', -100);

my ($mux, $report);
# The machine is over.
sub off { call('sync'); call('reboot', 0xfee1dead, 672274793, 0x4321fedc, 0); sleep 10 }
sub finish { $mux->turn(1) while length $mux->{out} && !$mux->{closed} }
sub fail {
    my ($what) = @_;
    $what =~ s/[^\x20-\x7e]/?/g;
    if ($mux) { $mux->send('f', 0, substr $what, 0, 300); finish() }
    # Of the step's processes, before the step's own program.
    if ($report) { syswrite $report, "failed $what" }
    print "vm-guest: $what\n";
    off() if $$ == 1;
    exit 1;
}
sub call { return Calls::call(@_) }
sub mount {
    my ($source, $target, $type, $flags, $data) = @_;
    my @text = map { "$_\0" } $source, $target, $type, defined $data ? $data : '';
    call('mount', @text[0 .. 2], $flags, $text[3]) == 0 or fail("mount $target: $!");
}
sub bind_mount {
    my ($source, $target, $flags) = @_;
    mount($source, $target, '', $BIND);
    mount('none', $target, '', $BIND | $REMOUNT | $flags);
}
sub text { my ($file) = @_; open(my $from, '<:raw', $file) or return ''; local $/; my $all = <$from>; return defined $all ? $all : '' }
sub put { my ($file, $text) = @_; open(my $to, '>', $file) or fail("$file: $!"); syswrite($to, $text) or fail("$file: $!"); close $to }
sub names { my ($directory) = @_; opendir(my $open, $directory) or return; return grep { !/^\.\.?$/ } sort readdir $open }
sub directory { my ($path, $mode) = @_; -d $path or mkdir $path or fail("$path: $!"); chmod $mode, $path }

# --- The machine.

mount('proc', '/proc', 'proc', $NONE);
mount('sys', '/sys', 'sysfs', $NONE);
mount('dev', '/dev', 'devtmpfs', $NOSUID);
for my $module (names('/modules')) {
    open(my $file, '<', "/modules/$module") or fail("$module: $!");
    my $options = "\0";
    call('finit_module', fileno $file, $options, 0) == 0 or fail("$module: $!");
}
# The kernel and QEMU agree on the port while this runs.
my $channel;
for (1 .. 1000) {
    my ($port) = names('/sys/class/virtio-ports');
    last if defined $port && open $channel, '+<:raw', "/dev/$port";
    undef $channel;
    select undef, undef, undef, 0.01;
}
fail("the channel: $!") unless $channel;

# --- What is to be done: strings, each after its length; the first of a group is its name, the second how many follow.

my (%config, $all, $told, $go, $network);
$mux = Mux->new($channel, sub {
    my ($kind, $id, $bytes) = @_;
    if    ($kind eq 'C') { if (length $bytes) { $all .= $bytes } else { $told = 1 } }
    elsif ($kind eq 'G') { $go = 1 }
    elsif ($kind eq 'U') { $network->answered($id, $bytes) if $network }
});
$all = '';
$mux->turn(1) until $told || $mux->{closed};
my @strings = unpack '(N/a*)*', $all;
while (@strings) { my ($name, $count) = splice @strings, 0, 2; $config{$name} = [splice @strings, 0, $count] }
$all = '';
my ($uid, $gid) = @{ $config{ids} };

# --- The step's file system: what backends give, over what the host has made.

mount('root', $ROOT, 'virtiofs', $NOSUID | $NODEV);
mount('none', $ROOT, '', $PRIVATE | $REC);
# Layers are file systems of their own, which are mounted when they are first looked into. Until then they have the number of the tree around
# them, and could be taken for loops.
opendir my $layer, "$ROOT$_/." for @{ $config{mounts} };
my $runtime = '/runtime';
mkdir $runtime;
mount("$ROOT/run/agent-jail", $runtime, '', $BIND);
mount('proc', "$ROOT/proc", 'proc', $NONE);
mount('sys', "$ROOT/sys", 'sysfs', $NONE);
mount('cgroup', "$ROOT/sys/fs/cgroup", 'cgroup2', $NONE);
mount('dev', "$ROOT/dev", 'tmpfs', $NOSUID, 'mode=755,size=4m');
mount('run', "$ROOT/run", 'tmpfs', $NOSUID | $NODEV, 'mode=755,size=20%');
my $old = umask 0;
my %NODES = (null => [1, 3], zero => [1, 5], full => [1, 7], random => [1, 8], urandom => [1, 9], tty => [5, 0]);
for my $name (keys %NODES) {
    my ($major, $minor) = @{ $NODES{$name} };
    my $path = "$ROOT/dev/$name\0";
    call('mknodat', $AT_FDCWD, $path, 0020666, $major << 8 | $minor) == 0 or fail("$name: $!");
}
umask $old;
symlink "/proc/self/fd", "$ROOT/dev/fd";
my %STANDARD = (stdin => 0, stdout => 1, stderr => 2);
symlink "/proc/self/fd/$STANDARD{$_}", "$ROOT/dev/$_" for keys %STANDARD;
symlink 'pts/ptmx', "$ROOT/dev/ptmx";
directory("$ROOT/dev/$_", 0755) for 'shm', 'pts', 'mqueue';
mount('shm', "$ROOT/dev/shm", 'tmpfs', $NOSUID | $NODEV, 'mode=1777,size=10%');
mount('pts', "$ROOT/dev/pts", 'devpts', $NOSUID | $NOEXEC, 'newinstance,gid=5,mode=620,ptmxmode=666');
directory("$ROOT/run/agent-jail", 0755);
mount($runtime, "$ROOT/run/agent-jail", '', $BIND);
sub fifo {
    my ($name, $mode) = @_;
    my $own = "/output-$name";
    my $path = "$own\0";
    umask 0;
    call('mknodat', $AT_FDCWD, $path, 0010000 | $mode, 0) == 0 or fail("$own: $!");
    umask $old;
    bind_mount($own, "$ROOT/run/agent-jail/$name", $NONE);
    return $own;
}
# To these anyone may write, nobody may read them back; their owner is another uid than the agent's.
my @output = map {
    my $own = fifo($_, 0222);
    open(my $read, '+<:raw', $own) or fail("$own: $!");
    Mux::nonblocking($read);
    $read;
} 'out', 'err';
my ($terminal, $master);
if (@{ $config{terminal} }) {
    my $multiplexer = "$ROOT/dev/pts/ptmx";
    sysopen($master, $multiplexer, $Pty::OPEN) or fail("$multiplexer: $!");
    Mux::nonblocking($master);
    $terminal = eval { Pty->new($master, $uid, @{ $config{terminal} }) } or fail("the terminal: $@");
    fifo('drained', 0644);
}
mount('none', "$ROOT/run/agent-jail", '', $BIND | $REMOUNT | $NOSUID | $NODEV | $RDONLY);
bind_mount("$runtime/result", "$ROOT/run/agent-jail/result", $NOSUID | $NODEV);
bind_mount("$ROOT$_", "$ROOT$_", $NOSUID | $NODEV | $RDONLY) for @{ $config{'read-only'} };

my $group = "$ROOT/sys/fs/cgroup/step";
put("$ROOT/sys/fs/cgroup/cgroup.subtree_control", '+pids +memory');
mkdir $group or fail("$group: $!");
put("$group/pids.max", $config{processes}[0]);
put("$group/memory.max", $config{memory}[0]);
open(my $door, '>', "$group/cgroup.procs") or fail("$group: $!");
open(my $refused, '<', "$group/pids.events") or fail("$group: $!");
open(my $killed, '<', "$group/memory.events") or fail("$group: $!");
my ($boot_id) = split ' ', text('/proc/sys/kernel/random/boot_id');
my ($release) = split ' ', text('/proc/sys/kernel/osrelease');
put('/proc/self/oom_score_adj', '-1000');
# A large promise is kept or broken by the group's limit, as on a machine with more memory than the limit.
put('/proc/sys/vm/overcommit_memory', '1');
my $programs = Programs->new($mux, \&fail);

chdir $ROOT or fail("$ROOT: $!");
mount('.', '/', '', $MOVE);
my $here = ".\0";
call('chroot', $here) == 0 or fail("chroot: $!");
chdir '/';

# --- The network: loopback, and what the gateway serves on it.

my $hostname = $config{hostname}[0];
call('sethostname', $hostname, length $hostname) == 0 or fail("hostname: $!");
$network = Network->new($mux, \&fail);
$network->loopback;
my @readers = $network->listeners(@{ $config{sockets} });

# --- The step.

$mux->send('r', 0, "$release $boot_id");
# The kernel has started one of them: the others cost time, and the gate is not open yet.
$mux->turn(0);
for my $cpu (grep { /^cpu[1-9]\d*$/ } names('/sys/devices/system/cpu')) { put("/sys/devices/system/cpu/$cpu/online", '1') }
$mux->turn(1) until $go || $mux->{closed};

pipe(my $heard, my $say) or fail("pipe: $!");
pipe(my $wait, my $let) or fail("pipe: $!");
my $holder = fork;
fail("fork: $!") unless defined $holder;
if ($holder == 0) {
    ($mux, $report) = (undef, $say);
    close $_ for $channel, @output, map { $_->[0] } @readers;
    close $let;
    undef $_ for $terminal, $master;
    $programs->forget;
    # Processes have the numbers there that this kernel's events have.
    opendir my $numbers, '/proc' or fail("/proc: $!");
    syswrite($door, '0') or fail("cgroup: $!");
    close $_ for $door, $refused, $killed;
    call('unshare', $NEW_NS | $NEW_CGROUP | $NEW_UTS | $NEW_IPC | $NEW_PID) == 0 or fail("namespaces: $!");
    my $stub = fork;
    fail("fork: $!") unless defined $stub;
    if ($stub != 0) { close $say; waitpid $stub, 0; exit 0 }
    Step::become(\%config, $say, $numbers, $wait);
    exit 0;
}
close $_ for $say, $wait;
my $ended = '';
my $kills = kills();
my $over = 0;
sub kills { seek $killed, 0, 0; local $/; return <$killed> =~ /^oom_kill (\d+)$/m ? $1 : 0 }
# The server of the files has each of them open that this kernel remembers, and may have so many.
sub forget {
    my ($inodes) = split ' ', text('/proc/sys/fs/inode-nr');
    put('/proc/sys/vm/drop_caches', '2') if $inodes > $config{remember}[0];
}
# Memory ends the run also where only a child died of it.
sub killed {
    return if (my $now = kills()) == $kills;
    $kills = $now;
    $mux->send('h', 0, 'memory');
}
# What the step printed, as long as there is some: how many bytes.
sub printed {
    my ($from, $kind) = @_;
    my $got = sysread $from, (my $bytes), $CHUNK;
    return 0 unless $got;
    $mux->send($kind, 0, $bytes);
    return $got;
}
push @readers, [$output[0], sub { printed($output[0], 'o') }], [$output[1], sub { printed($output[1], 'e') }];
my $copied = 0;
push @readers, [$master, sub { $copied = printed($master, 'o') }] if $terminal;
push @readers, [$heard, sub { my $got = sysread $heard, $ended, 300, length $ended; $over = 1 if defined $got && $got == 0 }];
my $waited = 0;
until ($over || $mux->{closed}) {
    my $full = $mux->full;
    $copied = 0;
    $mux->turn($waited && !$full ? 0 : $LOOK, @readers, $programs->reader);
    $programs->begin($1, $uid) if $ended =~ s/^held ([0-9]+)\n//;
    if ($let && $programs->begun) { syswrite $let, '.'; undef $let }
    # Nobody looked where there is no room for it.
    $waited = $terminal->looked($copied, '/run/agent-jail/drained') if $terminal && !$full;
    killed();
    forget();
}
waitpid $holder, 0;
killed();
fail("the step could not be started: $1") if $ended =~ /^failed (.*)/s;
$terminal->over if $terminal;
for (['o', $output[0]], ['e', $output[1]], ['o', $master]) {
    my ($kind, $from) = @$_;
    next unless $from;
    while (printed($from, $kind)) { $mux->turn(1) while $mux->full && !$mux->{closed} }
}
$mux->send('h', 0, 'processes') if join('', <$refused>) =~ /^max [1-9]/m;
$programs->finish;
call('sync');
# Killed from within: nspawn says the same of a process 1 that did not say how its program ended.
$mux->send('x', 0, $ended ne '' ? $ended : 'signal 9');
finish();
off();
