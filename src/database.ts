import { databaseLines } from './changes/database.ts';
import { writeAll } from './system/ndjson.ts';

for (const line of databaseLines(process.argv[2] ?? '')) writeAll(1, Buffer.from(`${line}\n`));
