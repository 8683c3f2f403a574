#!/bin/sh
# results: C10-background
# Processes that want to outlive their step: double fork, new session, no hang-up, stopped, holding the output open.
. "${0%/*}/lib/probe.sh"
cd "$root" || exit 1
mkdir -p beats
beat() { n=0; while :; do n=$((n + 1)); echo "$n" > "beats/$1"; sleep 0.1; done; }
(beat plain &) &
(trap '' HUP TERM INT; beat trapped) > /dev/null 2>&1 &
setsid sh -c 'n=0; while :; do n=$((n+1)); echo $n > beats/session; sleep 0.1; done' > /dev/null 2>&1 &
nohup sh -c 'n=0; while :; do n=$((n+1)); echo $n > beats/nohup; sleep 0.1; done' > /dev/null 2>&1 &
perl -MPOSIX -e 'fork and POSIX::_exit(0); POSIX::setsid(); fork and POSIX::_exit(0); chdir "/"; open STDOUT, ">", "/dev/null";
  $0 = "outlives-its-step"; while (1) { open my $f, ">", "$ARGV[0]/beats/double-fork"; print $f $n++; close $f; select undef, undef, undef, 0.1 }' "$PWD"
for program in at batch crontab; do command -v "$program" > /dev/null && echo 'touch beats/later' | "$program" now 2> /dev/null; done
# A busy machine takes a while to start them all.
for _ in $(seq 50); do
  [ "$(find beats -type f | wc -l)" -ge 5 ] && break
  sleep 0.1
done
for name in plain trapped session nohup double-fork; do [ -e "beats/$name" ] || { echo "$name does not beat"; exit 1; }; done
saw C10-background < plain.txt
# The next step, and the host, look whether anything beats on.
result C10-background
