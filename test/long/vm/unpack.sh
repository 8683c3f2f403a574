#!/bin/sh
# Unpacks a Debian for arm64 without running anything of it: PACKAGEs into DIRECTORY/tree, the kernel and its modules into DIRECTORY/kernel.
# Usage: unpack.sh DIRECTORY SUITE KERNEL PACKAGE...
set -eu
out=$1 suite=$2 kernel=$3
shift 3
keys=/usr/share/keyrings/debian-archive-keyring.gpg
debootstrap --download-only --arch=arm64 --variant=minbase --keyring=$keys --include="$kernel" "$suite" "$out/fetched" > "$out/log" 2>&1 || {
  tail -n 20 "$out/log" >&2
  exit 1
}
cd "$out/fetched/var/cache/apt/archives"
mkdir "$out/tree" "$out/kernel"
for name in "$@"; do dpkg-deb --extract "$name"_*.deb "$out/tree"; done
dpkg-deb --extract linux-image-[0-9]*.deb "$out/kernel"
depmod --basedir "$out/kernel" "$(ls "$out/kernel/lib/modules")"
rm -rf "$out/fetched"
cd "$out/tree"
mkdir -p proc sys dev run tmp
chmod 1777 tmp
ln -sf dash bin/sh
