const { existsSync: existsSync2, lstatSync: lstatSync3, readFileSync: readFileSync3, realpathSync } = process.getBuiltinModule("node:fs");
const { basename: basename2, dirname, relative, resolve } = process.getBuiltinModule("node:path");
const { createHash } = process.getBuiltinModule("node:crypto");
const { lstatSync, readdirSync, readFileSync, readlinkSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const { existsSync, lstatSync: lstatSync2, readdirSync: readdirSync2, readFileSync: readFileSync2 } = process.getBuiltinModule("node:fs");
const { basename, join: join2 } = process.getBuiltinModule("node:path");
import {
  NOWHERE,
  canonicalJson,
  defaultPolicy,
  digest,
  policyOf
} from "./shared-policy-resolve.js";
import {
  covers,
  parseHosts,
  policySchema
} from "./shared-policy-schema.js";
import {
  stepInputs,
  stepsSchema
} from "./shared-policy-steps.js";
import {
  byPlace,
  check as check2,
  readYaml
} from "./shared-policy-yaml.js";
import {
  count,
  flag,
  list,
  map,
  named,
  number as number2,
  oneOf,
  text
} from "./shared-policy-shape.js";
import {
  expression,
  glob,
  imageReference,
  line,
  mountTarget,
  plainText,
  script,
  size,
  time,
  variableName
} from "./shared-policy-rules.js";
import {
  array,
  check,
  description,
  literal,
  looseObject,
  maxValue,
  minValue,
  number,
  optional,
  pipe,
  rawCheck,
  record,
  safeParse,
  string,
  union,
  unknown
} from "./shared-valibot.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/suite/read.ts

// src/suite/checks-schema.ts
function path(written) {
  const said = JSON.stringify(written);
  if (written === "" || written.startsWith("/") || written.includes("\0")) throw new Error(`${said} is not a path inside the workspace`);
  if (written.split("/").some((part2) => part2 === "" || part2 === "." || part2 === ".."))
    throw new Error(`${said} is not in its shortest form: no \`.\`, \`..\` or empty part`);
  return written;
}
function pointer(written) {
  if (!/^(?:\/(?:[^~/]|~[01])*)*$/.test(written)) throw new Error(`${JSON.stringify(written)} is not a JSON pointer, such as /name/0`);
  return written;
}
var aPath = (description2) => text("a path inside the workspace", path, description2);
var words = (description2) => text("text", plainText, description2);
var pattern = (description2) => text("a regular expression", expression, description2);
var globs = (description2) => list(text("a pattern", glob, "a gitignore pattern"), description2);
var tools = (description2) => list(words("name of a tool, as the agent calls it"), description2);
var CHECKS = {
  "file-exists": aPath("there is such a file, directory or link"),
  "file-absent": aPath("there is none"),
  "file-contains": map({ path: aPath("of a file"), text: words("what it holds") }, "a file holds a text"),
  "file-matches": map({ path: aPath("of a file"), pattern: pattern("what it matches") }, "a file matches an expression"),
  "file-json": map(
    {
      path: aPath("of a file of JSON"),
      at: optional(text("a JSON pointer", pointer, "where to look; default: all of it"), ""),
      equals: pipe(unknown(), description("what stands there; anything that JSON has"))
    },
    "a file of JSON has a value"
  ),
  "diff-contains": words("lines that the patch adds hold this"),
  "diff-omits": words("no line that the patch adds holds this"),
  "diff-touches": globs("each pattern matches a changed path"),
  "diff-avoids": globs("no pattern matches a changed path"),
  "diff-empty": flag("whether nothing in the workspace changed"),
  command: text("a script", script, "run in the workspace by the verifier; exit 0"),
  "output-contains": words("what the agent printed holds this"),
  "output-matches": pattern("what the agent printed matches this"),
  "hosts-only": list(text("a host", parseHosts, "as in a policy"), "no other host was asked for, allowed or not"),
  "hosts-denied": count(0, 1e6, "at most so many refusals"),
  trajectory: map(
    {
      tools: optional(tools("each was called"), []),
      "tools-forbidden": optional(tools("none was called"), []),
      "max-tool-calls": optional(count(0, 1e9, "calls of tools")),
      "max-turns": optional(count(0, 1e9, "answers of the model")),
      "max-tokens": optional(count(0, 1e12, "tokens, in and out")),
      "max-cost-usd": optional(number2(0, 1e6, "cost in US dollars"))
    },
    "what the agent says that it did"
  )
};
var CHECK_NAMES = Object.keys(CHECKS);
var one = map(
  Object.fromEntries(CHECK_NAMES.map((name) => [name, optional(CHECKS[name])])),
  "a check: a map with one key"
);
var checksSchema = list(
  pipe(
    one,
    check((value) => Object.keys(value).length === 1, "a check has exactly one key\nWrite each check as an entry of its own.")
  ),
  "what has to hold beside the script, all of it"
);
function checksOf(users) {
  return users.map((user) => {
    const [name = "diff-empty", value] = Object.entries(user)[0] ?? [];
    return { name, value };
  });
}

// src/suite/digest.ts
var MOST_FILES = 1e4;
var MOST_BYTES = 256 << 20;
var digestOf = (value) => createHash("sha256").update(canonicalJson(value)).digest("hex");
function treeDigest(directory, what) {
  const fail = (message, remedy) => new UserError([{ message: `${what}: ${message}`, remedy, place: null }]);
  const lines = [];
  let bytes2 = 0;
  const walk = (relative2) => {
    for (const name of readdirSync(join(directory, relative2)).sort()) {
      const path2 = relative2 === "" ? name : `${relative2}/${name}`;
      const seen = lstatSync(join(directory, path2));
      if (seen.isDirectory()) {
        walk(path2);
        continue;
      }
      bytes2 += seen.size;
      if (lines.length >= MOST_FILES || bytes2 > MOST_BYTES)
        throw fail(
          `${directory} holds more than ${MOST_FILES} files or ${MOST_BYTES >> 20} MiB`,
          "Keep what verifiers need, and nothing else."
        );
      if (seen.isSymbolicLink()) lines.push([path2, `link ${readlinkSync(join(directory, path2))}`]);
      else if (seen.isFile())
        lines.push([
          path2,
          `${(seen.mode & 73) === 0 ? "file" : "program"} ${createHash("sha256").update(readFileSync(join(directory, path2))).digest("hex")}`
        ]);
      else throw fail(`${join(directory, path2)} is neither file, directory nor link`, "Remove it.");
    }
  };
  try {
    walk("");
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw fail(error.message, "Give a directory that is there.");
  }
  return digestOf(lines);
}

// src/suite/harbor.ts

// node_modules/smol-toml/dist/error.js
function getLineColFromPtr(string2, ptr) {
  let lines = string2.slice(0, ptr).split(/\r?\n/);
  return [lines.length, lines.pop().length + 1];
}
function makeCodeBlock(string2, line2, column) {
  let lines = string2.split(/\r?\n/);
  let codeblock = "";
  let numberLen = (Math.log10(line2 + 1) | 0) + 1;
  for (let i = line2 - 1; i <= line2 + 1; i++) {
    let l = lines[i - 1];
    if (!l)
      continue;
    codeblock += i.toString().padEnd(numberLen, " ");
    codeblock += ":  ";
    codeblock += l;
    codeblock += "\n";
    if (i === line2) {
      codeblock += " ".repeat(numberLen + column + 2);
      codeblock += "^\n";
    }
  }
  return codeblock;
}
var TomlError = class _TomlError extends Error {
  line;
  column;
  codeblock;
  constructor(message, options) {
    const [line2, column] = getLineColFromPtr(options.toml, options.ptr);
    const codeblock = makeCodeBlock(options.toml, line2, column);
    super(`Invalid TOML document: ${message}

${codeblock}`, options);
    this.line = line2;
    this.column = column;
    this.codeblock = codeblock;
  }
  /** @internal */
  static x(message, ctx, ptr) {
    throw new _TomlError(message, { toml: ctx.s, ptr: ptr ?? ctx.p });
  }
};

// node_modules/smol-toml/dist/primitive.js
function parseString(ctx) {
  let startPtr = ctx.p;
  let c = ctx.s.charCodeAt(ctx.p++);
  let first = c;
  let isLiteral = c === 39;
  let isMultiline = c === ctx.s.charCodeAt(ctx.p) && c === ctx.s.charCodeAt(ctx.p + 1);
  if (isMultiline) {
    if ((c = ctx.s.charCodeAt(ctx.p += 2)) === 10)
      ctx.p++;
    else if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)
      ctx.p += 2;
  }
  let parsed = "";
  let sliceStart = ctx.p;
  let state = 0;
  for (; ctx.p < ctx.s.length; ctx.p++) {
    c = ctx.s.charCodeAt(ctx.p);
    if (isMultiline && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)) {
      state = state && 3;
    } else if (c < 32 && c !== 9 || c === 127) {
      TomlError.x("control characters are not allowed in strings", ctx);
    } else if ((!state || state === 3) && c === first && (!isMultiline || ctx.s.charCodeAt(ctx.p + 1) === first && ctx.s.charCodeAt(ctx.p + 2) === first)) {
      if (isMultiline) {
        if (ctx.s.charCodeAt(ctx.p + 3) === first)
          ctx.p++;
        if (ctx.s.charCodeAt(ctx.p + 3) === first)
          ctx.p++;
      }
      if (!state) {
        let s = ctx.s.slice(sliceStart, ctx.p);
        parsed = parsed ? parsed + s : s;
      }
      ctx.p += isMultiline ? 3 : 1;
      return parsed;
    } else if (!state) {
      if (!isLiteral && c === 92) {
        parsed += ctx.s.slice(sliceStart, sliceStart = ctx.p);
        state = 1;
      }
    } else if (state === 1) {
      if (c === 120 || c === 117 || c === 85) {
        let errPtr = ctx.p++ - 1;
        let value = 0;
        let len = c === 120 ? 2 : c === 117 ? 4 : 8;
        for (let j = 0; j < len; j++, ctx.p++) {
          let hex = ctx.s.charCodeAt(ctx.p);
          let digit = (
            /* 0-9 */
            hex >= 48 && hex <= 57 ? hex - 48 : (
              /* A-F */
              hex >= 65 && hex <= 70 ? hex - 65 + 10 : (
                /* a-f */
                hex >= 97 && hex <= 102 ? hex - 97 + 10 : -1
              )
            )
          );
          if (digit < 0)
            TomlError.x("invalid non-hex character in unicode escape", ctx);
          value = value << 4 | digit;
        }
        if (value < 0 || value > 1114111 || value >= 55296 && value <= 57343) {
          TomlError.x("invalid unicode escape", ctx, errPtr);
        }
        parsed += String.fromCodePoint(value);
        sliceStart = ctx.p--;
        state = 0;
      } else if (isMultiline && (c === 32 || c === 9)) {
        state = 2;
      } else {
        if (c === 98)
          parsed += "\b";
        else if (c === 116)
          parsed += "	";
        else if (c === 110)
          parsed += "\n";
        else if (c === 102)
          parsed += "\f";
        else if (c === 114)
          parsed += "\r";
        else if (c === 101)
          parsed += "\x1B";
        else if (c === 34)
          parsed += '"';
        else if (c === 92)
          parsed += "\\";
        else
          TomlError.x("unrecognised escape sequence", ctx);
        sliceStart = ctx.p + 1;
        state = 0;
      }
    } else if (c !== 32 && c !== 9) {
      if (state === 2)
        TomlError.x("invalid escape: only line-ending whitespace may be escaped", ctx, sliceStart);
      state = !isLiteral && c === 92 ? 1 : 0;
      sliceStart = ctx.p;
    }
  }
  TomlError.x("unfinished string", ctx, startPtr);
}

// node_modules/smol-toml/dist/date.js
var DATE_TIME_RE = /^(\d{4}-\d{2}-\d{2})?[Tt ]?(?:(\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|z|[-+]\d{2}:\d{2})?$/i;
var TomlDate = class _TomlDate extends Date {
  #hasDate = false;
  #hasTime = false;
  #offset = null;
  constructor(date, fasttype, unsafeDelim) {
    let hasDate = true;
    let hasTime = true;
    let offset = "Z";
    let c;
    if (typeof date === "string") {
      if (fasttype)
        prep: {
          if (fasttype < 3) {
            if (+date.slice(11, 13) > 23) {
              date = "";
              break prep;
            }
            if (fasttype === 2) {
              offset = null;
              date += "Z";
            } else if ((c = date.charCodeAt(date.length - 1)) !== 90 && c !== 122) {
              offset = date.slice(date.length - 6);
            }
            if (unsafeDelim)
              date = date.slice(0, 10) + "T" + date.slice(11);
          } else if (fasttype === 4) {
            date = +date.slice(0, 2) > 23 ? "" : `0000-01-01T${date}Z`;
          }
          hasDate = fasttype !== 4;
          hasTime = fasttype !== 3;
        }
      else {
        let match = date.match(DATE_TIME_RE);
        if (match) {
          if (!match[1]) {
            hasDate = false;
            date = `0000-01-01T${date}`;
          }
          hasTime = !!match[2];
          hasTime && date[10] === " " && (date = date.replace(" ", "T"));
          if (match[2] && +match[2] > 23) {
            date = "";
          } else {
            offset = match[3] || null;
            if (!offset && hasTime)
              date += "Z";
          }
        } else {
          date = "";
        }
      }
    }
    super(date);
    if (!isNaN(this.getTime())) {
      this.#hasDate = hasDate;
      this.#hasTime = hasTime;
      this.#offset = offset;
    }
  }
  isDateTime() {
    return this.#hasDate && this.#hasTime;
  }
  isLocal() {
    return !this.#hasDate || !this.#hasTime || !this.#offset;
  }
  isDate() {
    return this.#hasDate && !this.#hasTime;
  }
  isTime() {
    return this.#hasTime && !this.#hasDate;
  }
  isValid() {
    return this.#hasDate || this.#hasTime;
  }
  toISOString() {
    let iso = super.toISOString();
    if (this.isDate())
      return iso.slice(0, 10);
    if (this.isTime())
      return iso.slice(11, 23);
    if (this.#offset === null)
      return iso.slice(0, -1);
    if (this.#offset === "Z" || this.#offset === "z")
      return iso;
    let offset = +this.#offset.slice(1, 3) * 60 + +this.#offset.slice(4, 6);
    offset = this.#offset[0] === "-" ? offset : -offset;
    let offsetDate = new Date(this.getTime() - offset * 6e4);
    return offsetDate.toISOString().slice(0, -1) + this.#offset;
  }
  static wrapAsOffsetDateTime(jsDate, offset = "Z") {
    let date = new _TomlDate(jsDate);
    date.#offset = offset;
    return date;
  }
  static wrapAsLocalDateTime(jsDate) {
    let date = new _TomlDate(jsDate);
    date.#offset = null;
    return date;
  }
  static wrapAsLocalDate(jsDate) {
    let date = new _TomlDate(jsDate);
    date.#hasTime = false;
    date.#offset = null;
    return date;
  }
  static wrapAsLocalTime(jsDate) {
    let date = new _TomlDate(jsDate);
    date.#hasDate = false;
    date.#offset = null;
    return date;
  }
};

// node_modules/smol-toml/dist/extract.js
function isDigit(char, base = 10) {
  return base === 16 ? char > 47 && char < 58 || char > 64 && char < 71 || char > 96 && char < 103 : char > 47 && char < 48 + base;
}
function isEndOfValue(char, delim) {
  return char === 32 || char === 9 || char === 10 || char === 13 || // Structure end or next value delimiter
  delim && (char === delim || char === 44) || // Comment
  char === 35;
}
function extractValue(ctx, end) {
  let errPtr = ctx.p;
  let c = ctx.s.charCodeAt(ctx.p);
  if (c === 91 || c === 123) {
    ctx.d-- || TomlError.x("document contains excessively nested structures. aborting.", ctx);
    let value = c === 91 ? parseArray(ctx) : parseInlineTable(ctx);
    ctx.d++;
    return value;
  }
  if (c === 34 || c === 39) {
    return parseString(ctx);
  }
  if (c === 116) {
    if (ctx.s.charCodeAt(++ctx.p) !== 114 || ctx.s.charCodeAt(++ctx.p) !== 117 || ctx.s.charCodeAt(++ctx.p) !== 101)
      TomlError.x("invalid value", ctx, errPtr);
    return ctx.p++, true;
  }
  if (c === 102) {
    if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 108 || ctx.s.charCodeAt(++ctx.p) !== 115 || ctx.s.charCodeAt(++ctx.p) !== 101)
      TomlError.x("invalid value", ctx, errPtr);
    return ctx.p++, false;
  }
  if (c === 43 || c === 45) {
    return parseNumber(ctx, ctx.p, ctx.s.charCodeAt(++ctx.p), 44 - c, end);
  }
  if (ctx.s.charCodeAt(ctx.p + 4) === 45 && ctx.s.charCodeAt(ctx.p + 7) === 45) {
    return parseDate(ctx, c, end);
  }
  if (ctx.s.charCodeAt(ctx.p + 2) === 58) {
    return parseTime(ctx, c, end);
  }
  return parseNumber(ctx, ctx.p, c, 0, end);
}
function parseNumber(ctx, startPtr, startChr, sign, endChr) {
  let c = startChr;
  let state = 0;
  let hasUnderscores = false;
  if (c === 105) {
    if (ctx.s.charCodeAt(++ctx.p) !== 110 || ctx.s.charCodeAt(++ctx.p) !== 102)
      TomlError.x("invalid value", ctx, startPtr);
    return ctx.p++, (sign || 1) / 0;
  }
  if (c === 110) {
    if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 110)
      TomlError.x("invalid value", ctx, startPtr);
    return ctx.p++, NaN;
  }
  if (c === 48) {
    if (++ctx.p >= ctx.s.length || isEndOfValue(c = ctx.s.charCodeAt(ctx.p), endChr))
      return ctx.bi === true ? 0n : 0;
    if (!sign) {
      if (c === 120)
        return parseIntegerBaseN(ctx, startPtr, 16, endChr);
      else if (c === 98)
        return parseIntegerBaseN(ctx, startPtr, 2, endChr);
      else if (c === 111)
        return parseIntegerBaseN(ctx, startPtr, 8, endChr);
    }
    if (c === 46)
      state = 2;
    else if (c === 101 || c === 69)
      state = 4;
    else
      TomlError.x("illegal leading zero", ctx, startPtr);
  } else if (!isDigit(c))
    TomlError.x("invalid value", ctx, startPtr);
  while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) {
    if (!state)
      state = 1;
    if (c === 95) {
      if (!(state & 1))
        TomlError.x("illegal underscore", ctx);
      state += 11;
      hasUnderscores = true;
    } else if (state === 1 && c === 46)
      state = 2;
    else if ((state === 1 || state === 3) && (c === 101 || c === 69))
      state = 4;
    else if (state === 4 && (c === 43 || c === 45)) {
      state = 6;
    } else if (!isDigit(c))
      TomlError.x(`illegal character in numeric literal`, ctx);
    else if (state > 9)
      state -= 11;
    else if (!(state & 1))
      state++;
  }
  if (!state) {
    let val = (startChr - 48) * (sign || 1);
    return ctx.bi === true ? BigInt(val) : val;
  }
  if (!(state & 1))
    TomlError.x("unfinished numeric value", ctx, startPtr);
  let str = ctx.s.slice(startPtr, ctx.p);
  if (hasUnderscores)
    str = str.replaceAll("_", "");
  return state > 1 ? parseFloat(str) : parseInteger(ctx, str, 10, startPtr);
}
function parseIntegerBaseN(ctx, startPtr, base, endChr) {
  let c, underscore = 1;
  while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) {
    if (c === 95) {
      if (underscore & 1)
        TomlError.x("illegal underscore", ctx);
      underscore = 3;
    } else if (!isDigit(c, base))
      TomlError.x(`illegal character in numeric literal`, ctx);
    else if (underscore & 1)
      underscore--;
  }
  if (underscore & 1)
    TomlError.x("unfinished numeric value", ctx);
  let str = ctx.s.slice(startPtr + 2, ctx.p);
  if (underscore)
    str = str.replaceAll("_", "");
  return parseInteger(ctx, str, base, startPtr);
}
function parseInteger(ctx, str, base, startPtr) {
  if (ctx.bi !== true)
    int: {
      let val = parseInt(str, base);
      if (!Number.isSafeInteger(val)) {
        if (ctx.bi)
          break int;
        TomlError.x("integer value cannot be represented losslessly", ctx, startPtr);
      }
      return val;
    }
  return base === 10 ? BigInt(str) : BigInt((base === 2 ? "0b" : base === 8 ? "0o" : "0x") + str);
}
function parseDate(ctx, c, endChr) {
  let startPtr = ctx.p++, unsafeSeparator;
  if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++))) {
    return parseNumber(ctx, ctx.p = startPtr, c, 0, endChr);
  }
  ctx.p += 5;
  if (!isDigit(ctx.s.charCodeAt(ctx.p++)))
    TomlError.x("invalid date-time: date part is malformed", ctx, startPtr);
  if (ctx.p >= ctx.s.length || ((c = ctx.s.charCodeAt(ctx.p)) !== 32 || (unsafeSeparator = true, !isDigit(ctx.s.charCodeAt(ctx.p + 1)))) && c !== 84 && c !== 116) {
    let t2 = ctx.s.slice(startPtr, ctx.p);
    return readDate(ctx, t2, 3, false, startPtr);
  }
  if (ctx.s.charCodeAt(ctx.p += 3) !== 58)
    TomlError.x("invalid date-time: time part is malformed", ctx, startPtr);
  if (ctx.s.charCodeAt(ctx.p += 3) === 58)
    ctx.p += 3;
  if (ctx.s.charCodeAt(ctx.p) === 46)
    while (isDigit(ctx.s.charCodeAt(++ctx.p)))
      ;
  if (c = ctx.s.charCodeAt(ctx.p)) {
    if (c === 90 || c === 122) {
      let t2 = ctx.s.slice(startPtr, ++ctx.p);
      return readDate(ctx, t2, 1, unsafeSeparator, startPtr, "[+00:00]");
    }
    if (c === 43 || c === 45) {
      let t2 = ctx.s.slice(startPtr, ctx.p += 6);
      return readDate(ctx, t2, 1, unsafeSeparator, startPtr, !ctx.ld && "[" + ctx.s.slice(ctx.p - 6, ctx.p) + "]");
    }
  }
  let t = ctx.s.slice(startPtr, ctx.p);
  return readDate(ctx, t, 2, unsafeSeparator, startPtr);
}
function parseTime(ctx, c, endChr) {
  let start = ctx.p;
  if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(++ctx.p))) {
    return parseNumber(ctx, --ctx.p, c, 0, endChr);
  }
  if (ctx.s.charCodeAt(ctx.p += 4) === 58)
    ctx.p += 3;
  if (ctx.s.charCodeAt(ctx.p) === 46)
    while (isDigit(ctx.s.charCodeAt(++ctx.p)))
      ;
  let t = ctx.s.slice(start, ctx.p);
  return readDate(ctx, t, 4, false, start);
}
function readDate(ctx, str, type, unsafeDelim, errPtr, temporalSuffix) {
  if (ctx.ld) {
    let date = new TomlDate(str, type, unsafeDelim);
    if (!date.isValid())
      TomlError.x("invalid date", ctx, errPtr);
    return date;
  }
  try {
    if (temporalSuffix)
      str += temporalSuffix;
    switch (type) {
      case 1:
        return Temporal.ZonedDateTime.from(str);
      case 2:
        return Temporal.PlainDateTime.from(str);
      case 3:
        return Temporal.PlainDate.from(str);
      case 4:
        return Temporal.PlainTime.from(str);
    }
  } catch (e) {
    TomlError.x(e instanceof Error ? e.message : "" + e, ctx, errPtr);
  }
}

// node_modules/smol-toml/dist/util.js
function skipComment(ctx) {
  for (; ctx.p < ctx.s.length; ctx.p++) {
    let c = ctx.s.charCodeAt(ctx.p);
    if (c === 10)
      break;
    if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10) {
      ctx.p++;
      break;
    }
    if (c < 32 && c !== 9 || c === 127) {
      TomlError.x("control characters are not allowed in comments", ctx);
    }
  }
}
function skipVoid(ctx, banNewLines, banComments) {
  let c;
  while (ctx.p < ctx.s.length) {
    while (ctx.p < ctx.s.length && ((c = ctx.s.charCodeAt(ctx.p)) === 32 || c === 9 || !banNewLines && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)))
      ctx.p++;
    if (banComments || c !== 35)
      break;
    skipComment(ctx);
  }
}

// node_modules/smol-toml/dist/struct.js
function parseKey(ctx, end = 61) {
  let startPtr;
  let state = 0;
  let parsed = [];
  let sliceStart;
  let c = ctx.s.charCodeAt(startPtr = ctx.p);
  do {
    if (c === end) {
      if (!state)
        TomlError.x("unexpected end of key", ctx);
      if (state === 1)
        parsed.push(ctx.s.slice(sliceStart, ctx.p));
      return ctx.p++, parsed;
    } else if (c === 46) {
      if (!state)
        TomlError.x("illegal empty bare key", ctx);
      if (state === 1)
        parsed.push(ctx.s.slice(sliceStart, ctx.p));
      state = 0;
    } else if (!state && (c === 34 || c === 39)) {
      if (c === ctx.s.charCodeAt(ctx.p + 1) && c === ctx.s.charCodeAt(ctx.p + 2))
        TomlError.x("illegal quoted key: multiline strings are not allowed", ctx);
      parsed.push(parseString(ctx));
      state = 2;
      ctx.p--;
    } else if (c === 32 || c === 9) {
      if (state === 1) {
        parsed.push(ctx.s.slice(sliceStart, ctx.p));
        state = 2;
      }
    } else if (state === 2 || c < 48 && c !== 45 || c > 57 && c < 65 || c > 90 && c < 97 && c !== 95 || c > 122) {
      TomlError.x("illegal character in key", ctx);
    } else if (!state) {
      state = 1;
      sliceStart = ctx.p;
    }
  } while (c = ctx.s.charCodeAt(++ctx.p));
  TomlError.x("incomplete key-value: cannot find end of key", ctx, startPtr);
}
function parseInlineTable(ctx) {
  let startPtr = ctx.p++;
  let res = /* @__PURE__ */ Object.create(null);
  let seen = /* @__PURE__ */ new Set();
  let c;
  while (ctx.p < ctx.s.length) {
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p)) === 125) {
      ctx.p++;
      return res;
    }
    let k;
    let t = res;
    let hasOwn = false;
    let errPtr = ctx.p;
    let key = parseKey(ctx);
    for (let i = 0; i < key.length; i++) {
      if (i)
        t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
      k = key[i];
      if ((hasOwn = Object.hasOwn(t, k)) && (typeof t[k] !== "object" || seen.has(t[k]))) {
        TomlError.x("trying to redefine an already defined value", ctx, errPtr);
      }
      let unsafe = k === "__proto__";
      if (ctx.uk && (unsafe || k === "constructor")) {
        t = ctx.uk !== 1 && TomlError.x("document contains an unsafe property", ctx, errPtr);
        break;
      }
      if (!hasOwn && unsafe) {
        Object.defineProperty(t, k, { enumerable: true, configurable: true, writable: true });
      }
    }
    if (hasOwn) {
      TomlError.x("trying to redefine an already defined value", ctx, errPtr);
    }
    skipVoid(ctx, true, true);
    let value = extractValue(
      ctx,
      125
      /* } */
    );
    if (t && typeof (t[k] = value) === "object")
      seen.add(value);
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p++)) === 125) {
      return res;
    }
    if (c !== 44)
      TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
  }
  TomlError.x("unfinished table", ctx, startPtr);
}
function parseArray(ctx) {
  let startPtr = ctx.p++;
  let res = [];
  let c;
  while (ctx.p < ctx.s.length) {
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p)) === 93) {
      ctx.p++;
      return res;
    }
    res.push(extractValue(
      ctx,
      93
      /* ] */
    ));
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p++)) === 93) {
      return res;
    }
    if (c !== 44)
      TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
  }
  TomlError.x("unfinished array", ctx, startPtr);
}

// node_modules/smol-toml/dist/parse.js
function peekTable(ctx, key, table, meta, type) {
  let t = table;
  let m = meta;
  let k;
  let hasOwn = false;
  let state;
  for (let i = 0; i < key.length; i++) {
    if (i) {
      t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
      m = (state = m[k]).c;
      if (type === 0 && (state.t === 1 || state.t === 2)) {
        return null;
      }
      if (state.t === 2) {
        let l = t.length - 1;
        t = t[l];
        m = m[l].c;
      }
    }
    k = key[i];
    if ((hasOwn = Object.hasOwn(t, k)) && m[k]?.t === 0 && m[k]?.d) {
      return null;
    }
    if (!hasOwn) {
      let unsafe = k === "__proto__";
      if (ctx.uk && (unsafe || k === "constructor"))
        return false;
      if (unsafe) {
        Object.defineProperty(t, k, { enumerable: true, configurable: true, writable: true });
        Object.defineProperty(m, k, { enumerable: true, configurable: true, writable: true });
      }
      m[k] = {
        t: i < key.length - 1 && type === 2 ? 3 : type,
        d: false,
        i: 0,
        c: /* @__PURE__ */ Object.create(null)
      };
    }
  }
  state = m[k];
  if (state.t !== type && !(type === 1 && state.t === 3)) {
    return null;
  }
  if (type === 2) {
    if (!state.d) {
      state.d = true;
      t[k] = [];
    }
    t[k].push(t = /* @__PURE__ */ Object.create(null));
    state.c[state.i++] = state = { t: 1, d: false, i: 0, c: /* @__PURE__ */ Object.create(null) };
  }
  if (state.d) {
    return null;
  }
  state.d = true;
  if (type === 1) {
    t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
  } else if (type === 0 && hasOwn) {
    return null;
  }
  return [k, t, state.c];
}
function validateTablePeek(ctx, peek, ptr) {
  if (peek === null || ctx.uk === 2)
    TomlError.x(peek === null ? "trying to redefine an already defined table or value" : "document contains an unsafe property", ctx, ptr);
}
function parse(toml, options = {}) {
  let ctx = {
    s: toml,
    p: 0,
    d: options.maxDepth ?? 1e3,
    bi: options.integersAsBigInt ?? false,
    ld: options.useLegacyDate ?? true,
    uk: options.unsafeKeyBehaviour === "throw" ? 2 : options.unsafeKeyBehaviour === "drop" ? 1 : 0
  };
  let res = /* @__PURE__ */ Object.create(null);
  let meta = /* @__PURE__ */ Object.create(null);
  let tmp;
  let skipping = false;
  let tbl = res;
  let m = meta;
  if (toml.charCodeAt(0) === 65279)
    ctx.p++;
  skipVoid(ctx);
  while (ctx.p < toml.length) {
    if (toml.charCodeAt(ctx.p) === 91) {
      let isTableArray = toml.charCodeAt(++ctx.p) === 91;
      tmp = ctx.p += +isTableArray;
      skipping = false;
      let k = parseKey(
        ctx,
        93
        /* ] */
      );
      if (isTableArray) {
        if (toml.charCodeAt(ctx.p) !== 93) {
          TomlError.x("expected end of table array declaration", ctx);
        }
        ctx.p++;
      }
      let p = peekTable(
        ctx,
        k,
        res,
        meta,
        isTableArray ? 2 : 1
        /* Type.EXPLICIT */
      );
      if (!p) {
        validateTablePeek(ctx, p, tmp);
        skipping = true;
      } else {
        m = p[2];
        tbl = p[1];
      }
    } else {
      tmp = ctx.p;
      let k = parseKey(ctx);
      let p = peekTable(
        ctx,
        k,
        tbl,
        m,
        0
        /* Type.DOTTED */
      );
      if (!p && !skipping)
        validateTablePeek(ctx, p, tmp);
      skipVoid(ctx, true, true);
      let v = extractValue(ctx, void 0);
      if (p && !skipping)
        p[1][p[0]] = v;
    }
    skipVoid(ctx, true);
    if (ctx.p < toml.length && (tmp = toml.charCodeAt(ctx.p)) !== 10 && (tmp !== 13 || toml.charCodeAt(ctx.p + 1) !== 10)) {
      TomlError.x("each key-value declaration must be followed by an end-of-line", ctx);
    }
    skipVoid(ctx);
  }
  return res;
}

// node_modules/smol-toml/dist/stringify.js
var HAS_WELLFORMED = !!"".isWellFormed;

// src/suite/harbor.ts
var seconds = pipe(number(), minValue(1), maxValue(7 * 24 * 3600));
var as = (read2) => rawCheck(({ dataset, addIssue }) => {
  if (!dataset.typed) return;
  try {
    read2(dataset.value);
  } catch (error) {
    addIssue({ message: error.message });
  }
});
var bytes = (written) => size(typeof written === "number" ? written : written.replace(/^(\d+)([KMGT])$/, "$1$2iB"), LEAST_MEMORY);
var megabytes = (written) => bytes(Math.round(written * 1e6));
var LEAST_MEMORY = 4 << 20;
var MOST_CPUS = 4096;
var variables = record(pipe(string(), as(variableName)), pipe(string(), as(plainText)));
var schema = looseObject({
  task: optional(looseObject({ name: optional(string()), keywords: optional(array(string())) }), {}),
  metadata: optional(looseObject({ tags: optional(array(string())) }), {}),
  steps: optional(unknown()),
  agent: optional(looseObject({ timeout_sec: optional(seconds, 3600) }), { timeout_sec: 3600 }),
  verifier: optional(looseObject({ timeout_sec: optional(seconds, 600), env: optional(variables, {}) }), {
    timeout_sec: 600,
    env: {}
  }),
  environment: optional(
    looseObject({
      build_timeout_sec: optional(seconds, 600),
      docker_image: optional(pipe(string(), as(imageReference))),
      cpus: optional(pipe(number(), minValue(0.01), maxValue(MOST_CPUS))),
      memory: optional(pipe(union([number(), string()]), as(bytes))),
      memory_mb: optional(pipe(number(), as(megabytes))),
      gpus: optional(number(), 0)
    }),
    { build_timeout_sec: 600, gpus: 0 }
  )
});
var TESTS = "/tests";
var SOLUTION = "/solution";
var REWARDS = "/logs/verifier";
var SCRIPT = `bash ${TESTS}/test.sh || echo "test.sh ended with $?"
if [ -f ${REWARDS}/reward.txt ]; then cat ${REWARDS}/reward.txt > "$AGENT_JAIL_RESULT"
elif [ -f ${REWARDS}/reward.json ]; then cat ${REWARDS}/reward.json > "$AGENT_JAIL_RESULT"
fi`;
function harborTasks(directory, given) {
  const fail = (message, remedy) => new UserError([{ message, remedy, place: given.place }]);
  if (existsSync(join2(directory, "task.toml"))) return [harborTask(directory, given)];
  let names;
  try {
    names = readdirSync2(directory).sort();
  } catch (error) {
    throw fail(`cannot read ${directory}: ${error.message}`, "Paths are relative to the suite file.");
  }
  const found = names.filter((name) => existsSync(join2(directory, name, "task.toml")));
  if (found.length === 0)
    throw fail(`there is no task.toml in ${directory}, nor in a directory below it`, "Give a task directory of Harbor.");
  return found.map((name) => harborTask(join2(directory, name), given));
}
function harborTask(directory, { policy, place, trials: trials2 }) {
  const file = join2(directory, "task.toml");
  const fail = (message, remedy) => new UserError([{ message: `${file}: ${message}`, remedy, place }]);
  const { task: task2, metadata, steps, agent: agent2, verifier: verifier2, environment } = read(file, fail);
  if (steps !== void 0) throw fail("tasks of several steps are not run", "Make a task of each.");
  if (environment.gpus > 0) throw fail("no jail has a GPU", "Leave the task out.");
  const at = (name) => join2(directory, name);
  for (const name of ["docker-compose.yaml", "docker-compose.yml"])
    if (existsSync(at(`environment/${name}`))) throw fail(`environment/${name}: a jail is one container`, "Leave the task out.");
  for (const name of ["instruction.md", "tests/test.sh"])
    if (!isFile(at(name))) throw fail(`there is no ${name}`, "Complete the task directory.");
  const secret = Object.entries(verifier2.env).find(([, value]) => value.includes("${"));
  if (secret !== void 0)
    throw fail(`verifier.env.${secret[0]} is filled in from outside`, "A verifier has no secrets: write the value.");
  const image = environment.docker_image;
  if (image === void 0 && !isFile(at("environment/Dockerfile")))
    throw fail("there is neither environment.docker_image nor environment/Dockerfile", "Complete the task directory.");
  const solution = isFile(at("solution/solve.sh"));
  return {
    id: idOf(task2.name ?? basename(directory)),
    place,
    instruction: readFileSync2(at("instruction.md"), "utf8"),
    tags: [...new Set([...task2.keywords ?? [], ...metadata.tags ?? []].map(idOf))],
    trials: trials2,
    deterministic: null,
    start: { kind: "none" },
    setup: [],
    agent: null,
    solution: solution ? { script: `bash ${SOLUTION}/solve.sh`, files: { source: at("solution"), target: SOLUTION } } : null,
    policy: policyOf2(policy, image ?? null, milliseconds(agent2.timeout_sec), environment),
    // Their images are made for root, who owns what there is to work on.
    ownRoot: true,
    image: image === void 0 ? { context: at("environment"), time: milliseconds(environment.build_timeout_sec) } : null,
    verifier: {
      script: SCRIPT,
      shell: "sh",
      reward: true,
      threshold: 1,
      files: { source: at("tests"), target: TESTS },
      empty: [REWARDS],
      // The task's work lies in the image, not in a workspace.
      root: "agent",
      workspace: "read-only",
      env: verifier2.env,
      time: milliseconds(verifier2.timeout_sec),
      checks: []
    }
  };
}
function read(file, fail) {
  let value;
  try {
    value = parse(readFileSync2(file, "utf8"));
  } catch (error) {
    throw fail(error.message.split("\n")[0] ?? "", "Write TOML.");
  }
  const result = safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = (issue.path ?? []).map(({ key }) => String(key)).join(".");
  throw fail(`${where}: ${issue.message}`, "See Harbor's own description of a task.");
}
function policyOf2(policy, image, time2, { cpus, memory, memory_mb }) {
  const most = memory_mb === void 0 ? memory === void 0 ? null : bytes(memory) : megabytes(memory_mb);
  const limits = {
    ...policy.agent.limits,
    time: Math.min(policy.agent.limits.time, time2),
    cpus: policy.agent.limits.cpus ?? cpus ?? null,
    memory: policy.agent.limits.memory ?? most
  };
  const { digest: _digest, ...own } = {
    ...policy,
    jail: { ...policy.jail, root: { kind: "image", ref: image ?? "" } },
    workspace: { access: "none", hide: [] },
    agent: { ...policy.agent, limits }
  };
  return { ...own, digest: digest(own) };
}
function idOf(name) {
  const id = (name.split("/").at(-1) ?? "").toLowerCase().replace(/[^a-z0-9._-]+/g, "-").replace(/^[^a-z0-9]+/, "").slice(0, 100);
  return id === "" ? "task" : id;
}
var milliseconds = (said) => Math.round(said * 1e3);
var isFile = (path2) => lstatSync2(path2, { throwIfNoEntry: false })?.isFile() === true;

// src/suite/loosened.ts
function loosened(suite, task2) {
  const found = [...rules(suite.agent, task2.agent, ""), ...rules(suite.setup, task2.setup, "setup.")];
  const order = ["none", "read-only", "copy-on-write"];
  if (order.indexOf(task2.workspace.access) > order.indexOf(suite.workspace.access)) found.push(`workspace: ${task2.workspace.access}`);
  for (const { source, target, access } of task2.mounts) {
    const same = suite.mounts.find((mount2) => mount2.source === source && mount2.target === target);
    if (same === void 0 || same.access === "read-only" && access !== "read-only") found.push(`mounts: ${source}, ${access}`);
  }
  const hidden = suite.workspace.hide.filter((glob2) => !task2.workspace.hide.includes(glob2));
  if (hidden.length > 0) found.push(`workspace: no longer hidden: ${hidden.join(" ")}`);
  const guard = ({ place: _place, ...rule }) => JSON.stringify(rule);
  const kept = new Set(task2.guards.map(guard));
  const gone = suite.guards.filter((rule) => !kept.has(guard(rule))).map(({ name }) => name);
  if (gone.length > 0) found.push(`without ${[...new Set(gone)].join(", ")}`);
  if (suite.jail.backend !== "auto" && task2.jail.backend !== suite.jail.backend) found.push(`jail.backend: ${task2.jail.backend}`);
  return found;
}
function rules(suite, task2, prefix) {
  const found = [];
  if (task2.network.mode === "observe" && suite.network.mode !== "observe") found.push(`${prefix}network: every public host`);
  for (const rule of task2.network.allow) {
    const held = suite.network.allow.some(
      (other) => (other.pattern === rule.pattern || covers(other.pattern, rule.pattern)) && rule.ports.every((port) => other.ports.includes(port)) && narrower(rule.methods, other.methods) && narrower(rule.paths, other.paths)
    );
    if (!held && suite.network.mode !== "observe") found.push(`${prefix}network: ${rule.pattern}`);
  }
  for (const { name, port } of task2.network.services)
    if (!suite.network.services.some((other) => other.name === name && other.port === port))
      found.push(`${prefix}network.services: ${name}:${port}`);
  for (const { name, use } of task2.secrets) {
    const same = suite.secrets.find((other) => other.name === name);
    if (same === void 0 || same.use === "inject" && use === "env") found.push(`${prefix}secrets: ${name}, ${use}`);
  }
  for (const name of task2.passEnv) if (!suite.passEnv.includes(name)) found.push(`${prefix}pass-env: ${name}`);
  return found;
}
var narrower = (own, other) => other.length === 0 || own.length > 0 && own.every((one2) => other.includes(one2));

// src/suite/sources.ts
function part(source, path2) {
  const value = path2.reduce((node, key) => node?.[key], source.value);
  return { value: value ?? {}, place: (below, which) => source.place([...path2, ...below], which) };
}
function over(own, shared2) {
  const mine = own.value;
  return {
    value: { ...shared2.value, ...mine },
    place: (path2, which) => (path2[0] !== void 0 && Object.hasOwn(mine, path2[0]) ? own : shared2).place(path2, which)
  };
}

// src/suite/steps.ts
function step(name, setup, run, place, env = {}) {
  return { name, setup, run, shell: null, workingDirectory: null, env, time: null, idle: null, tty: null, agent: null, place };
}
function builtIn(name, task2) {
  const deterministic2 = true;
  if (name === "null") return { steps: [{ ...step("null", false, "true", null), shell: "sh" }], deterministic: deterministic2 };
  if (task2.solution === null) return null;
  return { steps: [step("oracle", false, task2.solution.script, task2.place)], deterministic: deterministic2 };
}
function agentSteps(task2, agent2, seed) {
  const told = { AGENT_JAIL_TASK: task2.id, AGENT_JAIL_INSTRUCTION: task2.instruction, AGENT_JAIL_SEED: String(seed) };
  return [...task2.setup, ...agent2.steps].map((one2) => ({ ...one2, env: { ...told, ...one2.env } }));
}
function shared(policy, share) {
  if (share === null) return policy;
  const part2 = (limits) => ({
    ...limits,
    memory: limits.memory ?? share.memory,
    cpus: limits.cpus ?? share.cpus
  });
  const { agent: agent2, setup } = policy;
  return { ...policy, agent: { ...agent2, limits: part2(agent2.limits) }, setup: { ...setup, limits: part2(setup.limits) } };
}
function agentPolicy(task2, solution) {
  const files = solution ? task2.solution?.files ?? null : null;
  return files === null ? task2.policy : withMounts(task2.policy, [mount(files.source, files.target, "read-only")]);
}
function verifierSteps({ script: script3, shell: shell2, env, checks }, place) {
  const commands = checks.flatMap(({ name, value }) => name === "command" ? [value] : []);
  return [
    ...script3 === null ? [] : [{ ...step("verifier", false, script3, place, env), shell: shell2 }],
    ...commands.map((command) => ({
      ...step(`command: ${command.trim().split("\n")[0]?.slice(0, 80) ?? ""}`, false, command, place, env),
      shell: shell2
    }))
  ];
}
function verifierPolicy({ policy, verifier: verifier2 }, empty) {
  const own = defaultPolicy();
  const access = policy.workspace.access === "none" ? "none" : verifier2.workspace;
  const { memory, cpus, processes } = policy.agent.limits;
  const limits = { ...own.agent.limits, memory, cpus, processes, time: verifier2.time };
  const base = {
    ...own,
    jail: policy.jail,
    workspace: { access, hide: policy.workspace.hide },
    agent: { ...own.agent, limits },
    limits: { ...own.limits, disk: policy.limits.disk, files: policy.limits.files },
    guards: []
  };
  return withMounts(base, [
    ...policy.mounts.map((one2) => ({ ...one2, access: "read-only" })),
    ...verifier2.files === null ? [] : [mount(verifier2.files.source, verifier2.files.target, "read-only")],
    ...verifier2.empty.map((target, index) => mount(empty[index] ?? "", target, "copy-on-write"))
  ]);
}
var mount = (source, target, access) => ({
  source,
  target,
  access,
  place: NOWHERE
});
function withMounts(policy, mounts) {
  const { digest: _digest, ...own } = { ...policy, mounts: [...policy.mounts, ...mounts] };
  return { ...own, digest: digest(own) };
}

// src/suite/schema.ts
function taskId(written) {
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/.test(written))
    throw new Error(`${JSON.stringify(written)} is not a name: lower-case letters, digits, \`.\`, \`_\`, \`-\`, at most 100`);
  return written;
}
function filePath(written) {
  if (written === "" || written.includes("\0")) throw new Error(`${JSON.stringify(written)} is not a path`);
  return written;
}
function commit(written) {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(written))
    throw new Error(`${JSON.stringify(written)} is not a whole commit id: a branch or tag may be another commit tomorrow`);
  return written;
}
var aFile = (description2) => text("a path", filePath, description2);
var script2 = (description2) => text("a script", script, description2);
var shell = text("a shell", line, "bash, sh, python …, or a template with {0}; default: bash");
var trials = count(1, 1e6, "how often each task is tried");
var deterministic = flag("does the same each time: each change of its outcomes counts, without statistics");
var variables2 = named(variableName, text("text", plainText, "the value, as it is"), "environment variables");
var agent = map(
  {
    setup: optional(script2("runs first, under the `setup` section of the policy")),
    run: optional(script2("the script; $AGENT_JAIL_INSTRUCTION holds what the task asks for")),
    steps: optional(stepsSchema),
    shell: optional(shell),
    env: optional(variables2, {}),
    deterministic: optional(deterministic, false)
  },
  "an agent: `run`, or `steps`"
);
var verifier = map(
  {
    run: optional(script2("the script; exit code 0 is a pass, or see `reward`")),
    shell: optional(shell),
    reward: optional(flag("the script writes a number to $AGENT_JAIL_RESULT"), false),
    threshold: optional(number2(-1e9, 1e9, "a reward of at least this is a pass"), 1),
    files: optional(aFile("a directory that the agent never sees; the verifier has it at `target`")),
    target: optional(text("an absolute path", mountTarget, "where `files` are"), "/verifier"),
    root: optional(oneOf(["fresh", "agent"], "a root that the agent never had, or the one it left"), "fresh"),
    workspace: optional(oneOf(["read-only", "copy-on-write"], "what the verifier may do in the workspace"), "read-only"),
    env: optional(variables2, {}),
    time: optional(text("a time", time, "how long the script may take"), "10m"),
    checks: optional(checksSchema, [])
  },
  "how a trial is judged, once the agent is dead"
);
var task = map(
  {
    id: optional(text("a name", taskId, "name of the task")),
    harbor: optional(aFile("a task directory of Harbor (Terminal-Bench), or a directory of such")),
    instruction: optional(text("text", script, "what the agent is asked to do")),
    "instruction-file": optional(aFile("a file that holds the instruction")),
    directory: optional(aFile("the workspace as each trial finds it")),
    repository: optional(
      map(
        {
          url: text("a URL or a path", filePath, "of a git repository"),
          commit: text("a commit", commit, "what is checked out: the whole id"),
          path: optional(text("a path", path, "a directory of it; default: all of it"))
        },
        "the workspace is a checkout"
      )
    ),
    setup: optional(script2("runs before the agent's own setup")),
    agent: optional(agent),
    solution: optional(script2("what the built-in agent `oracle` runs")),
    policy: optional(policySchema),
    trials: optional(trials),
    tags: optional(list(text("a name", taskId, "a tag"), "for --filter"), []),
    verifier: optional(verifier),
    deterministic: optional(deterministic)
  },
  "a task"
);
var suiteSchema = map(
  {
    version: optional(pipe(literal(1, "the only version is 1\nWrite `version: 1`."), description("version of this format")), 1),
    name: optional(text("a name", taskId, "name of the suite; default: that of its directory")),
    trials: optional(trials, 1),
    seed: optional(count(0, 4294967295, "trials get seeds that follow from it"), 0),
    agents: optional(named(taskId, agent, "agents by name; `oracle` and `null` are built in"), {}),
    agent: optional(text("a name", taskId, "the agent that is meant where none is asked for")),
    policy: optional(policySchema),
    "policy-file": optional(aFile("the policy of all tasks")),
    build: optional(oneOf(["refuse", "allow"], "whether images may be built for tasks that need one, outside of any jail"), "refuse"),
    jobs: optional(count(1, 1024, "trials at a time; default: as many as processors and memory allow")),
    gate: optional(
      map(
        {
          "pass-rate": optional(number2(0, 1, "below it the run of the suite fails; default: none")),
          infra: optional(number2(0, 1, "trials that could not be measured; above it the run fails"), 0.1)
        },
        "when a run of the suite fails"
      ),
      { infra: 0.1 }
    ),
    verifier: optional(verifier),
    tasks: list(task, "what agents are asked to do")
  },
  "A suite: tasks, agents, and how trials are judged."
);

// src/suite/read.ts
var WHAT = "a suite: `tasks:` and an agent";
var BUILT_IN = ["oracle", "null"];
var INSTRUCTION_BYTES = (1 << 17) - 100;
function readSuite(text2, file, cwd, texts = /* @__PURE__ */ new Map()) {
  const source = readYaml(text2, file, WHAT);
  const user = check2(suiteSchema, source);
  return new Reader({ source, user, file, directory: dirname(resolve(cwd, file)), texts }).suite();
}
var policyFileOf = (text2, file) => check2(suiteSchema, readYaml(text2, file, WHAT))["policy-file"] ?? null;
var Reader = class {
  #source;
  #user;
  #file;
  #directory;
  #texts;
  #problems = [];
  #notices = [];
  constructor({ source, user, file, directory, texts }) {
    this.#source = source;
    this.#user = user;
    this.#file = file;
    this.#directory = directory;
    this.#texts = texts;
  }
  suite() {
    const user = this.#user;
    const shared2 = this.#shared();
    const suitePolicy = policyOf(shared2);
    const agents = new Map(Object.entries(user.agents).map(([name, agent2]) => [name, this.#agent(agent2, ["agents", name])]));
    for (const name of BUILT_IN)
      if (agents.has(name)) this.#wrong(`agents: ${JSON.stringify(name)} is built in`, "Give yours another name.", ["agents", name]);
    if (user.agent !== void 0 && !agents.has(user.agent) && !BUILT_IN.some((name) => name === user.agent))
      this.#wrong(`agent: there is no agent ${JSON.stringify(user.agent)}`, `There are: ${[...agents.keys(), ...BUILT_IN].join(", ")}.`, [
        "agent"
      ]);
    const tasks = user.tasks.flatMap((task2, index) => this.#tasks(task2, index, shared2));
    if (tasks.length === 0 && this.#problems.length === 0) this.#wrong("there is no task", "List at least one under `tasks`.", ["tasks"]);
    const ids = /* @__PURE__ */ new Set();
    for (const { id, place } of tasks) {
      if (ids.has(id)) this.#problems.push({ message: `the task ${id} is there twice`, remedy: "Give one another `id`.", place });
      ids.add(id);
    }
    for (const task2 of tasks)
      for (const more of loosened(suitePolicy, task2.policy)) this.#notices.push(`task ${task2.id} allows more than the suite: ${more}`);
    if (this.#problems.length > 0) throw new UserError(this.#problems.sort(byPlace));
    const [only] = agents.size === 1 ? agents.keys() : [];
    return {
      name: user.name ?? nameOf(this.#directory),
      file: this.#file,
      digest: digestOf(tasks.map((task2) => this.#asked(task2))),
      seed: user.seed,
      jobs: user.jobs ?? null,
      gate: { passRate: user.gate["pass-rate"] ?? null, infra: user.gate.infra },
      agents,
      agent: user.agent ?? only ?? null,
      build: user.build === "allow",
      tasks,
      notices: this.#notices
    };
  }
  /** The policy of all tasks, as it is written. */
  #shared() {
    const file = this.#user["policy-file"];
    if (file === void 0) return part(this.#source, ["policy"]);
    if (this.#user.policy !== void 0) this.#wrong("policy and policy-file are both there", "Keep one of them.", ["policy-file"]);
    const text2 = this.#text(file, ["policy-file"]);
    return text2 === null ? part(this.#source, ["policy"]) : readYaml(text2, file, "`version: 1` for a policy of defaults");
  }
  #tasks(user, index, shared2) {
    const at = ["tasks", index];
    const policy = policyOf(user.policy === void 0 ? shared2 : over(part(this.#source, [...at, "policy"]), shared2));
    const place = this.#source.place(at);
    if (user.harbor !== void 0) return this.#harbor(user, at, policy);
    if (user.id === void 0) {
      this.#wrong(`tasks[${index}]: key id is missing`, "Each task needs a name, or `harbor`.", at);
      return [];
    }
    const verifier2 = this.#verifier(user.verifier ?? this.#user.verifier, at, user.verifier !== void 0);
    const start = this.#start(user, at, policy.workspace.access === "none");
    if (start.kind === "directory") {
      const { files } = verifier2;
      if (files !== null && inside(files.source, start.path))
        this.#wrong(`tasks[${index}].verifier: ${files.source} lies in the workspace, where the agent sees it`, "Keep it elsewhere.", [
          ...at,
          "verifier"
        ]);
    }
    return [
      {
        id: user.id,
        place,
        instruction: this.#instruction(user, at),
        tags: user.tags,
        trials: user.trials ?? this.#user.trials,
        deterministic: user.deterministic ?? null,
        start,
        setup: user.setup === void 0 ? [] : [step("setup of the task", true, user.setup, place, {})],
        agent: user.agent === void 0 ? null : this.#agent(user.agent, [...at, "agent"]),
        solution: user.solution === void 0 ? null : { script: user.solution, files: null },
        policy,
        ownRoot: false,
        image: null,
        verifier: verifier2
      }
    ];
  }
  #harbor(user, at, policy) {
    const allowed = ["harbor", "tags", "trials", "policy", "setup", "agent", "deterministic"];
    const other = Object.keys(user).find((key) => !allowed.includes(key) && key !== "id" && user[key] !== void 0);
    if (other !== void 0) this.#wrong(`${other} does not go with harbor: the task directory says it`, "Leave it out.", [...at, other]);
    const place = this.#source.place([...at, "harbor"]);
    const tasks = harborTasks(this.#resolve(user.harbor ?? ""), { policy, place, trials: user.trials ?? this.#user.trials });
    if (user.id !== void 0 && tasks.length > 1) this.#wrong("id does not go with several tasks", "Leave it out.", [...at, "id"]);
    return tasks.map((task2) => ({
      ...task2,
      id: user.id ?? task2.id,
      tags: [...user.tags, ...task2.tags],
      deterministic: user.deterministic ?? null,
      setup: user.setup === void 0 ? [] : [step("setup of the task", true, user.setup, place, {})],
      agent: user.agent === void 0 ? null : this.#agent(user.agent, [...at, "agent"])
    }));
  }
  #agent(user, at) {
    const place = this.#source.place(at);
    if (user.run === void 0 === (user.steps === void 0)) {
      this.#wrong("an agent has either run or steps", "Give exactly one of them.", at);
      return { steps: [], deterministic: user.deterministic };
    }
    const shell2 = user.shell ?? null;
    const setup = user.setup === void 0 ? [] : [{ ...step("setup", true, user.setup, place, user.env), shell: shell2 }];
    const steps = user.steps === void 0 ? [{ ...step("agent", false, user.run ?? "", place, user.env), shell: shell2 }] : stepInputs(user.steps, (path2) => this.#source.place([...at, "steps", ...path2])).map((one2) => ({
      ...one2,
      shell: one2.shell ?? shell2,
      env: { ...user.env, ...one2.env }
    }));
    return { steps: [...setup, ...steps], deterministic: user.deterministic };
  }
  #instruction(user, at) {
    const file = user["instruction-file"];
    if (user.instruction === void 0 === (file === void 0)) {
      this.#wrong("a task has either instruction or instruction-file", "Say what the agent is asked to do.", at);
      return "";
    }
    const text2 = file === void 0 ? user.instruction ?? "" : this.#text(file, [...at, "instruction-file"]) ?? "";
    if (Buffer.byteLength(text2) > INSTRUCTION_BYTES)
      this.#wrong("the instruction is longer than 128 KiB", "Put the details into a file of the workspace.", at);
    return text2;
  }
  #start(user, at, none) {
    const { directory, repository } = user;
    if (none) {
      const key = directory === void 0 ? repository === void 0 ? null : "repository" : "directory";
      if (key !== null)
        this.#wrong(`${key}: the policy gives the jail no workspace`, "Leave it out, or change `workspace` in the policy.", [...at, key]);
      return { kind: "none" };
    }
    if (directory === void 0 === (repository === void 0)) {
      this.#wrong("a task has either directory or repository", "Say what the workspace is at first.", at);
      return { kind: "none" };
    }
    if (repository !== void 0) {
      const url = /^[a-z+]+:\/\//.test(repository.url) ? repository.url : this.#resolve(repository.url);
      return { kind: "repository", url, commit: repository.commit, path: repository.path ?? "" };
    }
    return { kind: "directory", path: this.#existing(directory ?? "", [...at, "directory"]) };
  }
  #verifier(user, at, own) {
    const where = own ? [...at, "verifier"] : ["verifier"];
    if (user === void 0 || user.run === void 0 && user.checks.length === 0)
      this.#wrong("the verifier looks at nothing", "Give it `run` or `checks`.", user === void 0 ? at : where);
    if (user?.reward === true && user.run === void 0)
      this.#wrong("verifier.reward: there is no script that could write one", "Add `run`.", where);
    const files = user?.files === void 0 ? null : { source: this.#existing(user.files, [...where, "files"]), target: user.target };
    return {
      script: user?.run ?? null,
      shell: user?.shell ?? null,
      reward: user?.reward ?? false,
      threshold: user?.threshold ?? 1,
      files,
      empty: [],
      root: user?.root ?? "fresh",
      workspace: user?.workspace ?? "read-only",
      env: user?.env ?? {},
      time: time(user?.time ?? "10m"),
      checks: checksOf(user?.checks ?? [])
    };
  }
  /** What another suite has to have in common with this one, so that their results mean the same. No path of the machine is in it. */
  #asked({ id, instruction, start, setup, verifier: verifier2 }) {
    const { files, ...judged } = verifier2;
    return {
      id,
      instruction,
      start: start.kind === "directory" ? { ...start, path: relative(this.#directory, start.path) } : start.kind === "repository" ? { commit: start.commit, path: start.path } : start,
      setup: setup.map(({ run }) => run),
      verifier: judged,
      files: files === null ? null : [files.target, treeDigest(files.source, `verifier of ${id}`)]
    };
  }
  #resolve(written) {
    return resolve(this.#directory, written);
  }
  #existing(written, at) {
    const path2 = this.#resolve(written);
    if (existsSync2(path2) && lstatSync3(realpathSync(path2)).isDirectory()) return realpathSync(path2);
    this.#wrong(`${JSON.stringify(written)} is not a directory`, "Paths are relative to the suite file.", at);
    return path2;
  }
  #text(written, at) {
    const known = this.#texts.get(written);
    if (known !== void 0) return known;
    try {
      return readFileSync3(this.#resolve(written), "utf8");
    } catch (error) {
      this.#wrong(
        `cannot read ${written}: ${error.code === "ENOENT" ? "there is no such file" : error.message}`,
        "Paths are relative to the suite file.",
        at
      );
      return null;
    }
  }
  #wrong(message, remedy, at) {
    this.#problems.push({ message, remedy, place: this.#source.place(at) });
  }
};
var inside = (path2, directory) => path2 === directory || path2.startsWith(`${directory}/`);
function nameOf(directory) {
  const name = basename2(directory).toLowerCase().replace(/[^a-z0-9._-]+/g, "-").replace(/^[^a-z0-9]+/, "").slice(0, 100);
  return name === "" ? "suite" : name;
}

export {
  builtIn,
  agentSteps,
  shared,
  agentPolicy,
  verifierSteps,
  verifierPolicy,
  readSuite,
  policyFileOf
};
