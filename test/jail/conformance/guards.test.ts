import { conform } from './bench.ts';
import { GUARDS } from './guards.ts';

conform(GUARDS);
