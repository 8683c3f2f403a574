import { readProc } from '../system/proc.ts';

/** As systemd gives them to services; programs that take more raise it themselves, up to the hard one. */
const SOFT = 1024;
const HARD = 524_288;

/** How many files a process of a jail may have open: the same on every backend, which have defaults of their own. */
export const openFiles = (): { readonly soft: number; readonly hard: number } => openFilesWithin(readProc('self', 'limits') ?? '');

/** Pure: no process may give more than it has itself. `limits`: its /proc/PID/limits. */
export function openFilesWithin(limits: string): { readonly soft: number; readonly hard: number } {
  const own = /^Max open files +\S+ +(\S+)/m.exec(limits)?.[1];
  const hard = own === undefined || own === 'unlimited' ? HARD : Math.min(HARD, Number(own));
  return { soft: Math.min(SOFT, hard), hard };
}
