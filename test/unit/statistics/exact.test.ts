import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from '../../../src/statistics/benjamini-hochberg.ts';
import { binomialQuantile } from '../../../src/statistics/binomial.ts';
import { logFactorial } from '../../../src/statistics/factorial.ts';
import { fisher } from '../../../src/statistics/fisher.ts';
import { hypergeometric } from '../../../src/statistics/hypergeometric.ts';
import { mannWhitney } from '../../../src/statistics/mann-whitney.ts';
import { mcnemar } from '../../../src/statistics/mcnemar.ts';
import { median } from '../../../src/statistics/median.ts';
import { normalCdf } from '../../../src/statistics/normal.ts';
import { sfc32 } from '../../../src/statistics/random.ts';
import { wilson } from '../../../src/statistics/wilson.ts';
import { expectClose } from './close.ts';

// The expected values were printed by R 4.2.2; its call stands with each.

describe('Fisher', () => {
  // R: fisher.test(matrix(c(passedNow, failedNow, passedThen, failedThen), 2, byrow = TRUE), alternative = …)$p.value
  it.each([
    [8, 10, 70, 70, 0.014240506329114, 1, 0.014240506329114],
    [3, 5, 35, 35, 0.012820512820513, 1, 0.012820512820513],
    [0, 10, 10, 10, 5.4125441122345e-6, 1, 1.0825088224469e-5],
    [6, 10, 63, 70, 0.027433377218375, 0.99659319753218, 0.027433377218375],
    [9, 10, 5, 10, 0.99458204334365, 0.070433436532508, 0.14086687306502],
    [450, 1000, 520, 1000, 0.0010066405489475, 0.9992581573113, 0.0020132810978951],
    [0, 3, 21, 21, 0.00049407114624506, 1, 0.00049407114624506],
    [1, 5, 0, 5, 1, 0.5, 1],
  ])('%i of %i after %i of %i', (passed, trials, before, of, less, greater, twoSided) => {
    const [now, then] = [
      { passed, trials },
      { passed: before, trials: of },
    ];
    expectClose(fisher(now, then, 'drop'), less);
    expectClose(fisher(now, then, 'rise'), greater);
    expectClose(fisher(now, then, 'any'), twoSided);
  });

  it('is of a distribution that sums to 1, and turns round with its sides', () => {
    const side = fc
      .integer({ min: 1, max: 60 })
      .chain((trials) => fc.integer({ min: 0, max: trials }).map((passed) => ({ passed, trials })));
    fc.assert(
      fc.property(side, side, (now, then) => {
        const { of } = hypergeometric({ passed: now.passed + then.passed, now: now.trials, then: then.trials });
        expectClose(
          of.reduce((sum, p) => sum + p, 0),
          1,
        );
        expectClose(fisher(now, then, 'drop'), fisher(then, now, 'rise'));
      }),
    );
  });

  // R: dhyper(k, K, N - K, n)
  it.each([
    [2, 10, 7, 20, 0.14628482972136],
    [0, 3, 21, 24, 0.00049407114624506],
    [10, 10, 75, 80, 0.50345282632091],
  ])('draws %i of %i from an urn with %i of %i', (k, n, passed, all, expected) => {
    const { first, of } = hypergeometric({ passed, now: n, then: all - n });
    expectClose(of[k - first] ?? 0, expected);
  });
});

// R: binom.test(worse, worse + better, 0.5, alternative = "greater")$p.value, and without an alternative
it.each([
  [5, 0, 0.03125, 0.0625],
  [4, 0, 0.0625, 0.125],
  [1, 5, 0.984375, 0.21875],
  [7, 1, 0.03515625, 0.0703125],
  [3, 3, 0.65625, 1],
])('McNemar: %i worse, %i better', (worse, better, drop, any) => {
  expectClose(mcnemar(worse, better, 'drop'), drop);
  expectClose(mcnemar(worse, better, 'any'), any);
});

// R: prop.test(x, n, correct = FALSE)$conf.int
it.each([
  [3, 3, 0.43850296824495, 1],
  [10, 10, 0.72246720013711, 1],
  [0, 5, 0, 0.43448246478317],
  [7, 10, 0.39677814746115, 0.8922087325937],
  [81, 263, 0.25528851987827, 0.3662095769828],
  [1, 1, 0.20654931437724, 1],
])('Wilson: %i of %i', (passed, trials, low, high) => {
  const interval = wilson(passed, trials);
  expectClose(interval.low, low);
  expectClose(interval.high, high);
});
it('Wilson: of nothing, all is possible', () => expect(wilson(0, 0)).toEqual({ low: 0, high: 1 }));

describe('Benjamini-Hochberg', () => {
  it('is as R has it', () => {
    // R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05, 0.001, 0.5, 0.04), "BH")
    const expected = [0.04, 0.053333333333333, 0.053333333333333, 0.053333333333333, 0.057142857142857, 0.008, 0.5, 0.053333333333333];
    for (const [at, q] of benjaminiHochberg([0.01, 0.02, 0.03, 0.04, 0.05, 0.001, 0.5, 0.04]).entries()) expectClose(q, expected[at] ?? 0);
    expect(benjaminiHochberg([])).toEqual([]);
  });

  it('never names what the step-up rule would not', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (p) => {
        const sorted = p.toSorted((a, b) => a - b);
        // The rule as published: the largest i with p(i) ≤ i/m · a.
        const last = sorted.findLastIndex((value, at) => value <= ((at + 1) / p.length) * 0.05 * (1 + 1e-12));
        const named = benjaminiHochberg(p).filter((q) => q <= 0.05 * (1 + 1e-12)).length;
        expect(named).toBe(last === -1 ? 0 : sorted.filter((value) => value <= (sorted[last] ?? 0)).length);
      }),
    );
  });
});

describe('Mann-Whitney', () => {
  it('is exact for small samples without ties', () => {
    // R: wilcox.test(c(1.1, 2.2, 3.3, 4.4, 5.5), c(2.1, 6.6, 7.7, 8.8, 9.9, 10.1))$p.value
    const [a, b] = [
      [1.1, 2.2, 3.3, 4.4, 5.5],
      [2.1, 6.6, 7.7, 8.8, 9.9, 10.1],
    ];
    expectClose(mannWhitney(a, b), 0.051948051948052);
    expectClose(mannWhitney(b, a), 0.051948051948052);
  });

  it('has ties', () => {
    // R: wilcox.test(c(1,2,2,3,4,4,4,5), c(3,4,5,5,6,6,7,8,8), exact = FALSE, correct = TRUE)$p.value
    expectClose(mannWhitney([1, 2, 2, 3, 4, 4, 4, 5], [3, 4, 5, 5, 6, 6, 7, 8, 8]), 0.0074536318506912);
  });

  it('has large samples', () => {
    // R: wilcox.test((1:30 * 1.37) %% 11, (1:40 * 2.91) %% 13, exact = FALSE)$p.value
    const values = (n: number, by: number, within: number): number[] => Array.from({ length: n }, (_, at) => ((at + 1) * by) % within);
    expectClose(mannWhitney(values(30, 1.37, 11), values(40, 2.91, 13)), 0.62235575305261);
  });

  it('sees nothing in what is the same, or not there', () => {
    expect(mannWhitney([3, 3, 3], [3, 3, 3, 3])).toBe(1);
    expect(mannWhitney([], [1, 2])).toBe(1);
  });
});

// R: lfactorial(n)
it.each([
  [0, 0],
  [5, 4.787491742782],
  [15, 27.899271383841],
  [31, 78.092223553315],
  [32, 81.557959456115],
  [100, 363.73937555556],
  [10_000, 82108.927836814],
])('ln %i!', (n, expected) => expectClose(logFactorial(n), expected));

// R: pnorm(z)
it.each([
  [-8, 6.2209605742718e-16],
  [-3.5, 0.00023262907903552],
  [-2.6, 0.0046611880237187],
  [-1, 0.15865525393146],
  [0, 0.5],
  [0.5, 0.69146246127401],
  [2, 0.97724986805182],
  [2.4, 0.9918024640754],
  [2.6, 0.99533881197628],
  [6, 0.99999999901341],
])('normal distribution up to %f', (z, expected) => expectClose(normalCdf(z), expected));

// R: qbinom(u, n, p)
it.each([
  [0.3, 10, 0.5, 4],
  [0.025, 70, 0.95, 63],
  [0.999, 1000, 0.9, 928],
  [0.5, 1, 0.5, 0],
  [1e-6, 200, 0.99, 188],
  [0.7, 5, 0, 0],
  [0.7, 5, 1, 5],
])('binomial quantile %f of %i at %f', (u, n, p, expected) => expect(binomialQuantile(u, n, p)).toBe(expected));

it('the median is in the middle', () => {
  expect([[], [3], [9, 1, 2], [4, 1, 3, 2]].map(median)).toEqual([null, 3, 2, 2.5]);
});

describe('random numbers', () => {
  it('are those of sfc32', () => {
    // PractRand's sfc32 in C, seeded with (a, b, c) = (0, 1, 2), after 15 rounds, counter from 1: the next four.
    const next = sfc32(1, 2);
    expect(Array.from({ length: 4 }, () => next() * 2 ** 32)).toEqual([21179437, 4071806733, 1723130490, 3005248831]);
  });

  it('differ by seed and stream, and fill 0 to 1 evenly', () => {
    const first = new Set([0, 1, 2, 2 ** 32, -1].flatMap((seed) => [0, 1].map((stream) => sfc32(seed, stream)())));
    expect(first.size).toBe(10);
    const next = sfc32(7);
    const bins = Array.from({ length: 16 }, () => 0);
    for (let n = 0; n < 16_000; n += 1) {
      const bin = Math.floor(next() * 16);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    // R: qchisq(0.9999, 15) = 44.26322
    expect(bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(44.26322);
  });
});
