# hands-calls.pl: system calls by name, and processes, for hands.pl.
package Calls;
use strict;

my ($X86_64, $AARCH64) = (62, 183);
my %NUMBER = (
    $X86_64  => { mount => 165, umount2 => 166, mknodat => 259, unshare => 272, close => 3, fallocate => 285 },
    $AARCH64 => { mount => 40, umount2 => 39, mknodat => 33, unshare => 97, close => 57, fallocate => 47 },
);
my ($OPEN_TREE, $MOVE_MOUNT, $MOUNT_SETATTR) = (428, 429, 442); # the same on both
# Of what perl itself was built for: e_machine of its ELF header. (POSIX::uname would be loaded for this alone, which takes longer than
# all the rest.)
sub machine {
    open(my $self, '<:raw', '/proc/self/exe') or return 0;
    read($self, my $head, 20) == 20 or return 0;
    return unpack 'x18 v', $head;
}
my $machine = machine();
my $number = $NUMBER{$machine} or do { print STDERR "hands: no system call numbers for this machine\n"; exit 71 };
@$number{qw(open_tree move_mount mount_setattr)} = ($OPEN_TREE, $MOVE_MOUNT, $MOUNT_SETATTR);

# Texts are variables, as literals are read-only to Perl, which wants to write to them; what is to be a number has to be one already.
sub call { my $name = shift; return syscall $number->{$name}, @_ }
# The same, where -1 is an error.
sub must { my ($what, $name) = splice @_, 0, 2; my $got = syscall $number->{$name}, @_; $got >= 0 or die "$what: $!\n"; return $got }
# O_NOFOLLOW.
sub nofollow { return $machine == $X86_64 ? 0400000 : 0100000 }

# Does this in a process of its own, which ends with it.
sub start {
    my ($name, $do) = @_;
    pipe(my $said, my $say) or die "pipe: $!\n";
    defined(my $pid = fork) or die "fork: $!\n";
    return { name => $name, pid => $pid, said => $said } if $pid;
    eval {
        open(STDIN, '<', '/dev/null') && open(STDOUT, '>', '/dev/null') && open(STDERR, '>&', $say) or die "standard streams: $!\n";
        $do->();
        exit 0;
    };
    print STDERR $@; # it must never come back from here: it would answer requests
    exit 71;
}
# Waits for it. Dies with what it said last, where it failed.
sub finish {
    my ($one) = @_;
    my ($name, $last) = ($one->{name}, '');
    while (sysread $one->{said}, my $more, 4096) { $last = substr "$last$more", -4096 }
    waitpid $one->{pid}, 0;
    return if $? == 0;
    my @lines = grep { /\S/ } split /\n/, $last;
    my $how = $? & 127 ? 'was killed by signal ' . ($? & 127) : 'failed';
    die "$name $how" . (@lines ? ': ' . substr(join(' / ', @lines > 3 ? @lines[-3 .. -1] : @lines), 0, 500) : '') . "\n";
}
sub become {
    $^W = 0; # the message is ours
    exec { $_[0] } @_ or die "$!\n";
}
1;
