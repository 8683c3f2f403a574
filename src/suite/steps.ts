import type { JailPath, Place } from '../model/names.ts';
import type { Policy, PolicyMount } from '../model/policy.ts';
import type { StepInput } from '../model/steps.ts';
import { digest } from '../policy/digest.ts';
import { defaultPolicy, NOWHERE } from '../policy/parse.ts';
import type { Agent, Task, Verifier } from './types.ts';

// What runs in the two jails of a trial, and under which policy; pure.

export function step(
  name: string,
  setup: boolean,
  run: string,
  place: Place | null,
  env: Readonly<Record<string, string>> = {},
): StepInput {
  return { name, setup, run, shell: null, workingDirectory: null, env, time: null, idle: null, tty: null, agent: null, place };
}

/** The built-in agents; null: the task has no solution. */
export function builtIn(name: 'oracle' | 'null', task: Task): Agent | null {
  const deterministic = true;
  if (name === 'null') return { steps: [{ ...step('null', false, 'true', null), shell: 'sh' }], deterministic };
  if (task.solution === null) return null;
  return { steps: [step('oracle', false, task.solution.script, task.place)], deterministic };
}

/** The agent's steps for a task, the task's own setup first. They know what is asked, and which seed to use. */
export function agentSteps(task: Task, agent: Agent, seed: number): StepInput[] {
  const told = { AGENT_JAIL_TASK: task.id, AGENT_JAIL_INSTRUCTION: task.instruction, AGENT_JAIL_SEED: String(seed) };
  return [...task.setup, ...agent.steps].map((one) => ({ ...one, env: { ...told, ...one.env } }));
}

/** Where a machine is shared by several trials and the policy leaves memory and processors open, each has its part. */
export interface Share {
  readonly memory: number;
  readonly cpus: number;
}
export function shared(policy: Policy, share: Share | null): Policy {
  if (share === null) return policy;
  const part = <L extends Policy['agent']['limits']>(limits: L): L => ({
    ...limits,
    memory: limits.memory ?? share.memory,
    cpus: limits.cpus ?? share.cpus,
  });
  const { agent, setup } = policy;
  return { ...policy, agent: { ...agent, limits: part(agent.limits) }, setup: { ...setup, limits: part(setup.limits) } };
}

/** `solution`: the files of the task's own solution, which only the built-in agent sees. */
export function agentPolicy(task: Task, solution: boolean): Policy {
  const files = solution ? (task.solution?.files ?? null) : null;
  return files === null ? task.policy : withMounts(task.policy, [mount(files.source, files.target, 'read-only')]);
}

/** Script first, then what `command` checks run; the first that fails is the last. */
export function verifierSteps({ script, shell, env, checks }: Verifier, place: Place | null): StepInput[] {
  const commands = checks.flatMap(({ name, value }) => (name === 'command' ? [value] : []));
  return [
    ...(script === null ? [] : [{ ...step('verifier', false, script, place, env), shell }]),
    ...commands.map((command) => ({
      ...step(`command: ${command.trim().split('\n')[0]?.slice(0, 80) ?? ''}`, false, command, place, env),
      shell,
    })),
  ];
}

/**
 * No network, no secrets, no variables of the caller's. The root is the task's, as the agent found it; what its policy mounts is there to be
 * read. `empty`: directories of the machine for the places that the verifier writes to, in their order.
 */
export function verifierPolicy({ policy, verifier }: Task, empty: readonly string[]): Policy {
  const own = defaultPolicy();
  const access = policy.workspace.access === 'none' ? 'none' : verifier.workspace;
  const { memory, cpus, processes } = policy.agent.limits;
  const limits = { ...own.agent.limits, memory, cpus, processes, time: verifier.time };
  const base: Policy = {
    ...own,
    jail: policy.jail,
    workspace: { access, hide: policy.workspace.hide },
    agent: { ...own.agent, limits },
    limits: { ...own.limits, disk: policy.limits.disk, files: policy.limits.files },
    guards: [],
  };
  return withMounts(base, [
    ...policy.mounts.map((one) => ({ ...one, access: 'read-only' as const })),
    ...(verifier.files === null ? [] : [mount(verifier.files.source, verifier.files.target, 'read-only')]),
    ...verifier.empty.map((target, index) => mount(empty[index] ?? '', target, 'copy-on-write')),
  ]);
}

const mount = (source: string, target: JailPath, access: PolicyMount['access']): PolicyMount => ({
  source: source as PolicyMount['source'],
  target,
  access,
  place: NOWHERE,
});

function withMounts(policy: Policy, mounts: readonly PolicyMount[]): Policy {
  const { digest: _digest, ...own } = { ...policy, mounts: [...policy.mounts, ...mounts] };
  return { ...own, digest: digest(own) };
}
