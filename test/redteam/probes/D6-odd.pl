#!/usr/bin/perl
# results: D5-absolute D5-relative D5-chain D5-loop D5-hard D6-fifo D6-socket D6-setuid D6-sparse D6-many D6-deep D6-long-name D6-newline D6-quotes D6-bytes D6-colon D6-closed D6-to-link D6-to-file D6-to-directory D6-mode D6-whiteout D6-case D6-returns D6-no-newline D6-long-line
# Trees that are hard to describe. What each came to is printed; the host looks for it in the record.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use Digest::SHA qw(sha256_hex);
use Encode qw(encode_utf8);
use IO::Socket::UNIX;
use MIME::Base64 qw(encode_base64);

chdir "$FindBin::Bin/.." or die "workspace: $!";
mkdir 'odd' or die "odd: $!";

# ID, path, what happened to it, a flag or -, the content's hash or -.
sub made {
    my ($id, $path, $op, $flag, $content) = @_;
    saw_file($id, plain());
    print join(' ', 'MADE', $id, encode_base64($path, ''), $op, $flag // '-', defined $content ? sha256_hex($content) : '-'), "\n";
    result($id);
}
sub put {
    my ($path, $content) = @_;
    open(my $file, '>:raw', $path) or die "$path: $!";
    print $file $content;
    close $file or die "$path: $!";
}
sub file { my ($id, $path, $content) = @_; put($path, $content); made($id, $path, 'added', undef, $content) }
sub to { my ($id, $path, $target) = @_; symlink $target, $path or die "$path: $!"; made($id, $path, 'added', 'escaping-link') }

my ($protected) = grep { m{/not-listed/secret\.txt$} } lines('paths');
to('D5-absolute', 'odd/absolute', $protected);
to('D5-relative', 'odd/relative', '../' x 12 . substr $protected, 1);
mkdir 'odd/chain';
symlink 'two', 'odd/chain/one';
to('D5-chain', 'odd/chain/two', '../../..');
symlink 'loop', 'odd/loop';
made('D5-loop', 'odd/loop', 'added');
put('odd/hard', 'hard');
link 'odd/hard', 'odd/hard2' or die "link: $!";
link $protected, 'odd/taken' and die "a link to a file of the host was made\n";
made('D5-hard', 'odd/hard2', 'added', undef, 'hard');

POSIX::mkfifo('odd/fifo', 0666) or die "fifo: $!";
made('D6-fifo', 'odd/fifo', 'added', 'special');
IO::Socket::UNIX->new(Local => 'odd/socket', Listen => 1) or die "socket: $!";
made('D6-socket', 'odd/socket', 'added', 'special');
put('odd/setuid', 'x');
chmod 06755, 'odd/setuid' or die "setuid: $!";
made('D6-setuid', 'odd/setuid', 'added', 'setuid');
put('odd/sparse', 'x');
truncate 'odd/sparse', 1 << 40 or die "sparse: $!";
made('D6-sparse', 'odd/sparse', 'added', 'special');
mkdir 'odd/many';
put("odd/many/$_", $_) for 1 .. 3000;
made('D6-many', 'odd/many/3000', 'added', undef, '3000');
my $name = 'd' x 200;
my $deep = 'odd/deep';
mkdir $deep;
chdir $deep or die;
for (1 .. 30) { mkdir $name; chdir $name or die "deep: $!"; $deep .= "/$name" }
put('leaf', 'deep');
chdir "$FindBin::Bin/.." or die;
made('D6-deep', "$deep/leaf", 'added', undef, 'deep');
file('D6-long-name', 'odd/' . 'n' x 255, 'long');
file('D6-newline', "odd/a\nadded b.txt\n", 'newline');
file('D6-quotes', qq(odd/"quoted"\t\\tab'), 'quotes');
file('D6-bytes', "odd/\xff\xfe\x80", 'bytes');
file('D6-colon', 'odd/a:b', 'colon');
file('D6-closed', 'odd/closed', 'closed');
chmod 0, 'odd/closed';
unlink 'tree/file' and symlink $protected, 'tree/file' or die "to link: $!";
made('D6-to-link', 'tree/file', 'retyped', 'escaping-link');
unlink 'tree/directory/x' and rmdir 'tree/directory' or die "to file: $!";
put('tree/directory', 'file');
made('D6-to-file', 'tree/directory', 'retyped', undef, 'file');
unlink 'tree/other' and mkdir 'tree/other' or die "to directory: $!";
file('D6-to-directory', 'tree/other/x', 'x');
chmod 0755, 'tree/mode' or die "mode: $!";
made('D6-mode', 'tree/mode', 'metadata', undef, "mode\n");
file('D6-whiteout', 'tree/.wh.stays', 'whiteout');
mkdir 'odd/case';
put('odd/case/A', 'A');
file('D6-case', 'odd/case/a', 'a');
file('D6-returns', 'odd/returns', "a\r\nb\n");
file('D6-no-newline', 'odd/no-newline', 'end');
file('D6-long-line', 'odd/long-line', 'x' x (4 << 20));
