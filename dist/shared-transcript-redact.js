import {
  Matcher
} from "./shared-secrets-matcher.js";
import {
  secretForms
} from "./shared-secrets-forms.js";

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
