import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BackendName } from '../model/names.ts';
import { didYouMean, wrong } from './args.ts';
import type { Io } from './io.ts';

const BACKENDS = ['auto', 'nspawn', 'docker'] as const;

export function backendOf(name: string | undefined): BackendName | 'auto' | null {
  if (name === undefined) return null;
  const known = BACKENDS.find((one) => one === name);
  if (known === undefined)
    throw wrong(
      `--backend ${JSON.stringify(name)} is not one of ${BACKENDS.join(', ')}`,
      name === 'chroot' ? 'It isolates nothing, and can be asked for with `agent-jail run` only.' : didYouMean(name, BACKENDS),
    );
  return known;
}

/** null: it is not given. Throws a UserError. */
export function numberOf(text: string | undefined, option: string, least: number, most: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw wrong(`${option} ${JSON.stringify(text)} is not a whole number from ${least} to ${most}`);
  return value;
}

/** Words of a list with commas. */
export const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** A folder stands for the file in it. Throws a UserError. */
export function resultsFile(written: string, io: Pick<Io, 'cwd'>): string {
  const path = resolve(io.cwd, written);
  if (!existsSync(path)) throw wrong(`cannot read ${written}: there is no such file`);
  return statSync(path).isDirectory() ? join(path, 'trials.ndjson') : path;
}
