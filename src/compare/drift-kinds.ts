import type { Drift, DriftKind } from '../model/suite.ts';
import type { Feature, NumberName } from './tally.ts';

/** High: what may do harm. Medium: what should be known. Low: the rest. */
export const SEVERITY: Readonly<Record<DriftKind, Drift['severity']>> = {
  'runs-later': 'high',
  'new-host': 'high',
  'new-denied-host': 'medium',
  'new-program': 'medium',
  'new-path': 'low',
  'lost-path': 'low',
  'lost-host': 'low',
  'lost-program': 'low',
  denials: 'medium',
  exit: 'medium',
  duration: 'low',
  output: 'low',
  memory: 'low',
  tokens: 'medium',
  cost: 'medium',
  turns: 'low',
  agent: 'medium',
  policy: 'medium',
  root: 'low',
  version: 'low',
};

export interface FeatureKind {
  readonly kind: DriftKind;
  readonly feature: Feature;
  /** Names it is about; null: all. */
  readonly prefix: string | null;
  readonly direction: 'new' | 'lost';
  /** One trial is enough: what a jail is there to notice. */
  readonly always: boolean;
  readonly message: string;
}
export const FEATURE_KINDS: readonly FeatureKind[] = [
  {
    kind: 'runs-later',
    feature: 'runsLater',
    prefix: null,
    direction: 'new',
    always: true,
    message: 'files that run later were changed, and never before',
  },
  { kind: 'new-host', feature: 'hosts', prefix: '+', direction: 'new', always: true, message: 'hosts were reached, and never before' },
  {
    kind: 'new-denied-host',
    feature: 'hosts',
    prefix: '-',
    direction: 'new',
    always: true,
    message: 'hosts were asked for and denied, and never before',
  },
  { kind: 'new-program', feature: 'programs', prefix: null, direction: 'new', always: false, message: 'programs ran that never did' },
  { kind: 'new-path', feature: 'paths', prefix: null, direction: 'new', always: false, message: 'paths were changed that never were' },
  { kind: 'lost-path', feature: 'paths', prefix: null, direction: 'lost', always: false, message: 'paths are no longer changed' },
  { kind: 'lost-host', feature: 'hosts', prefix: null, direction: 'lost', always: false, message: 'hosts are no longer asked for' },
  { kind: 'lost-program', feature: 'programs', prefix: null, direction: 'lost', always: false, message: 'programs no longer run' },
];

export const NUMBER_LABELS: Readonly<Record<NumberName, { readonly label: string; readonly unit: string }>> = {
  duration: { label: 'the agent took', unit: 'ms' },
  output: { label: 'output', unit: 'bytes' },
  memory: { label: 'memory', unit: 'bytes' },
  tokens: { label: 'tokens', unit: '' },
  cost: { label: 'cost', unit: 'USD' },
  turns: { label: 'turns', unit: '' },
  denials: { label: 'refused questions, connections and requests', unit: '' },
};
