import { type ChildProcessByStdio, spawn, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { OPENED } from '../host/outside.ts';
import type { BackendName } from '../model/names.ts';
import type { WardenRequest } from '../model/protocol.ts';
import { CLEAN_ENV, SINGLE_THREADED } from '../system/exec.ts';

/** A warden, wherever it is. */
export interface Warden {
  /** What to say of its end, where it said nothing itself. Never rejects. */
  readonly ended: Promise<string>;
  send(request: WardenRequest): void;
  /** Ends its input: it has been asked for all it will be. */
  close(): void;
  messages(): AsyncGenerator<unknown>;
}

/** Most of what it allocates is what it shows of a step's output, and dies at once: with room for more it would have more, and gain nothing. */
const WARDEN_FLAGS = [...SINGLE_THREADED, '--max-semi-space-size=2'] as const;

/** What a warden will be asked for; of a run also the backend, as far as that is known. */
export type Kind = readonly ['sweep'] | readonly ['run', BackendName | 'auto'];

/**
 * Pure: how the warden is started. Its namespaces are its clean-up: whatever kills it, the kernel removes mounts and processes. sudo(8) gives
 * it another environment, and no descriptor.
 */
export function wardenArgv(root: boolean, node: string, entry: string, ...kind: Kind): [string, ...string[]] {
  const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const warden: [string, ...string[]] = ['unshare', ...namespaces, node, ...WARDEN_FLAGS, entry, ...kind];
  if (root) return warden;
  const env = Object.entries(CLEAN_ENV).map(([name, value]) => `${name}=${value}`);
  const files = OPENED.map((path, at) => `${3 + at}<${path}`);
  return ['sudo', '-n', '--', '/usr/bin/env', '-i', ...env, '/bin/sh', '-c', `exec "$@" ${files.join(' ')}`, 'sh', ...warden];
}

/** Starts a warden, with pipes to it. `apart`: in a session of its own. */
export function spawnWarden(entry: string, kind: Kind, apart: boolean): ChildProcessByStdio<Writable, Readable, Readable> {
  const root = process.getuid?.() === 0;
  const [file, ...args] = wardenArgv(root, process.execPath, entry, ...kind);
  const opened = root ? OPENED.map((path) => openSync(path, 'r')) : [];
  try {
    const stdio: StdioOptions = ['pipe', 'pipe', 'pipe', ...opened];
    return spawn(file, args, { env: CLEAN_ENV, stdio, detached: apart, cwd: '/' }) as ChildProcessByStdio<Writable, Readable, Readable>;
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}

/** Pure: the words for a warden that ended by itself. */
export function explain(errors: string, end: string): string {
  if (/sudo: .*password|sudo: .*terminal/.test(errors)) return 'sudo asks for a password: agent-jail needs root, or passwordless sudo';
  if (/not in the sudoers|may not run sudo/.test(errors)) return 'this user may not use sudo: agent-jail needs root, or passwordless sudo';
  const program = /(?:env: |exec: )[^\w:]?([\w.-]+)[^\w:]?: (?:No such file|not found)/.exec(errors)?.[1];
  if (program !== undefined) return `${program} is missing on this machine`;
  const said = errors.trim().split('\n').slice(-3).join(' / ').slice(0, 500);
  return `the warden ended with ${end}${said === '' ? '' : `: ${said}`}`;
}
