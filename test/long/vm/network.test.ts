import { conform } from '../../jail/conformance/bench.ts';
import { HOSTS, NETWORK } from '../../jail/conformance/network.ts';

conform(NETWORK, HOSTS, ['vm']);
