import { runSuite } from './action/suite.ts';

process.exitCode = await runSuite(process.env);
