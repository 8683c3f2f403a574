import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { compare } from '../compare/compare.ts';
import { DEFAULTS } from '../compare/settings.ts';
import { readTrials } from '../suite/trials.ts';
import { parse, wrong } from './args.ts';
import { json, type Io } from './io.ts';
import { listOf, resultsFile } from './suite-args.ts';
import { REPORTS, writeReports } from './suite-reports.ts';

/** `agent-jail suite report RESULTS`: pages for people and files for machines, of results that lie there. */
export async function suiteReport(argv: readonly string[], io: Io): Promise<number> {
  const { options, positionals } = parse(argv, { out: 'string', nights: 'string', json: 'boolean' }, 1);
  const [written] = positionals;
  if (written === undefined) throw wrong('which results? agent-jail suite report RESULTS');
  const results = resultsFile(written, io);
  const out = options['out'] === undefined ? dirname(results) : resolve(io.cwd, options['out']);
  mkdirSync(out, { recursive: true, mode: 0o700 });
  const nights = listOf(options['nights']).map((name) => ({ name, path: resultsFile(name, io) }));
  // With nothing to compare with it still has the intervals.
  const trials = readTrials(results);
  const comparison = await compare({ name: written, header: trials.header, trials, complete: trials.complete }, [], DEFAULTS);
  await writeReports(out, { results, nights, comparison, failures: [] });
  const files = REPORTS.map((name) => join(out, name));
  if (options['json'] === undefined) io.out(`${files[0]}\n`);
  else json(io, { schema: 'agent-jail/suite-reports@1', files });
  return 0;
}
