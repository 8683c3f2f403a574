// Everything that is quick to know, in under a minute. Usage: npm run check
import { close, runStages } from './stages.mjs';

close(
  await runStages([
    { name: 'format', argv: ['biome', 'format'], tests: false },
    { name: 'lint', argv: ['oxlint', '--type-aware'], tests: false },
    { name: 'types', argv: ['tsc', '--noEmit', '-p', '.'], tests: false },
    { name: 'types of the page', argv: ['tsc', '--noEmit', '-p', 'src/report/page'], tests: false },
    { name: 'dist', argv: ['node', 'scripts/check-dist.ts'], tests: false },
    { name: 'unit tests', argv: ['vitest', 'run', '--project', 'unit'] },
  ]),
);
