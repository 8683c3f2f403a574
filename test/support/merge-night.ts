// Merges the trials files below FOLDER into OUT. Prints one line of JSON. Usage: node merge-night.ts FOLDER OUT
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mergeTrials } from '../../src/suite/merge.ts';

const [folder, out] = process.argv.slice(2);
if (folder === undefined || out === undefined) throw new Error('two paths');
const shards = readdirSync(folder).filter((name) => name.startsWith('shard-'));
const start = process.hrtime.bigint();
const { trials, expected } = mergeTrials(
  shards.map((name) => join(folder, name, 'trials.ndjson')),
  out,
);
const ms = Number(process.hrtime.bigint() - start) / 1e6;
// Of the whole process, from its start on, in kB (getrusage(2)).
const { maxRSS } = process.resourceUsage();
console.log(JSON.stringify({ trials, expected, ms, maxRSS }));
