import { conform } from './bench.ts';
import { NETWORK } from './network.ts';

conform(NETWORK);
