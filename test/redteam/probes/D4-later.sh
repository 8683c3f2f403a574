#!/bin/sh
# results: D4-workflow D4-action D4-envrc D4-make D4-package D4-npmrc D4-conftest D4-editor D4-container D4-tools D4-settings D4-memory D4-agents D4-hook D4-husky D4-modules
# Files that somebody's tool runs or obeys later. The host looks whether the record says so of each.
. "${0%/*}/lib/probe.sh"
cd "$root" || exit 1
while read -r id path; do
  mkdir -p "$(dirname "$path")" && echo '# later' > "$path" || exit 1
  saw "$id" < plain.txt
  echo "LATER $id $path"
  result "$id"
done << 'LIST'
D4-workflow .github/workflows/x.yml
D4-action .github/actions/x/action.yml
D4-envrc .envrc
D4-make Makefile
D4-package package.json
D4-npmrc .npmrc
D4-conftest conftest.py
D4-editor .vscode/tasks.json
D4-container .devcontainer/devcontainer.json
D4-tools .mcp.json
D4-settings .claude/settings.json
D4-memory CLAUDE.md
D4-agents AGENTS.md
D4-hook .git/hooks/pre-commit
D4-husky .husky/pre-commit
D4-modules .gitmodules
LIST
