#!/bin/sh
# Builds a machine: disk, kernel and initrd in DIRECTORY. Root, in mount and PID namespaces of its own.
# Usage: build.sh DIRECTORY SUITE PACKAGE,PACKAGE… OFFERED,OFFERED…
set -eu
out=$1 suite=$2 packages=$3 offered=$4
tree=$out/tree
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e $keys ] || { echo "the keys of Debian's archive are missing: apt-get install debian-archive-keyring" >&2; exit 1; }

debootstrap --variant=minbase --keyring=$keys --include="$packages" "$suite" "$tree" > "$out/build.log" 2>&1 || {
  tail -n 20 "$out/build.log" "$tree/debootstrap/debootstrap.log" >&2
  exit 1
}
cp "$(dirname "$0")/fill.sh" "$tree/fill.sh"
mount --bind /proc "$tree/proc"
mount --bind /dev "$tree/dev"
chroot "$tree" sh /fill.sh "$offered" >> "$out/build.log" 2>&1 || { tail -n 20 "$out/build.log" >&2; exit 1; }
umount "$tree/proc" "$tree/dev"
rm "$tree/fill.sh"

cp "$tree"/boot/vmlinuz-* "$out/kernel"
cp "$tree"/boot/initrd.img-* "$out/initrd"
# What tests write is thrown away with QEMU's overlay: no journal. Sparse.
mkfs.ext4 -q -F -m 0 -O ^has_journal -L machine -d "$tree" "$out/disk" 8G
rm -rf "$tree"
chmod a+r "$out/kernel" "$out/initrd" "$out/disk"
