import { createRequire as requireFor } from 'node:module';
const require = requireFor(import.meta.url);
import {
  BLOCK,
  padding,
  tarHeader
} from "./shared-system-tar.js";
import {
  require_ignore
} from "./shared-ignore.js";
import {
  RecordError,
  openRecordDir
} from "./shared-record-schema.js";
import {
  FLAGS
} from "./shared-model-changes.js";
import "./shared-valibot.js";
import "./shared-model-outcome.js";
import {
  secretForms
} from "./shared-transcript-forms.js";
import {
  displayPath,
  displayText,
  json,
  sha256,
  utf8
} from "./shared-record-write.js";
import "./shared-model-record.js";
import {
  JailError
} from "./shared-model-errors.js";
import {
  NdjsonWriter,
  writeAll
} from "./shared-system-ndjson.js";
import {
  lines
} from "./shared-system-lines.js";
import {
  __toESM
} from "./shared-runtime.js";

// src/report/markdown.ts
var MARKUP = /[`|<>&]|^ | $/g;
function inlineCode(text2, limit = 200) {
  if (text2 === "") return "(empty)";
  const shown = displayText(text2, limit).replace(MARKUP, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
  return `\`${shown}\``;
}
function inlineShown(text2, limit = 200) {
  return inlineCode(text2, limit).replaceAll("\\\\", "\\");
}
function table(head, rows) {
  if (rows.length === 0) return [];
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}
function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, count < 1 ? 0 : Math.floor(Math.log2(count) / 10));
  const value = count / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
function time(ms) {
  if (ms < 1e3) return `${Math.round(ms)} ms`;
  if (ms < 6e4) return `${(ms / 1e3).toFixed(1)} s`;
  return `${Math.floor(ms / 6e4)} min ${Math.floor(ms % 6e4 / 1e3)} s`;
}

// src/report/tally.ts
var NAMED = 50;
var HOSTS = 1e3;
async function changeTally(record) {
  const layers = /* @__PURE__ */ new Map();
  const first = [];
  let tracked = 0;
  for await (const change of record.lines("changes.ndjson")) {
    const { layer: layer2, op, flags } = change;
    const tally = layers.get(layer2) ?? { layer: layer2, added: 0, modified: 0, deleted: 0, renamed: 0, other: 0, ignored: 0 };
    layers.set(layer2, tally);
    tally[op === "retyped" || op === "metadata" ? "other" : op] += 1;
    if (flags.includes("ignored")) tally.ignored += 1;
    if (layer2 !== "workspace" || flags.includes("ignored") || flags.includes("git-dir")) continue;
    tracked += 1;
    if (first.length < NAMED) first.push(change);
  }
  return { layers: [...layers.values()], first, tracked };
}
async function deniedTally(record) {
  const counts2 = /* @__PURE__ */ new Map();
  let total = 0;
  for await (const { verdict, name, address, port } of record.lines("network.ndjson")) {
    if (verdict !== "denied") continue;
    total += 1;
    const host = `${name ?? address ?? "unknown"}:${port}`;
    if (counts2.has(host) || counts2.size < HOSTS) counts2.set(host, (counts2.get(host) ?? 0) + 1);
  }
  const hosts = [...counts2].map(([host, count]) => ({ host, count })).sort((a, b) => b.count - a.count);
  return { hosts, total };
}

// src/report/summary.ts
var LARGEST = 64 << 10;
var STEPS = 50;
var FINDINGS = 40;
var DENIED = 20;
var NOTICES = 20;
async function summary(conclusion) {
  const { run, outcome, because, findings } = conclusion;
  const sections = [
    { title: `## agent-jail: ${outcome}`, lines: [inlineCode(because, 400), ""], elastic: false },
    { title: "### Steps", lines: steps(run.steps), elastic: true },
    { title: "### Guards", lines: findings.slice(0, FINDINGS).flatMap(findingLines), elastic: true },
    { title: "### Changes", lines: await readable(async () => changes(await changeTally(conclusion.record))), elastic: true },
    { title: "### Denied by the network", lines: await readable(() => denied(conclusion)), elastic: true },
    { title: "### Notices", lines: run.notices.slice(0, NOTICES).map((notice) => `- ${inlineCode(notice, 300)}`), elastic: true },
    { title: "### Limits", lines: limits(run), elastic: false },
    { title: "### Record", lines: about(conclusion), elastic: false }
  ];
  return fit(sections.filter((section) => section.lines.length > 0));
}
function steps(all) {
  const rows = all.slice(0, STEPS).map(({ name, setup, started, exit }, index) => [
    String(index + 1),
    `${inlineCode(name, 80)}${setup ? " (setup)" : ""}`,
    started === null ? "not started" : exit === null ? "did not end" : exit.signal === null ? `exit code ${exit.code}` : inlineCode(exit.signal),
    exit === null || exit.hit.length === 0 ? "" : exit.hit.join(", "),
    exit === null ? "" : time(exit.ms),
    exit === null ? "" : bytes(exit.bytes)
  ]);
  return [...table(["", "step", "end", "limits reached", "time", "output"], rows), ...more(all.length - STEPS, "step")];
}
function findingLines({ rule, place, action, message, what, more: left }) {
  const where = place === null || place.file === "" ? "" : ` (${inlineCode(`${place.file}:${place.line}`)})`;
  return [
    `- **${action}** ${inlineCode(rule)}${where}: ${inlineCode(message, 300)}`,
    ...what.map((item) => `  - ${inlineShown(item)}`),
    ...left > 0 ? [`  - and ${left} more`] : []
  ];
}
function changes({ layers, first, tracked }) {
  const rows = layers.map(({ layer: layer2, added, modified, deleted, renamed, other: other2, ignored }) => [
    layer2,
    ...[added, modified, deleted, renamed, other2, ignored].map(String)
  ]);
  const paths = first.map((change) => [
    change.op,
    change.op === "renamed" ? `${inlineShown(displayPath(change.from))} to ${inlineShown(displayPath(change.path))}` : inlineShown(displayPath(change.path)),
    change.flags.join(", ")
  ]);
  if (rows.length === 0) return ["Nothing was changed, as far as the record goes.", ""];
  return [
    ...table(["", "added", "modified", "deleted", "renamed", "other", "of these ignored"], rows),
    ...table(["change", "path in the workspace", "flags"], paths),
    ...more(tracked - first.length, "path")
  ];
}
async function denied({ record }) {
  const { hosts, total } = await deniedTally(record);
  const rows = hosts.slice(0, DENIED).map(({ host, count }) => [inlineCode(host), String(count)]);
  return [
    ...table(["host and port", "times"], rows),
    ...more(hosts.length - DENIED, "host"),
    ...total > 0 ? [`${total} in all.`, ""] : []
  ];
}
function limits(run) {
  const show = (name, value) => {
    if (value === null) return "";
    if (name === "time" || name === "idle") return time(value);
    return ["memory", "disk", "output", "upload"].includes(name) ? bytes(value) : String(value);
  };
  const rows = run.limits.map(({ name, limit, peak, hit }) => [name, show(name, limit), show(name, peak), hit ? "yes" : ""]);
  return table(["limit", "set to", "peak", "reached"], rows);
}
function about({ run, manifest, record }) {
  const { source } = run;
  const origin = "file" in source ? `${source.kind}, ${inlineCode(source.file)}` : source.kind;
  const rows = [
    ["run", inlineCode(run.id)],
    ["directory", inlineCode(record.dir, 400)],
    ["manifest, SHA-256", manifest === null ? "not sealed" : inlineCode(manifest)],
    ["policy, SHA-256", inlineCode(run.policy.digest)],
    ["policy from", origin],
    ["backend", `${run.backend.name} ${inlineCode(run.backend.version)}`],
    ["exact", run.exact ? "yes" : "no: something that holds a secret was withheld"]
  ];
  return table(["", ""], rows);
}
async function readable(make) {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [inlineCode(error.message, 300), ""];
  }
}
function more(count, noun) {
  return count > 0 ? [`and ${count} more ${noun}${count === 1 ? "" : "s"}.`, ""] : [];
}
function fit(sections) {
  const size = (lines2) => lines2.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  const elastic = sections.filter((section) => section.elastic);
  const fixed = sections.filter((section) => !section.elastic).reduce((sum, { title, lines: lines2 }) => sum + size([title, "", ...lines2]), 0);
  const share = Math.floor((LARGEST - fixed) / Math.max(1, elastic.length)) - 200;
  const text2 = sections.map(({ title, lines: lines2, elastic: cut }) => {
    const kept = [];
    let left = share;
    for (const line of lines2) {
      left -= Buffer.byteLength(line) + 1;
      if (cut && left < 0) break;
      kept.push(line);
    }
    const note = kept.length < lines2.length ? ["", `${lines2.length - kept.length} more lines are left out here; the record has all.`] : [];
    return [title, "", ...kept, ...note].join("\n").trimEnd();
  });
  return `${text2.join("\n\n")}
`;
}

// src/changes/archive.ts
import { closeSync, createWriteStream, readSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

// src/changes/bytes.ts
import { isUtf8 } from "node:buffer";
var SLASH = 47;
function join(dir, name) {
  if (dir.length === 0) return view(name);
  if (name.length === 0) return view(dir);
  const path = Buffer.allocUnsafeSlow(dir.length + 1 + name.length);
  path.set(dir);
  path[dir.length] = SLASH;
  path.set(name, dir.length + 1);
  return path;
}
function split(path) {
  const parts = [];
  const bytes2 = view(path);
  for (let from = 0; from <= bytes2.length; ) {
    const at = bytes2.indexOf(SLASH, from);
    const to = at === -1 ? bytes2.length : at;
    if (to > from) parts.push(bytes2.subarray(from, to));
    from = to + 1;
  }
  return parts;
}
function parent(path) {
  const bytes2 = view(path);
  const at = bytes2.lastIndexOf(SLASH);
  return bytes2.subarray(0, Math.max(at, 0));
}
function basename(path) {
  const bytes2 = view(path);
  return bytes2.subarray(bytes2.lastIndexOf(SLASH) + 1);
}
function key(bytes2) {
  return view(bytes2).toString("latin1");
}
function view(bytes2) {
  return Buffer.isBuffer(bytes2) ? bytes2 : Buffer.from(bytes2.buffer, bytes2.byteOffset, bytes2.byteLength);
}
function asPath(bytes2) {
  return bytes2;
}
function isPlainText(bytes2) {
  return isUtf8(bytes2) && !new RegExp("\\p{Cc}", "u").test(view(bytes2).toString());
}

// src/changes/flags.ts
var import_ignore = __toESM(require_ignore(), 1);
import { isUtf8 as isUtf82 } from "node:buffer";

// src/changes/runs-later.ts
var RUNS_LATER = [
  { why: "GitHub runs it", patterns: [".github/workflows/", ".github/actions/", "action.yml", "action.yaml", ".github/dependabot.yml"] },
  { why: "decides who reviews", patterns: ["CODEOWNERS"] },
  { why: "sets what a jail allows", patterns: [".github/agent-jail*", "/agent-jail*.yml", "/agent-jail*.yaml"] },
  {
    why: "another CI service runs it",
    patterns: [
      ".gitlab-ci.yml",
      ".circleci/",
      ".travis.yml",
      "azure-pipelines*.yml",
      "Jenkinsfile",
      ".buildkite/",
      ".drone.yml",
      "appveyor.yml",
      ".ci/",
      "bitbucket-pipelines.yml",
      ".woodpecker/",
      ".woodpecker.yml",
      ".forgejo/",
      ".gitea/",
      "cloudbuild.yaml",
      ".readthedocs.y*ml"
    ]
  },
  {
    why: "git runs or obeys it",
    patterns: [
      "**/.git/hooks/",
      "**/.git/config*",
      ".gitmodules",
      ".gitattributes",
      ".gitconfig",
      ".githooks/",
      ".husky/",
      "lefthook.y*ml",
      ".pre-commit-config.y*ml"
    ]
  },
  {
    why: "npm and its kin run scripts of it or obey it",
    patterns: [
      "package.json",
      ".npmrc",
      ".yarnrc",
      ".yarnrc.yml",
      ".yarn/",
      ".pnpmfile.*",
      "pnpm-workspace.yaml",
      "bunfig.toml",
      "binding.gyp"
    ]
  },
  {
    why: "a lock file says what is installed",
    patterns: ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"]
  },
  {
    why: "a JavaScript tool loads it",
    patterns: [
      "*.config.js",
      "*.config.cjs",
      "*.config.mjs",
      "*.config.ts",
      "*.config.mts",
      "*.config.cts",
      ".eslintrc*",
      ".prettierrc*",
      ".babelrc*",
      ".mocharc*",
      "gulpfile.*",
      "Gruntfile.*",
      ".swcrc",
      "deno.json*"
    ]
  },
  {
    why: "Python runs it on import, test or install",
    patterns: [
      "conftest.py",
      "setup.py",
      "setup.cfg",
      "pyproject.toml",
      "tox.ini",
      "noxfile.py",
      "pytest.ini",
      "sitecustomize.py",
      "usercustomize.py",
      "*.pth",
      "tasks.py",
      "requirements*.txt",
      "pip.conf"
    ]
  },
  {
    why: "a build tool runs it",
    patterns: [
      "Makefile",
      "GNUmakefile",
      "*.mk",
      "CMakeLists.txt",
      "*.cmake",
      "configure.ac",
      "meson.build",
      "justfile",
      ".justfile",
      "Taskfile.y*ml",
      "BUILD.bazel",
      "WORKSPACE.bazel",
      "MODULE.bazel",
      "*.bzl",
      ".bazelrc",
      "Rakefile",
      "Gemfile",
      "*.gemspec",
      "build.rs",
      ".cargo/",
      "Cargo.toml",
      "pom.xml",
      ".mvn/",
      "mvnw",
      "mvnw.cmd",
      "build.gradle*",
      "settings.gradle*",
      "gradle.properties",
      "gradle/wrapper/",
      "gradlew",
      "gradlew.bat",
      "build.sbt",
      "project/*.sbt",
      "*.csproj",
      "*.targets",
      "*.props",
      "composer.json",
      "Package.swift",
      "mix.exs",
      "flake.nix",
      "default.nix",
      "shell.nix"
    ],
    exact: ["BUILD", "WORKSPACE", "configure"]
  },
  {
    why: "a container is built or started from it",
    patterns: [
      "Dockerfile*",
      "*.dockerfile",
      "Containerfile",
      "compose*.y*ml",
      "docker-compose*.y*ml",
      ".devcontainer/",
      ".devcontainer.json"
    ]
  },
  {
    why: "the shell or its helpers obey it",
    patterns: [
      ".envrc",
      ".env",
      ".env.*",
      ".tool-versions",
      "mise.toml",
      ".mise.toml",
      ".mise/",
      ".bashrc",
      ".profile",
      ".bash_profile",
      ".zshrc",
      ".zshenv"
    ]
  },
  {
    why: "an editor runs tasks of it",
    patterns: [
      ".vscode/",
      ".idea/",
      "*.code-workspace",
      ".vimrc",
      ".exrc",
      ".nvim.lua",
      ".nvimrc",
      ".dir-locals.el",
      ".zed/",
      ".gdbinit",
      ".lldbinit"
    ]
  },
  {
    why: "another agent obeys it",
    patterns: [
      "CLAUDE.md",
      "CLAUDE.local.md",
      "AGENTS.md",
      "AGENTS.override.md",
      "GEMINI.md",
      ".claude/",
      ".codex/",
      ".gemini/",
      ".mcp.json",
      "mcp.json",
      ".cursor/",
      ".cursorrules",
      ".windsurf/",
      ".windsurfrules",
      ".clinerules",
      ".roo/",
      ".aider*",
      ".opencode/",
      "opencode.json*",
      ".goosehints",
      ".pi/",
      ".github/copilot-instructions.md",
      ".github/instructions/",
      ".github/prompts/",
      ".github/chatmodes/",
      ".github/agents/",
      ".github/hooks/",
      ".agents/",
      "SKILL.md"
    ]
  }
];

// src/changes/flags.ts
function flagsOf(facts) {
  const { after } = facts;
  const is = {
    "runs-later": facts.layer === "workspace" && runsLater(facts.path, (after ?? facts.before)?.type === "directory"),
    secret: facts.secret,
    setuid: after?.type === "file" && (after.mode & 3072) !== 0,
    special: facts.unread || after !== null && ["fifo", "socket", "device"].includes(after.type),
    "escaping-link": after !== null && after.link !== null && escapes(facts.layer, facts.target, facts.path, after.link),
    binary: facts.binary,
    ignored: facts.ignored,
    "git-dir": isGitDir(facts.path),
    "odd-name": split(facts.path).some(isOddName),
    "base-changed": facts.baseChanged
  };
  return FLAGS.filter((flag) => is[flag]);
}
var folded = (0, import_ignore.default)({ ignorecase: true }).add(RUNS_LATER.flatMap(({ patterns }) => patterns));
var exact = (0, import_ignore.default)({ ignorecase: false }).add(RUNS_LATER.flatMap((group) => group.exact ?? []));
function runsLater(path, directory2) {
  const text2 = view(path).toString() + (directory2 ? "/" : "");
  return folded.ignores(text2) || exact.ignores(text2);
}
function isGitDir(path) {
  return split(path).some((name) => /(?:^|\\)(?:\.git|git~1)[. ]*(?:$|[\\:])/i.test(name.toString("latin1")));
}
function isOddName(name) {
  const text2 = view(name).toString();
  return !isUtf82(name) || /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u.test(text2) || text2.startsWith("-") || isWhiteoutName(name);
}
function isWhiteoutName(name) {
  return view(name).toString("latin1", 0, 4) === ".wh.";
}
function escapes(layer2, target, path, link) {
  if (layer2 === "root") return false;
  const parts = split(link).map((part) => part.toString("latin1"));
  const absolute = link[0] === 47;
  if (absolute && (layer2 === "workspace" || !view(link).toString().startsWith(`${target}/`))) return true;
  const names = parts.filter((part) => part !== ".");
  const ups = names.findIndex((part) => part !== "..");
  const climbs = ups === -1 ? names.length : ups;
  if (names.slice(climbs).includes("..")) return true;
  return !absolute && climbs > split(path).length - 1;
}

// src/changes/archive.ts
var CHUNK = 1 << 18;
var WHITEOUT = Buffer.from(".wh.");
async function writeArchive(fd, items) {
  const plan = planArchive(items);
  const blocks = Readable.from(batches(layer(plan)), { objectMode: true, highWaterMark: 2 });
  await pipeline(blocks, createGzip({ level: 1 }), createWriteStream("", { fd, autoClose: false }));
  return { entries: plan.whiteouts.length + plan.entries.length, leftOut: plan.leftOut };
}
function planArchive(items) {
  const placed = items.map((item) => ({ item, name: join(item.view.place, item.path) })).sort((a, b) => Buffer.compare(a.name, b.name));
  const gone2 = new Set(placed.filter(({ item }) => isGone(item)).map(({ name }) => key(name)));
  const plan = { whiteouts: [], entries: [], leftOut: [] };
  for (const { item, name } of placed) {
    const why = reason(item, name);
    if (why !== null) plan.leftOut.push({ path: item.change.path, why });
    if (why !== null && why !== "special") continue;
    if (isGone(item) && !gone2.has(key(parent(name)))) plan.whiteouts.push(join(parent(name), Buffer.concat([WHITEOUT, basename(name)])));
    if (item.after !== null && why === null) plan.entries.push({ name, side: item.after });
  }
  return plan;
}
function isGone({ change }) {
  return change.op === "deleted" || change.op === "retyped";
}
function reason({ withheld, after, change }, name) {
  if (withheld) return change.flags.includes("secret") ? "secret" : "unread";
  if (split(name).some(isWhiteoutName)) return "whiteout-name";
  return after?.entry.type === "socket" || after?.entry.type === "device" ? "special" : null;
}
function* layer({ whiteouts, entries }) {
  for (const name of whiteouts) yield tarHeader({ name, type: "file", mode: 0, uid: 0, gid: 0, size: 0, mtime: 0, link: null });
  const first = /* @__PURE__ */ new Map();
  for (const { name, side: side2 } of entries) {
    const original = side2.inode === null ? void 0 : first.get(side2.inode);
    if (side2.inode !== null && original === void 0) first.set(side2.inode, name);
    yield tarHeader(original === void 0 ? entryOf(name, side2) : { ...entryOf(name, side2), type: "link", size: 0, link: original });
    if (original === void 0 && side2.entry.type === "file") yield* fileBlocks(side2);
  }
  yield Buffer.alloc(2 * BLOCK);
}
function entryOf(name, { entry, mtime }) {
  const type = entry.type;
  return { name, type, mode: entry.mode, uid: entry.uid, gid: entry.gid, size: type === "file" ? entry.size : 0, mtime, link: entry.link };
}
function* fileBlocks(side2) {
  const { size } = side2.entry;
  const fd = side2.tree.open(side2.path);
  try {
    for (let done = 0; done < size; ) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - done));
      const got = readSync(fd, chunk, 0, chunk.length, done);
      if (got === 0) throw new Error("a file became shorter while it was archived");
      yield chunk.subarray(0, got);
      done += got;
    }
  } finally {
    closeSync(fd);
  }
  yield padding(size);
}
function* batches(pieces2) {
  let pending = [];
  let size = 0;
  for (const piece of pieces2) {
    pending.push(piece);
    size += piece.length;
    if (size < CHUNK) continue;
    yield Buffer.concat(pending);
    pending = [];
    size = 0;
  }
  yield Buffer.concat(pending);
}

// src/changes/entry.ts
function side(tree, path, stat, swapped, inode) {
  const link = stat.isSymbolicLink() ? tree.readlink(path) : null;
  return {
    tree,
    path,
    entry: entryOf2(stat, link, swapped),
    mtime: Math.floor(stat.mtimeMs / 1e3),
    ctime: stat.ctimeMs,
    holes: stat.isFile() ? Math.max(0, stat.size - stat.blocks * 512) : 0,
    inode
  };
}
function entryOf2(stat, link, swapped) {
  return {
    type: typeOf(stat),
    mode: stat.mode & 4095,
    uid: swapped === null ? stat.uid : swap(stat.uid, swapped.host.uid, swapped.jail.uid),
    gid: swapped === null ? stat.gid : swap(stat.gid, swapped.host.gid, swapped.jail.gid),
    size: stat.isFile() ? stat.size : link?.length ?? 0,
    sha256: null,
    link: link === null ? null : asPath(link)
  };
}
function typeOf(stat) {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "directory";
  if (stat.isSymbolicLink()) return "symlink";
  if (stat.isFIFO()) return "fifo";
  if (stat.isSocket()) return "socket";
  return "device";
}
function swap(id, a, b) {
  if (id === a) return b;
  return id === b ? a : id;
}
function sameMetadata(a, b) {
  return a.uid === b.uid && a.gid === b.gid && (a.mode === b.mode || a.type === "symlink");
}

// src/changes/compare.ts
async function difference(view2, pair, tools) {
  const { before, after } = pair;
  const old = await contentOf(before, tools.reader);
  const now = await contentOf(after, tools.reader);
  const op = operation(before, after, old, now);
  if (op === null) return null;
  const path = join(view2.prefix, pair.path);
  const names = [path, before?.entry.link, after?.entry.link].filter((bytes2) => bytes2 !== null && bytes2 !== void 0);
  const secret = (old?.secret ?? now?.secret ?? null) !== null || names.some((bytes2) => tools.search.find(view(bytes2)) !== null);
  const unread = now !== null && now.sha256 === null;
  const directory2 = (after ?? before)?.entry.type === "directory";
  const flags = flagsOf({
    layer: view2.layer,
    target: view2.target,
    path,
    before: before?.entry ?? null,
    after: after?.entry ?? null,
    binary: (now ?? old)?.binary ?? false,
    secret,
    unread,
    ignored: view2.layer === "workspace" && tools.ignored.test(path, directory2, before !== null),
    baseChanged: before !== null && before.tree === view2.host && view2.born > 0 && before.ctime > view2.born
  });
  const entry = (side2, content2) => {
    const link = side2.entry.link === null ? null : asPath(secret ? tools.search.mask(view(side2.entry.link)) : side2.entry.link);
    return { ...side2.entry, link, sha256: secret ? null : content2?.sha256 ?? null };
  };
  const change = {
    path: asPath(secret ? tools.search.mask(path) : path),
    layer: view2.layer,
    flags,
    op,
    ...before === null ? {} : { before: entry(before, old) },
    ...after === null ? {} : { after: entry(after, now) }
  };
  return { change, view: view2, path: pair.path, before, after, withheld: secret || unread };
}
async function contentOf(side2, reader) {
  return side2?.entry.type === "file" ? await reader.read(side2) : null;
}
function operation(before, after, old, now) {
  if (before === null) return "added";
  if (after === null) return "deleted";
  const [a, b] = [before.entry, after.entry];
  if (a.type !== b.type) return "retyped";
  if (a.type === "file" && (now?.sha256 ?? null) === null) return "modified";
  if (old?.sha256 !== now?.sha256) return "modified";
  if (a.link !== null && b.link !== null && Buffer.compare(a.link, b.link) !== 0) return "modified";
  return sameMetadata(a, b) ? null : "metadata";
}

// src/changes/content.ts
import { createHash, hash } from "node:crypto";
import { closeSync as closeSync2, readSync as readSync3 } from "node:fs";

// src/changes/packed.ts
import { readSync as readSync2 } from "node:fs";
import { Readable as Readable2 } from "node:stream";
import { constants, createGunzip, inflateRawSync, inflateSync } from "node:zlib";
var TOTAL = 256 << 20;
var PART = 64 << 20;
var FAILED = 1 << 20;
var IN_MEMORY = 64 << 20;
function packingOf(head) {
  if (head.length < 4) return null;
  if (head[0] === 31 && head[1] === 139) return "gzip";
  if (head.toString("latin1", 0, 4) === "PK") return "zip";
  if (head.toString("latin1", 0, 4) === "PACK") return "pack";
  return isZlib(head, 0) ? "zlib" : null;
}
function isZlib(bytes2, at) {
  return (bytes2[at] ?? 0) === 120 && at + 1 < bytes2.length && bytes2.readUInt16BE(at) % 31 === 0;
}
function* unpack(bytes2, packing) {
  let budget = TOTAL;
  let at = 0;
  while (budget > 0 && at < bytes2.length) {
    const start = packing === "zip" ? nextZip(bytes2, at) : nextZlib(bytes2, at, packing === "zlib");
    if (start === -1) return;
    const part = inflate(bytes2.subarray(start), packing === "zip", Math.min(PART, budget));
    budget -= part === null ? FAILED : part.data.length;
    at = start + Math.max(1, part?.used ?? 0);
    if (part !== null) yield part.data;
  }
}
function nextZip(bytes2, from) {
  for (let at = bytes2.indexOf("PK", from, "latin1"); at !== -1 && at + 30 < bytes2.length; at = bytes2.indexOf("PK", at + 4, "latin1")) {
    if (bytes2.readUInt16LE(at + 8) === 8) return at + 30 + bytes2.readUInt16LE(at + 26) + bytes2.readUInt16LE(at + 28);
  }
  return -1;
}
function nextZlib(bytes2, from, only) {
  if (only) return from === 0 ? 0 : -1;
  for (let at = bytes2.indexOf(120, from); at !== -1; at = bytes2.indexOf(120, at + 1)) if (isZlib(bytes2, at)) return at;
  return -1;
}
function inflate(bytes2, raw, most) {
  const options = { info: true, maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH };
  try {
    const { buffer, engine } = (raw ? inflateRawSync : inflateSync)(bytes2, options);
    return { data: buffer, used: engine.bytesWritten };
  } catch {
    return null;
  }
}
function* pieces(fd) {
  for (let offset = 0; ; ) {
    const piece = Buffer.allocUnsafe(1 << 16);
    const got = readSync2(fd, piece, 0, piece.length, offset);
    if (got === 0) return;
    yield piece.subarray(0, got);
    offset += got;
  }
}
async function* gunzip(fd) {
  const source = Readable2.from(pieces(fd));
  const gzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  source.on("error", (error) => gzip.destroy(error));
  let budget = TOTAL;
  try {
    for await (const piece of source.pipe(gzip)) {
      yield piece;
      budget -= piece.length;
      if (budget < 0) return;
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))) throw error;
  } finally {
    source.destroy();
    gzip.destroy();
  }
}

// src/changes/content.ts
var UNREAD = { sha256: null, binary: true, secret: null };
var CHUNK2 = 1 << 20;
var HOLES = 4 * 1024 ** 3;
var ContentReader = class {
  #search;
  #known = /* @__PURE__ */ new Map();
  #chunk = Buffer.allocUnsafe(CHUNK2);
  #holes;
  constructor(search, holes = HOLES) {
    this.#search = search;
    this.#holes = holes;
  }
  async read(side2) {
    const known = side2.inode === null ? void 0 : this.#known.get(side2.inode);
    if (known !== void 0) return known;
    const content2 = await this.#read(side2);
    if (side2.inode !== null) this.#known.set(side2.inode, content2);
    return content2;
  }
  async #read(side2) {
    if (side2.holes > this.#holes) return UNREAD;
    this.#holes -= side2.holes;
    const fd = side2.tree.open(side2.path);
    try {
      const { head, ...plain } = this.#scan(fd);
      const packing = plain.secret === null && !this.#search.idle ? packingOf(head) : null;
      return packing === null ? plain : { ...plain, secret: await this.#packed(fd, packing, side2.entry.size) };
    } finally {
      closeSync2(fd);
    }
  }
  #scan(fd) {
    const search = this.#search.stream();
    const first = this.#fill(fd, 0);
    const head = Buffer.from(first.subarray(0, 8e3));
    const binary = head.includes(0);
    if (first.length < CHUNK2) return { head, binary, secret: search(first), sha256: hash("sha256", first) };
    const digest = createHash("sha256");
    let secret = null;
    let offset = 0;
    for (let piece = first; piece.length > 0; piece = this.#fill(fd, offset)) {
      digest.update(piece);
      secret ??= search(piece);
      offset += piece.length;
    }
    return { head, binary, secret, sha256: digest.digest("hex") };
  }
  /** The next bytes from `offset`: a full chunk but for the last. Valid until the next call. */
  #fill(fd, offset) {
    let size = 0;
    while (size < CHUNK2) {
      const got = readSync3(fd, this.#chunk, size, CHUNK2 - size, offset + size);
      if (got === 0) break;
      size += got;
    }
    return this.#chunk.subarray(0, size);
  }
  async #packed(fd, packing, size) {
    const search = this.#search.stream();
    if (packing === "gzip") {
      for await (const piece of gunzip(fd)) {
        const found = search(piece);
        if (found !== null) return found;
      }
      return null;
    }
    if (size > IN_MEMORY) return null;
    for (const part of unpack(readAll(fd, size), packing)) {
      const found = this.#search.find(part);
      if (found !== null) return found;
    }
    return null;
  }
};
function readAll(fd, size) {
  const bytes2 = Buffer.alloc(size);
  let done = 0;
  while (done < size) {
    const got = readSync3(fd, bytes2, done, size - done, done);
    if (got === 0) break;
    done += got;
  }
  return bytes2.subarray(0, done);
}

// src/changes/ignored.ts
var import_ignore2 = __toESM(require_ignore(), 1);
import { closeSync as closeSync3 } from "node:fs";

// src/changes/tracked.ts
function varint(bytes2, from) {
  let at = from;
  let byte = bytes2.readUInt8(at++);
  let value = byte & 127;
  while ((byte & 128) !== 0) {
    byte = bytes2.readUInt8(at++);
    value = (value + 1) * 128 + (byte & 127);
  }
  return { value, next: at };
}
var DIRECTORY = 16384;
function trackedPaths(index) {
  try {
    return index.length >= 12 && index.toString("latin1", 0, 4) === "DIRC" ? parse(index) : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
function parse(index) {
  const version = index.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  const paths = /* @__PURE__ */ new Set();
  let name = "";
  let at = 12;
  for (let left = index.readUInt32BE(8); left > 0; left -= 1) {
    if (index.readUInt32BE(at + 24) >>> 0 === DIRECTORY) return null;
    const extended = version > 2 && (index.readUInt16BE(at + 60) & 16384) !== 0;
    let from = at + (extended ? 64 : 62);
    let kept = "";
    if (version === 4) {
      const { value, next } = varint(index, from);
      kept = name.slice(0, Math.max(0, name.length - value));
      from = next;
    }
    const end = index.indexOf(0, from);
    if (end === -1) return null;
    name = kept + index.toString("latin1", from, end);
    paths.add(name);
    at = version === 4 ? end + 1 : at + (end - at + 8 & ~7);
  }
  return hasLink(index, at) ? null : paths;
}
function hasLink(index, from) {
  for (let at = from; at + 8 <= index.length - 20; at += 8 + index.readUInt32BE(at + 4)) {
    if (index.toString("latin1", at, at + 4) === "link") return true;
  }
  return false;
}

// src/changes/ignored.ts
var RULES = 1 << 20;
var INDEX = 256 << 20;
var STARS = 4;
var Ignored = class {
  #root;
  #rules = /* @__PURE__ */ new Map();
  #tracked;
  constructor(base) {
    this.#root = base;
  }
  test(path, directory2, inBase) {
    if (this.#root === null) return false;
    const text2 = Buffer.from(path).toString() + (directory2 ? "/" : "");
    if (!this.#rulesOf(parent(path)).ignores(text2)) return false;
    if (this.#tracked === void 0) this.#tracked = this.#readIndex();
    if (directory2 || !inBase) return true;
    return this.#tracked !== null && !this.#tracked.has(key(path));
  }
  /** The rules in force in a directory: its parents' first, so that its own win. */
  #rulesOf(path) {
    const id = key(path);
    const known = this.#rules.get(id);
    if (known !== void 0) return known;
    const above = path.length === 0 ? this.#exclude() : this.#rulesOf(parent(path));
    const own = text(this.#find(join(path, Buffer.from(".gitignore"))), RULES);
    const rules = own === null ? above : (0, import_ignore2.default)({ ignorecase: false }).add(above).add(rebase(own, Buffer.from(path).toString()));
    this.#rules.set(id, rules);
    return rules;
  }
  #exclude() {
    const own = text(this.#find(Buffer.from(".git/info/exclude")), RULES);
    return (0, import_ignore2.default)({ ignorecase: false }).add(own === null ? [] : rebase(own, ""));
  }
  #readIndex() {
    const bytes2 = content(this.#find(Buffer.from(".git/index")), INDEX);
    return bytes2 === null ? null : trackedPaths(bytes2);
  }
  /** Goes down by directories only: no link of the base is followed. */
  #find(path) {
    let directory2 = this.#root;
    for (const name of split(parent(path))) directory2 = directory2?.child(name)?.directory ?? null;
    return directory2?.child(basename(path)) ?? null;
  }
};
function rebase(rules, directory2) {
  return rules.replace(/^\uFEFF/, "").split(/\r?\n/).flatMap((line) => {
    const negated = line.startsWith("!");
    const rule = negated ? line.slice(1) : line;
    if (rule.trim() === "" || line.startsWith("#") || rule.split("*").length - 1 > STARS) return [];
    if (directory2 === "") return [line];
    const slash = rule.indexOf("/");
    const anchored = slash !== -1 && slash < rule.trimEnd().length - 1;
    const place = directory2.replace(/[\\*?[\] ]/g, "\\$&");
    return [`${negated ? "!" : ""}/${place}/${anchored ? rule.replace(/^\//, "") : `**/${rule}`}`];
  });
}
function text(entry, most) {
  return content(entry, most)?.toString() ?? null;
}
function content(entry, most) {
  if (entry === null || !entry.stat.isFile() || entry.stat.size > most) return null;
  const fd = entry.tree.open(entry.path);
  try {
    return readAll(fd, entry.stat.size);
  } finally {
    closeSync3(fd);
  }
}

// src/changes/manifest.ts
var LAYERS = ["workspace", "home", "root"];
function byLayerAndPath(a, b) {
  return LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) || Buffer.compare(a.path, b.path);
}
function pathFields(name, bytes2) {
  const text2 = { [name]: view(bytes2).toString() };
  return isPlainText(bytes2) ? text2 : { ...text2, [`${name}_b64`]: view(bytes2).toString("base64") };
}
function changeLine(change) {
  return {
    ...pathFields("path", change.path),
    layer: change.layer,
    op: change.op,
    flags: change.flags,
    ...change.op === "renamed" ? pathFields("from", change.from) : {},
    ..."before" in change ? { before: entryFields(change.before) } : {},
    ..."after" in change ? { after: entryFields(change.after) } : {}
  };
}
function entryFields({ link, ...rest }) {
  return link === null ? { ...rest, link } : { ...rest, ...pathFields("link", link) };
}
var NAMED2 = 1e3;
var NAMED_BYTES = 1 << 19;
function writeManifest(fd, header2, changes2, footer) {
  const writer = new NdjsonWriter(fd, "changes", header2, "buffer");
  const counts2 = {};
  for (const change of changes2) {
    counts2[change.op] = (counts2[change.op] ?? 0) + 1;
    writer.line(changeLine(change));
  }
  const { ignored, withheld, patch, archive } = footer;
  writer.end({
    counts: counts2,
    ignored,
    withheld,
    patch: { files: patch.files, ...leftOutFields(patch.leftOut) },
    archive: { entries: archive.entries, ...leftOutFields(archive.leftOut) }
  });
}
function leftOutFields(all) {
  let bytes2 = 0;
  const first = all.slice(0, NAMED2).filter(({ path }) => (bytes2 += path.length) <= NAMED_BYTES);
  return { left_out: first.map(({ path, why }) => ({ ...pathFields("path", path), why })), more: all.length - first.length };
}

// src/changes/patch.ts
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync as closeSync4, constants as constants2, mkdirSync, openSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";

// src/changes/headers.ts
var HEADER = Buffer.from("diff --git ");
async function* usualHeaders(patch) {
  let rest = Buffer.alloc(0);
  for await (const piece of patch) {
    const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const end = all.lastIndexOf(10) + 1;
    rest = all.subarray(end);
    if (end > 0) yield rewrite(all.subarray(0, end));
  }
  if (rest.length > 0) yield rewrite(rest);
}
function rewrite(lines2) {
  const parts = [];
  let done = 0;
  for (let at = header(lines2, 0); at !== -1; at = header(lines2, done)) {
    const from = at + HEADER.length;
    const newline = lines2.indexOf(10, from);
    const to = newline === -1 ? lines2.length : newline;
    parts.push(lines2.subarray(done, from), sides(lines2.subarray(from, to)));
    done = to;
  }
  parts.push(lines2.subarray(done));
  return Buffer.concat(parts);
}
function header(lines2, from) {
  for (let at = lines2.indexOf(HEADER, from); at !== -1; at = lines2.indexOf(HEADER, at + 1)) {
    if (at === 0 || lines2[at - 1] === 10) return at;
  }
  return -1;
}
function sides(text2) {
  const half = (text2.length - 1) / 2;
  const left = Buffer.from(text2.subarray(0, half));
  const right = Buffer.from(text2.subarray(half + 1));
  if (!left.equals(right)) return text2;
  const at = left[0] === 34 ? 1 : 0;
  left[at] = 97;
  right[at] = 98;
  return Buffer.concat([left, Buffer.from(" "), right]);
}

// src/changes/patch.ts
var LARGEST2 = 5 << 20;
var COPIED = 512 << 20;
var LONGEST = 3800;
var WRITE = constants2.O_WRONLY | constants2.O_CREAT | constants2.O_EXCL | constants2.O_NOFOLLOW;
async function writePatch(fd, items, scratch, copied = COPIED) {
  const leftOut = [];
  const sides2 = { before: new Copy(scratch, "a"), after: new Copy(scratch, "b") };
  let budget = copied;
  let files = 0;
  for (const item of items) {
    if (item.view.layer !== "workspace" || !isVisibleToGit(item)) continue;
    const size = (item.before?.entry.size ?? 0) + (item.after?.entry.size ?? 0);
    const why = reason2(item) ?? (size > budget ? "full" : null);
    if (why !== null) {
      leftOut.push({ path: item.change.path, why });
      continue;
    }
    for (const part of ["before", "after"]) {
      const side2 = item[part];
      if (side2 !== null && isContent(side2)) sides2[part].add(pathOf(item), side2);
    }
    budget -= size;
    files += 1;
  }
  await diff(fd, scratch);
  return { files, leftOut };
}
var pathOf = (item) => join(item.view.prefix, item.path);
function isContent(side2) {
  return side2?.entry.type === "file" || side2?.entry.type === "symlink";
}
function isVisibleToGit({ change, before, after }) {
  if (change.op === "metadata") return change.after.type === "file" && ((change.before.mode ^ change.after.mode) & 64) !== 0;
  return isContent(before) || isContent(after) || after !== null && after.entry.type !== "directory";
}
function reason2(item) {
  const { flags } = item.change;
  if (flags.includes("secret")) return "secret";
  if (flags.includes("ignored")) return "ignored";
  if (flags.includes("git-dir")) return "git-dir";
  const sides2 = [item.before, item.after].filter((side2) => side2 !== null);
  if (sides2.some((side2) => !isContent(side2) && side2.entry.type !== "directory")) return "special";
  if (item.withheld) return "unread";
  if (sides2.some((side2) => side2.entry.size > LARGEST2)) return "too-large";
  if (pathOf(item).length > LONGEST) return "long-path";
  const isModules = /^(?:\.gitmod|gitmod~|g[i7eba]{0,5}~\d)/i.test(basename(pathOf(item)).toString("latin1"));
  return isModules && sides2.some((side2) => side2.entry.type === "symlink") ? "gitmodules-link" : null;
}
var Copy = class {
  #root;
  #made = /* @__PURE__ */ new Set();
  constructor(scratch, name) {
    this.#root = Buffer.from(`${scratch}/${name}`);
    mkdirSync(this.#root, { mode: 448 });
  }
  add(path, side2) {
    this.#directories(parent(path));
    const to = join(this.#root, path);
    if (side2.entry.link !== null) {
      symlinkSync(Buffer.from(side2.entry.link), to);
      return;
    }
    const from = side2.tree.open(side2.path);
    try {
      const fd = openSync(to, WRITE, (side2.entry.mode & 64) === 0 ? 384 : 448);
      writeAll(fd, readAll(from, side2.entry.size));
      closeSync4(fd);
    } finally {
      closeSync4(from);
    }
  }
  #directories(path) {
    let here = Buffer.alloc(0);
    for (const name of split(path)) {
      here = join(here, name);
      if (this.#made.has(key(here))) continue;
      mkdirSync(join(this.#root, here), { mode: 448 });
      this.#made.add(key(here));
    }
  }
};
var OPTIONS = ["--no-index", "--no-prefix", "--binary", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames"];
async function diff(fd, scratch) {
  const env = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    LC_ALL: "C",
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CEILING_DIRECTORIES: dirname(scratch)
  };
  const git = spawn("git", ["diff", ...OPTIONS, "a", "b"], { cwd: scratch, env, stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  git.stderr.on("data", (piece) => said.push(piece));
  const copy = async () => {
    for await (const piece of usualHeaders(git.stdout)) writeAll(fd, piece);
  };
  try {
    const [[code, signal]] = await Promise.all([once(git, "close"), copy()]);
    if (code !== 0 && code !== 1) throw new Error(`it ended with ${code ?? signal}: ${Buffer.concat(said).toString().slice(0, 500)}`);
  } catch (error) {
    throw new JailError("git could not make the patch", "Is git 2.32 or later installed?", null, { cause: error });
  }
}

// src/changes/rename.ts
function withRenames(changes2) {
  const renamed = /* @__PURE__ */ new Map();
  match(changes2, renamed, (path) => key(basename(path)));
  match(changes2, renamed, () => "");
  const taken = new Set(renamed.values());
  return changes2.flatMap((change) => {
    if (taken.has(change)) return [];
    const origin = change.op === "added" ? renamed.get(change) : void 0;
    return change.op === "added" && origin !== void 0 ? [rename(origin, change)] : [change];
  });
}
function match(changes2, renamed, nameOf) {
  const taken = /* @__PURE__ */ new Set([...renamed.keys(), ...renamed.values()]);
  const groups = /* @__PURE__ */ new Map();
  for (const change of changes2) {
    if (taken.has(change) || change.op !== "added" && change.op !== "deleted") continue;
    const entry = change.op === "added" ? change.after : change.before;
    if (entry.sha256 === null || entry.size === 0) continue;
    const id = [change.layer, change.flags.includes("ignored"), entry.sha256, nameOf(change.path)].join(" ");
    const group = groups.get(id) ?? { deleted: [], added: [] };
    groups.set(id, group);
    if (change.op === "added") group.added.push(change);
    else group.deleted.push(change);
  }
  for (const { deleted, added } of groups.values()) {
    const named = nameOf(Buffer.from("x")) !== "";
    if (deleted.length !== added.length || !named && added.length !== 1) continue;
    for (const [at, change] of added.entries()) renamed.set(change, deleted[at]);
  }
}
function rename(from, to) {
  const flags = FLAGS.filter((flag) => to.flags.includes(flag) || from.flags.includes(flag));
  return { path: to.path, layer: to.layer, op: "renamed", flags, from: from.path, before: from.before, after: to.after };
}

// src/changes/result.ts
import { closeSync as closeSync5, constants as constants3, fstatSync, openSync as openSync2 } from "node:fs";
var LARGEST_RESULT = 64 << 10;
function writeResult(fd, result, search) {
  const from = openRegular(result);
  if (from === null) return;
  try {
    const bytes2 = readAll(from, LARGEST_RESULT + search.longest);
    const text2 = Buffer.from(search.mask(bytes2, Math.min(LARGEST_RESULT, bytes2.length)).toString());
    writeAll(fd, text2.subarray(0, characterStart(text2, LARGEST_RESULT)));
  } finally {
    closeSync5(from);
  }
}
function characterStart(text2, most) {
  let at = Math.min(most, text2.length);
  while (at < text2.length && ((text2[at] ?? 0) & 192) === 128) at -= 1;
  return at;
}
function openRegular(path) {
  try {
    const fd = openSync2(path, constants3.O_RDONLY | constants3.O_NOFOLLOW | constants3.O_NONBLOCK | constants3.O_NOCTTY);
    if (fstatSync(fd).isFile()) return fd;
    closeSync5(fd);
    return null;
  } catch (error) {
    if (["ENOENT", "ELOOP", "ENXIO", "ENODEV"].includes(error.code ?? "")) return null;
    throw error;
  }
}

// src/changes/secrets.ts
var SHORTEST = 4;
var MASK = Buffer.from("***");
function simpleForms(secrets) {
  return secrets.map(({ name, value }) => {
    const plain = Buffer.from(value);
    const hex = plain.toString("hex");
    const texts = [hex, hex.toUpperCase(), ...[0, 1, 2].flatMap((shift) => aligned(plain, shift))];
    const forms = [plain, ...texts.map((text2) => Buffer.from(text2))].filter((form) => form.length >= SHORTEST);
    return { name, bytes: [...new Map(forms.map((form) => [form.toString("latin1"), form])).values()] };
  });
}
function aligned(plain, shift) {
  const from = Math.ceil(shift * 8 / 6);
  const to = Math.floor((shift + plain.length) * 8 / 6);
  const padded = Buffer.concat([Buffer.alloc(shift), plain]);
  return [padded.toString("base64").slice(from, to), padded.toString("base64url").slice(from, to)];
}
var SecretSearch = class {
  #forms;
  /** Bytes of the longest form. */
  longest;
  constructor(forms) {
    this.#forms = forms.map(({ name, bytes: bytes2 }) => ({ name, bytes: bytes2.filter((form) => form.length > 0) }));
    this.longest = Math.max(0, ...this.#forms.flatMap(({ bytes: bytes2 }) => bytes2.map((form) => form.length)));
  }
  get idle() {
    return this.longest === 0;
  }
  /** The name of a secret that stands in `bytes`. */
  find(bytes2) {
    for (const { name, bytes: forms } of this.#forms) if (forms.some((form) => bytes2.includes(form))) return name;
    return null;
  }
  /** A search over pieces of one stream; a form may be cut by their borders. */
  stream() {
    let tail = Buffer.alloc(0);
    return (piece) => {
      if (this.idle) return null;
      const found = this.find(tail.length === 0 ? piece : Buffer.concat([tail, piece]));
      const all = piece.length >= this.longest ? piece : Buffer.concat([tail, piece]);
      tail = Buffer.from(all.subarray(Math.max(0, all.length - this.longest + 1)));
      return found;
    };
  }
  /** The first `limit` bytes with every form replaced; one that crosses the limit is replaced as well. */
  mask(bytes2, limit = bytes2.length) {
    const hits = this.#hits(bytes2);
    const parts = [];
    let done = 0;
    for (const [from, to] of hits) {
      if (from >= limit) break;
      if (from >= done) parts.push(bytes2.subarray(done, from), MASK);
      done = Math.max(done, to);
    }
    if (done < limit) parts.push(bytes2.subarray(done, limit));
    return Buffer.concat(parts);
  }
  #hits(bytes2) {
    const hits = [];
    for (const { bytes: forms } of this.#forms) {
      for (const form of forms) {
        for (let at = bytes2.indexOf(form); at !== -1; at = bytes2.indexOf(form, at + 1)) hits.push([at, at + form.length]);
      }
    }
    return hits.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  }
};

// src/changes/lower.ts
function isWhiteout(stat) {
  return stat.isCharacterDevice() && stat.rdev === 0;
}
var BaseDirectory = class _BaseDirectory {
  path;
  #trees;
  constructor(path, trees) {
    this.path = path;
    this.#trees = trees;
  }
  child(name) {
    const path = join(this.path, name);
    const trees = [];
    let top = null;
    for (const tree2 of this.#trees) {
      const stat = tree2.lstat(path);
      if (stat === null) continue;
      if (isWhiteout(stat)) break;
      if (!stat.isDirectory()) {
        if (top === null) return { stat, tree: tree2, path, directory: null };
        break;
      }
      top ??= stat;
      trees.push(tree2);
    }
    const [tree] = trees;
    return top === null || tree === void 0 ? null : { stat: top, tree, path, directory: new _BaseDirectory(path, trees) };
  }
  /** Names by `key`. */
  names() {
    const names = /* @__PURE__ */ new Map();
    const hidden = /* @__PURE__ */ new Set();
    for (const tree of this.#trees) {
      for (const entry of tree.list(this.path)) {
        const id = key(entry.name);
        if (hidden.has(id)) continue;
        const stat = entry.isCharacterDevice() ? tree.lstat(join(this.path, entry.name)) : null;
        if (stat !== null && isWhiteout(stat)) hidden.add(id);
        else names.set(id, entry.name);
      }
    }
    return names;
  }
};

// src/changes/tree.ts
import { closeSync as closeSync6, constants as constants4, fstatSync as fstatSync2, lstatSync, openSync as openSync3, readdirSync, readlinkSync } from "node:fs";
var CALL = 4e3;
var DEEPEST = 32768;
var KEPT = 256;
var SLASH2 = Buffer.from("/");
var READ = constants4.O_RDONLY | constants4.O_NOFOLLOW | constants4.O_NONBLOCK | constants4.O_NOCTTY;
var DIRECTORY2 = constants4.O_RDONLY | constants4.O_NOFOLLOW | constants4.O_DIRECTORY;
var Tree = class {
  root;
  #anchors = /* @__PURE__ */ new Map();
  constructor(root) {
    this.root = Buffer.from(root);
  }
  /** null: there is no such entry. */
  lstat(rel) {
    return lstatSync(this.#at(rel), { throwIfNoEntry: false }) ?? null;
  }
  lstatExact(rel) {
    return lstatSync(this.#at(rel), { throwIfNoEntry: false, bigint: true }) ?? null;
  }
  list(rel) {
    return readdirSync(this.#at(rel), { encoding: "buffer", withFileTypes: true });
  }
  readlink(rel) {
    return readlinkSync(this.#at(rel), { encoding: "buffer" });
  }
  /** A descriptor of a regular file; anything else throws, and a FIFO or a device is never waited for. */
  open(rel) {
    const fd = openSync3(this.#at(rel), READ);
    if (fstatSync2(fd).isFile()) return fd;
    closeSync6(fd);
    throw new Error("a regular file became something else");
  }
  close() {
    for (const fd of this.#anchors.values()) closeSync6(fd);
    this.#anchors.clear();
  }
  #at(rel) {
    if (this.root.length + rel.length < CALL) return rel.length === 0 ? this.root : Buffer.concat([this.root, SLASH2, rel]);
    if (rel.length > DEEPEST) {
      throw new JailError(
        `the jail left a path of more than ${DEEPEST} bytes, so its changes cannot be listed`,
        "Look in the transcript for what makes directories without end."
      );
    }
    if (this.#anchors.size > KEPT) this.close();
    return this.#beyond(rel);
  }
  /** A long path as `/proc/self/fd/N/rest`, N being a directory on the way; each piece is cut at a slash. */
  #beyond(rel) {
    const bytes2 = Buffer.from(rel);
    let base = this.root;
    let done = 0;
    while (base.length + bytes2.length - done >= CALL) {
      const cut = bytes2.lastIndexOf(47, done + CALL - base.length - 1);
      if (cut <= done) throw new Error("a name of more than 255 bytes");
      const name = bytes2.toString("latin1", 0, cut);
      let fd = this.#anchors.get(name);
      if (fd === void 0) {
        fd = openSync3(join(base, bytes2.subarray(done, cut)), DIRECTORY2);
        this.#anchors.set(name, fd);
      }
      base = Buffer.from(`/proc/self/fd/${fd}`);
      done = cut + 1;
    }
    return join(base, bytes2.subarray(done));
  }
};

// src/changes/view.ts
var EMPTY = Buffer.alloc(0);
function openView(layer2, workspace) {
  const upper = new Tree(layer2.upper);
  const merged = new Tree(layer2.merged);
  const lowers = layer2.lowers.map((lower) => new Tree(lower));
  const root = merged.lstat(EMPTY);
  const top = upper.lstat(EMPTY);
  if (root === null || top === null) {
    throw new JailError(`the layer of ${layer2.target} is not there any more`, "Was something unmounted while the run went on?");
  }
  const inside = Buffer.from(layer2.target.replace(/^\/+/, ""));
  return {
    layer: layer2.layer,
    target: layer2.target,
    prefix: layer2.layer === "root" ? inside : layer2.layer === "workspace" ? Buffer.from(layer2.target.slice(workspace.length + 1)) : EMPTY,
    place: inside,
    upper,
    merged,
    base: lowers.length === 0 ? null : new BaseDirectory(EMPTY, lowers),
    host: lowers.at(-1) ?? null,
    swapped: layer2.swapped,
    trees: [upper, merged, ...lowers],
    device: root.dev,
    born: top.birthtimeMs
  };
}

// src/changes/origin.ts
var TRIES = 16;
var DEEP = 64;
var LOW = 0xffffffffn;
function isUntouched(merged, path, base, names) {
  return names.length === 0 || probe(merged, path, base, names, DEEP) === "same";
}
function probe(merged, path, base, names, deep) {
  const directories = [];
  for (const name of names.slice(0, TRIES)) {
    const seen2 = merged.lstatExact(join(path, name));
    const entry = base.child(name);
    const expected = entry?.tree.lstatExact(entry.path) ?? null;
    if (seen2 === null || expected === null) return "other";
    if (seen2.isDirectory() && expected.isDirectory()) directories.push(name);
    else if (!isSame(seen2, expected)) return "other";
    else if (seen2.nlink === 1n) return "same";
  }
  if (deep === 0) return "unknown";
  for (const name of directories.slice(0, 2)) {
    const verdict = below(merged, join(path, name), base.child(name)?.directory ?? null, deep - 1);
    if (verdict !== "unknown") return verdict;
  }
  return "unknown";
}
function below(merged, path, base, deep) {
  if (base === null) return "other";
  const names = merged.list(path).map((entry) => entry.name);
  const expected = base.names();
  if (names.length !== expected.size || names.some((name) => !expected.has(key(name)))) return "other";
  return probe(merged, path, base, names, deep);
}
function isSame(a, b) {
  return (a.ino & LOW) === (b.ino & LOW) && a.ctimeNs === b.ctimeNs && a.mtimeNs === b.mtimeNs && a.size === b.size && a.mode === b.mode;
}

// src/changes/walk.ts
function* walk(view2) {
  const todo = [{ path: Buffer.alloc(0), base: view2.base, upper: true }];
  for (let next = todo.pop(); next !== void 0; next = todo.pop()) yield* directory(view2, next, todo);
}
function* directory(view2, here, todo) {
  const { base } = here;
  const merged = namesOf(view2.merged.list(here.path));
  const before = base?.names() ?? /* @__PURE__ */ new Map();
  for (const [id, name] of before) {
    const entry = merged.has(id) ? null : base?.child(name) ?? null;
    if (entry !== null) yield* gone(view2, join(here.path, name), entry);
  }
  const own = here.upper && base !== null ? namesOf(view2.upper.list(here.path)) : null;
  if (own === null || base === null) {
    for (const name of merged.values()) yield* compare(view2, join(here.path, name), base?.child(name) ?? null, here.upper, todo);
    return;
  }
  const rest = [...merged].filter(([id]) => !own.has(id));
  const untouched = rest.every(([id]) => before.has(id)) && isUntouched(
    view2.merged,
    here.path,
    base,
    rest.map(([, name]) => name)
  );
  for (const [id, name] of merged) {
    if (!own.has(id) && untouched) continue;
    yield* compare(view2, join(here.path, name), before.has(id) ? base.child(name) : null, own.has(id), todo);
  }
}
function* compare(view2, path, base, upper, todo) {
  const stat = view2.merged.lstat(path);
  if (stat === null) throw new Error("an entry vanished while the changes were read");
  if (stat.isDirectory() && stat.dev !== view2.device) return;
  const several = stat.nlink > 1 && !stat.isDirectory() && upper;
  const inode = several ? `${view2.target} ${view2.upper.lstat(path)?.ino ?? key(path)}` : null;
  const after = side(view2.merged, path, stat, view2.swapped, inode);
  const before = base === null ? null : sideOf(view2, base);
  if (!stat.isDirectory()) {
    yield { path, before, after };
    if (base?.directory) yield* children(view2, path, base.directory);
    return;
  }
  todo.push({ path, base: base?.directory ?? null, upper });
  if (before === null || before.entry.type !== "directory" || !sameMetadata(before.entry, after.entry)) yield { path, before, after };
}
function* gone(view2, path, base) {
  const todo = [{ path, base }];
  for (let next = todo.pop(); next !== void 0; next = todo.pop()) {
    yield { path: next.path, before: sideOf(view2, next.base), after: null };
    const { directory: directory2 } = next.base;
    if (directory2 === null) continue;
    for (const name of directory2.names().values()) {
      const child = directory2.child(name);
      if (child !== null) todo.push({ path: join(next.path, name), base: child });
    }
  }
}
function* children(view2, path, base) {
  for (const name of base.names().values()) {
    const child = base.child(name);
    if (child !== null) yield* gone(view2, join(path, name), child);
  }
}
function sideOf(view2, base) {
  return side(base.tree, base.path, base.stat, view2.swapped, null);
}
function namesOf(entries) {
  return new Map(entries.map((entry) => [key(entry.name), entry.name]));
}

// src/changes/collect.ts
async function collectChanges(request, forms = simpleForms(request.secrets)) {
  const views = [];
  try {
    const workspace = request.layers.find(({ layer: layer2 }) => layer2 === "workspace")?.target ?? "";
    for (const layer2 of request.layers) views.push(openView(layer2, workspace));
    return await collect(request, views, new SecretSearch(forms));
  } catch (error) {
    if (error instanceof JailError) throw error;
    throw new JailError(
      `the changes could not be collected: ${cause(error)}`,
      "Nothing of this run can be trusted to be complete; run it again.",
      null,
      { cause: error }
    );
  } finally {
    for (const view2 of views) for (const tree of view2.trees) tree.close();
  }
}
function cause(error) {
  if (!(error instanceof Error)) return String(error);
  const { code, syscall } = error;
  return code === void 0 ? error.message : `${code}${syscall === void 0 ? "" : ` (${syscall})`}`;
}
async function collect(request, views, search) {
  const { outputs } = request;
  const items = await differences(views, search);
  const patch = await writePatch(outputs["changes.patch"], items, request.scratch);
  const archive = await writeArchive(outputs["changes.tar.gz"], items);
  const ignored = items.filter(({ change }) => change.flags.includes("ignored")).length;
  const withheld = items.filter((item) => item.withheld).length;
  const changes2 = withRenames(items.map(({ change }) => change));
  const header2 = { id: request.id, layers: views.map(({ layer: layer2, target }) => ({ layer: layer2, target })) };
  writeManifest(outputs["changes.ndjson"], header2, changes2, { ignored, withheld, patch, archive });
  writeResult(outputs["result.txt"], request.result, search);
  return { changed: changes2.filter(counts).length, ignored, withheld };
}
async function differences(views, search) {
  const reader = new ContentReader(search);
  const items = [];
  const ignored = new Ignored(views.find(({ layer: layer2 }) => layer2 === "workspace")?.base ?? null);
  for (const view2 of views) {
    for (const pair of walk(view2)) {
      const item = await difference(view2, pair, { reader, search, ignored });
      if (item !== null) items.push(item);
    }
  }
  return items.sort((a, b) => byLayerAndPath(a.change, b.change));
}
function counts(change) {
  if (change.layer !== "workspace" || change.flags.includes("ignored") || change.flags.includes("git-dir")) return false;
  return [..."before" in change ? [change.before] : [], ..."after" in change ? [change.after] : []].some(
    ({ type }) => type !== "directory"
  );
}

// src/guard/decide.ts
function decideRun(run, findings) {
  return decideWith(run.end, run.steps, findings);
}
function decideWith(end, steps2, findings) {
  switch (end.how) {
    case "error":
      return decision("jail-error", end.message);
    case "cancelled":
      return decision("cancelled", `cancelled by ${end.by}`);
    case "limit":
      return overLimit(end.limit, stepName(steps2, end.step));
    case "steps-done":
      return end.failed === null ? guarded(findings) : failed(steps2, end.failed);
  }
}
function overLimit(limit, step) {
  if (limit === "time") return decision("timed-out", `${step} ran out of limits.time`);
  if (limit === "idle") return decision("timed-out", `${step} printed nothing for longer than limits.idle`);
  return decision("limit-exceeded", `${step} went over limits.${limit}`);
}
function failed(steps2, index) {
  const name = stepName(steps2, index);
  const exit = steps2[index]?.exit ?? null;
  const [hit] = exit?.hit ?? [];
  if (hit !== void 0) return decision("limit-exceeded", `${name} failed after it had reached limits.${hit}`);
  if (exit === null) return decision("step-failed", `${name} failed`);
  if (exit.signal !== null) return decision("step-failed", `${name} was ended by ${exit.signal}`);
  return decision("step-failed", `${name} ended with exit code ${exit.code}${exit.code === 255 ? ", or by a signal" : ""}`);
}
function guarded(findings) {
  const broken = findings.filter(({ action }) => action === "fail");
  const first = broken[0] ?? findings[0];
  if (first === void 0) return decision("succeeded", "every step ended with 0 and no guard found anything");
  const others = (broken.length > 0 ? broken : findings).length - 1;
  const more2 = others === 0 ? "" : `, and ${others} more`;
  return decision(broken.length > 0 ? "guard-failed" : "needs-review", `${first.rule}: ${first.message}${more2}`);
}
function stepName(steps2, index) {
  const step = steps2[index];
  return step === void 0 ? `step ${index + 1}` : `step ${index + 1} (${displayText(step.name, 80)})`;
}
function decision(outcome, because) {
  const text2 = because.trim().replace(/\s+/g, " ").replace(/\.$/, "");
  return { outcome, because: displayText(text2) };
}

// src/guard/bag.ts
var NAMED3 = 20;
var Bag = class {
  #what = [];
  #more = 0;
  add(what) {
    if (this.#what.length < NAMED3) this.#what.push(what);
    else this.#more += 1;
  }
  get count() {
    return this.#what.length + this.#more;
  }
  finding(rule, message) {
    return finding(rule, message, this.#what, this.#more);
  }
};
function finding({ name, place, action }, message, what = [], more2 = 0) {
  return { rule: name, place, action, message, what, more: more2 };
}
function unchecked(rule, why) {
  return finding({ ...rule, action: "fail" }, `could not be checked: ${why}`);
}
var counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

// src/guard/globs.ts
var import_ignore3 = __toESM(require_ignore(), 1);
var DEEPEST2 = 1e3;
var REMEMBERED = 1e4;
function touched(change) {
  const sides2 = ["before" in change ? change.before : null, "after" in change ? change.after : null];
  const directory2 = sides2.every((side2) => side2 === null || side2.type === "directory");
  const paths = change.op === "renamed" ? [change.from, change.path] : [change.path];
  return paths.filter((path) => path.length > 0).map((path) => seen(path, directory2));
}
function seen(bytes2, directory2) {
  const strict = utf8(bytes2);
  const text2 = strict ?? Buffer.from(bytes2).toString("utf8");
  const odd = strict === null || text2.split("/").length > DEEPEST2;
  return { bytes: bytes2, text: directory2 ? `${text2}/` : text2, directory: directory2, odd };
}
var Globs = class {
  #all;
  #each;
  constructor(globs) {
    this.#all = new Matcher(globs);
    this.#each = globs.map((glob) => ({ negative: glob.startsWith("!"), matcher: new Matcher([glob.replace(/^!/, "")]) })).reverse();
  }
  /** For `allow` and `require`: only a path that globs can be trusted with. */
  surely(path) {
    return !path.odd && this.#each.find(({ matcher }) => matcher.matches(path.text))?.negative === false;
  }
  /** For `deny` and `review`: where a path cannot be told, it matches. */
  perhaps(path) {
    return path.text.split("/").length > DEEPEST2 || this.#all.matches(path.text);
  }
};
var Matcher = class {
  #globs;
  #ignore = null;
  #asked = 0;
  constructor(globs) {
    this.#globs = globs;
  }
  matches(text2) {
    if (this.#asked % REMEMBERED === 0) this.#ignore = null;
    this.#asked += 1;
    this.#ignore ??= (0, import_ignore3.default)({ ignorecase: false }).add(this.#globs);
    return this.#ignore.ignores(text2);
  }
};

// src/guard/changes.ts
function changeChecks(rules) {
  const paths = new PathCheck(rules);
  const others = rules.map((rule) => {
    const { test } = rule;
    switch (test.kind) {
      case "forbid":
        return new FlagCheck(rule, test.flags);
      case "require":
        return new RequireCheck(rule, test.globs);
      case "max-files":
        return new TotalCheck(rule, test.max, "file", (change) => isOnlyDirectory(change) ? 0 : 1);
      case "max-bytes":
        return new TotalCheck(rule, test.max, "byte", newBytes);
      case "root":
        return test.allowed ? null : new RootCheck(rule);
      case "allow":
      case "review":
      case "deny":
      case "max-added-lines":
        return null;
    }
  });
  return [paths, ...others.filter((check) => check !== null)];
}
function isTracked({ layer: layer2, flags }) {
  return layer2 === "workspace" && !flags.includes("ignored") && !flags.includes("git-dir");
}
var PathCheck = class {
  #deny;
  #review;
  #allow;
  constructor(rules) {
    this.#deny = lists(rules, "deny");
    this.#review = lists(rules, "review");
    this.#allow = lists(rules, "allow");
  }
  see(change) {
    if (change.layer !== "workspace") return;
    for (const path of touched(change)) {
      const may = ({ globs }) => globs.perhaps(path);
      const hit = this.#deny.find(may) ?? this.#review.find(may) ?? this.#notAllowed(change, path);
      hit?.bag.add(displayPath(path.bytes));
    }
  }
  findings() {
    return [
      ...report(this.#deny, (paths) => `${paths} denied`),
      ...report(this.#review, (paths) => `${paths} to be reviewed`),
      ...report(this.#allow, (paths) => `${paths} not allowed`)
    ];
  }
  /** git tracks no directories, and what it ignores or owns does not leave the jail by the patch: those need no leave. */
  #notAllowed(change, path) {
    const needed = isTracked(change) && !path.directory;
    return needed && !this.#allow.some(({ globs }) => globs.surely(path)) ? this.#allow[0] : void 0;
  }
};
function lists(rules, kind) {
  return rules.flatMap((rule) => rule.test.kind === kind ? [{ rule, globs: new Globs(rule.test.globs), bag: new Bag() }] : []);
}
function report(lists2, say) {
  return lists2.filter(({ bag }) => bag.count > 0).map(({ rule, bag }) => bag.finding(rule, say(counted(bag.count, "changed path"))));
}
var EVERYWHERE = /* @__PURE__ */ new Set(["secret", "setuid"]);
var WORKSPACE = /* @__PURE__ */ new Set(["special", "ignored", "git-dir", "base-changed"]);
var FlagCheck = class {
  #rule;
  #flags;
  #bag = new Bag();
  constructor(rule, flags) {
    this.#rule = rule;
    this.#flags = flags;
  }
  see(change) {
    const { layer: layer2, flags } = change;
    const ignored = flags.includes("ignored");
    const counts2 = (flag) => EVERYWHERE.has(flag) || layer2 === "workspace" && (WORKSPACE.has(flag) || !ignored);
    const found = flags.filter((flag) => this.#flags.includes(flag) && counts2(flag));
    if (found.length === 0) return;
    const place = layer2 === "workspace" ? "" : `${layer2}: `;
    this.#bag.add(`${place}${displayPath(change.path)} (${found.join(", ")})`);
  }
  findings() {
    const { count } = this.#bag;
    return count === 0 ? [] : [this.#bag.finding(this.#rule, `${counted(count, "changed path")} with a forbidden flag`)];
  }
};
var RequireCheck = class {
  #rule;
  #open;
  constructor(rule, globs) {
    this.#rule = rule;
    const isNegative = (glob) => glob.startsWith("!");
    this.#open = new Map(
      globs.flatMap((glob, index) => isNegative(glob) ? [] : [[glob, new Globs([glob, ...globs.slice(index + 1).filter(isNegative)])]])
    );
  }
  see(change) {
    if (this.#open.size === 0 || change.layer !== "workspace") return;
    const paths = touched(change).filter((path) => !path.directory);
    for (const [glob, globs] of this.#open) {
      if (paths.some((path) => globs.surely(path))) this.#open.delete(glob);
    }
  }
  findings() {
    if (this.#open.size === 0) return [];
    const bag = new Bag();
    for (const glob of this.#open.keys()) bag.add(glob);
    return [bag.finding(this.#rule, "no change where one is required")];
  }
};
var TotalCheck = class {
  #rule;
  #max;
  #noun;
  #measure;
  #total = 0;
  constructor(rule, max, noun, measure) {
    this.#rule = rule;
    this.#max = max;
    this.#noun = noun;
    this.#measure = measure;
  }
  see(change) {
    if (isTracked(change)) this.#total += this.#measure(change);
  }
  findings() {
    const total = counted(this.#total, this.#noun);
    return this.#total > this.#max ? [finding(this.#rule, `${total} changed, the most allowed is ${this.#max}`)] : [];
  }
};
var RootCheck = class {
  #rule;
  #bag = new Bag();
  constructor(rule) {
    this.#rule = rule;
  }
  see(change) {
    if (change.layer === "root") this.#bag.add(`/${displayPath(change.path)}`);
  }
  findings() {
    const { count } = this.#bag;
    return count === 0 ? [] : [this.#bag.finding(this.#rule, `${counted(count, "path")} changed outside the workspace and the home`)];
  }
};
function isOnlyDirectory(change) {
  return touched(change).every((path) => path.directory);
}
function newBytes(change) {
  const written = change.op === "added" || change.op === "modified" || change.op === "retyped";
  return written && change.after.type === "file" ? change.after.size : 0;
}

// src/guard/added-lines.ts
var AddedLinesCheck = class {
  #rule;
  #max;
  #record;
  #expected = 0;
  constructor(rule, max, record) {
    this.#rule = rule;
    this.#max = max;
    this.#record = record;
  }
  see(change) {
    if (!isTracked(change) || change.op === "deleted" || change.op === "metadata") return;
    if (change.after.type === "file" || change.after.type === "symlink") this.#expected += 1;
  }
  findings() {
    const patch = new PatchCounter();
    for (const piece of this.#record.pieces("changes.patch")) patch.push(piece);
    const { added, contents } = patch.end();
    const missing = this.#expected - contents;
    const findings = [];
    if (added > this.#max) findings.push(finding(this.#rule, `${counted(added, "line")} added, the most allowed is ${this.#max}`));
    if (missing > 0) findings.push(unchecked(this.#rule, `${counted(missing, "changed file")} too large or not fit for changes.patch`));
    return findings;
  }
};
var HEAD = 200;
var HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
var PatchCounter = class {
  #line = [];
  #length = 0;
  #old = 0;
  #new = 0;
  #added = 0;
  #contents = 0;
  #deletes = false;
  push(piece) {
    for (let from = 0; from < piece.length; ) {
      const at = piece.indexOf(10, from);
      const to = at === -1 ? piece.length : at;
      if (this.#length < HEAD) {
        const part = Buffer.from(piece.subarray(from, Math.min(to, from + HEAD - this.#length)));
        this.#line.push(part);
        this.#length += part.length;
      }
      if (at !== -1) this.#endLine();
      from = to + 1;
    }
  }
  /** Lines added, and files of which the patch has new content. */
  end() {
    if (this.#length > 0) this.#endLine();
    if (this.#old > 0 || this.#new > 0) throw new RecordError("changes.patch", null, "ends in the middle of a hunk");
    return { added: this.#added, contents: this.#contents };
  }
  #endLine() {
    const text2 = Buffer.concat(this.#line).toString("latin1");
    this.#line = [];
    this.#length = 0;
    if (this.#old > 0 || this.#new > 0) this.#inHunk(text2);
    else this.#header(text2);
  }
  #inHunk(text2) {
    if (text2.startsWith("\\")) return;
    if (text2.startsWith("+")) {
      this.#new -= 1;
      this.#added += 1;
    } else if (text2.startsWith("-")) {
      this.#old -= 1;
    } else {
      this.#old -= 1;
      this.#new -= 1;
    }
    if (this.#old < 0 || this.#new < 0) throw new RecordError("changes.patch", null, "a hunk with more lines than it says");
  }
  #header(text2) {
    const hunk = HUNK.exec(text2);
    if (hunk !== null) {
      this.#old = Number(hunk[1] ?? 1);
      this.#new = Number(hunk[2] ?? 1);
    } else if (text2.startsWith("diff --git ")) {
      this.#deletes = false;
    } else if (text2.startsWith("deleted file mode ")) {
      this.#deletes = true;
    } else if (text2.startsWith("index ") && !this.#deletes) {
      this.#contents += 1;
    }
  }
};

// src/guard/built-in.ts
var BUILT_IN = { name: "built-in.policy-or-workflow", action: "review", place: null };
var WORKFLOWS = [".github/workflows", ".github/actions"];
var BuiltInCheck = class {
  #protected;
  #bag = new Bag();
  constructor(run) {
    const own = policyFile(run);
    this.#protected = [...WORKFLOWS, ...own === null ? [] : [own]].map(fold);
  }
  see(change) {
    if (change.layer !== "workspace") return;
    for (const path of touched(change)) {
      const text2 = fold(path.text.replace(/\/$/, ""));
      const gone2 = !path.directory || change.op === "deleted";
      const hit = this.#protected.some((file) => isWithin(text2, file) || gone2 && isWithin(file, text2));
      if (hit) this.#bag.add(displayPath(path.bytes));
    }
  }
  findings() {
    const { count } = this.#bag;
    if (count === 0) return [];
    return [this.#bag.finding(BUILT_IN, `${counted(count, "changed path")} of a workflow, an action or the policy`)];
  }
};
function policyFile({ source, workspace }) {
  if (!("file" in source)) return null;
  const file = source.file.startsWith(`${workspace}/`) ? source.file.slice(workspace.length + 1) : source.file;
  const parts = file.split("/").filter((part) => part !== "" && part !== ".");
  return file.startsWith("/") || parts.includes("..") || parts.length === 0 ? null : parts.join("/");
}
var isWithin = (path, directory2) => path === directory2 || path.startsWith(`${directory2}/`);
var fold = (path) => path.toLowerCase();

// src/guard/network.ts
var HOSTS2 = 1e4;
async function networkFindings(rule, record) {
  const lines2 = record.lines("network.ndjson");
  if (!lines2.complete) return [unchecked(rule, "network.ndjson is not whole")];
  const seen2 = /* @__PURE__ */ new Set();
  const bag = new Bag();
  let listed = 0;
  for await (const line of lines2) {
    if (line.verdict !== "denied") continue;
    listed += 1;
    const host = `${line.name ?? line.address ?? "unknown"}:${line.port}`;
    if (seen2.has(host) || seen2.size >= HOSTS2) continue;
    seen2.add(host);
    bag.add(displayText(host));
  }
  const total = lines2.footer?.["denied"];
  const denied2 = typeof total === "number" ? Math.max(total, listed) : listed;
  return denied2 === 0 ? [] : [bag.finding(rule, counted(denied2, "denied request"))];
}

// src/guard/bounded.ts
import { createContext, Script } from "node:vm";
var context = {};
var script = null;
function ready() {
  if (script !== null) return script;
  createContext(context);
  return script = new Script("work()");
}
var TIME = 2e3;
function bounded(work, ms) {
  if (ms < 1) return { ok: false };
  const began = performance.now();
  context.work = work;
  try {
    const value = ready().runInContext(context, { timeout: Math.ceil(ms) });
    return { ok: true, value, ms: performance.now() - began };
  } catch (error) {
    if (error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return { ok: false };
    throw error;
  } finally {
    delete context.work;
  }
}

// src/guard/output.ts
var SEARCHED = 256 << 20;
var OVERLAP = 64 << 10;
function outputFindings(rule, record, time3 = TIME) {
  const { kind, pattern } = rule.test;
  const expression = compile(pattern);
  if (expression === null) return [unchecked(rule, "the regular expression does not compile")];
  const what = [displayText(pattern)];
  let left = time3;
  let found = false;
  for (const text2 of windows(limited(record))) {
    const result = bounded(() => expression.test(text2), left);
    if (!result.ok) return [{ ...unchecked(rule, `the regular expression took longer than ${time3 / 1e3} s`), what }];
    left -= result.ms;
    found = result.value;
    if (found) break;
  }
  if (kind === "forbid" && found) return [finding(rule, "the output matches a forbidden expression", what)];
  if (found) return [];
  if ((record.size("transcript.log") ?? 0) > SEARCHED) return [{ ...unchecked(rule, "the output is too long to be searched"), what }];
  return kind === "require" ? [finding(rule, "the output does not match a required expression", what)] : [];
}
function compile(pattern) {
  for (const flags of ["mu", "m"]) {
    try {
      return new RegExp(pattern, flags);
    } catch {
    }
  }
  return null;
}
function* limited(record) {
  let left = SEARCHED;
  for (const piece of record.pieces("transcript.log")) {
    if (left === 0) return;
    const part = piece.subarray(0, left);
    left -= part.length;
    yield part;
  }
}
function* windows(pieces2) {
  let kept = Buffer.alloc(0);
  let shown = 0;
  for (const piece of pieces2) {
    const bytes2 = Buffer.concat([kept, piece]);
    const line = bytes2.lastIndexOf(10) + 1;
    const end = line > shown ? line : bytes2.length;
    yield bytes2.toString("utf8", 0, end);
    const from = overlapStart(bytes2, end);
    kept = Buffer.from(bytes2.subarray(from));
    shown = end - from;
  }
  if (kept.length > shown || shown === 0) yield kept.toString("utf8");
}
function overlapStart(bytes2, end) {
  const least = Math.max(0, end - OVERLAP);
  const line = least === 0 ? 0 : bytes2.lastIndexOf(10, least - 1) + 1;
  return least - line <= 3 * OVERLAP ? line : least;
}

// node_modules/@cfworker/json-schema/dist/esm/deep-compare-strict.js
function deepCompareStrict(a, b) {
  const typeofa = typeof a;
  if (typeofa !== typeof b) {
    return false;
  }
  const aIsArray = Array.isArray(a);
  const bIsArray = Array.isArray(b);
  if (aIsArray !== bIsArray) {
    return false;
  }
  if (aIsArray) {
    const length = a.length;
    if (length !== b.length) {
      return false;
    }
    for (let i = 0; i < length; i++) {
      if (!deepCompareStrict(a[i], b[i])) {
        return false;
      }
    }
    return true;
  }
  if (typeofa === "object") {
    if (!a || !b) {
      return a === b;
    }
    const aKeys = Object.keys(a);
    const bKeys = Object.keys(b);
    const length = aKeys.length;
    if (length !== bKeys.length) {
      return false;
    }
    for (const k of aKeys) {
      if (!Object.prototype.hasOwnProperty.call(b, k)) {
        return false;
      }
      if (!deepCompareStrict(a[k], b[k])) {
        return false;
      }
    }
    return true;
  }
  return a === b;
}

// node_modules/@cfworker/json-schema/dist/esm/pointer.js
function encodePointer(p) {
  return encodeURI(escapePointer(p)).replace(/#/g, "%23");
}
function escapePointer(p) {
  return p.replace(/~/g, "~0").replace(/\//g, "~1");
}

// node_modules/@cfworker/json-schema/dist/esm/dereference.js
var uriFragmentCharacter = /^[A-Za-z0-9._~!$&'()*+,;=:@/?-]$/;
var uriPercentEncoding = /^%[0-9A-Fa-f]{2}$/;
var uriUnreservedCharacter = /^[A-Za-z0-9._~-]$/;
function normalizeURIFragment(fragment) {
  let normalized = "";
  for (let index = 0; index < fragment.length; ) {
    const character = fragment[index];
    const encoded = fragment.slice(index, index + 3);
    if (character === "%" && uriPercentEncoding.test(encoded)) {
      const decoded = String.fromCharCode(parseInt(encoded.slice(1), 16));
      normalized += uriUnreservedCharacter.test(decoded) ? decoded : encoded.toUpperCase();
      index += 3;
      continue;
    }
    const codePoint = String.fromCodePoint(fragment.codePointAt(index));
    normalized += uriFragmentCharacter.test(codePoint) ? codePoint : encodeURIComponent(codePoint);
    index += codePoint.length;
  }
  return normalized;
}
function resolveURI(reference, baseURI) {
  const url = new URL(reference, baseURI.href);
  url.hash = url.hash ? normalizeURIFragment(url.hash.slice(1)) : "";
  return url;
}
var schemaArrayKeyword = {
  prefixItems: true,
  items: true,
  allOf: true,
  anyOf: true,
  oneOf: true
};
var schemaMapKeyword = {
  $defs: true,
  definitions: true,
  properties: true,
  patternProperties: true,
  dependentSchemas: true
};
var ignoredKeyword = {
  id: true,
  $id: true,
  $ref: true,
  $schema: true,
  $anchor: true,
  $vocabulary: true,
  $comment: true,
  default: true,
  enum: true,
  const: true,
  required: true,
  dependentRequired: true,
  type: true,
  maximum: true,
  minimum: true,
  exclusiveMaximum: true,
  exclusiveMinimum: true,
  multipleOf: true,
  maxLength: true,
  minLength: true,
  pattern: true,
  format: true,
  maxItems: true,
  minItems: true,
  uniqueItems: true,
  maxProperties: true,
  minProperties: true
};
var initialBaseURI = typeof self !== "undefined" && self.location && self.location.origin !== "null" ? new URL(self.location.origin + self.location.pathname + location.search) : new URL("https://github.com/cfworker");
function dereference(schema, lookup = /* @__PURE__ */ Object.create(null), baseURI = initialBaseURI, basePointer = "") {
  if (schema && typeof schema === "object" && !Array.isArray(schema)) {
    const id = schema.$id || schema["id"];
    if (id) {
      const url = resolveURI(id, baseURI);
      if (url.hash.length > 1) {
        lookup[url.href] = schema;
      } else {
        url.hash = "";
        if (basePointer === "") {
          baseURI = url;
        } else {
          dereference(schema, lookup, baseURI);
        }
      }
    }
  } else if (schema !== true && schema !== false) {
    return lookup;
  }
  const schemaURI = baseURI.href + (basePointer ? "#" + basePointer : "");
  if (lookup[schemaURI] !== void 0 && lookup[schemaURI] !== schema) {
    throw new Error(`Duplicate schema URI "${schemaURI}".`);
  }
  lookup[schemaURI] = schema;
  if (schema === true || schema === false) {
    return lookup;
  }
  if (schema.__absolute_uri__ === void 0) {
    Object.defineProperty(schema, "__absolute_uri__", {
      enumerable: false,
      value: schemaURI
    });
  }
  if (schema.$ref && schema.__absolute_ref__ === void 0) {
    const url = resolveURI(schema.$ref, baseURI);
    Object.defineProperty(schema, "__absolute_ref__", {
      enumerable: false,
      value: url.href
    });
  }
  if (schema.$recursiveRef && schema.__absolute_recursive_ref__ === void 0) {
    const url = resolveURI(schema.$recursiveRef, baseURI);
    Object.defineProperty(schema, "__absolute_recursive_ref__", {
      enumerable: false,
      value: url.href
    });
  }
  if (schema.$anchor) {
    const url = resolveURI("#" + schema.$anchor, baseURI);
    lookup[url.href] = schema;
  }
  for (let key2 in schema) {
    if (ignoredKeyword[key2]) {
      continue;
    }
    const keyBase = `${basePointer}/${encodePointer(key2)}`;
    const subSchema = schema[key2];
    if (Array.isArray(subSchema)) {
      if (schemaArrayKeyword[key2]) {
        const length = subSchema.length;
        for (let i = 0; i < length; i++) {
          dereference(subSchema[i], lookup, baseURI, `${keyBase}/${i}`);
        }
      }
    } else if (schemaMapKeyword[key2]) {
      for (let subKey in subSchema) {
        dereference(subSchema[subKey], lookup, baseURI, `${keyBase}/${encodePointer(subKey)}`);
      }
    } else {
      dereference(subSchema, lookup, baseURI, keyBase);
    }
  }
  return lookup;
}

// node_modules/@cfworker/json-schema/dist/esm/format.js
var DATE = /^(\d\d\d\d)-(\d\d)-(\d\d)$/;
var DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
var TIME2 = /^(\d\d):(\d\d):(\d\d)(\.\d+)?(z|([+-])(\d\d):(\d\d))?$/i;
var HOSTNAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-0-9a-z]{0,61}[0-9a-z])?)*$/i;
var URIREF = /^(?:[a-z][a-z0-9+\-.]*:)?(?:\/?\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*@)?(?:\[(?:(?:(?:(?:[0-9a-f]{1,4}:){6}|::(?:[0-9a-f]{1,4}:){5}|(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){4}|(?:(?:[0-9a-f]{1,4}:){0,1}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){3}|(?:(?:[0-9a-f]{1,4}:){0,2}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){2}|(?:(?:[0-9a-f]{1,4}:){0,3}[0-9a-f]{1,4})?::[0-9a-f]{1,4}:|(?:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4})?::)(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?))|(?:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})?::[0-9a-f]{1,4}|(?:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?::)|[Vv][0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+)\]|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)|(?:[a-z0-9\-._~!$&'"()*+,;=]|%[0-9a-f]{2})*)(?::\d*)?(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*|\/(?:(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*)?|(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*)?(?:\?(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?$/i;
var URITEMPLATE = /^(?:(?:[^\x00-\x20\x7f"<>%\\^`{|}]|%[0-9a-f]{2})|\{[+#./;?&=,!@|]?(?:[a-z0-9_]|%[0-9a-f]{2})+(?:\.(?:[a-z0-9_]|%[0-9a-f]{2})+)*(?::[1-9][0-9]{0,3}|\*)?(?:,(?:[a-z0-9_]|%[0-9a-f]{2})+(?:\.(?:[a-z0-9_]|%[0-9a-f]{2})+)*(?::[1-9][0-9]{0,3}|\*)?)*\})*$/i;
var URL_ = /^(?:(?:https?|ftp):\/\/)(?:\S+(?::\S*)?@)?(?:(?!10(?:\.\d{1,3}){3})(?!127(?:\.\d{1,3}){3})(?!169\.254(?:\.\d{1,3}){2})(?!192\.168(?:\.\d{1,3}){2})(?!172\.(?:1[6-9]|2\d|3[0-1])(?:\.\d{1,3}){2})(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}(?:\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4]))|(?:(?:[a-z\u{00a1}-\u{ffff}0-9]+-?)*[a-z\u{00a1}-\u{ffff}0-9]+)(?:\.(?:[a-z\u{00a1}-\u{ffff}0-9]+-?)*[a-z\u{00a1}-\u{ffff}0-9]+)*(?:\.(?:[a-z\u{00a1}-\u{ffff}]{2,})))(?::\d{2,5})?(?:\/[^\s]*)?$/iu;
var UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
var JSON_POINTER = /^(?:\/(?:[^~/]|~0|~1)*)*$/;
var JSON_POINTER_URI_FRAGMENT = /^#(?:\/(?:[a-z0-9_\-.!$&'()*+,;:=@]|%[0-9a-f]{2}|~0|~1)*)*$/i;
var RELATIVE_JSON_POINTER = /^(?:0|[1-9][0-9]*)(?:#|(?:\/(?:[^~/]|~0|~1)*)*)$/;
var EMAIL_ADDRESS = /^("(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"|[a-z0-9.!#$%&'*+/=?^_`{|}~-]+)@(.+)$/i;
var EMAIL = (input) => {
  const matches = input.match(EMAIL_ADDRESS);
  if (!matches)
    return false;
  const name = matches[1];
  const host = matches[2];
  if (!name || !host || name.length > 64 || host.length > 253)
    return false;
  if (name[0] !== '"' && (name[0] === "." || name.endsWith(".") || name.includes(".."))) {
    return false;
  }
  if (host.startsWith("[") && host.endsWith("]")) {
    const address = host.slice(1, -1);
    if (/^ipv6:/i.test(address))
      return IPV6.test(address.slice(5));
    return IPV4.test(address);
  }
  return HOSTNAME.test(host);
};
var IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)$/;
var IPV6 = /^((([0-9a-f]{1,4}:){7}([0-9a-f]{1,4}|:))|(([0-9a-f]{1,4}:){6}(:[0-9a-f]{1,4}|((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9a-f]{1,4}:){5}(((:[0-9a-f]{1,4}){1,2})|:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9a-f]{1,4}:){4}(((:[0-9a-f]{1,4}){1,3})|((:[0-9a-f]{1,4})?:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){3}(((:[0-9a-f]{1,4}){1,4})|((:[0-9a-f]{1,4}){0,2}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){2}(((:[0-9a-f]{1,4}){1,5})|((:[0-9a-f]{1,4}){0,3}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){1}(((:[0-9a-f]{1,4}){1,6})|((:[0-9a-f]{1,4}){0,4}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(:(((:[0-9a-f]{1,4}){1,7})|((:[0-9a-f]{1,4}){0,5}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:)))$/i;
var DURATION = (input) => /^P(?:\d+W|(?:(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?|T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S)))$/.test(input);
function bind(r) {
  return r.test.bind(r);
}
var format = {
  date,
  time: time2.bind(void 0, true),
  "date-time": date_time,
  duration: DURATION,
  uri,
  "uri-reference": bind(URIREF),
  "uri-template": bind(URITEMPLATE),
  url: bind(URL_),
  email: EMAIL,
  hostname: bind(HOSTNAME),
  ipv4: bind(IPV4),
  ipv6: bind(IPV6),
  regex,
  uuid: bind(UUID),
  "json-pointer": bind(JSON_POINTER),
  "json-pointer-uri-fragment": bind(JSON_POINTER_URI_FRAGMENT),
  "relative-json-pointer": bind(RELATIVE_JSON_POINTER)
};
function isLeapYear(year) {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
function date(str) {
  const matches = str.match(DATE);
  if (!matches)
    return false;
  const yearPart = matches[1];
  const monthPart = matches[2];
  const dayPart = matches[3];
  if (!yearPart || !monthPart || !dayPart)
    return false;
  const year = +yearPart;
  const month = +monthPart;
  const day = +dayPart;
  const maxDay = month == 2 && isLeapYear(year) ? 29 : DAYS[month];
  return month >= 1 && month <= 12 && day >= 1 && maxDay !== void 0 && day <= maxDay;
}
function time2(full, str) {
  const matches = str.match(TIME2);
  if (!matches)
    return false;
  const hourPart = matches[1];
  const minutePart = matches[2];
  const secondPart = matches[3];
  if (!hourPart || !minutePart || !secondPart)
    return false;
  const hour = +hourPart;
  const minute = +minutePart;
  const second = +secondPart;
  const timeZone = matches[5];
  const offsetSign = matches[6];
  const offsetHour = +(matches[7] ?? 0);
  const offsetMinute = +(matches[8] ?? 0);
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59 || full && timeZone === void 0) {
    return false;
  }
  if (second < 60)
    return true;
  const offsetDirection = offsetSign === "+" ? 1 : offsetSign === "-" ? -1 : 0;
  const utcMinute = (hour * 60 + minute - offsetDirection * (offsetHour * 60 + offsetMinute) + 24 * 60) % (24 * 60);
  return utcMinute === 23 * 60 + 59;
}
var DATE_TIME_SEPARATOR = /t|\s/i;
function date_time(str) {
  const [datePart, timePart, extra] = str.split(DATE_TIME_SEPARATOR);
  return datePart !== void 0 && timePart !== void 0 && extra === void 0 && date(datePart) && time2(true, timePart);
}
var NOT_URI_FRAGMENT = /\/|:/;
var URI_PATTERN = /^(?:[a-z][a-z0-9+\-.]*:)(?:\/?\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*@)?(?:\[(?:(?:(?:(?:[0-9a-f]{1,4}:){6}|::(?:[0-9a-f]{1,4}:){5}|(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){4}|(?:(?:[0-9a-f]{1,4}:){0,1}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){3}|(?:(?:[0-9a-f]{1,4}:){0,2}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){2}|(?:(?:[0-9a-f]{1,4}:){0,3}[0-9a-f]{1,4})?::[0-9a-f]{1,4}:|(?:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4})?::)(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?))|(?:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})?::[0-9a-f]{1,4}|(?:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?::)|[Vv][0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+)\]|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)|(?:[a-z0-9\-._~!$&'()*+,;=]|%[0-9a-f]{2})*)(?::\d*)?(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*|\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*)?|(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*)(?:\?(?:[a-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#(?:[a-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?$/i;
function uri(str) {
  return NOT_URI_FRAGMENT.test(str) && URI_PATTERN.test(str);
}
var Z_ANCHOR = /[^\\]\\Z/;
function regex(str) {
  if (Z_ANCHOR.test(str))
    return false;
  try {
    new RegExp(str, "u");
    return true;
  } catch (e) {
    return false;
  }
}

// node_modules/@cfworker/json-schema/dist/esm/ucs2-length.js
function ucs2length(s) {
  let result = 0;
  let length = s.length;
  let index = 0;
  let charCode;
  while (index < length) {
    result++;
    charCode = s.charCodeAt(index++);
    if (charCode >= 55296 && charCode <= 56319 && index < length) {
      charCode = s.charCodeAt(index);
      if ((charCode & 64512) == 56320) {
        index++;
      }
    }
  }
  return result;
}

// node_modules/@cfworker/json-schema/dist/esm/validate.js
function hasOwnProperty(instance, key2) {
  return Object.prototype.hasOwnProperty.call(instance, key2);
}
function decimalInteger(value) {
  const coefficientAndExponent = Math.abs(value).toString().split("e");
  const coefficient = coefficientAndExponent[0];
  const exponent = coefficientAndExponent[1] ?? "0";
  const point = coefficient.indexOf(".");
  const fractionLength = point === -1 ? 0 : coefficient.length - point - 1;
  return [
    BigInt(coefficient.replace(".", "")),
    Number(exponent) - fractionLength
  ];
}
function isMultipleOf(instance, divisor) {
  if (!Number.isFinite(instance) || !Number.isFinite(divisor) || divisor <= 0) {
    return false;
  }
  const [instanceCoefficient, instanceExponent] = decimalInteger(instance);
  const [divisorCoefficient, divisorExponent] = decimalInteger(divisor);
  const exponentDifference = instanceExponent - divisorExponent;
  if (exponentDifference >= 0) {
    return instanceCoefficient * 10n ** BigInt(exponentDifference) % divisorCoefficient === 0n;
  }
  return instanceCoefficient % (divisorCoefficient * 10n ** BigInt(-exponentDifference)) === 0n;
}
function validate(instance, schema, draft = "2019-09", lookup = dereference(schema), shortCircuit = true, recursiveAnchor = null, instanceLocation = "#", schemaLocation = "#", evaluated = /* @__PURE__ */ Object.create(null)) {
  if (schema === true) {
    return { valid: true, errors: [] };
  }
  if (schema === false) {
    return {
      valid: false,
      errors: [
        {
          instanceLocation,
          keyword: "false",
          keywordLocation: instanceLocation,
          error: "False boolean schema."
        }
      ]
    };
  }
  const rawInstanceType = typeof instance;
  let instanceType;
  switch (rawInstanceType) {
    case "boolean":
    case "number":
    case "string":
      instanceType = rawInstanceType;
      break;
    case "object":
      if (instance === null) {
        instanceType = "null";
      } else if (Array.isArray(instance)) {
        instanceType = "array";
      } else {
        instanceType = "object";
      }
      break;
    default:
      throw new Error(`Instances of "${rawInstanceType}" type are not supported.`);
  }
  const { $ref, $recursiveRef, $recursiveAnchor, type: $type, const: $const, enum: $enum, required: $required, not: $not, anyOf: $anyOf, allOf: $allOf, oneOf: $oneOf, if: $if, then: $then, else: $else, format: $format, properties: $properties, patternProperties: $patternProperties, additionalProperties: $additionalProperties, unevaluatedProperties: $unevaluatedProperties, minProperties: $minProperties, maxProperties: $maxProperties, propertyNames: $propertyNames, dependentRequired: $dependentRequired, dependentSchemas: $dependentSchemas, dependencies: $dependencies, prefixItems: $prefixItems, items: $items, additionalItems: $additionalItems, unevaluatedItems: $unevaluatedItems, contains: $contains, minContains: $minContains, maxContains: $maxContains, minItems: $minItems, maxItems: $maxItems, uniqueItems: $uniqueItems, minimum: $minimum, maximum: $maximum, exclusiveMinimum: $exclusiveMinimum, exclusiveMaximum: $exclusiveMaximum, multipleOf: $multipleOf, minLength: $minLength, maxLength: $maxLength, pattern: $pattern, __absolute_ref__, __absolute_recursive_ref__ } = schema;
  const errors = [];
  if ($recursiveAnchor === true && recursiveAnchor === null) {
    recursiveAnchor = schema;
  }
  if ($recursiveRef === "#") {
    const refSchema = recursiveAnchor === null ? lookup[__absolute_recursive_ref__] : recursiveAnchor;
    const keywordLocation = `${schemaLocation}/$recursiveRef`;
    const result = validate(instance, recursiveAnchor === null ? schema : recursiveAnchor, draft, lookup, shortCircuit, refSchema, instanceLocation, keywordLocation, evaluated);
    if (!result.valid) {
      errors.push({
        instanceLocation,
        keyword: "$recursiveRef",
        keywordLocation,
        error: "A subschema had errors."
      }, ...result.errors);
    }
  }
  if ($ref !== void 0) {
    const uri2 = __absolute_ref__ || $ref;
    const refSchema = lookup[uri2];
    if (refSchema === void 0) {
      let message = `Unresolved $ref "${$ref}".`;
      if (__absolute_ref__ && __absolute_ref__ !== $ref) {
        message += `  Absolute URI "${__absolute_ref__}".`;
      }
      message += `
Known schemas:
- ${Object.keys(lookup).join("\n- ")}`;
      throw new Error(message);
    }
    const keywordLocation = `${schemaLocation}/$ref`;
    const result = validate(instance, refSchema, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, keywordLocation, evaluated);
    if (!result.valid) {
      errors.push({
        instanceLocation,
        keyword: "$ref",
        keywordLocation,
        error: "A subschema had errors."
      }, ...result.errors);
    }
    if (draft === "4" || draft === "7") {
      return { valid: errors.length === 0, errors };
    }
  }
  if (Array.isArray($type)) {
    let length = $type.length;
    let valid = false;
    for (let i = 0; i < length; i++) {
      if (instanceType === $type[i] || $type[i] === "integer" && instanceType === "number" && instance % 1 === 0 && instance === instance) {
        valid = true;
        break;
      }
    }
    if (!valid) {
      errors.push({
        instanceLocation,
        keyword: "type",
        keywordLocation: `${schemaLocation}/type`,
        error: `Instance type "${instanceType}" is invalid. Expected "${$type.join('", "')}".`
      });
    }
  } else if ($type === "integer") {
    if (instanceType !== "number" || instance % 1 || instance !== instance) {
      errors.push({
        instanceLocation,
        keyword: "type",
        keywordLocation: `${schemaLocation}/type`,
        error: `Instance type "${instanceType}" is invalid. Expected "${$type}".`
      });
    }
  } else if ($type !== void 0 && instanceType !== $type) {
    errors.push({
      instanceLocation,
      keyword: "type",
      keywordLocation: `${schemaLocation}/type`,
      error: `Instance type "${instanceType}" is invalid. Expected "${$type}".`
    });
  }
  if ($const !== void 0) {
    if (instanceType === "object" || instanceType === "array") {
      if (!deepCompareStrict(instance, $const)) {
        errors.push({
          instanceLocation,
          keyword: "const",
          keywordLocation: `${schemaLocation}/const`,
          error: `Instance does not match ${JSON.stringify($const)}.`
        });
      }
    } else if (instance !== $const) {
      errors.push({
        instanceLocation,
        keyword: "const",
        keywordLocation: `${schemaLocation}/const`,
        error: `Instance does not match ${JSON.stringify($const)}.`
      });
    }
  }
  if ($enum !== void 0) {
    if (instanceType === "object" || instanceType === "array") {
      if (!$enum.some((value) => deepCompareStrict(instance, value))) {
        errors.push({
          instanceLocation,
          keyword: "enum",
          keywordLocation: `${schemaLocation}/enum`,
          error: `Instance does not match any of ${JSON.stringify($enum)}.`
        });
      }
    } else if (!$enum.some((value) => instance === value)) {
      errors.push({
        instanceLocation,
        keyword: "enum",
        keywordLocation: `${schemaLocation}/enum`,
        error: `Instance does not match any of ${JSON.stringify($enum)}.`
      });
    }
  }
  if ($not !== void 0) {
    const keywordLocation = `${schemaLocation}/not`;
    const result = validate(instance, $not, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, keywordLocation);
    if (result.valid) {
      errors.push({
        instanceLocation,
        keyword: "not",
        keywordLocation,
        error: 'Instance matched "not" schema.'
      });
    }
  }
  let subEvaluateds = [];
  if ($anyOf !== void 0) {
    const keywordLocation = `${schemaLocation}/anyOf`;
    const errorsLength = errors.length;
    let anyValid = false;
    for (const [i, subSchema] of $anyOf.entries()) {
      const subEvaluated = Object.create(evaluated);
      const result = validate(instance, subSchema, draft, lookup, shortCircuit, $recursiveAnchor === true ? recursiveAnchor : null, instanceLocation, `${keywordLocation}/${i}`, subEvaluated);
      errors.push(...result.errors);
      anyValid = anyValid || result.valid;
      if (result.valid) {
        subEvaluateds.push(subEvaluated);
      }
    }
    if (anyValid) {
      errors.length = errorsLength;
    } else {
      errors.splice(errorsLength, 0, {
        instanceLocation,
        keyword: "anyOf",
        keywordLocation,
        error: "Instance does not match any subschemas."
      });
    }
  }
  if ($allOf !== void 0) {
    const keywordLocation = `${schemaLocation}/allOf`;
    const errorsLength = errors.length;
    let allValid = true;
    for (const [i, subSchema] of $allOf.entries()) {
      const subEvaluated = Object.create(evaluated);
      const result = validate(instance, subSchema, draft, lookup, shortCircuit, $recursiveAnchor === true ? recursiveAnchor : null, instanceLocation, `${keywordLocation}/${i}`, subEvaluated);
      errors.push(...result.errors);
      allValid = allValid && result.valid;
      if (result.valid) {
        subEvaluateds.push(subEvaluated);
      }
    }
    if (allValid) {
      errors.length = errorsLength;
    } else {
      errors.splice(errorsLength, 0, {
        instanceLocation,
        keyword: "allOf",
        keywordLocation,
        error: `Instance does not match every subschema.`
      });
    }
  }
  if ($oneOf !== void 0) {
    const keywordLocation = `${schemaLocation}/oneOf`;
    const errorsLength = errors.length;
    const matches = $oneOf.filter((subSchema, i) => {
      const subEvaluated = Object.create(evaluated);
      const result = validate(instance, subSchema, draft, lookup, shortCircuit, $recursiveAnchor === true ? recursiveAnchor : null, instanceLocation, `${keywordLocation}/${i}`, subEvaluated);
      errors.push(...result.errors);
      if (result.valid) {
        subEvaluateds.push(subEvaluated);
      }
      return result.valid;
    }).length;
    if (matches === 1) {
      errors.length = errorsLength;
    } else {
      errors.splice(errorsLength, 0, {
        instanceLocation,
        keyword: "oneOf",
        keywordLocation,
        error: `Instance does not match exactly one subschema (${matches} matches).`
      });
    }
  }
  if (instanceType === "object" || instanceType === "array") {
    Object.assign(evaluated, ...subEvaluateds);
  }
  if ($if !== void 0) {
    const keywordLocation = `${schemaLocation}/if`;
    const ifEvaluated = /* @__PURE__ */ Object.create(null);
    const conditionResult = validate(instance, $if, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, keywordLocation, ifEvaluated).valid;
    if (conditionResult) {
      Object.assign(evaluated, ifEvaluated);
      if ($then !== void 0) {
        const thenResult = validate(instance, $then, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, `${schemaLocation}/then`, evaluated);
        if (!thenResult.valid) {
          errors.push({
            instanceLocation,
            keyword: "if",
            keywordLocation,
            error: `Instance does not match "then" schema.`
          }, ...thenResult.errors);
        }
      }
    } else if ($else !== void 0) {
      const elseResult = validate(instance, $else, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, `${schemaLocation}/else`, evaluated);
      if (!elseResult.valid) {
        errors.push({
          instanceLocation,
          keyword: "if",
          keywordLocation,
          error: `Instance does not match "else" schema.`
        }, ...elseResult.errors);
      }
    }
  }
  if (instanceType === "object") {
    if ($required !== void 0) {
      for (const key2 of $required) {
        if (!hasOwnProperty(instance, key2)) {
          errors.push({
            instanceLocation,
            keyword: "required",
            keywordLocation: `${schemaLocation}/required`,
            error: `Instance does not have required property "${key2}".`
          });
        }
      }
    }
    const keys = Object.keys(instance);
    if ($minProperties !== void 0 && keys.length < $minProperties) {
      errors.push({
        instanceLocation,
        keyword: "minProperties",
        keywordLocation: `${schemaLocation}/minProperties`,
        error: `Instance does not have at least ${$minProperties} properties.`
      });
    }
    if ($maxProperties !== void 0 && keys.length > $maxProperties) {
      errors.push({
        instanceLocation,
        keyword: "maxProperties",
        keywordLocation: `${schemaLocation}/maxProperties`,
        error: `Instance does not have at least ${$maxProperties} properties.`
      });
    }
    if ($propertyNames !== void 0) {
      const keywordLocation = `${schemaLocation}/propertyNames`;
      for (const key2 in instance) {
        const subInstancePointer = `${instanceLocation}/${encodePointer(key2)}`;
        const result = validate(key2, $propertyNames, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, keywordLocation);
        if (!result.valid) {
          errors.push({
            instanceLocation,
            keyword: "propertyNames",
            keywordLocation,
            error: `Property name "${key2}" does not match schema.`
          }, ...result.errors);
        }
      }
    }
    if ($dependentRequired !== void 0) {
      const keywordLocation = `${schemaLocation}/dependantRequired`;
      for (const key2 in $dependentRequired) {
        if (hasOwnProperty(instance, key2)) {
          const required = $dependentRequired[key2];
          for (const dependantKey of required) {
            if (!hasOwnProperty(instance, dependantKey)) {
              errors.push({
                instanceLocation,
                keyword: "dependentRequired",
                keywordLocation,
                error: `Instance has "${key2}" but does not have "${dependantKey}".`
              });
            }
          }
        }
      }
    }
    if ($dependentSchemas !== void 0) {
      for (const [key2, dependentSchema] of Object.entries($dependentSchemas)) {
        const keywordLocation = `${schemaLocation}/dependentSchemas`;
        if (hasOwnProperty(instance, key2)) {
          const result = validate(instance, dependentSchema, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, `${keywordLocation}/${encodePointer(key2)}`, evaluated);
          if (!result.valid) {
            errors.push({
              instanceLocation,
              keyword: "dependentSchemas",
              keywordLocation,
              error: `Instance has "${key2}" but does not match dependant schema.`
            }, ...result.errors);
          }
        }
      }
    }
    if ($dependencies !== void 0) {
      const keywordLocation = `${schemaLocation}/dependencies`;
      for (const key2 in $dependencies) {
        if (hasOwnProperty(instance, key2)) {
          const propsOrSchema = $dependencies[key2];
          if (Array.isArray(propsOrSchema)) {
            for (const dependantKey of propsOrSchema) {
              if (!hasOwnProperty(instance, dependantKey)) {
                errors.push({
                  instanceLocation,
                  keyword: "dependencies",
                  keywordLocation,
                  error: `Instance has "${key2}" but does not have "${dependantKey}".`
                });
              }
            }
          } else {
            const result = validate(instance, propsOrSchema, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, `${keywordLocation}/${encodePointer(key2)}`);
            if (!result.valid) {
              errors.push({
                instanceLocation,
                keyword: "dependencies",
                keywordLocation,
                error: `Instance has "${key2}" but does not match dependant schema.`
              }, ...result.errors);
            }
          }
        }
      }
    }
    const thisEvaluated = /* @__PURE__ */ Object.create(null);
    let stop = false;
    if ($properties !== void 0) {
      const keywordLocation = `${schemaLocation}/properties`;
      for (const [key2, propertySchema] of Object.entries($properties)) {
        if (!hasOwnProperty(instance, key2)) {
          continue;
        }
        const subInstancePointer = `${instanceLocation}/${encodePointer(key2)}`;
        const result = validate(instance[key2], propertySchema, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, `${keywordLocation}/${encodePointer(key2)}`);
        thisEvaluated[key2] = true;
        if (result.valid) {
          evaluated[key2] = true;
        } else {
          stop = shortCircuit;
          errors.push({
            instanceLocation,
            keyword: "properties",
            keywordLocation,
            error: `Property "${key2}" does not match schema.`
          }, ...result.errors);
          if (stop)
            break;
        }
      }
    }
    if (!stop && $patternProperties !== void 0) {
      const keywordLocation = `${schemaLocation}/patternProperties`;
      for (const [pattern, subSchema] of Object.entries($patternProperties)) {
        const regex2 = new RegExp(pattern, "u");
        for (const key2 in instance) {
          if (!regex2.test(key2)) {
            continue;
          }
          const subInstancePointer = `${instanceLocation}/${encodePointer(key2)}`;
          const result = validate(instance[key2], subSchema, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, `${keywordLocation}/${encodePointer(pattern)}`);
          thisEvaluated[key2] = true;
          if (result.valid) {
            evaluated[key2] = true;
          } else {
            stop = shortCircuit;
            errors.push({
              instanceLocation,
              keyword: "patternProperties",
              keywordLocation,
              error: `Property "${key2}" matches pattern "${pattern}" but does not match associated schema.`
            }, ...result.errors);
          }
        }
      }
    }
    if (!stop && $additionalProperties !== void 0) {
      const keywordLocation = `${schemaLocation}/additionalProperties`;
      for (const key2 in instance) {
        if (thisEvaluated[key2]) {
          continue;
        }
        const subInstancePointer = `${instanceLocation}/${encodePointer(key2)}`;
        const result = validate(instance[key2], $additionalProperties, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, keywordLocation);
        if (result.valid) {
          evaluated[key2] = true;
        } else {
          stop = shortCircuit;
          errors.push({
            instanceLocation,
            keyword: "additionalProperties",
            keywordLocation,
            error: `Property "${key2}" does not match additional properties schema.`
          }, ...result.errors);
        }
      }
    } else if (!stop && $unevaluatedProperties !== void 0) {
      const keywordLocation = `${schemaLocation}/unevaluatedProperties`;
      for (const key2 in instance) {
        if (!evaluated[key2]) {
          const subInstancePointer = `${instanceLocation}/${encodePointer(key2)}`;
          const result = validate(instance[key2], $unevaluatedProperties, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, keywordLocation);
          if (result.valid) {
            evaluated[key2] = true;
          } else {
            errors.push({
              instanceLocation,
              keyword: "unevaluatedProperties",
              keywordLocation,
              error: `Property "${key2}" does not match unevaluated properties schema.`
            }, ...result.errors);
          }
        }
      }
    }
  } else if (instanceType === "array") {
    if ($maxItems !== void 0 && instance.length > $maxItems) {
      errors.push({
        instanceLocation,
        keyword: "maxItems",
        keywordLocation: `${schemaLocation}/maxItems`,
        error: `Array has too many items (${instance.length} > ${$maxItems}).`
      });
    }
    if ($minItems !== void 0 && instance.length < $minItems) {
      errors.push({
        instanceLocation,
        keyword: "minItems",
        keywordLocation: `${schemaLocation}/minItems`,
        error: `Array has too few items (${instance.length} < ${$minItems}).`
      });
    }
    const length = instance.length;
    let i = 0;
    let stop = false;
    if ($prefixItems !== void 0) {
      const keywordLocation = `${schemaLocation}/prefixItems`;
      const length2 = Math.min($prefixItems.length, length);
      for (; i < length2; i++) {
        const result = validate(instance[i], $prefixItems[i], draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, `${keywordLocation}/${i}`);
        evaluated[i] = true;
        if (!result.valid) {
          stop = shortCircuit;
          errors.push({
            instanceLocation,
            keyword: "prefixItems",
            keywordLocation,
            error: `Items did not match schema.`
          }, ...result.errors);
          if (stop)
            break;
        }
      }
    }
    if ($items !== void 0) {
      const keywordLocation = `${schemaLocation}/items`;
      if (Array.isArray($items)) {
        const length2 = Math.min($items.length, length);
        for (; i < length2; i++) {
          const result = validate(instance[i], $items[i], draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, `${keywordLocation}/${i}`);
          evaluated[i] = true;
          if (!result.valid) {
            stop = shortCircuit;
            errors.push({
              instanceLocation,
              keyword: "items",
              keywordLocation,
              error: `Items did not match schema.`
            }, ...result.errors);
            if (stop)
              break;
          }
        }
      } else {
        for (; i < length; i++) {
          const result = validate(instance[i], $items, draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, keywordLocation);
          evaluated[i] = true;
          if (!result.valid) {
            stop = shortCircuit;
            errors.push({
              instanceLocation,
              keyword: "items",
              keywordLocation,
              error: `Items did not match schema.`
            }, ...result.errors);
            if (stop)
              break;
          }
        }
      }
      if (!stop && $additionalItems !== void 0) {
        const keywordLocation2 = `${schemaLocation}/additionalItems`;
        for (; i < length; i++) {
          const result = validate(instance[i], $additionalItems, draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, keywordLocation2);
          evaluated[i] = true;
          if (!result.valid) {
            stop = shortCircuit;
            errors.push({
              instanceLocation,
              keyword: "additionalItems",
              keywordLocation: keywordLocation2,
              error: `Items did not match additional items schema.`
            }, ...result.errors);
          }
        }
      }
    }
    if ($contains !== void 0) {
      if (length === 0 && $minContains === void 0) {
        errors.push({
          instanceLocation,
          keyword: "contains",
          keywordLocation: `${schemaLocation}/contains`,
          error: `Array is empty. It must contain at least one item matching the schema.`
        });
      } else if ($minContains !== void 0 && length < $minContains) {
        errors.push({
          instanceLocation,
          keyword: "minContains",
          keywordLocation: `${schemaLocation}/minContains`,
          error: `Array has less items (${length}) than minContains (${$minContains}).`
        });
      } else {
        const keywordLocation = `${schemaLocation}/contains`;
        const errorsLength = errors.length;
        let contained = 0;
        for (let j = 0; j < length; j++) {
          const result = validate(instance[j], $contains, draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${j}`, keywordLocation);
          if (result.valid) {
            evaluated[j] = true;
            contained++;
          } else {
            errors.push(...result.errors);
          }
        }
        if (contained >= ($minContains || 0)) {
          errors.length = errorsLength;
        }
        if ($minContains === void 0 && contained === 0) {
          errors.splice(errorsLength, 0, {
            instanceLocation,
            keyword: "contains",
            keywordLocation,
            error: `Array does not contain item matching schema.`
          });
        } else if ($minContains !== void 0 && contained < $minContains) {
          errors.push({
            instanceLocation,
            keyword: "minContains",
            keywordLocation: `${schemaLocation}/minContains`,
            error: `Array must contain at least ${$minContains} items matching schema. Only ${contained} items were found.`
          });
        } else if ($maxContains !== void 0 && contained > $maxContains) {
          errors.push({
            instanceLocation,
            keyword: "maxContains",
            keywordLocation: `${schemaLocation}/maxContains`,
            error: `Array may contain at most ${$maxContains} items matching schema. ${contained} items were found.`
          });
        }
      }
    }
    if (!stop && $unevaluatedItems !== void 0) {
      const keywordLocation = `${schemaLocation}/unevaluatedItems`;
      for (i; i < length; i++) {
        if (evaluated[i]) {
          continue;
        }
        const result = validate(instance[i], $unevaluatedItems, draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, keywordLocation);
        evaluated[i] = true;
        if (!result.valid) {
          errors.push({
            instanceLocation,
            keyword: "unevaluatedItems",
            keywordLocation,
            error: `Items did not match unevaluated items schema.`
          }, ...result.errors);
        }
      }
    }
    if ($uniqueItems) {
      for (let j = 0; j < length; j++) {
        const a = instance[j];
        const ao = typeof a === "object" && a !== null;
        for (let k = 0; k < length; k++) {
          if (j === k) {
            continue;
          }
          const b = instance[k];
          const bo = typeof b === "object" && b !== null;
          if (a === b || ao && bo && deepCompareStrict(a, b)) {
            errors.push({
              instanceLocation,
              keyword: "uniqueItems",
              keywordLocation: `${schemaLocation}/uniqueItems`,
              error: `Duplicate items at indexes ${j} and ${k}.`
            });
            j = Number.MAX_SAFE_INTEGER;
            k = Number.MAX_SAFE_INTEGER;
          }
        }
      }
    }
  } else if (instanceType === "number") {
    if (draft === "4") {
      if ($minimum !== void 0 && ($exclusiveMinimum === true && instance <= $minimum || instance < $minimum)) {
        errors.push({
          instanceLocation,
          keyword: "minimum",
          keywordLocation: `${schemaLocation}/minimum`,
          error: `${instance} is less than ${$exclusiveMinimum ? "or equal to " : ""} ${$minimum}.`
        });
      }
      if ($maximum !== void 0 && ($exclusiveMaximum === true && instance >= $maximum || instance > $maximum)) {
        errors.push({
          instanceLocation,
          keyword: "maximum",
          keywordLocation: `${schemaLocation}/maximum`,
          error: `${instance} is greater than ${$exclusiveMaximum ? "or equal to " : ""} ${$maximum}.`
        });
      }
    } else {
      if ($minimum !== void 0 && instance < $minimum) {
        errors.push({
          instanceLocation,
          keyword: "minimum",
          keywordLocation: `${schemaLocation}/minimum`,
          error: `${instance} is less than ${$minimum}.`
        });
      }
      if ($maximum !== void 0 && instance > $maximum) {
        errors.push({
          instanceLocation,
          keyword: "maximum",
          keywordLocation: `${schemaLocation}/maximum`,
          error: `${instance} is greater than ${$maximum}.`
        });
      }
      if ($exclusiveMinimum !== void 0 && instance <= $exclusiveMinimum) {
        errors.push({
          instanceLocation,
          keyword: "exclusiveMinimum",
          keywordLocation: `${schemaLocation}/exclusiveMinimum`,
          error: `${instance} is less than ${$exclusiveMinimum}.`
        });
      }
      if ($exclusiveMaximum !== void 0 && instance >= $exclusiveMaximum) {
        errors.push({
          instanceLocation,
          keyword: "exclusiveMaximum",
          keywordLocation: `${schemaLocation}/exclusiveMaximum`,
          error: `${instance} is greater than or equal to ${$exclusiveMaximum}.`
        });
      }
    }
    if ($multipleOf !== void 0) {
      if (!isMultipleOf(instance, $multipleOf)) {
        errors.push({
          instanceLocation,
          keyword: "multipleOf",
          keywordLocation: `${schemaLocation}/multipleOf`,
          error: `${instance} is not a multiple of ${$multipleOf}.`
        });
      }
    }
  } else if (instanceType === "string") {
    const length = $minLength === void 0 && $maxLength === void 0 ? 0 : ucs2length(instance);
    if ($minLength !== void 0 && length < $minLength) {
      errors.push({
        instanceLocation,
        keyword: "minLength",
        keywordLocation: `${schemaLocation}/minLength`,
        error: `String is too short (${length} < ${$minLength}).`
      });
    }
    if ($maxLength !== void 0 && length > $maxLength) {
      errors.push({
        instanceLocation,
        keyword: "maxLength",
        keywordLocation: `${schemaLocation}/maxLength`,
        error: `String is too long (${length} > ${$maxLength}).`
      });
    }
    if ($pattern !== void 0 && !new RegExp($pattern, "u").test(instance)) {
      errors.push({
        instanceLocation,
        keyword: "pattern",
        keywordLocation: `${schemaLocation}/pattern`,
        error: `String does not match pattern.`
      });
    }
    if ($format !== void 0 && format[$format] && !format[$format](instance)) {
      errors.push({
        instanceLocation,
        keyword: "format",
        keywordLocation: `${schemaLocation}/format`,
        error: `String does not match format "${$format}".`
      });
    }
  }
  return { valid: errors.length === 0, errors };
}

// node_modules/@cfworker/json-schema/dist/esm/validator.js
var Validator = class {
  schema;
  draft;
  shortCircuit;
  lookup;
  constructor(schema, draft = "2019-09", shortCircuit = true) {
    this.schema = schema;
    this.draft = draft;
    this.shortCircuit = shortCircuit;
    this.lookup = dereference(schema);
  }
  validate(instance) {
    return validate(instance, this.schema, this.draft, this.lookup, this.shortCircuit);
  }
  addSchema(schema, id) {
    if (id) {
      schema = { ...schema, $id: id };
    }
    dereference(schema, this.lookup);
  }
};

// src/guard/result.ts
var DRAFTS = [
  [/draft-04/, "4"],
  [/draft-0[67]/, "7"],
  [/2019-09/, "2019-09"]
];
function resultFindings(rule, record) {
  const text2 = utf8(Buffer.concat([...record.pieces("result.txt")].map((piece) => Buffer.from(piece))));
  if (text2 === null || text2.trim() === "") return [finding(rule, "the agent wrote no result")];
  let value;
  try {
    value = JSON.parse(text2);
  } catch {
    return [finding(rule, "the result is not JSON")];
  }
  return validate2(rule, rule.test.schema, value);
}
function validate2(rule, schema, value) {
  try {
    const draft = DRAFTS.find(([pattern]) => pattern.test(schema.$schema ?? ""))?.[1] ?? "2020-12";
    const result = bounded(() => new Validator(schema, draft).validate(value), TIME);
    if (!result.ok) return [unchecked(rule, `the schema took longer than ${TIME / 1e3} s`)];
    if (result.value.valid) return [];
    const bag = new Bag();
    for (const { instanceLocation, error } of result.value.errors) bag.add(displayText(`${instanceLocation}: ${error}`));
    return [bag.finding(rule, "the result does not fit the schema")];
  } catch (error) {
    return [{ ...unchecked(rule, "the schema cannot be applied"), what: [displayText(String(error))] }];
  }
}

// src/guard/evaluate.ts
async function evaluate(rules, record) {
  const { value: run } = record.document("run.json");
  if (run.end.how !== "steps-done" && run.steps.every((step) => step.started === null)) return [];
  const findings = [];
  findings.push(
    ...await changeFindings(
      rules.filter((rule) => rule.on === "changes"),
      run,
      record
    )
  );
  for (const rule of rules) {
    if (rule.on === "changes") continue;
    findings.push(...await attempt(rule, async () => other(rule, record)));
  }
  return findings;
}
async function other(rule, record) {
  switch (rule.on) {
    case "network":
      return await networkFindings(rule, record);
    case "output":
      return outputFindings(rule, record);
    case "result":
      return resultFindings(rule, record);
  }
}
async function changeFindings(rules, run, record) {
  try {
    const checks = [...changeChecks(rules), ...addedLines(rules, record), new BuiltInCheck(run)];
    const changes2 = record.lines("changes.ndjson");
    if (!changes2.complete) throw new RecordError(changes2.file, null, "is not whole");
    for await (const change of changes2) for (const check of checks) check.see(change);
    return checks.flatMap((check) => check.findings());
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [...rules, BUILT_IN].map((rule) => unchecked(rule, error.message));
  }
}
function addedLines(rules, record) {
  return rules.flatMap((rule) => rule.test.kind === "max-added-lines" ? [new AddedLinesCheck(rule, rule.test.max, record)] : []);
}
async function attempt(rule, work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [unchecked(rule, error.message)];
  }
}

// src/run/verdict.ts
async function makeVerdict(request, summarise) {
  try {
    return await conclude(request, summarise);
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
async function conclude({ id, record: dir, outputs }, summarise) {
  const record = openRecordDir(dir);
  const { value: run } = record.document("run.json");
  const manifest = record.document("manifest.json");
  if (run.id !== id || manifest.value.id !== id) throw new RecordError("manifest.json", null, `is not of run ${id}`);
  const findings = await evaluate(run.policy.guards, record);
  const { outcome, because } = decideRun(run, findings);
  const text2 = Buffer.from(await summarise({ run, findings, outcome, because, manifest: manifest.sha256, record }));
  writeAll(outputs["summary.md"], text2);
  const verdict = {
    schema: "agent-jail/verdict@1",
    id,
    outcome,
    because,
    findings,
    manifest: manifest.sha256,
    files: { "summary.md": { sha256: sha256(text2), size: text2.length } }
  };
  const bytes2 = json(verdict);
  writeAll(outputs["verdict.json"], bytes2);
  return { ok: true, kind: "verdict", outcome, because, findings: findings.length, verdict: sha256(bytes2) };
}

// src/run/collector.ts
var LONGEST2 = 16 << 20;
async function collector(summarise) {
  const first = await lines(process.stdin, LONGEST2).next();
  if (first.done === true) return;
  const answer = await answerTo(JSON.parse(first.value), summarise).catch(
    (error) => ({ ok: false, message: error instanceof Error ? error.message : String(error) })
  );
  process.stdout.write(`${JSON.stringify(answer)}
`);
}
async function answerTo(request, summarise) {
  if (request.kind === "verdict") return makeVerdict(request, summarise);
  const forms = request.secrets.map(({ name, value }) => ({ name, bytes: secretForms(value) }));
  return { ok: true, kind: "changes", ...await collectChanges(request, forms) };
}

// src/collector.ts
await collector(summary);
