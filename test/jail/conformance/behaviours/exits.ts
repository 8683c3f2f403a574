import { expect } from 'vitest';
import { fact, type Fact, type Step, type Topic } from './topic.ts';

/** How the only step ends, which is a run of its own: a step that fails is the last one. */
function exit(name: string, step: Step, exit: object, because: string, said: RegExp, earlier: readonly Step[] = []): Topic {
  const record: Fact[] = [
    fact(`${name}: ends as it should`, (ran) => {
      expect(ran.run.steps.at(-1)?.exit).toMatchObject({ hit: [], ...exit });
      expect([ran.code, ran.verdict.outcome, ran.verdict.because]).toEqual([1, 'step-failed', because]);
    }),
    fact(`${name}: what was printed is whole`, (ran) => expect(ran.transcript).toMatch(said)),
  ];
  return { name: `exit: ${name}`, steps: [...earlier, step], record };
}
const code = (n: number) => ({ code: n, signal: null });
const because = (n: number): string => `step 1 (s) ended with exit code ${n}`;
const step = (run: string, more: Partial<Step> = {}): Step => ({ name: 's', run: `echo begun; ${run}`, ...more });

/** The kernel spares the sender and process 1: that is the wrapper in a container, and nspawn's own elsewhere, where the wrapper dies. */
const EVERYTHING: Topic = {
  name: 'exit: SIGKILL to everything',
  steps: [step('sleep 60 & kill -KILL -1; sleep 0.1; echo alone; ps -eo args= | grep -c "[s]leep" || true')],
  record: [
    {
      name: 'what is left of a step that kills everything',
      differs: true,
      holds: (ran) => {
        const [outcome, said] = ran.backend === 'docker' ? ['succeeded', 'begun\nalone\n0\n'] : ['step-failed', 'begun\n'];
        expect([ran.verdict.outcome, ran.transcript]).toEqual([outcome, said]);
      },
    },
  ],
};

export const EXITS: readonly Topic[] = [
  EVERYTHING,
  exit('42', step('exit 42'), code(42), because(42), /^begun\n$/),
  exit('255', step('exit 255'), code(255), because(255), /^begun\n$/),
  exit('set -e, in the middle', step('false; echo never', { shell: 'bash' }), code(1), because(1), /^begun\n$/),
  exit('pipefail', step('exit 9 | true\necho never', { shell: 'bash' }), code(9), because(9), /^begun\n$/),
  exit(
    'no such program',
    { name: 's', shell: '/nonexistent/shell {0}', run: 'true' },
    code(127),
    because(127),
    /^sh: .*\/nonexistent\/shell: not found\n$/,
  ),
  exit(
    'not a program',
    { name: 's', shell: '/etc/passwd {0}', run: 'true' },
    code(126),
    because(126),
    /^sh: .*\/etc\/passwd: Permission denied\n$/,
  ),
  exit('SIGKILL to itself', step('kill -KILL $$; echo never'), code(137), because(137), /^begun\n$/),
  exit('SIGSEGV to itself', step('kill -SEGV $$; echo never'), code(139), because(139), /^begun\n$/),
  exit('SIGTERM to itself', step('kill -TERM $$; echo never'), code(143), because(143), /^begun\n$/),
  exit(
    'the working-directory was removed',
    { name: 's', 'working-directory': 'src', run: 'echo never' },
    code(1),
    'step 2 (s) ended with exit code 1',
    /^agent-jail: the working-directory \S+\/work\/src is not a directory in the jail\n$/,
    [{ name: 'removes it', run: 'rm -r src' }],
  ),
];
