#!/bin/sh
# A command with another Debian around it: TREE is the root, which is not written to, with places in memory where something has to be, and
# directories (PATH) as they are here. Root, in mount and PID namespaces of its own.
# Usage: enter.sh TREE PATH... -- CMD ARGS...
set -eu
tree=$1
shift
mount --bind "$tree" "$tree"
mount --rbind /dev "$tree/dev"
mount --rbind /sys "$tree/sys"
mount -t proc proc "$tree/proc"
for place in /tmp /run /root /home /mnt /var/lib/agent-jail; do
  mkdir -p "$tree$place"
  mount -t tmpfs -o mode=755 tmpfs "$tree$place"
done
chmod 1777 "$tree/tmp"
while [ "$1" != -- ]; do
  mkdir -p "$tree$1"
  mount --rbind "$1" "$tree$1"
  shift
done
shift
mount -o remount,bind,ro "$tree"
here=$(pwd)
cd "$tree"
pivot_root . mnt
umount -l /mnt
cd "$here"
unset TMPDIR
exec "$@"
