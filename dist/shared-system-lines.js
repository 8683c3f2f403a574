const { readSync } = process.getBuiltinModule("node:fs");
// src/system/lines.ts
async function* lines(stream, max) {
  const pending = [];
  let size = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    for (let at = rest.indexOf(10); at !== -1; at = rest.indexOf(10)) {
      pending.push(rest.subarray(0, at));
      yield Buffer.concat(pending).toString("utf8");
      pending.length = 0;
      size = 0;
      rest = rest.subarray(at + 1);
    }
    size += rest.length;
    if (size > max) throw new Error(`a line of more than ${max} bytes`);
    if (rest.length > 0) pending.push(rest);
  }
  if (size > 0) yield Buffer.concat(pending).toString("utf8");
}
function* linesOf(fd, max) {
  const buffer = Buffer.allocUnsafe(1 << 16);
  let pending = [];
  let size = 0;
  for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) {
    let rest = buffer.subarray(0, read);
    for (let at = rest.indexOf(10); at !== -1; at = rest.indexOf(10)) {
      yield Buffer.concat([...pending, rest.subarray(0, at)]).toString("utf8");
      pending = [];
      size = 0;
      rest = rest.subarray(at + 1);
    }
    size += rest.length;
    if (size > max) throw new Error(`a line of more than ${max} bytes`);
    if (rest.length > 0) pending.push(Buffer.from(rest));
  }
  if (size > 0) yield Buffer.concat(pending).toString("utf8");
}

export {
  lines,
  linesOf
};
