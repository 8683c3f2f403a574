import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Io } from '../../../src/cli/io.ts';
import { suiteCompare } from '../../../src/cli/suite-compare.ts';
import { UserError } from '../../../src/model/errors.ts';
import type { Comparison, Trial, TrialsHeader } from '../../../src/model/suite.ts';
import { night, same } from '../compare/fixture.ts';
import type { Tasks } from '../compare/fixture.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'agent-jail-compare-'));
  write('now.ndjson', 8, same(20, [9, 10]));
  write('worse.ndjson', 8, { ...same(20, [9, 10]), t03: [0, 10] });
  write('again.ndjson', 8, { t03: [9, 10] });
  write('few.ndjson', 8, same(2, [1, 1]));
  write('few-then.ndjson', 7, same(2, [1, 1]));
  write('7.ndjson', 7, same(20, [9, 10]));
  write('6.ndjson', 6, same(20, [9, 10]));
  write('foreign.ndjson', 5, same(20, [9, 10]), { suite: 'other\u001b[2J' });
  write('host.ndjson', 8, { ...same(20, [9, 10]), t01: [{ behaviour: { hosts: ['+new:443'] } }] });
});
afterAll(() => rmSync(cwd, { recursive: true }));

function write(name: string, day: number, tasks: Tasks, more: Partial<TrialsHeader> = {}): void {
  const { header, trials } = night(name, day, tasks, more);
  const lines = [header, ...(trials as Iterable<Trial>)].map((line) => JSON.stringify(line));
  writeFileSync(join(cwd, name), [...lines, JSON.stringify({ end: true, lines: lines.length - 1 }), ''].join('\n'));
}

async function call(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    env: {},
    cwd,
    terminal: false,
    live: false,
    colours: false,
  };
  return { code: await suiteCompare([...argv, ...FAST], io), out, err };
}
const FAST = ['--permutations', '1000'];

describe('suite compare', () => {
  it('prints a verdict and exits 0 where all is well', async () => {
    const { code, out, err } = await call('now.ndjson', '--baseline', '7.ndjson', '--baseline=6.ndjson');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^sums: steady\n {2}no drop was found \(p = 1\); one of .* would have been, with a chance of 80 %\n {2}now: 180 of 200 trials passed, 20 tasks, 90\.0 %\n {2}before: 360 of 400, 2 nights, 90\.0 %\n/,
    );
  });

  it('takes what the shell makes of --baseline nights/*', async () => {
    const { out } = await call('now.ndjson', '--baseline', '7.ndjson', '6.ndjson');
    expect(out).toContain('before: 360 of 400, 2 nights');
  });

  it('exits 1 with what failed, and names the task with its numbers', async () => {
    const { code, out, err } = await call('worse.ndjson', '--baseline', '7.ndjson', '6.ndjson');
    expect(code).toBe(1);
    expect(err).toMatch(/^agent-jail: failed: regression: t03: 0 of 10 passed, before 18 of 20 \(q = .*\)\n$/);
    expect(out).toMatch(/t03 +regressed +0\/10 \(0\.0-27\.8 %\) +before 18\/20 \(69\.9-97\.2 %\) +p \S+ +q \S+/);
  });

  it('believes further trials', async () => {
    const { code, out } = await call('worse.ndjson', '--baseline', '7.ndjson', '6.ndjson', '--confirm', 'again.ndjson');
    expect(code).toBe(0);
    expect(out).toContain('looked worse, and did not in further trials: t03');
  });

  it('fails on what it is told to, and on nothing else', async () => {
    expect((await call('worse.ndjson', '--baseline', '7.ndjson', '--fail-on', '')).code).toBe(0);
    const { code, err, out } = await call('host.ndjson', '--baseline', '7.ndjson', '--fail-on', 'violation, new-host');
    expect([code, err]).toEqual([1, 'agent-jail: failed: new-host: t01: hosts were reached, and never before\n']);
    expect(out).toContain('high drift, new-host of t01: hosts were reached, and never before: +new:443\n');
    expect((await call('host.ndjson', '--baseline', '7.ndjson')).code).toBe(0);
  });

  it('exits 4 where nothing can be said, if that is asked for', async () => {
    const few = ['few.ndjson', '--baseline', 'few-then.ndjson'];
    expect((await call(...few)).code).toBe(0);
    expect((await call(...few, '--on-inconclusive', 'fail')).code).toBe(4);
    // No baseline is a first night; all of them refused is not.
    expect((await call('now.ndjson', '--on-inconclusive', 'fail')).code).toBe(0);
    const { code, out } = await call('now.ndjson', '--baseline', 'foreign.ndjson', '--on-inconclusive', 'fail');
    expect([code, out]).toEqual([
      4,
      expect.stringContaining('not a baseline: foreign.ndjson: it is of the suite other\\x1b[2J, not of sums\n'),
    ]);
  });

  it('writes the whole of it, and only to a new file', async () => {
    const { code, out } = await call(
      'now.ndjson',
      '--baseline',
      '7.ndjson',
      '--out',
      'c.json',
      '--json',
      '--alpha',
      '0.01',
      '--min-effect',
      '.1',
    );
    expect(code).toBe(0);
    const { failed, suspects, ...shown } = JSON.parse(out) as Comparison & { failed: string[]; suspects: string[] };
    expect(suspects).toEqual([]);
    expect(failed).toEqual([]);
    expect(JSON.parse(readFileSync(join(cwd, 'c.json'), 'utf8'))).toEqual(shown);
    expect(shown).toMatchObject({ schema: 'agent-jail/comparison@1', settings: { alpha: 0.01, minEffect: 0.1, permutations: 1000 } });
    await expect(call('now.ndjson', '--out', 'c.json')).rejects.toThrow(/^cannot write ".*c\.json": it is there already$/);
    await expect(call('now.ndjson', '--out', 'no/c.json')).rejects.toThrow(/^cannot write ".*c\.json": ENOENT$/);
  });

  it.each<[string[], RegExp]>([
    [[], /^which results\? agent-jail suite compare RESULTS --baseline FILE…$/],
    [['now.ndjson', '6.ndjson'], /^too many arguments: "6\.ndjson"$/],
    [['--baseline', '7.ndjson', '6.ndjson', 'now.ndjson'], /^too many arguments: "now\.ndjson"$/],
    [['now.ndjson', '--baseline'], /^--baseline needs a FILE$/],
    [['now.ndjson', '--baseline', 'gone.ndjson'], /^cannot read .*gone\.ndjson: there is no such file$/],
    [['now.ndjson', '--alpha', '2'], /^--alpha "2" is not a number from 0\.0001 to 0\.5$/],
    [['now.ndjson', '--min-effect', '5%'], /^--min-effect "5%" is not a number from 0 to 1$/],
    [['now.ndjson', '--seed', '1.5'], /^--seed "1\.5" is not a whole number from 0 to/],
    [['now.ndjson', '--fail-on', 'regresion'], /^--fail-on "regresion" is not known$/],
    [['now.ndjson', '--on-inconclusive', 'maybe'], /^--on-inconclusive "maybe" is not one of pass, fail$/],
    [['now.ndjson', '--baselin', 'x'], /^Unknown option '--baselin'/],
  ])('refuses %j', async (argv, message) => {
    const error: unknown = await call(...argv).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(message);
  });

  it('has the remedy for a word that is nearly right', async () => {
    await expect(call('now.ndjson', '--fail-on', 'regresion')).rejects.toMatchObject({
      problems: [{ remedy: 'Did you mean `regression`?' }],
    });
  });
});
