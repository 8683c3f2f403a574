import {
  Bag,
  counted
} from "./shared-guard-bag.js";
import {
  touched
} from "./shared-guard-globs.js";
import {
  displayText
} from "./shared-record-display.js";

// src/guard/claims.ts
var MISMATCH = { name: "built-in.trajectory-mismatch", action: "review", place: null };
var WRITES = {
  file_path: ["Write", "Edit", "MultiEdit", "write_file", "replace"],
  notebook_path: ["NotebookEdit"],
  path: ["write", "edit", "create"],
  filePath: ["write", "edit"]
};
var QUIET = new Set(
  `Read Grep Glob LS TodoWrite WebFetch WebSearch ExitPlanMode read_file read_many_files list_directory search_file_content
  grep_search glob google_web_search web_fetch write_todos save_memory read grep find ls list view todowrite todoread webfetch todo_list
  web_search report_intent update_plan`.split(/\s+/)
);
function claimedFiles({ steps }) {
  const times = /* @__PURE__ */ new Map();
  let certain = /* @__PURE__ */ new Set();
  for (const call of steps.flatMap((step) => [...calls(step)])) {
    if (call.paths === null) {
      if (!QUIET.has(call.name)) certain = /* @__PURE__ */ new Set();
      continue;
    }
    for (const path of call.paths) {
      times.set(path, (times.get(path) ?? 0) + 1);
      certain.add(path);
    }
  }
  return [...certain].filter((path) => times.get(path) === 1);
}
function* calls({ tool_calls: all = [], observation }) {
  for (const { tool_call_id: id, function_name: name, arguments: args } of all) {
    const paths = written(name, args);
    const result = observation?.results.find(({ source_call_id: of }) => of === id);
    const done = result !== void 0 && result.extra?.["failed"] !== true;
    yield { name, paths: paths === null ? null : done ? paths : [] };
  }
}
function written(name, args) {
  if (name === "file_change") return codexChanges(args["changes"]);
  const argument = Object.keys(WRITES).find((key) => WRITES[key]?.includes(name) === true && typeof args[key] === "string");
  return argument === void 0 ? null : [String(args[argument])];
}
function codexChanges(changes) {
  if (!Array.isArray(changes)) return null;
  return changes.flatMap((change) => {
    const { path, kind } = change ?? {};
    return typeof path === "string" && (kind === "add" || kind === "update") ? [path] : [];
  });
}
var ClaimCheck = class {
  #missing;
  constructor(trajectory, workspace) {
    const inside = (path) => path.startsWith("/") ? path.startsWith(`${workspace}/`) : path !== "";
    const files = claimedFiles(trajectory).filter((path) => inside(path) && !path.endsWith("/"));
    this.#missing = /* @__PURE__ */ new Map();
    for (const path of files) this.#missing.set(nameOf(path), [...this.#missing.get(nameOf(path)) ?? [], path]);
  }
  see(change) {
    if (this.#missing.size === 0 || change.op === "deleted") return;
    for (const { text } of touched(change)) this.#missing.delete(nameOf(text));
  }
  findings() {
    const bag = new Bag();
    for (const path of [...this.#missing.values()].flat().sort()) bag.add(displayText(path));
    if (bag.count === 0) return [];
    return [bag.finding(MISMATCH, `${counted(bag.count, "file")} that the agent says it wrote, and that is not among the changes`)];
  }
};
var nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);

export {
  MISMATCH,
  ClaimCheck
};
