// The shards of a night, 256 with 10,000 trials each, merged into one file: time beside `cat`, and memory.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLEAN_ENV } from '../src/system/exec.ts';
import { writeNight } from '../test/support/trials.ts';
import { report } from './support/report.ts';
import { alternate, type Contestant, median } from './support/rounds.ts';

const NIGHT = join(import.meta.dirname, '../test/support/merge-night.ts');
const [SHARDS, LINES, TRIALS] = [256, 10_000, 100];
/** Of half a minute each. */
const ROUNDS = 5;
const NAMES = ['merge', 'read', 'cat'] as const;

const place = mkdtempSync(join(tmpdir(), 'agent-jail-bench-'));
try {
  const folder = join(place, 'night');
  mkdirSync(folder);
  const { files, bytes, lines } = writeNight(folder, { tasks: (SHARDS * LINES) / TRIALS, trials: TRIALS, shards: SHARDS });
  const [merged, joined] = [join(folder, 'trials.ndjson'), join(place, 'cat')];
  const node = (what: string) => [process.execPath, NIGHT, what, folder, merged] as const;
  const contestants: Contestant[] = [
    { name: 'merge', argv: node('merge'), cwd: place, env: CLEAN_ENV, code: 0, before: () => rmSync(merged, { force: true }) },
    { name: 'read', argv: node('read'), cwd: place, env: CLEAN_ENV, code: 0 },
    {
      name: 'cat',
      argv: ['sh', '-c', 'out=$1; shift; cat "$@" > "$out"', 'sh', joined, ...files],
      cwd: place,
      env: CLEAN_ENV,
      code: 0,
      after: () => {
        if (statSync(joined).size !== bytes) throw new Error('cat did not write all');
        rmSync(joined);
      },
    },
  ];
  const times = alternate(contestants, ROUNDS);
  const samples = Object.fromEntries(NAMES.map((name) => [name, (times[name] ?? []).map((ms) => Math.round(ms / 10) / 100)]));
  report('merge', {
    title: 'Merging the shards of a night',
    about: `${SHARDS} shards with ${LINES.toLocaleString('en')} trials each: ${lines.toLocaleString('en')} lines, ${Math.round(bytes / 1e6)} MB. Each line is parsed and checked, each trial has to be expected and there only once, and the path of its record is changed. Whole processes, files in the page cache.`,
    unit: 's',
    samples,
    reference: 'cat',
    notes: {
      merge: 'shards into one file',
      read: 'that file, with all its checks, line by line',
      cat: '`cat` of the shards into a file, which looks at nothing',
    },
    bars: [
      { says: 'a night is merged within a minute (of 60 s)', ratio: median(samples['merge'] ?? []) / 60, most: 1 },
      { says: 'and read within half a minute (of 30 s)', ratio: median(samples['read'] ?? []) / 30, most: 1 },
    ],
  });
  const memory = Object.fromEntries(['merge', 'read'].map((what) => [what, [1, 2, 3].map(() => peak(node(what)))]));
  report('merge-memory', {
    title: 'Memory while a night is merged',
    about:
      'The most memory that the process had at a time (getrusage), of the same night. It is a Node process: the start alone takes some fifty.',
    unit: 'MB',
    samples: memory,
    reference: null,
    bars: [{ says: 'merge and reader have at most 500 MB', ratio: Math.max(...Object.values(memory).map(median)) / 500, most: 1 }],
  });
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** MB (10^6 bytes). */
function peak([file, ...args]: readonly [string, ...string[]]): number {
  const { bytes } = JSON.parse(execFileSync(file, args, { env: CLEAN_ENV, encoding: 'utf8' })) as { readonly bytes: number };
  return Math.round(bytes / 1e5) / 10;
}
