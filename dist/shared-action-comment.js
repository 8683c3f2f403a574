const { readFile } = process.getBuiltinModule("node:fs/promises");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
const { createHash } = process.getBuiltinModule("node:crypto");
import {
  GitHub,
  GitHubError
} from "./shared-action-github.js";
import {
  OBJECT_ID,
  get
} from "./shared-action-event.js";
import {
  outOfTime
} from "./shared-action-cancel.js";
import {
  inputVariable,
  variable
} from "./shared-action-environment.js";
import {
  withRemedy
} from "./shared-cli-problem.js";

// src/action/comment.ts

// src/action/comment-body.ts
var MOST = 65536;
var NOTE = 100;
function marker({ workflow, job, step, artifact, attempt }) {
  const name = artifact.replaceAll("{id}", "").replace(new RegExp(`-${attempt.replace(/\D/g, "")}-?$`), "");
  const key = createHash("sha256").update(JSON.stringify([workflow, job, step, name])).digest("hex");
  return `<!-- agent-jail comment ${key} -->`;
}
function commentBody(mark, text, last) {
  const room = MOST - mark.length - last.length - 4;
  return [mark, cut(text.trimEnd(), room), last].join("\n\n");
}
function cut(text, most) {
  if (text.length <= most) return text;
  const lines = text.split("\n");
  let left = most - NOTE;
  const kept = lines.slice(
    0,
    lines.findIndex((line) => (left -= line.length + 1) < 0)
  );
  return [...kept, "", `${lines.length - kept.length} more lines are left out here; the job's summary has them.`].join("\n");
}

// src/action/pull-request.ts
function pullRequestOf(name, payload2) {
  if (name === "workflow_run") return ofRun(payload2);
  const pull = get(payload2, ["pull_request"]);
  if (pull !== void 0) return from(pull);
  return get(payload2, ["issue", "pull_request"]) === void 0 ? null : from(get(payload2, ["issue"]));
}
function ofRun(payload2) {
  const listed = get(payload2, ["workflow_run", "pull_requests"]);
  const own = get(payload2, ["repository", "id"]);
  const here = Array.isArray(listed) ? listed.filter((pull) => own !== void 0 && get(pull, ["base", "repo", "id"]) === own) : [];
  return here.length === 1 ? from(here[0]) : null;
}
function from(pull) {
  const [number, head] = [get(pull, ["number"]), get(pull, ["head", "sha"])];
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 1) return null;
  return { number, head: typeof head === "string" && OBJECT_ID.test(head) ? head : null };
}

// src/action/comment.ts
var PATIENCE = 9e4;
function commentToken(env) {
  const given = (name) => (env[inputVariable(name)] ?? "").trim();
  return given("comment") === "true" ? given("github-token") : null;
}
async function comment(env, token, artifact, text, say, cancel) {
  const waiting = new AbortController();
  const late = async () => {
    await Promise.race([outOfTime(cancel, waiting.signal), sleep(PATIENCE, void 0, { signal: waiting.signal })]);
    throw new GitHubError("there was no time left for it");
  };
  try {
    say(`comment ${await Promise.race([write(env, token, artifact, text), late()])}`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    say(`no comment on the pull request: ${withRemedy(message, error instanceof GitHubError ? error.remedy : "")}`);
  } finally {
    waiting.abort();
  }
}
async function write(env, token, artifact, text) {
  const pull = pullRequestOf(variable(env, "GITHUB_EVENT_NAME"), await payload(variable(env, "GITHUB_EVENT_PATH")));
  if (pull === null)
    throw new GitHubError(`the event ${variable(env, "GITHUB_EVENT_NAME")} is not about one; the job's summary has the text`);
  const mark = marker({
    workflow: variable(env, "GITHUB_WORKFLOW"),
    job: variable(env, "GITHUB_JOB"),
    step: variable(env, "GITHUB_ACTION"),
    artifact,
    attempt: variable(env, "GITHUB_RUN_ATTEMPT")
  });
  const body = commentBody(mark, text, lastLine(env, pull));
  const github = new GitHub(variable(env, "GITHUB_GRAPHQL_URL") || "https://api.github.com/graphql", token);
  const found = await github.find(variable(env, "GITHUB_REPOSITORY"), pull.number, mark);
  return found.comment === null ? await github.create(found.pull, body) : await github.update(found.comment, body);
}
function lastLine(env, { head }) {
  const [run, attempt] = [variable(env, "GITHUB_RUN_ID"), variable(env, "GITHUB_RUN_ATTEMPT")];
  const server = variable(env, "GITHUB_SERVER_URL") || "https://github.com";
  const address = `${server}/${variable(env, "GITHUB_REPOSITORY")}/actions/runs/${run}/attempts/${attempt}`;
  return `[Run ${run}, attempt ${attempt}](${address})${head === null ? "" : `, for \`${head}\``}.`;
}
async function payload(path) {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return null;
  }
}

export {
  commentToken,
  comment
};
