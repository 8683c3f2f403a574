// Runs benchmarks with the project's Node, once what they compare with is there. Usage: npm run bench [-- NAME …]
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { close, root, runStages } from './stages.mjs';

const there = readdirSync(join(root, 'bench')).filter((name) => name.endsWith('.ts'));
const asked = process.argv.slice(2);
const missing = asked.filter((name) => !there.includes(`${name}.ts`));
if (missing.length > 0) {
  console.error(`There is no benchmark ${missing.join(', ')}. There are: ${there.map((name) => name.slice(0, -3)).join(', ')}.`);
  process.exit(2);
}
const wanted = asked.length === 0 ? there : asked.map((name) => `${name}.ts`);
close(
  await runStages([
    { name: 'setup', argv: [process.execPath, 'scripts/setup.mjs', '--for', 'bench'], tests: false },
    ...wanted.map((name) => ({ name, argv: ['node', join('bench', name)], tests: false })),
  ]),
);
