import { cli } from './jail.ts';
import type { stepped } from './steps.ts';

type Stepped = Awaited<ReturnType<typeof stepped>>;
type Settings = Readonly<Record<string, string | number>>;

/** A policy with small limits, some of them other than usual; and those of setup steps, where they differ. */
export function limits(agent: Settings, setup?: Settings): string {
  const all = { memory: '256MiB', processes: 100, disk: '64MiB', files: 10_000, time: '60s', ...agent };
  return `${JSON.stringify({ limits: all, ...(setup === undefined ? {} : { setup: { limits: setup } }) })}\n`;
}
/** A list of steps for `sh`, from names and scripts; what else a step says is of its name. */
export const scripts = (all: Readonly<Record<string, string>>, more: Readonly<Record<string, object>> = {}): string =>
  JSON.stringify(Object.entries(all).map(([name, run]) => ({ name, run, shell: 'sh', ...more[name] })));

/** The limits that `run.json` says were reached. */
export const hits = ({ run }: Stepped): string[] => run.limits.filter(({ hit }) => hit).map(({ name }) => name);
/** The same, for each step; null: it did not start. */
export const stepHits = ({ run }: Stepped): (readonly string[] | null)[] => run.steps.map(({ exit }) => exit?.hit ?? null);
/** A limit, and the most that the run used of it. */
export function limitOf({ run }: Stepped, name: string): { limit: number; peak: number } {
  const found = run.limits.find((one) => one.name === name);
  return { limit: found?.limit ?? Number.NaN, peak: found?.peak ?? Number.NaN };
}
/** Whether `agent-jail verify` finds the record whole. */
export async function verified({ out }: Stepped): Promise<string> {
  return (await cli(['verify', out], { cwd: out })).stdout.replace(/,.*\n$/, '');
}
