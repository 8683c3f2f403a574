import { runCompare } from './action/compare.ts';

process.exitCode = await runCompare(process.env);
