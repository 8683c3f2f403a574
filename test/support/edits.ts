import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  constants,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import fc from 'fast-check';

/** What an agent may do to a tree. Names are latin1: one character a byte. */
export type Edit =
  | { readonly do: 'write' | 'append'; readonly at: string; readonly content: string; readonly mode: number }
  | { readonly do: 'remove' | 'directory' | 'rewrite' | 'touch' | 'fifo'; readonly at: string }
  | { readonly do: 'move' | 'hard-link'; readonly at: string; readonly to: string }
  | { readonly do: 'link'; readonly at: string; readonly target: string }
  | { readonly do: 'chmod'; readonly at: string; readonly mode: number };

const PLAIN = ['a', 'b', 'c', 'd', 'Case', 'case', 'a b', '-x', 'new\nline', 'tab\t', 'q"uote\\', 'dot.', '\xff\xfe', 'l'.repeat(120)];
const FORGED = ['.wh.a', '.wh.b', '.wh..wh..opq'];
const CONTENTS = [
  '',
  'x',
  'x\n',
  'one\ntwo\nthree\n',
  'one\ntwo',
  'one\r\ntwo\r\n',
  'one\r\ntwo\nthree\r\n',
  '\0binary\0',
  '\xff\xfe text\n',
  '--- a/x\n+++ b/x\n@@ -1 +1 @@\n',
  'diff --git a/x b/x\n',
  'line\n'.repeat(3000),
  'y'.repeat(9000),
  '\0'.repeat(70_000),
];
const MODES = [0o644, 0o755, 0o600, 0o444, 0o4755, 0o666];

const pathOf = (names: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const content = fc.oneof(
  fc.constantFrom(...CONTENTS),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);
const written = (at: fc.Arbitrary<string>): fc.Arbitrary<Edit> =>
  fc.record({ do: fc.constantFrom('write', 'append'), at, content, mode: fc.constantFrom(...MODES) });
const linked = (at: fc.Arbitrary<string>): fc.Arbitrary<Edit> =>
  fc.record({ do: fc.constant('link'), at, target: fc.constantFrom('a', '../a', '/etc/passwd', 'no\nwhere', '\xff', 'x'.repeat(200)) });
const single = (at: fc.Arbitrary<string>, ...what: ('remove' | 'directory' | 'rewrite' | 'touch' | 'fifo')[]): fc.Arbitrary<Edit> =>
  fc.record({ do: fc.constantFrom(...what), at });

const plain = pathOf(PLAIN);
const any = pathOf([...PLAIN, ...PLAIN, ...FORGED]);

/** Makes a tree: no name that deletes in an OCI layer, since the base is one. */
export const trees: fc.Arbitrary<Edit[]> = fc.array(
  fc.oneof({ weight: 8, arbitrary: written(plain) }, linked(plain), single(plain, 'directory'), hardLinked(plain)),
  { maxLength: 14 },
);
export const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: written(any) },
    { weight: 4, arbitrary: single(any, 'remove', 'directory', 'rewrite', 'touch') },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('move' as const), at: any, to: any }) },
    fc.record({ do: fc.constant('chmod' as const), at: any, mode: fc.constantFrom(...MODES) }),
    hardLinked(any),
    linked(any),
    { weight: 1, arbitrary: single(any, 'fifo') },
  ),
  { minLength: 1, maxLength: 14 },
);

function hardLinked(at: fc.Arbitrary<string>): fc.Arbitrary<Edit> {
  return fc.record({ do: fc.constant('hard-link' as const), at, to: at });
}

/** Does what of it can be done: an edit of what is not there, or the wrong kind of thing, does nothing. */
export function perform(root: string, all: readonly Edit[]): void {
  for (const edit of all) {
    try {
      one(root, edit);
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
    }
  }
}

function one(root: string, edit: Edit): void {
  const at = inside(root, edit.at);
  const isFile = lstatSync(at, { throwIfNoEntry: false })?.isFile() ?? null;
  switch (edit.do) {
    case 'write':
    case 'append':
      if (isFile === false) return;
      (edit.do === 'write' ? writeFileSync : appendFileSync)(at, Buffer.from(edit.content, 'latin1'));
      return chmodSync(at, edit.mode);
    case 'rewrite':
      if (isFile) writeFileSync(at, readFileSync(at));
      return;
    case 'touch':
      if (isFile) utimesSync(at, 1_000_000_000, 1_000_000_000);
      else closeSync(openSync(at, constants.O_CREAT | constants.O_WRONLY | constants.O_EXCL));
      return;
    case 'chmod':
      return lstatSync(at).isSymbolicLink() ? undefined : chmodSync(at, edit.mode | (isFile ? 0 : 0o700));
    case 'remove':
      return rmSync(at, { recursive: true });
    case 'directory':
      mkdirSync(at);
      return;
    case 'fifo':
      if (isFile !== null) return;
      // Arguments of a command are UTF-8 here, names are not.
      execFileSync('mkfifo', [`${root}/fifo`]);
      return renameSync(`${root}/fifo`, at);
    case 'move':
      return renameSync(at, inside(root, edit.to));
    case 'hard-link':
      return linkSync(at, inside(root, edit.to));
    case 'link':
      return symlinkSync(Buffer.from(edit.target, 'latin1'), at);
  }
}

/** The path, with its parents made; throws where one of them is no directory, so that no link is followed out of the tree. */
function inside(root: string, path: string): Buffer {
  const parts = path.split('/');
  let here = Buffer.from(root);
  for (const [index, part] of parts.entries()) {
    here = Buffer.concat([here, Buffer.from('/'), Buffer.from(part, 'latin1')]);
    if (index === parts.length - 1) break;
    const stat = lstatSync(here, { throwIfNoEntry: false });
    if (stat === undefined) mkdirSync(here);
    else if (!stat.isDirectory()) throw Object.assign(new Error('not a directory'), { syscall: 'mkdir' });
  }
  return here;
}
