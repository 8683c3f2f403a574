import {
  findTokens
} from "./shared-secrets-tokens.js";
import {
  Matcher
} from "./shared-secrets-matcher.js";
import {
  secretForms
} from "./shared-secrets-forms.js";

// src/transcript/formats.ts
var EMPTY = Buffer.alloc(0);
var latin1 = (bytes) => bytes.toString("latin1");
var FormatRedactor = class {
  #found;
  /** Bytes that may be the start of a token. */
  #held = EMPTY;
  /** The byte before them: a token does not begin in the middle of a word. */
  #before = "";
  constructor(found) {
    this.#found = found;
  }
  /** The next bytes that can be shown; may be `chunk` itself. */
  push(chunk) {
    const data = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const text = this.#before + latin1(data);
    const { tokens, stop } = findTokens(text, false, this.#before.length);
    const shown = this.#replace(data, tokens, this.#before.length, stop - this.#before.length);
    this.#held = stop === text.length ? EMPTY : Buffer.from(data.subarray(stop - this.#before.length));
    this.#before = text.charAt(stop - 1);
    return shown;
  }
  /** The end of the stream: what was held back. The next `push` begins a new one. */
  flush() {
    const [held, before] = [this.#held, this.#before];
    [this.#held, this.#before] = [EMPTY, ""];
    const { tokens } = findTokens(before + latin1(held), true, before.length);
    return this.#replace(held, tokens, before.length, held.length);
  }
  /** One whole text, apart from the stream. */
  whole(data) {
    return this.#replace(data, findTokens(latin1(data), true).tokens, 0, data.length);
  }
  /** The first `stop` bytes of `data`; tokens are counted from `skip` characters before it. */
  #replace(data, tokens, skip, stop) {
    if (tokens.length === 0) return stop === data.length ? data : data.subarray(0, stop);
    const pieces = [];
    let done = 0;
    for (const { at, length, name } of tokens) {
      this.#found(name);
      pieces.push(data.subarray(done, at - skip), Buffer.from(`[redacted ${name}]`));
      done = at - skip + length;
    }
    return Buffer.concat([...pieces, data.subarray(done, stop)]);
  }
};

// src/transcript/redact.ts
var EMPTY2 = Buffer.alloc(0);
function redactorOf(request) {
  return new Redactor(
    [
      ...Object.entries(request.secrets).map(([name, value]) => ({ name, value })),
      ...request.mask.map((value) => ({ name: "mask", value }))
    ],
    true
  );
}
var Redactor = class _Redactor {
  #matcher;
  #secrets;
  #names;
  #labels;
  #counts = /* @__PURE__ */ new Map();
  /** null: forms of the secrets alone. */
  #formats;
  #state = fresh();
  /**
   * Values that `refuseShort` refuses should not get here: the forms of such a value that are too short are not looked for. `formats`: what
   * looks like a well-known token is replaced as well.
   */
  constructor(secrets, formats = false) {
    this.#secrets = secrets;
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
    this.#formats = formats ? new FormatRedactor(this.#count) : null;
  }
  /** One for another stream: what it replaces counts here. */
  beside() {
    const other = new _Redactor(this.#secrets, this.#formats !== null);
    other.#counts = this.#counts;
    return other;
  }
  /** How often each secret was replaced, by name; also by `text` and `json`. Formats stand there once they were found. */
  get counts() {
    return this.#counts;
  }
  /**
   * The next bytes that can be shown; may be a view of `chunk`, or `chunk` itself. Only bytes that may still become a form are held
   * back, however long the rest takes to come, so a secret written in two halves is found.
   */
  push(chunk) {
    const known = this.#scan(this.#state, chunk, false);
    return this.#formats === null ? known : this.#formats.push(known);
  }
  /** The end of the stream: what was held back. The next `push` begins a new stream. */
  flush() {
    const rest = this.#scan(this.#state, EMPTY2, true);
    this.#state = fresh();
    return this.#formats === null ? rest : Buffer.concat([this.#formats.push(rest), this.#formats.flush()]);
  }
  /** One whole text, such as a log line or a name; apart from the stream. */
  redactText(text) {
    const bytes = Buffer.from(text);
    const known = this.#scan(fresh(), bytes, true);
    const redacted = this.#formats === null ? known : this.#formats.whole(known);
    return redacted === bytes ? text : redacted.toString();
  }
  /** The beginning of a text whose rest is not known, without what may be the beginning of a form. */
  redactHead(text) {
    return this.#scan(fresh(), Buffer.from(text), false).toString();
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
    this.#count(name);
    return this.#labels[owner] ?? EMPTY2;
  }
  #count = (name) => void this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
};
function fresh() {
  return { held: EMPTY2, covered: 0, region: /* @__PURE__ */ new Set() };
}
function label(name, patterns) {
  const choices = [`[redacted ${name.replace(/[^\w.-]/g, "_")}]`, "[redacted]"].map((text) => Buffer.from(text));
  return choices.find((choice) => patterns.every(({ bytes }) => !choice.includes(bytes))) ?? Buffer.from("***");
}

export {
  redactorOf,
  Redactor
};
