import {
  BLOCK
} from "./shared-system-tar.js";

// src/system/untar.ts
var LARGEST_PAX = 1 << 20;
async function* readTar(pieces) {
  const input = new Blocks(pieces);
  let paxSize = null;
  for (let empty = 0; ; ) {
    const header = await input.exactly(BLOCK);
    if (header.every((byte) => byte === 0)) {
      empty += 1;
      if (empty === 2) return;
      continue;
    }
    if (empty > 0) throw new Error("an empty block within the archive");
    checkSum(header);
    const type = String.fromCharCode(header[156] ?? 0);
    const size = type === "x" ? octal(header, 124, 12) : paxSize ?? octal(header, 124, 12);
    if (type === "x") {
      if (size > LARGEST_PAX) throw new Error("a header that is too large");
      paxSize = sizeIn(await input.exactly(size));
    } else {
      paxSize = null;
      const file = type === "0" || type === "\0";
      if (!file && !/[1-6]/.test(type)) throw new Error("an entry of a kind that is not known");
      yield { kind: "entry", file, size: file ? size : 0 };
      if (!file) continue;
      for (let left = size; left > 0; ) {
        const bytes = await input.some(left);
        left -= bytes.length;
        yield { kind: "data", bytes };
      }
    }
    await input.exactly((BLOCK - size % BLOCK) % BLOCK);
  }
}
var Blocks = class {
  #pieces;
  #rest = Buffer.alloc(0);
  constructor(pieces) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }
  /** At least one byte, at most `most`. */
  async some(most) {
    while (this.#rest.length === 0) {
      const next = await this.#pieces.next();
      if (next.done === true) throw new Error("it is cut off");
      this.#rest = next.value;
    }
    const bytes = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }
  async exactly(count) {
    const parts = [];
    for (let left = count; left > 0; ) {
      const part = await this.some(left);
      left -= part.length;
      parts.push(part);
    }
    return Buffer.concat(parts);
  }
};
function octal(block, at, length) {
  const text = block.toString("latin1", at, at + length).replace(/[\0 ]+$/, "").trimStart();
  if (!/^[0-7]{1,11}$/.test(text)) throw new Error("a number that is none");
  return Number.parseInt(text, 8);
}
function checkSum(header) {
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 32 : byte;
  if (header.toString("latin1", 257, 262) !== "ustar" || octal(header, 148, 8) !== sum) throw new Error("a header that is none");
}
function sizeIn(pax) {
  for (let at = 0; at < pax.length; ) {
    const [record = "", digits = ""] = /^(\d{1,7}) /.exec(pax.toString("latin1", at, at + 8)) ?? [];
    const end = at + Number(digits);
    if (digits === "" || end > pax.length || end <= at + record.length || pax[end - 1] !== 10) throw new Error("a header that is none");
    const [, size] = /^size=(\d{1,15})$/.exec(pax.toString("latin1", at + record.length, Math.min(end - 1, at + 40))) ?? [];
    if (size !== void 0) return Number(size);
    at = end;
  }
  return null;
}

export {
  readTar
};
