import { readFileSync, statSync } from 'node:fs';
import { arch, availableParallelism, release, totalmem } from 'node:os';
import type { HostPath } from '../model/names.ts';
import { type MountInfo, parseMountinfo, readProc } from '../system/proc.ts';

/** What a run needs to know of the machine. */
export interface Machine {
  readonly kernel: string;
  readonly arch: string;
  readonly cpus: number;
  readonly memory: number;
  readonly mounts: readonly MountInfo[];
}

export function readMachine(): Machine {
  return {
    kernel: release(),
    arch: arch(),
    cpus: availableParallelism(),
    memory: totalmem(),
    mounts: parseMountinfo(readProc('self', 'mountinfo') ?? ''),
  };
}

/** Owner, mode and the nearest mounts below a directory; null: it is not one. */
export function lookAt(path: HostPath, mounts: readonly MountInfo[]) {
  let stat: ReturnType<typeof statSync>;
  try {
    stat = statSync(path);
  } catch {
    return null;
  }
  if (!stat.isDirectory()) return null;
  const below = [...new Set(mounts.map((m) => m.target).filter((target) => target.startsWith(path === '/' ? '/' : `${path}/`)))];
  const nearest = below.filter((target) => !below.some((other) => target.startsWith(`${other}/`)));
  return {
    owner: { uid: stat.uid, gid: stat.gid },
    mode: stat.mode & 0o7777,
    submounts: nearest.map((target) => ({ target: target as HostPath, directory: isDirectory(target) })),
  };
}

/** User ids with a line in passwd(5). */
export function knownUids(): ReadonlySet<number> {
  return new Set(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => Number(line.split(':')[2])),
  );
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
