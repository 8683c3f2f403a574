import type { RunDocument } from '../model/record.ts';
import { RecordError } from '../record/error.ts';
import type { AgentLine, RecordReader } from '../record/read.ts';
import { type Read, readTrajectory, type Source, wantedBy } from '../trajectory/trajectory.ts';

interface Range {
  readonly step: number;
  readonly from: number;
  to: number;
}

/** The agents' logs of a sealed record as one trajectory. Where they cannot be read, there is none: what the gateway saw is kept. */
export async function trajectoryOf(record: RecordReader, run: RunDocument): Promise<Read> {
  try {
    return await readTrajectory(sources(record, run), run.tokens, { run: run.id });
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return readTrajectory([], run.tokens, {});
  }
}

/** What each step printed whose agent's log is wanted, then what the agents left in HOME. */
async function* sources(record: RecordReader, run: RunDocument): AsyncGenerator<Source> {
  const wanted = run.steps.map(({ setup, agent = null }) => (setup ? [] : wantedBy(agent)));
  for (const { step, from, to } of await printed(record, run)) {
    const own = wanted[step] ?? [];
    if (own.length > 0) yield { wanted: own, step, from: 'stdout', pieces: part(record, from, to) };
  }
  yield* files(record, [...new Set(wanted.flat())]);
}

/** Where in the transcript each step's output stands. Of a single step it is all of it, and the index need not be read. */
async function printed(record: RecordReader, { steps }: RunDocument): Promise<readonly Range[]> {
  const size = record.size('transcript.log') ?? 0;
  const started = [...steps.entries()].filter(([, { started: at }]) => at !== null);
  if (started.length === 1) return started.map(([step]) => ({ step, from: 0, to: size }));
  const ranges: Range[] = [];
  for await (const line of record.lines('transcript.ndjson')) {
    if (line.kind !== 'begin' || line.step === null) continue;
    const last = ranges.at(-1);
    if (last !== undefined) last.to = line.offset;
    ranges.push({ step: line.step, from: line.offset, to: size });
  }
  return ranges;
}

function* part(record: RecordReader, from: number, to: number): Generator<Buffer> {
  let at = 0;
  for (const piece of record.pieces('transcript.log')) {
    const start = Math.max(0, from - at);
    const end = Math.min(piece.length, to - at);
    if (end > start) yield piece.subarray(start, end);
    at += piece.length;
    if (at >= to) return;
  }
}

/** The files of `agent.ndjson`, one after the other. */
async function* files(record: RecordReader, wanted: Source['wanted']): AsyncGenerator<Source> {
  const lines = record.lines('agent.ndjson')[Symbol.asyncIterator]();
  let next = await lines.next();
  const line = (): (AgentLine & { kind: 'line' }) | null => (next.done === true || next.value.kind !== 'line' ? null : next.value);
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let one = line(); one !== null; one = line()) {
      yield Buffer.from(`${one.text}\n`);
      next = await lines.next();
    }
  }
  while (next.done !== true) {
    const file = next.value;
    next = await lines.next();
    if (file.kind === 'file') {
      const own = wanted.filter((agent) => agent === file.agent);
      yield { wanted: own, step: null, from: `~/${file.path}`, pieces: own.length === 0 ? [] : pieces() };
    }
    // What was not read of it.
    while (line() !== null) next = await lines.next();
  }
}
