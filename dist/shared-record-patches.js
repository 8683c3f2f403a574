import {
  path
} from "./shared-record-schema.js";
import {
  check
} from "./shared-record-ndjson.js";
import {
  array,
  object,
  optional,
  picklist,
  string
} from "./shared-valibot.js";
import {
  OTHER_PATCHES
} from "./shared-model-record.js";
import {
  displayPath
} from "./shared-record-display.js";

// src/record/patches.ts
var mapSchema = object({
  patch: object({
    others: optional(array(object({ file: picklist(OTHER_PATCHES), path: string(), path_b64: optional(string()) })), [])
  })
});
function patchesOf(record) {
  const { footer } = record.lines("changes.ndjson");
  const own = { file: "changes.patch", directory: Buffer.alloc(0) };
  if (footer === null) return [own];
  const { others } = check("changes.ndjson", null, mapSchema, footer).patch;
  return [own, ...others.map((other) => ({ file: other.file, directory: path(other.path, other.path_b64, null) }))];
}
var LARGEST = 96 << 10;
var HEADER = Buffer.from("diff --git ");
function* lineParts(pieces) {
  let rest = Buffer.alloc(0);
  let starts = true;
  for (const piece of pieces) {
    const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let from = 0;
    for (let at = all.indexOf(10); at !== -1; at = all.indexOf(10, from)) {
      yield { line: all.subarray(from, at + 1), starts };
      starts = true;
      from = at + 1;
    }
    rest = Buffer.from(all.subarray(from));
    if (rest.length > LARGEST) {
      yield { line: rest, starts };
      starts = false;
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) yield { line: rest, starts };
}
function headerOf(line, directory) {
  if (!line.subarray(0, HEADER.length).equals(HEADER)) return null;
  const text = line.toString("latin1", HEADER.length).replace(/\n$/, "");
  const name = text.slice(0, (text.length - 1) / 2);
  const plain = name.startsWith('"') ? unquoted(name.slice(1, -1)) : name;
  const path2 = Buffer.from(plain.slice("a/".length), "latin1");
  const whole = directory.length === 0 ? path2 : Buffer.concat([directory, Buffer.from("/"), path2]);
  return displayPath(whole, 2e3);
}
var ESCAPES = { a: "\x07", b: "\b", t: "	", n: "\n", v: "\v", f: "\f", r: "\r" };
function unquoted(text) {
  return text.replace(
    /\\(?:([0-7]{3})|(.))/g,
    (_, octal, one) => octal === void 0 ? ESCAPES[one ?? ""] ?? one ?? "" : String.fromCharCode(Number.parseInt(octal, 8))
  );
}

export {
  patchesOf,
  lineParts,
  headerOf
};
