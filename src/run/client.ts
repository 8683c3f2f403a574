import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '../model/names.ts';
import type { Root } from '../model/policy.ts';
import type { RunRequest, RunResult, WardenEvent, WardenLine, WardenRequest } from '../model/protocol.ts';
import { OPENED } from '../host/outside.ts';
import { CLEAN_ENV, SINGLE_THREADED } from '../system/exec.ts';
import { lines } from '../system/lines.ts';
import { EventReader } from './events.ts';
import type { Swept } from './sweep.ts';

/** An 'output' event is at most 64 KiB, as base64. */
const LONGEST = 1 << 20;
/** After a cancel, ms: then the warden is given up (its input ends, which ends it). */
const PATIENCE = 10 * 60_000;

/** Most of what it allocates is what it shows of a step's output, and dies at once: with room for more it would have more, and gain nothing. */
const WARDEN_FLAGS = [SINGLE_THREADED, '--max-semi-space-size=2'] as const;

/** What a warden will be asked for; of a run also the backend, as far as that is known. */
type Kind = readonly ['sweep'] | readonly ['run', BackendName | 'auto'];

/** Pure: how the warden is started. Its namespaces are its clean-up: whatever kills it, the kernel removes mounts and processes. */
export function wardenArgv(root: boolean, node: string, entry: string, ...kind: Kind): [string, ...string[]] {
  const env = Object.entries(CLEAN_ENV).map(([name, value]) => `${name}=${value}`);
  const namespaces = ['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const clean: [string, ...string[]] = ['/usr/bin/env', '-i', ...env, ...OPENED, ...namespaces, node, ...WARDEN_FLAGS, entry, ...kind];
  return root ? clean : ['sudo', '-n', '--', ...clean];
}

class WardenProcess {
  readonly #child: ChildProcess;
  #errors = '';
  /** What to say of its end, where it said nothing itself. */
  readonly ended: Promise<string>;
  constructor(...kind: Kind) {
    // In dist/ the warden lies beside the chunk this is in.
    const entry = join(dirname(fileURLToPath(import.meta.url)), 'warden.js');
    const [file, ...args] = wardenArgv(process.getuid?.() === 0, process.execPath, entry, ...kind);
    // Its own session: a terminal's Ctrl-C must reach main alone.
    const child = spawn(file, args, { env: CLEAN_ENV, stdio: ['pipe', 'pipe', 'pipe'], detached: true, cwd: '/' });
    this.#child = child;
    child.stdin?.on('error', () => {});
    child.stderr?.on('data', (chunk: Buffer) => {
      if (this.#errors.length < 8192) this.#errors += chunk.toString('utf8');
    });
    this.ended = new Promise((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => resolve(missing(error, file)));
      child.once('close', (code, signal) => resolve(explain(this.#errors, String(signal ?? code))));
    });
  }
  send(request: WardenRequest): void {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
  }
  close(): void {
    this.#child.stdin?.end();
  }
  async *messages(): AsyncGenerator<unknown> {
    const { stdout } = this.#child;
    if (stdout === null) return;
    for await (const line of lines(stdout, LONGEST)) yield JSON.parse(line);
  }
}

let waiting: WardenProcess | null = null;
/** Starts the warden of the next run ahead of its request: it makes nothing that would outlive it, and ends with this process. */
export function startWarden(backend: BackendName | 'auto'): void {
  waiting ??= new WardenProcess('run', backend);
}

/** Tells a warden that waits what it can begin with. */
export function announceRoot(root: Root): void {
  if (root.kind === 'image' || root.kind === 'archive') waiting?.send({ kind: 'ahead', root });
}

/** Ends a warden that waits for a request that will not come, and resolves once it is gone. */
export async function dismissWarden(): Promise<void> {
  const warden = waiting;
  waiting = null;
  warden?.close();
  await warden?.ended;
}

function missing(error: NodeJS.ErrnoException, file: string): string {
  if (error.code !== 'ENOENT') return error.message;
  return `${file} is not there${file === 'sudo' ? ': agent-jail needs root, or passwordless sudo' : ''}`;
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

/**
 * Runs a request to its end and tells what came of it. Never rejects for anything that a jail or its warden does: a dead warden is a
 * result with the outcome jail-error, and what it left on the host is removed. An abort cancels; its reason's message says by what.
 */
export async function runJail(request: RunRequest, observe: (event: WardenEvent) => void, cancel: AbortSignal): Promise<RunResult> {
  const warden = waiting ?? new WardenProcess('run', request.backend);
  waiting = null;
  const onCancel = (): void => {
    warden.send({ kind: 'cancel', by: cancel.reason instanceof Error ? cancel.reason.message : 'a signal' });
    setTimeout(() => warden.close(), PATIENCE).unref();
  };
  warden.send(request);
  if (cancel.aborted) onCancel();
  cancel.addEventListener('abort', onCancel);
  let result: RunResult | null = null;
  const reader = new EventReader();
  try {
    for await (const message of warden.messages()) {
      const event = reader.read(message as WardenLine);
      observe(event);
      if (event.kind !== 'ended') continue;
      const { end, outcome, because, manifest, counts } = event;
      result = { end, outcome, because, manifest, counts, record: request.record };
    }
  } catch (error) {
    result = null;
    observe({ seq: -1, t: 0, kind: 'notice', message: `the warden's events could not be read: ${(error as Error).message}` });
  } finally {
    cancel.removeEventListener('abort', onCancel);
    warden.close();
  }
  const how = await warden.ended;
  if (result !== null && result.end.how !== 'error') return result;
  await sweep(request.id).catch(() => {}); // a warden that went wrong may not have cleaned up
  if (result !== null) return result;
  const { finish } = await import('./finish.ts');
  return finish(request.record, how);
}

/** Removes what dead runs left on the host (`id`: only that one), never anything of a live one. Rejects where there is no privilege. */
export async function sweep(id: string | null): Promise<Swept> {
  const warden = new WardenProcess('sweep');
  warden.send({ kind: 'sweep', protocol: 1, id });
  warden.close();
  let answer: Swept | null = null;
  for await (const message of warden.messages()) answer = message as typeof answer;
  const how = await warden.ended;
  if (answer === null) throw new Error(how);
  return answer;
}
