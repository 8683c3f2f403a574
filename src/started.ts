import { startKept } from './system/code-cache.ts';

// In dist/ it stands in the place of the program, which lies beside it.
startKept(__filename.replace(/\.cjs$/, '.code.cjs'), require);
