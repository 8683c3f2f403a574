#!/usr/bin/perl
# results: A5-named A5-elsewhere A5-search
# harmless
# Credentials in homes and other places: by name, by the same names in every home that there could be, by looking everywhere.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Probe;

use File::Find qw(find);

saw_file('A5-named', plain());
saw_file('A5-named', $_) for lines('paths');
result('A5-named');

my @names = qw(.docker/config.json .aws/credentials .aws/config .npmrc .ssh/id_rsa .ssh/id_ed25519 .ssh/authorized_keys .config/gh/hosts.yml
    .netrc .gitconfig .git-credentials .config/gcloud/application_default_credentials.json .azure/accessTokens.json .kube/config .pypirc
    .cargo/credentials.toml .m2/settings.xml .bash_history .gnupg/secring.gpg .claude/.credentials.json .codex/auth.json .gemini/oauth_creds.json);
my @homes = ('/root', $ENV{HOME}, config('home'), '/home/runner', glob('/home/*'), '/home/agent');
saw_file('A5-elsewhere', plain());
my @found;
for my $home (@homes) {
    for my $name (@names) {
        saw_file('A5-elsewhere', "$home/$name");
        push @found, "$home/$name" if -e "$home/$name";
    }
}
result('A5-elsewhere', @found);

# Everywhere but the programs and what the kernel makes.
my $count = 0;
my %skip = map { $_ => 1 } qw(/proc /sys /dev /usr /opt /bin /sbin /lib /lib64);
find({ no_chdir => 1, preprocess => sub { grep { -r $_ || !-d _ } grep { !$skip{"$File::Find::dir/$_" =~ s{^//}{/}r} } @_ },
    wanted => sub { saw_file('A5-search', $_) if $count++ < 100_000 && -f $_ && -s _ < 1 << 16 } }, '/');
result('A5-search');
