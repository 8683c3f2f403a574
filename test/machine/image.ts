import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { digestOf, type Recipe } from './recipe.ts';

/** Files of a machine that was built. */
export interface Image {
  readonly kernel: string;
  readonly initrd: string;
  readonly disk: string;
}
export const NAMESPACES = ['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Where machines are kept, outside of the checkout: one directory for each digest. */
export const machinesAt = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'agent-jail', 'machines');

/** The machine of a recipe: one that was built before, or a new one (two minutes, 1 GB). Throws with what the builder said. */
export function image(wanted: Recipe, at = machinesAt()): Image {
  const directory = join(at, `${wanted.suite}-${digestOf(wanted).slice(0, 16)}`);
  if (!existsSync(directory)) build(wanted, at, directory);
  return { kernel: join(directory, 'kernel'), initrd: join(directory, 'initrd'), disk: join(directory, 'disk') };
}

function build(wanted: Recipe, at: string, directory: string): void {
  console.log(`building a machine of Debian ${wanted.suite}`);
  mkdirSync(at, { recursive: true });
  const fresh = mkdtempSync(join(at, 'fresh-'));
  try {
    const script = join(import.meta.dirname, 'build.sh');
    asRoot([...NAMESPACES, 'sh', script, fresh, wanted.suite, wanted.packages.join(), wanted.offered.join()]);
    renameSync(fresh, directory);
  } finally {
    if (existsSync(fresh)) asRoot(['rm', '-rf', fresh]);
  }
}

/** Runs a script of ours with privilege. Throws with what it said. */
export function asRoot(argv: readonly string[]): void {
  const [file = '', ...args] = process.getuid?.() === 0 ? argv : ['sudo', '-n', '--', ...argv];
  const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  execFileSync(file, args, { env: { PATH, LANG: 'C.UTF-8' }, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Makes the disk with the checkout and its job. */
export function workDisk(repository: string, job: string, disk: string): void {
  asRoot(['bash', join(import.meta.dirname, 'work.sh'), repository, job, disk]);
}

/** KVM, where the processor has what it needs and this user may use it; else everything is emulated. */
export function accelerator(cpuinfo: string): 'kvm' | 'tcg' {
  if (!/^flags\s*:.*\b(vmx|svm)\b/m.test(cpuinfo)) return 'tcg';
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return 'kvm';
  } catch {
    return 'tcg';
  }
}
/** A scratch directory, gone with its disposal. */
export function scratch(): { readonly path: string; [Symbol.dispose](): void } {
  mkdirSync(machinesAt(), { recursive: true });
  const path = mkdtempSync(join(machinesAt(), 'run-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
