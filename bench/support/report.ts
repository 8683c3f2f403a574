import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { median, type Samples } from './rounds.ts';

const DOCS = join(import.meta.dirname, '../../docs');
const JSON_FILE = join(DOCS, 'benchmarks.json');
const PAGE = join(DOCS, 'benchmarks.md');

/** A ratio that must hold: `of` is at most `most` times, or at least `least` times, `to`. */
export interface Bar {
  readonly says: string;
  readonly ratio: number;
  readonly most?: number;
  readonly least?: number;
}
export interface Result {
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly about: string;
  /** What the figures are: `ms`, `MB/s`. */
  readonly unit: string;
  readonly samples: Samples;
  /** What the samples were computed from, in ms, where that is something else. */
  readonly raw?: Samples;
  /** Ratios in the table are to this contestant; null: none. */
  readonly reference: string | null;
  readonly notes?: Readonly<Record<string, string>>;
  readonly bars: readonly Bar[];
}
interface Stored {
  readonly schema: 'agent-jail/benchmarks@1';
  readonly results: Readonly<Record<string, Result & { readonly date: string; readonly machine: string }>>;
}

/** Prints a result, stores it with its raw samples, writes the page anew, and sets the exit code where a bar is broken. */
export function report(name: string, result: Result): void {
  const stored: Stored = existsSync(JSON_FILE)
    ? (JSON.parse(readFileSync(JSON_FILE, 'utf8')) as Stored)
    : { schema: 'agent-jail/benchmarks@1', results: {} };
  const results = { ...stored.results, [name]: { ...result, date: new Date().toISOString().slice(0, 10), machine: machine() } };
  const sorted = Object.fromEntries(Object.entries(results).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(
    JSON_FILE,
    `${JSON.stringify({ ...stored, results: sorted }, null, 1)
      .replace(/\n {5,}/g, ' ')
      .replace(/(\d)\n {4}\]/g, '$1 ]')}\n`,
  );
  writeFileSync(PAGE, page(sorted));
  console.log(table(result).join('\n'));
  for (const bar of result.bars) {
    console.log(`${holds(bar) ? 'holds ' : 'BROKEN'}  ${bar.says}: ${bar.ratio.toFixed(2)}`);
    if (!holds(bar)) process.exitCode = 1;
  }
}

const holds = ({ ratio, most = Number.POSITIVE_INFINITY, least = 0 }: Bar): boolean => ratio <= most && ratio >= least;

function table({ samples, reference, unit, notes }: Result): string[] {
  const to = reference === null ? null : median(samples[reference] ?? []);
  const rows = Object.entries(samples)
    .map(([name, values]) => ({ name, middle: median(values), values }))
    .map(({ name, middle, values }) => {
      const spread = `${Math.min(...values)} – ${Math.max(...values)}`;
      const ratio = to === null ? '' : ` ${(middle / to).toFixed(2)} |`;
      return `| ${name} | ${Math.round(middle * 1000) / 1000} | ${spread} |${ratio} ${notes?.[name] ?? ''} |`;
    });
  const head = to === null ? '' : ` × ${reference} |`;
  return [`| | median, ${unit} | least – most |${head} |`, `|---|---|---|${to === null ? '' : '---|'}---|`, ...rows];
}

function page(results: Stored['results']): string {
  const sections = Object.entries(results).map(([name, result]) =>
    [
      `## ${result.title}`,
      '',
      result.about,
      '',
      ...table(result),
      '',
      ...result.bars.map((bar) => `- ${bar.says}: **${bar.ratio.toFixed(2)}**${holds(bar) ? '' : ', which is not so'}`),
      ...(result.bars.length > 0 ? [''] : []),
      `${result.date}, ${result.machine}. Again: \`npm run bench -- ${name.split('-')[0]}\`.`,
    ].join('\n'),
  );
  return `# Benchmarks

Written by \`npm run bench\`, which fails where a bar below is broken. Contestants take turns within one run, after a first turn that is
left out; raw samples are in [benchmarks.json](benchmarks.json). Only the ratios mean anything elsewhere.

${sections.join('\n\n')}
`;
}

function machine(): string {
  const version = (file: string, ...args: string[]): string => {
    try {
      return /\d+(\.\d+)+/.exec(execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))?.[0] ?? 'unknown';
    } catch {
      return 'absent';
    }
  };
  const others = ['dockerd', 'bwrap', 'script'].map((name) => `${name} ${version(name, '--version')}`);
  return `${cpus().length} processors, Linux ${release().split('-')[0]}, Node ${process.versions.node}, ${others.join(', ')}`;
}
