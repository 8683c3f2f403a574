import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect } from 'vitest';
import { CLEAN_ENV } from '../../../src/system/exec.ts';
import { type Edit, edits, perform, trees } from '../../support/edits.ts';
import { at, base, close, collect, dir, mount, open, type Outcome, TARGET, work } from './fixture.ts';

/** Entries by path, one character a byte. */
type Listing = Map<string, string>;

/** Trees that share a workspace: mounts and processes cost more than what is tried here. */
const TOGETHER = 10;
const cases = fc.array(fc.tuple(trees, edits), { minLength: TOGETHER, maxLength: TOGETHER });
/** How the layers lie (`mount`): a directory is told from another by other means. */
const apart = fc.boolean();

/**
 * Makes `count` trees, edits them through an overlay, and has git and tar rebuild them from base and record. Another seed every time; what
 * fails is shrunk. Returns how many were tried.
 */
export async function roundTrips(count: number): Promise<number> {
  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
  console.log(`round trip: FUZZ_SEED=${seed}`);
  let done = 0;
  const property = fc.asyncProperty(cases, apart, async (all, split) => {
    open();
    try {
      await roundTrip(all, split);
      done += all.length;
    } finally {
      close();
    }
  });
  await fc.assert(property, { seed, numRuns: count / TOGETHER });
  return done;
}

async function roundTrip(all: readonly (readonly [tree: readonly Edit[], edits: readonly Edit[]])[], split: boolean): Promise<void> {
  // The first stands at the root of the workspace.
  const place = (root: string, index: number): string => (index === 0 ? root : join(root, `tree ${index}`));
  for (const index of all.keys()) if (index > 0) mkdirSync(place(base, index));
  for (const [index, [tree]] of all.entries()) perform(place(base, index), tree);
  const before = entries(base, asIs);
  mount(split);
  for (const [index, [, edit]] of all.entries()) perform(place(work, index), edit);
  const outcome = await collect();
  expect(entries(base, asIs)).toEqual(before);
  expect(new Set(outcome.lines.map(bytesOf)).size).toBe(outcome.lines.length);
  const { patch, archive } = outcome.footer;
  expect(without(entries(patched(outcome), forGit), patch.left_out)).toEqual(without(entries(work, forGit), patch.left_out));
  expect(entries(layered(outcome), asIs)).toEqual(without(entries(work, asIs), archive.left_out));
}

/** git's word: the patch on what git knows of the base. No `.git` is near, so attributes and configuration are not in play. */
function patched({ patch }: Outcome): string {
  const copy = copyOfBase('patched');
  execFileSync('find', [copy, '-mindepth', '1', '-type', 'd', '-empty', '-delete']); // git has no empty directories
  if (patch.length === 0) return copy;
  const env = { ...CLEAN_ENV, GIT_CEILING_DIRECTORIES: dir, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  execFileSync('git', ['apply', '--whitespace=nowarn'], { cwd: copy, env, input: patch, stdio: ['pipe', 'ignore', 'inherit'] });
  return copy;
}

/** An applier of OCI layers out of rm and tar: the whiteouts, then the rest over the base. */
function layered({ archive }: Outcome): string {
  const copy = copyOfBase(`layered/${TARGET}`);
  const tar = join(dir, 'layer.tar');
  writeFileSync(tar, gunzipSync(archive));
  const script = 'while IFS= read -r -d "" name; do rm -r -- "$name" || exit 1; done';
  const names = whiteouts(gunzipSync(archive)).map((name) => `${name}\0`);
  execFileSync('bash', ['-c', script], { cwd: join(dir, 'layered'), input: Buffer.from(names.join(''), 'latin1') });
  execFileSync('tar', ['-xpf', tar, '-C', join(dir, 'layered'), '--same-owner', '--exclude=.wh.*']);
  return copy;
}

/** What the layer deletes. */
function whiteouts(tar: Buffer): string[] {
  const names: string[] = [];
  let long: string | null = null;
  for (let block = 0; tar[block] !== 0; ) {
    const size = Number.parseInt(tar.toString('latin1', block + 124, block + 135), 8);
    const body = tar.toString('latin1', block + 512, block + 512 + size);
    if (tar[block + 156] === 0x78) long = /\d+ path=([^]*?)\n(?=\d+ \w+=|$)/.exec(body)?.[1] ?? null;
    else {
      const name = long ?? tar.toString('latin1', block, block + 100).replace(/\0[^]*$/, '');
      if (/(?:^|\/)\.wh\.[^/]*$/.test(name)) names.push(name.replace(/\.wh\.([^/]*)$/, '$1'));
      long = null;
    }
    block += 512 + Math.ceil(size / 512) * 512;
  }
  return names;
}

function copyOfBase(name: string): string {
  const copy = join(dir, name);
  mkdirSync(copy, { recursive: true });
  execFileSync('cp', ['-a', `${base}/.`, copy]);
  return copy;
}

type Describe = (path: Buffer) => string | null;

/** All that an OCI layer carries: type, mode, owner, content, target. */
const asIs: Describe = (path) => {
  const stat = lstatSync(path);
  const kind = (stat.mode & 0o170000).toString(8);
  if (stat.isSymbolicLink()) return `${kind} ${stat.uid} ${stat.gid} ${readlinkSync(path, 'latin1')}`;
  return [kind, (stat.mode & 0o7777).toString(8), stat.uid, stat.gid, stat.isFile() ? digest(path) : ''].join(' ');
};

/** All that git tracks: files with one bit of their mode, and links. */
const forGit: Describe = (path) => {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return `link ${readlinkSync(path, 'latin1')}`;
  return stat.isFile() ? `${(stat.mode & 0o100) === 0 ? 'file' : 'program'} ${digest(path)}` : null;
};

const digest = (path: Buffer): string => createHash('sha256').update(readFileSync(path)).digest('hex');

function entries(root: string, describe: Describe): Listing {
  const found: Listing = new Map();
  const todo = [''];
  for (let here = todo.pop(); here !== undefined; here = todo.pop()) {
    for (const name of readdirSync(at(root, Buffer.from(here, 'latin1')), { encoding: 'buffer' })) {
      const path = `${here}${here === '' ? '' : '/'}${name.toString('latin1')}`;
      const place = at(root, Buffer.from(path, 'latin1'));
      const text = describe(place);
      if (text !== null) found.set(path, text);
      if (lstatSync(place).isDirectory()) todo.push(path);
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Named {
  readonly path: string;
  readonly path_b64?: string;
}
const bytesOf = ({ path, path_b64 }: Named): string =>
  Buffer.from(path_b64 ?? path, path_b64 === undefined ? 'utf8' : 'base64').toString('latin1');

/** Without what the record says it could not carry, and all below that. */
function without(listing: Listing, leftOut: readonly Named[]): Listing {
  const hidden = leftOut.map(bytesOf);
  return new Map([...listing].filter(([path]) => !hidden.some((name) => path === name || path.startsWith(`${name}/`))));
}
