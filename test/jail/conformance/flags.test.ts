import { conform } from './bench.ts';
import { FLAGS } from './flags.ts';

conform(FLAGS);
