// Real agents, each in both backends, against a model that follows a script. Usage: npm run test:agents
import { close, runStages } from './stages.mjs';

close(
  await runStages([
    { name: 'setup', argv: [process.execPath, 'scripts/setup.mjs', '--for', 'test'], tests: false },
    { name: 'free agents', argv: ['vitest', 'run', '--project', 'long', 'test/long/agents/'] },
    { name: 'large agents', argv: ['vitest', 'run', '--project', 'agents'] },
  ]),
);
