# vm-step.pl: how a process of a virtual machine's guest becomes the step: what it sees made as elsewhere, its privileges given up, the
# filter on. Of vm-guest.pl, whose functions it uses.
package Step;
use strict;
use warnings;

my ($NOSUID, $NODEV, $NOEXEC, $RDONLY, $REMOUNT, $BIND, $REC, $PRIVATE) = (2, 4, 8, 1, 32, 4096, 16384, 1 << 18);
my $NONE = $NOSUID | $NODEV | $NOEXEC;
my ($SET_DUMPABLE, $CAPBSET_DROP, $SET_NO_NEW_PRIVS, $SECCOMP_FILTER) = (4, 24, 38, 1);

sub only { my ($path, $flags) = @_; main::bind_mount($path, $path, $flags) if -e $path }
sub privileges {
    my ($config) = @_;
    my ($uid, $gid) = @{ $config->{ids} };
    main::call('setgroups', 1, my $groups = pack 'L', $gid) == 0 or main::fail("groups: $!");
    for my $capability (0 .. 63) { last if main::call('prctl', $CAPBSET_DROP, $capability, 0, 0, 0) != 0 }
    for (@{ $config->{limits} }) {
        my ($number, $soft, $hard) = split / /;
        my $limit = pack 'QQ', $soft, $hard;
        main::call('prlimit', 0, $number + 0, $limit, 0) == 0 or main::fail("limit: $!");
    }
    main::put('/proc/self/oom_score_adj', '900');
    main::call('setresgid', ($gid + 0) x 3) == 0 or main::fail("gid: $!");
    main::call('setresuid', ($uid + 0) x 3) == 0 or main::fail("uid: $!");
    main::call('prctl', $SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 or main::fail("no new privileges: $!");
}
sub filter {
    my ($program) = @_;
    my $fprog = pack 'SxxxxxxP', length($program) / 8, $program;
    main::call('seccomp', $SECCOMP_FILTER, 0, $fprog) == 0 or main::fail("seccomp: $!");
}
# Process 1 of the step's namespace: waits for everything, says how the step's own process ended, and ends it all.
sub stub {
    my ($config, $say, $numbers, $wait) = @_;
    my $program = fork;
    main::fail("fork: $!") unless defined $program;
    if ($program == 0) {
        # Its number, to who has its programs told; which has begun then.
        chdir $numbers or main::fail("/proc of the machine: $!");
        my $own = readlink 'self' or main::fail("a number: $!");
        chdir '/' or main::fail("/: $!");
        closedir $numbers;
        syswrite $say, "held $own\n";
        sysread $wait, my $let, 1;
        close $_ for $say, $wait;
        # The leader of a session, which a terminal can be the controlling one of.
        main::call('setsid');
        filter($config->{filter}[0]);
        %ENV = ();
        for (@{ $config->{env} }) { my ($name, $value) = split /=/, $_, 2; $ENV{$name} = $value }
        my @argv = @{ $config->{argv} };
        chdir $config->{cwd}[0];
        no warnings 'exec';
        exec { $argv[0] } @argv;
        exit 127;
    }
    closedir $numbers;
    close $wait;
    main::call('prctl', $SET_DUMPABLE, 0, 0, 0, 0);
    $0 = 'init';
    while ((my $one = wait) != -1) {
        next if $one != $program;
        my ($signal, $code) = ($? & 127, $? >> 8);
        syswrite $say, $signal ? "signal $signal" : "code $code";
        exit 0;
    }
}
# For a process in namespaces of its own, whose process 1 it is. SAY: where it says `held PID` of the step's own process, and how that ended.
# NUMBERS: a /proc where it has that number. WAIT: where something comes when it may go on. Ends when the step has.
sub become {
    my ($config, $say, $numbers, $wait) = @_;
    open(STDIN, '<', '/dev/null');
    open(STDOUT, '>', '/dev/null');
    open(STDERR, '>', '/dev/null');
    main::mount('none', '/', '', $PRIVATE | $REC);
    main::mount('proc', '/proc', 'proc', $NONE);
    main::mount('mqueue', '/dev/mqueue', 'mqueue', $NONE);
    only("/proc/$_", $NONE | $RDONLY) for 'sys', 'acpi', 'bus', 'fs', 'irq', 'sysrq-trigger';
    # What is hidden is as nspawn hides it: nobody may open it, not even to write what is lost.
    my $hidden = '/dev/hidden';
    open(my $made, '>', $hidden) && chmod(0, $hidden) or main::fail("$hidden: $!");
    for my $mask (@{ $config->{masks} }) {
        if (-d $mask) { main::mount('mask', $mask, 'tmpfs', $NONE | $RDONLY, 'mode=555,nr_inodes=1') }
        elsif (-e $mask) { main::bind_mount($hidden, $mask, $NONE | $RDONLY) }
    }
    unlink $hidden;
    main::mount('none', '/sys/fs/cgroup', '', $BIND | $REMOUNT | $NONE | $RDONLY);
    main::mount('none', '/sys', '', $BIND | $REMOUNT | $NONE | $RDONLY);
    main::call('setsid');
    privileges($config);
    stub($config, $say, $numbers, $wait);
}
1;
