import { readdirSync } from 'node:fs';
import { parseStatus, readProc } from '../system/proc.ts';

/**
 * Gives up root for good: groups, gid, uid, and with them every capability (capabilities(7)). Reads back what each thread has now and
 * throws where anything is left, so that nothing is served with privilege. `no_new_privs` has to be set by the launcher.
 */
export function dropPrivileges(uid: number, gid: number): void {
  const { setgroups, setgid, setuid } = process;
  if (setgroups === undefined || setgid === undefined || setuid === undefined) throw new Error('this system has no user ids');
  setgroups([]);
  setgid(gid);
  setuid(uid);
  for (const thread of readdirSync('/proc/self/task')) {
    const status = readProc('self', `task/${thread}/status`);
    if (status === null) continue; // the thread ended
    const left = privilegeLeft(parseStatus(status), uid, gid);
    if (left.length > 0) throw new Error(`privileges could not be given up: ${left.join(', ')}`);
  }
}

/** Pure: what `/proc/PID/status` (proc(5)) shows that an unprivileged process with these ids does not have. */
export function privilegeLeft(status: ReadonlyMap<string, string>, uid: number, gid: number): string[] {
  const wanted: Readonly<Record<string, string>> = {
    Uid: Array(4).fill(uid).join('\t'),
    Gid: Array(4).fill(gid).join('\t'),
    Groups: '',
    CapPrm: '0000000000000000',
    CapEff: '0000000000000000',
    CapAmb: '0000000000000000',
    NoNewPrivs: '1',
  };
  const left = Object.entries(wanted).filter(([name, value]) => status.get(name) !== value);
  return [...left.map(([name]) => `${name} ${status.get(name) ?? 'absent'}`), ...(uid === 0 || gid === 0 ? ['root was asked for'] : [])];
}
