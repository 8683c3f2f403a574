// Where the time of a short run goes: the phases that its record tells of.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunDocument } from '../src/model/record.ts';
import { CLEAN_ENV } from '../src/system/exec.ts';
import { report } from './support/report.ts';
import { alternate, type Samples } from './support/rounds.ts';

const ROOT = join(import.meta.dirname, '..');
/** A row that is no phase: all of it. */
const WHOLE = 'the whole run';

const place = mkdtempSync(join(tmpdir(), 'agent-jail-bench-'));
const out = join(place, 'record');
try {
  const work = join(place, 'work');
  mkdirSync(work);
  execFileSync('git', ['init', '--quiet', work], { env: CLEAN_ENV });
  writeFileSync(join(work, 'a.txt'), 'a\n');
  writeFileSync(join(place, 'policy.yml'), 'limits: { disk: 256MiB, memory: 512MiB, time: 1m }\n');

  const seen: RunDocument['phases'][] = [];
  const times = alternate([
    {
      name: WHOLE,
      argv: [process.execPath, join(ROOT, 'dist/cli.js'), 'run', '--policy', join(place, 'policy.yml'), '--out', out, '--', 'true'],
      cwd: work,
      env: { ...CLEAN_ENV, HOME: place },
      code: 0,
      after: () => {
        seen.push((JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunDocument).phases);
        rmSync(out, { recursive: true });
      },
    },
  ]);
  const samples = { ...durations(seen.slice(1), times[WHOLE] ?? []), ...times }; // the first round is left out there too
  report('phases', {
    title: 'Phases of a run of `true`',
    about:
      'Each lasts until the next begins, by the times in `run.json`. `around` is the rest: the start of the processes before, and sealing, verdict, summary and clean-up after the last phase that the sealed record can tell of.',
    unit: 'ms',
    samples,
    reference: WHOLE,
    bars: [],
  });
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** ms of each phase, run by run. */
function durations(runs: readonly RunDocument['phases'][], whole: readonly number[]): Samples {
  const samples: Record<string, number[]> = {};
  for (const [run, phases] of runs.entries()) {
    const entered = Object.entries(phases).sort(([, a], [, b]) => a - b);
    const inside = entered.slice(0, -1).map(([name, t], index) => [name, (entered[index + 1]?.[1] ?? t) - t] as const);
    const sum = inside.reduce((total, [, ms]) => total + ms, 0);
    const around = Math.round(((whole[run] ?? Number.NaN) - sum) * 10) / 10;
    for (const [name, ms] of [...inside, ['around', around] as const]) (samples[name] ??= []).push(ms);
  }
  return samples;
}
