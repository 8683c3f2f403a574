import { expect, test } from 'vitest';
import { roundTrips } from '../../jail/changes/round-trip.ts';

test("patch and archive make the jail's tree of the base: thousands of generated trees and edits", { timeout: 1_500_000 }, async () => {
  expect(await roundTrips(2000)).toBe(2000);
});
