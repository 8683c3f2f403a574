const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
import {
  TIME,
  bounded
} from "./shared-guard-bounded.js";
import {
  finding,
  unchecked
} from "./shared-guard-bag.js";
import {
  displayText
} from "./shared-record-display.js";

// src/guard/output.ts
var SEARCHED = 256 << 20;
var OVERLAP = 64 << 10;
function outputFindings(rule, record, time = TIME) {
  const { kind, pattern } = rule.test;
  const expression = compile(pattern);
  if (expression === null) return [unchecked(rule, "the regular expression does not compile")];
  const what = [displayText(pattern)];
  let left = time;
  let found = false;
  for (const text of windows(limited(record))) {
    const result = bounded(() => expression.test(text), left);
    if (!result.ok) return [{ ...unchecked(rule, `the regular expression took longer than ${time / 1e3} s`), what }];
    left -= result.ms;
    found = result.value;
    if (found) break;
  }
  if (kind === "forbid" && found) return [finding(rule, "the output matches a forbidden expression", what)];
  if (found) return [];
  if ((record.size("transcript.log") ?? 0) > SEARCHED) return [{ ...unchecked(rule, "the output is too long to be searched"), what }];
  return kind === "require" ? [finding(rule, "the output does not match a required expression", what)] : [];
}
function compile(pattern) {
  for (const flags of ["mu", "m"]) {
    try {
      return new RegExp(pattern, flags);
    } catch {
    }
  }
  return null;
}
function* limited(record) {
  let left = SEARCHED;
  for (const piece of record.pieces("transcript.log")) {
    if (left === 0) return;
    const part = piece.subarray(0, left);
    left -= part.length;
    yield part;
  }
}
function* windows(pieces) {
  let kept = Buffer.alloc(0);
  let shown = 0;
  for (const piece of pieces) {
    const bytes = Buffer.concat([kept, piece]);
    const line = bytes.lastIndexOf(10) + 1;
    const end = line > shown ? line : bytes.length;
    yield bytes.toString("utf8", 0, end);
    const from = overlapStart(bytes, end);
    kept = Buffer.from(bytes.subarray(from));
    shown = end - from;
  }
  if (kept.length > shown || shown === 0) yield kept.toString("utf8");
}
function overlapStart(bytes, end) {
  const least = Math.max(0, end - OVERLAP);
  const line = least === 0 ? 0 : bytes.lastIndexOf(10, least - 1) + 1;
  return least - line <= 3 * OVERLAP ? line : least;
}

export {
  SEARCHED,
  OVERLAP,
  outputFindings,
  windows
};
