#!/usr/bin/perl -w
# launch.pl [--cgroup PROCS_FILE]... [--clone3-enosys] -- CMD ARGS..., or --wait
# Joins the cgroups, installs the outer seccomp filter, becomes CMD. Perl, because perl-base is on every Debian and Ubuntu
# and has system calls; no shell is involved. --wait: CMD and ARGS are what stdin says then (words with a NUL between each two, to its end),
# and stdin is /dev/null to CMD; where it ends without one, so does this. Exit 71: could not do what was asked, CMD did not run.
use strict;
# -w above, and not the module: to load that takes longer than all the rest.

# Of what perl itself was built for: e_machine of its ELF header. (POSIX::uname would be loaded for this alone, which takes longer than
# all the rest.)
sub machine {
    open(my $self, '<:raw', '/proc/self/exe') or return 0;
    read($self, my $head, 20) == 20 or return 0;
    return unpack 'x18 v', $head;
}
my ($X86_64, $AARCH64) = (62, 183);
# seccomp(2), AUDIT_ARCH (linux/audit.h), clone3(2), by machine.
my %MACHINE = (
    $X86_64  => { seccomp => 317, audit => 0xC000003E, clone3 => 435, x32 => 0x40000000 },
    $AARCH64 => { seccomp => 277, audit => 0xC00000B7, clone3 => 435, x32 => 0xFFFFFFFF },
);

sub fail { print STDERR "launch: $_[0]\n"; exit 71 }

my (@doors, $filter);
while (@ARGV && $ARGV[0] !~ /^--(?:wait)?$/) {
    my $option = shift;
    if    ($option eq '--cgroup')        { push @doors, shift }
    elsif ($option eq '--clone3-enosys') { $filter = 1 }
    else                                 { fail("unknown option $option") }
}
my $wait = (shift // '') eq '--wait';
fail('no command') unless $wait || @ARGV;

sub join_group {
    my ($door) = @_;
    open(my $file, '>', $door) or fail("$door: $!");
    syswrite($file, '0') or fail("$door: $!");
}
join_group($_) for @doors;

# nspawn's filter answers EPERM where threads libraries need ENOSYS to fall back from clone3 to clone (whose flags a filter can see).
if ($filter) {
    my $n = $MACHINE{machine()} or fail('no seccomp numbers for this machine');
    my $statement = sub { pack 'SCCL', $_[0], 0, 0, $_[1] };
    my $jump = sub { pack 'SCCL', @_ };
    my $program = join '',
        $statement->(0x20, 4),                    # load the architecture
        $jump->(0x15, 1, 0, $n->{audit}),
        $statement->(0x06, 0x80000000),           # another one: kill the process
        $statement->(0x20, 0),                    # load the number
        $jump->(0x15, 1, 0, $n->{clone3}),
        $jump->(0x35, 0, 1, $n->{x32}),
        $statement->(0x06, 0x00050000 | 38),      # ENOSYS
        $statement->(0x06, 0x7fff0000);           # allow
    my $fprog = pack 'SxxxxxxP', length($program) / 8, $program;
    syscall($n->{seccomp}, 1, 0, $fprog) == 0 or fail("seccomp: $!");
}

# A process changes its cgroup at once where one did within the last 10 ms; else the kernel makes it wait, some 7 ms, until all processors
# know (percpu_rw_semaphore). CMD, as nspawn, changes that of its child: so this keeps others from having to wait, for a while.
my ($OFTEN, $ROUNDS) = (0.008, 40);
if ($wait) {
    my $command = '';
    for (my $round = 0;; $round++) {
        vec(my $input = '', 0, 1) = 1;
        my $ready = select $input, undef, undef, @doors && $round < $ROUNDS ? $OFTEN : undef;
        join_group($doors[-1]) if @doors && $round < $ROUNDS;
        next if $ready == 0;
        sysread STDIN, $command, 65_536, length $command or last;
    }
    exit 0 if $command eq '';
    @ARGV = split /\0/, $command, -1;
    open STDIN, '<', '/dev/null' or fail("/dev/null: $!");
}

exec { $ARGV[0] } @ARGV or fail("$ARGV[0]: $!");
