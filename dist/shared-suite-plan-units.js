import {
  displayText
} from "./shared-record-display.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/suite/plan-units.ts
function unitsWriter(suite) {
  const whole = new Map(suite.map((task) => [task.task, task]));
  return (units) => units.map((unit) => writeUnit(unit, whole.get(unit.task))).join(" ");
}
function writeUnit({ task, first, trials }, all) {
  if (all?.first === first && all.trials === trials) return task;
  return trials === 1 ? `${task}:${first}` : `${task}:${first}-${first + trials - 1}`;
}
function readUnits(text, suite) {
  const places = new Map(suite.map((task, at) => [task.task, at]));
  let before = -1;
  return text.split(" ").map((word) => {
    const [, task = "", from, to] = /^([^:]+)(?::([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?)?$/.exec(word) ?? refuse(word, "is not TASK, TASK:N or TASK:N-M");
    const at = places.get(task) ?? -1;
    const all = suite[at] ?? refuse(word, "is not a task of this suite");
    if (at <= before) refuse(word, "is there twice, or not in the order of the suite");
    before = at;
    if (from === void 0) return all;
    const first = Number(from);
    const last = Number(to ?? from);
    const end = all.first + all.trials - 1;
    if (first < all.first || last > end || last < first) refuse(word, `is not among the trials ${all.first} to ${end} of that task`);
    const unit = { ...all, first, trials: last - first + 1 };
    if (writeUnit(unit, all) !== word) refuse(word, `is to be written ${writeUnit(unit, all)}`);
    return unit;
  });
}
function refuse(word, why) {
  const message = word === "" ? "an empty task in the list of tasks" : `${displayText(word, 100)} in the list of tasks ${why}`;
  throw new UserError([{ message, place: null, remedy: "pass on `matrix.tasks` as `suite plan` wrote it, at the same commit" }]);
}

export {
  unitsWriter,
  readUnits
};
