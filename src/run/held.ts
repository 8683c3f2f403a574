import { readFileSync, statSync } from 'node:fs';
import { masksHere } from '../backend/proc-masks.ts';
import { machineNamespaces } from '../host/outside.ts';
import { parseMountinfo, parseStatus, readProc, readProcLink } from '../system/proc.ts';
import type { Held } from './proof.ts';

const NAMESPACES = ['mnt', 'pid', 'ipc', 'uts', 'cgroup', 'net', 'user'] as const;

export interface Place {
  readonly pid: number;
  /** The /proc that the pid belongs to. */
  readonly proc: string;
  /** A file that leads to the network namespace that the gateway serves. */
  readonly netns: string;
  /** Resolves once nothing of the step lives; null: its backend is the first to know. */
  readonly emptied: Promise<void> | null;
}

/**
 * Reads what `prove` compares, by /proc of the held process: nothing of it runs in the jail or trusts it. `unified`: the run has a group in
 * a v2 hierarchy; the kernel names a group of one also where none is mounted, and then nobody can be moved there.
 */
export function readHeld({ pid, proc, netns }: Place, limits: ReadonlyMap<string, string>, unified: boolean): Held {
  const links = (of: number | 'self', where?: string) => new Map(NAMESPACES.map((name) => [name, readProcLink(of, `ns/${name}`, where)]));
  return {
    status: parseStatus(readProc(pid, 'status', proc) ?? ''),
    namespaces: links(pid, proc),
    ours: links('self'),
    machine: machineNamespaces(NAMESPACES),
    netns: `net:[${statSync(netns).ino}]`,
    root: identityOf(`${proc}/${pid}/root`),
    ourRoot: identityOf('/'),
    mounts: parseMountinfo(readProc(pid, 'mountinfo', proc) ?? ''),
    masks: Object.values(masksHere()).flat(),
    groups: (readProc(pid, 'cgroup', proc) ?? '')
      .split('\n')
      .map((line) => line.split(':'))
      .filter(([id, controllers]) => (id === '0' && unified) || ['memory', 'pids', 'cpu'].some((c) => controllers?.split(',').includes(c)))
      .map((fields) => fields.slice(2).join(':')),
    limits: new Map([...limits.keys()].map((file) => [file, readText(file)])),
    wantedLimits: limits,
    interfaces: (readProc(pid, 'net/dev', proc) ?? '')
      .split('\n')
      .slice(2)
      .map((line) => line.split(':')[0]?.trim() ?? '')
      .filter((name) => name !== ''),
    // The main tables hold no local route: one line here is a way out.
    routes: [...table(readProc(pid, 'net/route', proc), 1, 0), ...table(readProc(pid, 'net/ipv6_route', proc), 0, 9)],
  };
}

/** Of a directory: the link in /proc leads to it whatever it is called. */
function identityOf(directory: string): string | null {
  const found = statSync(directory, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}

/** Routes by a device other than `lo`; `device` is the column it stands in. */
function table(text: string | null, header: number, device: number): string[] {
  return (text ?? '')
    .split('\n')
    .slice(header)
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[device] !== 'lo')
    .map((fields) => fields.join(' '));
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
