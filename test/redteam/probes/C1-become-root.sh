#!/bin/sh
# results: C1-sudo C1-setuid C1-capabilities C1-planted
# Programs that make root: sudo and su, setuid files that are there, files with capabilities, files planted for later.
. "${0%/*}/lib/probe.sh"
cd "$root" || exit 1
saw C1-sudo < plain.txt

became=
for command in 'sudo -n id -ru' 'su -c id' 'su root -c id' 'pkexec id -ru' 'newgrp root' 'setpriv --reuid=0 id -ru' 'runuser -u root -- id -ru'; do
  # shellcheck disable=SC2086
  case $(timeout 5 $command 2>/dev/null < /dev/null | head -n1) in 0 | uid=0*) became="$became, $command" ;; esac
done
# shellcheck disable=SC2016
result C1-sudo "$became"

# `id` as the host gave it to us: root's and setuid, in the workspace and in a listed mount.
became=
for file in ./setuid-id /mnt/listed/setuid-id; do
  [ "$(stat -c '%u %a' "$file")" = '0 6755' ] || { echo "$file is not as the host made it"; exit 1; }
  [ "$("$file" -u)" = 0 ] && became="$became, $file"
  [ "$("$file" -u)" = "$(id -u)" ] || exit 1
done
for file in $(find /usr /opt -xdev -perm -4000 -type f 2>/dev/null); do
  cp "$file" ./copied-setuid && chmod 4755 ./copied-setuid || exit 1
  [ "$(stat -c %u ./copied-setuid)" = 0 ] && became="$became, a copy of $file"
done
result C1-setuid "$became"

# A perl with cap_setuid, as the host gave it.
became=
for file in ./capable-perl /mnt/listed/capable-perl; do
  [ "$("$file" -e 'print 6 * 7')" = 42 ] || { echo "$file does not run"; exit 1; }
  [ "$("$file" -e '$< = 0; $> = 0; print $>')" = 0 ] && became="$became, $file"
done
result C1-capabilities "$became"

became=
cp /usr/bin/id planted && chmod 6755 planted && saw C1-planted < plain.txt
chown 0:0 planted 2>/dev/null && became="$became, chown to root"
chgrp 0 planted 2>/dev/null && became="$became, chgrp to root"
perl -MPOSIX= -e 'my ($file, $name, $value) = ("planted", "security.capability", pack "V5", 0x02000001, 0x80, 0, 0, 0);
  my %setxattr = (x86_64 => 188, aarch64 => 5);
  exit(syscall($setxattr{ (POSIX::uname())[4] }, $file, $name, $value, 20, 0) == 0 ? 0 : 1)' &&
  became="$became, capability set"
for directory in /usr/bin /usr/local/bin /etc /etc/cron.d /mnt /srv / /var/lib; do
  cp /usr/bin/id "$directory/planted" 2>/dev/null && became="$became, $directory"
done
result C1-planted "$became"
