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

export {
  Matcher
};
