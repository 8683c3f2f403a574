const { constants } = process.getBuiltinModule("node:fs");
const { lstat, open, readFile } = process.getBuiltinModule("node:fs/promises");
const { dirname, join, posix, relative } = process.getBuiltinModule("node:path");
import {
  variable
} from "./shared-action-environment.js";
import {
  CLEAN_ENV,
  execBytes
} from "./shared-system-exec.js";
import {
  UserError
} from "./shared-model-errors.js";
import "./shared-runtime.js";

// src/action/source.ts

// src/action/event.ts
var OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
var ABOUT_A_MERGE = ["pull_request", "pull_request_review", "pull_request_review_comment"];
var AT_A_BRANCH = [
  "branch_protection_rule",
  "check_run",
  "check_suite",
  "create",
  "delete",
  "discussion",
  "discussion_comment",
  "fork",
  "gollum",
  "issue_comment",
  "issues",
  "label",
  "milestone",
  "page_build",
  "public",
  "pull_request_target",
  "push",
  "registry_package",
  "release",
  "repository_dispatch",
  "schedule",
  "status",
  "watch",
  "workflow_dispatch",
  "workflow_run"
];
var ABOUT_A_HEAD = ["check_run", "check_suite", "pull_request_target", "status"];
var TRUSTED_RUNS = ["push", "schedule", "workflow_dispatch"];
function decideSource(event, wish, file) {
  const trustedHead = headTrusted(event);
  if (wish === "workspace") return { kind: "workspace", file, trustedHead };
  const { name, payload, sha, ref } = event;
  if (ABOUT_A_MERGE.includes(name)) {
    const commit = id(event, ["pull_request", "base", "sha"]);
    const head = id(event, ["pull_request", "head", "sha"]);
    const branch = text(payload, ["pull_request", "base", "ref"]);
    return { kind: "base", ref: `refs/heads/${branch}`, commit, merge: OBJECT_ID.test(sha) ? { commit: sha, head } : null, trustedHead };
  }
  if (name === "merge_group") {
    const commit = id(event, ["merge_group", "base_sha"]);
    return { kind: "base", ref: text(payload, ["merge_group", "base_ref"]), commit, merge: null, trustedHead };
  }
  if (!AT_A_BRANCH.includes(name)) {
    const what = name === "" ? "this run has no event" : `the event ${JSON.stringify(name)} has no base that is known`;
    throw wrong(
      `${what}, so ${file} cannot be read at one`,
      "Give the policy inline, by the input `policy`, or ask for `policy-source: workspace`."
    );
  }
  if (!OBJECT_ID.test(sha)) throw wrong("GITHUB_SHA is not a commit, so there is no base to read the policy at", "Give the policy inline.");
  return { kind: "base", ref, commit: sha, merge: null, trustedHead };
}
function headTrusted({ name, payload }) {
  if (!AT_A_BRANCH.includes(name) || ABOUT_A_HEAD.includes(name)) return false;
  if (name === "issue_comment")
    return get(payload, ["issue", "number"]) !== void 0 && get(payload, ["issue", "pull_request"]) === void 0;
  if (name === "workflow_run") {
    const [own, head] = [text(payload, ["repository", "full_name"]), text(payload, ["workflow_run", "head_repository", "full_name"])];
    return own !== "" && own === head && TRUSTED_RUNS.includes(text(payload, ["workflow_run", "event"]));
  }
  return true;
}
function id({ name, payload }, path) {
  const found = text(payload, path);
  if (OBJECT_ID.test(found)) return found;
  throw wrong(`the event ${name} does not say its base: ${path.join(".")} is missing`, "Give the policy inline, by the input `policy`.");
}
function text(payload, path) {
  const found = get(payload, path);
  return typeof found === "string" ? found : "";
}
function get(payload, path) {
  return path.reduce(
    (node, key) => typeof node === "object" && node !== null ? node[key] : void 0,
    payload
  );
}
function wrong(message, remedy) {
  return new UserError([{ message, remedy, place: null }]);
}

// src/action/source.ts
var MAX_BYTES = 1 << 20;
async function readPolicySource(inputs, env) {
  const workspace = variable(env, "GITHUB_WORKSPACE");
  const file = insideWorkspace(inputs.policyFile, workspace);
  const event = {
    name: variable(env, "GITHUB_EVENT_NAME"),
    payload: await readPayload(variable(env, "GITHUB_EVENT_PATH")),
    sha: variable(env, "GITHUB_SHA"),
    ref: variable(env, "GITHUB_REF")
  };
  const decision = decideSource(event, inputs.policySource, file);
  const { trustedHead } = decision;
  if (decision.kind === "workspace") {
    return { text: decode(await readInside(workspace, file), file), file, source: { kind: "workspace", file }, trustedHead };
  }
  const repository = await findRepository(workspace, file);
  const commit = await baseCommit(repository, decision);
  const bytes = await readBlob(repository, commit, relative(repository, join(workspace, file)), file);
  return { text: decode(bytes, file), file, source: { kind: "base", file, ref: decision.ref, commit }, trustedHead };
}
function refuseUntrusted(policy, trustedHead) {
  if (trustedHead) return;
  const asks = (rules) => [
    ...rules.secrets.map(({ name }) => `the secret ${name}`),
    ...rules.network.services.map(({ name }) => `the service ${name}`),
    ...rules.network.allow.map(({ pattern }) => `the host ${pattern}`),
    ...rules.network.mode === "observe" ? ["every host"] : []
  ];
  const wanted = [.../* @__PURE__ */ new Set([...asks(policy.agent), ...asks(policy.setup)])];
  if (wanted.length === 0) return;
  throw wrong2(
    `the policy comes from the workspace, which this event does not make trustworthy, and asks for ${wanted.join(", ")}`,
    "Use `policy-source: base`, or take secrets, services and network out of the policy."
  );
}
function insideWorkspace(input, workspace) {
  const file = posix.isAbsolute(input) ? posix.relative(workspace, input) : posix.normalize(input);
  if (file === "" || file === "." || file.split("/").includes("..") || file.includes("\0") || file.endsWith("/")) {
    throw wrong2(`policy-file ${JSON.stringify(input)} is not a file of the workspace`, "Give a path relative to the workspace.");
  }
  return file;
}
async function readPayload(path) {
  try {
    return path === "" ? null : JSON.parse(await readFile(path, "utf8"));
  } catch {
    throw wrong2("the event of this run cannot be read (GITHUB_EVENT_PATH)", "Give the policy inline, by the input `policy`.");
  }
}
async function findRepository(workspace, file) {
  const parts = dirname(file).split("/");
  for (let depth = 0; depth <= parts.length; depth++) {
    const directory = join(workspace, ...parts.slice(0, depth));
    if (await lstat(join(directory, ".git")).then(Boolean, () => false)) return directory;
  }
  throw wrong2("the workspace is not a git repository, so the policy cannot be read at its base", "Run actions/checkout before this step.");
}
async function baseCommit(repository, { commit, merge }) {
  if (merge !== null) {
    const [first, second, ...more] = parents(await git(repository, "cat-file", "commit", merge.commit));
    if (first !== void 0 && second === merge.head && more.length === 0) return first;
  }
  return commit;
}
function parents(commit) {
  const [header = ""] = (commit ?? Buffer.alloc(0)).toString("latin1").split("\n\n", 1);
  return header.split("\n").flatMap((line) => line.startsWith("parent ") ? [line.slice("parent ".length)] : []);
}
async function readBlob(repository, commit, path, file) {
  if (await git(repository, "cat-file", "commit", commit) === null) {
    throw wrong2(
      `the base commit ${commit} is not in this clone, so ${file} cannot be read at it`,
      "Give actions/checkout `fetch-depth: 2` (or 0), or fetch this commit before this step."
    );
  }
  const listing = await git(repository, "ls-tree", "-z", "--full-tree", commit, "--", path) ?? Buffer.alloc(0);
  const wanted = Buffer.from(`	${path}`);
  const entry = listing.toString("latin1").split("\0").find((line) => line.endsWith(wanted.toString("latin1")));
  const [, mode = "", id2 = ""] = /^(\d{6}) [a-z]+ ([0-9a-f]+)\t/.exec(entry ?? "") ?? [];
  if (!OBJECT_ID.test(id2)) throw wrong2(`${file} is not there at the base commit ${commit}`, "Commit it to the base branch first.");
  if (mode !== "100644" && mode !== "100755") {
    const kind = mode === "120000" ? "a link" : mode === "160000" ? "a submodule" : "a directory";
    throw wrong2(`${file} is ${kind} at the base commit ${commit}`, "A policy is a plain file.");
  }
  const size = Number((await git(repository, "cat-file", "-s", id2))?.toString() ?? Number.NaN);
  if (size > MAX_BYTES) throw tooLarge(file);
  const bytes = Number.isNaN(size) ? null : await git(repository, "cat-file", "blob", id2);
  if (bytes === null) throw wrong2(`${file} cannot be read at the base commit ${commit}`, "Is the clone complete?");
  return bytes;
}
async function git(repository, ...args) {
  const settings = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "safe.directory=*",
    "safe.bareRepository=explicit",
    "protocol.allow=never"
  ];
  const result = await execBytes(
    ["git", "--no-replace-objects", ...settings.flatMap((setting) => ["-c", setting]), "-C", repository, ...args],
    {
      env: {
        ...CLEAN_ENV,
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_CEILING_DIRECTORIES: dirname(repository),
        GIT_ALLOW_PROTOCOL: "none",
        GIT_NO_LAZY_FETCH: "1",
        GIT_OPTIONAL_LOCKS: "0",
        GIT_TERMINAL_PROMPT: "0"
      },
      maxBuffer: 4 * MAX_BYTES,
      timeout: 3e4
    }
  );
  if (result.missing) throw wrong2("git is not there", "Install git on this runner; it is looked for in the system directories.");
  return result.code === 0 ? result.stdout : null;
}
async function readInside(workspace, file) {
  let path = workspace;
  for (const part of file.split("/")) {
    path = join(path, part);
    const stats = await lstat(path).catch(() => null);
    if (stats === null) throw wrong2(`${file} is not there in the workspace`, "Is the repository checked out?");
    if (stats.isSymbolicLink())
      throw wrong2(`${relative(workspace, path)} is a link`, "A policy is read only where no part of its path is a link.");
  }
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw wrong2(`${file} is not a plain file`, "A policy is a plain file.");
    if (stats.size > MAX_BYTES) throw tooLarge(file);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
function decode(bytes, file) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw wrong2(`${file} is not UTF-8`, "Save it as UTF-8.");
  }
}
function tooLarge(file) {
  return wrong2(`${file} is larger than 1 MiB`, "Nothing this long is read; is it the right file?");
}
function wrong2(message, remedy) {
  return new UserError([{ message, remedy, place: null }]);
}
export {
  readPolicySource,
  refuseUntrusted
};
