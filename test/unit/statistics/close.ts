import { expect } from 'vitest';

/** Nine digits, relative. */
export function expectClose(found: number, expected: number): void {
  const off = Math.abs(found - expected) / (Math.abs(expected) || 1);
  expect(off, `${found} is not ${expected}`).toBeLessThan(1e-9);
}
