#!/bin/sh
# results: D5-swap
# Between two steps: everything that this one may write becomes a link to where only the host may.
. "${0%/*}/lib/probe.sh"
cd "$root" || exit 1
saw D5-swap < plain.txt
target=$(grep '/not-listed/secret.txt$' config/paths)
place=${target%/*}
for path in "$HOME/.config" "$HOME/.claude" "$HOME/.codex" "$HOME/.gemini" "$HOME/.cache" "$HOME/.ssh" swapped; do
  rm -rf "$path" && ln -s "$place" "$path" || exit 1
done
for path in "$HOME/.gitconfig" "$HOME/.npmrc" "$HOME/.bashrc" "$HOME/.profile" "$HOME/.netrc"; do rm -rf "$path" && ln -s "$target" "$path" || exit 1; done
left=
for path in /run/agent-jail /run/agent-jail/out /run/agent-jail/result /etc/passwd /etc/resolv.conf /usr/bin/env /dev/null; do
  ln -sf "$target" "$path" 2> /dev/null && left="$left, $path"
  mv "$path" "$path.old" 2> /dev/null && left="$left, $path was moved"
done
result D5-swap "$left"
