import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach } from 'vitest';
import { openExpected } from '../../../src/apply/trust.ts';
import { planChanges } from '../../../src/apply/plan.ts';
import type { Place } from '../../../src/apply/plan.ts';
import type { Change, Entry, Flag } from '../../../src/model/changes.ts';
import type { HostPath, JailPath, Sha256 } from '../../../src/model/names.ts';
import type { RunDocument } from '../../../src/model/record.ts';
import type { RecordReader } from '../../../src/record/read.ts';
import { BLOCK, padding, tarHeader } from '../../../src/system/tar.ts';
import type { TarEntry } from '../../../src/system/tar.ts';
import { bytesOf, digestOf, entry, makeRecord } from '../record/fixture.ts';

/** A file by its content, `x` for an executable one, or a link by its target; null: nothing. */
export type Thing = string | { readonly x: string } | { readonly link: string } | null;
export type Things = Readonly<Record<string, Thing>>;

const made: string[] = [];
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});
export function directory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'aj-apply-'));
  made.push(dir);
  return dir;
}

export const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
    env: { PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', HOME: '/nonexistent' },
  }).trimEnd();

export const BASE: Things = {
  'a.txt': 'one\n',
  'src/b.txt': 'b\n',
  'src/run.sh': { x: '#!/bin/sh\n' },
  'docs/x/deep': 'deep\n',
  link: { link: 'a.txt' },
  '.gitignore': 'build/\n',
};

/** A clean checkout with one commit. */
export function checkout(): { readonly top: string; readonly commit: string } {
  first ??= firstCheckout();
  const top = directory();
  cpSync(first.top, top, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  return { top, commit: first.commit };
}
/** git is slow to start: it makes one, and the others are copies. */
let first: ReturnType<typeof checkout> | null = null;
afterAll(() => first === null || rmSync(first.top, { recursive: true, force: true }));
function firstCheckout(): ReturnType<typeof checkout> {
  const top = mkdtempSync(join(tmpdir(), 'aj-apply-base-'));
  for (const [path, thing] of Object.entries(BASE)) write(join(top, path), thing);
  git(top, 'init', '--quiet', '--initial-branch=main', '--template=');
  git(top, 'add', '--all');
  git(top, 'commit', '--quiet', '--message=base');
  return { top, commit: git(top, 'rev-parse', 'HEAD') };
}

export function write(path: string, thing: Thing): void {
  mkdirSync(dirname(path), { recursive: true });
  if (thing === null) rmSync(path);
  else if (typeof thing === 'string') writeFileSync(path, thing);
  else if ('link' in thing) symlinkSync(thing.link, path);
  else {
    writeFileSync(path, thing.x);
    chmodSync(path, 0o755);
  }
}

/** Everything below a directory but `.git`: path to kind, mode and content. */
export function contentsOf(top: string, but = '.git'): Readonly<Record<string, string>> {
  const found: [string, string][] = [];
  for (const { name, parentPath } of readdirSync(top, { recursive: true, withFileTypes: true })) {
    const path = join(parentPath, name);
    const relative = path.slice(top.length + 1);
    if (relative === but || relative.startsWith(`${but}/`)) continue;
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) found.push([relative, `link ${readlinkSync(path)}`]);
    else if (stat.isFile()) found.push([relative, `${(stat.mode & 0o777).toString(8)} ${readFileSync(path, 'latin1')}`]);
    else if (!stat.isDirectory()) found.push([relative, 'special']);
  }
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function entryOf(thing: Thing): Entry | null {
  if (thing === null) return null;
  if (typeof thing === 'string') return entry({ size: Buffer.byteLength(thing), sha256: digestOf(thing) });
  if ('link' in thing) return entry({ type: 'symlink', mode: 0o777, size: thing.link.length, sha256: null, link: bytesOf(thing.link) });
  return entry({ mode: 0o755, size: Buffer.byteLength(thing.x), sha256: digestOf(thing.x) });
}

/** A change of one path, from what the checkout has to something else. */
export function change(path: string | Uint8Array, before: Thing, after: Thing, flags: readonly Flag[] = []): Change {
  const [old, now] = [entryOf(before), entryOf(after)];
  const common = { path: bytesOf(path), layer: 'workspace', flags } as const;
  if (old === null && now !== null) return { ...common, op: 'added', after: now };
  if (old !== null && now === null) return { ...common, op: 'deleted', before: old };
  if (old === null || now === null) throw new Error('no change');
  return { ...common, op: old.type === now.type ? 'modified' : 'retyped', before: old, after: now };
}

/** An archive as the collector writes it; names mean nothing to who applies it. */
export function archive(contents: readonly (string | Uint8Array | Partial<TarEntry>)[], end = 2): Uint8Array {
  const blocks = contents.flatMap((content, index): Uint8Array[] => {
    const plain: TarEntry = { name: Buffer.from(`f${index}`), type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0, link: null };
    if (typeof content === 'object' && 'type' in content) return [tarHeader({ ...plain, ...content })];
    const bytes = Buffer.from(content as string);
    return [tarHeader({ ...plain, size: bytes.length }), bytes, padding(bytes.length)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(end * BLOCK)]));
}

export interface Made {
  readonly record: HostPath;
  readonly expect: Sha256;
}
/** A sealed record of changes, from a base to what `things` has. */
export function recordOf(
  commit: string,
  base: Things,
  things: Things,
  more: { readonly run?: Partial<RunDocument>; readonly changes?: readonly Change[]; readonly archive?: Uint8Array } = {},
): Made {
  const changes = [...Object.entries(things).map(([path, thing]) => change(path, base[path] ?? null, thing)), ...(more.changes ?? [])];
  const contents = Object.values(things).flatMap((thing) =>
    typeof thing === 'string' ? [thing] : thing !== null && 'x' in thing ? [thing.x] : [],
  );
  const { dir, manifest } = makeRecord({
    run: { base: { commit, dirty: false }, workspace: '/work' as JailPath, ...more.run },
    changes: changes.sort((a, b) => Buffer.compare(a.path, b.path)),
    archive: more.archive ?? archive(contents),
  });
  if (manifest === null) throw new Error('not sealed');
  return { record: dir, expect: manifest };
}

/** The record, opened, and its plan; nothing is left out. */
export async function planned({
  record: dir,
  expect,
}: Made): Promise<{ readonly record: RecordReader; readonly places: readonly Place[] }> {
  const record = openExpected(dir, expect);
  const { places } = await planChanges(record.lines('changes.ndjson'), { only: () => true, runsLater: null });
  return { record, places };
}
