const { once } = process.getBuiltinModule("node:events");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
const { setTimeout: sleep3 } = process.getBuiltinModule("node:timers/promises");
const { createHash } = process.getBuiltinModule("node:crypto");
const { lstat } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
const { setTimeout: sleep2 } = process.getBuiltinModule("node:timers/promises");
const { constants } = process.getBuiltinModule("node:fs");
const { open } = process.getBuiltinModule("node:fs/promises");
const { join: join2 } = process.getBuiltinModule("node:path");
import {
  OTHER_PATCHES,
  RECORD
} from "./shared-model-record.js";
import {
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

// src/action/artifacts.ts

// src/action/selection.ts
var LEAVE_OUT = [
  "changes.tar.gz",
  "transcript.log",
  "transcript.cast",
  "changes.patch",
  ...OTHER_PATCHES,
  "network.ndjson",
  "usage.ndjson",
  "backend.log",
  "changes.ndjson",
  "transcript.ndjson",
  "agent.ndjson",
  "trajectory.json",
  "result.txt",
  "findings.sarif",
  "report.html"
];
function select(files, max) {
  let total = files.reduce((sum, file) => sum + file.size, 0);
  const leftOut = [];
  for (const name of LEAVE_OUT) {
    const file = files.find((f) => f.name === name);
    if (total <= max) break;
    if (file === void 0) continue;
    leftOut.push(file);
    total -= file.size;
  }
  return { kept: files.filter((file) => !leftOut.includes(file)), leftOut };
}
function recordFiles() {
  return Object.keys(RECORD);
}

// src/action/artifacts.ts
var BACKOFF = [1e3, 2e3, 4e3, 8e3];
async function uploadRecord({ id, record, upload }, env, say) {
  const { kept, leftOut } = select(await regularFiles(record), upload.max);
  if (kept.length === 0) throw new Error("the record has no files");
  for (const file of leftOut) say(`not uploaded, because the record is larger than max-upload: ${file.name} (${file.size} bytes)`);
  const { DefaultArtifactClient } = await import("./artifact.js");
  const client = new DefaultArtifactClient();
  const paths = kept.map((file) => join(record, file.name));
  const send = (name2) => client.uploadArtifact(name2, paths, record, { retentionDays: upload.retentionDays });
  const wanted = artifactName(upload.name, id);
  const other = `${wanted.slice(0, 120)}-${createHash("sha256").update(id).digest("hex").slice(0, 8)}`;
  let name = wanted;
  for (let tries = 0; ; ) {
    try {
      const { id: artifact, digest } = await send(name);
      if (artifact === void 0) throw new Error("the artifact service gave no id");
      return { id: artifact, name, url: artifactUrl(env, artifact), digest: digest ?? "", leftOut };
    } catch (error) {
      const message = messageOf(error);
      if (isConflict(message) && name !== other) {
        say(`an artifact with the name ${name} exists already; using ${other}`);
        name = other;
        continue;
      }
      const wait = isNetworkError(error) ? BACKOFF[tries] : void 0;
      if (wait === void 0) throw error;
      tries += 1;
      say(`the upload failed (${message.split("\n")[0]}); trying again in ${wait / 1e3} s`);
      await sleep2(wait);
    }
  }
}
function artifactName(wanted, id) {
  const safe = wanted.replaceAll("{id}", id).replace(/[^A-Za-z0-9 ._@+=,()-]/gu, "-").replace(/^[ .]+/, "").slice(0, 200);
  return safe === "" ? `agent-jail-${id}` : safe;
}
async function regularFiles(record) {
  const found = await Promise.all(
    recordFiles().map(async (name) => {
      const stat = await lstat(join(record, name)).catch(() => null);
      return stat?.isFile() ? [{ name, size: stat.size }] : [];
    })
  );
  return found.flat();
}
function isNetworkError(error) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return NETWORK.some((name) => code === name || messageOf(error).includes(name));
}
var NETWORK = ["ECONNRESET", "ECONNREFUSED", "ENOTFOUND", "ETIMEDOUT", "EHOSTUNREACH", "EAI_AGAIN", "EPIPE", "socket hang up"];
function isConflict(message) {
  return message.includes("(409)");
}
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
function artifactUrl(env, artifact) {
  const server = variable(env, "GITHUB_SERVER_URL") || "https://github.com";
  return `${server}/${variable(env, "GITHUB_REPOSITORY")}/actions/runs/${variable(env, "GITHUB_RUN_ID")}/artifacts/${artifact}`;
}

// src/action/summary.ts
var MOST = 128 * 1024;
async function writeSummary(env, record, because, uploaded) {
  if (variable(env, "GITHUB_STEP_SUMMARY") === "") return;
  const core = await import("./core.js");
  const body = await readSummary(record) ?? `### agent-jail

There is no summary of this run: ${plain(because)}.`;
  await core.summary.addRaw(`${[body.trimEnd(), ...artifactLines(uploaded)].join("\n\n")}
`).write();
}
async function readSummary(record) {
  const file = await open(join2(record, "summary.md"), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (file === null) return null;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST), 0, MOST, 0);
    if (bytesRead === MOST) return null;
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
function artifactLines(uploaded) {
  if (uploaded === null) return [];
  const left = uploaded.leftOut.map((file) => `- left out of the upload (max-upload): \`${file.name}\`, ${file.size} bytes`);
  return [`The record is in the artifact [${plain(uploaded.name)}](${uploaded.url}), sha256 \`${uploaded.digest}\`.`, left.join("\n")];
}
function plain(text) {
  return text.replace(/[^A-Za-z0-9 .,:/@+=()-]/g, "_");
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
  if (wantsUpload(state.upload.when, outcome)) {
    const waiting = new AbortController();
    try {
      const late = outOfTime(cancel, waiting.signal).then(() => "late");
      const upload = await Promise.race([uploadRecord(state, env, say), late, stalled(waiting.signal)]);
      if (upload === "late") return { outcome, because, uploaded, finished: false };
      uploaded = upload;
    } catch (error) {
      say(`${UPLOAD_FAILED}: ${error instanceof Error ? error.message : String(error)}`);
      if (EXIT[outcome] !== EXIT.cancelled) {
        outcome = "jail-error";
        because = UPLOAD_FAILED;
      }
    } finally {
      waiting.abort();
    }
  }
  await writeSummary(env, state.record, because, uploaded).catch((error) => say(`no job summary: ${String(error)}`));
  return { outcome, because, uploaded, finished: true };
}
async function stalled(stop) {
  await sleep3(15 * 6e4, void 0, { signal: stop });
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
