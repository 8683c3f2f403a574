const { createHash } = process.getBuiltinModule("node:crypto");
import {
  builtIn
} from "./shared-suite-read.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/suite/select.ts
function select(suite, { agent: asked, filter, trials }) {
  const wrong = (message, remedy) => new UserError([{ message, remedy, place: null }]);
  const name = asked ?? suite.agent;
  const known = [...suite.agents.keys(), "oracle", "null"];
  if (name === null) throw wrong("which agent?", `Say --agent, or \`agent:\` in the suite: ${known.join(", ")}.`);
  if (!known.includes(name)) throw wrong(`there is no agent ${JSON.stringify(name)}`, `There are: ${known.join(", ")}.`);
  const tasks = suite.tasks.filter((task) => matches(task, filter));
  if (tasks.length === 0)
    throw wrong(
      `no task matches ${filter.join(",")}`,
      `There are: ${suite.tasks.map(({ id }) => id).join(", ").slice(0, 500)}.`
    );
  const unmet = filter.find((one) => !suite.tasks.some((task) => matchesOne(task, one.replace(/^!/, ""))));
  if (unmet !== void 0)
    throw wrong(
      `--filter ${unmet} matches no task`,
      `There are: ${suite.tasks.map(({ id }) => id).join(", ").slice(0, 500)}.`
    );
  const agents = new Map(tasks.map((task) => [task.id, agentFor(suite, task, name)]));
  const without = tasks.filter(({ id }) => agents.get(id) === null).map(({ id }) => id);
  if (without.length > 0)
    throw wrong(`the oracle has no solution for: ${without.slice(0, 10).join(", ")}`, "Give these tasks a `solution`.");
  const agentOf = (task) => agents.get(task.id) ?? { steps: [], deterministic: false };
  return {
    agent: name,
    tasks,
    agentOf,
    expected: tasks.map((task) => ({
      task: task.id,
      first: 1,
      trials: trials ?? task.trials,
      policy: task.policy.digest,
      deterministic: task.deterministic ?? agentOf(task).deterministic,
      tags: task.tags
    }))
  };
}
function agentFor(suite, task, name) {
  if (name === "oracle" || name === "null") return builtIn(name, task);
  return task.agent ?? suite.agents.get(name) ?? null;
}
function matches(task, filter) {
  const [no, yes] = [filter.filter((one) => one.startsWith("!")), filter.filter((one) => !one.startsWith("!"))];
  return !no.some((one) => matchesOne(task, one.slice(1))) && (yes.length === 0 || yes.some((one) => matchesOne(task, one)));
}
function matchesOne(task, one) {
  if (one.startsWith("tag:")) return task.tags.includes(one.slice("tag:".length));
  const parts = one.split("*").map((part) => part.replace(/[^a-zA-Z0-9]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(task.id);
}
function seedOf(seed, task, trial) {
  return createHash("sha256").update(`${seed}\0${task}\0${trial}`).digest().readUInt32BE(0);
}

export {
  select,
  seedOf
};
