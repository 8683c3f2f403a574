import type { HostPath } from '../model/names.ts';

/** Everything a run makes on the host has a name with its id in it, below these directories. */
export const STATE = '/var/lib/agent-jail' as HostPath;
/** Programs that were fetched, not installed. Owned by root: they run with privilege. */
export const TOOLS = `${STATE}/tools` as HostPath;
/** Images and archives that were turned into directories, kept for the next run. */
export const ROOTS = `${STATE}/roots` as HostPath;
/** Each warden mounts a tmpfs of its own here, in its own mount namespace: nothing below it outlives the warden. */
export const WORK = `${STATE}/work` as HostPath;

/** A third one is the warden's own `/run/systemd`, which nspawn needs. */
export const RUN_SYSTEMD = '/run/systemd' as HostPath;
/**
 * Another one, for what the collector copies to compare: in memory, so that a full scratch disk cannot spoil the evidence. Below a directory
 * that anyone may go through, unlike `STATE`: the collector's uid needs no privilege to get there.
 */
export const COLLECT = `${RUN_SYSTEMD}/agent-jail-collect` as HostPath;
/** Where nothing of an agent's, and nobody who has read anything of it, can have been: root's alone. */
export const REHEARSAL = `${RUN_SYSTEMD}/agent-jail-rehearsal` as HostPath;

/** Name of the run's cgroup, machine and container. */
export const hostName = (id: string): string => `agent-jail-${id}`;
/** What must outlive the warden's namespace: the lock, and the scratch image until it is mounted. */
export const stateOf = (id: string): HostPath => `${STATE}/${id}` as HostPath;
export const ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** Below `WORK`. */
export const work = (...parts: readonly string[]): HostPath => [WORK, ...parts].join('/') as HostPath;
