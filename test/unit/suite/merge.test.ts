import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { TrialsHeader } from '../../../src/model/suite.ts';
import { mergeTrials } from '../../../src/suite/merge.ts';
import { planDigest, planOf, planShards } from '../../../src/suite/plan.ts';
import { LINE_LIMIT, readTrials } from '../../../src/suite/trials.ts';
import { trialOf } from '../../support/trials.ts';
import { all, edit, expects, folder, HEADER, hex, ORIGIN, told, trialsOf, write } from './trials-fixture.ts';

const NIGHT = join(import.meta.dirname, '../../support/merge-night.ts');
const SUITE = [expects('sum', 1, 4), expects('parse', 1, 1), expects('zip', 1, 1)];

/** Shards of a plan, each in `shard-N/trials.ndjson` below `place`; `other`: what the header of one of them says otherwise. */
function night(place: string, tasks = SUITE, shards = 3, other: (index: number) => Partial<TrialsHeader> = () => ({})): string[] {
  const lists = planShards(tasks, shards, new Map());
  const plan = planDigest(planOf(HEADER, lists));
  return lists.map((expected, at) => {
    const header = { ...HEADER, expected, shard: { index: at + 1, of: lists.length, plan }, ...other(at + 1) };
    mkdirSync(join(place, `shard-${at + 1}`), { recursive: true });
    return write(join(place, `shard-${at + 1}`, 'trials.ndjson'), header);
  });
}
const name = (index: number): string => `shard-${index}/trials.ndjson`;

test('the shards of any plan, in any order, become one file with all trials, whose records are where they were', async () => {
  const trials = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,4}$/), fc.integer({ min: 1, max: 9 })), {
    minLength: 1,
    maxLength: 8,
    selector: ([task]) => task,
  });
  await fc.assert(
    fc.asyncProperty(trials, fc.integer({ min: 1, max: 6 }), fc.infiniteStream(fc.nat()), async (tasks, shards, order) => {
      const place = folder();
      const suite = tasks.map(([task, many]) => expects(task, 1, many));
      const files = night(place, suite, shards);
      const out = join(place, 'trials.ndjson');
      const sorts = files.map((file) => ({ file, by: order.next().value ?? 0 })).sort((a, b) => a.by - b.by);
      const merged = mergeTrials(
        sorts.map(({ file }) => file),
        out,
      );
      const read = readTrials(out);
      expect([read.header, read.complete, merged.cut]).toEqual([merged.header, true, []]);
      expect({ ...read.header, expected: [] }).toEqual({ ...HEADER, expected: [] });
      const byName = (a: { task: string }, b: { task: string }) => (a.task < b.task ? -1 : 1);
      expect(read.header.expected.toSorted(byName)).toEqual(suite.toSorted(byName));
      const there = await all(read);
      expect([merged.trials, merged.expected]).toEqual([there.length, there.length]);
      const wanted = files.flatMap((file, at) =>
        trialsOf(readTrials(file).header).map((trial) => ({ ...trial, record: `shard-${at + 1}/${trial.record}` })),
      );
      expect(there).toEqual(wanted);
    }),
    { numRuns: 30 },
  );
});

test('lines are copied as they are; only the path of a record is another', () => {
  const place = folder();
  const files = night(place);
  // A blank, another order of keys, and text that looks like a record.
  const hostile = String.raw`"because":"\",\"record\":\"records/sum/1\"}"`;
  const changes: ((text: string) => string)[] = [
    (text) => text.replace('"because":"passed"', hostile),
    (text) => text.replace('{"task"', '{ "task"').replace('"records/parse/1"', 'null'),
  ];
  const [first = ''] = files;
  renameSync(edit(edit(first, 2, changes[0] ?? String), 3, changes[1] ?? String), first);
  const moved = edit(files[1] ?? '', 2, (text) => `{"record":"records/sum/2",${text.slice(1, -',"record":"records/sum/2"}'.length)}}`);
  renameSync(moved, files[1] ?? '');
  const lines = (file: string): string[] => readFileSync(file, 'utf8').split('\n');
  const out = join(place, 'out.ndjson');
  mergeTrials(files, out);
  expect(lines(out)[1]).toBe(lines(first)[1]?.replace('"record":"records/sum/1"}', '"record":"shard-1/records/sum/1"}'));
  expect(lines(out)[1]).toContain(hostile);
  expect(lines(out)[2]).toBe(lines(first)[2]);
  expect(JSON.parse(lines(out)[3] ?? '')).toEqual({ ...trialOf('sum', 2), record: 'shard-2/records/sum/2' });
  // In one folder there is nothing to change.
  const beside = folder();
  const [single = ''] = night(beside, [expects('sum', 1, 2)], 1);
  const to = join(dirname(single), 'all.ndjson');
  mergeTrials([single], to);
  expect(lines(to).slice(1)).toEqual(lines(single).slice(1));
});

test('a job that was run again, an earlier start', () => {
  const place = folder();
  const files = night(place, SUITE, 3, (index) => ({
    started: `2026-11-29T02:0${4 - index}:00.000Z`,
    origin: { ...ORIGIN, attempt: index === 2 ? 2 : 1 },
  }));
  const { header } = mergeTrials(files, join(place, 'out.ndjson'));
  expect([header.started, header.origin, header.shard]).toEqual(['2026-11-29T02:01:00.000Z', { ...ORIGIN, attempt: 2 }, null]);
});

test('what is there of a shard that was cut off is taken where that is allowed', async () => {
  const place = folder();
  const files = night(place);
  const size = readFileSync(files[0] ?? '').length;
  truncateSync(files[0] ?? '', size - 100);
  const out = join(place, 'out.ndjson');
  expect(await told(() => mergeTrials(files, out))).toBe(
    `agent-jail: ${name(1)} was cut off. Run that shard again, or allow what was cut off: its other trials are then missing`,
  );
  const { trials, expected, cut, header } = mergeTrials(files, out, { allowCut: true });
  expect([trials, expected, cut]).toEqual([5, 6, [files[0]]]);
  expect((await all(readTrials(out))).map(({ task, trial }) => `${task} ${trial}`)).toEqual(['sum 1', 'sum 2', 'sum 3', 'sum 4', 'zip 1']);
  expect(header.expected.map(({ task, trials: many }) => [task, many])).toEqual([
    ['sum', 4],
    ['parse', 1],
    ['zip', 1],
  ]);
});

describe('refused, by name', () => {
  const PLANNED = 'Run all shards with the tasks of the matrix that `suite plan` wrote, at the commit that it was planned for';
  const cases: [string, (files: string[], place: string) => string[], string][] = [
    ['nothing', () => [], 'agent-jail: there is no file to merge. Give the trials.ndjson of each shard'],
    [
      'a shard missing',
      (files) => files.slice(1),
      'agent-jail: of 3 shards, one is missing: 1. Run the jobs of these shards again, and merge all',
    ],
    [
      'a shard twice',
      (files, place) => {
        mkdirSync(join(place, 'again'));
        writeFileSync(join(place, 'again/trials.ndjson'), readFileSync(files[1] ?? ''));
        return [...files, join(place, 'again/trials.ndjson')];
      },
      `agent-jail: ${name(2)} and again/trials.ndjson are both shard 2. Leave out one of them: the older attempt`,
    ],
    [
      'all of a suite among the shards',
      (files, place) => [...files, write(join(place, 'all.ndjson'))],
      'agent-jail: all.ndjson is no shard: it has all of a suite. Give shards of one plan only',
    ],
    [
      'a trial of another shard',
      (files) => {
        renameSync(
          edit(files[1] ?? '', 3, (text) => text.replace(/"task":"\w+","trial":\d/, '"task":"sum","trial":1')),
          files[1] ?? '',
        );
        return files;
      },
      `${name(2)}:3:1: trial 1 of sum is not among those that the first line names: it belongs to shard 1, ${name(1)}`,
    ],
    [
      'each file that is none',
      (files, place) => {
        writeFileSync(join(place, 'empty.ndjson'), '');
        return [...files, join(place, 'none.ndjson'), join(place, 'empty.ndjson')];
      },
      'agent-jail: none.ndjson does not exist\nempty.ndjson:1:1: there is not one whole line.',
    ],
    [
      'a damaged line',
      (files) => {
        renameSync(
          edit(files[2] ?? '', 2, (text) => text.slice(1)),
          files[2] ?? '',
        );
        return files;
      },
      `${name(3)}:2:1: not JSON`,
    ],
    [
      'itself',
      (files) => [...files, join(dirname(files[0] ?? ''), '../out.ndjson')],
      'agent-jail: out.ndjson is one of the shards. Give another place',
    ],
  ];
  it.each(cases)('%s', async (_, change, message) => {
    const place = folder();
    const files = change(night(place), place);
    writeFileSync(join(place, 'out.ndjson'), 'as it was\n');
    expect(await told(() => mergeTrials(files, join(place, 'out.ndjson')))).toContain(message);
    expect(readFileSync(join(place, 'out.ndjson'), 'utf8')).toBe('as it was\n');
    expect(readdirSync(place).filter((entry) => entry.startsWith('.'))).toEqual([]);
  });

  it.each<[Partial<TrialsHeader>, string]>([
    [{ suite: 'other' }, 'suite (other, not nightly)'],
    [{ digest: hex('f') }, `digest (${hex('f')}, not ${hex('a')})`],
    [{ agent: 'null' }, 'agent (null, not pi)'],
    [{ seed: 8 }, 'seed (8, not 7)'],
    [{ backend: 'docker' }, 'backend (docker, not auto)'],
    [{ origin: ORIGIN }, 'origin ('],
    [{ shard: { index: 1, of: 3, plan: hex('e') } }, 'plan'],
    [{ shard: { index: 1, of: 4, plan: hex('e') } }, 'plan, number of shards (4, not 3)'],
  ])('a shard with another %o, though it is the first', async (other, differs) => {
    const place = folder();
    const files = night(place, SUITE, 3, (index) => (index === 1 ? other : {}));
    const said = await told(() => mergeTrials(files, join(place, 'out.ndjson')));
    const which = 'plan' in (other.shard ?? {}) ? [1, 2] : [2, 1];
    // The odd one out can only be told where most are of another plan.
    const text = which[0] === 1 ? `${name(1)} is not of the run that ${name(2)} is of: ${differs}` : 'is not of the run that';
    expect(said).toContain(text);
    expect(existsSync(join(place, 'out.ndjson'))).toBe(false);
  });

  it('many missing shards', async () => {
    const place = folder();
    const files = night(place, [expects('sum', 1, 40)], 20).filter((_, at) => ![0, 4, 5, 6, 18].includes(at));
    expect(await told(() => mergeTrials(files, join(place, 'out.ndjson')))).toContain('of 20 shards, 5 are missing: 1, 5-7, 19.');
  });

  it('shards that were given other tasks than planned', async () => {
    const place = folder();
    const less = night(place, SUITE, 3, (index) => (index === 3 ? { expected: [expects('zip', 1, 1)] } : {}));
    const files = less;
    expect(await told(() => mergeTrials(files, join(place, 'out.ndjson')))).toBe(
      `agent-jail: a shard was to make other trials than its plan says. ${PLANNED}`,
    );
  });

  it('a plan in which shards expect different things of one task, or the same trial', async () => {
    for (const second of [{ ...expects('sum', 3, 2), policy: hex('c') }, expects('sum', 2, 3), expects('sum', 4, 1)]) {
      const place = folder();
      const lists = [[expects('sum', 1, 2)], [second]];
      const plan = planDigest(planOf(HEADER, lists));
      const files = lists.map((expected, at) =>
        write(join(place, `${at + 1}.ndjson`), { ...HEADER, expected, shard: { index: at + 1, of: 2, plan } }),
      );
      expect(await told(() => mergeTrials(files, join(place, 'out.ndjson')))).toBe(
        `agent-jail: 2.ndjson expects sum otherwise than the shards before it. ${PLANNED}`,
      );
    }
  });

  it('shards that are too much together', async () => {
    const place = folder();
    const lists = ['a', 'b'].map((task) => [expects(task, 1, 60_000_000)]);
    const plan = planDigest(planOf(HEADER, lists));
    const files = lists.map((expected, at) =>
      write(join(place, `${at + 1}.ndjson`), { ...HEADER, expected, shard: { index: at + 1, of: 2, plan } }, []),
    );
    expect(await told(() => mergeTrials(files, join(place, 'out.ndjson')))).toBe(
      'agent-jail: all shards together: expected: more than 100000000 trials. Make several suites of this one',
    );
  });

  it('a line that has no room for the path of its folder', async () => {
    const place = folder();
    const [file = ''] = night(place, [expects('sum', 1, 1)], 1);
    const { header } = readTrials(file);
    const trial = (length: number) => ({
      ...trialOf('sum', 1),
      failed: Array.from({ length: 16 }, () => 'x'.repeat(4000)).concat('x'.repeat(length)),
    });
    const full = trial(LINE_LIMIT - JSON.stringify(trial(0)).length);
    expect(JSON.stringify(full).length).toBe(LINE_LIMIT);
    rmSync(file);
    write(file, header, [full]);
    expect(await told(() => mergeTrials([file], join(place, 'out.ndjson')))).toBe(
      `${name(1)}:2:1: is too long with the path that its record has from there`,
    );
    expect(mergeTrials([file], join(dirname(file), 'out.ndjson')).trials).toBe(1);
  });

  it('records that are not below the folder of the output', async () => {
    const place = folder();
    const files = night(place);
    mkdirSync(join(place, 'merged'));
    expect(await told(() => mergeTrials(files, join(place, 'merged/out.ndjson')))).toBe(
      `${name(1)}:2:1: its record is at ../shard-1/records/sum/1 as seen from merged/out.ndjson. Write what is merged into a folder above all shards, whose names have no backslashes or control characters`,
    );
    expect(readdirSync(join(place, 'merged'))).toEqual([]);
  });

  it('a place that cannot be written to, or is full', async () => {
    const place = folder();
    const files = night(place, [expects('sum', 1, 300)], 3);
    expect(await told(() => mergeTrials(files, join(place, 'none/out.ndjson')))).toBe(
      'what is merged cannot be written to none: ENOENT. Give a place on a disk with room that can be written to',
    );
    mkdirSync(join(place, 'taken'));
    expect(await told(() => mergeTrials(files, join(place, 'taken')))).toBe(
      'what is merged cannot be written to .: EISDIR. Give a place on a disk with room that can be written to',
    );
    rmdirSync(join(place, 'taken'));
    const run = (limit: string): string =>
      execFileSync(
        'bash',
        ['-c', `${limit} "$@" 2>&1 || true`, 'bash', process.execPath, NIGHT, 'merge', place, join(place, 'out.ndjson')],
        {
          encoding: 'utf8',
        },
      );
    expect(run('ulimit -f 100;')).toContain(': EFBIG');
    expect(readdirSync(place).filter((entry) => !entry.startsWith('shard-'))).toEqual([]);
    expect(run('')).toContain('"trials":300,');
  });
});
