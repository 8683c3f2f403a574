const { StringDecoder } = process.getBuiltinModule("node:string_decoder");
// src/run/events.ts
var Channel = class {
  clock;
  phases = {};
  #stream;
  #seq = 0;
  #dropped = 0;
  constructor(stream, clock) {
    this.#stream = stream;
    this.clock = clock;
    stream.on("error", () => {
    });
  }
  phase(phase) {
    this.phases[phase] = this.clock();
    this.send({ kind: "phase", phase });
  }
  send(body) {
    this.#stream.write(`${JSON.stringify({ seq: this.#seq, t: this.clock(), ...body })}
`);
    this.#seq += 1;
  }
  output(step, bytes) {
    if (this.#stream.writableNeedDrain) {
      this.#dropped += bytes.length;
      return;
    }
    for (let at = 0; at < bytes.length; at += CHUNK) {
      this.send({ kind: "output", step, base64: bytes.toString("base64", at, at + CHUNK), dropped: this.#dropped });
      this.#dropped = 0;
    }
  }
  /** Resolves when everything was handed to the kernel, or main is gone. */
  async flush() {
    await new Promise((resolve) => this.#stream.write("", () => resolve()));
  }
};
var CHUNK = 1 << 16;
var EventReader = class {
  #step = -1;
  #decoder = new StringDecoder("utf8");
  read(line) {
    if (line.kind !== "output") return line;
    if (line.step !== this.#step || line.dropped > 0) this.#decoder = new StringDecoder("utf8");
    this.#step = line.step;
    const { base64, ...event } = line;
    return { ...event, text: this.#decoder.write(Buffer.from(base64, "base64")) };
  }
};

export {
  Channel,
  EventReader
};
