import { constants } from 'node:fs';
import { lstat, open, readFile } from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';
import { UserError } from '../model/errors.ts';
import type { Policy, StepRules } from '../model/policy.ts';
import type { PolicySource } from '../model/protocol.ts';
import { CLEAN_ENV, execBytes } from '../system/exec.ts';
import { HERE, type Platform } from '../system/platform.ts';
import { variable } from './environment.ts';
import type { Environment } from './environment.ts';
import { decideSource, OBJECT_ID } from './event.ts';
import type { Base, Wish } from './event.ts';

/** A policy is at most this long; more is never read. */
const MAX_BYTES = 1 << 20;

export interface PolicyText {
  readonly text: string;
  /** Relative to the workspace. */
  readonly file: string;
  readonly source: Extract<PolicySource, { readonly kind: 'base' | 'workspace' }>;
  /** Whether only people with write access can have made what is checked out. */
  readonly trustedHead: boolean;
}

/** Reads the policy file: at the event's base commit, or from the workspace where that was asked for. Throws a UserError. */
export async function readPolicySource(
  inputs: { readonly policyFile: string; readonly policySource: Wish },
  env: Environment,
  input = 'policy-file',
): Promise<PolicyText> {
  const workspace = HERE.slashed(variable(env, 'GITHUB_WORKSPACE'));
  const file = insideWorkspace(inputs.policyFile, workspace, input);
  const event = {
    name: variable(env, 'GITHUB_EVENT_NAME'),
    payload: await readPayload(variable(env, 'GITHUB_EVENT_PATH')),
    sha: variable(env, 'GITHUB_SHA'),
    ref: variable(env, 'GITHUB_REF'),
  };
  const decision = decideSource(event, inputs.policySource, file);
  const { trustedHead } = decision;
  if (decision.kind === 'workspace') {
    return { text: decode(await readInside(workspace, file), file), file, source: { kind: 'workspace', file }, trustedHead };
  }
  const repository = await findRepository(workspace, file);
  const commit = await baseCommit(repository, decision);
  const bytes = await readBlob(repository, commit, HERE.slashed(relative(repository, join(workspace, file))), file);
  return { text: decode(bytes, file), file, source: { kind: 'base', file, ref: decision.ref, commit }, trustedHead };
}

/** A policy that whoever made the head could have written gets nothing that is worth stealing. Throws a UserError. */
export function refuseUntrusted(policy: Policy, trustedHead: boolean): void {
  if (trustedHead) return;
  const asks = (rules: StepRules): string[] => [
    ...rules.secrets.map(({ name }) => `the secret ${name}`),
    ...rules.network.services.map(({ name }) => `the service ${name}`),
    ...rules.network.allow.map(({ pattern }) => `the host ${pattern}`),
    ...(rules.network.mode === 'observe' ? ['every host'] : []),
  ];
  const wanted = [...new Set([...asks(policy.agent), ...asks(policy.setup)])];
  if (wanted.length === 0) return;
  throw wrong(
    `the policy comes from the workspace, which this event does not make trustworthy, and asks for ${wanted.join(', ')}`,
    'Use `policy-source: base`, or take secrets, services and network out of the policy.',
  );
}

/** Pure: a path below the workspace, in its shortest form, with slashes. Throws a UserError. */
export function insideWorkspace(input: string, workspace: string, name: string, here: Platform = HERE): string {
  const [top, path] = [here.toJail(workspace) ?? workspace, here.toJail(input) ?? here.slashed(input)];
  const file = posix.isAbsolute(path) ? posix.relative(top, path) : posix.normalize(path);
  if (file === '' || file === '.' || file.split('/').includes('..') || file.includes('\0') || file.endsWith('/')) {
    throw wrong(`${name} ${JSON.stringify(input)} is not a file of the workspace`, 'Give a path relative to the workspace.');
  }
  return file;
}

async function readPayload(path: string): Promise<unknown> {
  try {
    return path === '' ? null : (JSON.parse(await readFile(path, 'utf8')) as unknown);
  } catch {
    throw wrong('the event of this run cannot be read (GITHUB_EVENT_PATH)', 'Give the policy inline, by the input `policy`.');
  }
}

/** The directory with `.git` that the file belongs to: the workspace, or one below it where checkout was given a path. */
async function findRepository(workspace: string, file: string): Promise<string> {
  const parts = dirname(file).split('/');
  for (let depth = 0; depth <= parts.length; depth++) {
    const directory = join(workspace, ...parts.slice(0, depth));
    if (await lstat(join(directory, '.git')).then(Boolean, () => false)) return directory;
  }
  throw wrong('the workspace is not a git repository, so the policy cannot be read at its base', 'Run actions/checkout before this step.');
}

/** The commit to read the policy at. */
async function baseCommit(repository: string, { commit, merge }: Base): Promise<string> {
  if (merge !== null) {
    // What GitHub made for this event: base branch and head, in this order. Newer than the base that the payload names.
    const [first, second, ...more] = parents(await git(repository, 'cat-file', 'commit', merge.commit));
    if (first !== undefined && second === merge.head && more.length === 0) return first;
  }
  return commit;
}

/** Of a raw commit object; [] for none. The object itself is read, since grafts and a shallow clone change what git says of it. */
function parents(commit: Buffer | null): string[] {
  const [header = ''] = (commit ?? Buffer.alloc(0)).toString('latin1').split('\n\n', 1);
  return header.split('\n').flatMap((line) => (line.startsWith('parent ') ? [line.slice('parent '.length)] : []));
}

async function readBlob(repository: string, commit: string, path: string, file: string): Promise<Buffer> {
  if ((await git(repository, 'cat-file', 'commit', commit)) === null) {
    throw wrong(
      `the base commit ${commit} is not in this clone, so ${file} cannot be read at it`,
      'Give actions/checkout `fetch-depth: 2` (or 0), or fetch this commit before this step.',
    );
  }
  const listing = (await git(repository, 'ls-tree', '-z', '--full-tree', commit, '--', path)) ?? Buffer.alloc(0);
  const wanted = Buffer.from(`\t${path}`);
  const entry = listing
    .toString('latin1')
    .split('\0')
    .find((line) => line.endsWith(wanted.toString('latin1')));
  const [, mode = '', id = ''] = /^(\d{6}) [a-z]+ ([0-9a-f]+)\t/.exec(entry ?? '') ?? [];
  if (!OBJECT_ID.test(id)) throw wrong(`${file} is not there at the base commit ${commit}`, 'Commit it to the base branch first.');
  if (mode !== '100644' && mode !== '100755') {
    const kind = mode === '120000' ? 'a link' : mode === '160000' ? 'a submodule' : 'a directory';
    throw wrong(`${file} is ${kind} at the base commit ${commit}`, 'A policy is a plain file.');
  }
  const size = Number((await git(repository, 'cat-file', '-s', id))?.toString() ?? Number.NaN);
  if (size > MAX_BYTES) throw tooLarge(file);
  const bytes = Number.isNaN(size) ? null : await git(repository, 'cat-file', 'blob', id);
  if (bytes === null) throw wrong(`${file} cannot be read at the base commit ${commit}`, 'Is the clone complete?');
  return bytes;
}

/**
 * The output of a reading git command, or null where it failed. Nothing of the repository's or the user's configuration can make it run
 * a program or reach the network: a clone that lacks objects must not fetch them.
 */
async function git(repository: string, ...args: readonly string[]): Promise<Buffer | null> {
  const settings = [
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'safe.directory=*',
    'safe.bareRepository=explicit',
    'protocol.allow=never',
  ];
  const result = await execBytes(
    ['git', '--no-replace-objects', ...settings.flatMap((setting) => ['-c', setting]), '-C', repository, ...args],
    {
      env: {
        ...CLEAN_ENV,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CEILING_DIRECTORIES: dirname(repository),
        GIT_ALLOW_PROTOCOL: 'none',
        GIT_NO_LAZY_FETCH: '1',
        GIT_OPTIONAL_LOCKS: '0',
        GIT_TERMINAL_PROMPT: '0',
      },
      maxBuffer: 4 * MAX_BYTES,
      timeout: 30_000,
    },
  );
  if (result.missing) throw wrong('git is not there', 'Install git on this runner; it is looked for in the system directories.');
  return result.code === 0 ? result.stdout : null;
}

/** Reads a file of the workspace, of which no part may be a link. */
async function readInside(workspace: string, file: string): Promise<Buffer> {
  let path = workspace;
  for (const part of file.split('/')) {
    path = join(path, part);
    const stats = await lstat(path).catch(() => null);
    if (stats === null) throw wrong(`${file} is not there in the workspace`, 'Is the repository checked out?');
    if (stats.isSymbolicLink())
      throw wrong(`${relative(workspace, path)} is a link`, 'A policy is read only where no part of its path is a link.');
  }
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw wrong(`${file} is not a plain file`, 'A policy is a plain file.');
    if (stats.size > MAX_BYTES) throw tooLarge(file);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function decode(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw wrong(`${file} is not UTF-8`, 'Save it as UTF-8.');
  }
}

function tooLarge(file: string): UserError {
  return wrong(`${file} is larger than 1 MiB`, 'Nothing this long is read; is it the right file?');
}

function wrong(message: string, remedy: string): UserError {
  return new UserError([{ message, remedy, place: null }]);
}
