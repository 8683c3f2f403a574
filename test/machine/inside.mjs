// Which tests run on which machine. Called by job.sh, on the machine, as the runner's user.
import { readFileSync } from 'node:fs';
import { close, runStages } from '../../scripts/stages.mjs';

const suite = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
// Each test is told as it ends: on an emulated machine that may be long.
const REPORTERS = ['--reporter=verbose', '--reporter=./test/support/reporter.ts'];
const vitest = (project, ...files) => ['vitest', 'run', ...REPORTERS, '--project', project, ...files];
/** Tests that look at other users' processes, and kill root's. */
const asRoot = (...argv) => [
  'sudo',
  '-n',
  '--preserve-env=PATH,CI,NO_COLOR,AGENT_JAIL_TEST_PACE',
  'env',
  `PATH=${process.env.PATH}`,
  ...argv,
];

const ACTION = ['run', 'cancel', 'errors'];
const STAGES = {
  bookworm: [
    { name: 'doctor', argv: ['node', 'dist/cli.js', 'doctor'], tests: false },
    { name: 'action', argv: vitest('action', ...ACTION.map((name) => `test/action/${name}.test.ts`)) },
    { name: 'jail', argv: asRoot(...vitest('machine')) },
  ],
  // A newer systemd and Docker, once.
  trixie: [
    { name: 'doctor', argv: ['node', 'dist/cli.js', 'doctor'], tests: false },
    { name: 'action', argv: vitest('action', 'test/action/cancel.test.ts') },
    { name: 'jail', argv: asRoot(...vitest('machine', 'test/machine/jail/systemd.test.ts')) },
  ],
};
close(await runStages(STAGES[suite] ?? []));
