const { lstat } = process.getBuiltinModule("node:fs/promises");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
import {
  conclude,
  loadState
} from "./shared-action-conclude.js";
import "./shared-action-comment.js";
import "./shared-action-github.js";
import "./shared-action-event.js";
import "./shared-action-summary.js";
import "./shared-action-artifacts.js";
import "./shared-report-markdown.js";
import "./shared-model-record.js";
import {
  NEVER
} from "./shared-action-cancel.js";
import "./shared-record-display.js";
import {
  oneLine
} from "./shared-action-log.js";
import "./shared-cli-figures.js";
import "./shared-cli-format.js";
import "./shared-transcript-escapes.js";
import "./shared-cli-problem.js";
import "./shared-action-environment.js";
import "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";

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
    await sleep(500);
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
