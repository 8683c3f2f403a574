// What hostile agents try, for real, against the bundle in dist/; needs root. Usage: node test/redteam/run.ts [nspawn|docker]
import { report, suite, wrong } from './suite.ts';

const outcome = await suite(process.argv[2] === 'docker' ? 'docker' : 'nspawn');
process.stdout.write(report(outcome));
const complaints = wrong(outcome);
for (const line of complaints) process.stderr.write(`${line}\n`);
process.exitCode = complaints.length > 0 ? 1 : 0;
