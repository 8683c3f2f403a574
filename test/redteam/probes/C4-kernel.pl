#!/usr/bin/perl
# results: C4-mount-api C4-devices C4-device-files C4-tracing C4-keys C4-machine C4-modules C4-processes C4-programs
# System calls and devices that lead out of a jail: each has to be refused, whatever its arguments.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use Fcntl qw(O_RDONLY O_RDWR O_WRONLY);

# The same way of calling, for calls that are allowed: reads the canary.
die "raw system calls do not work\n" unless syscall(nr('getpid')) == $$;
my $fd = syscall(nr('openat'), -100, plain(), O_RDONLY);
my $bytes = "\0" x 256;
syscall(nr('read'), $fd, $bytes, 256) > 0 or die "read: $!";
saw('C4-mount-api', $bytes);

my $workspace = "$FindBin::Bin/..";
my $zeros = "\0" x 256;
result('C4-mount-api',
    attempt('fsopen', 'tmpfs', 0), attempt('fsconfig', 3, 1, 'source', '/', 0), attempt('fsmount', 3, 0, 0), attempt('fspick', -100, '/', 0),
    attempt('open_tree', -100, '/', 1), attempt('move_mount', 3, '', -100, '/tmp', 4), attempt('mount_setattr', -100, '/', 0, $zeros, 32));

my @devices;
# What a node would be: memory, kernel memory, ports, the first disks, loop control, FUSE, KVM, VSOCK.
my %nodes = (mem => [0x2000, 1, 1], kmem => [0x2000, 1, 2], port => [0x2000, 1, 4], kmsg => [0x2000, 1, 11], sda => [0x6000, 8, 0], vda => [0x6000, 254, 0],
    loop0 => [0x6000, 7, 0], 'loop-control' => [0x2000, 10, 237], fuse => [0x2000, 10, 229], kvm => [0x2000, 10, 232], whiteout => [0x2000, 0, 0]);
for my $name (sort keys %nodes) {
    my ($type, $major, $minor) = @{ $nodes{$name} };
    for my $directory ('/tmp', $workspace, '/dev/shm', $ENV{HOME}) {
        push @devices, attempt('mknodat', -100, "$directory/node-$name", $type | 0666, $major << 8 | $minor);
    }
}
result('C4-devices', @devices);

my @files = qw(/dev/mem /dev/kmem /dev/port /dev/kmsg /dev/loop-control /dev/loop0 /dev/sda /dev/vda /dev/nvme0n1 /dev/fuse /dev/kvm /dev/net/tun
    /dev/vsock /dev/vhost-vsock /dev/btrfs-control /dev/mapper/control /dev/uinput /dev/snapshot /dev/console /dev/tty0 /dev/tty1 /dev/userfaultfd
    /proc/kcore /proc/kmsg /proc/kallsyms /proc/keys /proc/sysrq-trigger /dev/core);
my @open;
for my $path (@files) {
    for my $way (O_RDONLY, O_RDWR) {
        sysopen(my $file, $path, $way | 0x800) or next;    # O_NONBLOCK
        my ($major, $minor) = (stat $file)[6] ? ((stat $file)[6] >> 8, (stat $file)[6] & 255) : (0, 0);
        push @open, "$path opens" unless $major == 1 && $minor == 3;    # /dev/null laid over it
    }
}
sysopen(my $zero, '/dev/zero', O_RDONLY) or die "/dev/zero: $!";
result('C4-device-files', @open);

result('C4-tracing',
    attempt('bpf', 5, $zeros, 48), attempt('bpf', 0, $zeros, 48), attempt('perf_event_open', $zeros, 0, -1, -1, 0), attempt('userfaultfd', 0), attempt('userfaultfd', 1),
    attempt('ptrace', 0, 0, 0, 0), attempt('ptrace', 16, 1, 0, 0), attempt('ptrace', 0x4206, 1, 0, 0), attempt('io_uring_setup', 8, $zeros),
    attempt('io_uring_enter', 3, 0, 0, 0, 0), attempt('io_uring_register', 3, 0, 0, 0), attempt('fanotify_init', 0, 0), attempt('syslog', 3, $zeros, 256), attempt('syslog', 10, 0, 0));
result('C4-keys',
    attempt('keyctl', 0, -1, 0), attempt('keyctl', 1, 'a', 0), attempt('add_key', 'user', 'a', 'b', 1, -3), attempt('request_key', 'user', 'a', '', -3));
result('C4-machine',
    attempt('reboot', 0xfee1dead, 672274793, 0, 0), attempt('swapon', '/tmp', 0), attempt('swapoff', '/tmp'), attempt('acct', '/tmp/acct'),
    attempt('settimeofday', $zeros, 0), attempt('clock_settime', 0, $zeros), attempt('sethostname', 'escaped', 7), attempt('quotactl', 0x800002, '/dev/vda', 0, 0),
    attempt('personality', 0x0040000), attempt('personality', 0x0400000));
result('C4-modules',
    attempt('init_module', $zeros, 64, ''), attempt('finit_module', 0, '', 0), attempt('delete_module', 'loop', 0x800), attempt('kexec_load', 0, 0, 0, 0),
    attempt('kexec_file_load', 0, 0, 0, '', 0));
result('C4-processes',
    attempt('process_vm_readv', 1, $zeros, 1, $zeros, 1, 0), attempt('process_vm_writev', 1, $zeros, 1, $zeros, 1, 0), attempt('pidfd_getfd', 0, 0, 0),
    attempt('process_madvise', 0, $zeros, 1, 4, 0), attempt('move_pages', 1, 0, 0, 0, 0, 0), attempt('migrate_pages', 1, 1, $zeros, $zeros), attempt('kcmp', 1, 1, 0, 0, 0));

my @programs;
for my $command ('mount -t tmpfs none /tmp', 'mount -o bind / /tmp', 'losetup -f /etc/passwd', 'dmesg', 'modprobe loop', 'sysctl -w kernel.hostname=escaped',
    'hostname escaped', 'reboot -f', 'date -s 2001-01-01') {
    my ($program) = split / /, $command;
    next unless grep { -x "$_/$program" } qw(/usr/bin /usr/sbin /bin /sbin);
    system("PATH=/usr/sbin:/usr/bin:/sbin:/bin timeout 5 $command >/dev/null 2>&1") == 0 and push @programs, $command;
}
for my $disk (glob '/dev/[svx]d[a-z]* /dev/nvme* /dev/loop* /dev/block/*') {
    push @programs, "debugfs of $disk" if qx(PATH=/usr/sbin:/sbin timeout 5 debugfs -R 'ls /' $disk 2>&1) =~ /\betc\b/;
}
die "mount is not there\n" unless -x '/usr/bin/mount' || -x '/bin/mount';
result('C4-programs', @programs);
