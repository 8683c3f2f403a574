import type { FailOn } from '../model/suite.ts';

export interface CompareSettings {
  /** Chance of a false alarm that is accepted of a whole comparison. */
  readonly alpha: number;
  /** A drop smaller than this is no regression, however sure it is. 0 to 1. */
  readonly minEffect: number;
  readonly minVisible: number;
  readonly maxInfra: number;
  readonly permutations: number;
  readonly seed: number;
  readonly failOn: readonly FailOn[];
  /** A number drifts when its median is at least so many times as large, or as small. */
  readonly minRatio: number;
}

export const DEFAULTS: CompareSettings = {
  alpha: 0.05,
  minEffect: 0.05,
  minVisible: 0.25,
  maxInfra: 0.1,
  permutations: 10_000,
  seed: 1,
  failOn: ['regression', 'violation', 'tampered', 'missing'],
  minRatio: 1.5,
};

/** `0.9 - 0.85` is a little less than 0.05. */
const ROUNDING = 1e-9;
/** Whether a change of rates, up or down, is large enough to matter. */
export const matters = (change: number, { minEffect }: Pick<CompareSettings, 'minEffect'>): boolean => change >= minEffect - ROUNDING;

/**
 * The suite's test and the tests of single tasks each get half of alpha (Bonferroni): either may call a regression, and together they
 * still do so by chance no more often than alpha.
 */
export const level = ({ alpha }: Pick<CompareSettings, 'alpha'>): number => alpha / 2;
