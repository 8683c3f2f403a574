import { describe } from 'vitest';
import { killTests } from '../../support/kill-cases.ts';

const ROUNDS = Array.from({ length: 30 }, (_, at) => at + 1);

// What depends on who is quicker is seen once in a hundred times.
describe.each(ROUNDS)('round %i', () => {
  killTests(['layers', 'steps', 'collect', 'clean'], 'nspawn', ['main', 'unshare', 'warden']);
});
