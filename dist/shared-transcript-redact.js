import {
  secretForms
} from "./shared-secrets-forms.js";

// src/secrets/matcher.ts
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

// src/secrets/tokens.ts
var WORD = "A-Za-z0-9";
var FORMATS = [
  { name: "github-token", begins: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], of: WORD, least: 36, most: 251 },
  { name: "github-token", begins: ["github_pat_"], of: `${WORD}_`, least: 60, most: 244 },
  { name: "gitlab-token", begins: ["glpat-", "gldt-", "glrt-", "glcbt-"], of: `${WORD}_.-`, least: 20, most: 300 },
  { name: "npm-token", begins: ["npm_"], of: WORD, least: 36, most: 36 },
  { name: "pypi-token", begins: ["pypi-AgE"], of: `${WORD}_-`, least: 50, most: 500 },
  { name: "anthropic-key", begins: ["sk-ant-"], of: `${WORD}_-`, least: 60, most: 200 },
  { name: "openai-key", begins: ["sk-proj-", "sk-svcacct-", "sk-admin-"], of: `${WORD}_-`, least: 40, most: 300 },
  { name: "google-key", begins: ["AIza"], of: `${WORD}_-`, least: 35, most: 35 },
  { name: "aws-key", begins: ["AKIA", "ASIA"], of: "A-Z2-7", least: 16, most: 16 },
  { name: "slack-token", begins: ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-"], of: `${WORD}-`, least: 24, most: 300 },
  { name: "stripe-key", begins: ["sk_live_", "rk_live_"], of: WORD, least: 24, most: 247 },
  { name: "huggingface-token", begins: ["hf_"], of: WORD, least: 34, most: 40 },
  { name: "docker-token", begins: ["dckr_pat_", "dckr_oat_"], of: `${WORD}_-`, least: 27, most: 64 }
];
var ARMOUR = { begin: "-----BEGIN ", of: `(?:[${WORD}+/=\\s\\\\:,.]|-(?!----))`, most: 8192 };
var EXAMPLE = /EXAMPLE|(.)\1{15}/;
var group = (words) => `(?:${words.join("|")})`;
var ALONE = `(?<![${WORD}])`;
var BEGINS = FORMATS.flatMap(({ begins }) => begins);
var KIND = "(?:[A-Z0-9]{1,20} ){0,4}";
var START = new RegExp(group(BEGINS.map((word) => word.length < 4 ? `${word}[${WORD}]` : word)), "g");
var IN_WORD = new RegExp(`[${WORD}]`);
var WHOLE = new RegExp(
  [
    ...FORMATS.map(({ begins, of, least, most }) => {
      const token = `${group(begins)}[${of}]{${least},${most}}`;
      return least === most ? `(${token}(?![${of}]))` : `(${token})`;
    }),
    `(${ARMOUR.begin}${KIND}PRIVATE KEY-----${ARMOUR.of}{40,${ARMOUR.most}}-----END ${KIND}PRIVATE KEY-----)`
  ].join("|"),
  "y"
);
var NAMES = [...FORMATS.map(({ name }) => name), "private-key"];
var OPEN = new RegExp(
  `${group([
    ...FORMATS.map(({ begins, of, most }) => `${group(begins)}[${of}]{0,${most}}`),
    `${ARMOUR.begin}[A-Z0-9 ]{0,100}-{0,4}`,
    `${ARMOUR.begin}${KIND}PRIVATE KEY-----${ARMOUR.of}{0,${ARMOUR.most}}(?:-{0,5}|-----E[A-Z0-9 ]{0,110}-{0,5})`
  ])}$`,
  "y"
);
var beginnings = (word) => Array.from({ length: Math.max(3, word.length - 1) }, (_, at) => word.slice(0, at + 1));
var PARTIAL = new RegExp(`(?:${ALONE}${group([...new Set(BEGINS.flatMap(beginnings))])}|${group(beginnings(ARMOUR.begin))})$`);
var LONGEST_BEGIN = 12;
function findTokens(text, final, begin = 0) {
  const tokens = [];
  let armour = text.indexOf(ARMOUR.begin, begin);
  for (let from = begin; ; ) {
    if (armour !== -1 && armour < from) armour = text.indexOf(ARMOUR.begin, from);
    START.lastIndex = from;
    const found = START.exec(text)?.index;
    const start = found === void 0 || armour !== -1 && armour < found ? armour : found;
    if (start === -1) return { tokens, stop: final ? text.length : partial(text, from) };
    if (start > 0 && start !== armour && IN_WORD.test(text.charAt(start - 1))) {
      from = start + 1;
      continue;
    }
    WHOLE.lastIndex = start;
    const [whole, ...kinds] = WHOLE.exec(text) ?? [];
    if (whole !== void 0 && (final || start + whole.length < text.length)) {
      const name = NAMES[kinds.findIndex((kind) => kind !== void 0)] ?? "";
      if (!EXAMPLE.test(whole)) tokens.push({ at: start, length: whole.length, name });
      from = start + whole.length;
      continue;
    }
    OPEN.lastIndex = start;
    if (!final && OPEN.test(text)) return { tokens, stop: start };
    from = start + 1;
  }
}
function partial(text, from) {
  const tail = Math.max(from, text.length - LONGEST_BEGIN);
  const seen = Math.max(0, tail - 1);
  const at = text.slice(seen).search(PARTIAL);
  return at === -1 ? text.length : Math.max(tail, seen + at);
}

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
