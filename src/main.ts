import { run } from './action/main.ts';

process.exitCode = await run(process.env);
// A socket that the artifact client keeps alive must not keep the step alive.
setTimeout(() => process.exit(), 100).unref();
