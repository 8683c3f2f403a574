// What hostile agents try, on both backends and at other levels of isolation; writes docs/red-team.md. Usage: npm run redteam
import { close, runStages } from './stages.mjs';

close(
  await runStages([
    { name: 'setup', argv: [process.execPath, 'scripts/setup.mjs', '--for', 'test'], tests: false },
    { name: 'setup of what is compared with', argv: [process.execPath, 'scripts/setup.mjs', '--for', 'bench'], tests: false },
    { name: 'build', argv: ['node', 'scripts/build.ts'], tests: false },
    { name: 'red team', argv: ['node', 'test/redteam/compare.ts'], tests: false },
  ]),
);
