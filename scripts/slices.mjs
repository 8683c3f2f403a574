import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './stages.mjs';

/** Slices of the long tests: what each is about. */
export const SLICES = {
  kill: 'every victim killed at every phase',
  soak: 'many runs, and nothing left behind',
  agents: 'real agents against a model server',
  scale: 'large trees, much output, many runs at once',
  runner: 'the real runner',
  vm: 'the virtual machine backend: behaviours, red team, other distributions',
  settings: 'every setting of the policy on virtual machines',
  fuzz: 'hostile input to every parser',
};

/** Those with tests. */
export const available = Object.keys(SLICES).filter((slice) => {
  const directory = join(root, 'test', 'long', slice);
  return existsSync(directory) && readdirSync(directory, { recursive: true }).some((name) => String(name).endsWith('.test.ts'));
});
