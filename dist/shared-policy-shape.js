import {
  array,
  boolean,
  custom,
  description,
  integer,
  maxValue,
  minValue,
  number,
  picklist,
  pipe,
  rawCheck,
  record,
  strictObject,
  string,
  union
} from "./shared-valibot.js";
import {
  nearest
} from "./shared-policy-nearest.js";

// src/policy/shape.ts
function show(value) {
  if (value === null || value === void 0) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const text2 = JSON.stringify(value);
  return text2.length > 80 ? `${text2.slice(0, 77)}…` : text2;
}
function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
var notA = (allowed) => (issue) => `${show(issue.input)} is not ${allowed}`;
function text(allowed, parse, description2) {
  const wrong = ({ input }) => {
    const message = notA(allowed)({ input });
    if (typeof input !== "number" && typeof input !== "boolean") return message;
    const refused = refusal(parse, String(input));
    return refused ?? `${message}
Quote it where text is meant: "${String(input)}".`;
  };
  return pipe(string(wrong), parsed(parse), description(description2));
}
function sizeOf(parse, description2) {
  const allowed = "a size, such as 512MiB or 2GB";
  const wrong = notA(allowed);
  return pipe(union([pipe(number(wrong), integer(wrong)), string(wrong)], wrong), parsed(parse), description(description2));
}
function parsed(parse) {
  return rawCheck(({ dataset, addIssue }) => {
    const refused = dataset.typed ? refusal(parse, dataset.value) : null;
    if (refused !== null) addIssue({ message: refused });
  });
}
function refusal(parse, value) {
  try {
    parse(value);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
function count(min, max, description2) {
  const wrong = notA(`a whole number from ${min} to ${max}`);
  return pipe(number(wrong), integer(wrong), minValue(min, wrong), maxValue(max, wrong), description(description2));
}
function number2(min, max, description2) {
  const wrong = notA(`a number from ${min} to ${max}`);
  return pipe(number(wrong), minValue(min, wrong), maxValue(max, wrong), description(description2));
}
function flag(description2) {
  return pipe(boolean(notA("true or false")), description(description2));
}
function oneOf(values, description2, hints = {}) {
  const wrong = (issue) => {
    const input = String(issue.input);
    const near = nearest(input, values);
    const remedy = Object.hasOwn(hints, input) ? hints[input] : near === null ? "" : `Did you mean \`${near}\`?`;
    return `${notA(`one of ${values.join(", ")}`)(issue)}
${remedy}`;
  };
  return pipe(picklist(values, wrong), description(description2));
}
function map(entries, description2, later = []) {
  const names = Object.keys(entries);
  const key = (issue) => {
    if (issue.expected !== "never") return `key ${issue.expected ?? ""} is missing`;
    const name = String(issue.input);
    if (later.includes(name)) return `key ${show(name)} is reserved for a later version
Leave it out.`;
    const near = nearest(name, names);
    return `unknown key ${show(name)}
${near === null ? "" : `Did you mean \`${near}\`? `}Allowed here: ${names.join(", ")}.`;
  };
  return pipe(
    // valibot takes a list for an object.
    custom(isMap, notA(`a map with the keys ${names.join(", ")}`)),
    strictObject(entries, key),
    description(description2)
  );
}
function named(key, value, description2) {
  return pipe(
    custom(isMap, notA("a map of names")),
    record(pipe(string(), parsed(key)), value),
    description(description2)
  );
}
function list(item, description2) {
  return pipe(array(item, notA("a list")), description(description2));
}
function either(options, allowed, description2) {
  return pipe(union(options, notA(allowed)), description(description2));
}

export {
  show,
  isMap,
  text,
  sizeOf,
  count,
  number2 as number,
  flag,
  oneOf,
  map,
  named,
  list,
  either
};
