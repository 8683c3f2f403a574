import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Contestant } from './rounds.ts';

/** ms between looks; the kernel keeps the peak itself. */
const EVERY = 20;

/** Runs it once. The most memory, in MB (10^6 bytes), that the warden of the run had at a time (`VmHWM`). */
export async function wardenMemory({ argv: [file, ...args], cwd, env, code, after }: Contestant): Promise<number> {
  const child = spawn(file, args, { cwd, env, stdio: 'ignore' });
  let peak = 0;
  const timer = setInterval(() => {
    for (const pid of descendants(child.pid ?? -1)) {
      // What starts it has its command line too, and much less memory.
      if (read(pid, 'cmdline').includes('/warden.cjs'))
        peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(read(pid, 'status'))?.[1] ?? 0));
    }
  }, EVERY);
  const [status] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  if (status !== code || peak === 0) throw new Error(`the run ended with ${status}, and its warden was seen with ${peak} kB`);
  after?.();
  return Math.round((peak * 1024) / 1e5) / 10;
}

/** Of a process, by who says to be whose child. */
function descendants(root: number): string[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => [pid, /^\d+ \(.*\) \S (\d+)/s.exec(read(pid, 'stat'))?.[1] ?? '']),
  );
  const of = (pid: string): string[] => [...parents].flatMap(([child, parent]) => (parent === pid ? [child, ...of(child)] : []));
  return of(String(root));
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
