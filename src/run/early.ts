import { HERE } from '../system/platform.ts';
import { WardenProcess } from './warden-process.ts';

/** Where a program that loads another one leaves the warden that it has started for it. */
const EARLY: unique symbol = Symbol.for('agent-jail.early-warden');
const left = globalThis as { [EARLY]?: WardenProcess };

/**
 * Starts the warden of `agent-jail run ARGV` before this program itself is loaded: of all that a short run waits for, its start takes longest.
 * It makes nothing that would outlive it, and whoever loads next takes it, or ends it.
 */
export function startEarly(argv: readonly string[]): void {
  const backend = earlyBackend(argv);
  if (HERE.jails && backend !== null) left[EARLY] = new WardenProcess('run', backend);
}

/** The one that was started; once. */
export function takeEarly(): WardenProcess | null {
  const warden = left[EARLY] ?? null;
  delete left[EARLY];
  return warden;
}

const BACKENDS = ['auto', 'nspawn', 'docker', 'vm', 'chroot'] as const;

/** Pure: what a warden may be started for, by arguments that nobody has checked yet; null: this is no run, as far as can be seen. */
export function earlyBackend(argv: readonly string[]): (typeof BACKENDS)[number] | null {
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  if (flags.includes('--help') || flags.includes('-h')) return null;
  if (end === -1 && !flags.some((flag) => flag === '--steps' || flag.startsWith('--steps='))) return null;
  const at = flags.findIndex((flag) => flag === '--backend' || flag.startsWith('--backend='));
  const asked = at === -1 ? 'auto' : (flags[at]?.split('=')[1] ?? flags[at + 1]);
  return BACKENDS.find((name) => name === asked) ?? null;
}
