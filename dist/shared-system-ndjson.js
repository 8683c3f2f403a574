const { writeSync } = process.getBuiltinModule("node:fs");
// src/system/ndjson.ts
var NdjsonWriter = class {
  #fd;
  #every;
  #pending = [];
  #size = 0;
  #lines = 0;
  /** `schema` is the bare name: `changes` becomes `agent-jail/changes@1`. */
  constructor(fd, schema, header = {}, flush = "line") {
    this.#fd = fd;
    this.#every = flush === "line";
    this.#push({ schema: `agent-jail/${schema}@1`, ...header });
  }
  line(value) {
    this.#lines += 1;
    this.#push(value);
  }
  /** Lines written, the schema line not counted. */
  get lines() {
    return this.#lines;
  }
  end(extra = {}) {
    this.#push({ end: true, lines: this.#lines, ...extra });
    this.flush();
  }
  flush() {
    if (this.#pending.length === 0) return;
    writeAll(this.#fd, Buffer.from(this.#pending.join("")));
    this.#pending = [];
    this.#size = 0;
  }
  #push(value) {
    const text = `${JSON.stringify(value)}
`;
    this.#pending.push(text);
    this.#size += text.length;
    if (this.#every || this.#size > 1 << 18) this.flush();
  }
};
function writeAll(fd, bytes, at = null) {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done, at === null ? null : at + done);
}

export {
  NdjsonWriter,
  writeAll
};
