import { existsSync, readdirSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { JailError } from '../model/errors.ts';
import { exec } from '../system/exec.ts';
import { hostName, ID } from './places.ts';

/** Where the kernel has a directory for tracefs (Documentation/trace/ftrace.rst); instances belong to the machine, wherever it is mounted. */
const INSTANCES = '/sys/kernel/tracing/instances';

/** Of a run. */
export const instanceOf = (id: string): string => `${INSTANCES}/${hostName(id)}`;

/** Ids of runs that have an instance of tracefs. [] where there is none. Mounts tracefs in the warden's own namespace. */
export async function tracedRuns(): Promise<string[]> {
  if (!existsSync(INSTANCES)) await exec(['mount', '-t', 'tracefs', 'tracefs', '/sys/kernel/tracing']);
  if (!existsSync(INSTANCES)) return [];
  return readdirSync(INSTANCES).flatMap((name) => ID.exec(name.replace(/^agent-jail-/, ''))?.[0] ?? []);
}

/**
 * Removes a run's instance, which nobody reads any more, where it is still there; the kernel takes some ms. A process that was killed closes
 * one file after the other, and until then the kernel is busy with it; or it is removing the instance itself (`forget.pl`). Throws JailError.
 */
export async function removeTrace(id: string): Promise<void> {
  const instance = instanceOf(id);
  if (!existsSync(instance)) return;
  for (const end = performance.now() + CLOSING; ; await sleep(PAUSE)) {
    try {
      return await rmdir(instance);
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (GONE.has(code)) return;
      if (code !== 'EBUSY' || performance.now() > end)
        throw new JailError(`an instance of tracefs is left: ${message}`, `rmdir ${instance}`);
    }
  }
}
/** ENODEV: the kernel has no instance for a directory that another process is removing (kernel/trace/trace.c, instance_rmdir). */
const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENODEV']);
/** ms. */
const [CLOSING, PAUSE] = [1000, 5] as const;
