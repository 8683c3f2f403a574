import { conform } from './bench.ts';
import { LIMITS } from './limits.ts';

conform(LIMITS);
