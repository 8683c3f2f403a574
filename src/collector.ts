import { summary } from './report/summary.ts';
import { collector } from './run/collector.ts';

await collector(summary);
