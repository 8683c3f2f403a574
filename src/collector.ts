import { summary } from './report/summary.ts';
import { collector } from './run/collector.ts';

await collector(Number(process.argv[2]), summary);
process.exit(); // its input may stay open
