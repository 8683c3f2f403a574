import { createHash } from 'node:crypto';
import type { Target } from './wire.ts';

/** Fields of a body that name the client, the session or the request, and ask for nothing. */
const UNASKED: ReadonlySet<string> = new Set([
  'metadata', 'client_metadata', 'user', 'safety_identifier', 'prompt_cache_key', 'session_id', 'request_id',
]); // biome-ignore format: a table

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*';
/** What changes from run to run in texts, and what stands for it, in this order. `docs/model.md` lists them. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '<id>'],
  [/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, '<id>'],
  [/\b(?:toolu|call|fc|ctc|msg|resp|rs|req|chatcmpl)[_-](?=[A-Za-z_-]{0,64}\d)[A-Za-z0-9_-]{6,}/g, '<id>'],
  [/\bagent-jail-placeholder-[A-Za-z0-9_-]+/g, '<key>'],
  [/\b1[5-9]\d{8}(?:\d{3})?\b/g, '<time>'],
  [/\b(?=[a-f]*\d)[0-9a-f]{12,64}\b/g, '<hex>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?Z| ?[+-]\d\d:?\d\d)?)?/g, '<date>'],
  [new RegExp(`\\b(?:${DAY},? )?(?:${MONTH} \\d{1,2}|\\d{1,2} ${MONTH})(?:,? \\d{4})?\\b`, 'g'), '<date>'],
  [/\b\d{1,2}\/\d{1,2}\/\d{4}\b/g, '<date>'],
  [/\b\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?: ?[AP]M)?(?: (?:UTC|GMT))?/g, '<time>'],
  [/(?<=\/tmp\/)[^/\s"'`]+/g, '<name>'],
  [/(?<=\b(?:localhost|127\.0\.0\.1):)\d+/g, '<port>'],
  [/\b\d+(?:\.\d+)? ?(?:ms|s|secs?|seconds?|milliseconds?)\b/g, '<duration>'],
];

/** Pure: what is the same when the same is asked in another run. Keys in order, without what `UNASKED` and `CHANGING` say. */
export function normal(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return plain(body);
  return plain(Object.fromEntries(Object.entries(body).filter(([key]) => !UNASKED.has(key))));
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return CHANGING.reduce((text, [pattern, name]) => text.replace(pattern, name), value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, plain(item)]));
}

/** Pure: where a request goes, without keys in the address; `alt` says in which form the answer comes. */
export const placeOf = (method: string, { path, query }: Target): string =>
  `${method} ${path}${query.get('alt') === 'sse' ? '?alt=sse' : ''}`;

/** Pure: by what a recorded request is found again. `body` is in its normal form. */
export const keyOf = (place: string, body: unknown): string =>
  createHash('sha256').update(place).update('\0').update(JSON.stringify(body)).digest('hex');
