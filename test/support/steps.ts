import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, record, repository } from './jail.ts';

/** Small and quick; a step that is held up goes over its time. */
export const SMALL = 'limits: { disk: 64MiB, memory: 512MiB, time: 20s }\n';

export interface StepsOptions {
  /** YAML. */
  readonly policy?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** `agent-jail run --steps` with a YAML list, in a repository at `at`, by the bundle that is shipped. */
export async function stepped(at: string, steps: string, { policy = SMALL, env = {}, args = [] }: StepsOptions = {}) {
  if (!existsSync(join(at, 'work'))) repository(at);
  const out = mkdtempSync(join(at, 'record-'));
  writeFileSync(join(at, 'policy.yml'), policy);
  writeFileSync(join(at, 'steps.yml'), steps);
  const ran = await cli(['run', '--policy', join(at, 'policy.yml'), '--steps', join(at, 'steps.yml'), '--out', out, ...args], {
    cwd: join(at, 'work'),
    env,
  });
  return { ...ran, ...record(out) };
}

/** `name code` of every step; `-` where it did not start. */
export const codes = ({ run }: Pick<Awaited<ReturnType<typeof stepped>>, 'run'>): string[] =>
  run.steps.map(({ name, exit }) => `${name} ${exit === null ? '-' : exit.code}`);
