import { conform } from './bench.ts';
import { HOSTS, NETWORK } from './network.ts';

conform(NETWORK, HOSTS);
