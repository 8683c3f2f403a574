import { expect, test } from 'vitest';
import { roundTrips } from './round-trip.ts';

test("patch and archive make the jail's tree of the base: generated trees and edits", { timeout: 240_000 }, async () => {
  expect(await roundTrips(200)).toBe(200);
});
