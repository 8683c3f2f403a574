import { derive } from './report/derive.ts';
import { collector } from './run/collector.ts';
import { makeCast } from './transcript/cast.ts';

await collector(Number(process.argv[2]), (conclusion) => derive(conclusion, { makeCast }));
process.exit(); // its input may stay open
