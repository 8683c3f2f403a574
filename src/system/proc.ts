import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Fields of `/proc/PID/status` (proc(5)): name to the text behind the colon. */
export function parseStatus(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields;
}

/** One line of `/proc/PID/mountinfo` (proc(5)). */
export interface MountInfo {
  /** Unique while the mount is there; `parent` is that of the one it is mounted on. */
  readonly id: number;
  readonly parent: number;
  readonly target: string;
  /** What of the file system is mounted. */
  readonly root: string;
  readonly options: readonly string[];
  readonly type: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

export function parseMountinfo(text: string): MountInfo[] {
  const mounts: MountInfo[] = [];
  for (const line of text.split('\n')) {
    const fields = line.split(' ');
    const dash = fields.indexOf('-', 6);
    if (dash === -1) continue;
    mounts.push({
      id: Number(fields[0]),
      parent: Number(fields[1]),
      root: unescape(fields[3] ?? ''),
      target: unescape(fields[4] ?? ''),
      options: (fields[5] ?? '').split(','),
      type: fields[dash + 1] ?? '',
      source: unescape(fields[dash + 2] ?? ''),
      superOptions: (fields[dash + 3] ?? '').split(','),
    });
  }
  return mounts;
}

/** The kernel writes blank, tab, newline and backslash as three octal digits. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** `/proc/PID/NAME`, or null where the process is gone. `proc`: another /proc than this process's own. */
export function readProc(pid: number | 'self', name: string, proc = '/proc'): string | null {
  try {
    return readFileSync(`${proc}/${pid}/${name}`, 'utf8');
  } catch {
    return null;
  }
}

/** Target of a link such as `ns/net`, or null where the process is gone. */
export function readProcLink(pid: number | 'self', name: string, proc = '/proc'): string | null {
  try {
    return readlinkSync(`${proc}/${pid}/${name}`);
  } catch {
    return null;
  }
}

/** All process ids that this /proc shows. */
export function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}
