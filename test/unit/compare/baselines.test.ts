import { describe, expect, it } from 'vitest';
import type { TrialsData } from '../../../src/compare/tally.ts';
import { UserError } from '../../../src/model/errors.ts';
import type { Trial } from '../../../src/model/suite.ts';
import { RecordError } from '../../../src/record/error.ts';
import { compare, night, ORIGIN, same, settings, sha, trial } from './fixture.ts';

const WRONG = new UserError([{ message: 'not a trial', remedy: '', place: { file: 'x', line: 9, column: 1 } }]);

describe('a baseline', () => {
  const now = night('now', 8, same(2, [3, 3]), { origin: { ...ORIGIN, run: '42' } });
  const other = { a: [3, 3] as const };
  it.each<[string, TrialsData, RegExp]>([
    ['another suite', night('x', 7, other, { suite: 'other' }), /^it is of the suite other, not of sums$/],
    ['other tasks or verifiers', night('x', 7, other, { digest: sha('f') }), /^the suite has changed since/],
    ['another agent', night('x', 7, other, { agent: 'oracle' }), /^it is of the agent oracle, not of pi$/],
    [
      'a pull request',
      night('x', 7, same(2, [3, 3]), { origin: { ...ORIGIN, event: 'pull_request_target' } }),
      /by the event pull_request_target, whose commit/,
    ],
    [
      'a fork',
      night('x', 7, same(2, [3, 3]), { origin: { ...ORIGIN, head: 'mallory/agent' } }),
      /a commit of mallory\/agent, not of octo\/agent$/,
    ],
    ['a head that is not known', night('x', 7, same(2, [3, 3]), { origin: { ...ORIGIN, head: null } }), /a repository that is not known/],
    [
      'another repository',
      night('x', 7, same(2, [3, 3]), { origin: { ...ORIGIN, repository: 'octo/b', head: 'octo/b' } }),
      /in https:\/\/github\.com\/octo\/b, not in/,
    ],
    [
      'another server',
      night('x', 7, same(2, [3, 3]), { origin: { ...ORIGIN, server: 'https://ghe.example' } }),
      /in https:\/\/ghe\.example\/octo\/agent/,
    ],
    [
      'an earlier attempt of this run',
      night('x', 7, same(2, [3, 3]), { origin: { ...ORIGIN, run: '42' } }),
      /^it is of the current run itself$/,
    ],
    ['the same file', night('x', 8, same(2, [3, 3]), { origin: null }), /^it is the current run itself$/],
    ['the future', night('x', 9, same(2, [3, 3])), /^it was started at 2026-01-09T02:00:00Z, not before the current run/],
    ['no time', night('x', 7, same(2, [3, 3]), { started: 'yesterday\u001b[2J' }), /does not say when it was started: yesterday\\x1b\[2J$/],
    ['another policy', night('x', 7, same(2, [3, 3]), {}, { policy: sha('c') }), /^its tasks ran under another policy$/],
    ['none of the tasks', night('x', 7, other), /^it has none of the tasks$/],
    ['a run that was cut off', { ...night('x', 7, same(2, [3, 3])), complete: false }, /^it was cut off before its end$/],
    ['nothing measured', night('x', 7, { t01: [{ outcome: 'infra' }] }), /^nothing was measured in it$/],
    [
      'a broken file',
      { ...night('x', 7, same(2, [3, 3])), trials: broken(new RecordError('x.ndjson', 7, 'not JSON')) },
      /^x\.ndjson:7: not JSON$/,
    ],
    ['a file with a wrong line', { ...night('x', 7, same(2, [3, 3])), trials: broken(WRONG) }, /^line 9: not a trial$/],
  ])('of %s is refused, and told', async (_, baseline, why) => {
    const found = await compare(now, [baseline], settings());
    expect(found.refused).toEqual([{ name: 'x', why: expect.stringMatching(why) as string }]);
    expect([found.baseline, found.verdict, found.drift]).toEqual([null, 'none', []]);
  });

  it('that was refused before is told', async () => {
    const found = await compare(now, [{ name: 'run 7', why: 'its artifact has expired' }], settings());
    expect(found.refused).toEqual([{ name: 'run 7', why: 'its artifact has expired' }]);
  });

  it('is taken once', async () => {
    const found = await compare(now, [night('a', 7, same(2, [3, 3])), night('b', 7, same(2, [3, 3]))], settings());
    expect(found.refused).toEqual([{ name: 'b', why: 'it is the same run as a' }]);
    expect(found.baseline?.trials).toBe(6);
  });

  it('of no repository is taken: somebody gave it by hand', async () => {
    const found = await compare(now, [night('a', 7, same(2, [3, 3]), { origin: null })], settings());
    expect(found.refused).toEqual([]);
  });

  it('whose policy differs for some tasks loses these, by name', async () => {
    const then = night('then', 7, same(2, [3, 3]));
    const expected = then.header.expected.map((task, at) => (at === 0 ? { ...task, policy: sha('c') } : task));
    const found = await compare(now, [{ ...then, header: { ...then.header, expected } }], settings());
    expect(found.tasks.map(({ verdict }) => verdict)).toEqual(['new', 'steady']);
    expect(found.drift).toMatchObject([{ kind: 'policy', task: null, what: ['t01'] }]);
    expect(found.baseline?.trials).toBe(3);
  });

  it('that cannot be read for another reason stops the comparison', async () => {
    const failing = async function* (): AsyncGenerator<Trial> {
      yield await Promise.reject<Trial>(new Error('EIO'));
    };
    await expect(compare(now, [{ ...night('x', 7, same(2, [3, 3])), trials: failing() }], settings())).rejects.toThrow('EIO');
    await expect(compare({ ...now, trials: broken(WRONG) }, [], settings())).rejects.toThrow(UserError);
  });
});
async function* broken(error: Error): AsyncGenerator<Trial> {
  yield await Promise.resolve(trial('t01', 1));
  throw error;
}
