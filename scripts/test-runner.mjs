// The action on machines like the hosted runner. Usage: npm run test:runner [-- SUITE …]
import { close, runStages } from './stages.mjs';

const asked = process.argv.slice(2);
const suites = asked.length === 0 ? ['bookworm', 'trixie'] : asked;
close(
  await runStages([
    { name: 'setup', argv: [process.execPath, 'scripts/setup.mjs', '--for', 'runner'], tests: false },
    ...suites.map((suite) => ({ name: `machine of Debian ${suite}`, argv: ['node', 'test/machine/main.ts', suite] })),
  ]),
);
