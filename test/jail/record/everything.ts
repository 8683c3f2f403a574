import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git, repository } from '../../support/jail.ts';

/** A repository whose work tree differs from its commit, with something of every kind to change. */
export function dirtyRepository(at: string): string {
  const work = repository(at);
  mkdirSync(join(work, 'deep/er'), { recursive: true });
  mkdirSync(join(work, 'moved'));
  writeFileSync(join(work, 'deep/er/gone.txt'), 'to be deleted\n');
  writeFileSync(join(work, 'script.sh'), '#!/bin/sh\necho hi\n', { mode: 0o644 });
  writeFileSync(join(work, 'binary'), randomBytes(4096));
  writeFileSync(join(work, 'moved/one'), 'one\n'.repeat(50));
  writeFileSync(join(work, 'no-end'), 'no newline at the end');
  symlinkSync('a.txt', join(work, 'link'));
  git(work, 'add', '--all');
  git(work, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=more');
  // What makes it dirty: a change that is not committed, and a file that git does not know yet.
  appendFileSync(join(work, 'a.txt'), 'not committed\n');
  writeFileSync(join(work, 'unknown.txt'), 'not added\n');
  chmodSync(join(work, 'unknown.txt'), 0o640);
  return work;
}

/** Changes a bit of everything, then prints what the tree is now, by tools of the jail. */
export const EVERYTHING = `set -e
echo four >> a.txt
printf 'x\\r\\ny' > no-end
mv src/b.txt src/renamed.txt
mv moved 'moved away'
chmod 755 script.sh
head -c 5000 /dev/urandom > binary
ln -sfn src/renamed.txt link; ln -s deep new-link
rm -r deep/er
: > empty
printf x > 'name with  blanks'
printf 'x\\n' > "$(printf 'name\\nwith newline')"
printf 'x\\n' > "$(printf 'not \\377 UTF-8')"
head -c 3000000 /dev/urandom | base64 > big.txt
mkdir -p build/out new/dir; echo object > build/out/a.o; echo n > new/dir/n; mkdir new/empty-directory
mkdir -p "$HOME/.pi/agent/sessions"; echo '{"type":"session","version":3,"id":"s","cwd":"/"}' > "$HOME/.pi/agent/sessions/1.jsonl"
echo "home" > "$HOME/in-home"; echo "tmp" > /tmp/in-tmp
find . -path ./.git -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum -z | base64 -w0
echo; echo end-of-files`;

/** SHA-256 by path, as bytes in latin1: what the jail's own sha256sum said. */
export function filesInJail(transcript: string): Map<string, string> {
  const [, text = ''] = /^([A-Za-z0-9+/=]+)\nend-of-files$/m.exec(transcript) ?? [];
  const lines = Buffer.from(text, 'base64')
    .toString('latin1')
    .split('\0')
    .filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(66).replace(/^\.\//, ''), line.slice(0, 64)]));
}

/** The same of a directory of this machine; `.git` is left out. */
export function filesIn(root: string): Map<string, string> {
  const found = execFileSync('find', ['.', '-path', './.git', '-prune', '-o', '-type', 'f', '-printf', '%P\\0'], {
    cwd: root,
    encoding: 'latin1',
  });
  const names = found
    .split('\0')
    .filter((name) => name !== '')
    .sort();
  return new Map(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(Buffer.from(`${root}/${name}`, 'latin1')))
        .digest('hex'),
    ]),
  );
}

/** A copy of the base with the archive on it: whiteouts removed, the rest by GNU tar. Returns the workspace in it. */
export function unpackedOn(base: string, archive: string, workspace: string, into: string): string {
  const target = join(into, workspace);
  mkdirSync(target, { recursive: true });
  execFileSync('cp', ['-a', `${base}/.`, target]);
  const names = execFileSync('tar', ['--list', '--gzip', '--quoting-style=escape', '--file', archive], { encoding: 'latin1' }).split('\n');
  for (const name of names.filter((one) => /(^|\/)\.wh\.[^/]*$/.test(one)))
    execFileSync('rm', ['-r', join(into, name.replace(/\.wh\.([^/]*)$/, '$1'))]);
  execFileSync('tar', ['--extract', '--gzip', '--file', archive, '--directory', into, '--exclude=.wh.*', '--same-permissions']);
  return target;
}

/** The patch on a clean clone of the base, by git. */
export function applyPatch(base: string, patch: string, clone: string): void {
  execFileSync('cp', ['-a', `${base}/.`, clone]);
  git(clone, 'add', '--all');
  git(clone, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=as the jail saw it');
  git(clone, 'apply', '--index', '--whitespace=nowarn', patch);
}
