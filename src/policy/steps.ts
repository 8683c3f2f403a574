import * as v from 'valibot';
import { UserError } from '../model/errors.ts';
import type { Place } from '../model/names.ts';
import type { StepInput } from '../model/steps.ts';
import { USUAL_SIZE } from '../model/terminal.ts';
import { AGENTS } from '../model/trajectory.ts';
import { check } from './check.ts';
import * as rule from './rules.ts';
import { count, either, flag, list, map, named, oneOf, text } from './shape.ts';
import { readYaml } from './yaml.ts';

const WISHES = ['auto', ...AGENTS, 'none'] as const;
const MOST_STEPS = 100;

export const stepsSchema = list(
  map(
    {
      name: v.optional(text('text', rule.line, 'how the step is called in log and record; default: its number')),
      run: text('a script', rule.script, 'the script'),
      setup: v.optional(flag("a setup step: runs before the agent's, under the policy's `setup` section"), false),
      shell: v.optional(text('a shell', rule.line, 'bash, sh, python …, or a template with {0}')),
      'working-directory': v.optional(text('a path', rule.line, 'inside the workspace; default: the workspace')),
      env: v.optional(
        named(rule.variableName, text('text', rule.plainText, 'the value, as it is'), 'environment variables of this step'),
        {},
      ),
      time: v.optional(text('a time', rule.time, "how long the step may take; default: the policy's")),
      idle: v.optional(text('a time', rule.time, "how long the step may print nothing; default: the policy's")),
      tty: v.optional(
        either(
          [
            flag('a terminal of 24 rows and 80 columns'),
            map(
              {
                rows: v.optional(count(1, 1000, 'rows'), USUAL_SIZE.rows),
                columns: v.optional(count(1, 1000, 'columns'), USUAL_SIZE.columns),
              },
              'a terminal of this size',
            ),
          ],
          'true, false, or a map with rows, columns',
          'give the step a terminal',
        ),
        false,
      ),
      agent: v.optional(oneOf(WISHES, 'whose log to look for'), 'auto'),
    },
    'a step',
  ),
  'The steps of a run, in order.',
);
export type UserStep = v.InferOutput<typeof stepsSchema>[number];

/** Reads the list of the input `steps`. `file` names it in messages and places. Throws a UserError with every problem. */
export function parseSteps(text: string, file: string): StepInput[] {
  const source = readYaml(text, file, 'a list of steps, such as `- run: npm test`');
  return stepInputs(check(stepsSchema, source), (path) => source.place(path));
}

/** What is wrong with a list of steps only as a whole, and what each means. `at`: where a part of the list stands. Throws a UserError. */
export function stepInputs(users: readonly UserStep[], at: (path: readonly [number]) => Place): StepInput[] {
  const fail = (message: string, remedy: string, index: number): UserError => new UserError([{ message, remedy, place: at([index]) }]);
  if (users.length === 0) throw fail('the list of steps is empty', 'Write at least one, such as `- run: npm test`.', 0);
  if (users.length > MOST_STEPS) throw fail(`there are ${users.length} steps`, `At most ${MOST_STEPS} are run.`, MOST_STEPS);
  // A setup step may have a network that the agent has not; what an agent left must not run there.
  const first = users.findIndex((step) => !step.setup);
  const late = users.findIndex((step, i) => step.setup && first !== -1 && i > first);
  if (late !== -1) throw fail(`[${late}]: a setup step comes after another step`, 'Put all setup steps first.', late);
  return users.map((user, i) => ({
    name: user.name ?? `${user.setup ? 'setup' : 'step'} ${i + 1}`,
    setup: user.setup,
    run: user.run,
    shell: user.shell ?? null,
    workingDirectory: user['working-directory'] ?? null,
    env: user.env,
    time: user.time === undefined ? null : rule.time(user.time),
    idle: user.idle === undefined ? null : rule.time(user.idle),
    tty: terminal(user.tty),
    agent: user.agent === 'auto' ? null : user.agent,
    place: at([i]),
  }));
}

function terminal(user: UserStep['tty']): StepInput['tty'] {
  if (typeof user === 'object') return user;
  return user ? USUAL_SIZE : null;
}
