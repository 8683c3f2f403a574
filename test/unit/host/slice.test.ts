import { expect, test } from 'vitest';
import { cgroupOf } from '../../../src/backend/docker.ts';
import { isSlice } from '../../../src/host/slice.ts';

test('the group is a slice of systemd’s where systemd is the engine’s driver, and nowhere else', () => {
  expect(['systemd', 'cgroupfs'].map((driver) => isSlice(cgroupOf(driver, 'X')))).toEqual([true, false]);
});
