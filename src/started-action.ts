import { programOf, startKept } from './system/code-cache.ts';

// As `started.ts` does.
startKept(programOf(__filename), require);
