#!/usr/bin/perl -w
# trace.pl NAME EPOCH UID PROC
# Tells which programs a run's processes were, as the kernel saw it: an instance NAME of tracefs, with events of processes that begin,
# become another program, and end. They are of the whole machine; what counts is what descends from the held process of a step. NAME is -
# where the machine is this run's alone, and no instance of its own is needed. PROC is the machine's /proc, EPOCH the run's start (ns,
# CLOCK_MONOTONIC). Says {"kind":"ready"}, or {"kind":"none","why":…} where it cannot be done. Then it works as UID, without privilege:
# names and arguments are the agent's bytes. Events are read in the binary form, where a name cannot pass for another event.
#
# Input, by line: `begin STEP PID own|machine OWNER [last]`, answered by {"kind":"begun","t":…}, as `t` of programs; `end STEP`. PID is in
# this process's PID namespace, or as PROC has it; OWNER is the uid of the step. Output: {"kind":"program",…} for each program that ended; and,
# at the input's end, or once nothing of the last step lives, {"kind":"done","lost":N} with the number of events that came too fast.
use strict; # and -w above, not the module `warnings`: to load that takes longer than all the rest

# As launch.pl: e_machine of the ELF header of this perl.
sub machine {
    open(my $self, '<:raw', '/proc/self/exe') or return 0;
    read($self, my $head, 20) == 20 or return 0;
    return unpack 'x18 v', $head;
}
my ($X86_64, $AARCH64) = (62, 183);
my %NUMBER = ($X86_64 => { mount => 165, clock_gettime => 228 }, $AARCH64 => { mount => 40, clock_gettime => 113 });
my ($PIDFD_OPEN, $CLOCK_MONOTONIC, $TRACING) = (434, 1, '/sys/kernel/tracing');
# The first PID namespace (PROC_PID_INIT_INO): events have its numbers.
my $FIRST = 'pid:[4026531836]';
# Bytes of a name, and of all arguments of a program; ns after which a process of this number may be another one.
my ($NAME, $ARGUMENTS, $FRESH) = (1024, 2048, 50_000_000);
# s between two looks: short enough for the arguments of most programs, long where so many looks in a row saw something that they cost.
my ($PAUSE, $LONG, $MANY) = (0.001, 0.02, 50);
my ($CLONE_THREAD, $SIGKILL) = (0x10000, 9);
# signal(7): those whose default is to do nothing, to stop or to go on.
my %HARMLESS = map { $_ => 1 } 17 .. 23, 28;

my ($name, $epoch, $uid, $proc) = @ARGV;
my $number = $NUMBER{machine()};
my $instance = $name eq '-' ? $TRACING : "$TRACING/instances/$name";
my (%field, %kind, @pipes);

# Text as JSON, in ASCII: bytes that are no UTF-8 stand as U+FFFD.
sub text {
    my ($bytes) = @_;
    my $copy = $bytes;
    $copy =~ s/[^\x00-\x7f]/\x{fffd}/g unless utf8::decode($copy);
    $copy =~ s{(["\\]|[^ -~])}{
        my $code = ord $1;
        $code = 0xfffd if $code > 0x10ffff || ($code & ~0x7ff) == 0xd800;
        $code < 0x10000
            ? sprintf '\\u%04x', $code
            : sprintf '\\u%04x\\u%04x', 0xd7c0 + ($code >> 10), 0xdc00 + ($code & 0x3ff);
    }ge;
    return qq("$copy");
}

my $said = '';
sub say_now {
    $said .= "$_[0]\n" if @_;
    for (my $at = 0; $at < length $said;) { $at += syswrite(STDOUT, $said, length($said) - $at, $at) // exit 0 }
    $said = '';
}
sub none { say_now('{"kind":"none","why":' . text($_[0]) . '}'); exit 0 }

sub put {
    my ($file, $value) = @_;
    open(my $to, '>', "$instance/$file") or return 0;
    return defined syswrite $to, $value;
}

# Where the fields of an event are, as its format says.
sub event {
    my ($group, $event, $does) = @_;
    open(my $format, '<', "$TRACING/events/$group/$event/format") or return 0;
    my ($id, %place);
    while (<$format>) {
        $id = $1 if /^ID: (\d+)/;
        $place{$1} = [$2, $3] if /^\s*field:[^;]*?(\w+)(?:\[\w*\])?;\s*offset:(\d+);\s*size:(\d+);/;
    }
    put("events/$group/$event/enable", '1') or return 0;
    ($field{$id}, $kind{$id}) = (\%place, $does);
    return 1;
}
my %UNSIGNED = (1 => 'C', 2 => 'S', 4 => 'L', 8 => 'Q');
sub value {
    my ($id, $data, $which) = @_;
    my ($offset, $size) = @{ $field{$id}{$which} };
    return unpack "x$offset $UNSIGNED{$size}", $data;
}
sub string {
    my ($id, $data, $which) = @_;
    my $place = value($id, $data, $which); # __data_loc: length and offset
    return unpack 'Z*', substr $data, $place & 0xffff, $place >> 16;
}

# Of a process, as PROC has both.
sub parent {
    open(my $status, '<', "$proc/$_[0]/status") or return 'none';
    return (map { /^PPid:\s*(\d+)/ } <$status>)[0] // 'none';
}

# Whoever started the warden is where PROC is from; of a machine that is the run's alone, everybody.
none('no system call numbers for this machine') unless $number;
none('this machine is in a PID namespace, and does not know processes by the numbers that the kernel has') unless
    (readlink "$proc/" . ($name eq '-' ? 'self' : parent(parent('self'))) . '/ns/pid' // '') eq $FIRST;
unless (-d "$TRACING/instances") {
    my ($source, $target, $type) = ("tracefs\0", "$TRACING\0", "tracefs\0");
    syscall($number->{mount}, $source, $target, $type, 0, 0) == 0 or none("no tracefs: $!");
}
$name eq '-' or mkdir $instance or none("no instance of tracefs: $!");
put('trace_clock', 'mono') or none("no clock of tracefs that others know: $!");
put('buffer_percent', '0');
put('tracing_on', '0'); # but while a step runs
for (['task', 'task_newtask', \&begun], ['sched', 'sched_process_exec', \&became], ['sched', 'sched_process_exit', \&ended]) {
    event(@$_) or none("no event $_->[1] in tracefs: $!");
}
# What these tell is only how a process ended.
event('syscalls', 'sys_enter_exit_group', sub { left(1, @_) });
event('syscalls', 'sys_enter_exit', sub { left(0, @_) });
event('signal', 'signal_generate', \&sent);
event('signal', 'signal_deliver', \&signalled);
opendir(my $processors, "$instance/per_cpu") or none("no processors in tracefs: $!");
for (sort grep { /^cpu\d+$/ } readdir $processors) {
    sysopen(my $pipe, "$instance/per_cpu/$_/trace_pipe_raw", 0x800) or none("$_ of tracefs: $!"); # O_NONBLOCK
    push @pipes, $pipe;
}
open(my $on, '>', "$instance/tracing_on") or none("no switch of tracefs: $!");
chdir $proc or none("the machine's /proc: $!");
$) = "$uid $uid";
$( = $uid;
($<, $>) = ($uid, $uid);
none('privileges could not be dropped') if grep { $_ != $uid } $<, $>, $( + 0, $) + 0;
say_now('{"kind":"ready"}');

# Processes of the run that live, by the number of each thread.
my %task;
my ($processes, $lost) = (0, 0);

sub now {
    my $time = "\0" x 16;
    syscall($number->{clock_gettime}, $CLOCK_MONOTONIC, $time);
    my ($s, $ns) = unpack 'q q', $time;
    return $s * 1_000_000_000 + $ns;
}
my $ms = sub { sprintf '%.3f', $_[0] / 1_000_000 };
sub report {
    my ($process, $time, $how) = @_;
    my ($program, $argv, $parent) = @$process{qw(program argv parent)};
    $said .= join ',', '{"kind":"program"', '"t":' . $ms->($process->{began} - $epoch), qq("step":$process->{step}),
        qq("process":$process->{number}), '"parent":' . ($parent // 'null'),
        '"program":' . (defined $program ? text($program) : 'null'),
        '"argv":' . (defined $argv ? '[' . join(',', map { text($_) } @$argv) . ']' : 'null'),
        '"cut":' . ($process->{cut} ? 'true' : 'false'), '"ms":' . $ms->($time - $process->{began}), "$how}\n";
}

sub begun {
    my ($time, $id, $data) = @_;
    my $parent = $task{ value($id, $data, 'common_pid') } or return;
    my $pid = value($id, $data, 'pid');
    return ($task{$pid} = $parent)->{threads} += 1 if value($id, $data, 'clone_flags') & $CLONE_THREAD;
    my ($step, $owner) = @$parent{qw(step owner)};
    my $by = $parent->{number} || undef;
    $task{$pid} = { number => ++$processes, parent => $by, step => $step, owner => $owner, pid => $pid, threads => 1, began => $time };
}

sub became {
    my ($time, $id, $data) = @_;
    my ($pid, $before) = map { value($id, $data, $_) } 'pid', 'old_pid';
    my $process = $task{$pid} = delete $task{$before} // return;
    if (defined $process->{program}) {
        report($process, $time, '"how":"exec","code":null,"signal":null');
        $process->{began} = $time;
    }
    delete @$process{qw(code leader signal sent)};
    my $program = string($id, $data, 'filename');
    my ($argv, $cut) = now() - $time < $FRESH ? arguments($pid, $process->{owner}) : ();
    $process->{program} = substr $program, 0, $NAME;
    $process->{argv} = $argv;
    $process->{cut} = $cut || length $program > $NAME;
}

# As the process has them now, and may have changed them; undef where it is gone. Never those of a process of somebody else.
sub arguments {
    my ($pid, $owner) = @_;
    open(my $file, '<:raw', "$pid/cmdline") or return;
    my $read = sysread $file, my $bytes, $ARGUMENTS + 1;
    return if !$read || ((stat $file)[4] // -1) != $owner;
    my $cut = $read > $ARGUMENTS;
    $bytes = substr $bytes, 0, $ARGUMENTS;
    $bytes =~ s/\0\z//;
    return ([split /\0/, $bytes, -1], $cut);
}

# What exit(2) was asked for, by the whole process or by one thread, of which the first one's counts.
sub left {
    my ($whole, $time, $id, $data) = @_;
    my $pid = value($id, $data, 'common_pid');
    my $process = $task{$pid} or return;
    my $code = value($id, $data, 'error_code') & 0xff;
    $process->{ $whole ? 'code' : 'leader' } //= $code if $whole || $pid == $process->{pid};
}

# The kernel delivers most deadly signals as SIGKILL: the last one that was sent is meant.
sub sent {
    my ($time, $id, $data) = @_;
    my $process = $task{ value($id, $data, 'pid') } or return;
    my $signal = value($id, $data, 'sig');
    $process->{sent} = $signal if !$HARMLESS{$signal} && value($id, $data, 'result') == 0;
}

sub signalled {
    my ($time, $id, $data) = @_;
    my $process = $task{ value($id, $data, 'common_pid') } or return;
    my $signal = value($id, $data, 'sig');
    if ($signal == $SIGKILL) { $process->{signal} //= $process->{sent} // $signal }
    elsif (!$HARMLESS{$signal} && value($id, $data, 'sa_handler') == 0) { $process->{signal} //= $signal }
}

sub ended {
    my ($time, $id, $data) = @_;
    my $process = delete $task{ value($id, $data, 'pid') } or return;
    return if --$process->{threads} > 0 || !$process->{number};
    my $code = $process->{code} // (defined $process->{signal} ? undef : $process->{leader});
    my $signal = defined $code ? undef : $process->{signal};
    report($process, $time, defined $signal ? qq("how":"signal","code":null,"signal":$signal) : '"how":"exit","code":' . ($code // 'null') . ',"signal":null');
}

# What is left of a step that is dead: the kernel did not tell its end.
sub conclude {
    my ($step, $time) = @_;
    my %left = map { $_->{number} => $_ } grep { $_->{number} && $_->{step} == $step } values %task;
    for my $pid (keys %task) { delete $task{$pid} if $task{$pid}{step} == $step }
    report($left{$_}, $time, '"how":"unseen","code":null,"signal":null') for sort { $a <=> $b } keys %left;
}

# Number of a process as the events have it; 0 where it is gone.
sub known {
    my ($pid, $whose) = @_;
    return $pid if $whose eq 'machine';
    my $fd = syscall($PIDFD_OPEN, $pid + 0, 0);
    return 0 if $fd < 0;
    open(my $held, '<&=', $fd) or return 0; # closed with it
    open(my $info, '<', "self/fdinfo/$fd") or return 0;
    return (map { /^Pid:\s*(\d+)/ } <$info>)[0] // 0;
}

# Takes a page of a ring buffer apart (ring_buffer.c): [time, order, event, data] for each event that counts here.
sub page {
    my ($page, $events) = @_;
    my ($time, $commit) = unpack 'QQ', $page;
    my $end = 16 + ($commit & 0xfffff);
    $lost += $commit & 0x40000000 ? unpack("x$end Q", $page) : 1 if $commit & 0x80000000;
    for (my $at = 16; $at + 4 <= $end;) {
        my $head = unpack "x$at L", $page;
        my ($length, $delta) = ($head & 31, $head >> 5);
        my $next = $length == 0 || $length > 28 ? unpack 'L', substr($page, $at + 4, 4) : 0;
        $time = ($time & 0xf8 << 56) | $delta | $next << 27, $at += 8, next if $length == 31; # a time stamp
        $time += $delta;
        last if $length == 29 && $delta == 0; # the rest is empty
        $time += $next << 27, $at += 8, next if $length == 30;
        $at += 4 + $next, next if $length == 29; # an event that was taken back
        my ($from, $size) = $length == 0 ? ($at + 8, $next - 4) : ($at + 4, $length * 4);
        $at = $from + $size;
        my $id = unpack "x$from S", $page;
        push @$events, [$time, $id, substr $page, $from, $size] if $kind{$id};
    }
}

my ($open, $busy, $last, $input, @events, @ending) = (1, 0, 0, '');
while ($open) {
    my ($before, $ready) = (now(), '');
    vec($ready, fileno $_, 1) = 1 for *STDIN{IO}, @pipes;
    select $ready, undef, undef, @events || @ending ? $PAUSE : undef;
    # What happened before now is in the buffers by now, whichever processor it was on; what came later has to wait for the others.
    my $until = now();
    $busy = $until - $before < 5_000_000 ? $busy + 1 : 0;
    my @concluded = splice @ending;
    if (vec $ready, fileno STDIN, 1) {
        $open = sysread STDIN, $input, 4096, length $input;
        while ($input =~ s/^(\w+) (\d+)(?: (\d+) (own|machine) (\d+)( last)?)?\n//) {
            if ($1 eq 'end') { push @ending, $2; next }
            (my ($step, $owner), $last) = ($2, $5, $6);
            my $pid = known($3, $4);
            syswrite $on, '1';
            $task{$pid} = { number => 0, step => $step, owner => $owner, pid => $pid, threads => 1 } if $pid;
            say_now('{"kind":"begun","t":' . $ms->(now() - $epoch) . '}');
        }
    }
    for my $pipe (@pipes) {
        while (sysread $pipe, my $page, 1 << 16) { page($page, \@events) }
    }
    @events = sort { $a->[0] <=> $b->[0] } @events;
    while (@events && (!$open || $events[0][0] <= $until)) {
        my ($time, $id, $data) = @{ shift @events };
        $kind{$id}->($time, $id, $data);
    }
    conclude($_, $until) for @concluded;
    syswrite $on, '0' if @concluded && !%task;
    last if $last && !%task; # all that counts descends from the held process
    say_now();
    select undef, undef, undef, $busy > $MANY ? $LONG : $PAUSE if $open;
}
conclude($_, now()) for keys %{ { map { $_->{step} => 1 } values %task } };
say_now(qq({"kind":"done","lost":$lost}));
