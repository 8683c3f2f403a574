import type { StepInput } from '../model/steps.ts';
import { inputPlace } from './annotations.ts';
import type { Inputs } from './inputs.ts';

/** The steps of the run, in order: the `setup` input first, then `run` or the entries of `steps`. Throws a UserError. */
export async function stepsOf(inputs: Inputs): Promise<StepInput[]> {
  const one = (name: string, setup: boolean, run: string): StepInput => ({
    name,
    setup,
    run,
    shell: inputs.shell,
    workingDirectory: inputs.workingDirectory,
    env: {},
    time: null,
    idle: null,
    tty: null,
    agent: setup ? null : inputs.agent,
    place: null,
  });
  const first = inputs.setup === '' ? [] : [one('setup', true, inputs.setup)];
  if (inputs.run !== '') return [...first, one('run', false, inputs.run)];
  const { parseSteps } = await import('../policy/steps.ts');
  const listed = parseSteps(inputs.steps, inputPlace('steps')).map((step) => ({
    ...step,
    shell: step.shell ?? inputs.shell,
    workingDirectory: step.workingDirectory ?? inputs.workingDirectory,
    agent: step.agent ?? inputs.agent,
  }));
  return [...first, ...listed];
}
