import { join } from 'node:path';
import type { HostPath } from './model/names.ts';
import { derive } from './report/derive.ts';
import { collector } from './run/collector.ts';
import { makeCast } from './transcript/cast.ts';

const page = join(import.meta.dirname, 'report-page.html') as HostPath;
await collector(Number(process.argv[2]), (conclusion) => derive(conclusion, { makeCast, page }));
process.exit(); // its input may stay open
