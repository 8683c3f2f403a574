// npm test, then one slice of the long tests, another one for each commit. Called by .ci/run.
import { execFileSync } from 'node:child_process';
import { available } from './slices.mjs';
import { close, root, runStages } from './stages.mjs';

const MINUTES = 75;
const commits = Number(execFileSync('git', ['rev-list', '--count', 'HEAD'], { cwd: root, encoding: 'utf8' }));
const slice = available[commits % available.length];
const stages = [{ name: 'npm test', argv: [process.execPath, 'scripts/test.mjs'] }];
if (slice !== undefined) stages.push({ name: `long tests: ${slice}`, argv: [process.execPath, 'scripts/test-long.mjs', slice] });
close(await runStages(stages, Date.now() + MINUTES * 60_000));
