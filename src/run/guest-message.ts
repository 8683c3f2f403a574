import type { ProgramMessage } from './program-log.ts';

export type GuestMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'begun'; readonly t: number }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'done'; readonly lost: number }
  | ProgramMessage;

/** Of numbers that a record can hold, whatever they are added to. */
const LARGEST = 2 ** 40;
const HOW: readonly string[] = ['exit', 'signal', 'exec', 'unseen'] satisfies ProgramMessage['how'][];

/** Pure: a line as `trace.pl` says it, of which nothing is believed; null: it is none. */
export function guestMessage(text: string): GuestMessage | null {
  const one = parsed(text);
  if (one === null) return null;
  if (one['kind'] === 'ready') return { kind: 'ready' };
  if (one['kind'] === 'begun') return amount(one['t']) ? { kind: 'begun', t: one['t'] } : null;
  if (one['kind'] === 'done') return count(one['lost'], 0) ? { kind: 'done', lost: one['lost'] } : null;
  if (one['kind'] === 'none') return typeof one['why'] === 'string' ? { kind: 'none', why: one['why'].slice(0, 300) } : null;
  return one['kind'] === 'program' ? program(one) : null;
}

function program({
  t,
  process,
  parent,
  program: path,
  argv,
  cut,
  ms,
  how,
  code,
  signal,
}: Readonly<Record<string, unknown>>): ProgramMessage | null {
  if (!amount(t) || !amount(ms) || !count(process, 1) || typeof cut !== 'boolean') return null;
  if (!(parent === null || count(parent, 1)) || !(path === null || typeof path === 'string')) return null;
  if (!(argv === null || (Array.isArray(argv) && argv.every((word) => typeof word === 'string')))) return null;
  if (!(code === null || (count(code, 0) && code <= 255)) || !(signal === null || (count(signal, 1) && signal <= 64))) return null;
  if (typeof how !== 'string' || !HOW.includes(how)) return null;
  return { kind: 'program', t, step: 0, process, parent, program: path, argv, cut, ms, how: how as ProgramMessage['how'], code, signal };
}

const amount = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= LARGEST;
const count = (value: unknown, least: number): value is number => Number.isInteger(value) && amount(value) && value >= least;

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
