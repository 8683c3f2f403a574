import type { Finding } from '../model/changes.ts';
import type { GuardRule } from '../model/policy.ts';
import type { RecordReader } from '../record/read.ts';
import { displayText } from '../record/display.ts';
import { finding, unchecked } from './bag.ts';
import { bounded, TIME } from './bounded.ts';

/** Bytes of the transcript that are searched. */
export const SEARCHED = 256 << 20;
/** A match of at most this many bytes is found wherever it stands. */
export const OVERLAP = 64 << 10;

/**
 * `guards.output`: a regular expression over `transcript.log`, where `^` and `$` are ends of lines. The expression is the policy's, the text
 * is the agent's: it is stopped after 2 s, and then the rule is broken.
 */
export function outputFindings(rule: Extract<GuardRule, { on: 'output' }>, record: RecordReader, time = TIME): readonly Finding[] {
  const { kind, pattern } = rule.test;
  const expression = compile(pattern);
  if (expression === null) return [unchecked(rule, 'the regular expression does not compile')];
  const what = [displayText(pattern)];
  let left = time;
  let found = false;
  for (const text of windows(limited(record))) {
    const result = bounded(() => expression.test(text), left);
    if (!result.ok) return [{ ...unchecked(rule, `the regular expression took longer than ${time / 1000} s`), what }];
    left -= result.ms;
    found = result.value;
    if (found) break;
  }
  if (kind === 'forbid' && found) return [finding(rule, 'the output matches a forbidden expression', what)];
  if (found) return [];
  if ((record.size('transcript.log') ?? 0) > SEARCHED) return [{ ...unchecked(rule, 'the output is too long to be searched'), what }];
  return kind === 'require' ? [finding(rule, 'the output does not match a required expression', what)] : [];
}

function compile(pattern: string): RegExp | null {
  for (const flags of ['mu', 'm']) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // Not every expression is one with the flag u.
    }
  }
  return null;
}

function* limited(record: RecordReader): Generator<Buffer> {
  let left = SEARCHED;
  for (const piece of record.pieces('transcript.log')) {
    if (left === 0) return;
    const part = piece.subarray(0, left);
    left -= part.length;
    yield part;
  }
}

/** The text in overlapping windows that begin and end with lines, unless a line is longer than a window. */
export function* windows(pieces: Iterable<Buffer>): Generator<string> {
  let kept = Buffer.alloc(0);
  // Bytes of `kept` that a window has shown already.
  let shown = 0;
  for (const piece of pieces) {
    const bytes = Buffer.concat([kept, piece]);
    const line = bytes.lastIndexOf(10) + 1;
    const end = line > shown ? line : bytes.length;
    yield bytes.toString('utf8', 0, end);
    const from = overlapStart(bytes, end);
    kept = Buffer.from(bytes.subarray(from));
    shown = end - from;
  }
  if (kept.length > shown || shown === 0) yield kept.toString('utf8');
}

/** Where the next window begins: a line's start, if one is near. */
function overlapStart(bytes: Buffer, end: number): number {
  const least = Math.max(0, end - OVERLAP);
  const line = least === 0 ? 0 : bytes.lastIndexOf(10, least - 1) + 1;
  return least - line <= 3 * OVERLAP ? line : least;
}
