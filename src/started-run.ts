import { startEarly } from './run/early.ts';
import { startKept } from './system/code-cache.ts';

startEarly(process.argv.slice(3));
// As `started.ts` does.
startKept(__filename.replace(/\.cjs$/, '.code.cjs'), require);
