import type * as v from 'valibot';
import type { Change, Entry } from '../model/changes.ts';
import type { PathBytes, Sha256 } from '../model/names.ts';
import { RecordError } from './error.ts';
import { check } from './ndjson.ts';
import { changeSchema } from './schema.ts';

type Line = v.InferOutput<typeof changeSchema>;
type EntryLine = Extract<Line, { op: 'added' }>['after'];
const FILE = 'changes.ndjson';

/** One line of `changes.ndjson`. @throws RecordError, also for a path that is absolute or leaves its layer. */
export function decodeChange(value: unknown, number: number): Change {
  const line = check(FILE, number, changeSchema, value);
  const { layer, flags, why, more, token } = line;
  const optional = {
    ...(why === undefined ? {} : { why }),
    ...(more === undefined ? {} : { more }),
    ...(token === undefined ? {} : { token }),
  };
  const common = { path: path(line.path, line.path_b64, number), layer, flags, ...optional };
  switch (line.op) {
    case 'added':
      return { ...common, op: line.op, after: entry(line.after, number) };
    case 'deleted':
      return { ...common, op: line.op, before: entry(line.before, number) };
    case 'renamed': {
      const from = path(line.from, line.from_b64, number);
      return { ...common, op: line.op, from, before: entry(line.before, number), after: entry(line.after, number) };
    }
    default:
      return { ...common, op: line.op, before: entry(line.before, number), after: entry(line.after, number) };
  }
}

function entry(line: EntryLine, number: number): Entry {
  const { link: text, link_b64, sha256, ...same } = line;
  const link = text === null ? null : bytes(text, link_b64, number);
  return { ...same, sha256: sha256 as Sha256 | null, link };
}

/** A path relative to its layer, as `pathFields` wrote it. */
export function path(text: string, base64: string | undefined, number: number | null): PathBytes {
  const path = bytes(text, base64, number);
  const parts = Buffer.from(path).toString('latin1').split('/');
  // The root of a layer itself can change (its mode, say): it is the empty path.
  const fits = path.length === 0 || parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!fits) throw new RecordError(FILE, number, 'a path that is not relative and normalised');
  return path;
}

/** The bytes, which `text` must be the lossy form of: what a person reads and what a program takes are the same. */
function bytes(text: string, base64: string | undefined, number: number | null): PathBytes {
  const bytes = base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64');
  if (bytes.includes(0)) throw new RecordError(FILE, number, 'a path with a NUL');
  if (bytes.toString('utf8') !== text) throw new RecordError(FILE, number, 'a path whose text and bytes differ');
  return bytes as Uint8Array as PathBytes;
}
