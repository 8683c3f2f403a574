// Everything that has to hold before a commit. Usage: npm test
import { close, runStages } from './stages.mjs';

// It waits for a minute, and has nothing to do.
const SILENT = 'test/action/silent.test.ts';

close(
  await runStages([
    { name: 'setup', argv: [process.execPath, 'scripts/setup.mjs', '--for', 'test'], tests: false },
    {
      name: 'check',
      argv: ['node', 'scripts/check.mjs'],
      beside: { name: 'a silent step', argv: ['vitest', 'run', '--project', 'action', SILENT] },
    },
    { name: 'jail', argv: ['vitest', 'run', '--project', 'jail'] },
    { name: 'action', argv: ['vitest', 'run', '--project', 'action', '--exclude', SILENT] },
    { name: 'browser', argv: ['vitest', 'run', '--project', 'browser'] },
  ]),
);
