import { expect } from 'vitest';
import { type Case, shows } from './bench.ts';
import { BROKEN, slowedDown } from './limits.ts';

const SAY = 'echo "$AGENT_JAIL [$GREETING]"';

export const SETUP: readonly Case[] = [
  shows('setup.env.NAME', async (on) => {
    const run = 'env: { GREETING: run }';
    expect(await on.says(run, SAY, { setup: SAY })).toBe('1 [run]\n1 [run]\n');
    expect(await on.says(`${run}\nsetup: { env: { GREETING: setup } }`, SAY, { setup: SAY })).toBe('1 [setup]\n1 [run]\n');
  }),
  shows('setup.pass-env[]', async (on) => {
    const env = { GREETING: 'from outside' };
    expect(await on.says('', SAY, { setup: SAY, env })).toBe('1 []\n1 []\n');
    expect(await on.says('setup: { pass-env: [GREETING] }', SAY, { setup: SAY, env })).toBe('1 [from outside]\n1 []\n');
  }),
  shows('setup.secrets.NAME=expose', async (on) => {
    const env = { GREETING: 'a secret of the setup' };
    // A secret of the run is none of the setup's.
    expect(await on.says('secrets: { GREETING: expose }', SAY, { setup: SAY, env })).toBe('1 []\n1 [[redacted GREETING]]\n');
    expect(await on.says('setup: { secrets: { GREETING: expose } }', SAY, { setup: SAY, env })).toBe('1 [[redacted GREETING]]\n1 []\n');
  }),
  ...BROKEN.map(({ name, small, script, because }) =>
    shows(`setup.limits.${name}`, async (on) => {
      const policy = (where: string): string => `limits: { disk: 128MiB, time: 1m${where === '' ? '' : `, ${name}: ${small}`} }`;
      const setup = `setup: { limits: { ${name}: ${small} } }`;
      // In force for the setup step, and for no other.
      const over = await on.run(`${policy('')}\n${setup}`, 'echo agent', { setup: script });
      expect(`${over.verdict.outcome}: ${over.verdict.because}`).toMatch(because);
      expect(over.verdict.because).toContain('step 1 (setup)');
      expect(over.transcript).not.toContain('agent\n');
      const within = await on.run(`${policy('')}\n${setup}`, script, { setup: 'echo set up' });
      expect(`${within.code} ${within.stderr}`).toMatch(/^0 /);
    }),
  ),
  shows('setup.limits.cpus', async (on) => slowedDown(on, 'setup: { limits: { cpus: 0.2 } }', { setup: 'busy' })),
];
