package Probe;

# What every probe in Perl starts with. A probe acts only where it is certainly in a jail; anywhere else it exits without a word. One that
# says `harmless` only reads, connects and writes in its own directory: it also acts where `levels.ts` has put it to compare.
# It prints `START nonce`, `SAW id sha256` for each canary it came upon, `RESULT id blocked|ESCAPED detail`. Values are never printed:
# the judge outside compares hashes, so a probe need not know what it is looking for.
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use Errno qw(EPERM EACCES ENOSYS);
use Exporter qw(import);
use File::Basename qw(dirname);
use MIME::Base64 qw(decode_base64);
use POSIX ();

our @EXPORT = qw(config lines slurp plain saw saw_file result refused nr attempt child %NR);

my $ROOT = dirname(dirname(dirname(__FILE__)));    # the workspace: probes/, config/, plain.txt

# linux/asm/unistd.h: x86-64, arm64; undef where there is none.
our %NR = (
    acct => [163, 89], add_key => [248, 217], bpf => [321, 280], chroot => [161, 51], clock_settime => [227, 112], clone => [56, 220],
    clone3 => [435, 435], delete_module => [176, 106], fanotify_init => [300, 262], finit_module => [313, 273], fsconfig => [431, 431],
    fsmount => [432, 432], fsopen => [430, 430], fspick => [433, 433], getpid => [39, 172], init_module => [175, 105],
    io_uring_enter => [426, 426], io_uring_register => [427, 427], io_uring_setup => [425, 425], kcmp => [312, 272],
    kexec_file_load => [320, 294], kexec_load => [246, 104], keyctl => [250, 219], migrate_pages => [256, 238], mknodat => [259, 33],
    mount => [165, 40], mount_setattr => [442, 442], move_mount => [429, 429], move_pages => [279, 239],
    name_to_handle_at => [303, 264], open_by_handle_at => [304, 265], open_tree => [428, 428], openat => [257, 56],
    perf_event_open => [298, 241], personality => [135, 92], pidfd_getfd => [438, 438], pidfd_open => [434, 434],
    pivot_root => [155, 41], process_madvise => [440, 440], process_vm_readv => [310, 270], process_vm_writev => [311, 271],
    ptrace => [101, 117], quotactl => [179, 60], read => [0, 63], reboot => [169, 142], request_key => [249, 218],
    sethostname => [170, 161], setns => [308, 268], settimeofday => [164, 170], swapoff => [168, 225], swapon => [167, 224],
    syslog => [103, 116], umount2 => [166, 39], unshare => [272, 97], userfaultfd => [323, 282],
);
my $COLUMN = { x86_64 => 0, aarch64 => 1 }->{ (POSIX::uname())[4] };

sub nr { my ($name) = @_; return $NR{$name}[$COLUMN] // die "no number for $name\n" }

sub slurp {
    my ($path) = @_;
    sysopen(my $file, $path, POSIX::O_RDONLY() | POSIX::O_NONBLOCK()) or return undef;
    return undef if -p $file || -d $file;
    my $text = '';
    while (length($text) < 4 << 20 && sysread($file, my $chunk, 65536)) { $text .= $chunk }
    return $text;
}
sub config { my ($name) = @_; my $text = slurp("$ROOT/config/$name") // die "no config $name\n"; chomp $text; return $text }
sub lines { return grep { $_ ne '' } split /\n/, config($_[0]) }
sub plain { return "$ROOT/plain.txt" }

# Every form in which a canary might stand in the bytes.
sub forms {
    my ($bytes) = @_;
    my @forms = ($bytes, join('', grep { defined } map { decode_base64($_) } $bytes =~ m{[A-Za-z0-9+/_-]{24,}={0,2}}g));
    push @forms, map { pack 'H*', $_ } $bytes =~ /\b([0-9a-f]{78,})\b/g;
    (my $urls = $bytes) =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
    return (@forms, $urls, scalar reverse $bytes);
}
sub saw {
    my ($id, $bytes) = @_;
    return 0 unless defined $bytes;
    my %found;
    for my $form (forms($bytes)) { $found{$1} = 1 while $form =~ /(canary-[0-9a-f]{32})/g }
    print 'SAW ', $id, ' ', sha256_hex($_), "\n" for sort keys %found;
    return scalar keys %found;
}
sub saw_file { my ($id, $path) = @_; my $text = slurp($path); saw($id, $text); return $text }

# `escaped`: what worked and must not; empty: nothing did.
sub result {
    my ($id, @escaped) = @_;
    my $detail = join '; ', @escaped;
    $detail =~ s/[^ -~]/?/g;
    print 'RESULT ', $id, ' ', (@escaped ? 'ESCAPED' : 'blocked'), ' ', substr($detail, 0, 300), "\n";
}
# The kernel or the filter said no, and not merely that the arguments were bad.
sub refused { return $_[0] == EPERM || $_[0] == EACCES || $_[0] == ENOSYS }

# A system call that must be refused; returns what to report, or nothing.
sub attempt {
    my ($name, @args) = @_;
    $! = 0;
    my $rc = syscall(nr($name), @args);
    my $errno = $! + 0;
    return () if $rc == -1 && refused($errno);
    return $rc == -1 ? "$name reached the kernel: $!" : "$name worked";
}
# Runs code in a child; its exit code, or -signal.
sub child {
    my ($code) = @_;
    my $pid = fork() // die "fork: $!";
    if ($pid == 0) { my $rc = eval { $code->() }; POSIX::_exit($@ ? 99 : $rc // 0) }
    waitpid $pid, 0;
    return $? & 127 ? -($? & 127) : $? >> 8;
}

sub in_jail {
    return 0 unless -d '/run/agent-jail' && $> != 0 && $< != 0;
    my $status = slurp('/proc/self/status') // return 0;
    # Without the filter it is our own chroot, where nothing else holds a probe back.
    return 0 unless $status =~ /^CapEff:\s*0+$/m && $status =~ /^NoNewPrivs:\s*1$/m && $status =~ /^Seccomp:\s*2$/m;
    my $init = slurp('/proc/1/comm') // return 0;
    my $nonce = $ENV{RT_NONCE} // return 0;
    for my $name (qw(nonce host-init host-pid-namespace)) { return 0 unless -f "$ROOT/config/$name" }
    chomp $init;
    return $nonce =~ /^[0-9a-f]{32}$/ && $nonce eq config('nonce') && $init ne config('host-init')
        && (readlink('/proc/self/ns/pid') // '') =~ /^pid:/ && readlink('/proc/self/ns/pid') ne config('host-pid-namespace');
}

sub at_level {
    my $nonce = $ENV{RT_NONCE} // return 0;
    return 0 unless (slurp($0) // '') =~ /^# harmless$/m && -f "$ROOT/config/nonce" && -f "$ROOT/config/level";
    return $nonce =~ /^[0-9a-f]{32}$/ && $nonce eq config('nonce') && config('level') eq ($ENV{RT_LEVEL} // '');
}

$| = 1;
exit 0 unless in_jail() || at_level();
die "no system call numbers for this machine\n" unless defined $COLUMN;
print 'START ', config('nonce'), "\n";
1;
