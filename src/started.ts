import { OF_ROOT, programOf, startKept } from './system/code-cache.ts';

// In dist/ it stands in the place of a program that root starts, as whoever: what is kept of it is root's.
startKept(programOf(__filename), require, OF_ROOT);
