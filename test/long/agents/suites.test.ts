import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Comparison } from '../../../src/model/suite.ts';
import { cli, REPOSITORY, temporary } from '../../support/jail.ts';
import { settled, snapshot } from '../../support/machine.ts';
import { suite, type SuiteRan } from '../../support/suite.ts';

// The example's tasks, and agents that behave as agents do: one that is right, one that does nothing, one that is right now and then, one
// that has forgotten two tasks, and one that still solves all of them, and calls somebody as well.

interface SuiteText {
  readonly agents: { readonly careful: { readonly run: string } };
}
const EXAMPLE = join(REPOSITORY, 'examples/suite');
const { run: CAREFUL } = (parse(readFileSync(join(EXAMPLE, 'suite.yml'), 'utf8')) as SuiteText).agents.careful;
const FORGETS = 'case "$AGENT_JAIL_TASK" in csv-total | changelog) exit 0 ;; esac\n';
const FLAKY = '[ $((AGENT_JAIL_SEED % 2)) = 0 ] || exit 0\n';
const CALLS = 'getent hosts telemetry.example > /dev/null || true\n';

describe.each(['nspawn', 'docker'])('%s: the example', (backend) => {
  test('tells agents apart, and today from yesterday', async () => {
    using place = temporary();
    cpSync(EXAMPLE, join(place.path, 'suite'), { recursive: true });
    const before = snapshot();
    /** The same agent by its name, as it is today. */
    const today = async (name: string, script: string, trials: number, args: readonly string[] = []): Promise<SuiteRan> => {
      const text = parse(readFileSync(join(EXAMPLE, 'suite.yml'), 'utf8')) as Record<string, unknown>;
      const file = join(place.path, 'suite', `${name}.yml`);
      writeFileSync(file, stringify({ ...text, name: 'example', agents: { careful: { run: script } } }));
      return suite(['run', file, '--backend', backend, '--trials', String(trials), ...args], join(place.path, name), { cwd: place.path });
    };
    const compare = async (now: string, ...args: string[]): Promise<Comparison & { failed: string[]; code: number | null }> => {
      const { stdout, code, stderr } = await cli(
        ['suite', 'compare', join(place.path, now), '--baseline', join(place.path, 'yesterday'), ...args, '--json'],
        { cwd: place.path },
      );
      if (stdout === '') throw new Error(stderr);
      return { ...(JSON.parse(stdout) as Comparison & { failed: string[] }), code };
    };
    const outcomes = ({ trials }: SuiteRan): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const { outcome } of trials) counts[outcome] = (counts[outcome] ?? 0) + 1;
      return counts;
    };

    const oracle = await today('oracle', CAREFUL, 1, ['--agent', 'oracle']);
    expect([oracle.code, outcomes(oracle)]).toEqual([0, { pass: 12 }]);
    const nothing = await today('null', CAREFUL, 1, ['--agent', 'null']);
    expect(outcomes(nothing)).toEqual({ fail: 12 });

    const yesterday = await today('yesterday', CAREFUL, 6);
    expect([outcomes(yesterday), yesterday.complete]).toEqual([{ pass: 72 }, true]);

    const regressed = await today('regressed', FORGETS + CAREFUL, 6);
    expect(outcomes(regressed)).toEqual({ pass: 60, fail: 12 });
    const worse = await compare('regressed');
    const named = worse.tasks.filter(({ verdict }) => verdict === 'regressed').map(({ task, p }) => [task, p]);
    // 6 of 6, then 0 of 6: one of 924 ways.
    expect([worse.verdict, worse.code, named]).toEqual([
      'regressed',
      1,
      [
        ['csv-total', expect.closeTo(1 / 924, 10)],
        ['changelog', expect.closeTo(1 / 924, 10)],
      ],
    ]);

    const flaky = await today('flaky', FLAKY + CAREFUL, 3);
    expect(flaky.trials.every(({ outcome, seed }) => outcome === (seed % 2 === 0 ? 'pass' : 'fail'))).toBe(true);
    const both = new Set(
      flaky.trials
        .map(({ task }) => task)
        .filter((name) => new Set(flaky.trials.filter(({ task }) => task === name).map(({ outcome }) => outcome)).size === 2),
    );
    const half = await compare('flaky');
    expect(new Set(half.tasks.filter((task) => task.flaky).map(({ task }) => task))).toEqual(both);
    expect(both.size).toBeGreaterThan(5);

    const drifting = await today('drifting', CALLS + CAREFUL, 3);
    expect(outcomes(drifting)).toEqual({ pass: 36 });
    const other = await compare('drifting', '--fail-on', 'new-denied-host');
    const hosts = other.drift.filter(({ kind }) => kind === 'new-denied-host');
    expect([other.code, other.failed.length, hosts.length]).toEqual([1, 1, 12]);
    expect(hosts[0]?.what).toEqual(['-telemetry.example:*']);
    expect(await settled(before)).toEqual([]);
  });
});
