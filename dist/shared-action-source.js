const { constants } = process.getBuiltinModule("node:fs");
const { lstat, open, readFile } = process.getBuiltinModule("node:fs/promises");
const { dirname, join, posix, relative } = process.getBuiltinModule("node:path");
import {
  HERE
} from "./shared-system-platform.js";
import {
  OBJECT_ID,
  decideSource
} from "./shared-action-event.js";
import {
  CLEAN_ENV,
  execBytes
} from "./shared-system-exec.js";
import {
  variable
} from "./shared-action-environment.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/action/source.ts
var MAX_BYTES = 1 << 20;
async function readPolicySource(inputs, env, input = "policy-file") {
  const workspace = HERE.slashed(variable(env, "GITHUB_WORKSPACE"));
  const file = insideWorkspace(inputs.policyFile, workspace, input);
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
  const bytes = await readBlob(repository, commit, HERE.slashed(relative(repository, join(workspace, file))), file);
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
  throw wrong(
    `the policy comes from the workspace, which this event does not make trustworthy, and asks for ${wanted.join(", ")}`,
    "Use `policy-source: base`, or take secrets, services and network out of the policy."
  );
}
function insideWorkspace(input, workspace, name, here = HERE) {
  const [top, path] = [here.toJail(workspace) ?? workspace, here.toJail(input) ?? here.slashed(input)];
  const file = posix.isAbsolute(path) ? posix.relative(top, path) : posix.normalize(path);
  if (file === "" || file === "." || file.split("/").includes("..") || file.includes("\0") || file.endsWith("/")) {
    throw wrong(`${name} ${JSON.stringify(input)} is not a file of the workspace`, "Give a path relative to the workspace.");
  }
  return file;
}
async function readPayload(path) {
  try {
    return path === "" ? null : JSON.parse(await readFile(path, "utf8"));
  } catch {
    throw wrong("the event of this run cannot be read (GITHUB_EVENT_PATH)", "Give the policy inline, by the input `policy`.");
  }
}
async function findRepository(workspace, file) {
  const parts = dirname(file).split("/");
  for (let depth = 0; depth <= parts.length; depth++) {
    const directory = join(workspace, ...parts.slice(0, depth));
    if (await lstat(join(directory, ".git")).then(Boolean, () => false)) return directory;
  }
  throw wrong("the workspace is not a git repository, so the policy cannot be read at its base", "Run actions/checkout before this step.");
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
    throw wrong(
      `the base commit ${commit} is not in this clone, so ${file} cannot be read at it`,
      "Give actions/checkout `fetch-depth: 2` (or 0), or fetch this commit before this step."
    );
  }
  const listing = await git(repository, "ls-tree", "-z", "--full-tree", commit, "--", path) ?? Buffer.alloc(0);
  const wanted = Buffer.from(`	${path}`);
  const entry = listing.toString("latin1").split("\0").find((line) => line.endsWith(wanted.toString("latin1")));
  const [, mode = "", id = ""] = /^(\d{6}) [a-z]+ ([0-9a-f]+)\t/.exec(entry ?? "") ?? [];
  if (!OBJECT_ID.test(id)) throw wrong(`${file} is not there at the base commit ${commit}`, "Commit it to the base branch first.");
  if (mode !== "100644" && mode !== "100755") {
    const kind = mode === "120000" ? "a link" : mode === "160000" ? "a submodule" : "a directory";
    throw wrong(`${file} is ${kind} at the base commit ${commit}`, "A policy is a plain file.");
  }
  const size = Number((await git(repository, "cat-file", "-s", id))?.toString() ?? Number.NaN);
  if (size > MAX_BYTES) throw tooLarge(file);
  const bytes = Number.isNaN(size) ? null : await git(repository, "cat-file", "blob", id);
  if (bytes === null) throw wrong(`${file} cannot be read at the base commit ${commit}`, "Is the clone complete?");
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
  if (result.missing) throw wrong("git is not there", "Install git on this runner; it is looked for in the system directories.");
  return result.code === 0 ? result.stdout : null;
}
async function readInside(workspace, file) {
  let path = workspace;
  for (const part of file.split("/")) {
    path = join(path, part);
    const stats = await lstat(path).catch(() => null);
    if (stats === null) throw wrong(`${file} is not there in the workspace`, "Is the repository checked out?");
    if (stats.isSymbolicLink())
      throw wrong(`${relative(workspace, path)} is a link`, "A policy is read only where no part of its path is a link.");
  }
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw wrong(`${file} is not a plain file`, "A policy is a plain file.");
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
    throw wrong(`${file} is not UTF-8`, "Save it as UTF-8.");
  }
}
function tooLarge(file) {
  return wrong(`${file} is larger than 1 MiB`, "Nothing this long is read; is it the right file?");
}
function wrong(message, remedy) {
  return new UserError([{ message, remedy, place: null }]);
}

export {
  readPolicySource,
  refuseUntrusted,
  insideWorkspace
};
