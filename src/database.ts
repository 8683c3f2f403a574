import { writeSync } from 'node:fs';
import { databaseLines } from './changes/database.ts';

// Nothing else is loaded: in `dist/` this is one file, which is read from stdin.
for (const line of databaseLines(process.argv[2] ?? '')) {
  const bytes = Buffer.from(`${line}\n`);
  for (let done = 0; done < bytes.length; ) done += writeSync(1, bytes, done);
}
