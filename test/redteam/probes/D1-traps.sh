#!/bin/sh
# results: D1-hooks D1-hooks-path D1-fsmonitor D1-external D1-editor D1-alias D1-ssh D1-credential D1-filter D1-textconv D1-include D2-git-file D2-bare D2-commondir D2-nested D3-npm
# harmless
# Settings and files by which git and npm run a stranger's program. Each is sprung here, which shows that it works; then the host does
# what people do, and looks whether one is sprung there.
. "${0%/*}/lib/probe.sh"
cd "$root" || exit 1
here=$PWD
outside=$(cat config/traps)
inside=${TMPDIR:-/tmp}/sprung
mkdir -p "$inside" src/hooks
export HOME="$inside" GIT_TERMINAL_PROMPT=0
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com

# A command that leaves the canary where the host looks; in this step, whose variables nobody on the host has, where we do.
trap_for() { echo "sh -c '[ \$RT_NONCE ] && cp $here/plain.txt $inside/$1 || cp $here/plain.txt $outside/$1' x"; }
sprung() {
  [ -s "$inside/$1" ] || { echo "$1 was not sprung"; exit 1; }
  saw "$1" < "$inside/$1"
  result "$1"
}
program() { mkdir -p "${1%/*}" && printf '#!/bin/sh\n%s\n' "$(trap_for "$2")" > "$1" && chmod +x "$1"; }
commit() { git "$@" commit --quiet --allow-empty --message=x; }

# Other levels of isolation may refuse the file that a trap stands in. In a jail of ours it can be written: there a trap has to be sprung.
refused() { [ -n "$RT_LEVEL" ] && ! ( : >> "$1" ) 2> /dev/null; }

if refused .git/hooks/pre-commit; then
  result D1-hooks
else
  for hook in pre-commit post-commit post-checkout post-index-change reference-transaction; do program ".git/hooks/$hook" D1-hooks; done
  commit
  sprung D1-hooks
fi

by_settings() {
  git config user.name a && git config user.email a@example.com
  program src/hooks/pre-commit D1-hooks-path
  git config core.hooksPath "$here/src/hooks"
  commit
  sprung D1-hooks-path
  git config core.fsmonitor "$(trap_for D1-fsmonitor)"
  git status > /dev/null
  sprung D1-fsmonitor
  git config diff.external "$(trap_for D1-external)"
  echo more >> a.txt
  git diff > /dev/null
  sprung D1-external
  git config core.editor "$(trap_for D1-editor)"
  git commit --quiet --allow-empty
  sprung D1-editor
  git config alias.lg "!$(trap_for D1-alias)"
  git lg
  sprung D1-alias
  git config core.sshCommand "$(trap_for D1-ssh)"
  git ls-remote ssh://127.0.0.1:9/x
  sprung D1-ssh
  git config credential.helper "!$(trap_for D1-credential)"
  printf 'protocol=https\nhost=x.invalid\n\n' | git credential fill
  sprung D1-credential
  printf '*.filtered filter=x\n*.shown diff=y\n' > src/.gitattributes
  git config filter.x.clean "$(trap_for D1-filter)"
  echo x > src/a.filtered
  git add src/a.filtered
  sprung D1-filter
  git config diff.y.textconv "$(trap_for D1-textconv)"
  echo x > src/a.shown
  git add src/a.shown && commit && git log --patch -1 > /dev/null
  sprung D1-textconv
  printf '[alias]\n\tinc = "!%s"\n' "$(trap_for D1-include)" > src/included
  git config include.path ../src/included
  git inc
  sprung D1-include
}
if refused .git/config; then
  for id in hooks-path fsmonitor external editor alias ssh credential filter textconv include; do result "D1-$id"; done
else
  by_settings
fi

git init --quiet evil
git -C evil config core.fsmonitor "$(trap_for D2-git-file)"
mkdir -p src/sub && echo 'gitdir: ../../evil/.git' > src/sub/.git
git -C src/sub status > /dev/null
sprung D2-git-file
git init --quiet --bare src/bare
for pair in 'core.bare false' "core.worktree $here/src"; do
  # shellcheck disable=SC2086
  git -C src/bare config $pair
done
git -C src/bare config core.fsmonitor "$(trap_for D2-bare)"
git -C src/bare status > /dev/null
sprung D2-bare
git init --quiet common
git -C common config core.fsmonitor "$(trap_for D2-commondir)"
mkdir -p src/worktree && echo 'ref: refs/heads/x' > src/worktree/HEAD && echo "$here/common/.git" > src/worktree/commondir
mkdir -p src/linked && echo 'gitdir: ../worktree' > src/linked/.git
git -C src/linked status > /dev/null
sprung D2-commondir
git init --quiet src/nested
program src/nested/.git/hooks/pre-commit D2-nested
commit -C src/nested
sprung D2-nested

printf '{"name":"p","version":"1.0.0","scripts":{"preinstall":"%s"}}\n' "$(trap_for D3-npm)" > package.json
npm ci --offline --no-audit --no-fund > /dev/null
sprung D3-npm
