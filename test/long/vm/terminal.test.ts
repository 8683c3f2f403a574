import { describe } from 'vitest';
import { terminals } from '../../jail/conformance/terminals.ts';

describe.each(['vm'])('%s: a step with a terminal', (backend) => {
  terminals(backend);
});
