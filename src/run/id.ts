import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;

/** A run's id: a ULID (github.com/ulid/spec), 26 characters, sorted by time. `now` in ms since 1970. */
export function newId(now: number = Date.now()): string {
  let time = '';
  for (let rest = now; time.length < TIME_DIGITS; rest = Math.floor(rest / 32)) time = `${DIGITS[rest % 32]}${time}`;
  // 5 bits of a byte each: 32 divides 256, so every digit is equally likely.
  return time + [...randomBytes(RANDOM_DIGITS)].map((byte) => DIGITS[byte % 32]).join('');
}

/** When the id was made, in ms since 1970. */
export function timeOf(id: string): number {
  return Array.from(id.slice(0, TIME_DIGITS)).reduce((time, digit) => time * 32 + DIGITS.indexOf(digit), 0);
}
