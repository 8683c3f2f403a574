const { readFile } = process.getBuiltinModule("node:fs/promises");
// src/run/origin.ts
async function originOf(env) {
  const { GITHUB_SERVER_URL: server = "", GITHUB_REPOSITORY: repository = "", GITHUB_RUN_ID: run = "" } = env;
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^\d{1,20}$/.test(run)) return null;
  const event = await payload(env["GITHUB_EVENT_PATH"] ?? "");
  return { server: server || "https://github.com", repository, run, head: headOf(event, repository) };
}
function headOf(event, repository) {
  const pull = get(event, "pull_request");
  if (pull !== void 0) return name(get(get(pull, "head"), "repo"));
  const run = get(event, "workflow_run");
  return run === void 0 ? repository : name(get(run, "head_repository"));
}
function name(repository) {
  const found = get(repository, "full_name");
  return typeof found === "string" ? found : null;
}
function get(value, key) {
  return typeof value === "object" && value !== null ? value[key] : void 0;
}
async function payload(path) {
  try {
    return path === "" ? null : JSON.parse(await readFile(path, "utf8"));
  } catch {
    return { pull_request: null };
  }
}

export {
  originOf
};
