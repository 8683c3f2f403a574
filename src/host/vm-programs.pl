# vm-programs.pl: which programs the step's processes are, as the kernel of a virtual machine's guest sees it: trace.pl, with that kernel's
# events for itself, and the lines that it says in frames. It is no part of the wall: where it does not answer, the step goes on.
package Programs;
use strict;
use warnings;

# s that the step waits for it, and that its end may take; bytes of a line, at the most; the uid that it works as: nobody's.
my ($PATIENCE, $MOST, $NOBODY) = (5, 32_768, 65_534);

# FAIL: called with what went wrong. Before the file systems of process 1 move: it has what is in the ramdisk.
sub new {
    my ($class, $mux, $fail) = @_;
    pipe(my $orders, my $input) or $fail->("pipe: $!");
    pipe(my $output, my $lines) or $fail->("pipe: $!");
    my $pid = fork;
    $fail->("fork: $!") unless defined $pid;
    if ($pid == 0) {
        open(STDIN, '<&', $orders);
        open(STDOUT, '>&', $lines);
        no warnings 'exec';
        exec '/bin/perl', '/trace.pl', '-', 0, $NOBODY, '/proc';
        exit 127;
    }
    Mux::nonblocking($_) for $input, $output;
    return bless { mux => $mux, pid => $pid, input => $input, output => $output, line => '', begun => 0, over => 0 }, $class;
}
# What `turn` of the channel wants of a reader.
sub reader { my ($self) = @_; return $self->{over} ? () : [$self->{output}, sub { $self->heard }] }
sub heard {
    my ($self) = @_;
    my $got = sysread $self->{output}, $self->{line}, 65_536, length $self->{line};
    return if !defined $got && Mux::wait_again();
    $self->{over} = 1 unless $got;
    while ($self->{line} =~ s/^([^\n]*)\n//) {
        my $line = $1;
        $self->{begun} = 1 if $line =~ /^\{"kind":"(?:begun|none)"/;
        $self->{mux}->send('p', 0, $line) if length $line <= $MOST;
    }
}
# What descends from PID counts, a process of OWNER's. True once that is so, or never will be.
sub begin { my ($self, $pid, $owner) = @_; $self->{since} = time; syswrite $self->{input}, "begin 0 $pid machine $owner\n" }
sub begun { my ($self) = @_; return $self->{begun} || $self->{over} || defined $self->{since} && time - $self->{since} > $PATIENCE }
# In a child, which has no business with it.
sub forget { my ($self) = @_; close $_ for @$self{qw(input output)} }
# Nothing of the step lives any more: the rest of the lines.
sub finish {
    my ($self) = @_;
    close $self->{input};
    my $end = time + $PATIENCE;
    $self->{mux}->turn(1, $self->reader) until $self->{over} || $self->{mux}{closed} || time > $end;
}
1;
