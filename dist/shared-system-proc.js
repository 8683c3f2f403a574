const { readFileSync, readdirSync, readlinkSync } = process.getBuiltinModule("node:fs");
// src/system/proc.ts
function parseStatus(text) {
  const fields = /* @__PURE__ */ new Map();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields;
}
function parseMountinfo(text) {
  const mounts = [];
  for (const line of text.split("\n")) {
    const fields = line.split(" ");
    const dash = fields.indexOf("-", 6);
    if (dash === -1) continue;
    mounts.push({
      root: unescape(fields[3] ?? ""),
      target: unescape(fields[4] ?? ""),
      options: (fields[5] ?? "").split(","),
      type: fields[dash + 1] ?? "",
      source: unescape(fields[dash + 2] ?? ""),
      superOptions: (fields[dash + 3] ?? "").split(",")
    });
  }
  return mounts;
}
function unescape(text) {
  return text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}
function readProc(pid, name, proc = "/proc") {
  try {
    return readFileSync(`${proc}/${pid}/${name}`, "utf8");
  } catch {
    return null;
  }
}
function readProcLink(pid, name, proc = "/proc") {
  try {
    return readlinkSync(`${proc}/${pid}/${name}`);
  } catch {
    return null;
  }
}

export {
  parseStatus,
  parseMountinfo,
  readProc,
  readProcLink
};
