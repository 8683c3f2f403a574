import * as v from 'valibot';
import * as rule from '../policy/rules.ts';
import { policySchema } from '../policy/schema.ts';
import { count, flag, list, map, named, number, oneOf, text } from '../policy/shape.ts';
import { stepsSchema } from '../policy/steps.ts';
import { checksSchema, path } from './checks-schema.ts';

// What users write in a suite file. Every description is shown by editors (JSON Schema).

/** Task, agent and tag: part of names of files, of the matrix, and of lines that are read by people. */
export function taskId(written: string): string {
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/.test(written))
    throw new Error(`${JSON.stringify(written)} is not a name: lower-case letters, digits, \`.\`, \`_\`, \`-\`, at most 100`);
  return written;
}
/** Relative to the suite file, or absolute. */
export function filePath(written: string): string {
  if (written === '' || written.includes('\0')) throw new Error(`${JSON.stringify(written)} is not a path`);
  return written;
}
function commit(written: string): string {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(written))
    throw new Error(`${JSON.stringify(written)} is not a whole commit id: a branch or tag may be another commit tomorrow`);
  return written;
}

const aFile = (description: string) => text('a path', filePath, description);
const script = (description: string) => text('a script', rule.script, description);
const shell = text('a shell', rule.line, 'bash, sh, python …, or a template with {0}; default: bash');
const trials = count(1, 1_000_000, 'how often each task is tried');
const deterministic = flag('does the same each time: each change of its outcomes counts, without statistics');
const variables = named(rule.variableName, text('text', rule.plainText, 'the value, as it is'), 'environment variables');

const agent = map(
  {
    setup: v.optional(script('runs first, under the `setup` section of the policy')),
    run: v.optional(script('the script; $AGENT_JAIL_INSTRUCTION holds what the task asks for')),
    steps: v.optional(stepsSchema),
    shell: v.optional(shell),
    env: v.optional(variables, {}),
    deterministic: v.optional(deterministic, false),
  },
  'an agent: `run`, or `steps`',
);

const verifier = map(
  {
    run: v.optional(script('the script; exit code 0 is a pass, or see `reward`')),
    shell: v.optional(shell),
    reward: v.optional(flag('the script writes a number to $AGENT_JAIL_RESULT'), false),
    threshold: v.optional(number(-1e9, 1e9, 'a reward of at least this is a pass'), 1),
    files: v.optional(aFile('a directory that the agent never sees; the verifier has it at `target`')),
    target: v.optional(text('an absolute path', rule.mountTarget, 'where `files` are'), '/verifier'),
    root: v.optional(oneOf(['fresh', 'agent'], 'a root that the agent never had, or the one it left'), 'fresh'),
    workspace: v.optional(oneOf(['read-only', 'copy-on-write'], 'what the verifier may do in the workspace'), 'read-only'),
    env: v.optional(variables, {}),
    time: v.optional(text('a time', rule.time, 'how long the script may take'), '10m'),
    checks: v.optional(checksSchema, []),
  },
  'how a trial is judged, once the agent is dead',
);

const task = map(
  {
    id: v.optional(text('a name', taskId, 'name of the task')),
    harbor: v.optional(aFile('a task directory of Harbor (Terminal-Bench), or a directory of such')),
    instruction: v.optional(text('text', rule.script, 'what the agent is asked to do')),
    'instruction-file': v.optional(aFile('a file that holds the instruction')),
    directory: v.optional(aFile('the workspace as each trial finds it')),
    repository: v.optional(
      map(
        {
          url: text('a URL or a path', filePath, 'of a git repository'),
          commit: text('a commit', commit, 'what is checked out: the whole id'),
          path: v.optional(text('a path', path, 'a directory of it; default: all of it')),
        },
        'the workspace is a checkout',
      ),
    ),
    setup: v.optional(script("runs before the agent's own setup")),
    agent: v.optional(agent),
    solution: v.optional(script('what the built-in agent `oracle` runs')),
    policy: v.optional(policySchema),
    trials: v.optional(trials),
    tags: v.optional(list(text('a name', taskId, 'a tag'), 'for --filter'), []),
    verifier: v.optional(verifier),
    deterministic: v.optional(deterministic),
  },
  'a task',
);

export const suiteSchema = map(
  {
    version: v.optional(v.pipe(v.literal(1, 'the only version is 1\nWrite `version: 1`.'), v.description('version of this format')), 1),
    name: v.optional(text('a name', taskId, 'name of the suite; default: that of its directory')),
    trials: v.optional(trials, 1),
    seed: v.optional(count(0, 0xffff_ffff, 'trials get seeds that follow from it'), 0),
    agents: v.optional(named(taskId, agent, 'agents by name; `oracle` and `null` are built in'), {}),
    agent: v.optional(text('a name', taskId, 'the agent that is meant where none is asked for')),
    policy: v.optional(policySchema),
    'policy-file': v.optional(aFile('the policy of all tasks')),
    build: v.optional(oneOf(['refuse', 'allow'], 'whether images may be built for tasks that need one, outside of any jail'), 'refuse'),
    jobs: v.optional(count(1, 1024, 'trials at a time; default: as many as processors and memory allow')),
    gate: v.optional(
      map(
        {
          'pass-rate': v.optional(number(0, 1, 'below it the run of the suite fails; default: none')),
          infra: v.optional(number(0, 1, 'trials that could not be measured; above it the run fails'), 0.1),
        },
        'when a run of the suite fails',
      ),
      { infra: 0.1 },
    ),
    verifier: v.optional(verifier),
    tasks: list(task, 'what agents are asked to do'),
  },
  'A suite: tasks, agents, and how trials are judged.',
);
export type UserSuite = v.InferOutput<typeof suiteSchema>;
export type UserTask = UserSuite['tasks'][number];
export type UserAgent = UserSuite['agents'][string];
export type UserVerifier = NonNullable<UserTask['verifier']>;
