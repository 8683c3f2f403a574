"use strict";

// src/system/code-cache.ts
var import_node_fs = require("node:fs");
var import_node_path = require("node:path");
var import_node_vm = require("node:vm");

// src/system/kept-code.ts
var KEEP = /* @__PURE__ */ Symbol.for("agent-jail.keep-code");

// src/system/code-cache.ts
function startKept(program, require2, directory = directoryOf(process.getuid?.(), process.env)) {
  const file = (0, import_node_fs.openSync)(program, "r");
  const place = directory === null ? null : (0, import_node_path.join)(directory, nameOf(program, file));
  const source = (0, import_node_fs.readFileSync)(file, "latin1");
  (0, import_node_fs.closeSync)(file);
  const kept = place === null ? null : read(place);
  const script = new import_node_vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}
})`, {
    filename: program,
    ...kept === null ? {} : { cachedData: kept }
  });
  if (place !== null && (kept === null || script.cachedDataRejected === true)) {
    const second = (0, import_node_fs.existsSync)((0, import_node_path.dirname)(place));
    globalThis[KEEP] = () => {
      if (second) write(place, script.createCachedData());
      else prepare((0, import_node_path.dirname)(place));
    };
  }
  const module2 = { exports: {} };
  const run = script.runInThisContext();
  run(module2.exports, require2, module2, program, (0, import_node_path.dirname)(program));
}
function directoryOf(uid, env) {
  if (uid === void 0) return null;
  if (uid === 0) return OF_ROOT;
  const { XDG_CACHE_HOME: cache = "", HOME: home = "" } = env;
  const base = cache.startsWith("/") ? cache : home.startsWith("/") ? (0, import_node_path.join)(home, ".cache") : null;
  return base === null ? null : (0, import_node_path.join)(base, "agent-jail", "code");
}
var OF_ROOT = "/var/lib/agent-jail/code";
var programOf = (entry) => entry.replace(/\.cjs$/, ".code.cjs");
function nameOf(program, fd) {
  const { dev, ino, size, ctimeNs } = (0, import_node_fs.fstatSync)(fd, { bigint: true });
  const file = [dev, ino, size, ctimeNs].map((number) => number.toString(16));
  return [(0, import_node_path.basename)(program, ".code.cjs"), process.versions.node, ...file].join("-");
}
var VERSIONS = 3;
var MOST = 16 << 20;
function read(place) {
  let file = null;
  try {
    if (!own((0, import_node_fs.statSync)((0, import_node_path.dirname)(place)))) return null;
    file = (0, import_node_fs.openSync)(place, import_node_fs.constants.O_RDONLY | import_node_fs.constants.O_NOFOLLOW | import_node_fs.constants.O_NONBLOCK);
    const seen = (0, import_node_fs.fstatSync)(file);
    if (!seen.isFile() || !own(seen) || seen.size > MOST) return null;
    const code = (0, import_node_fs.readFileSync)(file);
    return code.length > 0 ? code : null;
  } catch {
    return null;
  } finally {
    if (file !== null) (0, import_node_fs.closeSync)(file);
  }
}
function write(place, code) {
  const fresh = `${place}.${process.pid}`;
  try {
    if (!own((0, import_node_fs.statSync)((0, import_node_path.dirname)(place)))) return;
    (0, import_node_fs.writeFileSync)(fresh, code, { mode: 384, flag: "wx", flush: true });
    (0, import_node_fs.renameSync)(fresh, place);
    forget(place);
  } catch {
    if ((0, import_node_fs.existsSync)(fresh)) (0, import_node_fs.rmSync)(fresh, { force: true });
  }
}
var KEPT = /(-[0-9a-f.]+)+$/;
function forget(place) {
  const program = (0, import_node_path.basename)(place).replace(KEPT, "");
  const made = (file) => (0, import_node_fs.statSync)(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  (0, import_node_fs.readdirSync)((0, import_node_path.dirname)(place)).filter((name) => name.replace(KEPT, "") === program).map((name) => (0, import_node_path.join)((0, import_node_path.dirname)(place), name)).sort((a, b) => made(b) - made(a)).slice(VERSIONS).forEach((file) => (0, import_node_fs.rmSync)(file, { force: true }));
}
function prepare(directory) {
  try {
    (0, import_node_fs.mkdirSync)(directory, { recursive: true, mode: 448 });
  } catch {
  }
}
var own = ({ uid, mode }) => (uid === 0 || uid === process.getuid?.()) && (mode & 18) === 0;

// src/started-action.ts
startKept(programOf(__filename), require);
