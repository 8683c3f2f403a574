import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AttributesFile, isFiltered, type Text } from '../../../src/changes/attributes.ts';
import { Base } from '../../../src/changes/base.ts';
import { Checkouts } from '../../../src/changes/checkouts.ts';
import { BaseDirectory } from '../../../src/changes/lower.ts';
import { Repository } from '../../../src/changes/repository.ts';
import { Tree } from '../../../src/changes/tree.ts';
import type { HostPath } from '../../../src/model/names.ts';
import { git, temporary } from '../../support/jail.ts';

const LF: Text = { binary: false, crlf: false, ident: false };
const CRLF: Text = { ...LF, crlf: true };
const BINARY: Text = { binary: true, crlf: true, ident: false };
const said = (text: string, path: string): object => {
  const known = new Map<string, string | boolean | null>();
  new AttributesFile(text).add(path, known);
  return Object.fromEntries(known);
};

describe('an attributes file', () => {
  test('the last line that matches wins, word by word', () => {
    expect(said('* text=auto\n*.bin -text\n*.bin diff text=auto -text\n', 'a.bin')).toEqual({ text: false, diff: true });
    expect(said('*.x filter=lfs -text\n*.x !filter\n', 'd/a.x')).toEqual({ text: false, filter: null });
  });
  test('binary is a macro; comments, macros, negations and bombs say nothing', () => {
    expect(said('*.png binary', 'a.png')).toEqual({ diff: false, merge: false, text: false });
    expect(said(`# c\n[attr]mine text\n!a text\n${'*a'.repeat(9)} text\n`, 'a')).toEqual({});
  });
});

test('attributes are what git says they are, file over file', () => {
  using place = temporary();
  const files: Record<string, string> = {
    '.gitattributes': '* text=auto\n*.sh eol=lf\n*.bat eol=crlf\n/top.txt -text\n"a b.txt" ident\n*.psd filter=lfs -text\ndir/*.c text\n',
    'dir/.gitattributes': '*.sh -text\n*.psd !filter\n',
    'dir/deep/.gitattributes': '*.c text eol=crlf\n*.gen linguist-generated=true\n',
    '.git/info/attributes': '*.info working-tree-encoding=UTF-16\n',
  };
  git(place.path, 'init', '--quiet');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(place.path, name, '..'), { recursive: true });
    writeFileSync(join(place.path, name), text);
  }
  const names = ['x', 'a.sh', 'a.bat', 'top.txt', 'a b.txt', 'a.psd', 'a.c', 'a.gen', 'a.info'];
  const paths = ['', 'dir/', 'dir/deep/', 'other/'].flatMap((at) => names.map((name) => at + name));
  const env = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const told = execFileSync('git', ['check-attr', '-z', '--stdin', '--all'], {
    cwd: place.path,
    env,
    input: paths.join('\0'),
    encoding: 'utf8',
  });
  const expected: Record<string, Record<string, string>> = Object.fromEntries(paths.map((path) => [path, {}]));
  const words = told.split('\0');
  for (let at = 0; at + 2 < words.length; at += 3)
    Object.assign(expected[words[at] as string] as object, { [words[at + 1] as string]: words[at + 2] });
  expect(Object.values(expected).flatMap((one) => Object.keys(one)).length).toBeGreaterThan(50);

  const tree = new Tree(place.path as HostPath);
  const base = new Base(new BaseDirectory(Buffer.alloc(0), [tree]));
  const repository = new Repository(base, new Checkouts(base));
  const text = (value: string | boolean): string => (typeof value === 'string' ? value : value ? 'set' : 'unset');
  const ours = paths.map((path) => [
    path,
    Object.fromEntries([...repository.attributes(Buffer.from(path))].map(([name, value]) => [name, text(value)])),
  ]);
  expect(Object.fromEntries(ours)).toEqual(expected);
});

describe('isFiltered', () => {
  const attributes = (text: string) => new Map(Object.entries(said(`* ${text}`, 'x') as Record<string, string | boolean>));
  test.each([
    ['nothing is said', '', null, CRLF, false],
    ['a filter', 'filter=lfs', null, LF, true],
    ['no filter', '-filter', null, LF, false],
    ['another encoding', 'working-tree-encoding=UTF-16', null, LF, true],
    ['ident without $Id', 'ident', null, LF, false],
    ['ident with $Id', 'ident', null, { ...LF, ident: true }, true],
    ['text with LF', 'text', null, LF, false],
    ['text with CR LF', 'text', null, CRLF, true],
    ['text=auto with LF', 'text=auto', null, LF, false],
    ['text=auto with CR LF', 'text=auto', null, CRLF, true],
    ['text=auto and binary', 'text=auto', null, BINARY, false],
    ['no text', '-text', 'true', CRLF, false],
    ['eol=crlf with LF', 'eol=crlf', null, LF, true],
    ['eol=lf with LF', 'eol=lf', 'true', LF, false],
    ['eol=lf with CR LF', 'eol=lf', null, CRLF, true],
    ['autocrlf=input with CR LF', '', 'input', CRLF, true],
    ['autocrlf=input with LF', '', 'input', LF, false],
    ['autocrlf=true with LF', '', 'true', LF, true],
    ['autocrlf=false with CR LF', '', 'false', CRLF, false],
    ['crlf, the old word', 'crlf', null, CRLF, true],
  ] as const)('%s', (_name, words, autocrlf, text, expected) => {
    expect(isFiltered(attributes(words), autocrlf, [LF, text])).toBe(expected);
  });
  test('no file on either side', () => expect(isFiltered(attributes('eol=crlf'), 'true', [])).toBe(false));
});
