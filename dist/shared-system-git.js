const { dirname } = process.getBuiltinModule("node:path");
import {
  CLEAN_ENV,
  execBytes
} from "./shared-system-exec.js";

// src/system/git.ts
var HARDENED = [
  ["core.fsmonitor", "false"],
  ["core.hooksPath", "/dev/null"],
  ["core.attributesFile", "/dev/null"],
  ["core.sshCommand", "false"],
  ["protocol.allow", "never"],
  ["credential.helper", ""],
  ["safe.directory", "*"],
  ["gc.auto", "0"]
].flatMap(([name, value]) => ["-c", `${name}=${value}`]);
var TIMEOUT = 1e4;
function git(directory, args, options = {}) {
  const env = {
    ...CLEAN_ENV,
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CEILING_DIRECTORIES: dirname(directory),
    // a repository around it is not the one that is meant
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_LAZY_FETCH: "1",
    ...options.env
  };
  return execBytes(["git", ...HARDENED, ...args], { timeout: TIMEOUT, ...options, env, cwd: directory });
}
async function withoutFilters(directory) {
  const { stdout } = await git(directory, ["config", "--name-only", "--get-regexp", "^filter\\..*\\.(clean|smudge|process|required)$"]);
  const names = new Set(
    stdout.toString().split("\n").filter((name) => name !== "")
  );
  if ([...names].some((name) => name.includes("="))) return null;
  return [...names].flatMap((name) => ["-c", `${name}=${name.endsWith(".required") ? "false" : ""}`]);
}
async function baseOf(workspace) {
  const emptied = await withoutFilters(workspace);
  const look = emptied === null ? ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"] : [...emptied, ...STATUS];
  const status = await git(workspace, look);
  const said = status.stdout.toString();
  const commit = /^(?:# branch\.oid )?([0-9a-f]{40}|[0-9a-f]{64})$/m.exec(said)?.[1];
  if (commit === void 0) return null;
  return { commit, dirty: emptied === null || status.code !== 0 || /^[^#]/m.test(said) };
}
var STATUS = ["status", "--porcelain=v2", "--branch", "--untracked-files=no", "--ignore-submodules=dirty", "--no-renames"];

export {
  git,
  withoutFilters,
  baseOf
};
