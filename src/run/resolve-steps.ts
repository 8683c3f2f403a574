import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Problem, UserError } from '../model/errors.ts';
import type { Step } from '../model/jail.ts';
import type { HostPath, JailPath } from '../model/names.ts';
import type { Policy } from '../model/policy.ts';
import type { StepInput } from '../model/steps.ts';
import { stepEnvironment } from '../plan/environment.ts';
import { resolveShell, scriptText } from '../plan/shell.ts';
import { within } from '../plan/view.ts';
import type { Platform } from '../system/platform.ts';

export interface StepsWish {
  readonly id: string;
  readonly policy: Policy;
  readonly steps: readonly StepInput[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** As the caller wrote it; it may lead to the real workspace by links. */
  readonly workspace: string;
}

/**
 * Steps as the warden takes them: shell, script, directory (a path of this machine) and environment decided. What is wrong is added to
 * `problems`.
 */
export function resolveSteps(wish: StepsWish, workspace: HostPath, problems: Problem[], here: Platform): Step[] {
  if (wish.steps.length === 0)
    problems.push({ message: 'there is no step to run', place: null, remedy: 'give a command, `run` or `steps`' });
  return wish.steps.flatMap((step, index) => {
    try {
      return [resolveStep(step, index === 0, wish, workspace, problems, here)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
}

function resolveStep(step: StepInput, first: boolean, wish: StepsWish, workspace: HostPath, problems: Problem[], here: Platform): Step {
  const { id, policy, environment } = wish;
  const { name, setup, time, idle, tty, agent } = step;
  const shell = resolveShell(step.shell, step.place);
  const { env, problems: wrong } = stepEnvironment({ id, rules: setup ? policy.setup : policy.agent, step, caller: environment });
  problems.push(...wrong);
  return {
    name,
    setup,
    script: scriptText(shell, step.run),
    shell: shell.argv,
    extension: shell.extension,
    cwd: directoryOf(step, first, wish, workspace, here),
    env,
    time,
    idle,
    tty,
    agent,
  };
}

/** Throws UserError. */
function directoryOf(
  { workingDirectory, place }: StepInput,
  first: boolean,
  wish: StepsWish,
  workspace: HostPath,
  here: Platform,
): JailPath | null {
  const wrong = (message: string, remedy: string): UserError =>
    new UserError([{ message: `working-directory ${JSON.stringify(workingDirectory)} ${message}`, place, remedy }]);
  if (wish.policy.workspace.access === 'none') {
    if (workingDirectory === null) return null;
    throw wrong('cannot be used: the policy gives the jail no workspace', 'leave it out, or change `workspace` in the policy');
  }
  if (workingDirectory === null) return workspace as string as JailPath;
  let path = here.slashed(resolve(workspace, workingDirectory));
  const written = here.slashed(resolve(wish.workspace));
  if (!within(path, workspace) && within(path, written)) path = `${workspace}${path.slice(written.length)}`;
  if (!within(path, workspace)) throw wrong('is not in the workspace', `give a directory below ${workspace}`);
  // What is before the first step is all there is; a later one's directory may be made on the way.
  if (first && !existsSync(`${path}/.`)) throw wrong('is not a directory', 'give one that is there');
  return path as JailPath;
}
