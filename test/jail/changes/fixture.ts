import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach } from 'vitest';
import { type Collected, collectChanges } from '../../../src/changes/collect.ts';
import { EVIDENCE, type LayerView } from '../../../src/model/collector.ts';
import { OTHER_PATCHES } from '../../../src/model/record.ts';
import { AGENTS } from '../../../src/model/trajectory.ts';
import type { HostPath, JailPath } from '../../../src/model/names.ts';
import { type Arch, SYSCALLS } from '../../support/syscalls.ts';

export const TARGET = '/srv/app' as JailPath;
export const SECRET = 'hunter2-hunter2-hunter2';
export let dir: string;
export let base: string;
export let work: string;
export let setup: string;
/** Unmounted in this order. */
export let mounted: string[] = [];

/** An empty base, an empty setup layer, and nothing mounted yet. */
export function open(): void {
  dir = mkdtempSync(join(tmpdir(), 'changes-'));
  for (const name of ['base', 'setup', 'merged', 'plain', 'out']) mkdirSync(join(dir, name));
  [base, work, setup] = [join(dir, 'base'), join(dir, 'merged'), join(dir, 'setup')];
}
export function close(): void {
  for (const path of mounted) execFileSync('umount', [path]);
  mounted = [];
  rmSync(dir, { recursive: true, force: true });
}
export function useWorkspace(): void {
  beforeEach(open);
  afterEach(close);
}

/** Mounts the workspace as the warden does. `apart`: its own layer is on another file system than what lies below it, as in a run. */
export function mount(apart = false): void {
  const own = join(dir, 'own');
  mkdirSync(own);
  if (apart) {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', own]);
    mounted.unshift(own);
  }
  for (const name of ['upper', 'work']) mkdirSync(join(own, name));
  const options = `lowerdir=${setup}:${base},upperdir=${own}/upper,workdir=${own}/work,redirect_dir=on,metacopy=off,index=off`;
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', options, work]);
  mounted.unshift(work);
}

export function workspace(): LayerView {
  return {
    layer: 'workspace',
    target: TARGET,
    upper: join(dir, 'own/upper') as HostPath,
    lowers: [setup, base] as HostPath[],
    merged: work as HostPath,
    swapped: null,
  };
}

export interface Line {
  readonly path: string;
  readonly path_b64?: string;
  readonly layer: string;
  readonly op: string;
  readonly flags: string[];
  readonly more?: number;
  readonly token?: string;
  readonly from?: string;
  readonly before?: Side;
  readonly after?: Side;
}
interface Side {
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly sha256: string | null;
  readonly link: string | null;
}
interface Footer {
  readonly end: boolean;
  readonly lines: number;
  readonly unlisted: number;
  readonly counts: Record<string, number>;
  readonly patch: {
    readonly files: number;
    readonly others: readonly { readonly file: string; readonly path: string; readonly path_b64?: string; readonly files: number }[];
    readonly left_out: readonly { readonly path: string; readonly why: string }[];
    readonly more: number;
  };
  readonly archive: { readonly entries: number; readonly left_out: readonly { readonly path: string; readonly why: string }[] };
}
export interface Outcome extends Collected {
  readonly header: Record<string, unknown>;
  readonly lines: Line[];
  readonly footer: Footer;
  readonly patch: Buffer;
  /** Of other checkouts. */
  readonly others: readonly Buffer[];
  readonly archive: Buffer;
  readonly result: string;
  /** Lines of `agent.ndjson`, with the first and the last. */
  readonly sessions: readonly Record<string, unknown>[];
}

export const FILES = EVIDENCE;

export async function collect(
  layers: readonly LayerView[] = [workspace()],
  secrets: { name: string; value: string }[] = [],
  touched = false,
): Promise<Outcome> {
  const out = mkdtempSync(join(dir, 'out', 'run-'));
  const scratch = join(out, 'scratch');
  mkdirSync(scratch);
  const fds = FILES.map((file) => openSync(join(out, file), 'wx'));
  const outputs = Object.fromEntries(FILES.map((file, at) => [file, fds[at]])) as Record<(typeof FILES)[number], number>;
  const collected = await collectChanges({
    kind: 'changes',
    id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    layers,
    outputs,
    result: join(dir, 'result') as HostPath,
    secrets,
    mask: [],
    touched,
    agents: AGENTS,
    scratch: scratch as HostPath,
  });
  for (const fd of fds) closeSync(fd);
  const text = readFileSync(join(out, 'changes.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return {
    ...collected,
    header: text[0],
    lines: text.slice(1, -1),
    footer: text.at(-1),
    patch: readFileSync(join(out, 'changes.patch')),
    others: OTHER_PATCHES.map((file) => readFileSync(join(out, file))).filter((patch) => patch.length > 0),
    archive: readFileSync(join(out, 'changes.tar.gz')),
    result: readFileSync(join(out, 'result.txt'), 'utf8'),
    sessions: linesOf(join(out, 'agent.ndjson')),
  };
}

const linesOf = (path: string): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

export function write(name: string | Buffer, content: string | Buffer, mode?: number): void {
  const path = at(work, name);
  writeFileSync(path, content);
  if (mode !== undefined) chmodSync(path, mode);
}
export function at(root: string, name: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)]);
}
export function brief(outcome: Outcome): string[] {
  return outcome.lines.map(({ op, path, from }) => `${op} ${path}${from === undefined ? '' : ` < ${from}`}`);
}
export function line(outcome: Outcome, path: string): Line {
  const found = outcome.lines.find((candidate) => candidate.path === path);
  if (found === undefined) throw new Error(`${path} is not in ${brief(outcome).join(', ')}`);
  return found;
}
export function fill(root: string, files: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

/** Every path below `root` with type, mode, owner, size, link and digest; `find` prints bytes, so nothing is lost in names. */
export function listing(root: string, hide: readonly string[] = []): Map<string, string> {
  const found = execFileSync('find', ['.', '-mindepth', '1', '-printf', '%P\\0%y %m %U %G %l\\0'], {
    cwd: root,
    encoding: 'latin1',
    maxBuffer: 1 << 28,
  });
  const parts = found.split('\0');
  const all = new Map<string, string>();
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const [name, meta] = [parts[i] as string, parts[i + 1] as string];
    if (hide.includes(name)) continue;
    const digest = meta.startsWith('f')
      ? createHash('sha256')
          .update(readFileSync(at(root, Buffer.from(name, 'latin1'))))
          .digest('hex')
      : '';
    all.set(name, `${meta.replace(/^l \d+/, 'l')} ${digest}`);
  }
  return all;
}

/** The foreign judge of the patch: git applies it to a repository of the base. Returns the tree it makes. */
export function applied(outcome: Outcome): string {
  const clone = mkdtempSync(join(dir, 'out', 'clone-'));
  execFileSync('cp', ['-a', `${base}/.`, clone]);
  const git = (args: string[], input?: Buffer): void => {
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: clone,
      input: input ?? '',
      stdio: ['pipe', 'ignore', 'inherit'],
    });
  };
  if (!existsSync(join(clone, '.git'))) git(['init', '-q']);
  git(['add', '-A']);
  git(['commit', '-q', '--allow-empty', '-m', 'base']);
  if (outcome.patch.length > 0) {
    git(['apply', '--check', '--index', '--whitespace=nowarn'], outcome.patch);
    git(['apply', '--index', '--whitespace=nowarn'], outcome.patch);
  }
  rmSync(join(clone, '.git'), { recursive: true });
  return clone;
}
export function sameForGit(left: string, right: string): { status: number | null; text: string } {
  const run = spawnSync('git', ['diff', '--no-index', '--no-renames', '--stat', left, right], { cwd: dir, encoding: 'utf8' });
  return { status: run.status, text: run.stdout };
}

/** The foreign judge of the archive: whiteouts removed with `rm`, the rest unpacked by GNU tar, on a copy of the base. */
export function unpacked(outcome: Outcome, target = TARGET.slice(1)): string {
  const root = mkdtempSync(join(dir, 'out', 'root-'));
  mkdirSync(join(root, target), { recursive: true });
  execFileSync('cp', ['-a', `${base}/.`, join(root, target)]);
  const tarball = join(root, '..', `${root.split('/').at(-1)}.tar`);
  writeFileSync(tarball, gunzipSync(outcome.archive));
  const layer = mkdtempSync(join(dir, 'out', 'layer-'));
  execFileSync('tar', ['-xf', tarball, '-C', layer]);
  const whiteouts = execFileSync('find', ['.', '-name', '.wh.*', '-printf', '%P\\0'], { cwd: layer, encoding: 'latin1' }).split('\0');
  for (const name of whiteouts.filter((path) => path !== '')) {
    rmSync(at(root, Buffer.from(name.replace(/\.wh\.([^/]*)$/, '$1'), 'latin1')), { recursive: true });
  }
  execFileSync('tar', ['-xpf', tarball, '-C', root, '--same-owner', '--exclude=.wh.*']);
  return join(root, target);
}

/** setxattr(2) and getxattr(2). */
const CALLS = ['setxattr', 'getxattr'].map((name) => SYSCALLS[process.arch as Arch].get(name));
export const setXattr = (path: string, name: string, value: Buffer): void => {
  const script = `my $v = pack "H*", $ARGV[2]; syscall(${CALLS[0]}, "$ARGV[0]\\0", "$ARGV[1]\\0", $v, length $v, 0) == 0 or die "$!\\n"`;
  execFileSync('perl', ['-e', script, path, name, value.toString('hex')]);
};
export const getXattr = (path: string, name: string): string => {
  const script = `my $v = "\\0" x 1000; my $n = syscall(${CALLS[1]}, "$ARGV[0]\\0", "$ARGV[1]\\0", $v, 1000); print $n < 0 ? $! : unpack "H*", substr $v, 0, $n`;
  return execFileSync('perl', ['-e', script, path, name], { encoding: 'utf8' });
};
