import { conform } from './bench.ts';
import { SETUP } from './setup.ts';

conform(SETUP);
