import {
  headerOf,
  lineParts,
  patchesOf
} from "./shared-record-patches.js";
import "./shared-record-schema.js";
import "./shared-model-changes.js";
import "./shared-record-ndjson.js";
import "./shared-record-error.js";
import "./shared-valibot.js";
import "./shared-model-record.js";
import "./shared-record-display.js";
import "./shared-model-trajectory.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/guard/lines.ts
var HUNK = /^@@ -\d+(?:,\d+)? \+(\d+)/;
function withLines(findings, record) {
  const wanted = new Set(findings.flatMap(({ at = [] }) => at.map(({ path }) => path)));
  if (wanted.size === 0) return [...findings];
  const lines = firstLines(record, wanted);
  return findings.map(
    (finding) => finding.at === void 0 ? finding : { ...finding, at: finding.at.map(({ path }) => ({ path, line: lines.get(path) ?? null })) }
  );
}
function firstLines(record, wanted) {
  const lines = /* @__PURE__ */ new Map();
  for (const { file, directory } of patchesOf(record)) {
    let path = null;
    let at = null;
    for (const { line, starts } of lineParts(record.pieces(file))) {
      if (wanted.size === 0) return lines;
      if (!starts) continue;
      const header = headerOf(line, directory);
      if (header !== null) [path, at] = [wanted.has(header) ? header : null, null];
      if (path === null) continue;
      const sign = String.fromCharCode(line[0] ?? 0);
      if (at === null) at = sign === "@" ? Number(HUNK.exec(line.toString("latin1", 0, 100))?.[1] ?? 0) : null;
      else if (sign === " ") at += 1;
      else {
        lines.set(path, Math.max(at, 1));
        wanted.delete(path);
        path = null;
      }
    }
  }
  return lines;
}
export {
  withLines
};
