const { once } = process.getBuiltinModule("node:events");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
const { setTimeout: sleep4 } = process.getBuiltinModule("node:timers/promises");
const { readFile } = process.getBuiltinModule("node:fs/promises");
const { setTimeout: sleep3 } = process.getBuiltinModule("node:timers/promises");
const { createHash } = process.getBuiltinModule("node:crypto");
const { setTimeout: sleep2 } = process.getBuiltinModule("node:timers/promises");
const { constants } = process.getBuiltinModule("node:fs");
const { open } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
import {
  uploadRecord
} from "./shared-action-artifacts.js";
import {
  OBJECT_ID,
  get
} from "./shared-action-event.js";
import {
  inlineCode
} from "./shared-report-markdown.js";
import {
  withRemedy
} from "./shared-cli-problem.js";
import {
  inputVariable,
  variable
} from "./shared-action-environment.js";
import {
  EXIT
} from "./shared-model-outcome.js";

// src/action/cancel.ts
var UNTIL_SIGTERM = 7500;
var NEVER = { signal: new AbortController().signal, left: () => Infinity };
async function outOfTime(cancel, stop) {
  if (!cancel.signal.aborted) await once(cancel.signal, "abort", { signal: stop });
  await sleep(cancel.left(), void 0, { signal: stop });
}
function watchSignals(exit) {
  const controller = new AbortController();
  let since = null;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(name, () => {
      if (since !== null) return exit(130);
      since = performance.now();
      controller.abort(new Error(name));
    });
  }
  return {
    signal: controller.signal,
    left: () => since === null ? Infinity : Math.max(0, since + UNTIL_SIGTERM - 500 - performance.now())
  };
}

// src/action/conclude.ts

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

// src/action/github.ts
var PATIENCE = 15e3;
var BACKOFF = [1e3, 4e3];
var LARGEST = 64 << 20;
var PAGES = 26;
var GitHubError = class extends Error {
  remedy;
  /** It may work when it is asked again. */
  passing;
  constructor(message, remedy = "", passing = false) {
    super(message);
    this.remedy = remedy;
    this.passing = passing;
  }
};
var FIND = `query Find($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      id
      comments(first: 100, after: $after) {
        nodes { id viewerDidAuthor body }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;
var CREATE = `mutation Create($subject: ID!, $body: String!) {
  addComment(input: { subjectId: $subject, body: $body }) { commentEdge { node { url } } }
}`;
var UPDATE = `mutation Update($id: ID!, $body: String!) {
  updateIssueComment(input: { id: $id, body: $body }) { issueComment { url } }
}`;
var GitHub = class {
  #url;
  #token;
  constructor(url, token) {
    this.#url = url;
    this.#token = token;
  }
  /** The oldest comment by the token's own user whose text begins with `mark`: what others write is no mark. Throws GitHubError. */
  async find(repository, number, mark) {
    const [owner = "", name = ""] = repository.split("/");
    let after = null;
    for (let page = 0; page < PAGES; page += 1) {
      const answer = await this.#again(FIND, { owner, name, number, after });
      const pull = get(answer, ["repository", "pullRequest"]);
      const [id, nodes] = [get(pull, ["id"]), get(pull, ["comments", "nodes"])];
      if (typeof id !== "string" || !Array.isArray(nodes)) throw new GitHubError(`there is no pull request ${number}`, WRITE);
      const ours = nodes.find((node) => get(node, ["viewerDidAuthor"]) === true && String(get(node, ["body"])).startsWith(mark));
      if (ours !== void 0) return { pull: id, comment: String(get(ours, ["id"])) };
      if (get(pull, ["comments", "pageInfo", "hasNextPage"]) !== true) return { pull: id, comment: null };
      after = String(get(pull, ["comments", "pageInfo", "endCursor"]));
    }
    throw new GitHubError("it has more comments than are looked through");
  }
  /** Returns the comment's address. Asked once: an answer that was lost would make two of it. Throws GitHubError. */
  async create(pull, body) {
    return String(get(await this.#ask(CREATE, { subject: pull, body }), ["addComment", "commentEdge", "node", "url"]));
  }
  async update(comment2, body) {
    return String(get(await this.#again(UPDATE, { id: comment2, body }), ["updateIssueComment", "issueComment", "url"]));
  }
  async #again(query, variables) {
    for (const wait of BACKOFF) {
      try {
        return await this.#ask(query, variables);
      } catch (error) {
        if (!(error instanceof GitHubError && error.passing)) throw error;
        await sleep2(wait);
      }
    }
    return await this.#ask(query, variables);
  }
  /** The `data` of an answer without errors. */
  async #ask(query, variables) {
    const { status, text } = await this.#post(JSON.stringify({ query, variables }));
    const answer = parse(text);
    if (status !== 200) throw refusal(status, get(answer, ["message"]));
    const errors = get(answer, ["errors"]);
    if (Array.isArray(errors) && errors.length > 0) throw refusal(String(get(errors[0], ["type"])), get(errors[0], ["message"]));
    return get(answer, ["data"]);
  }
  async #post(body) {
    const { HttpClient } = await import("./lib.js");
    const client = new HttpClient("agent-jail", [], { socketTimeout: PATIENCE, allowRedirects: false, allowRetries: false });
    const headers = { authorization: `Bearer ${this.#token}`, "content-type": "application/json" };
    try {
      const { message } = await client.post(this.#url, body, headers);
      const pieces = [];
      let size = 0;
      for await (const piece of message) {
        size += piece.length;
        if (size > LARGEST) throw new Error("the answer is too large");
        pieces.push(piece);
      }
      return { status: message.statusCode ?? 0, text: Buffer.concat(pieces).toString() };
    } catch (error) {
      throw new GitHubError(`GitHub could not be asked: ${error instanceof Error ? error.message : String(error)}`, "", true);
    } finally {
      client.dispose();
    }
  }
};
var WRITE = "the job needs `permissions: pull-requests: write`; a run for the pull request of a fork never has that";
var REMEDIES = {
  401: "`github-token` is not valid",
  403: WRITE,
  404: WRITE,
  FORBIDDEN: WRITE,
  NOT_FOUND: WRITE
};
function refusal(why, message) {
  const said = typeof message === "string" && message !== "" ? `: ${message.slice(0, 200)}` : "";
  const limited = /rate limit/i.test(said);
  return new GitHubError(`GitHub answered ${why}${said}`, limited ? "" : REMEDIES[why] ?? "", typeof why === "number" && why >= 500);
}
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
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
var PATIENCE2 = 9e4;
function commentToken(env) {
  const given = (name) => (env[inputVariable(name)] ?? "").trim();
  return given("comment") === "true" ? given("github-token") : null;
}
async function comment(env, token, artifact, text, say, cancel) {
  const waiting = new AbortController();
  const late = async () => {
    await Promise.race([outOfTime(cancel, waiting.signal), sleep3(PATIENCE2, void 0, { signal: waiting.signal })]);
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

// src/action/summary.ts
var MOST2 = 128 * 1024;
async function summaryText(record, because, upload) {
  const body = await readSummary(record) ?? `### agent-jail

There is no summary of this run: ${inlineCode(because)}.`;
  return `${[body.trimEnd(), ...uploadLines(upload)].join("\n\n")}
`;
}
async function writeSummary(env, text) {
  if (variable(env, "GITHUB_STEP_SUMMARY") === "") return;
  const core = await import("./core.js");
  await core.summary.addRaw(text).write();
}
async function readSummary(record) {
  const file = await open(join(record, "summary.md"), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (file === null) return null;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST2), 0, MOST2, 0);
    if (bytesRead === MOST2) return null;
    return buffer.toString("utf8", 0, bytesRead);
  } catch {
    return null;
  } finally {
    await file.close();
  }
}
function uploadLines(upload) {
  if (upload === null) return [];
  if (upload === "failed") return ["**The record could not be uploaded.**"];
  const left = upload.leftOut.map((file) => `- left out of the upload (max-upload): \`${file.name}\`, ${file.size} bytes`);
  return [`The record is in the artifact [${inlineCode(upload.name)}](${upload.url}), sha256 \`${upload.digest}\`.`, left.join("\n")];
}

// src/action/conclude.ts
function exitCode(outcome, onReview) {
  return outcome === "needs-review" && onReview === "pass" ? 0 : EXIT[outcome];
}
function wantsUpload(when, outcome) {
  return when === "always" || when === "failure" && outcome !== "succeeded";
}
async function conclude(state, env, result, say, cancel) {
  let { outcome, because } = result;
  let uploaded = null;
  let failed = false;
  if (wantsUpload(state.upload.when, outcome)) {
    const waiting = new AbortController();
    try {
      const late = outOfTime(cancel, waiting.signal).then(() => "late");
      const upload = await Promise.race([uploadRecord(state, env, say), late, stalled(waiting.signal)]);
      if (upload === "late") return { outcome, because, uploaded, finished: false };
      uploaded = upload;
    } catch (error) {
      failed = true;
      say(`${UPLOAD_FAILED}: ${error instanceof Error ? error.message : String(error)}`);
      if (EXIT[outcome] !== EXIT.cancelled) {
        outcome = "jail-error";
        because = UPLOAD_FAILED;
      }
    } finally {
      waiting.abort();
    }
  }
  const text = await summaryText(state.record, because, failed ? "failed" : uploaded);
  await writeSummary(env, text).catch((error) => say(`no job summary: ${String(error)}`));
  const token = commentToken(env);
  if (token !== null) await comment(env, token, state.upload.name, text, say, cancel);
  return { outcome, because, uploaded, finished: true };
}
async function stalled(stop) {
  await sleep4(15 * 6e4, void 0, { signal: stop });
  throw new Error("the artifact service did not answer for 15 minutes");
}
var UPLOAD_FAILED = "the record could not be uploaded";

// src/action/state.ts
var KEYS = { run: "agent-jail-run", finished: "agent-jail-finished" };
async function saveState(state) {
  const core = await import("./core.js");
  core.saveState(KEYS.run, JSON.stringify(state));
}
async function forgetState() {
  const core = await import("./core.js");
  core.saveState(KEYS.run, "");
}
async function saveFinished() {
  const core = await import("./core.js");
  core.saveState(KEYS.finished, "true");
}
function loadState(env) {
  const text = env[`STATE_${KEYS.run}`] ?? "";
  if (text === "") return null;
  return { ...JSON.parse(text), finished: env[`STATE_${KEYS.finished}`] === "true" };
}

export {
  NEVER,
  watchSignals,
  exitCode,
  conclude,
  saveState,
  forgetState,
  saveFinished,
  loadState
};
