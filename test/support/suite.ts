import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Trial, TrialsHeader } from '../../src/model/suite.ts';
import { cli, type Options } from './jail.ts';

/** Small, so that a suite of jails is soon done. */
export const LIMITS = 'limits: { disk: 64MiB, memory: 256MiB, cpus: 1, time: 30s }';

/** Files below `at`; a suite among them is named by a test. */
export function files(at: string, contents: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), content, { mode: content.startsWith('#!') ? 0o755 : 0o644 });
  }
}

export interface SuiteRan {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly header: TrialsHeader;
  readonly trials: readonly Trial[];
  readonly complete: boolean;
  /** The one trial of a task. */
  of(task: string): Trial;
}

/** `agent-jail suite COMMAND`, and the results in `out`. */
export async function suite(
  args: readonly string[],
  out: string,
  options: { cwd: string } & Pick<Options, 'env' | 'enter'>,
): Promise<SuiteRan> {
  const { code, stdout, stderr } = await cli(['suite', ...args, '--out', out], options);
  return { code, stdout, stderr, ...results(out, stderr) };
}

export function results(out: string, stderr = ''): Pick<SuiteRan, 'header' | 'trials' | 'complete' | 'of'> {
  let text = '';
  try {
    text = readFileSync(join(out, 'trials.ndjson'), 'utf8');
  } catch {
    throw new Error(`there are no results: ${stderr}`);
  }
  const [header, ...lines] = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const trials = lines.filter((line) => line['end'] === undefined) as unknown as Trial[];
  const of = (task: string): Trial => {
    const [found, ...more] = trials.filter((trial) => trial.task === task);
    if (found === undefined || more.length > 0)
      throw new Error(`${more.length + (found === undefined ? 0 : 1)} trials of ${task}: ${stderr}`);
    return found;
  };
  return { header: header as unknown as TrialsHeader, trials, complete: lines.at(-1)?.['end'] === true, of };
}
