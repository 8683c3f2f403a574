import { runApply } from './action/apply.ts';

process.exitCode = await runApply(process.env);
