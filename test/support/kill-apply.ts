import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { applyPlaces, undo } from '../../src/apply/apply.ts';
import type { Undone } from '../../src/apply/apply.ts';
import { findTarget } from '../../src/apply/target.ts';
import type { HostPath } from '../../src/model/names.ts';
import { root } from './sources.ts';
import { BASE, checkout, contentsOf, git, planned, recordOf } from '../unit/apply/support.ts';
import type { Made, Things } from '../unit/apply/support.ts';

export const THINGS: Things = {
  'a.txt': 'changed\n',
  'x/y/new': 'new\n',
  docs: 'flat\n',
  'docs/x/deep': null,
  link: { link: 'src/b.txt' },
};

/** An apply in a process of its own, which dies by SIGKILL at this call that changes a file system; 0: it does not. */
export function killedAt(call: number, { record, expect: wanted }: Made, top: string, commit: string) {
  const argv = [join(root, 'test/support/killed-apply.ts'), record, wanted, top, commit, String(call)];
  return spawnSync(process.execPath, argv, { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } });
}

export interface Whole {
  readonly made: Made;
  readonly before: ReturnType<typeof contentsOf>;
  readonly after: ReturnType<typeof contentsOf>;
}
/** One that is not killed: what the checkout was, what it becomes, and how many calls that takes. */
export function applied(): Whole & { readonly calls: number } {
  const { top, commit } = checkout();
  const before = contentsOf(top);
  const made = recordOf(commit, BASE, THINGS);
  const whole = killedAt(0, made, top, commit);
  expect(whole).toMatchObject({ status: 0, stderr: '' });
  const calls = Number(whole.stdout);
  expect(calls).toBeGreaterThan(25);
  return { made, before, after: contentsOf(top), calls };
}

/** Kills one, has it undone, and expects the checkout to be wholly the old one or wholly the new one. */
export async function killed(call: number, { made, before, after }: Whole): Promise<Undone | null> {
  const { top, commit } = checkout();
  expect(killedAt(call, made, top, commit)).toMatchObject({ signal: 'SIGKILL' });
  const target = await findTarget(top as HostPath);
  if (call > 1) {
    // Until then no other apply begins.
    const { record, places } = await planned(made);
    await expect(applyPlaces(record, target, places, null)).rejects.toMatchObject({ name: 'Refusal' });
  }
  const end = await undo(target);
  const moved = git(top, 'rev-parse', 'HEAD') !== commit;
  expect([call, contentsOf(top)]).toEqual([call, moved ? after : before]);
  if (end !== 'tidied') expect([call, moved]).toEqual([call, end === 'completed']);
  expect([call, git(top, 'status', '--porcelain')]).toEqual([call, '']);
  expect([existsSync(join(top, '.git/agent-jail-apply')), existsSync(join(top, '.git/index.lock'))]).toEqual([false, false]);
  expect(await undo(target)).toBeNull();
  return end;
}
