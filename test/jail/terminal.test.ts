import { describe } from 'vitest';
import { terminals } from './conformance/terminals.ts';

describe.each(['nspawn', 'docker'])('%s: a step with a terminal', (backend) => {
  terminals(backend);
});
