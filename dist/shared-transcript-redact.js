import {
  secretForms
} from "./shared-transcript-forms.js";

// src/transcript/matcher.ts
var BLOCK = 3;
var TABLE = 1 << 16;
var Matcher = class {
  #min;
  #shift;
  /** Patterns by the block at the end of their first `#min` bytes, longest first. */
  #ending = /* @__PURE__ */ new Map();
  #byFirst = Array.from({ length: 256 }, () => []);
  constructor(patterns) {
    const min = Math.min(255, ...patterns.map((pattern) => pattern.bytes.length));
    if (min < BLOCK) throw new RangeError(`a pattern has fewer than ${BLOCK} bytes`);
    this.#min = min;
    this.#shift = new Uint8Array(TABLE).fill(min - BLOCK + 1);
    for (const pattern of patterns.toSorted((a, b) => b.bytes.length - a.bytes.length)) {
      for (let at = 0; at + BLOCK <= min; at += 1) {
        const key = hash(byte(pattern.bytes, at), byte(pattern.bytes, at + 1), byte(pattern.bytes, at + 2));
        const shift = min - BLOCK - at;
        if (shift < byte(this.#shift, key)) this.#shift[key] = shift;
        if (shift === 0) this.#ending.set(key, [...this.#ending.get(key) ?? [], pattern]);
      }
      this.#byFirst[byte(pattern.bytes, 0)]?.push(pattern);
    }
  }
  /** The first place from `from` on where a pattern stands, the longest one there; unless `final`, also where one may begin. */
  next(data, from, final) {
    const shifts = this.#shift;
    const min = this.#min;
    const length = data.length;
    let end = from + min;
    while (end <= length) {
      const key = hash(byte(data, end - 3), byte(data, end - 2), byte(data, end - 1));
      const shift = byte(shifts, key);
      if (shift === 0) {
        const match = this.#first(data, end - min, final, this.#ending.get(key));
        if (match !== null) return match;
        end += 1;
      } else {
        end += shift;
      }
    }
    if (final) return null;
    for (let at = end - min; at < length; at += 1) {
      const match = this.#first(data, at, false, this.#byFirst[byte(data, at)]);
      if (match !== null) return match;
    }
    return null;
  }
  #first(data, at, final, patterns) {
    for (const pattern of patterns ?? []) {
      const whole = pattern.bytes.length <= data.length - at;
      if ((whole || !final) && agrees(pattern.bytes, data, at)) return { at, pattern: whole ? pattern : null };
    }
    return null;
  }
};
function agrees(pattern, data, at) {
  const length = Math.min(pattern.length, data.length - at);
  for (let i = 0; i < length; i += 1) if (pattern[i] !== data[at + i]) return false;
  return true;
}
function hash(a, b, c) {
  return (a << 10 ^ b << 5 ^ c) & TABLE - 1;
}
function byte(data, at) {
  return data[at];
}

// src/transcript/redact.ts
var EMPTY = Buffer.alloc(0);
function redactorOf(request) {
  return new Redactor([
    ...Object.entries(request.secrets).map(([name, value]) => ({ name, value })),
    ...request.mask.map((value) => ({ name: "mask", value }))
  ]);
}
var Redactor = class {
  #matcher;
  #names;
  #labels;
  #counts = /* @__PURE__ */ new Map();
  #state = fresh();
  /** Values that `refuseShort` refuses should not get here: the forms of such a value that are too short are not looked for. */
  constructor(secrets) {
    const patterns = /* @__PURE__ */ new Map();
    secrets.forEach(({ name, value }, owner) => {
      this.#counts.set(name, 0);
      for (const bytes of secretForms(value)) {
        const key = bytes.toString("latin1");
        if (!patterns.has(key)) patterns.set(key, { bytes, owner });
      }
    });
    this.#names = secrets.map(({ name }) => name);
    this.#labels = this.#names.map((name) => label(name, [...patterns.values()]));
    this.#matcher = patterns.size === 0 ? null : new Matcher([...patterns.values()]);
  }
  /** How often each secret was replaced, by name; also by `text` and `json`. */
  get counts() {
    return this.#counts;
  }
  /**
   * The next bytes that can be shown; may be a view of `chunk`, or `chunk` itself. Only bytes that may still become a form are held
   * back, however long the rest takes to come, so a secret written in two halves is found.
   */
  push(chunk) {
    return this.#scan(this.#state, chunk, false);
  }
  /** The end of the stream: what was held back. The next `push` begins a new stream. */
  flush() {
    const rest = this.#scan(this.#state, EMPTY, true);
    this.#state = fresh();
    return rest;
  }
  /** One whole text, such as a log line or a name; apart from the stream. */
  redactText(text) {
    const bytes = Buffer.from(text);
    const redacted = this.#scan(fresh(), bytes, true);
    return redacted === bytes ? text : redacted.toString();
  }
  /** A JSON value, its strings and keys redacted one by one: replacing in JSON text could break an escape in two. */
  redactJson(value) {
    if (typeof value === "string") return this.redactText(value);
    if (Array.isArray(value)) return value.map((item) => this.redactJson(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.redactText(key), this.redactJson(item)]));
  }
  #scan(state, chunk, final) {
    const matcher = this.#matcher;
    if (matcher === null) return chunk;
    const data = state.held.length === 0 ? chunk : Buffer.concat([state.held, chunk]);
    const pieces = [];
    let done = state.covered;
    let stop = data.length;
    for (let match = matcher.next(data, 0, final); match !== null; match = matcher.next(data, match.at + 1, final)) {
      const { at, pattern } = match;
      if (pattern === null) {
        stop = at;
        break;
      }
      if (at >= done) {
        pieces.push(data.subarray(done, at));
        state.region.clear();
      }
      const end = at + pattern.bytes.length;
      if (end <= done) continue;
      if (!state.region.has(pattern.owner)) pieces.push(this.#replace(state, pattern.owner));
      done = end;
    }
    state.held = Buffer.from(data.subarray(stop));
    state.covered = Math.max(0, done - stop);
    if (pieces.length === 0 && done === 0) return stop === data.length ? data : data.subarray(0, stop);
    if (done < stop) pieces.push(data.subarray(done, stop));
    return Buffer.concat(pieces);
  }
  #replace(state, owner) {
    const name = this.#names[owner] ?? "";
    state.region.add(owner);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    return this.#labels[owner] ?? EMPTY;
  }
};
function fresh() {
  return { held: EMPTY, covered: 0, region: /* @__PURE__ */ new Set() };
}
function label(name, patterns) {
  const choices = [`[redacted ${name.replace(/[^\w.-]/g, "_")}]`, "[redacted]"].map((text) => Buffer.from(text));
  return choices.find((choice) => patterns.every(({ bytes }) => !choice.includes(bytes))) ?? Buffer.from("***");
}

export {
  redactorOf,
  Redactor
};
