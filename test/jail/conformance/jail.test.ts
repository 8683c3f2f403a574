import { conform } from './bench.ts';
import { JAIL } from './jail.ts';

conform(JAIL);
