#!/bin/bash
# Makes the disk with the checkout as the runner's user has it, and the job. Root. Usage: work.sh REPOSITORY JOB DISK
set -eu
from=$1 job=$2 disk=$3
tree=$(mktemp -d "$disk.XXXXXX")
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
mkdir "$tree/agent-jail"
cd "$from"
# What git would bring, with what was changed since, and is there; and packages, but for tools that check sources.
files() {
  git -c safe.directory="$from" ls-files -z --cached --others --exclude-standard
  printf 'node_modules\0'
}
files | tar --create --null --files-from=- --ignore-failed-read --exclude='node_modules/.cache' --exclude='node_modules/.vite*' \
  --exclude='node_modules/@biomejs/*' --exclude='node_modules/*oxlint*/*' 2> "$tree/absent" | tar --extract --directory="$tree/agent-jail"
rm "$tree/absent"
install -m 755 "$job" "$tree/job.sh"
chown -R 1001:1001 "$tree"
mkfs.ext4 -q -F -m 0 -O ^has_journal -E root_owner=1001:1001 -L work -d "$tree" "$disk" 3G
chmod a+r "$disk"
