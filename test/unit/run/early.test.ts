import { describe, expect, test } from 'vitest';
import { earlyBackend } from '../../../src/run/early.ts';

describe('earlyBackend', () => {
  test.each([
    [['--', 'true'], 'auto'],
    [['--backend', 'docker', '--', 'true'], 'docker'],
    [['--backend=vm', '--', 'true'], 'vm'],
    [['--steps', 'steps.yml'], 'auto'],
    [['--steps=steps.yml', '--backend', 'nspawn'], 'nspawn'],
    [['--policy', 'p.yml', '--', 'agent', '--backend', 'docker', '--help'], 'auto'],
    // What follows is an error, or help: nothing is started for it.
    [['--backend', 'vmm', '--', 'true'], null],
    [['--backend'], null],
    [['--backend', '--', 'true'], null],
    [['--help', '--', 'true'], null],
    [['-h'], null],
    [[], null],
    [['true'], null],
  ])('%j: %s', (argv, wanted) => expect(earlyBackend(argv)).toBe(wanted));
});
