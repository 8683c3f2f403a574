import { describe } from 'vitest';
import { programs } from '../../jail/conformance/programs.ts';

describe.each(['vm'])('%s: programs.ndjson', (backend) => {
  programs(backend);
});
