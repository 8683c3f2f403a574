#!/bin/sh
# results: C10-next-step
# What the step before this one left running.
. "${0%/*}/lib/probe.sh"
cd "$root" || exit 1
saw C10-next-step < plain.txt
[ -s beats/double-fork ] || { echo 'the step before did not run'; exit 1; }
before=$(cat beats/*)
sleep 0.6
left=
[ "$before" = "$(cat beats/*)" ] || left='something beats on'
for process in /proc/[0-9]*; do
  case $(tr '\0' ' ' < "$process/cmdline" 2> /dev/null) in *outlives-its-step* | *beats/*) left="$left, $process" ;; esac
done
[ -e beats/later ] && left="$left, a job of at"
# shellcheck disable=SC2086
result C10-next-step $left
