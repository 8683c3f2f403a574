/** Numbers from 0 up to but not including 1. */
export type Random = () => number;

/**
 * Chris Doty-Humphrey's sfc32 (PractRand): 128 bits of state, a period of at least 2^32. The same seed gives the same numbers on every
 * machine, so a p-value can be computed again. `stream` tells apart what is drawn for different purposes.
 */
export function sfc32(seed: number, stream = 0): Random {
  let [a, b, c, counter] = [Math.trunc(seed / 2 ** 32) | 0, seed | 0, stream | 0, 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // As its author does: near seeds give unlike numbers only after some rounds.
  for (let round = 0; round < 15; round += 1) next();
  return next;
}
