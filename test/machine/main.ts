// Tests on one machine. Usage: node test/machine/main.ts SUITE. Prints what they print, and as its last line the sum.
import { SUITES, testOn } from './machine.ts';

const suite = SUITES.find((name) => name === process.argv[2]);
if (suite === undefined) throw new Error(`there is no machine ${process.argv[2]}; there are: ${SUITES.join(', ')}`);
const { passed, failed, skipped } = await testOn(suite, (text) => process.stdout.write(text));
if (failed > 0 || skipped > 0 || passed === 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
