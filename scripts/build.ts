// Writes dist/: what the action and the command line run. Usage: npm run build [-- ENTRY …]
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bundle } from './bundle.ts';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
const only = process.argv.slice(2);
const { files, metafile } = await bundle(root, only.length === 0 ? undefined : only);
await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await Promise.all([...files].map(([name, bytes]) => writeFile(join(dist, name), bytes, { mode: name === 'cli.js' ? 0o755 : 0o644 })));
await mkdir(join(root, '.tmp'), { recursive: true });
await writeFile(join(root, '.tmp', 'metafile.json'), JSON.stringify(metafile));
for (const [name, bytes] of files) console.log(`${String(bytes.length).padStart(9)}  dist/${name}`);
