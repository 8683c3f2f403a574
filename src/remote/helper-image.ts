import { type Architecture, architectureOf } from '../model/architecture.ts';
import { findProgram } from '../host/programs.ts';
import type { Engine } from '../system/engine.ts';
import type { Platform } from '../system/platform.ts';
import { architectureAt, type HelperInfo } from './helper.ts';
import { provideBuilt } from './helper-built.ts';
import { provideSent } from './helper-sent.ts';

/** Pure: whether the image can be made of what this machine has; else the engine has to build it. `packages`: there are Debian's. */
export const isSent = (here: Pick<Platform, 'jails'>, packages: boolean, own: Architecture | null, engine: Architecture | null): boolean =>
  here.jails && packages && own !== null && own === engine;

/**
 * Makes sure that the engine has an image in which a warden can live: node, this program, and the Debian packages that a jail needs. Returns
 * its name. Throws JailError. `dist`: directory of this program's bundle.
 */
export async function provideHelper(
  engine: Engine,
  info: HelperInfo,
  { here, dist }: { readonly here: Platform; readonly dist: string },
  notice: (message: string) => void,
): Promise<string> {
  const sent = isSent(here, findProgram('dpkg-query') !== null, architectureOf(process.arch), architectureAt(info));
  return sent ? provideSent(engine, dist, notice) : provideBuilt(engine, dist, notice);
}
