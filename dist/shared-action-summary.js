const { constants } = process.getBuiltinModule("node:fs");
const { open } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
import {
  inlineCode
} from "./shared-report-markdown.js";
import {
  variable
} from "./shared-action-environment.js";

// src/action/summary.ts
var MOST = 128 * 1024;
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
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST), 0, MOST, 0);
    if (bytesRead === MOST) return null;
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

export {
  summaryText,
  writeSummary
};
