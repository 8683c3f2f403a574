import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'smol-toml';
import { UserError } from '../model/errors.ts';
import type { HostPath, JailPath, Place } from '../model/names.ts';
import type { Policy } from '../model/policy.ts';
import { digest } from '../policy/digest.ts';
import * as rule from '../policy/rules.ts';
import type { Task } from './types.ts';

// Task directories of Harbor, the format of Terminal-Bench: task.toml, instruction.md, environment/, tests/test.sh, solution/solve.sh
// (harborframework.com/docs/tasks). They are another project's format: what it has and this does not use is passed over, what would make
// a trial mean something else is refused.

const seconds = v.pipe(v.number(), v.minValue(1), v.maxValue(7 * 24 * 3600));
/** What a policy takes, and in its words. */
const as = <T extends string | number>(read: (written: T) => unknown) =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    try {
      read(dataset.value);
    } catch (error) {
      addIssue({ message: (error as Error).message });
    }
  });
/** `2G` is of 1,024 there. */
const bytes = (written: string | number): number =>
  rule.size(typeof written === 'number' ? written : written.replace(/^(\d+)([KMGT])$/, '$1$2iB'), LEAST_MEMORY);
const megabytes = (written: number): number => bytes(Math.round(written * 1e6));
const LEAST_MEMORY = 4 << 20;
const MOST_CPUS = 4096;
const variables = v.record(v.pipe(v.string(), as(rule.variableName)), v.pipe(v.string(), as(rule.plainText)));
const schema = v.looseObject({
  task: v.optional(v.looseObject({ name: v.optional(v.string()), keywords: v.optional(v.array(v.string())) }), {}),
  metadata: v.optional(v.looseObject({ tags: v.optional(v.array(v.string())) }), {}),
  steps: v.optional(v.unknown()),
  agent: v.optional(v.looseObject({ timeout_sec: v.optional(seconds, 3600) }), { timeout_sec: 3600 }),
  verifier: v.optional(v.looseObject({ timeout_sec: v.optional(seconds, 600), env: v.optional(variables, {}) }), {
    timeout_sec: 600,
    env: {},
  }),
  environment: v.optional(
    v.looseObject({
      build_timeout_sec: v.optional(seconds, 600),
      docker_image: v.optional(v.pipe(v.string(), as(rule.imageReference))),
      cpus: v.optional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(MOST_CPUS))),
      memory: v.optional(v.pipe(v.union([v.number(), v.string()]), as(bytes))),
      memory_mb: v.optional(v.pipe(v.number(), as(megabytes))),
      gpus: v.optional(v.number(), 0),
    }),
    { build_timeout_sec: 600, gpus: 0 },
  ),
});
const TESTS = '/tests' as JailPath;
const SOLUTION = '/solution' as JailPath;
const REWARDS = '/logs/verifier' as JailPath;
/** What `test.sh` leaves: a number, or a map of numbers, of which `reward` counts. Nothing at all is no verdict. */
const SCRIPT = `bash ${TESTS}/test.sh || echo "test.sh ended with $?"
if [ -f ${REWARDS}/reward.txt ]; then cat ${REWARDS}/reward.txt > "$AGENT_JAIL_RESULT"
elif [ -f ${REWARDS}/reward.json ]; then cat ${REWARDS}/reward.json > "$AGENT_JAIL_RESULT"
fi`;

interface Given {
  readonly policy: Policy;
  readonly place: Place;
  readonly trials: number;
}

/** The task in a directory, or those in the directories below it. Throws UserError. */
export function harborTasks(directory: HostPath, given: Given): Task[] {
  const fail = (message: string, remedy: string): UserError => new UserError([{ message, remedy, place: given.place }]);
  if (existsSync(join(directory, 'task.toml'))) return [harborTask(directory, given)];
  let names: string[];
  try {
    names = readdirSync(directory).sort();
  } catch (error) {
    throw fail(`cannot read ${directory}: ${(error as Error).message}`, 'Paths are relative to the suite file.');
  }
  const found = names.filter((name) => existsSync(join(directory, name, 'task.toml')));
  if (found.length === 0)
    throw fail(`there is no task.toml in ${directory}, nor in a directory below it`, 'Give a task directory of Harbor.');
  return found.map((name) => harborTask(join(directory, name) as HostPath, given));
}

function harborTask(directory: HostPath, { policy, place, trials }: Given): Task {
  const file = join(directory, 'task.toml');
  const fail = (message: string, remedy: string): UserError => new UserError([{ message: `${file}: ${message}`, remedy, place }]);
  const { task, metadata, steps, agent, verifier, environment } = read(file, fail);
  if (steps !== undefined) throw fail('tasks of several steps are not run', 'Make a task of each.');
  if (environment.gpus > 0) throw fail('no jail has a GPU', 'Leave the task out.');
  const at = (name: string): string => join(directory, name);
  for (const name of ['docker-compose.yaml', 'docker-compose.yml'])
    if (existsSync(at(`environment/${name}`))) throw fail(`environment/${name}: a jail is one container`, 'Leave the task out.');
  for (const name of ['instruction.md', 'tests/test.sh'])
    if (!isFile(at(name))) throw fail(`there is no ${name}`, 'Complete the task directory.');
  const secret = Object.entries(verifier.env).find(([, value]) => value.includes('${'));
  if (secret !== undefined)
    throw fail(`verifier.env.${secret[0]} is filled in from outside`, 'A verifier has no secrets: write the value.');
  const image = environment.docker_image;
  if (image === undefined && !isFile(at('environment/Dockerfile')))
    throw fail('there is neither environment.docker_image nor environment/Dockerfile', 'Complete the task directory.');
  const solution = isFile(at('solution/solve.sh'));
  return {
    id: idOf(task.name ?? basename(directory)),
    place,
    instruction: readFileSync(at('instruction.md'), 'utf8'),
    tags: [...new Set([...(task.keywords ?? []), ...(metadata.tags ?? [])].map(idOf))],
    trials,
    deterministic: null,
    start: { kind: 'none' },
    setup: [],
    agent: null,
    solution: solution ? { script: `bash ${SOLUTION}/solve.sh`, files: { source: at('solution') as HostPath, target: SOLUTION } } : null,
    policy: policyOf(policy, image ?? null, milliseconds(agent.timeout_sec), environment),
    // Their images are made for root, who owns what there is to work on.
    ownRoot: true,
    image: image === undefined ? { context: at('environment') as HostPath, time: milliseconds(environment.build_timeout_sec) } : null,
    verifier: {
      script: SCRIPT,
      shell: 'sh',
      reward: true,
      threshold: 1,
      files: { source: at('tests') as HostPath, target: TESTS },
      empty: [REWARDS],
      // The task's work lies in the image, not in a workspace.
      root: 'agent',
      workspace: 'read-only',
      env: verifier.env,
      time: milliseconds(verifier.timeout_sec),
      checks: [],
    },
  };
}

function read(file: string, fail: (message: string, remedy: string) => UserError): v.InferOutput<typeof schema> {
  let value: unknown;
  try {
    value = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw fail((error as Error).message.split('\n')[0] ?? '', 'Write TOML.');
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = (issue.path ?? []).map(({ key }) => String(key)).join('.');
  throw fail(`${where}: ${issue.message}`, "See Harbor's own description of a task.");
}

/** The suite's, with the image and the limits of the task where the suite leaves them open. Networks and secrets are the suite's alone. */
function policyOf(
  policy: Policy,
  image: string | null,
  time: number,
  { cpus, memory, memory_mb }: v.InferOutput<typeof schema>['environment'],
): Policy {
  const most = memory_mb === undefined ? (memory === undefined ? null : bytes(memory)) : megabytes(memory_mb);
  const limits = {
    ...policy.agent.limits,
    time: Math.min(policy.agent.limits.time, time),
    cpus: policy.agent.limits.cpus ?? cpus ?? null,
    memory: policy.agent.limits.memory ?? most,
  };
  const { digest: _digest, ...own } = {
    ...policy,
    jail: { ...policy.jail, root: { kind: 'image' as const, ref: image ?? '' } },
    workspace: { access: 'none' as const, hide: [] },
    agent: { ...policy.agent, limits },
  };
  return { ...own, digest: digest(own) };
}

function idOf(name: string): string {
  const id = (name.split('/').at(-1) ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 100);
  return id === '' ? 'task' : id;
}

const milliseconds = (said: number): number => Math.round(said * 1000);
const isFile = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
