import {
  check,
  readYaml
} from "./shared-policy-yaml.js";
import {
  count,
  either,
  flag,
  list,
  map,
  named,
  oneOf,
  text
} from "./shared-policy-shape.js";
import {
  line,
  plainText,
  script,
  time,
  variableName
} from "./shared-policy-rules.js";
import {
  optional
} from "./shared-valibot.js";
import {
  AGENTS
} from "./shared-model-trajectory.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/model/terminal.ts
var USUAL_SIZE = { rows: 24, columns: 80 };

// src/policy/steps.ts
var WISHES = ["auto", ...AGENTS, "none"];
var MOST_STEPS = 100;
var stepsSchema = list(
  map(
    {
      name: optional(text("text", line, "how the step is called in log and record; default: its number")),
      run: text("a script", script, "the script"),
      setup: optional(flag("a setup step: runs before the agent's, under the policy's `setup` section"), false),
      shell: optional(text("a shell", line, "bash, sh, python …, or a template with {0}")),
      "working-directory": optional(text("a path", line, "inside the workspace; default: the workspace")),
      env: optional(
        named(variableName, text("text", plainText, "the value, as it is"), "environment variables of this step"),
        {}
      ),
      time: optional(text("a time", time, "how long the step may take; default: the policy's")),
      idle: optional(text("a time", time, "how long the step may print nothing; default: the policy's")),
      tty: optional(
        either(
          [
            flag("a terminal of 24 rows and 80 columns"),
            map(
              {
                rows: optional(count(1, 1e3, "rows"), USUAL_SIZE.rows),
                columns: optional(count(1, 1e3, "columns"), USUAL_SIZE.columns)
              },
              "a terminal of this size"
            )
          ],
          "true, false, or a map with rows, columns",
          "give the step a terminal"
        ),
        false
      ),
      agent: optional(oneOf(WISHES, "whose log to look for"), "auto")
    },
    "a step"
  ),
  "The steps of a run, in order."
);
function parseSteps(text2, file) {
  const source = readYaml(text2, file, "a list of steps, such as `- run: npm test`");
  return stepInputs(check(stepsSchema, source), (path) => source.place(path));
}
function stepInputs(users, at) {
  const fail = (message, remedy, index) => new UserError([{ message, remedy, place: at([index]) }]);
  if (users.length === 0) throw fail("the list of steps is empty", "Write at least one, such as `- run: npm test`.", 0);
  if (users.length > MOST_STEPS) throw fail(`there are ${users.length} steps`, `At most ${MOST_STEPS} are run.`, MOST_STEPS);
  const first = users.findIndex((step) => !step.setup);
  const late = users.findIndex((step, i) => step.setup && first !== -1 && i > first);
  if (late !== -1) throw fail(`[${late}]: a setup step comes after another step`, "Put all setup steps first.", late);
  return users.map((user, i) => ({
    name: user.name ?? `${user.setup ? "setup" : "step"} ${i + 1}`,
    setup: user.setup,
    run: user.run,
    shell: user.shell ?? null,
    workingDirectory: user["working-directory"] ?? null,
    env: user.env,
    time: user.time === void 0 ? null : time(user.time),
    idle: user.idle === void 0 ? null : time(user.idle),
    tty: terminal(user.tty),
    agent: user.agent === "auto" ? null : user.agent,
    place: at([i])
  }));
}
function terminal(user) {
  if (typeof user === "object") return user;
  return user ? USUAL_SIZE : null;
}

export {
  stepsSchema,
  parseSteps,
  stepInputs
};
