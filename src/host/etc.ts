import type { HostPath } from '../model/names.ts';
import type { Hands } from './hands.ts';

/** Copies the allowed entries of /etc (names and globs relative to it) below `target`; links stay links. */
export async function copyEtc(hands: Hands, target: HostPath, allowed: readonly string[]): Promise<() => Promise<void>> {
  const what = '/etc could not be copied';
  await hands.ask(what, ['etc', target, ...allowed]);
  return async () => hands.ask(what, ['copied']);
}
