import {
  isPlainText,
  view
} from "./shared-changes-bytes.js";
import {
  NdjsonWriter
} from "./shared-system-ndjson.js";

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
  let noise = 0;
  for (const change of changes) {
    if (change.flags.includes("noise")) noise += 1;
    counts[change.op] = (counts[change.op] ?? 0) + 1;
    writer.line(changeLine(change));
  }
  const { ignored, withheld, xattrs = true, patch, archive } = footer;
  writer.end({
    counts,
    ignored,
    noise,
    withheld,
    xattrs,
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
  byLayerAndPath,
  writeManifest
};
