const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
import {
  require_ignore
} from "./shared-ignore.js";
import {
  utf8
} from "./shared-record-display.js";
import {
  __toESM
} from "./shared-runtime.js";

// src/guard/globs.ts
var import_ignore = __toESM(require_ignore(), 1);
var DEEPEST = 1e3;
var REMEMBERED = 1e4;
function touched(change) {
  const sides = ["before" in change ? change.before : null, "after" in change ? change.after : null];
  const directory = sides.every((side) => side === null || side.type === "directory");
  const paths = change.op === "renamed" ? [change.from, change.path] : [change.path];
  return paths.filter((path) => path.length > 0).map((path) => ({ ...seen(path, directory), more: (change.more ?? 0) > 0 }));
}
function seen(bytes, directory) {
  const strict = utf8(bytes);
  const text = strict ?? Buffer.from(bytes).toString("utf8");
  const odd = strict === null || text.split("/").length > DEEPEST;
  return { bytes, text: directory ? `${text}/` : text, directory, odd };
}
var Globs = class {
  #globs;
  #all;
  #each;
  constructor(globs) {
    this.#globs = globs;
    this.#all = new Matcher(globs);
    this.#each = globs.map((glob) => ({ negative: glob.startsWith("!"), matcher: new Matcher([glob.replace(/^!/, "")]) })).reverse();
  }
  /** For `allow` and `require`: only a path that globs can be trusted with. */
  surely(path) {
    return !path.odd && this.#each.find(({ matcher }) => matcher.matches(path.text))?.negative === false;
  }
  /** For `deny` and `review`: where a path cannot be told, it matches. */
  perhaps(path) {
    if (path.text.split("/").length > DEEPEST || this.#all.matches(path.text)) return true;
    return path.more && this.#globs.some((glob) => mayLieBelow(glob, path.text));
  }
};
function mayLieBelow(glob, directory) {
  if (glob.startsWith("!")) return false;
  if (!/^\/|\/./.test(glob)) return true;
  const names = glob.replace(/^\//, "").split("/");
  for (const [at, part] of directory.replace(/\/$/, "").split("/").entries()) {
    const name = names[at] ?? "";
    if (name === "" || /[*?[\\]/.test(name)) return true;
    if (name !== part) return false;
  }
  return true;
}
var Matcher = class {
  #globs;
  #ignore = null;
  #asked = 0;
  constructor(globs) {
    this.#globs = globs;
  }
  matches(text) {
    if (this.#asked % REMEMBERED === 0) this.#ignore = null;
    this.#asked += 1;
    this.#ignore ??= (0, import_ignore.default)({ ignorecase: false }).add(this.#globs);
    return this.#ignore.ignores(text);
  }
};

export {
  touched,
  Globs
};
