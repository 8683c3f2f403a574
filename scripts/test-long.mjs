// The long tests, by slice. Usage: npm run test:long [-- SLICE …]
import { available, SLICES } from './slices.mjs';
import { close, runStages } from './stages.mjs';

const asked = process.argv.slice(2);
const unknown = asked.filter((slice) => !Object.hasOwn(SLICES, slice));
if (unknown.length > 0) {
  console.error(`There is no slice ${unknown.join(', ')}. There are: ${Object.keys(SLICES).join(', ')}.`);
  process.exit(2);
}
const wanted = asked.length === 0 ? Object.keys(SLICES) : asked;
for (const slice of wanted) if (!available.includes(slice)) console.log(`${slice} (${SLICES[slice]}): not yet`);
const stages = wanted
  .filter((slice) => available.includes(slice))
  .flatMap((slice) => [
    ...(slice === 'agents' ? [{ name: 'setup', argv: [process.execPath, 'scripts/setup.mjs', '--for', 'agents'], tests: false }] : []),
    { name: slice, argv: ['vitest', 'run', '--project', 'long', `test/long/${slice}/`] },
  ]);
close(await runStages(stages));
