// Everything that has to hold before a commit. Usage: npm test
import { close, runStages } from './stages.mjs';

close(
  await runStages([
    { name: 'setup', argv: [process.execPath, 'scripts/setup.mjs', '--for', 'test'], tests: false },
    { name: 'check', argv: ['node', 'scripts/check.mjs'] },
    { name: 'jail', argv: ['vitest', 'run', '--project', 'jail'] },
    { name: 'action', argv: ['vitest', 'run', '--project', 'action'] },
    { name: 'browser', argv: ['vitest', 'run', '--project', 'browser'] },
  ]),
);
