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

/** Pure: how the warden is started. Its namespaces are its clean-up: whatever kills it, the kernel removes mounts and processes. */
export function wardenArgv(root: boolean, node: string, entry: string, ...kind: Kind): [string, ...string[]] {
  const env = Object.entries(CLEAN_ENV).map(([name, value]) => `${name}=${value}`);
  const namespaces = ['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const clean: [string, ...string[]] = ['/usr/bin/env', '-i', ...env, ...OPENED, ...namespaces, node, ...WARDEN_FLAGS, entry, ...kind];
  return root ? clean : ['sudo', '-n', '--', ...clean];
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
