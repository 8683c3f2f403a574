import { startEarly } from './run/early.ts';
import { programOf, startKept } from './system/code-cache.ts';

startEarly(process.argv.slice(3));
// As `started.ts` does.
startKept(programOf(__filename), require);
