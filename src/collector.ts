import { derive } from './report/derive.ts';
import { collector } from './run/collector.ts';
import { makeCast } from './transcript/cast.ts';

// Its input may stay open.
void collector(Number(process.argv[2]), (conclusion) => derive(conclusion, { makeCast })).then(() => process.exit());
