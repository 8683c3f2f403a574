import {
  canonicalJson
} from "./shared-policy-resolve.js";
import {
  displayText
} from "./shared-record-display.js";

// src/suite/trials-differences.ts
function headerDifferences(there, wanted, fields) {
  return fields.filter((field) => canonicalJson(there[field]) !== canonicalJson(wanted[field])).map(
    (field) => `${field} (${field === "expected" ? tasks(there.expected, wanted.expected) : `${show(there[field])}, not ${show(wanted[field])}`})`
  );
}
function tasks(there, wanted) {
  const at = wanted.findIndex((task2, index) => canonicalJson(task2) !== canonicalJson(there[index] ?? null));
  const task = (at === -1 ? there[wanted.length] : wanted[at])?.task ?? "";
  return `from ${displayText(task)} on`;
}
var show = (value) => displayText(typeof value === "string" ? value : canonicalJson(value), 100);

export {
  headerDifferences
};
