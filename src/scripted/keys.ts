import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Headers in which clients of the four wire formats have their key. */
export const KEY_HEADERS = ['x-api-key', 'authorization', 'x-goog-api-key', 'api-key'] as const;

/** What the key of a request is: none is there, some is, the one that is needed, another. */
export type KeyState = 'none' | 'given' | 'right' | 'wrong';

/** Every key that a request brings, without `Bearer`. Gemini's may stand in the address. */
export function keysOf(headers: IncomingHttpHeaders, query: URLSearchParams): string[] {
  const found = [...KEY_HEADERS.map((name) => headers[name]), query.get('key')];
  return found.flatMap((value) => (typeof value === 'string' && value !== '' ? [value.replace(/^Bearer +/i, '')] : []));
}

/** `needed`: the only right one; null: none is asked for. One wrong key beside the right one is wrong. */
export function judgeKeys(keys: readonly string[], needed: string | null): KeyState {
  if (keys.length === 0) return 'none';
  if (needed === null) return 'given';
  return keys.every((key) => same(key, needed)) ? 'right' : 'wrong';
}

/** In a time that says nothing of how much of it is right. */
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
