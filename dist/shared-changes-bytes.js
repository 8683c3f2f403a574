const { isUtf8 } = process.getBuiltinModule("node:buffer");
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

export {
  join,
  split,
  parent,
  basename,
  key,
  view,
  asPath,
  isPlainText
};
