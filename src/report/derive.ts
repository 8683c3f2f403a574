import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostPath } from '../model/names.ts';
import type { DerivedFile, RunDocument } from '../model/record.ts';
import type { TerminalSize } from '../model/terminal.ts';
import type { Conclusion } from '../record/conclusion.ts';
import { RecordError } from '../record/error.ts';
import type { RecordReader, TranscriptLine } from '../record/read.ts';
import { json } from '../record/write.ts';
import { gather } from './gather.ts';
import { fill } from './html.ts';
import { sarif } from './sarif.ts';
import { summary } from './summary.ts';

/** Bytes of head and of tail: of the cast, and of what the report replays; ms of output that are one event. */
const WHOLE = { half: 4 << 20, gap: 0 };
const SHORT = { half: 192 << 10, gap: 100 };

const PAGE = join(import.meta.dirname, 'report-page.html') as HostPath;

/** Makes an asciicast; whoever asks for a report brings it. */
type MakeCast = (transcript: Transcript, options: { version: 2 | 3; half: number; gap: number }) => Promise<string>;
interface Transcript {
  readonly index: AsyncIterable<TranscriptLine>;
  readonly log: Iterable<Buffer>;
  readonly size: number;
  readonly started: string;
  readonly terminals: readonly (TerminalSize | null)[];
}
export interface Wish {
  readonly makeCast: MakeCast;
  /** The page without data, when it is not the one beside this program. */
  readonly page?: HostPath;
  readonly version?: 2 | 3;
  readonly base?: string;
}

/** What is made from a judged record: for a program that replays, for a browser, for a job's summary. */
export async function derive(
  conclusion: Conclusion,
  { makeCast, page = PAGE, version = 2, base = '' }: Wish,
): Promise<Record<Exclude<DerivedFile, 'transcript.txt'>, string | Buffer>> {
  const { record, run } = conclusion;
  const cast = async (kind: 2 | 3, size: typeof WHOLE) => makeCast(transcript(record, run), { version: kind, ...size });
  const whole = await cast(version, WHOLE).catch(nothing);
  const isShort = version === 2 && whole !== '' && whole.length <= SHORT.half;
  const data = await gather(conclusion, async () => (isShort ? whole : cast(2, SHORT)), base);
  return {
    'trajectory.json': conclusion.trajectory === null ? '' : json(conclusion.trajectory),
    'transcript.cast': whole,
    'report.html': fill(readFileSync(page), data),
    'findings.sarif': json(sarif(conclusion)),
    'summary.md': await summary(conclusion),
  };
}

/** A transcript that cannot be read: the report says why. */
function nothing(error: unknown): string {
  if (error instanceof RecordError) return '';
  throw error;
}

const transcript = (record: RecordReader, { started, steps }: RunDocument): Transcript => ({
  index: record.lines('transcript.ndjson'),
  log: record.pieces('transcript.log'),
  size: record.size('transcript.log') ?? 0,
  started,
  terminals: steps.map(({ tty }) => tty ?? null),
});
