// Fuzzes the parsers, guided by what their code has run. Usage: npm run fuzz [-- TARGET …] [--seconds N] [--seed N] [--keep]
// --seconds: of each target, default 60. --keep: makes the corpus anew of what reaches most.
import { parseArgs } from 'node:util';
import { fuzz, targets, told } from '../test/fuzz/fuzz.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: '' }, keep: { type: 'boolean', default: false } },
});
const seconds = Number(values.seconds);
const seed = values.seed === '' ? Date.now() % 2 ** 31 : Number(values.seed);
const unknown = positionals.filter((name) => !targets().includes(name));
if (unknown.length > 0 || !(seconds > 0) || !Number.isSafeInteger(seed)) {
  console.error(`Usage: npm run fuzz [-- TARGET …] [--seconds N] [--seed N] [--keep]\nTargets: ${targets().join(', ')}.`);
  process.exit(2);
}
for (const name of positionals.length === 0 ? targets() : positionals) {
  const run = await fuzz(name, { runs: Infinity, until: Date.now() + seconds * 1000, seed }, { keep: values.keep });
  console.log(`${told(run)} (--seed ${seed})`);
  if (run.finding !== null) process.exitCode = 1;
}
