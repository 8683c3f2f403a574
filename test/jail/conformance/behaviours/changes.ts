import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { git, temporary } from '../../../support/jail.ts';
import { fact, type Topic } from './topic.ts';

const SCRIPT = `set -e
echo four >> a.txt; chmod 755 src/b.txt; rm base/gone; rm -r base/dir; ln -sf elsewhere base/link; mv base/old base/new
mkdir -p added/deep build; echo x > added/deep/f; echo x > added/.hidden; : > added/empty; ln -s ../a.txt added/link; ln added/deep/f added/hard
printf 'a\\0b' > added/binary; echo ignored > build/x; echo "two words" > "added/two words"; echo é > added/é; printf x > "$(printf 'added/line\\nend')"
printf x > "$(printf 'added/no-utf8-\\377')"; chmod 600 added/empty; chmod 1777 added/deep; touch -d @1700000000 added/.hidden
rm -r base/opaque; mkdir base/opaque; echo new > base/opaque/new
rm base/kind; mkdir base/kind; echo in > base/kind/in
rm -r base/tree; echo a file > base/tree
cp base/same base/same2; mv base/same2 base/same; touch base/touched
mkfifo added/pipe; perl -MSocket -e 'socket(my $s, PF_UNIX, SOCK_STREAM, 0); bind($s, sockaddr_un("added/socket")) or die $!'
mkdir -p ~/.config/tool /tmp/t; echo h > ~/.config/tool/f; echo t > /tmp/t/f; echo v > /var/tmp/v; chmod 700 ~
setfattr -n user.note -v kept a.txt 2>/dev/null || true
git -c user.name=a -c user.email=a@example.com commit --quiet --all --message=by-the-agent --date=@1700000000
head -c 70000 /dev/zero | tr '\\0' x > "$AGENT_JAIL_RESULT"
for path in /usr/x /etc/x /x /opt/x /root/x /bin/x; do ( : > $path ) 2>&1 | sed 's/.*: //'; done
`;

export const CHANGES: Topic = {
  name: 'changes',
  env: { GIT_COMMITTER_DATE: '@1700000000 +0000' },
  policy: { 'pass-env': ['GIT_COMMITTER_DATE'], guards: { changes: { forbid: [] } } },
  prepare: (work) => {
    const base = join(work, 'base');
    for (const name of ['dir/deep', 'opaque', 'tree']) mkdirSync(join(base, name), { recursive: true });
    for (const name of ['gone', 'dir/a', 'dir/deep/b', 'old', 'opaque/was', 'kind', 'tree/f', 'same', 'touched'])
      writeFileSync(join(base, name), `${name}, and enough of it to be known again\n`);
    symlinkSync('somewhere', join(base, 'link'));
    chmodSync(join(base, 'same'), 0o640);
    git(work, 'add', '--all');
    git(work, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=more');
  },
  steps: [{ name: 's', run: SCRIPT }],
  record: [
    fact('of every kind, and no other', (ran) => {
      const seen = ran
        .ndjson('changes.ndjson')
        .filter(({ path }) => !String(path).startsWith('.git/'))
        .map(({ op, path, after, before }) => {
          const entry = (after ?? before) as { type: string; mode: number };
          return `${String(op)} ${entry.type} ${entry.mode.toString(8)} ${JSON.stringify(path)}`;
        });
      expect(seen).toEqual(WANTED);
    }),
    fact('system paths are refused', (ran) => expect(ran.transcript).toBe('Permission denied\n'.repeat(6))),
    fact('an answer is cut at 64 KiB', (ran) => expect(ran.text('result.txt')).toBe('x'.repeat(64 << 10))),
    fact('git applies the patch', (ran) => {
      using place = temporary();
      const work = join(place.path, 'work');
      cpSync(join(ran.out, '../work'), work, { recursive: true, verbatimSymlinks: true });
      git(work, 'update-index', '--refresh');
      execFileSync('git', ['apply', '--index', join(ran.out, 'changes.patch')], {
        cwd: work,
        env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' },
      });
      expect(git(work, 'show', ':a.txt')).toBe('one\ntwo\nthree\nfour\n');
      expect(git(work, 'diff', '--cached', '--name-status', '--no-renames')).toContain('A\tadded/two words\n');
    }),
  ],
};

/** `op type mode path`, by layers. */
const WANTED: readonly string[] = [
  'modified file 644 "a.txt"',
  'added directory 755 "added"',
  'added file 644 "added/.hidden"',
  'added file 644 "added/binary"',
  'added directory 1777 "added/deep"',
  'added file 644 "added/deep/f"',
  'added file 600 "added/empty"',
  'added file 644 "added/hard"',
  'added file 644 "added/line\\nend"',
  'added symlink 777 "added/link"',
  'added file 644 "added/no-utf8-�"',
  'added fifo 644 "added/pipe"',
  'added socket 755 "added/socket"',
  'added file 644 "added/two words"',
  'added file 644 "added/é"',
  'deleted directory 755 "base/dir"',
  'deleted file 644 "base/dir/a"',
  'deleted directory 755 "base/dir/deep"',
  'deleted file 644 "base/dir/deep/b"',
  'deleted file 644 "base/gone"',
  'retyped directory 755 "base/kind"',
  'added file 644 "base/kind/in"',
  'modified symlink 777 "base/link"',
  'renamed file 644 "base/new"',
  'added file 644 "base/opaque/new"',
  'deleted file 644 "base/opaque/was"',
  'retyped file 644 "base/tree"',
  'deleted file 644 "base/tree/f"',
  'added directory 755 "build"',
  'added file 644 "build/x"',
  'metadata file 755 "src/b.txt"',
  'added directory 755 ".config"',
  'added directory 755 ".config/tool"',
  'added file 644 ".config/tool/f"',
  'added directory 755 "tmp/t"',
  'added file 644 "tmp/t/f"',
  'added file 644 "var/tmp/v"',
];
