const { lstat } = process.getBuiltinModule("node:fs/promises");
const { setTimeout: sleep2 } = process.getBuiltinModule("node:timers/promises");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
import {
  comment,
  commentToken
} from "./shared-action-comment.js";
import "./shared-action-github.js";
import "./shared-action-event.js";
import {
  summaryText,
  writeSummary
} from "./shared-action-summary.js";
import {
  uploadRecord
} from "./shared-action-artifacts.js";
import "./shared-report-markdown.js";
import {
  NEVER,
  outOfTime
} from "./shared-action-cancel.js";
import "./shared-model-record.js";
import "./shared-record-display.js";
import {
  oneLine
} from "./shared-action-log.js";
import "./shared-cli-figures.js";
import "./shared-cli-format.js";
import "./shared-transcript-escapes.js";
import "./shared-action-environment.js";
import "./shared-cli-problem.js";
import "./shared-model-errors.js";
import {
  EXIT
} from "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/action/post.ts

// src/action/conclude.ts
function wantsUpload(when, outcome) {
  return when === "always" || when === "failure" && outcome !== "succeeded";
}
async function conclude(state, env, result, say2, cancel) {
  let { outcome, because } = result;
  let uploaded = null;
  let failed = false;
  if (wantsUpload(state.upload.when, outcome)) {
    const waiting = new AbortController();
    try {
      const late = outOfTime(cancel, waiting.signal).then(() => "late");
      const upload = await Promise.race([uploadRecord(state, env, say2), late, stalled(waiting.signal)]);
      if (upload === "late") return { outcome, because, uploaded, finished: false };
      uploaded = upload;
    } catch (error) {
      failed = true;
      say2(`${UPLOAD_FAILED}: ${error instanceof Error ? error.message : String(error)}`);
      if (EXIT[outcome] !== EXIT.cancelled) {
        outcome = "jail-error";
        because = UPLOAD_FAILED;
      }
    } finally {
      waiting.abort();
    }
  }
  const text = await summaryText(state.record, because, failed ? "failed" : uploaded);
  await writeSummary(env, text).catch((error) => say2(`no job summary: ${String(error)}`));
  const token = commentToken(env);
  if (token !== null) await comment(env, token, state.upload.name, text, say2, cancel);
  return { outcome, because, uploaded, finished: true };
}
async function stalled(stop) {
  await sleep(15 * 6e4, void 0, { signal: stop });
  throw new Error("the artifact service did not answer for 15 minutes");
}
var UPLOAD_FAILED = "the record could not be uploaded";

// src/action/state.ts
var KEYS = { run: "agent-jail-run", finished: "agent-jail-finished" };
function loadState(env) {
  const text = env[`STATE_${KEYS.run}`] ?? "";
  if (text === "") return null;
  return { ...JSON.parse(text), finished: env[`STATE_${KEYS.finished}`] === "true" };
}

// src/action/post.ts
var PATIENCE = 6e4;
async function post(env) {
  const core = await import("./core.js");
  try {
    const state = loadState(env);
    if (state === null) return;
    await takeDown(state);
    if (!state.finished && await exists(state.record)) await finishRecord(state, env);
  } catch (error) {
    core.warning(`clean-up: ${error instanceof Error ? error.message : String(error)}`, { title: "agent-jail" });
  }
}
async function takeDown(state) {
  const { sweep } = await import("./client.js");
  const until = performance.now() + PATIENCE;
  for (; ; ) {
    const { removed, live, left } = await sweep(state.id);
    for (const what of removed) say(`removed ${what}`);
    if (left.length > 0) throw new Error(left.map(({ id, why }) => `${id}: ${why}`).join("; "));
    if (!live.includes(state.id)) return;
    if (performance.now() > until) throw new Error(`the run ${state.id} is still being taken down`);
    await sleep2(500);
  }
}
async function finishRecord(state, env) {
  const { finish } = await import("./finish.js");
  const result = await finish(state.record, "the action was stopped before the run had ended");
  say(`the run ended as ${result.outcome}: ${result.because}`);
  await conclude(state, env, result, say, NEVER);
}
async function exists(path) {
  return await lstat(path).then(
    () => true,
    () => false
  );
}
function say(message) {
  process.stdout.write(`${oneLine(`agent-jail: ${message}`)}
`);
}

// src/post.ts
await post(process.env);
setTimeout(() => process.exit(), 100).unref();
