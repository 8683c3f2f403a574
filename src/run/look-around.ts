import { lstatSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { STATE } from '../host/places.ts';
import { UserError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import type { Surroundings } from '../model/protocol.ts';
import { outermost } from '../plan/paths.ts';
import { surroundingsOf } from '../plan/surroundings.ts';
import { within } from '../plan/view.ts';
import { refuseWorkspace } from '../plan/workspace.ts';
import { readIfThere } from '../system/engine-connection.ts';
import { inJailForm, jailPathOf, type Platform } from '../system/platform.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says of the machine, links resolved, what is not there left out; as paths of this machine, with slashes. */
export function lookAround(env: Environment, further: readonly string[], here: Platform): Surroundings {
  const home = homeOf(env, here);
  // Its rules are about paths as a jail has them.
  const node = (here.toJail(process.execPath) ?? '').replace(/\.exe$/i, '');
  const found = surroundingsOf(inJailForm(env, here), home, node);
  const onHost = (paths: readonly string[]): string[] => paths.flatMap((path) => here.toHost(path) ?? []);
  const forbidden = outermost(
    withTargets([...onHost(found.forbidden), ...further.map(here.slashed)], here).filter(mayBeThere),
  ) as HostPath[];
  const hidden = outermost(withTargets(onHost(found.hidden), here).filter(mayBeThere)) as HostPath[];
  return { ...found, forbidden, hidden: hidden.filter((path) => !forbidden.some((other) => within(path, other))) };
}

/** Of the caller. */
export function homeOf(env: Environment, here: Platform): string {
  const said = env['HOME'] ?? '';
  return here.slashed(resolve(here.toJail(said) === null ? userInfo().homedir : said));
}

/** The real directory. Throws UserError, JailError for what has no place in a jail. */
export function workspaceOf(written: string, around: Surroundings, here: Platform): HostPath {
  const wrong = (why: string): UserError =>
    new UserError([
      {
        message: `${JSON.stringify(written)} cannot be the workspace: ${why}`,
        place: null,
        remedy: 'run it in the directory of a project',
      },
    ]);
  if (here.jails && !written.startsWith('/')) throw wrong('it is not an absolute path');
  jailPathOf(written, here);
  let path: HostPath;
  try {
    path = here.real(written);
  } catch (error) {
    throw wrong((error as Error).message);
  }
  if (!lstatSync(path).isDirectory()) throw wrong('it is not a directory');
  if (/^\/[a-z]$/.test(jailPathOf(path, here)) && !here.modes) throw wrong('it is a whole drive');
  const homes = withTargets([around.home, ...homesOfPeople()], here);
  const why = refuseWorkspace(path, { homes, forbidden: [...around.forbidden, STATE] });
  if (why !== null) throw wrong(why);
  return path;
}

/** Home directories of root and of people, passwd(5); services have any directory there. A machine without that file says none. */
function homesOfPeople(): string[] {
  return (readIfThere('/etc/passwd') ?? '')
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([, , uid]) => uid === '0' || (Number(uid) >= 1000 && Number(uid) < 65_534))
    .flatMap(([, , , , , home]) => (home?.startsWith('/') && home !== '/' ? [home] : []));
}

/** Each path, and what it leads to. */
export function withTargets(paths: readonly string[], here: Platform): HostPath[] {
  const targets = paths.flatMap((path) => {
    try {
      return [here.real(path)];
    } catch {
      return [];
    }
  });
  return [...new Set([...paths, ...targets])] as HostPath[];
}

/** False where there is certainly nothing: hiding that would make the directories above it. */
function mayBeThere(path: HostPath): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}
