import { conform } from '../../jail/conformance/bench.ts';
import { LIMITS } from '../../jail/conformance/limits.ts';

/** Those that cgroups hold. */
const HELD = ['limits.memory', 'limits.processes', 'limits.cpus'];
conform(LIMITS.filter(({ ids }) => ids.some((id) => HELD.includes(id))));
