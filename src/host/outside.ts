import { basename } from 'node:path';
import { exec, failure } from '../system/exec.ts';
import type { HostPath } from '../model/names.ts';
import { JailError } from '../model/errors.ts';
import { stateOf, WORK, work } from './places.ts';
import { must, RUNTIME_FILES } from './scratch.ts';

/**
 * The machine as it is outside of the warden's namespaces: descriptors that the warden is started with (`wardenArgv`), by the warden's own
 * /proc, where it is PID 1. Only an engine of the machine's needs them; Node closes them in every process it starts.
 */
const MOUNTS = '/proc/1/fd/3';
/** The machine's /proc: an engine counts process ids as the machine does. */
export const OUTER_PROC = '/proc/1/fd/4';
/** Pure: what opens them, and becomes the words that follow. */
export const OPENED = ['/bin/sh', '-c', 'exec "$@" 3</proc/self/ns/mnt 4</proc', 'sh'] as const;

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
export async function withdrawWork(id: string): Promise<void> {
  await withdraw(['nsenter', `--mount=${MOUNTS}`, '--'], exported(id));
}
/** A namespace that was made while they were there has copies, which keep the directory of a dead run from being removed. */
export async function forgetWork(id: string): Promise<void> {
  await withdraw([], exported(id));
}
async function withdraw(where: readonly string[], target: HostPath): Promise<void> {
  const [file, ...args] = [...where, 'sh', '-c', WITHDRAW, 'sh', target] as const;
  const result = await exec([file, ...args]);
  if (result.code !== 0)
    throw new JailError(
      `${target} is still mounted: ${failure(['umount'], result)}`,
      `unmount it: \`umount --recursive --lazy ${target}\``,
    );
}
/** Lazily where somebody still reads there: who does keeps what it has open and nothing else. An id has no character that grep reads. */
const WITHDRAW = `here() { grep --quiet " $1[/ ]" /proc/self/mountinfo; }
for how in '' --lazy --lazy; do
  here "$1" || exit 0
  umount --recursive $how "$1"
done
! here "$1"`;
