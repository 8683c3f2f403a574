// Runs a benchmark with the project's Node. Usage: npm run bench [-- NAME …]
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
close(await runStages(wanted.map((name) => ({ name, argv: ['node', join('bench', name)], tests: false }))));
