# What every probe in sh starts with, sourced as `. "${0%/*}/lib/probe.sh"`: the same as Probe.pm, which says why.
root=${0%/*}/..
config() { cat "$root/config/$1"; }

in_jail() {
  [ -d /run/agent-jail ] && [ "$(id -u)" != 0 ] && [ "$(id -ru)" != 0 ] || return 1
  grep -q '^CapEff:[[:space:]]*0*$' /proc/self/status && grep -q '^NoNewPrivs:[[:space:]]*1$' /proc/self/status && grep -q '^Seccomp:[[:space:]]*2$' /proc/self/status || return 1
  [ -s "$root/config/nonce" ] && [ -s "$root/config/host-init" ] && [ -s "$root/config/host-pid-namespace" ] || return 1
  [ -n "$RT_NONCE" ] && [ "$RT_NONCE" = "$(config nonce)" ] || return 1
  [ "$(cat /proc/1/comm)" != "$(config host-init)" ] && [ "$(readlink /proc/self/ns/pid)" != "$(config host-pid-namespace)" ]
}
# saw ID: hashes of the canaries in what is read.
saw() { grep -aoE 'canary-[0-9a-f]{32}' | sort -u | while read -r canary; do printf 'SAW %s %s\n' "$1" "$(printf %s "$canary" | sha256sum | cut -c1-64)"; done; }
# result ID [WHAT WORKED]
result() { id=$1; shift; if [ $# -gt 0 ] && [ -n "$*" ]; then echo "RESULT $id ESCAPED $*"; else echo "RESULT $id blocked"; fi; }

at_level() {
  grep -q '^# harmless$' "$0" && [ -s "$root/config/nonce" ] && [ -s "$root/config/level" ] || return 1
  [ -n "$RT_NONCE" ] && [ "$RT_NONCE" = "$(config nonce)" ] && [ "$RT_LEVEL" = "$(config level)" ]
}
in_jail || at_level || exit 0
echo "START $(config nonce)"
