const { readFileSync, readdirSync, readlinkSync } = process.getBuiltinModule("node:fs");
// src/system/proc.ts
function parseMountinfo(text) {
  const mounts = [];
  for (const line of text.split("\n")) {
    const fields = line.split(" ");
    const dash = fields.indexOf("-", 6);
    if (dash === -1) continue;
    mounts.push({
      id: Number(fields[0]),
      parent: Number(fields[1]),
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

export {
  parseMountinfo,
  readProc
};
