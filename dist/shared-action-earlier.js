const { basename } = process.getBuiltinModule("node:path");
import {
  resultsFile
} from "./shared-cli-suite-args.js";
import {
  oneLine
} from "./shared-action-log.js";
import {
  variable
} from "./shared-action-environment.js";

// src/action/earlier.ts
function earlierWish(text) {
  if (text === "none") return "none";
  const [, last] = /^last-([1-9]\d?)$/.exec(text) ?? [];
  if (last !== void 0) return { last: Number(last) };
  if (/^[1-9]\d{0,19}$/.test(text)) return { run: text };
  const files = text.split(/[\n,]/).map((one) => one.trim()).filter((one) => one !== "");
  return files.length > 0 && files.every((one) => /[./]/.test(one)) ? { files } : null;
}
var asksGitHub = (wish) => wish !== "none" && !("files" in wish);
async function earlierResults({ wish, artifact, workflow, branch, token }, suite, directory, env) {
  if (wish === "none") return { found: [], refused: [] };
  if ("files" in wish) {
    const cwd = variable(env, "GITHUB_WORKSPACE");
    return { found: wish.files.map((name) => ({ name, path: resultsFile(name, { cwd }) })), refused: [] };
  }
  const { fetchBaselines } = await import("./baseline.js");
  return fetchBaselines({
    api: variable(env, "GITHUB_API_URL") || "https://api.github.com",
    token,
    repository: variable(env, "GITHUB_REPOSITORY"),
    // owner/name/.github/workflows/nightly.yml@refs/heads/main
    workflow: workflow ?? basename(variable(env, "GITHUB_WORKFLOW_REF").split("@")[0] ?? ""),
    branch,
    run: variable(env, "GITHUB_RUN_ID"),
    from: wish,
    artifact: artifact ?? `agent-jail-results-${suite}`,
    directory
  });
}

// src/action/suite-io.ts
async function spoken(env, command) {
  const core = await import("./core.js");
  let out = "";
  const io = {
    out: (text) => void (out += text),
    err: (text) => {
      for (const line of text.split("\n")) if (line !== "") core.info(oneLine(line));
    },
    env,
    cwd: variable(env, "GITHUB_WORKSPACE"),
    terminal: false,
    live: false,
    colours: false
  };
  const code = await command(io);
  return { code, out };
}

export {
  earlierWish,
  asksGitHub,
  earlierResults,
  spoken
};
