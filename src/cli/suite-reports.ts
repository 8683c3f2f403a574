import { createWriteStream, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Comparison } from '../model/suite.ts';
import { suiteHtml } from '../report/suite/html.ts';
import type { EstimateOfK, Figures, SuiteInput } from '../report/suite/input.ts';
import { junit } from '../report/suite/junit.ts';
import { LARGEST_SUMMARY, suiteMarkdown } from '../report/suite/markdown.ts';
import { suiteJson } from '../report/suite/suite-json.ts';
import { type NightTally, tallyNight } from '../report/suite/tally.ts';
import { estimate, type PassKind } from '../statistics/pass-at-k.ts';
import { readTrials } from '../suite/trials.ts';

/** What there is to report of. */
export interface Reported {
  /** `trials.ndjson`. */
  readonly results: string;
  /** Earlier ones, with the names that the reports give them. */
  readonly nights: readonly { readonly name: string; readonly path: string }[];
  readonly comparison: Comparison | null;
  /** What of `fail-on` happened. */
  readonly failures: readonly string[];
}
/** Files in the folder of reports. */
export const REPORTS = ['suite.html', 'suite.json', 'junit.xml', 'summary.md'] as const;

/** Writes the reports into a folder, over those that are there. Returns what they were made from. */
export async function writeReports(out: string, { results, nights, comparison, failures }: Reported): Promise<SuiteInput> {
  const current = await tallied('now', results, true);
  const earlier: NightTally[] = [];
  for (const { name, path } of nights) earlier.push(await tallied(name, path, false));
  earlier.sort((a, b) => (a.header.started < b.header.started ? -1 : 1));
  const input: SuiteInput = { current, nights: earlier, comparison, failures, figures: figuresOf(current) };
  const base = relative(out, dirname(results))
    .split('/')
    .filter((part) => part !== '')
    .map(encodeURIComponent)
    .join('/');
  const write = (name: (typeof REPORTS)[number], content: string | Buffer): void =>
    writeFileSync(join(out, name), content, { mode: 0o600 });
  write('suite.html', suiteHtml(input, { base: base === '' ? '' : `${base}/` }));
  write('suite.json', `${JSON.stringify(suiteJson(input), null, 2)}\n`);
  write('summary.md', suiteMarkdown(input, LARGEST_SUMMARY));
  await pipeline(Readable.from(junit(current, () => readTrials(results))), createWriteStream(join(out, 'junit.xml'), { mode: 0o600 }));
  return input;
}

async function tallied(name: string, path: string, keep: boolean): Promise<NightTally> {
  const trials = readTrials(path);
  return tallyNight({ name, header: trials.header, trials, complete: () => trials.complete }, keep);
}

/** More than this nobody compares. */
const MOST_K = 10;

/** pass@1, pass@k and pass^k, for every k that most tasks have trials for. */
function figuresOf({ tasks }: NightTally): Figures {
  const counts = tasks.filter(({ measured }) => measured > 0).map(({ passed, measured }) => ({ passed, trials: measured }));
  const most = Math.min(MOST_K, ...counts.map(({ trials }) => trials));
  const of = (kind: PassKind, k: number): EstimateOfK[] => {
    const { value, low, high } = estimate(counts, k, kind);
    return value === null ? [] : [{ k, value, low, high }];
  };
  const ks = counts.length === 0 ? [] : Array.from({ length: most }, (_, at) => at + 1);
  return {
    pass1: counts.length === 0 ? null : (of('pass@k', 1)[0] ?? null),
    passAtK: ks.flatMap((k) => of('pass@k', k)),
    passHatK: ks.flatMap((k) => of('pass^k', k)),
  };
}
