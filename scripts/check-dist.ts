// Fails unless dist/ is what the sources build to. Usage: npm run check-dist
import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bundle } from './bundle.ts';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
const { files } = await bundle(root);
const there = await readdir(dist, { recursive: true }).catch((): string[] => []);
const wrong: string[] = [];
for (const name of there) if (!files.has(name)) wrong.push(`dist/${name} belongs to no source`);
for (const [name, bytes] of files) {
  if (!there.includes(name)) wrong.push(`dist/${name} is missing`);
  else if (!bytes.equals(await readFile(join(dist, name)))) wrong.push(`dist/${name} is not what its sources build to`);
}
for (const line of wrong) console.error(line);
if (wrong.length > 0) {
  console.error('Run `npm run build` and commit dist/.');
  process.exitCode = 1;
} else console.log(`dist/ is what the sources build to: ${files.size} files`);
