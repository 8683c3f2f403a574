const { createHash } = process.getBuiltinModule("node:crypto");
const { lstat } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
import {
  OTHER_PATCHES,
  RECORD
} from "./shared-model-record.js";
import {
  variable
} from "./shared-action-environment.js";

// src/action/artifacts.ts

// src/action/selection.ts
var LEAVE_OUT = [
  "changes.tar.gz",
  "transcript.log",
  "transcript.cast",
  "transcript.txt",
  "changes.patch",
  ...OTHER_PATCHES,
  "network.ndjson",
  "programs.ndjson",
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
  const paths = kept.map((file) => join(record, file.name));
  const files = { paths, directory: record, name: artifactName(upload.name, id), id, retentionDays: upload.retentionDays };
  return { ...await uploadFiles(files, env, say), leftOut };
}
async function uploadFiles({ paths, directory, name: wanted, id, retentionDays }, env, say) {
  const { DefaultArtifactClient } = await import("./artifact.js");
  const client = new DefaultArtifactClient();
  const send = (name2) => client.uploadArtifact(name2, [...paths], directory, { retentionDays });
  const other = `${wanted.slice(0, 120)}-${createHash("sha256").update(id).digest("hex").slice(0, 8)}`;
  let name = wanted;
  for (let tries = 0; ; ) {
    try {
      const { id: artifact, digest } = await send(name);
      if (artifact === void 0) throw new Error("the artifact service gave no id");
      return { id: artifact, name, url: artifactUrl(env, artifact), digest: digest ?? "" };
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
      await sleep(wait);
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

export {
  uploadRecord,
  uploadFiles,
  artifactName
};
