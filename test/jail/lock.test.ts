import { existsSync, mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { forgetUnnamedOf, isLive, leftRuns, lockState, removeState } from '../../src/host/lock.ts';
import { stateOf } from '../../src/host/places.ts';
import { JailError } from '../../src/model/errors.ts';
import { newId } from '../../src/run/id.ts';
import { ownHands } from '../support/hands.ts';

test('a run has no directory that others could take for a dead one’s before it holds its lock', async () => {
  const id = newId();
  using hands = ownHands();
  try {
    const locked = lockState(hands, id);
    // All that it does before it first waits is done.
    expect(existsSync(stateOf(id))).toBe(false);
    await locked;
    expect(existsSync(`${stateOf(id)}/lock`)).toBe(true);
    expect(await isLive(id)).toBe(true);
    expect((await leftRuns()).dead).not.toContain(id);
    await expect(lockState(hands, id)).rejects.toThrow(JailError);
    expect(existsSync(stateOf(`.new-${id}`))).toBe(false);
    hands.kill();
    await hands.died;
    expect((await leftRuns()).dead).toContain(id);
  } finally {
    removeState(id);
  }
});

test('what was killed before it had locked its directory is removed, and nothing that is held', async () => {
  const id = newId();
  const unnamed = stateOf(`.new-${id}`);
  mkdirSync(unnamed, { recursive: true });
  using hands = ownHands();
  await hands.ask('locked', ['lock', `${unnamed}/lock`]);
  await forgetUnnamedOf(id);
  expect(existsSync(unnamed)).toBe(true);
  hands.kill();
  await hands.died;
  await forgetUnnamedOf(id);
  expect(existsSync(unnamed)).toBe(false);
  await forgetUnnamedOf(id);
});
