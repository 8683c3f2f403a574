// Merges the trials files in the folders `shard-*` of FOLDER into OUT, or reads OUT. Prints one line of JSON.
// Usage: node merge-night.ts merge|read FOLDER OUT
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mergeTrials } from '../../src/suite/merge.ts';
import { readTrials } from '../../src/suite/trials.ts';

const [what, folder, out] = process.argv.slice(2);
if ((what !== 'merge' && what !== 'read') || folder === undefined || out === undefined) throw new Error('what to do, and two paths');
const start = process.hrtime.bigint();
let trials = 0;
if (what === 'read') {
  const file = readTrials(out);
  for await (const _ of file) trials += 1;
  if (!file.complete) throw new Error('cut off');
} else {
  const shards = readdirSync(folder).filter((name) => name.startsWith('shard-'));
  const files = shards.map((name) => join(folder, name, 'trials.ndjson'));
  ({ trials } = mergeTrials(files, out));
}
const ms = Number(process.hrtime.bigint() - start) / 1e6;
// Of the whole process, from its start on: µs, and kB (getrusage(2)).
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const cpu = Math.round((userCPUTime + systemCPUTime) / 1000);
console.log(JSON.stringify({ trials, ms: Math.round(ms), cpu, bytes: maxRSS * 1024 }));
