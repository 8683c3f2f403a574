import type { Comparison } from '../../model/suite.ts';
import type { NightTally } from './tally.ts';

/** What all reports of a suite are made from. */
export interface SuiteInput {
  readonly current: NightTally;
  /** Earlier ones, the oldest first. */
  readonly nights: readonly NightTally[];
  /** null: none was made. */
  readonly comparison: Comparison | null;
  readonly figures: Figures;
  /** What happened of what `fail-on` names, one line each: with any, the job fails, and every report says so first. */
  readonly failures: readonly string[];
}
/** Computed by whoever asks for a report. */
export interface Figures {
  /** null: nothing measured. */
  readonly pass1: Estimate | null;
  /** At least one of k trials passes. */
  readonly passAtK: readonly EstimateOfK[];
  /** All of k trials pass. */
  readonly passHatK: readonly EstimateOfK[];
}
/** From 0 to 1, and its interval of 95 %. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
export interface EstimateOfK extends Estimate {
  readonly k: number;
}
