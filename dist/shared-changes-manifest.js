const { isUtf8 } = process.getBuiltinModule("node:buffer");
import {
  NdjsonWriter
} from "./shared-system-ndjson.js";

// src/changes/bytes.ts
var SLASH = 47;
function join(dir, name) {
  if (dir.length === 0) return view(name);
  if (name.length === 0) return view(dir);
  const path = Buffer.allocUnsafeSlow(dir.length + 1 + name.length);
  path.set(dir);
  path[dir.length] = SLASH;
  path.set(name, dir.length + 1);
  return path;
}
function split(path) {
  const parts = [];
  const bytes = view(path);
  for (let from = 0; from <= bytes.length; ) {
    const at = bytes.indexOf(SLASH, from);
    const to = at === -1 ? bytes.length : at;
    if (to > from) parts.push(bytes.subarray(from, to));
    from = to + 1;
  }
  return parts;
}
function parent(path) {
  const bytes = view(path);
  const at = bytes.lastIndexOf(SLASH);
  return bytes.subarray(0, Math.max(at, 0));
}
function basename(path) {
  const bytes = view(path);
  return bytes.subarray(bytes.lastIndexOf(SLASH) + 1);
}
function key(bytes) {
  return view(bytes).toString("latin1");
}
function view(bytes) {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
function asPath(bytes) {
  return bytes;
}
function isPlainText(bytes) {
  return isUtf8(bytes) && !new RegExp("\\p{Cc}", "u").test(view(bytes).toString());
}

// src/changes/manifest.ts
var LAYERS = ["workspace", "home", "root"];
function byLayerAndPath(a, b) {
  return LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) || Buffer.compare(a.path, b.path);
}
function pathFields(name, bytes) {
  const text = { [name]: view(bytes).toString() };
  return isPlainText(bytes) ? text : { ...text, [`${name}_b64`]: view(bytes).toString("base64") };
}
function changeLine(change) {
  return {
    ...pathFields("path", change.path),
    layer: change.layer,
    op: change.op,
    flags: change.flags,
    ...change.op === "renamed" ? pathFields("from", change.from) : {},
    ..."before" in change ? { before: entryFields(change.before) } : {},
    ..."after" in change ? { after: entryFields(change.after) } : {}
  };
}
function entryFields({ link, ...rest }) {
  return link === null ? { ...rest, link } : { ...rest, ...pathFields("link", link) };
}
var NAMED = 1e3;
var NAMED_BYTES = 1 << 19;
function writeManifest(fd, header, changes, footer) {
  const writer = new NdjsonWriter(fd, "changes", header, "buffer");
  const counts = {};
  for (const change of changes) {
    counts[change.op] = (counts[change.op] ?? 0) + 1;
    writer.line(changeLine(change));
  }
  const { ignored, withheld, patch, archive } = footer;
  writer.end({
    counts,
    ignored,
    withheld,
    patch: { files: patch.files, ...leftOutFields(patch.leftOut) },
    archive: { entries: archive.entries, ...leftOutFields(archive.leftOut) }
  });
}
function leftOutFields(all) {
  let bytes = 0;
  const first = all.slice(0, NAMED).filter(({ path }) => (bytes += path.length) <= NAMED_BYTES);
  return { left_out: first.map(({ path, why }) => ({ ...pathFields("path", path), why })), more: all.length - first.length };
}

export {
  join,
  split,
  parent,
  basename,
  key,
  view,
  asPath,
  byLayerAndPath,
  writeManifest
};
