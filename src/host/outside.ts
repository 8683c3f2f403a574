import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { exec, failure } from '../system/exec.ts';
import { parseStatus, readProc, readProcLink } from '../system/proc.ts';
import type { HostPath } from '../model/names.ts';
import { JailError } from '../model/errors.ts';
import { STATE, stateOf, WORK, work } from './places.ts';
import { must, RUNTIME_FILES } from './scratch.ts';

/**
 * The machine as it is outside of the warden's namespaces: descriptors that the warden is started with (`wardenArgv`), by the warden's own
 * /proc, where it is PID 1. Only an engine of the machine's needs them; Node closes them in every process it starts.
 */
const MOUNTS = '/proc/1/fd/3';
/** The machine's /proc: an engine counts process ids as the machine does. */
export const OUTER_PROC = '/proc/1/fd/4';
/**
 * Of the machine, by name; null: it could not be read. The process that waits for the warden (unshare(1)) is still in all of them but that for
 * mounts. The machine's first process would be, too, but need not let itself be looked at.
 */
export function machineNamespaces(names: readonly string[]): ReadonlyMap<string, string | null> {
  const parent = Number(parseStatus(readProc('self', 'status', OUTER_PROC) ?? '').get('PPid') ?? 0);
  const found = names.map((name) => [name, readProcLink(parent, `ns/${name}`, OUTER_PROC)] as const);
  const mounts = statSync(MOUNTS, { throwIfNoEntry: false });
  return new Map([...found, ['mnt', mounts === undefined ? null : `mnt:[${mounts.ino}]`]]);
}
/** Their paths for whoever starts a warden, from the descriptor 3 upwards. */
export const OPENED = ['/proc/self/ns/mnt', '/proc'] as const;

/** Where an engine sees what the warden has at WORK. */
const exported = (id: string): HostPath => `${stateOf(id)}/work` as HostPath;
export const seenOutside = (id: string, path: string): string => `${exported(id)}${path.slice(WORK.length)}`;

/** `RUNTIME_FILES`, read-only: an engine that makes a mount so forgets that it was nosuid and nodev. */
export const FROZEN_RUNTIME = work('runtime-ro');

/** Shows WORK, and what is mounted below it from now on, to the machine's mount namespace. It does not go with the warden. */
export async function exportWork(id: string, script: HostPath): Promise<void> {
  await must(
    ['perl', script, MOUNTS, WORK, exported(id), basename(RUNTIME_FILES), basename(FROZEN_RUNTIME)],
    "the layers could not be shown to the machine's engine",
  );
}

/** Takes back what `exportWork` showed, of a run that lives or is dead. Idempotent. Throws JailError where something stays mounted. */
export async function withdrawWork(id: string, script: HostPath): Promise<void> {
  await withdraw(script, MOUNTS, [exported(id)]);
}
/**
 * A namespace that was made while layers of other runs were shown has copies of them: they would hold a run's disk after its end, and keep
 * the directory of a dead one from being removed.
 */
export async function forgetWork(ids: readonly string[], script: HostPath): Promise<void> {
  if (ids.length > 0) await withdraw(script, '/proc/self/ns/mnt', ids.map(exported));
}
async function withdraw(script: HostPath, namespace: string, targets: readonly HostPath[]): Promise<void> {
  const result = await exec(['perl', script, '--back', namespace, ...targets]);
  if (result.code !== 0)
    throw new JailError(
      `layers are still mounted below ${STATE}: ${failure(['umount'], result)}`,
      `unmount them: \`umount --recursive --lazy ${targets[0]}\``,
    );
}
