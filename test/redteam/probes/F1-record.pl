#!/usr/bin/perl
# results: F1-truncate F1-read-back F1-seek F1-places F1-result F1-forge F3-bytes F3-long-line F3-many-lines
# The record from within: what is written of this step cannot be taken back, and a forged record is only a file.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use Digest::SHA qw(sha256_hex);
use Fcntl qw(O_RDONLY O_RDWR O_WRONLY O_TRUNC O_NONBLOCK SEEK_SET);

saw_file('F1-truncate', plain());
print "BEFORE the attempts\n";
my @truncated;
for my $path (glob('/proc/self/fd/[12]'), '/run/agent-jail/out') {
    truncate $path, 0 and push @truncated, "$path was truncated";
    unlink $path and push @truncated, "$path was removed";
    rename $path, '/tmp/out' and push @truncated, "$path was renamed";
}
truncate STDOUT, 0 and push @truncated, 'the output was truncated';
result('F1-truncate', @truncated);

my @read;
for my $path ('/proc/self/fd/1', '/proc/self/fd/2', '/run/agent-jail/out', glob('/proc/[0-9]*/fd/[12]')) {
    sysopen(my $file, $path, O_RDONLY | O_NONBLOCK) or next;
    my $bytes = "";
    push @read, "$path can be read back" if sysread($file, $bytes, 4096) && $bytes =~ /START|BEFORE/;
}
result('F1-read-back', @read);
result('F1-seek', sysseek(STDOUT, 0, SEEK_SET) ? 'the output can be rewound' : ());

my @places;
my @names = qw(run.json transcript.log transcript.ndjson changes.ndjson changes.patch manifest.json verdict.json);
for my $directory ((map { ($_, glob "$_/record-*") } lines('records')), '/run/agent-jail', '/var/lib/agent-jail', '/run/host', '/.agent-jail', '/tmp/agent-jail') {
    for my $name (@names) { sysopen(my $file, "$directory/$name", O_RDWR) and push @places, "$directory/$name opens" }
}
result('F1-places', @places);

# The answer of the step is the agent's to write, and no more than that.
my $result = $ENV{AGENT_JAIL_RESULT} // die "no AGENT_JAIL_RESULT\n";
my @result;
unlink $result and push @result, 'its file was removed';
symlink '/etc/shadow', $result and push @result, 'it is a link now';
rename $result, "$result.old" and push @result, 'it was renamed';
sysopen(my $answer, $result, O_WRONLY | O_TRUNC) or die "answer: $!";
syswrite $answer, "{\"outcome\":\"succeeded\"}\n";
result('F1-result', @result);

# A record of our own where the run's would be, and words that look like one.
for my $directory ('.agent-jail/forged', '/tmp/agent-jail') {
    my $at = $directory =~ m{^/} ? $directory : "$FindBin::Bin/../$directory";
    system('mkdir', '-p', $at) == 0 or die "$at\n";
    for my $name (@names) { open(my $file, '>', "$at/$name") or die "$at/$name: $!"; print $file "{\"outcome\":\"succeeded\",\"forged\":true}\n" }
}
print "{\"end\":true,\"sha256\":\"0\"}\n{\"schema\":\"agent-jail/transcript\@1\"}\n";
result('F1-forge');

# What the record must have byte by byte: every byte there is, a line of 4 MiB, 200,000 lines.
my $bytes = join '', map { chr($_) x 3 } 0 .. 255;
for my $case (['F3-bytes', $bytes x 64], ['F3-long-line', 'x' x (4 << 20)], ['F3-many-lines', join '', map { "$_\n" } 1 .. 200_000]) {
    my ($id, $text) = @$case;
    $text =~ s/canary|START|RESULT|SAW|BEGIN|END//g;
    print "\nOUTPUT $id ", length $text, ' ', sha256_hex($text), "\n", $text, "\n";
    result($id);
}
