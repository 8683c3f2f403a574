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

export {
  lines
};
