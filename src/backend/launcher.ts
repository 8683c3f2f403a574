import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** How it ended; `failure`: it never began. */
export interface LauncherEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly failure: string | null;
}

type Heard = (chunk: Buffer, from: 'stdout' | 'stderr') => void;

/**
 * launch.pl, started before it is known what it shall become: to start it, and to change its cgroup, takes as long as what it becomes takes to
 * make a jail. It is in the run's cgroup, and ends with that.
 */
export class Launcher {
  readonly ended: Promise<LauncherEnd>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** What it printed before anybody heard it. */
  readonly #early: Parameters<Heard>[] = [];
  #heard: Heard = (...one) => void this.#early.push(one);

  constructor(script: string, doors: readonly string[], env: Readonly<Record<string, string>>) {
    const argv = [script, ...doors.flatMap((door) => ['--cgroup', door]), '--clone3-enosys', '--wait'];
    const child = spawn('perl', argv, { env, stdio: ['pipe', 'pipe', 'pipe'], cwd: '/' });
    this.#child = child;
    child.stdin.on('error', () => {}); // it ended, which `ended` says
    for (const from of ['stdout', 'stderr'] as const) child[from].on('data', (chunk: Buffer) => this.#heard(chunk, from));
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: null, signal: null, failure: error.message }));
      child.once('close', (code, signal) => resolve({ code, signal, failure: null }));
    });
  }

  /** Once. What it prints, and has printed, is told from now on. */
  become(argv: readonly string[], heard: Heard): void {
    for (const one of this.#early.splice(0)) heard(...one);
    this.#heard = heard;
    this.#child.stdin.end(argv.join('\0'));
  }
}
