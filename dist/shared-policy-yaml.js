import {
  LineCounter,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  visit
} from "./shared-yaml.js";
import {
  safeParse
} from "./shared-valibot.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/policy/check.ts
var MANY = 50;
function check(schema, source) {
  const value = structuredClone(source.value);
  const problems = /* @__PURE__ */ new Map();
  for (; ; ) {
    const result = safeParse(schema, value);
    if (result.success && problems.size === 0) return result.output;
    const found = result.success ? [] : result.issues.flatMap((issue) => flatten(issue, []));
    for (const one of found) problems.set(JSON.stringify([one.path, one.message]), problem(one, source));
    const unknown = found.filter((one) => one.unknownKey);
    for (const { path } of unknown) remove(value, path);
    if (unknown.length === 0 || problems.size >= MANY) break;
  }
  throw new UserError([...problems.values()].slice(0, MANY).sort(byPlace));
}
function flatten(issue, above) {
  const path = [...above, ...(issue.path ?? []).map((item) => item.key)];
  if (issue.type === "union" && issue.issues !== void 0) {
    const deeper = issue.issues.filter((sub) => sub.path !== void 0 || sub.kind === "validation");
    if (deeper.length > 0) return deeper.flatMap((sub) => flatten(sub, path));
    const remedy = issue.issues.find((sub) => sub.type === "picklist")?.message.split("\n")[1];
    if (remedy) return [{ path, onKey: false, unknownKey: false, message: `${issue.message}
${remedy}` }];
  }
  return [
    {
      path,
      onKey: issue.path?.at(-1)?.origin === "key",
      unknownKey: issue.type === "strict_object" && issue.expected === "never",
      message: issue.message
    }
  ];
}
function problem({ path, onKey, message }, source) {
  const [text = "", remedy = ""] = message.split("\n");
  const where = spell(onKey ? path.slice(0, -1) : path);
  return { message: where === "" ? text : `${where}: ${text}`, remedy, place: source.place(path, onKey ? "key" : "value") };
}
function spell(path) {
  return path.reduce((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
    return text === "" ? name : `${text}.${name}`;
  }, "");
}
function remove(value, path) {
  const last = path.at(-1);
  const parent = path.slice(0, -1).reduce((node, key) => node[key], value);
  if (last !== void 0) delete parent[last];
}
function byPlace(a, b) {
  if (a.place === null || b.place === null) return 0;
  return a.place.line - b.place.line || a.place.column - b.place.column;
}

// src/policy/yaml.ts
var MAX_CHARACTERS = 1 << 20;
var MAX_DEPTH = 100;
var FORBIDDEN_KEYS = ["__proto__", "prototype", "constructor"];
function readYaml(text, file, example) {
  const fail = (message, remedy, place = { file, line: 1, column: 1 }) => new UserError([{ message, remedy, place }]);
  if (text.length > MAX_CHARACTERS || Buffer.byteLength(text) > MAX_CHARACTERS) {
    throw fail(`${file} is larger than 1 MiB`, "Nothing this long is read; is it the right file?");
  }
  try {
    return read(text.replace(/^\ufeff/, ""), file, example, fail);
  } catch (error) {
    if (error instanceof RangeError) throw fail(`${file} is nested too deeply`, `At most ${MAX_DEPTH} levels are read.`);
    throw error;
  }
}
function read(text, file, example, fail) {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, schema: "core", stringKeys: true, uniqueKeys: false, prettyErrors: false });
  const placeAt = (offset2) => {
    const { line, col } = lineCounter.linePos(offset2);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const found = [...document.errors, ...document.warnings].filter((error) => error.code !== "TAG_RESOLVE_FAILED");
  const problems = found.map((error) => {
    const several = error.code === "MULTIPLE_DOCS";
    return {
      message: several ? "there is a second YAML document" : `not valid YAML: ${error.message}`,
      remedy: several ? "Keep one document: nothing may follow `---` or `...`." : "",
      place: placeAt(error.pos[0])
    };
  });
  problems.push(...oddities(document, placeAt));
  if (problems.length > 0) throw new UserError(problems);
  if (document.contents === null || isScalar(document.contents) && document.contents.value === null) {
    throw fail(`${file} is empty`, `Write ${example}, or leave it out.`);
  }
  const contents = document.contents;
  return {
    value: document.toJS({ maxAliasCount: 0 }),
    place: (path, part = "value") => placeAt(offset(contents, path, part))
  };
}
function oddities(document, placeAt) {
  const problems = [];
  const report = (node, message, remedy) => {
    const range = node?.range;
    problems.push({ message, remedy, place: placeAt(range?.[0] ?? 0) });
  };
  const { yaml, tags } = document.directives;
  if (yaml.explicit === true || Object.keys(tags).length > 1) {
    report(null, "YAML directives (`%…`) are not read", "Remove the line; YAML 1.2 is meant.");
  }
  visit(document, {
    Alias: (_, node) => report(node, `aliases (\`*${node.source}\`) are not read`, "Write the value out."),
    Node: (_, node, path) => {
      if (path.length > MAX_DEPTH && path.filter(isCollection).length >= MAX_DEPTH) throw new RangeError("depth");
      if ("anchor" in node && node.anchor) report(node, `anchors (\`&${node.anchor}\`) are not read`, "Write the value out.");
      if (node.tag) report(node, `tags (\`${node.tag}\`) are not read`, "Quote the value where text is meant.");
      if (isScalar(node)) checkScalar(node.value, (message, remedy) => report(node, message, remedy));
      if (isMap(node)) checkKeys(node.items, report);
    }
  });
  return problems;
}
function checkScalar(value, report) {
  if (typeof value === "string" && !value.isWellFormed()) report("text holds half of a surrogate pair", "Write the character itself.");
  if (typeof value === "number" && (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)) {
    report(`${value} is not a number that can be kept exactly`, "Quote it where text is meant.");
  }
}
function checkKeys(items, report) {
  const seen = /* @__PURE__ */ new Set();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    if (seen.has(name)) report(key, `key ${JSON.stringify(name)} is there twice`, "Keep one of them.");
    else if (name === "<<") report(key, "merge keys (`<<`) are not read", "Write the keys out.");
    else if (FORBIDDEN_KEYS.includes(name)) report(key, `${JSON.stringify(name)} cannot be used as a key`, "");
    seen.add(name);
  }
}
function offset(contents, path, part) {
  let node = contents;
  let at = contents.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    const found = isMap(node) ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === step) : isSeq(node) && typeof step === "number" ? node.items[step] : void 0;
    if (found === void 0) return at;
    const key = isPair(found) ? found.key : null;
    node = isPair(found) ? found.value : found;
    const blank = node === null || isScalar(node) && node.value === null;
    const shown = key !== null && (last && part === "key" || blank) ? key : node;
    at = shown?.range?.[0] ?? at;
  }
  return at;
}

export {
  check,
  spell,
  byPlace,
  readYaml
};
