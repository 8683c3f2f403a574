const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
import {
  comment,
  commentToken
} from "./shared-action-comment.js";
import {
  summaryText,
  writeSummary
} from "./shared-action-summary.js";
import {
  uploadRecord
} from "./shared-action-artifacts.js";
import {
  outOfTime
} from "./shared-action-cancel.js";
import {
  EXIT
} from "./shared-model-outcome.js";

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
  await sleep(15 * 6e4, void 0, { signal: stop });
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
  exitCode,
  conclude,
  saveState,
  forgetState,
  saveFinished,
  loadState
};
