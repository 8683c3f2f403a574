#!/usr/bin/perl
# restore.pl list|extract DIRECTORY UID GID [TARGET KEY]...
# Reads a layer (OCI image-spec, layer.md: tar with explicit whiteouts, as changes.tar.gz is) on stdin. What lies below a TARGET of the
# jail goes to DIRECTORY/KEY as overlayfs keeps it, what lies below one whose KEY is `-`, and the rest, is passed over. `list` makes nothing and prints the directories that entries
# need and that are no entries themselves, each `KEY/path` and a NUL. As UID and GID, in a root of its own: a name in the archive can lead
# nowhere else, and makes nothing that the agent could not have made. Exit 71 with a message on stderr.
use strict;
use warnings;

# As launch.pl: e_machine of the ELF header of this perl.
sub machine {
    open(my $self, '<:raw', '/proc/self/exe') or return 0;
    read($self, my $head, 20) == 20 or return 0;
    return unpack 'x18 v', $head;
}
my ($X86_64, $AARCH64) = (62, 183);
my %NUMBER = ($X86_64 => { mknodat => 259, lsetxattr => 189, prctl => 157 }, $AARCH64 => { mknodat => 33, lsetxattr => 6, prctl => 167 });
my ($AT_FDCWD, $S_IFIFO, $S_IFCHR, $PR_SET_NO_NEW_PRIVS) = (-100, 0010000, 0020000, 38);
my ($BLOCK, $PIECE, $LARGEST_PAX) = (512, 1 << 18, 1 << 20);

sub fail { print STDERR "restore: $_[0]\n"; exit 71 }

my $number = $NUMBER{machine()} or fail('no system call numbers for this machine');
my ($what, $directory, $uid, $gid, @places) = @ARGV;
fail('usage') unless defined $gid && @places % 2 == 0 && $what =~ /^(?:list|extract)$/;
my $extract = $what eq 'extract';
my @targets; # [TARGET without slashes around it, KEY], the innermost first
while (@places) { my ($target, $key) = splice @places, 0, 2; $target =~ s{^/+|/+$}{}g; push @targets, [$target, $key] }
@targets = sort { length $b->[0] <=> length $a->[0] } @targets;

chroot $directory and chdir '/' or fail("$directory: $!");
$( = $gid; $) = "$gid $gid"; ($<, $>) = ($uid, $uid);
fail('privileges are still there') if $< != $uid || $> != $uid || $( !~ /^$gid(?: $gid)*$/ || $) !~ /^$gid(?: $gid)*$/;
syscall($number->{prctl}, $PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 or fail("no_new_privs: $!");
umask 0;
binmode STDIN;
binmode STDOUT;

sub take {
    my ($size) = @_;
    my $bytes = '';
    while (length $bytes < $size) {
        my $got = sysread STDIN, $bytes, $size - length $bytes, length $bytes;
        defined $got or fail("stdin: $!");
        $got or fail('the archive is cut off');
    }
    return $bytes;
}
sub pass { my ($size) = @_; while ($size > 0) { my $part = $size < $PIECE ? $size : $PIECE; take($part); $size -= $part } }
sub text { my ($field) = @_; $field =~ s/\0.*//s; return $field }
sub octal { my ($field) = @_; $field =~ /^([0-7]+)[ \0]*$/ or fail('a number that is none'); return oct $1 }
sub pax {
    my ($bytes, %said) = @_;
    while ($bytes ne '') {
        $bytes =~ /^(\d{1,7}) ([^=]+)=/ or fail('a header that is none');
        my ($length, $key, $start) = ($1, $2, $+[0]);
        fail('a header that is none') if $length <= $start || $length > length $bytes;
        $said{$key} = substr $bytes, $start, $length - $start - 1;
        substr($bytes, 0, $length) = '';
    }
    return %said;
}
# Where a name of the archive goes: `KEY/path`, or undef.
sub place {
    my ($name) = @_;
    $name =~ s{/+$}{};
    fail('a name that leads out') if $name eq '' || $name =~ m{^/|(?:^|/)\.{0,2}(?:/|$)|\0};
    for (@targets) {
        my ($target, $key) = @$_;
        return undef if $key eq '-' && ($target eq '' || $name eq $target || index($name, "$target/") == 0);
        return "$key/$name" if $target eq '';
        return $key if $name eq $target;
        return $key . substr($name, length $target) if index($name, "$target/") == 0;
    }
    return undef;
}

my (%needed, %entry, @directories);
sub need { my ($path) = @_; while ($path =~ s{/[^/]+$}{}) { last if $needed{$path}++ } }
# Directories with names that `list` could not say.
sub below { my ($path) = @_; my ($at, $here) = (0); while (($at = index($path, '/', $at + 1)) > 0) { $here = substr $path, 0, $at; -d $here && !-l $here or mkdir($here, 0755) or fail("$here: $!") } }
sub node { my ($path, $mode) = @_; my $bytes = "$path\0"; syscall($number->{mknodat}, $AT_FDCWD, $bytes, $mode, 0) == 0 or fail("$path: $!") }

my %header;
for (;;) {
    my $block = take($BLOCK);
    last if $block !~ /[^\0]/;
    my ($type, $size) = (substr($block, 156, 1), octal(substr $block, 124, 12));
    if ($type eq 'x') {
        fail('a header that is too large') if $size > $LARGEST_PAX;
        %header = pax(substr take($size + -$size % $BLOCK), 0, $size);
        next;
    }
    $size = $header{size} // $size;
    my $name = $header{path} // text(substr $block, 0, 100);
    my $link = $header{linkpath} // text(substr $block, 157, 100);
    my ($mode, $mtime) = (octal(substr $block, 100, 8), $header{mtime} // octal(substr $block, 136, 12));
    my %xattrs = map { /^SCHILY\.xattr\.(user\..+)$/s ? ($1 => $header{$_}) : () } keys %header;
    %header = ();
    my $path = place($name);
    my $whiteout = defined $path && $path =~ s{(^|/)\.wh\.([^/]+)$}{$1$2};
    fail('a whiteout that hides all of a directory') if $whiteout && $path =~ m{(?:^|/)\.wh\.[^/]*$};
    if (!defined $path) { pass($size + -$size % $BLOCK) if $type eq '0'; next }
    need($path);
    $entry{$path} = 1 if $type eq '5' && !$whiteout;
    if (!$extract) { pass($size + -$size % $BLOCK) if $type eq '0'; next }
    below($path);
    if ($whiteout) { node($path, $S_IFCHR); next }
    unlink $path; # the whiteout of what stood there before
    if ($type eq '0') {
        open(my $file, '>:raw', $path) or fail("$path: $!");
        for (my $left = $size; $left > 0;) {
            my $piece = take($left < $PIECE ? $left : $PIECE);
            $left -= length $piece;
            (syswrite($file, $piece) // -1) == length $piece or fail("$path: $!");
        }
        take(-$size % $BLOCK);
        close $file or fail("$path: $!");
    }
    elsif ($type eq '1') {
        my $target = place($link) // fail("$path is a link to what is not restored");
        link $target, $path or fail("$path: $!");
        next;
    }
    elsif ($type eq '2') { symlink $link, $path or fail("$path: $!"); next }
    elsif ($type eq '5') { -d $path || mkdir($path, 0700) or fail("$path: $!"); push @directories, [$path, $mode, $mtime] }
    elsif ($type eq '6') { node($path, $S_IFIFO | 0600) }
    else { fail("$path is of a kind that is not known") }
    for my $key (keys %xattrs) {
        my ($where, $named, $value) = ("$path\0", "$key\0", $xattrs{$key});
        syscall($number->{lsetxattr}, $where, $named, $value, length $value, 0) == 0 or fail("$path: $key: $!");
    }
    next if $type eq '5';
    chmod $mode & 01777, $path or fail("$path: $!");
    utime $mtime, $mtime, $path;
}
# Last: a directory may be one that nobody can write to.
for (reverse @directories) {
    my ($path, $mode, $mtime) = @$_;
    chmod $mode & 01777, $path; # one that is not the agent's stays as it is
    utime $mtime, $mtime, $path;
}
if (!$extract) { print map { "$_\0" } sort grep { !$entry{$_} && m{/} } keys %needed }
exit 0;
