import { CHANGES } from './changes.ts';
import { ENV } from './env.ts';
import { EXITS } from './exits.ts';
import { IDENTITY } from './identity.ts';
import { NETWORK } from './network.ts';
import { PLACES } from './places.ts';
import { REFUSED } from './refused.ts';
import { SHELLS } from './shells.ts';
import { SIGNALS } from './signals.ts';
import { STDIO } from './stdio.ts';
import { STEPS } from './steps.ts';
import { TERMINAL } from './terminal.ts';
import type { Topic } from './topic.ts';
import { VIEW } from './view.ts';

/** Lists of behaviours, which are the same on every backend. */
export const TOPICS: readonly Topic[] = [
  ...EXITS,
  SIGNALS,
  SHELLS,
  ENV,
  PLACES,
  STDIO,
  TERMINAL,
  ...REFUSED,
  NETWORK,
  STEPS,
  CHANGES,
  IDENTITY,
  VIEW,
];
