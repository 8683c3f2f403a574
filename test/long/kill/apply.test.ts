import { expect, test } from 'vitest';
import { applied, killed } from '../../support/kill-apply.ts';

test('an apply that is killed at any call that changes a file system: wholly the old checkout, or wholly the new one', async () => {
  const { calls, ...whole } = applied();
  const ends = new Set<string | null>();
  for (let call = 1; call <= calls; call++) ends.add(await killed(call, whole));
  expect(ends).toEqual(new Set([null, 'tidied', 'taken back', 'completed']));
});
