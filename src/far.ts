import { far } from './run/far.ts';

await far(process.argv[1] ?? '');
// What was written is on its way before it ends.
process.stdout.write('', () => process.exit());
