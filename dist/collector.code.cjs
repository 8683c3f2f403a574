"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __esm = (fn, res, err) => function __init() {
  if (err) throw err[0];
  try {
    return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
  } catch (e) {
    throw err = [e], e;
  }
};
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key2 of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key2) && key2 !== except)
        __defProp(to, key2, { get: () => from[key2], enumerable: !(desc = __getOwnPropDesc(from, key2)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// src/model/record.ts
var OTHER_PATCHES, PATCH, RECORD;
var init_record = __esm({
  "src/model/record.ts"() {
    "use strict";
    OTHER_PATCHES = [
      "changes.1.patch",
      "changes.2.patch",
      "changes.3.patch",
      "changes.4.patch",
      "changes.5.patch",
      "changes.6.patch",
      "changes.7.patch",
      "changes.8.patch",
      "changes.9.patch"
    ];
    PATCH = { writer: "collector", schema: null, sealed: true };
    RECORD = {
      "run.json": { writer: "warden", schema: "run", sealed: true },
      "transcript.log": { writer: "warden", schema: null, sealed: true },
      "transcript.ndjson": { writer: "warden", schema: "transcript", sealed: true },
      "network.ndjson": { writer: "gateway", schema: "network", sealed: true },
      "programs.ndjson": { writer: "warden", schema: "programs", sealed: true },
      "usage.ndjson": { writer: "warden", schema: "usage", sealed: true },
      "backend.log": { writer: "warden", schema: null, sealed: true },
      "changes.ndjson": { writer: "collector", schema: "changes", sealed: true },
      "changes.patch": PATCH,
      ...Object.fromEntries(OTHER_PATCHES.map((file) => [file, PATCH])),
      "changes.tar.gz": { writer: "collector", schema: null, sealed: true },
      "result.txt": { writer: "collector", schema: null, sealed: true },
      "agent.ndjson": { writer: "collector", schema: "agent", sealed: true },
      "manifest.json": { writer: "warden", schema: "manifest", sealed: false },
      "verdict.json": { writer: "collector", schema: "verdict", sealed: false },
      "trajectory.json": { writer: "collector", schema: null, sealed: false },
      "transcript.cast": { writer: "collector", schema: null, sealed: false },
      "transcript.txt": { writer: "collector", schema: null, sealed: false },
      "report.html": { writer: "collector", schema: null, sealed: false },
      "findings.sarif": { writer: "collector", schema: null, sealed: false },
      "summary.md": { writer: "collector", schema: null, sealed: false }
    };
  }
});

// src/model/collector.ts
var EVIDENCE, REHEARSE;
var init_collector = __esm({
  "src/model/collector.ts"() {
    "use strict";
    init_record();
    EVIDENCE = ["changes.ndjson", "changes.patch", ...OTHER_PATCHES, "changes.tar.gz", "result.txt", "agent.ndjson"];
    REHEARSE = "rehearse";
  }
});

// src/record/error.ts
var RecordError;
var init_error = __esm({
  "src/record/error.ts"() {
    "use strict";
    RecordError = class extends Error {
      name = "RecordError";
      file;
      line;
      reason;
      constructor(file, line, reason3) {
        super(`${file}${line === null ? "" : `:${line}`}: ${reason3}`);
        this.file = file;
        this.line = line;
        this.reason = reason3;
      }
    };
  }
});

// src/model/errors.ts
var named, JailError;
var init_errors = __esm({
  "src/model/errors.ts"() {
    "use strict";
    named = (value, name) => value instanceof Error && value.name === name;
    JailError = class extends Error {
      static [Symbol.hasInstance](value) {
        return named(value, "JailError");
      }
      name = "JailError";
      remedy;
      place;
      constructor(message3, remedy, place2 = null, options) {
        super(message3, options);
        this.remedy = remedy;
        this.place = place2;
      }
    };
  }
});

// src/record/display.ts
function displayText(text4, limit = LIMIT) {
  if (PLAIN.test(text4)) return text4.length > limit ? `${text4.slice(0, limit)}\u2026` : text4;
  return join(characters(text4), limit);
}
function displayPath(path2, limit = LIMIT) {
  const text4 = utf8(path2);
  return join(text4 === null ? bytes(path2) : characters(text4), limit);
}
function utf8(bytes4) {
  try {
    return strict.decode(bytes4);
  } catch {
    return null;
  }
}
function* characters(text4) {
  for (const character of text4) {
    const code2 = character.codePointAt(0) ?? 0;
    yield !HIDDEN.test(character) ? character : character === "\\" ? "\\\\" : code2 < 128 ? hex(code2) : `\\u{${code2.toString(16)}}`;
  }
}
function* bytes(path2) {
  for (const byte2 of path2) {
    yield byte2 === 92 ? "\\\\" : byte2 < 32 || byte2 > 126 ? hex(byte2) : String.fromCharCode(byte2);
  }
}
function join(parts2, limit) {
  let shown2 = "";
  for (const part2 of parts2) {
    if (shown2.length + part2.length > limit) return `${shown2}\u2026`;
    shown2 += part2;
  }
  return shown2;
}
var HIDDEN, PLAIN, LIMIT, strict, hex;
var init_display = __esm({
  "src/record/display.ts"() {
    "use strict";
    HIDDEN = /^[\\\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u034F\u2800\uFE00-\uFE0F]$/u;
    PLAIN = /^[ -[\]-~]*$/;
    LIMIT = 300;
    strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    hex = (byte2) => `\\x${byte2.toString(16).padStart(2, "0")}`;
  }
});

// node_modules/valibot/dist/index.mjs
// @__NO_SIDE_EFFECTS__
function getGlobalConfig(config$1) {
  if (!config$1 && !store$4) return DEFAULT_CONFIG;
  return {
    lang: config$1?.lang ?? store$4?.lang,
    message: config$1?.message,
    abortEarly: config$1?.abortEarly ?? store$4?.abortEarly,
    abortPipeEarly: config$1?.abortPipeEarly ?? store$4?.abortPipeEarly
  };
}
// @__NO_SIDE_EFFECTS__
function getGlobalMessage(lang) {
  return store$3?.get(lang);
}
// @__NO_SIDE_EFFECTS__
function getSchemaMessage(lang) {
  return store$2?.get(lang);
}
// @__NO_SIDE_EFFECTS__
function getSpecificMessage(reference, lang) {
  return store$1?.get(reference)?.get(lang);
}
// @__NO_SIDE_EFFECTS__
function _stringify(input) {
  const type = typeof input;
  if (type === "string") return `"${input}"`;
  if (type === "number" || type === "bigint" || type === "boolean") return `${input}`;
  if (type === "object" || type === "function") return (input && Object.getPrototypeOf(input)?.constructor?.name) ?? "null";
  return type;
}
function _addIssue(context2, label2, dataset, config$1, other2) {
  const input = other2 && "input" in other2 ? other2.input : dataset.value;
  const expected = other2?.expected ?? context2.expects ?? null;
  const received = other2?.received ?? /* @__PURE__ */ _stringify(input);
  const issue = {
    kind: context2.kind,
    type: context2.type,
    input,
    expected,
    received,
    message: `Invalid ${label2}: ${expected ? `Expected ${expected} but r` : "R"}eceived ${received}`,
    requirement: context2.requirement,
    path: other2?.path,
    issues: other2?.issues,
    lang: config$1.lang,
    abortEarly: config$1.abortEarly,
    abortPipeEarly: config$1.abortPipeEarly
  };
  const isSchema = context2.kind === "schema";
  const message$1 = other2?.message ?? context2.message ?? /* @__PURE__ */ getSpecificMessage(context2.reference, issue.lang) ?? (isSchema ? /* @__PURE__ */ getSchemaMessage(issue.lang) : null) ?? config$1.message ?? /* @__PURE__ */ getGlobalMessage(issue.lang);
  if (message$1 !== void 0) issue.message = typeof message$1 === "function" ? message$1(issue) : message$1;
  if (isSchema) dataset.typed = false;
  if (dataset.issues) dataset.issues.push(issue);
  else dataset.issues = [issue];
}
// @__NO_SIDE_EFFECTS__
function _isSameValueZero(value1, value2) {
  return value1 === value2 || Number.isNaN(value1) && Number.isNaN(value2);
}
// @__NO_SIDE_EFFECTS__
function _isValidObjectKey(object$1, key2) {
  return Object.prototype.hasOwnProperty.call(object$1, key2) && key2 !== "__proto__" && key2 !== "prototype" && key2 !== "constructor";
}
// @__NO_SIDE_EFFECTS__
function _joinExpects(values$1, separator) {
  const list2 = [...new Set(values$1)];
  if (list2.length > 1) return `(${list2.join(` ${separator} `)})`;
  return list2[0] ?? "never";
}
function _standardSchema(schema) {
  schema["~standard"] = {
    version: 1,
    vendor: "valibot",
    validate: (value$1) => schema["~run"]({ value: value$1 }, /* @__PURE__ */ getGlobalConfig())
  };
  return schema;
}
// @__NO_SIDE_EFFECTS__
function getDotPath(issue) {
  if (issue.path) {
    let key2 = "";
    for (const item2 of issue.path) if (typeof item2.key === "string" || typeof item2.key === "number") if (key2) key2 += `.${item2.key}`;
    else key2 += item2.key;
    else return null;
    return key2;
  }
  return null;
}
// @__NO_SIDE_EFFECTS__
function integer(message$1) {
  return {
    kind: "validation",
    type: "integer",
    reference: integer,
    async: false,
    expects: null,
    requirement: Number.isInteger,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "integer", dataset, config$1);
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function isoTimestamp(message$1) {
  return {
    kind: "validation",
    type: "iso_timestamp",
    reference: isoTimestamp,
    async: false,
    expects: null,
    requirement: ISO_TIMESTAMP_REGEX,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !this.requirement.test(dataset.value)) _addIssue(this, "timestamp", dataset, config$1);
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function maxValue(requirement, message$1) {
  return {
    kind: "validation",
    type: "max_value",
    reference: maxValue,
    async: false,
    expects: `<=${requirement instanceof Date ? requirement.toJSON() : /* @__PURE__ */ _stringify(requirement)}`,
    requirement,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !(dataset.value <= this.requirement)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function minLength(requirement, message$1) {
  return {
    kind: "validation",
    type: "min_length",
    reference: minLength,
    async: false,
    expects: `>=${requirement}`,
    requirement,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && dataset.value.length < this.requirement) _addIssue(this, "length", dataset, config$1, { received: `${dataset.value.length}` });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function minValue(requirement, message$1) {
  return {
    kind: "validation",
    type: "min_value",
    reference: minValue,
    async: false,
    expects: `>=${requirement instanceof Date ? requirement.toJSON() : /* @__PURE__ */ _stringify(requirement)}`,
    requirement,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !(dataset.value >= this.requirement)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function regex(requirement, message$1) {
  return {
    kind: "validation",
    type: "regex",
    reference: regex,
    async: false,
    expects: `${requirement}`,
    requirement,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !this.requirement.test(dataset.value)) _addIssue(this, "format", dataset, config$1);
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function getFallback(schema, dataset, config$1) {
  return typeof schema.fallback === "function" ? schema.fallback(dataset, config$1) : schema.fallback;
}
// @__NO_SIDE_EFFECTS__
function getDefault(schema, dataset, config$1) {
  return typeof schema.default === "function" ? schema.default(dataset, config$1) : schema.default;
}
// @__NO_SIDE_EFFECTS__
function array(item2, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "array",
    reference: array,
    expects: "Array",
    async: false,
    item: item2,
    message: message$1,
    "~run"(dataset, config$1) {
      const input = dataset.value;
      if (Array.isArray(input)) {
        dataset.typed = true;
        dataset.value = [];
        for (let key2 = 0; key2 < input.length; key2++) {
          const value$1 = input[key2];
          const itemDataset = this.item["~run"]({ value: value$1 }, config$1);
          if (itemDataset.issues) {
            const pathItem = {
              type: "array",
              origin: "value",
              input,
              key: key2,
              value: value$1
            };
            for (const issue of itemDataset.issues) {
              if (issue.path) issue.path.unshift(pathItem);
              else issue.path = [pathItem];
              dataset.issues?.push(issue);
            }
            if (!dataset.issues) dataset.issues = itemDataset.issues;
            if (config$1.abortEarly) {
              dataset.typed = false;
              break;
            }
          }
          if (!itemDataset.typed) dataset.typed = false;
          dataset.value.push(itemDataset.value);
        }
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function boolean(message$1) {
  return _standardSchema({
    kind: "schema",
    type: "boolean",
    reference: boolean,
    expects: "boolean",
    async: false,
    message: message$1,
    "~run"(dataset, config$1) {
      if (typeof dataset.value === "boolean") dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function exactOptional(wrapped, default_) {
  return _standardSchema({
    kind: "schema",
    type: "exact_optional",
    reference: exactOptional,
    expects: wrapped.expects,
    async: false,
    wrapped,
    default: default_,
    "~run"(dataset, config$1) {
      return this.wrapped["~run"](dataset, config$1);
    }
  });
}
// @__NO_SIDE_EFFECTS__
function literal(literal_, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "literal",
    reference: literal,
    expects: /* @__PURE__ */ _stringify(literal_),
    async: false,
    literal: literal_,
    message: message$1,
    "~run"(dataset, config$1) {
      if (/* @__PURE__ */ _isSameValueZero(dataset.value, this.literal)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function looseObject(entries$1, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "loose_object",
    reference: looseObject,
    expects: "Object",
    async: false,
    entries: entries$1,
    message: message$1,
    "~run"(dataset, config$1) {
      const input = dataset.value;
      if (input && typeof input === "object") {
        dataset.typed = true;
        dataset.value = {};
        for (const key2 in this.entries) {
          const valueSchema = this.entries[key2];
          if (key2 in input || (valueSchema.type === "exact_optional" || valueSchema.type === "optional" || valueSchema.type === "nullish") && valueSchema.default !== void 0) {
            const value$1 = key2 in input ? input[key2] : /* @__PURE__ */ getDefault(valueSchema);
            const valueDataset = valueSchema["~run"]({ value: value$1 }, config$1);
            if (valueDataset.issues) {
              const pathItem = {
                type: "object",
                origin: "value",
                input,
                key: key2,
                value: value$1
              };
              for (const issue of valueDataset.issues) {
                if (issue.path) issue.path.unshift(pathItem);
                else issue.path = [pathItem];
                dataset.issues?.push(issue);
              }
              if (!dataset.issues) dataset.issues = valueDataset.issues;
              if (config$1.abortEarly) {
                dataset.typed = false;
                break;
              }
            }
            if (!valueDataset.typed) dataset.typed = false;
            dataset.value[key2] = valueDataset.value;
          } else if (valueSchema.fallback !== void 0) dataset.value[key2] = /* @__PURE__ */ getFallback(valueSchema);
          else if (valueSchema.type !== "exact_optional" && valueSchema.type !== "optional" && valueSchema.type !== "nullish") {
            _addIssue(this, "key", dataset, config$1, {
              input: void 0,
              expected: `"${key2}"`,
              path: [{
                type: "object",
                origin: "key",
                input,
                key: key2,
                value: input[key2]
              }]
            });
            if (config$1.abortEarly) break;
          }
        }
        if (!dataset.issues || !config$1.abortEarly) {
          for (const key2 in input) if (/* @__PURE__ */ _isValidObjectKey(input, key2) && !Object.prototype.hasOwnProperty.call(this.entries, key2)) dataset.value[key2] = input[key2];
        }
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function nullable(wrapped, default_) {
  return _standardSchema({
    kind: "schema",
    type: "nullable",
    reference: nullable,
    expects: `(${wrapped.expects} | null)`,
    async: false,
    wrapped,
    default: default_,
    "~run"(dataset, config$1) {
      if (dataset.value === null) {
        if (this.default !== void 0) dataset.value = /* @__PURE__ */ getDefault(this, dataset, config$1);
        if (dataset.value === null) {
          dataset.typed = true;
          return dataset;
        }
      }
      return this.wrapped["~run"](dataset, config$1);
    }
  });
}
// @__NO_SIDE_EFFECTS__
function number(message$1) {
  return _standardSchema({
    kind: "schema",
    type: "number",
    reference: number,
    expects: "number",
    async: false,
    message: message$1,
    "~run"(dataset, config$1) {
      if (typeof dataset.value === "number" && !isNaN(dataset.value)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function object(entries$1, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "object",
    reference: object,
    expects: "Object",
    async: false,
    entries: entries$1,
    message: message$1,
    "~run"(dataset, config$1) {
      const input = dataset.value;
      if (input && typeof input === "object") {
        dataset.typed = true;
        dataset.value = {};
        for (const key2 in this.entries) {
          const valueSchema = this.entries[key2];
          if (key2 in input || (valueSchema.type === "exact_optional" || valueSchema.type === "optional" || valueSchema.type === "nullish") && valueSchema.default !== void 0) {
            const value$1 = key2 in input ? input[key2] : /* @__PURE__ */ getDefault(valueSchema);
            const valueDataset = valueSchema["~run"]({ value: value$1 }, config$1);
            if (valueDataset.issues) {
              const pathItem = {
                type: "object",
                origin: "value",
                input,
                key: key2,
                value: value$1
              };
              for (const issue of valueDataset.issues) {
                if (issue.path) issue.path.unshift(pathItem);
                else issue.path = [pathItem];
                dataset.issues?.push(issue);
              }
              if (!dataset.issues) dataset.issues = valueDataset.issues;
              if (config$1.abortEarly) {
                dataset.typed = false;
                break;
              }
            }
            if (!valueDataset.typed) dataset.typed = false;
            dataset.value[key2] = valueDataset.value;
          } else if (valueSchema.fallback !== void 0) dataset.value[key2] = /* @__PURE__ */ getFallback(valueSchema);
          else if (valueSchema.type !== "exact_optional" && valueSchema.type !== "optional" && valueSchema.type !== "nullish") {
            _addIssue(this, "key", dataset, config$1, {
              input: void 0,
              expected: `"${key2}"`,
              path: [{
                type: "object",
                origin: "key",
                input,
                key: key2,
                value: input[key2]
              }]
            });
            if (config$1.abortEarly) break;
          }
        }
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function optional(wrapped, default_) {
  return _standardSchema({
    kind: "schema",
    type: "optional",
    reference: optional,
    expects: `(${wrapped.expects} | undefined)`,
    async: false,
    wrapped,
    default: default_,
    "~run"(dataset, config$1) {
      if (dataset.value === void 0) {
        if (this.default !== void 0) dataset.value = /* @__PURE__ */ getDefault(this, dataset, config$1);
        if (dataset.value === void 0) {
          dataset.typed = true;
          return dataset;
        }
      }
      return this.wrapped["~run"](dataset, config$1);
    }
  });
}
// @__NO_SIDE_EFFECTS__
function picklist(options, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "picklist",
    reference: picklist,
    expects: /* @__PURE__ */ _joinExpects(options.map(_stringify), "|"),
    async: false,
    options,
    message: message$1,
    "~run"(dataset, config$1) {
      if (this.options.includes(dataset.value)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function record(key2, value$1, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "record",
    reference: record,
    expects: "Object",
    async: false,
    key: key2,
    value: value$1,
    message: message$1,
    "~run"(dataset, config$1) {
      const input = dataset.value;
      if (input && typeof input === "object") {
        dataset.typed = true;
        dataset.value = {};
        for (const entryKey in input) if (/* @__PURE__ */ _isValidObjectKey(input, entryKey)) {
          const entryValue = input[entryKey];
          const keyDataset = this.key["~run"]({ value: entryKey }, config$1);
          if (keyDataset.issues) {
            const pathItem = {
              type: "object",
              origin: "key",
              input,
              key: entryKey,
              value: entryValue
            };
            for (const issue of keyDataset.issues) {
              issue.path = [pathItem];
              dataset.issues?.push(issue);
            }
            if (!dataset.issues) dataset.issues = keyDataset.issues;
            if (config$1.abortEarly) {
              dataset.typed = false;
              break;
            }
          }
          const valueDataset = this.value["~run"]({ value: entryValue }, config$1);
          if (valueDataset.issues) {
            const pathItem = {
              type: "object",
              origin: "value",
              input,
              key: entryKey,
              value: entryValue
            };
            for (const issue of valueDataset.issues) {
              if (issue.path) issue.path.unshift(pathItem);
              else issue.path = [pathItem];
              dataset.issues?.push(issue);
            }
            if (!dataset.issues) dataset.issues = valueDataset.issues;
            if (config$1.abortEarly) {
              dataset.typed = false;
              break;
            }
          }
          if (!keyDataset.typed || !valueDataset.typed) dataset.typed = false;
          if (keyDataset.typed) dataset.value[keyDataset.value] = valueDataset.value;
        }
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function strictObject(entries$1, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "strict_object",
    reference: strictObject,
    expects: "Object",
    async: false,
    entries: entries$1,
    message: message$1,
    "~run"(dataset, config$1) {
      const input = dataset.value;
      if (input && typeof input === "object") {
        dataset.typed = true;
        dataset.value = {};
        for (const key2 in this.entries) {
          const valueSchema = this.entries[key2];
          if (key2 in input || (valueSchema.type === "exact_optional" || valueSchema.type === "optional" || valueSchema.type === "nullish") && valueSchema.default !== void 0) {
            const value$1 = key2 in input ? input[key2] : /* @__PURE__ */ getDefault(valueSchema);
            const valueDataset = valueSchema["~run"]({ value: value$1 }, config$1);
            if (valueDataset.issues) {
              const pathItem = {
                type: "object",
                origin: "value",
                input,
                key: key2,
                value: value$1
              };
              for (const issue of valueDataset.issues) {
                if (issue.path) issue.path.unshift(pathItem);
                else issue.path = [pathItem];
                dataset.issues?.push(issue);
              }
              if (!dataset.issues) dataset.issues = valueDataset.issues;
              if (config$1.abortEarly) {
                dataset.typed = false;
                break;
              }
            }
            if (!valueDataset.typed) dataset.typed = false;
            dataset.value[key2] = valueDataset.value;
          } else if (valueSchema.fallback !== void 0) dataset.value[key2] = /* @__PURE__ */ getFallback(valueSchema);
          else if (valueSchema.type !== "exact_optional" && valueSchema.type !== "optional" && valueSchema.type !== "nullish") {
            _addIssue(this, "key", dataset, config$1, {
              input: void 0,
              expected: `"${key2}"`,
              path: [{
                type: "object",
                origin: "key",
                input,
                key: key2,
                value: input[key2]
              }]
            });
            if (config$1.abortEarly) break;
          }
        }
        if (!dataset.issues || !config$1.abortEarly) {
          for (const key2 in input) if (!Object.prototype.hasOwnProperty.call(this.entries, key2)) {
            _addIssue(this, "key", dataset, config$1, {
              input: key2,
              expected: "never",
              path: [{
                type: "object",
                origin: "key",
                input,
                key: key2,
                value: input[key2]
              }]
            });
            break;
          }
        }
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function string(message$1) {
  return _standardSchema({
    kind: "schema",
    type: "string",
    reference: string,
    expects: "string",
    async: false,
    message: message$1,
    "~run"(dataset, config$1) {
      if (typeof dataset.value === "string") dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function unknown() {
  return _standardSchema({
    kind: "schema",
    type: "unknown",
    reference: unknown,
    expects: "unknown",
    async: false,
    "~run"(dataset) {
      dataset.typed = true;
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function variant(key2, options, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "variant",
    reference: variant,
    expects: "Object",
    async: false,
    key: key2,
    options,
    message: message$1,
    "~run"(dataset, config$1) {
      const input = dataset.value;
      if (input && typeof input === "object") {
        let outputDataset;
        let maxDiscriminatorPriority = 0;
        let invalidDiscriminatorKey = this.key;
        let expectedDiscriminators = [];
        const parseOptions = (variant$1, allKeys) => {
          for (const schema of variant$1.options) {
            if (schema.type === "variant") parseOptions(schema, new Set(allKeys).add(schema.key));
            else {
              let keysAreValid = true;
              let currentPriority = 0;
              for (const currentKey of allKeys) {
                const discriminatorSchema = schema.entries[currentKey];
                if (currentKey in input ? discriminatorSchema["~run"]({
                  typed: false,
                  value: input[currentKey]
                }, ABORT_EARLY_CONFIG).issues : discriminatorSchema.type !== "exact_optional" && discriminatorSchema.type !== "optional" && discriminatorSchema.type !== "nullish") {
                  keysAreValid = false;
                  if (invalidDiscriminatorKey !== currentKey && (maxDiscriminatorPriority < currentPriority || maxDiscriminatorPriority === currentPriority && currentKey in input && !(invalidDiscriminatorKey in input))) {
                    maxDiscriminatorPriority = currentPriority;
                    invalidDiscriminatorKey = currentKey;
                    expectedDiscriminators = [];
                  }
                  if (invalidDiscriminatorKey === currentKey) expectedDiscriminators.push(schema.entries[currentKey].expects);
                  break;
                }
                currentPriority++;
              }
              if (keysAreValid) {
                const optionDataset = schema["~run"]({ value: input }, config$1);
                if (!outputDataset || !outputDataset.typed && optionDataset.typed) outputDataset = optionDataset;
              }
            }
            if (outputDataset && !outputDataset.issues) break;
          }
        };
        parseOptions(this, /* @__PURE__ */ new Set([this.key]));
        if (outputDataset) return outputDataset;
        _addIssue(this, "type", dataset, config$1, {
          input: input[invalidDiscriminatorKey],
          expected: /* @__PURE__ */ _joinExpects(expectedDiscriminators, "|"),
          path: [{
            type: "object",
            origin: "value",
            input,
            key: invalidDiscriminatorKey,
            value: input[invalidDiscriminatorKey]
          }]
        });
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function pipe(...pipe$1) {
  return _standardSchema({
    ...pipe$1[0],
    pipe: pipe$1,
    "~run"(dataset, config$1) {
      for (const item2 of pipe$1) if (item2.kind !== "metadata") {
        if (dataset.issues && (item2.kind === "schema" || item2.kind === "transformation")) {
          dataset.typed = false;
          break;
        }
        if (!dataset.issues || !config$1.abortEarly && !config$1.abortPipeEarly) dataset = item2["~run"](dataset, config$1);
      }
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function safeParse(schema, input, config$1) {
  const dataset = schema["~run"]({ value: input }, /* @__PURE__ */ getGlobalConfig(config$1));
  return {
    typed: dataset.typed,
    success: !dataset.issues,
    output: dataset.value,
    issues: dataset.issues
  };
}
var store$4, DEFAULT_CONFIG, store$3, store$2, store$1, EMOJI_REGEX, ISO_TIMESTAMP_REGEX, ABORT_EARLY_CONFIG;
var init_dist = __esm({
  "node_modules/valibot/dist/index.mjs"() {
    "use strict";
    DEFAULT_CONFIG = {
      lang: void 0,
      message: void 0,
      abortEarly: void 0,
      abortPipeEarly: void 0
    };
    EMOJI_REGEX = new RegExp("^(?:[\\u{1F1E6}-\\u{1F1FF}]{2}|\\u{1F3F4}[\\u{E0061}-\\u{E007A}]{2}[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{1,3}\\u{E007F}|(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|(?![\\p{Emoji_Modifier_Base}\\u{1F1E6}-\\u{1F1FF}])\\p{Emoji_Presentation})(?:\\u200D(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|(?![\\p{Emoji_Modifier_Base}\\u{1F1E6}-\\u{1F1FF}])\\p{Emoji_Presentation}))*)+$", "u");
    ISO_TIMESTAMP_REGEX = /^\d{4}-(?:0[1-9]|1[0-2])-(?:[12]\d|0[1-9]|3[01])[T ](?:0\d|1\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{1,9})?(?:Z| ?[+-](?:0\d|1\d|2[0-3])(?::?[0-5]\d)?)$/u;
    ABORT_EARLY_CONFIG = { abortEarly: true };
  }
});

// src/record/files.ts
function listRecord(dir) {
  const stat = (0, import_node_fs2.lstatSync)(dir, { throwIfNoEntry: false });
  if (stat === void 0) throw new RecordError(".", null, "there is no such directory");
  if (!stat.isDirectory()) throw new RecordError(".", null, "not a directory (a link is not followed)");
  try {
    return (0, import_node_fs2.readdirSync)(dir);
  } catch (error) {
    throw new RecordError(".", null, `cannot be read: ${code(error)}`);
  }
}
function openFile(dir, file) {
  let fd;
  try {
    fd = (0, import_node_fs2.openSync)((0, import_node_path.join)(dir, file), import_node_fs2.constants.O_RDONLY | import_node_fs2.constants.O_NOFOLLOW | import_node_fs2.constants.O_NONBLOCK | import_node_fs2.constants.O_NOCTTY);
  } catch (error) {
    if (code(error) === "ENOENT") return null;
    const link = code(error) === "ELOOP" || code(error) === "ENXIO";
    throw new RecordError(file, null, link ? "not a regular file" : `cannot be opened: ${code(error)}`);
  }
  try {
    const stat = (0, import_node_fs2.fstatSync)(fd);
    if (!stat.isFile()) throw new RecordError(file, null, "not a regular file");
    if (stat.size > SIZE_LIMITS[file]) throw new RecordError(file, null, `larger than ${SIZE_LIMITS[file]} bytes`);
    return { fd, size: stat.size };
  } catch (error) {
    (0, import_node_fs2.closeSync)(fd);
    throw error;
  }
}
function fileSize(dir, file) {
  const open = openFile(dir, file);
  if (open === null) return null;
  (0, import_node_fs2.closeSync)(open.fd);
  return open.size;
}
function readSmall(dir, file) {
  const open = openFile(dir, file);
  if (open === null) return null;
  try {
    return Buffer.concat([...pieces(file, open.fd, open.size)]);
  } finally {
    (0, import_node_fs2.closeSync)(open.fd);
  }
}
function* readPieces(dir, file) {
  const open = openFile(dir, file);
  if (open === null) return;
  const buffer = Buffer.allocUnsafe(MiB);
  try {
    yield* pieces(file, open.fd, open.size, buffer);
  } finally {
    (0, import_node_fs2.closeSync)(open.fd);
  }
}
function* pieces(file, fd, size2, buffer) {
  for (let at2 = 0; at2 < size2; ) {
    const piece = buffer ?? Buffer.allocUnsafe(Math.min(MiB, size2));
    const read = (0, import_node_fs2.readSync)(fd, piece, 0, Math.min(piece.length, size2 - at2), at2);
    if (read === 0) throw new RecordError(file, null, "became shorter while it was read");
    at2 += read;
    yield piece.subarray(0, read);
  }
}
var import_node_fs2, import_node_path, MiB, GiB, SIZE_LIMITS, code;
var init_files = __esm({
  "src/record/files.ts"() {
    "use strict";
    import_node_fs2 = require("node:fs");
    import_node_path = require("node:path");
    init_record();
    init_error();
    MiB = 1 << 20;
    GiB = 1 << 30;
    SIZE_LIMITS = {
      "run.json": 16 * MiB,
      "transcript.log": 64 * GiB,
      "transcript.ndjson": 8 * GiB,
      "network.ndjson": GiB,
      "programs.ndjson": GiB,
      "usage.ndjson": GiB,
      "backend.log": GiB,
      "changes.ndjson": 8 * GiB,
      "changes.patch": 64 * GiB,
      ...Object.fromEntries(OTHER_PATCHES.map((file) => [file, 64 * GiB])),
      "changes.tar.gz": 256 * GiB,
      "result.txt": MiB,
      "agent.ndjson": 512 * MiB,
      "manifest.json": MiB,
      "verdict.json": 4 * MiB,
      "trajectory.json": 128 * MiB,
      "transcript.cast": 256 * MiB,
      "transcript.txt": 64 * MiB,
      "report.html": 64 * MiB,
      "findings.sarif": 16 * MiB,
      "summary.md": MiB
    };
    code = (error) => error.code ?? String(error);
  }
});

// src/record/ndjson.ts
function lineOf(file, schema) {
  return (value, line) => check(file, line, schema, value);
}
function check(file, line, schema, value) {
  const result2 = safeParse(schema, value, { abortEarly: true });
  if (result2.success) return result2.output;
  const [issue] = result2.issues;
  const at2 = getDotPath(issue) ?? "";
  throw new RecordError(file, line, displayText(`${at2 === "" ? "" : `${at2}: `}${issue.message}`));
}
function parseObject(file, line, bytes4) {
  const text4 = utf8(bytes4);
  if (text4 === null) throw new RecordError(file, line, "not UTF-8");
  let value;
  try {
    value = JSON.parse(text4);
  } catch {
    throw new RecordError(file, line, "not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new RecordError(file, line, "not a JSON object");
  return value;
}
function checkSchema(file, value, line = 1) {
  const wanted = `agent-jail/${RECORD[file].schema}@1`;
  const given = value["schema"];
  if (given === wanted) return;
  const other2 = typeof given === "string" && given.startsWith(wanted.slice(0, -1));
  const why = other2 ? `is ${given}, which this version of agent-jail does not read` : `has no "schema": "${wanted}"`;
  throw new RecordError(file, line, displayText(why));
}
function* wholeLines(dir, file) {
  let rest = Buffer.alloc(0);
  let number3 = 1;
  for (const piece of readPieces(dir, file)) {
    let from = 0;
    for (let at2 = piece.indexOf(10); at2 !== -1; at2 = piece.indexOf(10, from)) {
      const line = piece.subarray(from, at2);
      yield rest.length === 0 ? line : Buffer.concat([rest, line]);
      rest = Buffer.alloc(0);
      number3 += 1;
      from = at2 + 1;
    }
    if (from < piece.length) rest = Buffer.concat([rest, piece.subarray(from)]);
    if (rest.length > LINE_LIMIT) throw new RecordError(file, number3, `longer than ${LINE_LIMIT} bytes`);
  }
}
function readFooter(dir, file) {
  const open = openFile(dir, file);
  if (open === null) return null;
  try {
    const line = lastLine(open.fd, open.size);
    const value = line === null ? null : JSON.parse(utf8(line) ?? "");
    return typeof value === "object" && value !== null && value["end"] === true ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  } finally {
    (0, import_node_fs3.closeSync)(open.fd);
  }
}
function lastLine(fd, size2) {
  for (let want = 1 << 12; ; want *= 8) {
    const tail = Buffer.alloc(Math.min(size2, want));
    if ((0, import_node_fs3.readSync)(fd, tail, 0, tail.length, size2 - tail.length) !== tail.length || tail.at(-1) !== 10) return null;
    const before = tail.lastIndexOf(10, -2);
    if (before !== -1) return tail.subarray(before + 1, -1);
    if (want >= size2 || want > LINE_LIMIT) return null;
  }
}
var import_node_fs3, LINE_LIMIT, NdjsonFile;
var init_ndjson = __esm({
  "src/record/ndjson.ts"() {
    "use strict";
    import_node_fs3 = require("node:fs");
    init_dist();
    init_record();
    init_display();
    init_error();
    init_files();
    LINE_LIMIT = 1 << 24;
    NdjsonFile = class {
      file;
      /** The last line says that this was all. */
      complete;
      /** That last line, with the writer's totals; null where the file was cut off. */
      footer;
      #dir;
      #decode;
      constructor(dir, file, decode) {
        this.file = file;
        this.#dir = dir;
        this.#decode = decode;
        this.footer = readFooter(dir, file);
        this.complete = this.footer !== null;
      }
      async *[Symbol.asyncIterator]() {
        yield* this.#lines();
      }
      *#lines() {
        let number3 = 0;
        let ended3 = false;
        for (const bytes4 of wholeLines(this.#dir, this.file)) {
          number3 += 1;
          if (ended3) throw new RecordError(this.file, number3, "stands after the last line");
          const value = parseObject(this.file, number3, bytes4);
          if (number3 === 1) {
            checkSchema(this.file, value);
          } else if (value["end"] === true) {
            ended3 = true;
            if (value["lines"] !== number3 - 2) throw new RecordError(this.file, number3, `the last line does not count ${number3 - 2} lines`);
          } else {
            yield this.#decode(value, number3);
          }
        }
        const grown = ended3 && !this.complete && readFooter(this.#dir, this.file) !== null;
        if (ended3 !== this.complete && !grown) throw new RecordError(this.file, number3, "the file does not end where its last line says");
      }
    };
  }
});

// src/model/changes.ts
var FLAGS;
var init_changes = __esm({
  "src/model/changes.ts"() {
    "use strict";
    FLAGS = [
      "runs-later",
      "secret",
      "setuid",
      "special",
      "escaping-link",
      "binary",
      "ignored",
      "git-dir",
      "odd-name",
      "base-changed",
      "lockfile",
      "generated",
      "filtered",
      "noise"
    ];
  }
});

// src/model/names.ts
var PHASES;
var init_names = __esm({
  "src/model/names.ts"() {
    "use strict";
    PHASES = ["check", "layers", "jail", "gateway", "selftest", "steps", "stopped", "collect", "seal", "clean"];
  }
});

// src/model/outcome.ts
var EXIT;
var init_outcome = __esm({
  "src/model/outcome.ts"() {
    "use strict";
    EXIT = {
      succeeded: 0,
      "step-failed": 1,
      "usage-error": 2,
      "guard-failed": 3,
      "needs-review": 4,
      "limit-exceeded": 5,
      "jail-error": 70,
      "timed-out": 124,
      cancelled: 130
    };
  }
});

// src/model/trajectory.ts
var AGENTS, SESSIONS;
var init_trajectory = __esm({
  "src/model/trajectory.ts"() {
    "use strict";
    AGENTS = ["claude-code", "codex", "gemini", "pi", "copilot", "opencode"];
    SESSIONS = {
      "claude-code": { under: ".claude/projects", name: /\.jsonl$/ },
      codex: { under: ".codex/sessions", name: /^rollout-.*\.jsonl$/ },
      gemini: { under: ".gemini/tmp", name: /^session-.*\.jsonl?$/ },
      copilot: { under: ".copilot/session-state", name: /\.jsonl$/ },
      opencode: { under: ".local/share/opencode", name: /\.db$/ },
      pi: { under: ".pi/agent/sessions", name: /\.jsonl$/ }
    };
  }
});

// src/record/schema-common.ts
var count, amount, sha2562, id, strings, stringMap, place, base64, backendName, limitName, guardAction, digest;
var init_schema_common = __esm({
  "src/record/schema-common.ts"() {
    "use strict";
    init_dist();
    count = pipe(number(), integer(), minValue(0), maxValue(Number.MAX_SAFE_INTEGER));
    amount = pipe(number(), minValue(0));
    sha2562 = pipe(string(), regex(/^[0-9a-f]{64}$/));
    id = pipe(string(), regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/));
    strings = array(string());
    stringMap = record(string(), string());
    place = strictObject({ file: string(), line: count, column: count });
    base64 = pipe(string(), regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/));
    backendName = picklist(["nspawn", "docker", "vm", "chroot"]);
    limitName = picklist([
      "memory",
      "cpus",
      "processes",
      "time",
      "idle",
      "output",
      "disk",
      "files",
      "upload",
      "download",
      "connections",
      "requests"
    ]);
    guardAction = picklist(["fail", "review"]);
    digest = strictObject({ sha256: sha2562, size: count });
  }
});

// src/record/schema-policy.ts
var port, root, secretUse, network, stepRules, changeTest, guardRule, policySchema;
var init_schema_policy = __esm({
  "src/record/schema-policy.ts"() {
    "use strict";
    init_dist();
    init_schema_common();
    port = pipe(number(), integer(), minValue(1), maxValue(65535));
    root = variant("kind", [
      strictObject({ kind: literal("host") }),
      strictObject({ kind: literal("image"), ref: string() }),
      strictObject({ kind: literal("directory"), path: string() }),
      strictObject({ kind: literal("archive"), path: string(), sha256: nullable(sha2562) })
    ]);
    secretUse = variant("use", [
      strictObject({ name: string(), use: literal("env"), place }),
      strictObject({ name: string(), use: literal("inject"), hosts: strings, methods: strings, paths: strings, place })
    ]);
    network = strictObject({
      mode: picklist(["allow", "observe"]),
      allow: array(
        strictObject({
          pattern: string(),
          ports: array(port),
          methods: strings,
          paths: strings,
          tls: picklist(["visible", "named", "any"]),
          place
        })
      ),
      services: array(strictObject({ name: string(), port, place }))
    });
    stepRules = strictObject({
      env: stringMap,
      passEnv: strings,
      secrets: array(secretUse),
      network,
      limits: strictObject({
        memory: nullable(count),
        cpus: nullable(amount),
        processes: count,
        time: amount,
        idle: nullable(amount),
        output: count
      })
    });
    changeTest = variant("kind", [
      strictObject({ kind: picklist(["allow", "review", "deny", "require"]), globs: strings }),
      strictObject({ kind: literal("forbid"), flags: strings }),
      strictObject({ kind: picklist(["max-files", "max-added-lines", "max-bytes"]), max: count }),
      strictObject({ kind: literal("root"), allowed: boolean() })
    ]);
    guardRule = variant("on", [
      strictObject({
        name: picklist([
          "guards.changes.allow",
          "guards.changes.review",
          "guards.changes.deny",
          "guards.changes.forbid",
          "guards.changes.require",
          "guards.changes.max-files",
          "guards.changes.max-added-lines",
          "guards.changes.max-bytes",
          "guards.changes.root"
        ]),
        on: literal("changes"),
        action: guardAction,
        test: changeTest,
        place
      }),
      strictObject({
        name: literal("guards.network.denied"),
        on: literal("network"),
        action: guardAction,
        test: strictObject({ kind: literal("denied") }),
        place
      }),
      strictObject({
        name: picklist(["guards.output.require", "guards.output.forbid"]),
        on: literal("output"),
        action: guardAction,
        test: strictObject({ kind: picklist(["require", "forbid"]), pattern: string() }),
        place
      }),
      strictObject({
        name: literal("result.schema"),
        on: literal("result"),
        action: literal("fail"),
        test: strictObject({ kind: literal("schema"), schema: record(string(), unknown()) }),
        place
      })
    ]);
    policySchema = strictObject({
      version: literal(1),
      jail: strictObject({
        backend: picklist(["auto", ...backendName.options]),
        root,
        toolchain: picklist(["auto", "none"]),
        runtime: exactOptional(string()),
        vm: strictObject({ emulation: picklist(["allow", "refuse"]) })
      }),
      workspace: strictObject({ access: picklist(["copy-on-write", "read-only", "none"]), hide: strings }),
      mounts: array(strictObject({ source: string(), target: string(), access: picklist(["read-only", "copy-on-write"]), place })),
      agent: stepRules,
      setup: stepRules,
      limits: strictObject({
        disk: nullable(count),
        files: count,
        upload: nullable(count),
        download: nullable(count),
        connections: nullable(count),
        requests: nullable(count)
      }),
      record: strictObject({ streams: picklist(["merged", "split"]), touched: boolean() }),
      guards: array(guardRule),
      digest: sha2562
    });
  }
});

// src/record/schema-trajectory.ts
var extra, own, toolCall, result, metrics, step, trajectorySchema, source, number2, totalsSchema;
var init_schema_trajectory = __esm({
  "src/record/schema-trajectory.ts"() {
    "use strict";
    init_dist();
    init_schema_common();
    extra = exactOptional(record(string(), unknown()));
    own = exactOptional(string());
    toolCall = strictObject({
      tool_call_id: string(),
      function_name: string(),
      arguments: record(string(), unknown())
    });
    result = strictObject({ source_call_id: own, content: string(), extra });
    metrics = strictObject({
      prompt_tokens: amount,
      completion_tokens: amount,
      cached_tokens: amount,
      cost_usd: exactOptional(amount)
    });
    step = strictObject({
      step_id: pipe(count, minValue(1)),
      timestamp: own,
      source: picklist(["system", "user", "agent"]),
      message: string(),
      model_name: own,
      reasoning_content: own,
      tool_calls: exactOptional(array(toolCall)),
      observation: exactOptional(strictObject({ results: array(result) })),
      metrics: exactOptional(metrics),
      extra
    });
    trajectorySchema = strictObject({
      schema_version: literal("ATIF-v1.7"),
      session_id: own,
      agent: strictObject({ name: string(), version: string(), model_name: own, extra }),
      steps: pipe(array(step), minLength(1)),
      notes: own,
      final_metrics: exactOptional(
        strictObject({
          total_prompt_tokens: exactOptional(amount),
          total_completion_tokens: exactOptional(amount),
          total_cached_tokens: exactOptional(amount),
          total_cost_usd: exactOptional(amount),
          total_steps: count
        })
      ),
      extra
    });
    source = picklist(["gateway", "agent"]);
    number2 = nullable(strictObject({ value: amount, source }));
    totalsSchema = strictObject({
      turns: number2,
      toolCalls: number2,
      inputTokens: number2,
      outputTokens: number2,
      costUsd: number2,
      model: nullable(strictObject({ value: string(), source }))
    });
  }
});

// src/record/schema.ts
var policySource, runEnd, exit, lines, terminal, agentWish, phases, runSchema, digests, LAST, manifestSchema, finding, verdictSchema, entry, changed, changeSchema, text, networkSchema, programsSchema, at, transcriptSchema, agentSchema, usageSchema;
var init_schema = __esm({
  "src/record/schema.ts"() {
    "use strict";
    init_dist();
    init_changes();
    init_names();
    init_outcome();
    init_record();
    init_trajectory();
    init_schema_common();
    init_schema_policy();
    init_schema_trajectory();
    policySource = variant("kind", [
      strictObject({ kind: literal("default") }),
      strictObject({ kind: literal("inline") }),
      strictObject({ kind: literal("file"), file: string() }),
      strictObject({ kind: literal("base"), file: string(), ref: string(), commit: string() }),
      strictObject({ kind: literal("workspace"), file: string() })
    ]);
    runEnd = variant("how", [
      strictObject({ how: literal("steps-done"), failed: nullable(count) }),
      strictObject({ how: literal("limit"), limit: limitName, step: count }),
      strictObject({ how: literal("cancelled"), by: string() }),
      strictObject({
        how: literal("error"),
        started: boolean(),
        message: string(),
        remedy: string(),
        place: nullable(place)
      })
    ]);
    exit = object({
      code: nullable(pipe(number(), integer())),
      signal: nullable(string()),
      hit: array(limitName),
      ms: amount,
      bytes: count
    });
    lines = pipe(count, minValue(1), maxValue(1e3));
    terminal = object({ rows: lines, columns: lines });
    agentWish = nullable(picklist([...AGENTS, "none"]));
    phases = object(Object.fromEntries(PHASES.map((phase) => [phase, exactOptional(amount)])));
    runSchema = object({
      schema: literal("agent-jail/run@1"),
      id,
      started: pipe(string(), isoTimestamp()),
      tool: object({ name: literal("agent-jail"), version: string(), node: string() }),
      policy: policySchema,
      source: policySource,
      base: nullable(object({ commit: string(), dirty: boolean() })),
      origin: exactOptional(
        nullable(strictObject({ server: string(), repository: string(), run: string(), head: nullable(string()) }))
      ),
      backend: object({ name: backendName, version: string(), why: string() }),
      host: object({ kernel: string(), arch: string(), cpus: amount, memory: count, cgroups: string() }),
      root: object({ kind: picklist(["host", "image", "directory", "archive"]), sha256: nullable(sha2562) }),
      workspace: string(),
      path: exactOptional(nullable(string())),
      proof: nullable(array(object({ property: string(), seen: string() }))),
      steps: array(
        object({
          name: string(),
          setup: boolean(),
          argv: strings,
          tty: exactOptional(nullable(terminal)),
          agent: exactOptional(agentWish),
          started: nullable(amount),
          exit: nullable(exit)
        })
      ),
      end: runEnd,
      limits: array(object({ name: limitName, limit: nullable(amount), peak: nullable(amount), hit: boolean() })),
      programs: exactOptional(
        variant("source", [
          object({ source: picklist(["tracefs", "guest"]), processes: count, programs: count, omitted: count, lost: count }),
          object({ source: literal("none"), why: string() })
        ])
      ),
      tokens: nullable(object({ requests: count, input: count, output: count })),
      counts: object({ changed: count, ignored: count, denied: count, redacted: count, findings: count }),
      redacted: record(string(), count),
      exact: boolean(),
      notices: strings,
      phases
    });
    digests = (sealed) => {
      const files4 = Object.keys(RECORD).filter((file) => RECORD[file].sealed === sealed && !LAST.has(file));
      return strictObject(Object.fromEntries(files4.map((file) => [file, exactOptional(digest)])));
    };
    LAST = /* @__PURE__ */ new Set(["manifest.json", "verdict.json"]);
    manifestSchema = strictObject({ schema: literal("agent-jail/manifest@1"), id, files: digests(true) });
    finding = strictObject({
      rule: string(),
      place: nullable(place),
      action: guardAction,
      message: string(),
      what: strings,
      more: count,
      at: exactOptional(array(strictObject({ path: string(), line: nullable(count) })))
    });
    verdictSchema = strictObject({
      schema: literal("agent-jail/verdict@1"),
      id,
      outcome: picklist(Object.keys(EXIT)),
      because: string(),
      findings: array(finding),
      manifest: nullable(sha2562),
      files: digests(false),
      totals: exactOptional(totalsSchema)
    });
    entry = object({
      type: picklist(["file", "directory", "symlink", "fifo", "socket", "device"]),
      mode: pipe(count, maxValue(4095)),
      uid: count,
      gid: count,
      size: count,
      sha256: nullable(sha2562),
      link: nullable(string()),
      link_b64: exactOptional(base64),
      mtime: exactOptional(pipe(number(), integer())),
      names: exactOptional(count),
      stored: exactOptional(count),
      xattrs: exactOptional(record(string(), string()))
    });
    changed = {
      path: string(),
      path_b64: exactOptional(base64),
      layer: picklist(["workspace", "home", "root"]),
      flags: array(picklist(FLAGS)),
      why: exactOptional(pipe(string(), regex(/^[A-Za-z][A-Za-z ,.'-]{0,99}$/))),
      more: exactOptional(count),
      token: exactOptional(pipe(string(), regex(/^[a-z-]{1,40}$/)))
    };
    changeSchema = variant("op", [
      object({ ...changed, op: literal("added"), after: entry }),
      object({ ...changed, op: literal("deleted"), before: entry }),
      object({ ...changed, op: picklist(["modified", "retyped", "metadata", "touched"]), before: entry, after: entry }),
      object({ ...changed, op: literal("renamed"), from: string(), from_b64: exactOptional(base64), before: entry, after: entry })
    ]);
    text = nullable(string());
    networkSchema = object({
      t: amount,
      step: pipe(number(), integer(), minValue(-1)),
      kind: picklist(["dns", "connection", "request"]),
      transport: picklist(["tcp", "udp"]),
      name: text,
      type: text,
      address: text,
      port: pipe(count, maxValue(65535)),
      protocol: picklist(["dns", "tls", "http", "unknown"]),
      method: text,
      path: text,
      verdict: picklist(["allowed", "denied"]),
      reason: string(),
      upstream: text,
      status: nullable(pipe(count, maxValue(999))),
      error: text,
      secret: text,
      bytesIn: count,
      bytesOut: count,
      ms: amount
    });
    programsSchema = object({
      t: amount,
      step: count,
      process: count,
      parent: nullable(count),
      program: text,
      argv: nullable(strings),
      cut: exactOptional(boolean()),
      ms: amount,
      how: picklist(["exit", "signal", "exec", "unseen"]),
      code: nullable(count),
      signal: text
    });
    at = { t: amount, step: nullable(count) };
    transcriptSchema = variant("kind", [
      object({ ...at, kind: literal("begin"), name: string(), offset: count }),
      object({ ...at, kind: literal("output"), stream: string(), offset: count, length: count }),
      object({ ...at, kind: literal("checkpoint"), sha256: sha2562, bytes: count }),
      object({
        ...at,
        kind: literal("end"),
        code: nullable(pipe(number(), integer())),
        signal: nullable(string()),
        bytes: count
      }),
      object({ ...at, kind: literal("mark"), name: string(), data: unknown() })
    ]);
    agentSchema = variant("kind", [
      object({
        kind: literal("file"),
        agent: picklist(AGENTS),
        path: string(),
        path_b64: exactOptional(base64),
        size: count,
        cut: boolean()
      }),
      /** `cut`: bytes that are missing at its end. */
      object({ kind: literal("line"), text: string(), cut: exactOptional(count) })
    ]);
    usageSchema = looseObject({ t: amount });
  }
});

// src/record/change-line.ts
function decodeChange(value, number3) {
  const line = check(FILE, number3, changeSchema, value);
  const { layer: layer2, flags, why, more: more3, token } = line;
  const optional2 = {
    ...why === void 0 ? {} : { why },
    ...more3 === void 0 ? {} : { more: more3 },
    ...token === void 0 ? {} : { token }
  };
  const common = { path: path(line.path, line.path_b64, number3), layer: layer2, flags, ...optional2 };
  switch (line.op) {
    case "added":
      return { ...common, op: line.op, after: entry2(line.after, number3) };
    case "deleted":
      return { ...common, op: line.op, before: entry2(line.before, number3) };
    case "renamed": {
      const from = path(line.from, line.from_b64, number3);
      return { ...common, op: line.op, from, before: entry2(line.before, number3), after: entry2(line.after, number3) };
    }
    default:
      return { ...common, op: line.op, before: entry2(line.before, number3), after: entry2(line.after, number3) };
  }
}
function entry2(line, number3) {
  const { link: text4, link_b64, sha256: sha2563, ...same } = line;
  const link = text4 === null ? null : bytes3(text4, link_b64, number3);
  return { ...same, sha256: sha2563, link };
}
function path(text4, base642, number3) {
  const path2 = bytes3(text4, base642, number3);
  const parts2 = Buffer.from(path2).toString("latin1").split("/");
  const fits = path2.length === 0 || parts2.every((part2) => part2 !== "" && part2 !== "." && part2 !== "..");
  if (!fits) throw new RecordError(FILE, number3, "a path that is not relative and normalised");
  return path2;
}
function bytes3(text4, base642, number3) {
  const bytes4 = base642 === void 0 ? Buffer.from(text4) : Buffer.from(base642, "base64");
  if (bytes4.includes(0)) throw new RecordError(FILE, number3, "a path with a NUL");
  if (bytes4.toString("utf8") !== text4) throw new RecordError(FILE, number3, "a path whose text and bytes differ");
  return bytes4;
}
var FILE;
var init_change_line = __esm({
  "src/record/change-line.ts"() {
    "use strict";
    init_error();
    init_ndjson();
    init_schema();
    FILE = "changes.ndjson";
  }
});

// src/record/patches.ts
function patchesOf(record2) {
  const { footer } = record2.lines("changes.ndjson");
  const own2 = { file: "changes.patch", directory: Buffer.alloc(0) };
  if (footer === null) return [own2];
  const { others } = check("changes.ndjson", null, mapSchema, footer).patch;
  return [own2, ...others.map((other2) => ({ file: other2.file, directory: path(other2.path, other2.path_b64, null) }))];
}
function* lineParts(pieces4) {
  let rest = Buffer.alloc(0);
  let starts = true;
  for (const piece of pieces4) {
    const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let from = 0;
    for (let at2 = all.indexOf(10); at2 !== -1; at2 = all.indexOf(10, from)) {
      yield { line: all.subarray(from, at2 + 1), starts };
      starts = true;
      from = at2 + 1;
    }
    rest = Buffer.from(all.subarray(from));
    if (rest.length > LARGEST) {
      yield { line: rest, starts };
      starts = false;
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) yield { line: rest, starts };
}
function headerOf(line, directory) {
  if (!line.subarray(0, HEADER.length).equals(HEADER)) return null;
  const text4 = line.toString("latin1", HEADER.length).replace(/\n$/, "");
  const name = text4.slice(0, (text4.length - 1) / 2);
  const plain = name.startsWith('"') ? unquoted(name.slice(1, -1)) : name;
  const path2 = Buffer.from(plain.slice("a/".length), "latin1");
  const whole2 = directory.length === 0 ? path2 : Buffer.concat([directory, Buffer.from("/"), path2]);
  return displayPath(whole2, 2e3);
}
function unquoted(text4) {
  return text4.replace(
    /\\(?:([0-7]{3})|(.))/g,
    (_, octal2, one) => octal2 === void 0 ? ESCAPES[one ?? ""] ?? one ?? "" : String.fromCharCode(Number.parseInt(octal2, 8))
  );
}
var mapSchema, LARGEST, HEADER, ESCAPES;
var init_patches = __esm({
  "src/record/patches.ts"() {
    "use strict";
    init_dist();
    init_record();
    init_change_line();
    init_display();
    init_ndjson();
    mapSchema = object({
      patch: object({
        others: optional(array(object({ file: picklist(OTHER_PATCHES), path: string(), path_b64: optional(string()) })), [])
      })
    });
    LARGEST = 96 << 10;
    HEADER = Buffer.from("diff --git ");
    ESCAPES = { a: "\x07", b: "\b", t: "	", n: "\n", v: "\v", f: "\f", r: "\r" };
  }
});

// src/system/lines.ts
async function* lines2(stream, max) {
  const pending = [];
  let size2 = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    for (let at2 = rest.indexOf(10); at2 !== -1; at2 = rest.indexOf(10)) {
      pending.push(rest.subarray(0, at2));
      yield Buffer.concat(pending).toString("utf8");
      pending.length = 0;
      size2 = 0;
      rest = rest.subarray(at2 + 1);
    }
    size2 += rest.length;
    if (size2 > max) throw new Error(`a line of more than ${max} bytes`);
    if (rest.length > 0) pending.push(rest);
  }
  if (size2 > 0) yield Buffer.concat(pending).toString("utf8");
}
function* linesOf(fd, max) {
  const buffer = Buffer.allocUnsafe(1 << 16);
  let pending = [];
  let size2 = 0;
  for (let read = (0, import_node_fs5.readSync)(fd, buffer); read > 0; read = (0, import_node_fs5.readSync)(fd, buffer)) {
    let rest = buffer.subarray(0, read);
    for (let at2 = rest.indexOf(10); at2 !== -1; at2 = rest.indexOf(10)) {
      yield Buffer.concat([...pending, rest.subarray(0, at2)]).toString("utf8");
      pending = [];
      size2 = 0;
      rest = rest.subarray(at2 + 1);
    }
    size2 += rest.length;
    if (size2 > max) throw new Error(`a line of more than ${max} bytes`);
    if (rest.length > 0) pending.push(Buffer.from(rest));
  }
  if (size2 > 0) yield Buffer.concat(pending).toString("utf8");
}
var import_node_fs5;
var init_lines = __esm({
  "src/system/lines.ts"() {
    "use strict";
    import_node_fs5 = require("node:fs");
  }
});

// src/system/ndjson.ts
function writeAll(fd, bytes4, at2 = null) {
  let done = 0;
  while (done < bytes4.length) done += (0, import_node_fs6.writeSync)(fd, bytes4, done, bytes4.length - done, at2 === null ? null : at2 + done);
}
var import_node_fs6, NdjsonWriter;
var init_ndjson2 = __esm({
  "src/system/ndjson.ts"() {
    "use strict";
    import_node_fs6 = require("node:fs");
    NdjsonWriter = class {
      #fd;
      #every;
      #pending = [];
      #size = 0;
      #lines = 0;
      /** `schema` is the bare name: `changes` becomes `agent-jail/changes@1`. */
      constructor(fd, schema, header3 = {}, flush = "line") {
        this.#fd = fd;
        this.#every = flush === "line";
        this.#push({ schema: `agent-jail/${schema}@1`, ...header3 });
      }
      line(value) {
        this.#lines += 1;
        this.#push(value);
      }
      /** Lines written, the schema line not counted. */
      get lines() {
        return this.#lines;
      }
      end(extra2 = {}) {
        this.#push({ end: true, lines: this.#lines, ...extra2 });
        this.flush();
      }
      flush() {
        if (this.#pending.length === 0) return;
        writeAll(this.#fd, Buffer.from(this.#pending.join("")));
        this.#pending = [];
        this.#size = 0;
      }
      #push(value) {
        const text4 = `${JSON.stringify(value)}
`;
        this.#pending.push(text4);
        this.#size += text4.length;
        if (this.#every || this.#size > 1 << 18) this.flush();
      }
    };
  }
});

// src/guard/bag.ts
function finding2({ name, place: place2, action }, message3, what = [], more3 = 0) {
  return { rule: name, place: place2, action, message: message3, what, more: more3 };
}
function unchecked(rule, why) {
  return finding2({ ...rule, action: "fail" }, `could not be checked: ${why}`);
}
var LONGEST2, NAMED2, Bag, counted;
var init_bag = __esm({
  "src/guard/bag.ts"() {
    "use strict";
    init_display();
    LONGEST2 = 1e3;
    NAMED2 = 20;
    Bag = class {
      #what = [];
      #at = [];
      #more = 0;
      /** `path`: of the workspace. */
      add(what, path2 = null) {
        if (this.#what.length === NAMED2) {
          this.#more += 1;
          return;
        }
        this.#what.push(what);
        if (path2 === null) return;
        const text4 = displayPath(path2, LONGEST2);
        if (text4 === utf8(path2)) this.#at.push({ path: text4, line: null });
      }
      get count() {
        return this.#what.length + this.#more;
      }
      finding(rule, message3) {
        const found = finding2(rule, message3, this.#what, this.#more);
        return this.#at.length === 0 ? found : { ...found, at: this.#at };
      }
    };
    counted = (count2, noun) => `${count2} ${noun}${count2 === 1 ? "" : "s"}`;
  }
});

// node_modules/ignore/index.js
var require_ignore = __commonJS({
  "node_modules/ignore/index.js"(exports2, module2) {
    "use strict";
    function makeArray(subject) {
      return Array.isArray(subject) ? subject : [subject];
    }
    var UNDEFINED = void 0;
    var EMPTY4 = "";
    var SPACE2 = " ";
    var ESCAPE = "\\";
    var REGEX_LITERAL_SPECIAL = /[.*+?()[\]{}^$|\\/]/;
    var BOM = "\uFEFF";
    var REGEX_ANCHORED_GLOBSTAR = /^\/\*{2,}$/;
    var REGEX_REPLACE_LEADING_EXCAPED_EXCLAMATION = /^\\!/;
    var REGEX_REPLACE_LEADING_EXCAPED_HASH = /^\\#/;
    var REGEX_SPLITALL_CRLF = /\r?\n/g;
    var DOUBLE_SLASH = "//";
    var SLASH_CODE = 47;
    var DOT_CODE = 46;
    var SLASH3 = "/";
    var TMP_KEY_IGNORE = "node-ignore";
    if (typeof Symbol !== "undefined") {
      TMP_KEY_IGNORE = /* @__PURE__ */ Symbol.for("node-ignore");
    }
    var KEY_IGNORE = TMP_KEY_IGNORE;
    var define = (object2, key2, value) => {
      Object.defineProperty(object2, key2, { value });
      return value;
    };
    var RETURN_FALSE = () => false;
    var POSIX_CLASSES = {
      alnum: "0-9A-Za-z",
      alpha: "A-Za-z",
      blank: " \\t",
      cntrl: "\\x00-\\x1f\\x7f",
      digit: "0-9",
      graph: "!-.0-~",
      lower: "a-z",
      print: " -.0-~",
      punct: "!-.:-@\\[-`{-~",
      // git's `sane-ctype.h` classifies \v and \f as control, not space,
      //   unlike C's `isspace`
      space: " \\t\\n\\r",
      upper: "A-Z",
      xdigit: "0-9A-Fa-f"
    };
    var CLASS_MEMBERS_TO_ESCAPE = "\\]^-[";
    var escapeMember = (char) => CLASS_MEMBERS_TO_ESCAPE.indexOf(char) < 0 ? char : ESCAPE + char;
    var NON_SLASH = "(?!\\/)";
    var classSource = (negated, body) => {
      if (negated) {
        return `[^\\/${body}]`;
      }
      const source2 = `[${body}]`;
      return new RegExp(source2).test("/") ? NON_SLASH + source2 : source2;
    };
    var scanBracket = (pattern, start) => {
      const { length } = pattern;
      let index2 = start + 1;
      let negated = EMPTY4;
      const lead = pattern[index2];
      if (lead === "!" || lead === "^") {
        negated = "^";
        index2++;
      }
      let body = EMPTY4;
      let prev = EMPTY4;
      for (; ; ) {
        const char = pattern[index2];
        if (char === UNDEFINED) {
          return null;
        }
        if (char === ESCAPE) {
          const escaped = pattern[++index2];
          body += escapeMember(escaped);
          prev = escaped;
        } else if (char === "-" && prev && index2 + 1 < length && pattern[index2 + 1] !== "]") {
          index2++;
          let to = pattern[index2];
          if (to === ESCAPE) {
            to = pattern[index2 += 1];
          }
          if (prev <= to) {
            body += `-${escapeMember(to)}`;
          }
          prev = EMPTY4;
        } else if (char === "[" && pattern[index2 + 1] === ":") {
          const nameStart = index2 + 2;
          let end = nameStart;
          while (end < length && pattern[end] !== "]") {
            end++;
          }
          if (end === length) {
            return null;
          }
          if (end > nameStart && pattern[end - 1] === ":") {
            const name = pattern.slice(nameStart, end - 1);
            if (!Object.prototype.hasOwnProperty.call(POSIX_CLASSES, name)) {
              return null;
            }
            body += POSIX_CLASSES[name];
            prev = EMPTY4;
            index2 = end;
          } else {
            body += escapeMember("[");
            prev = "[";
            index2 = nameStart - 2;
          }
        } else {
          body += escapeMember(char);
          prev = char;
        }
        index2++;
        if (pattern[index2] === "]") {
          return {
            end: index2,
            source: classSource(negated, body)
          };
        }
      }
    };
    var NEVER_MATCH = "[]";
    var PLACEHOLDER = "\0";
    var REGEX_RESTORE_PLACEHOLDER = new RegExp(
      `${PLACEHOLDER}(\\d+)${PLACEHOLDER}`,
      "g"
    );
    var TRAILING_WILDCARD = "\uE000";
    var TRAILING_DOUBLESTAR = "\uE001";
    var isReserved = (char) => char === PLACEHOLDER || char === TRAILING_WILDCARD || char === TRAILING_DOUBLESTAR;
    var extractBrackets = (pattern) => {
      const sources2 = [];
      const hold = (source2) => `${PLACEHOLDER}${sources2.push(source2) - 1}${PLACEHOLDER}`;
      const { length } = pattern;
      let out = EMPTY4;
      let index2 = 0;
      while (index2 < length) {
        const char = pattern[index2];
        if (char === ESCAPE) {
          const escaped = pattern[index2 + 1];
          if (escaped === SLASH3 && index2 + 2 === length) {
            out += hold(NEVER_MATCH);
          } else if (escaped === "*" || escaped === "[" || escaped === SPACE2) {
            out += pattern.slice(index2, index2 + 2);
          } else {
            out += hold(
              REGEX_LITERAL_SPECIAL.test(escaped) ? ESCAPE + escaped : isReserved(escaped) ? `[${escaped}]` : escaped
            );
          }
          index2 += 2;
        } else if (isReserved(char)) {
          out += hold(`[${char}]`);
          index2++;
        } else if (char === "[") {
          const scanned = scanBracket(pattern, index2);
          if (scanned === null) {
            out += hold(NEVER_MATCH);
            index2 = length;
          } else {
            out += hold(scanned.source);
            index2 = scanned.end + 1;
          }
        } else {
          out += char;
          index2++;
        }
      }
      return {
        source: out,
        sources: sources2
      };
    };
    var DIRECT = null;
    var REGEX_INNER_SLASH = /\/(?!$)/;
    var WILDCARD = "[^\\/]*";
    var REPLACERS = [
      // Replace (\ ) with ' '
      // Only a space: an escaped tab or other whitespace is already a literal by
      //   the time it reaches here, and a bare tab must be left as one, not turned
      //   into a space.
      // (\ ) -> ' '
      // (\\ ) -> '\\ '
      // (\\\ ) -> '\\ '
      [
        // A run of backslashes is taken whole, from its first one, so no match
        //   ever starts again inside it -- `(\\+?) ` did, which made a long run
        //   quadratic.
        /(\\+)( ?)/g,
        (_, run, space) => space ? run.slice(0, run.length - run.length % 2) + SPACE2 : run,
        ESCAPE + SPACE2
      ],
      // git's wildmatch() reads a run of two or more asterisks as one globstar
      //   whenever the run fills a path segment: it starts the pattern or follows
      //   a `/`, and it ends the pattern or comes before a `/`. A run of two is
      //   already `**`; a longer one is folded into `**` here, so the steps
      //   below only ever have to know `**`.
      // `***/foo` -> `**/foo`, `a/***/b` -> `a/**/b`, `a/***` -> `a/**`
      // git also takes a run beside a literal prefix (`a***/b`) or beside an
      //   escaped slash (`***\/b`) as a globstar, and this does not; the README
      //   lists both, under "A run of asterisks".
      [
        /(^|\/)\*{3,}(?=\/|$)/g,
        (_, start) => `${start}**`,
        "*"
      ],
      // Escape metacharacters
      // which is written down by users but means special for regular expressions.
      // > There are 12 characters with special meanings:
      // > - the backslash \,
      // > - the caret ^,
      // > - the dollar sign $,
      // > - the period or dot .,
      // > - the vertical bar or pipe symbol |,
      // > - the question mark ?,
      // > - the asterisk or star *,
      // > - the plus sign +,
      // > - the opening parenthesis (,
      // > - the closing parenthesis ),
      // > - and the opening square bracket [,
      // > - the opening curly brace {,
      // > These special characters are often called "metacharacters".
      [
        /[\\$.|*+(){^]/g,
        (match2) => `\\${match2}`
      ],
      [
        // > a question mark (?) matches a single character
        /(?!\\)\?/g,
        () => "[^/]",
        "?"
      ],
      // leading slash
      [
        // > A leading slash matches the beginning of the pathname.
        // > For example, "/*.c" matches "cat-file.c" but not "mozilla-sha1/sha1.c".
        // A leading slash matches the beginning of the pathname
        /^\//,
        () => "^",
        SLASH3
      ],
      // replace special metacharacter slash after the leading slash
      [
        /\//g,
        () => "\\/",
        SLASH3
      ],
      [
        // > A leading "**" followed by a slash means match in all directories.
        // > For example, "**/foo" matches file or directory "foo" anywhere,
        // > the same as pattern "foo".
        // > "**/foo/bar" matches file or directory "bar" anywhere that is directly
        // >   under directory "foo".
        // Notice that the '*'s have been replaced as '\\*'
        /^\^*(?:\\\*\\\*\\\/)+/,
        // '**/foo' <-> 'foo'
        () => "(?:^|\\/)",
        "*"
      ],
      // starting
      [
        // there will be no leading '/'
        //   (which has been replaced by section "leading slash")
        // If starts with '**', adding a '^' to the regular expression also works
        DIRECT,
        (source2, pattern) => {
          if (!source2 || source2[0] === "^" || source2[0] === "(") {
            return source2;
          }
          const anchor = !REGEX_INNER_SLASH.test(pattern) ? "(?:^|\\/)" : "^";
          return anchor + source2;
        }
      ],
      // two globstars
      [
        // Use lookahead assertions so that we could match more than one `'/**'`
        /\\\/\\\*\\\*(?=\\\/|$)/g,
        // Zero, one or several directories
        // should not use '*', or it will be replaced by the next replacer
        // Check if it is not the last `'/**'`
        (_, index2, str) => index2 + 6 < str.length ? str.slice(index2 + 6) === "\\/" ? "(?:\\/[^\\/]+)+" : "(?:\\/[^\\/]+)*" : `\\/${TRAILING_DOUBLESTAR}`,
        "*"
      ],
      // normal intermediate wildcards
      [
        // Never replace escaped '*'
        // ignore rule '\*' will match the path '*'
        // 'abc.*/' -> go
        // 'abc.*'  -> skip this rule,
        //    coz trailing single wildcard will be handed by [trailing wildcard]
        /(^|[^\\])(?:\\\*)+(?!$)/g,
        // '*.js' matches '.js'
        // '*.js' doesn't match 'abc'
        // 1. An asterisk "*" matches anything except a slash.
        // 2. Other consecutive asterisks are considered regular asterisks
        //    and collapse into one non-slash wildcard run.
        (_, p1) => p1 + WILDCARD,
        "*"
      ],
      // trailing wildcard, held apart from a literal star
      [
        // The step above leaves a trailing `*` alone, so a single `\*` is all that
        //   can be left at the end here, and what stands in front of it says which
        //   kind it is. A wildcard arrives as the escaper wrote it, `\*` with
        //   nothing before it; a literal arrives as the user's own escape, which
        //   the escaper doubled, and then the star's own -- `\\` and then `\*`.
        //   There is no third case: every backslash still reaching the chain is
        //   one `\*`, `\[` or `\ ` carries itself, and each is followed by its
        //   own character, so a longer run can never form. This runs while the
        //   two are still distinct, before the unescape steps below collapse the
        //   literal onto the very `\*` a wildcard leaves behind.
        /(^|[^\\])((?:\\\\)*)\\\*$/,
        (match2, p1, p2) => p2 === EMPTY4 ? p1 + TRAILING_WILDCARD : match2,
        "*"
      ],
      [
        // unescape, revert step 3 except for back slash
        // For example, if a user escape a '\\*',
        // after step 3, the result will be '\\\\\\*'
        /\\\\\\(?=[$.|*+(){^])/g,
        () => ESCAPE,
        ESCAPE + ESCAPE
      ],
      [
        // '\\\\' -> '\\'
        /\\\\/g,
        () => ESCAPE,
        ESCAPE + ESCAPE
      ],
      [
        // Every real bracket expression -- POSIX classes included -- has already
        //   been held aside by `extractBrackets`, so the only `[` left in the
        //   pattern is an escaped, literal one.
        // A backslash could only stand at the end of the range if it quoted the
        //   `]`, and `\]` is held aside long before this.
        /\\\[([^\]/]*?)($|\])/g,
        // '\\[bar]' -> '\\\\[bar]'
        (match2, range, close) => `\\[${range}${close}`,
        "["
      ],
      // ending
      [
        // 'js' will not match 'js.'
        // 'ab' will not match 'abc'
        DIRECT,
        // WTF!
        // https://git-scm.com/docs/gitignore
        // changes in [2.22.1](https://git-scm.com/docs/gitignore/2.22.1)
        // which re-fixes #24, #38
        // > If there is a separator at the end of the pattern then the pattern
        // > will only match directories, otherwise the pattern can match both
        // > files and directories.
        // 'js*' will not match 'a.js'
        // 'js/' will not match 'a.js'
        // 'js' will match 'a.js' and 'a.js/'
        (source2) => {
          const last = source2[source2.length - 1];
          if (!last || last === TRAILING_WILDCARD || last === TRAILING_DOUBLESTAR) {
            return source2;
          }
          return last === SLASH3 ? `${source2}$` : `${source2}(?=$|\\/$)`;
        }
      ]
    ];
    var REGEX_REPLACE_TRAILING_WILDCARD = /(^|\\\/)?\uE000$/;
    var MODE_IGNORE = "regex";
    var MODE_CHECK_IGNORE = "checkRegex";
    var UNDERSCORE = "_";
    var replaceTrailingWildcard = (_, p1) => {
      const prefix = p1 ? `${p1}[^/]+` : "[^/]*";
      return `${prefix}(?=$|\\/$)`;
    };
    var REGEX_REPLACE_TRAILING_DOUBLESTAR = /\uE001$/;
    var replaceTrailingDoublestar = () => "[\\s\\S]";
    var separatorAfter = (run, at2) => {
      let separator = EMPTY4;
      for (let index2 = at2 + 1; index2 < run.length && !run[index2].wildcard; index2++) {
        separator += run[index2].single;
      }
      return separator;
    };
    var pinWildcards = (source2) => {
      if (source2.indexOf(WILDCARD) < 0) {
        return source2;
      }
      const tokens = [];
      const { length } = source2;
      let index2 = 0;
      while (index2 < length) {
        const char = source2[index2];
        if (source2.startsWith(WILDCARD, index2)) {
          tokens.push({ wildcard: true });
          index2 += WILDCARD.length;
        } else if (char === "[") {
          let end = index2 + 1;
          if (source2[end] === "^") {
            end++;
          }
          if (source2[end] === "]") {
            end++;
          }
          while (end < length && source2[end] !== "]") {
            end += source2[end] === ESCAPE ? 2 : 1;
          }
          end++;
          tokens.push({ single: source2.slice(index2, end) });
          index2 = end;
        } else if (char === ESCAPE) {
          tokens.push({ single: source2.slice(index2, index2 + 2) });
          index2 += 2;
        } else if (char === "(") {
          let depth = 0;
          let end = index2;
          do {
            if (source2[end] === ESCAPE) {
              end++;
            } else if (source2[end] === "(") {
              depth++;
            } else if (source2[end] === ")") {
              depth--;
            }
            end++;
          } while (end < length && depth > 0);
          if ("*+?".indexOf(source2[end]) >= 0) {
            end++;
          }
          tokens.push({ boundary: source2.slice(index2, end) });
          index2 = end;
        } else if (char === "^" || char === "$") {
          tokens.push({ boundary: char });
          index2++;
        } else {
          tokens.push({ single: char });
          index2++;
        }
      }
      let out = EMPTY4;
      let run = [];
      const flush = () => {
        let lastWildcard;
        run.forEach((token, at2) => {
          if (token.wildcard) {
            lastWildcard = at2;
          }
        });
        run.forEach((token, at2) => {
          if (!token.wildcard) {
            out += token.single;
            return;
          }
          out += at2 === lastWildcard ? WILDCARD : `(?:(?!${separatorAfter(run, at2)})[^\\/])*`;
        });
        run = [];
      };
      tokens.forEach((token) => {
        if (token.boundary === void 0) {
          run.push(token);
          return;
        }
        flush();
        out += token.boundary;
      });
      flush();
      return out;
    };
    var makeRegexPrefix = (pattern) => {
      if (REGEX_ANCHORED_GLOBSTAR.test(pattern)) {
        pattern = "**";
      }
      const { source: source2, sources: sources2 } = extractBrackets(pattern);
      const replaced = REPLACERS.reduce(
        // A pass whose matcher finds nothing hands back the very string it was
        //   given, so asking first costs a search and saves a rewrite. Ten of the
        //   fifteen passes never fire for a typical .gitignore line, and between
        //   them they were 45% of this chain.
        (prev, [matcher, replacer, required]) => {
          if (matcher === DIRECT) {
            return replacer(prev, pattern);
          }
          if (required !== UNDEFINED && prev.indexOf(required) < 0) {
            return prev;
          }
          return matcher.test(prev) ? prev.replace(matcher, replacer.bind(pattern)) : prev;
        },
        source2
      );
      return sources2.length ? replaced.replace(
        REGEX_RESTORE_PLACEHOLDER,
        (match2, index2) => sources2[index2]
      ) : replaced;
    };
    var checkSourceOf = (body, prefix) => {
      if (body[body.length - 1] === SLASH3) {
        prefix = makeRegexPrefix(body.slice(0, -1));
      }
      const head = prefix.slice(0, -1);
      const last = prefix[prefix.length - 1];
      return last === TRAILING_WILDCARD ? `${head}$` : last === TRAILING_DOUBLESTAR ? head : NEVER_MATCH;
    };
    var matchesBasename = (body) => {
      const index2 = body.indexOf(SLASH3);
      return index2 < 0 || index2 === body.length - 1;
    };
    var basenameOf = (path2) => {
      const end = path2.length - 1;
      const index2 = path2.lastIndexOf(
        SLASH3,
        path2[end] === SLASH3 ? end - 1 : end
      );
      return index2 < 0 ? path2 : path2.slice(index2 + 1);
    };
    var parentOf = (path2) => {
      if (path2.charCodeAt(0) === SLASH_CODE || path2.indexOf(DOUBLE_SLASH) >= 0) {
        const slices = path2.split(SLASH3).filter(Boolean);
        slices.pop();
        return slices.length ? slices.join(SLASH3) + SLASH3 : EMPTY4;
      }
      const end = path2.length - 1;
      const cut = path2.lastIndexOf(
        SLASH3,
        path2.charCodeAt(end) === SLASH_CODE ? end - 1 : end
      );
      return cut < 0 ? EMPTY4 : path2.slice(0, cut + 1);
    };
    var isString = (subject) => typeof subject === "string";
    var checkPattern = (pattern) => pattern && isString(pattern);
    var splitPattern = (pattern) => (pattern[pattern.length - 1] === "\r" ? pattern.slice(0, -1) : pattern).split(REGEX_SPLITALL_CRLF).filter(Boolean);
    var IgnoreRule = class {
      constructor(pattern, mark, body, ignoreCase, negative, prefix) {
        this.pattern = pattern;
        this.mark = mark;
        this.negative = negative;
        define(this, "body", body);
        define(this, "ignoreCase", ignoreCase);
        define(this, "regexPrefix", prefix);
      }
      // Worked out on first use and kept behind an own property, the way `regex`
      //   caches itself in `_regex`. Deciding it in the constructor instead would
      //   add a fourth `defineProperty` to every rule ever built, which cost 4% of
      //   every compile -- including the compiles of rules that are never matched
      //   against anything.
      get _basenameOnly() {
        return define(this, "_basenameOnly", matchesBasename(this.body));
      }
      get regex() {
        const key2 = UNDERSCORE + MODE_IGNORE;
        if (this[key2]) {
          return this[key2];
        }
        return this._make(MODE_IGNORE, key2);
      }
      get checkRegex() {
        const key2 = UNDERSCORE + MODE_CHECK_IGNORE;
        if (this[key2]) {
          return this[key2];
        }
        return this._make(MODE_CHECK_IGNORE, key2);
      }
      _make(mode, key2) {
        const str = pinWildcards(
          mode === MODE_IGNORE ? this.regexPrefix.replace(REGEX_REPLACE_TRAILING_WILDCARD, replaceTrailingWildcard).replace(REGEX_REPLACE_TRAILING_DOUBLESTAR, replaceTrailingDoublestar) : checkSourceOf(this.body, this.regexPrefix)
        );
        const regex3 = this.ignoreCase ? new RegExp(str, "i") : new RegExp(str);
        return define(this, key2, regex3);
      }
    };
    var hasTrailingBackslash = (str) => {
      let count2 = 0;
      while (str[str.length - count2 - 1] === ESCAPE) {
        count2++;
      }
      return count2 % 2 === 1;
    };
    var trimEnd = (body, stripLineEnd) => {
      let lineEnd = body.length;
      let end;
      for (; ; ) {
        if (stripLineEnd && body[lineEnd - 1] === "\r") {
          lineEnd--;
        }
        end = lineEnd;
        while (body[end - 1] === SPACE2) {
          end--;
        }
        if (!stripLineEnd || body[end - 1] !== "\n") {
          break;
        }
        lineEnd = end - 1;
      }
      if (end === lineEnd) {
        return body.slice(0, lineEnd);
      }
      let backslashes = 0;
      while (body[end - backslashes - 1] === ESCAPE) {
        backslashes++;
      }
      return backslashes % 2 ? body.slice(0, end - 1) + SPACE2 : body.slice(0, end);
    };
    var createRule = (pattern, mark, ignoreCase, stripLineEnd, stripBOM) => {
      let body = stripBOM && pattern[0] === BOM ? pattern.slice(1) : pattern;
      if (body[0] === "#") {
        return;
      }
      let negative = false;
      if (body[0] === "!") {
        negative = true;
        body = body.slice(1);
      }
      const last = body[body.length - 1];
      if (last === SPACE2 || stripLineEnd && (last === "\r" || last === "\n")) {
        body = trimEnd(body, stripLineEnd);
      }
      if (!body || hasTrailingBackslash(body)) {
        return;
      }
      body = body.replace(REGEX_REPLACE_LEADING_EXCAPED_EXCLAMATION, "!").replace(REGEX_REPLACE_LEADING_EXCAPED_HASH, "#");
      const regexPrefix = makeRegexPrefix(body);
      return new IgnoreRule(
        pattern,
        mark,
        body,
        ignoreCase,
        negative,
        regexPrefix
      );
    };
    var RuleManager = class {
      constructor(ignoreCase) {
        this._ignoreCase = ignoreCase;
        this._rules = [];
        this._basenameCount = 0;
      }
      _add(pattern, index2) {
        if (pattern && pattern[KEY_IGNORE]) {
          this._rules = this._rules.concat(pattern._rules._rules);
          this._basenameCount += pattern._rules._basenameCount;
          this._added = true;
          return;
        }
        const isStr = isString(pattern);
        const raw = isStr ? pattern : pattern.pattern;
        const rule = checkPattern(raw) && createRule(
          raw,
          isStr ? UNDEFINED : pattern.mark,
          this._ignoreCase,
          !this._split,
          this._stripBOM && !index2
        );
        if (rule) {
          this._added = true;
          this._rules.push(rule);
          if (matchesBasename(rule.body)) {
            this._basenameCount++;
          }
        }
      }
      // @param {Array<string> | string | Ignore} pattern
      add(pattern) {
        this._added = false;
        this._split = isString(pattern);
        this._stripBOM = !this._split || pattern[0] === BOM;
        makeArray(
          this._split ? splitPattern(pattern) : pattern
        ).forEach(this._add, this);
        if (this._added) {
          this._literalRules = UNDEFINED;
        }
        return this._added;
      }
      // Match the literal 'abc/' for `checkIgnore`, last rule wins. Only a rule
      //   ending in a wildcard can match it (see `checkSourceOf`), so the rest
      //   are left out once, rather than tested or compiled for every path.
      testLiteral(path2) {
        const rules = this._literalRules || (this._literalRules = this._rules.filter(
          ({ body }) => body[body.length - (body[body.length - 1] === SLASH3 ? 2 : 1)] === "*"
        ));
        let ignored = false;
        let unignored = false;
        let matchedRule;
        for (let index2 = rules.length - 1; index2 >= 0; index2--) {
          const rule = rules[index2];
          if (rule.checkRegex.test(path2)) {
            ignored = !rule.negative;
            unignored = rule.negative;
            matchedRule = rule.negative ? UNDEFINED : rule;
            break;
          }
        }
        const ret = {
          ignored,
          unignored
        };
        if (matchedRule) {
          ret.rule = matchedRule;
        }
        return ret;
      }
      // Test one single path without recursively checking parent directories
      //
      // - mode `string` either `MODE_IGNORE` or `MODE_CHECK_IGNORE`
      // @returns {TestResult}
      test(path2, mode) {
        const rules = this._rules;
        const { length } = rules;
        const shortcut = this._basenameCount * 2 >= length;
        const basename2 = shortcut ? basenameOf(path2) : path2;
        for (let index2 = length - 1; index2 >= 0; index2--) {
          const rule = rules[index2];
          if (rule[mode].test(
            shortcut && rule._basenameOnly ? basename2 : path2
          )) {
            const { negative } = rule;
            const ret = {
              ignored: !negative,
              unignored: negative
            };
            if (!negative) {
              ret.rule = rule;
            }
            return ret;
          }
        }
        return {
          ignored: false,
          unignored: false
        };
      }
    };
    var throwError = (message3, Ctor) => {
      throw new Ctor(message3);
    };
    var checkPath = (path2, originalPath, doThrow) => {
      if (!isString(path2)) {
        return doThrow(
          `path must be a string, but got \`${originalPath}\``,
          TypeError
        );
      }
      if (!path2) {
        return doThrow(`path must not be empty`, TypeError);
      }
      if (checkPath.isNotRelative(path2)) {
        const r = "`path.relative()`d";
        return doThrow(
          `path should be a ${r} string, but got "${originalPath}"`,
          RangeError
        );
      }
      return true;
    };
    var isNotRelative = (path2) => {
      const first = path2.charCodeAt(0);
      if (first === SLASH_CODE) {
        return true;
      }
      if (first !== DOT_CODE) {
        return false;
      }
      if (path2.length === 1) {
        return true;
      }
      const second = path2.charCodeAt(1);
      if (second === SLASH_CODE) {
        return true;
      }
      if (second !== DOT_CODE) {
        return false;
      }
      return path2.length === 2 || path2.charCodeAt(2) === SLASH_CODE;
    };
    checkPath.isNotRelative = isNotRelative;
    checkPath.convert = (p) => p;
    var convertPath = (target) => isString(target) && checkPath.convert(target);
    var Ignore = class {
      constructor({
        ignorecase = true,
        ignoreCase = ignorecase,
        allowRelativePaths = false
      } = {}) {
        define(this, KEY_IGNORE, true);
        this._rules = new RuleManager(ignoreCase);
        this._strictPathCheck = !allowRelativePaths;
        this._initCache();
      }
      _initCache() {
        this._ignoreCache = /* @__PURE__ */ Object.create(null);
        this._testCache = /* @__PURE__ */ Object.create(null);
      }
      add(pattern) {
        if (this._rules.add(pattern)) {
          this._initCache();
        }
        return this;
      }
      // legacy
      addPattern(pattern) {
        return this.add(pattern);
      }
      // @returns {TestResult}
      _test(originalPath, cache, path2) {
        checkPath(
          path2,
          originalPath,
          this._strictPathCheck ? throwError : RETURN_FALSE
        );
        return path2 ? this._t(path2, cache) : {
          ignored: false,
          unignored: false
        };
      }
      checkIgnore(target) {
        const path2 = convertPath(target);
        if (!path2 || path2.charCodeAt(path2.length - 1) !== SLASH_CODE) {
          return this._test(target, this._testCache, path2);
        }
        const dir = this._t(path2, this._testCache);
        if (dir.ignored) {
          return dir;
        }
        const literal2 = this._rules.testLiteral(path2);
        return literal2.ignored || literal2.unignored ? literal2 : dir;
      }
      _t(path2, cache) {
        if (path2 in cache) {
          return cache[path2];
        }
        const parentPath = parentOf(path2);
        const parent2 = parentPath ? this._t(parentPath, cache) : UNDEFINED;
        return cache[path2] = parent2 && parent2.ignored ? parent2 : this._rules.test(path2, MODE_IGNORE);
      }
      ignores(path2) {
        return this._test(path2, this._ignoreCache, convertPath(path2)).ignored;
      }
      createFilter() {
        return (path2) => !this.ignores(path2);
      }
      filter(paths) {
        return makeArray(paths).filter(this.createFilter());
      }
      // @returns {TestResult}
      test(path2) {
        return this._test(path2, this._testCache, convertPath(path2));
      }
    };
    var factory = (options) => new Ignore(options);
    var isPathValid = (path2) => checkPath(convertPath(path2), path2, RETURN_FALSE);
    var setupWindows = () => {
      const makePosix = (str) => /^\\\\\?\\/.test(str) || /["<>|\u0000-\u001F]+/u.test(str) ? str : str.replace(/\\/g, "/");
      checkPath.convert = makePosix;
      const REGEX_TEST_WINDOWS_PATH_ABSOLUTE = /^[a-z]:\//i;
      checkPath.isNotRelative = (path2) => REGEX_TEST_WINDOWS_PATH_ABSOLUTE.test(path2) || isNotRelative(path2);
    };
    if (
      // Detect `process` so that it can run in browsers.
      typeof process !== "undefined" && process.platform === "win32"
    ) {
      setupWindows();
    }
    module2.exports = factory;
    factory.default = factory;
    module2.exports.isPathValid = isPathValid;
    define(module2.exports, /* @__PURE__ */ Symbol.for("setupWindows"), setupWindows);
  }
});

// src/guard/globs.ts
function touched(change) {
  const sides = ["before" in change ? change.before : null, "after" in change ? change.after : null];
  const directory = sides.every((side2) => side2 === null || side2.type === "directory");
  const paths = change.op === "renamed" ? [change.from, change.path] : [change.path];
  return paths.filter((path2) => path2.length > 0).map((path2) => ({ ...seen(path2, directory), more: (change.more ?? 0) > 0 }));
}
function seen(bytes4, directory) {
  const strict2 = utf8(bytes4);
  const text4 = strict2 ?? Buffer.from(bytes4).toString("utf8");
  const odd = strict2 === null || text4.split("/").length > DEEPEST2;
  return { bytes: bytes4, text: directory ? `${text4}/` : text4, directory, odd };
}
function mayLieBelow(glob, directory) {
  if (glob.startsWith("!")) return false;
  if (!/^\/|\/./.test(glob)) return true;
  const names2 = glob.replace(/^\//, "").split("/");
  for (const [at2, part2] of directory.replace(/\/$/, "").split("/").entries()) {
    const name = names2[at2] ?? "";
    if (name === "" || /[*?[\\]/.test(name)) return true;
    if (name !== part2) return false;
  }
  return true;
}
var import_ignore, DEEPEST2, REMEMBERED, Globs, Matcher;
var init_globs = __esm({
  "src/guard/globs.ts"() {
    "use strict";
    import_ignore = __toESM(require_ignore(), 1);
    init_display();
    DEEPEST2 = 1e3;
    REMEMBERED = 1e4;
    Globs = class {
      #globs;
      #all;
      #each;
      constructor(globs) {
        this.#globs = globs;
        this.#all = new Matcher(globs);
        this.#each = globs.map((glob) => ({ negative: glob.startsWith("!"), matcher: new Matcher([glob.replace(/^!/, "")]) })).reverse();
      }
      /** For `allow` and `require`: only a path that globs can be trusted with. */
      surely(path2) {
        return !path2.odd && this.#each.find(({ matcher }) => matcher.matches(path2.text))?.negative === false;
      }
      /** For `deny` and `review`: where a path cannot be told, it matches. */
      perhaps(path2) {
        if (path2.text.split("/").length > DEEPEST2 || this.#all.matches(path2.text)) return true;
        return path2.more && this.#globs.some((glob) => mayLieBelow(glob, path2.text));
      }
    };
    Matcher = class {
      #globs;
      #ignore = null;
      #asked = 0;
      constructor(globs) {
        this.#globs = globs;
      }
      matches(text4) {
        if (this.#asked % REMEMBERED === 0) this.#ignore = null;
        this.#asked += 1;
        this.#ignore ??= (0, import_ignore.default)({ ignorecase: false }).add(this.#globs);
        return this.#ignore.ignores(text4);
      }
    };
  }
});

// src/guard/claims.ts
function claimedFiles({ steps: steps2 }) {
  const times = /* @__PURE__ */ new Map();
  let certain = /* @__PURE__ */ new Set();
  for (const call2 of steps2.flatMap((step3) => [...calls(step3)])) {
    if (call2.paths === null) {
      if (!QUIET2.has(call2.name)) certain = /* @__PURE__ */ new Set();
      continue;
    }
    for (const path2 of call2.paths) {
      times.set(path2, (times.get(path2) ?? 0) + 1);
      certain.add(path2);
    }
  }
  return [...certain].filter((path2) => times.get(path2) === 1);
}
function* calls({ tool_calls: all = [], observation }) {
  for (const { tool_call_id: id2, function_name: name, arguments: args2 } of all) {
    const paths = written(name, args2);
    const result2 = observation?.results.find(({ source_call_id: of }) => of === id2);
    const done = result2 !== void 0 && result2.extra?.["failed"] !== true;
    yield { name, paths: paths === null ? null : done ? paths : [] };
  }
}
function written(name, args2) {
  if (name === "file_change") return codexChanges(args2["changes"]);
  const argument = Object.keys(WRITES).find((key2) => WRITES[key2]?.includes(name) === true && typeof args2[key2] === "string");
  return argument === void 0 ? null : [String(args2[argument])];
}
function codexChanges(changes2) {
  if (!Array.isArray(changes2)) return null;
  return changes2.flatMap((change) => {
    const { path: path2, kind } = change ?? {};
    return typeof path2 === "string" && (kind === "add" || kind === "update") ? [path2] : [];
  });
}
var MISMATCH, WRITES, QUIET2, ClaimCheck, nameOf;
var init_claims = __esm({
  "src/guard/claims.ts"() {
    "use strict";
    init_display();
    init_bag();
    init_globs();
    MISMATCH = { name: "built-in.trajectory-mismatch", action: "review", place: null };
    WRITES = {
      file_path: ["Write", "Edit", "MultiEdit", "write_file", "replace"],
      notebook_path: ["NotebookEdit"],
      path: ["write", "edit", "create"],
      filePath: ["write", "edit"]
    };
    QUIET2 = new Set(
      `Read Grep Glob LS TodoWrite WebFetch WebSearch ExitPlanMode read_file read_many_files list_directory search_file_content
  grep_search glob google_web_search web_fetch write_todos save_memory read grep find ls list view todowrite todoread webfetch todo_list
  web_search report_intent update_plan`.split(/\s+/)
    );
    ClaimCheck = class {
      #missing;
      constructor(trajectory, workspace) {
        const inside = (path2) => path2.startsWith("/") ? path2.startsWith(`${workspace}/`) : path2 !== "";
        const files4 = claimedFiles(trajectory).filter((path2) => inside(path2) && !path2.endsWith("/"));
        this.#missing = /* @__PURE__ */ new Map();
        for (const path2 of files4) this.#missing.set(nameOf(path2), [...this.#missing.get(nameOf(path2)) ?? [], path2]);
      }
      see(change) {
        if (this.#missing.size === 0 || change.op === "deleted") return;
        for (const { text: text4 } of touched(change)) this.#missing.delete(nameOf(text4));
      }
      findings() {
        const bag = new Bag();
        for (const path2 of [...this.#missing.values()].flat().sort()) bag.add(displayText(path2));
        if (bag.count === 0) return [];
        return [bag.finding(MISMATCH, `${counted(bag.count, "file")} that the agent says it wrote, and that is not among the changes`)];
      }
    };
    nameOf = (path2) => path2.slice(path2.lastIndexOf("/") + 1);
  }
});

// src/guard/lines.ts
var lines_exports = {};
__export(lines_exports, {
  withLines: () => withLines
});
function withLines(findings, record2) {
  const wanted = new Set(findings.flatMap(({ at: at2 = [] }) => at2.map(({ path: path2 }) => path2)));
  if (wanted.size === 0) return [...findings];
  const lines4 = firstLines(record2, wanted);
  return findings.map(
    (finding3) => finding3.at === void 0 ? finding3 : { ...finding3, at: finding3.at.map(({ path: path2 }) => ({ path: path2, line: lines4.get(path2) ?? null })) }
  );
}
function firstLines(record2, wanted) {
  const lines4 = /* @__PURE__ */ new Map();
  for (const { file, directory } of patchesOf(record2)) {
    let path2 = null;
    let at2 = null;
    for (const { line, starts } of lineParts(record2.pieces(file))) {
      if (wanted.size === 0) return lines4;
      if (!starts) continue;
      const header3 = headerOf(line, directory);
      if (header3 !== null) [path2, at2] = [wanted.has(header3) ? header3 : null, null];
      if (path2 === null) continue;
      const sign2 = String.fromCharCode(line[0] ?? 0);
      if (at2 === null) at2 = sign2 === "@" ? Number(HUNK2.exec(line.toString("latin1", 0, 100))?.[1] ?? 0) : null;
      else if (sign2 === " ") at2 += 1;
      else {
        lines4.set(path2, Math.max(at2, 1));
        wanted.delete(path2);
        path2 = null;
      }
    }
  }
  return lines4;
}
var HUNK2;
var init_lines2 = __esm({
  "src/guard/lines.ts"() {
    "use strict";
    init_patches();
    HUNK2 = /^@@ -\d+(?:,\d+)? \+(\d+)/;
  }
});

// src/guard/claimed-programs.ts
var claimed_programs_exports = {};
__export(claimed_programs_exports, {
  claimedPrograms: () => claimedPrograms,
  unseenPrograms: () => unseenPrograms
});
function claimedPrograms({ steps: steps2 }) {
  const names2 = /* @__PURE__ */ new Set();
  for (const { tool_calls: calls2 = [], observation } of steps2) {
    for (const { tool_call_id: id2, function_name: tool, arguments: args2 } of calls2) {
      const result2 = observation?.results.find(({ source_call_id: of }) => of === id2);
      if (result2 === void 0 || result2.extra?.["failed"] === true) continue;
      const argument = Object.keys(RUNS).find((key2) => RUNS[key2]?.includes(tool) === true && typeof args2[key2] === "string");
      const [, name] = PLAIN2.exec(argument === void 0 ? "" : String(args2[argument]).trim()) ?? [];
      if (name !== void 0 && !NO_PROGRAM.has(name)) names2.add(name);
    }
  }
  return names2;
}
async function unseenPrograms(trajectory, programs2, record2) {
  if (programs2 === void 0 || programs2.source === "none" || programs2.lost > 0 || programs2.omitted > 0) return [];
  const missing = new Set(claimedPrograms(trajectory));
  if (missing.size === 0) return [];
  const lines4 = record2.lines("programs.ndjson");
  for await (const { program, argv } of lines4) {
    if (argv === null && INTERPRETERS.test(program ?? "")) return [];
    for (const word of [program ?? "", ...argv ?? []]) missing.delete(word.slice(word.lastIndexOf("/") + 1));
  }
  if (!lines4.complete || missing.size === 0) return [];
  const bag = new Bag();
  for (const name of [...missing].sort()) bag.add(displayText(name));
  return [bag.finding(MISMATCH, `${counted(bag.count, "program")} that the agent says it ran, and that did not run`)];
}
var RUNS, NO_PROGRAM, PLAIN2, INTERPRETERS;
var init_claimed_programs = __esm({
  "src/guard/claimed-programs.ts"() {
    "use strict";
    init_display();
    init_bag();
    init_claims();
    RUNS = {
      command: ["Bash", "bash", "shell", "run_shell_command", "command_execution"],
      cmd: ["exec_command", "bash"]
    };
    NO_PROGRAM = new Set(
      `alias bg bind break builtin caller case cd command compgen complete continue coproc declare dirs disown do done echo elif else enable esac
  eval exec exit export false fc fg fi for function getopts hash help history if in jobs kill let local logout mapfile popd printf pushd pwd
  read readarray readonly return select set shift shopt source suspend test then time times trap true type typeset ulimit umask unalias unset
  until wait while nvm sdk rvm conda mamba workon deactivate`.split(/\s+/)
    );
    PLAIN2 = /^([A-Za-z][\w.+-]*)(?=\s|$)/;
    INTERPRETERS = /(?:^|\/)(?:\w*sh|env|busybox|python[\d.]*|node|bun|deno|perl|ruby|php|java|npm|npx|uv|make)$/;
  }
});

// src/guard/network.ts
var network_exports = {};
__export(network_exports, {
  networkFindings: () => networkFindings
});
async function networkFindings(rule, record2) {
  const lines4 = record2.lines("network.ndjson");
  if (!lines4.complete) return [unchecked(rule, "network.ndjson is not whole")];
  const seen2 = /* @__PURE__ */ new Set();
  const bag = new Bag();
  let listed = 0;
  for await (const line of lines4) {
    if (line.verdict !== "denied") continue;
    listed += 1;
    const host = `${line.name ?? line.address ?? "unknown"}:${line.port}`;
    if (seen2.has(host) || seen2.size >= HOSTS3) continue;
    seen2.add(host);
    bag.add(displayText(host));
  }
  const total = lines4.footer?.["denied"];
  const denied = typeof total === "number" ? Math.max(total, listed) : listed;
  return denied === 0 ? [] : [bag.finding(rule, counted(denied, "denied request"))];
}
var HOSTS3;
var init_network = __esm({
  "src/guard/network.ts"() {
    "use strict";
    init_display();
    init_bag();
    HOSTS3 = 1e4;
  }
});

// src/guard/bounded.ts
function ready() {
  if (script !== null) return script;
  (0, import_node_vm.createContext)(context);
  return script = new import_node_vm.Script("work()");
}
function bounded(work, ms) {
  if (ms < 1) return { ok: false };
  const began = performance.now();
  context.work = work;
  try {
    const value = ready().runInContext(context, { timeout: Math.ceil(ms) });
    return { ok: true, value, ms: performance.now() - began };
  } catch (error) {
    if (error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return { ok: false };
    throw error;
  } finally {
    delete context.work;
  }
}
var import_node_vm, context, script, TIME;
var init_bounded = __esm({
  "src/guard/bounded.ts"() {
    "use strict";
    import_node_vm = require("node:vm");
    context = {};
    script = null;
    TIME = 2e3;
  }
});

// src/guard/output.ts
var output_exports = {};
__export(output_exports, {
  OVERLAP: () => OVERLAP,
  SEARCHED: () => SEARCHED,
  outputFindings: () => outputFindings,
  windows: () => windows
});
function outputFindings(rule, record2, time4 = TIME) {
  const { kind, pattern } = rule.test;
  const expression = compile(pattern);
  if (expression === null) return [unchecked(rule, "the regular expression does not compile")];
  const what = [displayText(pattern)];
  let left = time4;
  let found = false;
  for (const text4 of windows(limited(record2))) {
    const result2 = bounded(() => expression.test(text4), left);
    if (!result2.ok) return [{ ...unchecked(rule, `the regular expression took longer than ${time4 / 1e3} s`), what }];
    left -= result2.ms;
    found = result2.value;
    if (found) break;
  }
  if (kind === "forbid" && found) return [finding2(rule, "the output matches a forbidden expression", what)];
  if (found) return [];
  if ((record2.size("transcript.log") ?? 0) > SEARCHED) return [{ ...unchecked(rule, "the output is too long to be searched"), what }];
  return kind === "require" ? [finding2(rule, "the output does not match a required expression", what)] : [];
}
function compile(pattern) {
  for (const flags of ["mu", "m"]) {
    try {
      return new RegExp(pattern, flags);
    } catch {
    }
  }
  return null;
}
function* limited(record2) {
  let left = SEARCHED;
  for (const piece of record2.pieces("transcript.log")) {
    if (left === 0) return;
    const part2 = piece.subarray(0, left);
    left -= part2.length;
    yield part2;
  }
}
function* windows(pieces4) {
  let kept = Buffer.alloc(0);
  let shown2 = 0;
  for (const piece of pieces4) {
    const bytes4 = Buffer.concat([kept, piece]);
    const line = bytes4.lastIndexOf(10) + 1;
    const end = line > shown2 ? line : bytes4.length;
    yield bytes4.toString("utf8", 0, end);
    const from = overlapStart(bytes4, end);
    kept = Buffer.from(bytes4.subarray(from));
    shown2 = end - from;
  }
  if (kept.length > shown2 || shown2 === 0) yield kept.toString("utf8");
}
function overlapStart(bytes4, end) {
  const least = Math.max(0, end - OVERLAP);
  const line = least === 0 ? 0 : bytes4.lastIndexOf(10, least - 1) + 1;
  return least - line <= 3 * OVERLAP ? line : least;
}
var SEARCHED, OVERLAP;
var init_output = __esm({
  "src/guard/output.ts"() {
    "use strict";
    init_display();
    init_bag();
    init_bounded();
    SEARCHED = 256 << 20;
    OVERLAP = 64 << 10;
  }
});

// node_modules/@cfworker/json-schema/dist/esm/deep-compare-strict.js
function deepCompareStrict(a, b) {
  const typeofa = typeof a;
  if (typeofa !== typeof b) {
    return false;
  }
  const aIsArray = Array.isArray(a);
  const bIsArray = Array.isArray(b);
  if (aIsArray !== bIsArray) {
    return false;
  }
  if (aIsArray) {
    const length = a.length;
    if (length !== b.length) {
      return false;
    }
    for (let i = 0; i < length; i++) {
      if (!deepCompareStrict(a[i], b[i])) {
        return false;
      }
    }
    return true;
  }
  if (typeofa === "object") {
    if (!a || !b) {
      return a === b;
    }
    const aKeys = Object.keys(a);
    const bKeys = Object.keys(b);
    const length = aKeys.length;
    if (length !== bKeys.length) {
      return false;
    }
    for (const k of aKeys) {
      if (!Object.prototype.hasOwnProperty.call(b, k)) {
        return false;
      }
      if (!deepCompareStrict(a[k], b[k])) {
        return false;
      }
    }
    return true;
  }
  return a === b;
}
var init_deep_compare_strict = __esm({
  "node_modules/@cfworker/json-schema/dist/esm/deep-compare-strict.js"() {
    "use strict";
  }
});

// node_modules/@cfworker/json-schema/dist/esm/pointer.js
function encodePointer(p) {
  return encodeURI(escapePointer(p)).replace(/#/g, "%23");
}
function escapePointer(p) {
  return p.replace(/~/g, "~0").replace(/\//g, "~1");
}
var init_pointer = __esm({
  "node_modules/@cfworker/json-schema/dist/esm/pointer.js"() {
    "use strict";
  }
});

// node_modules/@cfworker/json-schema/dist/esm/dereference.js
function normalizeURIFragment(fragment) {
  let normalized = "";
  for (let index2 = 0; index2 < fragment.length; ) {
    const character = fragment[index2];
    const encoded = fragment.slice(index2, index2 + 3);
    if (character === "%" && uriPercentEncoding.test(encoded)) {
      const decoded = String.fromCharCode(parseInt(encoded.slice(1), 16));
      normalized += uriUnreservedCharacter.test(decoded) ? decoded : encoded.toUpperCase();
      index2 += 3;
      continue;
    }
    const codePoint = String.fromCodePoint(fragment.codePointAt(index2));
    normalized += uriFragmentCharacter.test(codePoint) ? codePoint : encodeURIComponent(codePoint);
    index2 += codePoint.length;
  }
  return normalized;
}
function resolveURI(reference, baseURI) {
  const url = new URL(reference, baseURI.href);
  url.hash = url.hash ? normalizeURIFragment(url.hash.slice(1)) : "";
  return url;
}
function dereference(schema, lookup = /* @__PURE__ */ Object.create(null), baseURI = initialBaseURI, basePointer = "") {
  if (schema && typeof schema === "object" && !Array.isArray(schema)) {
    const id2 = schema.$id || schema["id"];
    if (id2) {
      const url = resolveURI(id2, baseURI);
      if (url.hash.length > 1) {
        lookup[url.href] = schema;
      } else {
        url.hash = "";
        if (basePointer === "") {
          baseURI = url;
        } else {
          dereference(schema, lookup, baseURI);
        }
      }
    }
  } else if (schema !== true && schema !== false) {
    return lookup;
  }
  const schemaURI = baseURI.href + (basePointer ? "#" + basePointer : "");
  if (lookup[schemaURI] !== void 0 && lookup[schemaURI] !== schema) {
    throw new Error(`Duplicate schema URI "${schemaURI}".`);
  }
  lookup[schemaURI] = schema;
  if (schema === true || schema === false) {
    return lookup;
  }
  if (schema.__absolute_uri__ === void 0) {
    Object.defineProperty(schema, "__absolute_uri__", {
      enumerable: false,
      value: schemaURI
    });
  }
  if (schema.$ref && schema.__absolute_ref__ === void 0) {
    const url = resolveURI(schema.$ref, baseURI);
    Object.defineProperty(schema, "__absolute_ref__", {
      enumerable: false,
      value: url.href
    });
  }
  if (schema.$recursiveRef && schema.__absolute_recursive_ref__ === void 0) {
    const url = resolveURI(schema.$recursiveRef, baseURI);
    Object.defineProperty(schema, "__absolute_recursive_ref__", {
      enumerable: false,
      value: url.href
    });
  }
  if (schema.$anchor) {
    const url = resolveURI("#" + schema.$anchor, baseURI);
    lookup[url.href] = schema;
  }
  for (let key2 in schema) {
    if (ignoredKeyword[key2]) {
      continue;
    }
    const keyBase = `${basePointer}/${encodePointer(key2)}`;
    const subSchema = schema[key2];
    if (Array.isArray(subSchema)) {
      if (schemaArrayKeyword[key2]) {
        const length = subSchema.length;
        for (let i = 0; i < length; i++) {
          dereference(subSchema[i], lookup, baseURI, `${keyBase}/${i}`);
        }
      }
    } else if (schemaMapKeyword[key2]) {
      for (let subKey in subSchema) {
        dereference(subSchema[subKey], lookup, baseURI, `${keyBase}/${encodePointer(subKey)}`);
      }
    } else {
      dereference(subSchema, lookup, baseURI, keyBase);
    }
  }
  return lookup;
}
var uriFragmentCharacter, uriPercentEncoding, uriUnreservedCharacter, schemaArrayKeyword, schemaMapKeyword, ignoredKeyword, initialBaseURI;
var init_dereference = __esm({
  "node_modules/@cfworker/json-schema/dist/esm/dereference.js"() {
    "use strict";
    init_pointer();
    uriFragmentCharacter = /^[A-Za-z0-9._~!$&'()*+,;=:@/?-]$/;
    uriPercentEncoding = /^%[0-9A-Fa-f]{2}$/;
    uriUnreservedCharacter = /^[A-Za-z0-9._~-]$/;
    schemaArrayKeyword = {
      prefixItems: true,
      items: true,
      allOf: true,
      anyOf: true,
      oneOf: true
    };
    schemaMapKeyword = {
      $defs: true,
      definitions: true,
      properties: true,
      patternProperties: true,
      dependentSchemas: true
    };
    ignoredKeyword = {
      id: true,
      $id: true,
      $ref: true,
      $schema: true,
      $anchor: true,
      $vocabulary: true,
      $comment: true,
      default: true,
      enum: true,
      const: true,
      required: true,
      dependentRequired: true,
      type: true,
      maximum: true,
      minimum: true,
      exclusiveMaximum: true,
      exclusiveMinimum: true,
      multipleOf: true,
      maxLength: true,
      minLength: true,
      pattern: true,
      format: true,
      maxItems: true,
      minItems: true,
      uniqueItems: true,
      maxProperties: true,
      minProperties: true
    };
    initialBaseURI = typeof self !== "undefined" && self.location && self.location.origin !== "null" ? new URL(self.location.origin + self.location.pathname + location.search) : new URL("https://github.com/cfworker");
  }
});

// node_modules/@cfworker/json-schema/dist/esm/format.js
function bind(r) {
  return r.test.bind(r);
}
function isLeapYear(year) {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
function date(str) {
  const matches = str.match(DATE);
  if (!matches)
    return false;
  const yearPart = matches[1];
  const monthPart = matches[2];
  const dayPart = matches[3];
  if (!yearPart || !monthPart || !dayPart)
    return false;
  const year = +yearPart;
  const month = +monthPart;
  const day = +dayPart;
  const maxDay = month == 2 && isLeapYear(year) ? 29 : DAYS[month];
  return month >= 1 && month <= 12 && day >= 1 && maxDay !== void 0 && day <= maxDay;
}
function time2(full, str) {
  const matches = str.match(TIME2);
  if (!matches)
    return false;
  const hourPart = matches[1];
  const minutePart = matches[2];
  const secondPart = matches[3];
  if (!hourPart || !minutePart || !secondPart)
    return false;
  const hour = +hourPart;
  const minute = +minutePart;
  const second = +secondPart;
  const timeZone = matches[5];
  const offsetSign = matches[6];
  const offsetHour = +(matches[7] ?? 0);
  const offsetMinute = +(matches[8] ?? 0);
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59 || full && timeZone === void 0) {
    return false;
  }
  if (second < 60)
    return true;
  const offsetDirection = offsetSign === "+" ? 1 : offsetSign === "-" ? -1 : 0;
  const utcMinute = (hour * 60 + minute - offsetDirection * (offsetHour * 60 + offsetMinute) + 24 * 60) % (24 * 60);
  return utcMinute === 23 * 60 + 59;
}
function date_time(str) {
  const [datePart, timePart, extra2] = str.split(DATE_TIME_SEPARATOR);
  return datePart !== void 0 && timePart !== void 0 && extra2 === void 0 && date(datePart) && time2(true, timePart);
}
function uri(str) {
  return NOT_URI_FRAGMENT.test(str) && URI_PATTERN.test(str);
}
function regex2(str) {
  if (Z_ANCHOR.test(str))
    return false;
  try {
    new RegExp(str, "u");
    return true;
  } catch (e) {
    return false;
  }
}
var DATE, DAYS, TIME2, HOSTNAME, URIREF, URITEMPLATE, URL_, UUID, JSON_POINTER, JSON_POINTER_URI_FRAGMENT, RELATIVE_JSON_POINTER, EMAIL_ADDRESS, EMAIL, IPV4, IPV6, DURATION, format, DATE_TIME_SEPARATOR, NOT_URI_FRAGMENT, URI_PATTERN, Z_ANCHOR;
var init_format = __esm({
  "node_modules/@cfworker/json-schema/dist/esm/format.js"() {
    "use strict";
    DATE = /^(\d\d\d\d)-(\d\d)-(\d\d)$/;
    DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    TIME2 = /^(\d\d):(\d\d):(\d\d)(\.\d+)?(z|([+-])(\d\d):(\d\d))?$/i;
    HOSTNAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-0-9a-z]{0,61}[0-9a-z])?)*$/i;
    URIREF = /^(?:[a-z][a-z0-9+\-.]*:)?(?:\/?\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*@)?(?:\[(?:(?:(?:(?:[0-9a-f]{1,4}:){6}|::(?:[0-9a-f]{1,4}:){5}|(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){4}|(?:(?:[0-9a-f]{1,4}:){0,1}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){3}|(?:(?:[0-9a-f]{1,4}:){0,2}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){2}|(?:(?:[0-9a-f]{1,4}:){0,3}[0-9a-f]{1,4})?::[0-9a-f]{1,4}:|(?:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4})?::)(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?))|(?:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})?::[0-9a-f]{1,4}|(?:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?::)|[Vv][0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+)\]|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)|(?:[a-z0-9\-._~!$&'"()*+,;=]|%[0-9a-f]{2})*)(?::\d*)?(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*|\/(?:(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*)?|(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*)?(?:\?(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?$/i;
    URITEMPLATE = /^(?:(?:[^\x00-\x20\x7f"<>%\\^`{|}]|%[0-9a-f]{2})|\{[+#./;?&=,!@|]?(?:[a-z0-9_]|%[0-9a-f]{2})+(?:\.(?:[a-z0-9_]|%[0-9a-f]{2})+)*(?::[1-9][0-9]{0,3}|\*)?(?:,(?:[a-z0-9_]|%[0-9a-f]{2})+(?:\.(?:[a-z0-9_]|%[0-9a-f]{2})+)*(?::[1-9][0-9]{0,3}|\*)?)*\})*$/i;
    URL_ = /^(?:(?:https?|ftp):\/\/)(?:\S+(?::\S*)?@)?(?:(?!10(?:\.\d{1,3}){3})(?!127(?:\.\d{1,3}){3})(?!169\.254(?:\.\d{1,3}){2})(?!192\.168(?:\.\d{1,3}){2})(?!172\.(?:1[6-9]|2\d|3[0-1])(?:\.\d{1,3}){2})(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}(?:\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4]))|(?:(?:[a-z\u{00a1}-\u{ffff}0-9]+-?)*[a-z\u{00a1}-\u{ffff}0-9]+)(?:\.(?:[a-z\u{00a1}-\u{ffff}0-9]+-?)*[a-z\u{00a1}-\u{ffff}0-9]+)*(?:\.(?:[a-z\u{00a1}-\u{ffff}]{2,})))(?::\d{2,5})?(?:\/[^\s]*)?$/iu;
    UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
    JSON_POINTER = /^(?:\/(?:[^~/]|~0|~1)*)*$/;
    JSON_POINTER_URI_FRAGMENT = /^#(?:\/(?:[a-z0-9_\-.!$&'()*+,;:=@]|%[0-9a-f]{2}|~0|~1)*)*$/i;
    RELATIVE_JSON_POINTER = /^(?:0|[1-9][0-9]*)(?:#|(?:\/(?:[^~/]|~0|~1)*)*)$/;
    EMAIL_ADDRESS = /^("(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"|[a-z0-9.!#$%&'*+/=?^_`{|}~-]+)@(.+)$/i;
    EMAIL = (input) => {
      const matches = input.match(EMAIL_ADDRESS);
      if (!matches)
        return false;
      const name = matches[1];
      const host = matches[2];
      if (!name || !host || name.length > 64 || host.length > 253)
        return false;
      if (name[0] !== '"' && (name[0] === "." || name.endsWith(".") || name.includes(".."))) {
        return false;
      }
      if (host.startsWith("[") && host.endsWith("]")) {
        const address = host.slice(1, -1);
        if (/^ipv6:/i.test(address))
          return IPV6.test(address.slice(5));
        return IPV4.test(address);
      }
      return HOSTNAME.test(host);
    };
    IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)$/;
    IPV6 = /^((([0-9a-f]{1,4}:){7}([0-9a-f]{1,4}|:))|(([0-9a-f]{1,4}:){6}(:[0-9a-f]{1,4}|((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9a-f]{1,4}:){5}(((:[0-9a-f]{1,4}){1,2})|:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9a-f]{1,4}:){4}(((:[0-9a-f]{1,4}){1,3})|((:[0-9a-f]{1,4})?:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){3}(((:[0-9a-f]{1,4}){1,4})|((:[0-9a-f]{1,4}){0,2}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){2}(((:[0-9a-f]{1,4}){1,5})|((:[0-9a-f]{1,4}){0,3}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){1}(((:[0-9a-f]{1,4}){1,6})|((:[0-9a-f]{1,4}){0,4}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(:(((:[0-9a-f]{1,4}){1,7})|((:[0-9a-f]{1,4}){0,5}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:)))$/i;
    DURATION = (input) => /^P(?:\d+W|(?:(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?|T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S)))$/.test(input);
    format = {
      date,
      time: time2.bind(void 0, true),
      "date-time": date_time,
      duration: DURATION,
      uri,
      "uri-reference": bind(URIREF),
      "uri-template": bind(URITEMPLATE),
      url: bind(URL_),
      email: EMAIL,
      hostname: bind(HOSTNAME),
      ipv4: bind(IPV4),
      ipv6: bind(IPV6),
      regex: regex2,
      uuid: bind(UUID),
      "json-pointer": bind(JSON_POINTER),
      "json-pointer-uri-fragment": bind(JSON_POINTER_URI_FRAGMENT),
      "relative-json-pointer": bind(RELATIVE_JSON_POINTER)
    };
    DATE_TIME_SEPARATOR = /t|\s/i;
    NOT_URI_FRAGMENT = /\/|:/;
    URI_PATTERN = /^(?:[a-z][a-z0-9+\-.]*:)(?:\/?\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*@)?(?:\[(?:(?:(?:(?:[0-9a-f]{1,4}:){6}|::(?:[0-9a-f]{1,4}:){5}|(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){4}|(?:(?:[0-9a-f]{1,4}:){0,1}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){3}|(?:(?:[0-9a-f]{1,4}:){0,2}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){2}|(?:(?:[0-9a-f]{1,4}:){0,3}[0-9a-f]{1,4})?::[0-9a-f]{1,4}:|(?:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4})?::)(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?))|(?:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})?::[0-9a-f]{1,4}|(?:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?::)|[Vv][0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+)\]|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)|(?:[a-z0-9\-._~!$&'()*+,;=]|%[0-9a-f]{2})*)(?::\d*)?(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*|\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*)?|(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*)(?:\?(?:[a-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#(?:[a-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?$/i;
    Z_ANCHOR = /[^\\]\\Z/;
  }
});

// node_modules/@cfworker/json-schema/dist/esm/types.js
var OutputFormat;
var init_types = __esm({
  "node_modules/@cfworker/json-schema/dist/esm/types.js"() {
    "use strict";
    (function(OutputFormat2) {
      OutputFormat2[OutputFormat2["Flag"] = 1] = "Flag";
      OutputFormat2[OutputFormat2["Basic"] = 2] = "Basic";
      OutputFormat2[OutputFormat2["Detailed"] = 4] = "Detailed";
    })(OutputFormat || (OutputFormat = {}));
  }
});

// node_modules/@cfworker/json-schema/dist/esm/ucs2-length.js
function ucs2length(s) {
  let result2 = 0;
  let length = s.length;
  let index2 = 0;
  let charCode;
  while (index2 < length) {
    result2++;
    charCode = s.charCodeAt(index2++);
    if (charCode >= 55296 && charCode <= 56319 && index2 < length) {
      charCode = s.charCodeAt(index2);
      if ((charCode & 64512) == 56320) {
        index2++;
      }
    }
  }
  return result2;
}
var init_ucs2_length = __esm({
  "node_modules/@cfworker/json-schema/dist/esm/ucs2-length.js"() {
    "use strict";
  }
});

// node_modules/@cfworker/json-schema/dist/esm/validate.js
function hasOwnProperty(instance, key2) {
  return Object.prototype.hasOwnProperty.call(instance, key2);
}
function decimalInteger(value) {
  const coefficientAndExponent = Math.abs(value).toString().split("e");
  const coefficient = coefficientAndExponent[0];
  const exponent = coefficientAndExponent[1] ?? "0";
  const point = coefficient.indexOf(".");
  const fractionLength = point === -1 ? 0 : coefficient.length - point - 1;
  return [
    BigInt(coefficient.replace(".", "")),
    Number(exponent) - fractionLength
  ];
}
function isMultipleOf(instance, divisor) {
  if (!Number.isFinite(instance) || !Number.isFinite(divisor) || divisor <= 0) {
    return false;
  }
  const [instanceCoefficient, instanceExponent] = decimalInteger(instance);
  const [divisorCoefficient, divisorExponent] = decimalInteger(divisor);
  const exponentDifference = instanceExponent - divisorExponent;
  if (exponentDifference >= 0) {
    return instanceCoefficient * 10n ** BigInt(exponentDifference) % divisorCoefficient === 0n;
  }
  return instanceCoefficient % (divisorCoefficient * 10n ** BigInt(-exponentDifference)) === 0n;
}
function validate(instance, schema, draft = "2019-09", lookup = dereference(schema), shortCircuit = true, recursiveAnchor = null, instanceLocation = "#", schemaLocation = "#", evaluated = /* @__PURE__ */ Object.create(null)) {
  if (schema === true) {
    return { valid: true, errors: [] };
  }
  if (schema === false) {
    return {
      valid: false,
      errors: [
        {
          instanceLocation,
          keyword: "false",
          keywordLocation: instanceLocation,
          error: "False boolean schema."
        }
      ]
    };
  }
  const rawInstanceType = typeof instance;
  let instanceType;
  switch (rawInstanceType) {
    case "boolean":
    case "number":
    case "string":
      instanceType = rawInstanceType;
      break;
    case "object":
      if (instance === null) {
        instanceType = "null";
      } else if (Array.isArray(instance)) {
        instanceType = "array";
      } else {
        instanceType = "object";
      }
      break;
    default:
      throw new Error(`Instances of "${rawInstanceType}" type are not supported.`);
  }
  const { $ref, $recursiveRef, $recursiveAnchor, type: $type, const: $const, enum: $enum, required: $required, not: $not, anyOf: $anyOf, allOf: $allOf, oneOf: $oneOf, if: $if, then: $then, else: $else, format: $format, properties: $properties, patternProperties: $patternProperties, additionalProperties: $additionalProperties, unevaluatedProperties: $unevaluatedProperties, minProperties: $minProperties, maxProperties: $maxProperties, propertyNames: $propertyNames, dependentRequired: $dependentRequired, dependentSchemas: $dependentSchemas, dependencies: $dependencies, prefixItems: $prefixItems, items: $items, additionalItems: $additionalItems, unevaluatedItems: $unevaluatedItems, contains: $contains, minContains: $minContains, maxContains: $maxContains, minItems: $minItems, maxItems: $maxItems, uniqueItems: $uniqueItems, minimum: $minimum, maximum: $maximum, exclusiveMinimum: $exclusiveMinimum, exclusiveMaximum: $exclusiveMaximum, multipleOf: $multipleOf, minLength: $minLength, maxLength: $maxLength, pattern: $pattern, __absolute_ref__, __absolute_recursive_ref__ } = schema;
  const errors = [];
  if ($recursiveAnchor === true && recursiveAnchor === null) {
    recursiveAnchor = schema;
  }
  if ($recursiveRef === "#") {
    const refSchema = recursiveAnchor === null ? lookup[__absolute_recursive_ref__] : recursiveAnchor;
    const keywordLocation = `${schemaLocation}/$recursiveRef`;
    const result2 = validate(instance, recursiveAnchor === null ? schema : recursiveAnchor, draft, lookup, shortCircuit, refSchema, instanceLocation, keywordLocation, evaluated);
    if (!result2.valid) {
      errors.push({
        instanceLocation,
        keyword: "$recursiveRef",
        keywordLocation,
        error: "A subschema had errors."
      }, ...result2.errors);
    }
  }
  if ($ref !== void 0) {
    const uri2 = __absolute_ref__ || $ref;
    const refSchema = lookup[uri2];
    if (refSchema === void 0) {
      let message3 = `Unresolved $ref "${$ref}".`;
      if (__absolute_ref__ && __absolute_ref__ !== $ref) {
        message3 += `  Absolute URI "${__absolute_ref__}".`;
      }
      message3 += `
Known schemas:
- ${Object.keys(lookup).join("\n- ")}`;
      throw new Error(message3);
    }
    const keywordLocation = `${schemaLocation}/$ref`;
    const result2 = validate(instance, refSchema, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, keywordLocation, evaluated);
    if (!result2.valid) {
      errors.push({
        instanceLocation,
        keyword: "$ref",
        keywordLocation,
        error: "A subschema had errors."
      }, ...result2.errors);
    }
    if (draft === "4" || draft === "7") {
      return { valid: errors.length === 0, errors };
    }
  }
  if (Array.isArray($type)) {
    let length = $type.length;
    let valid = false;
    for (let i = 0; i < length; i++) {
      if (instanceType === $type[i] || $type[i] === "integer" && instanceType === "number" && instance % 1 === 0 && instance === instance) {
        valid = true;
        break;
      }
    }
    if (!valid) {
      errors.push({
        instanceLocation,
        keyword: "type",
        keywordLocation: `${schemaLocation}/type`,
        error: `Instance type "${instanceType}" is invalid. Expected "${$type.join('", "')}".`
      });
    }
  } else if ($type === "integer") {
    if (instanceType !== "number" || instance % 1 || instance !== instance) {
      errors.push({
        instanceLocation,
        keyword: "type",
        keywordLocation: `${schemaLocation}/type`,
        error: `Instance type "${instanceType}" is invalid. Expected "${$type}".`
      });
    }
  } else if ($type !== void 0 && instanceType !== $type) {
    errors.push({
      instanceLocation,
      keyword: "type",
      keywordLocation: `${schemaLocation}/type`,
      error: `Instance type "${instanceType}" is invalid. Expected "${$type}".`
    });
  }
  if ($const !== void 0) {
    if (instanceType === "object" || instanceType === "array") {
      if (!deepCompareStrict(instance, $const)) {
        errors.push({
          instanceLocation,
          keyword: "const",
          keywordLocation: `${schemaLocation}/const`,
          error: `Instance does not match ${JSON.stringify($const)}.`
        });
      }
    } else if (instance !== $const) {
      errors.push({
        instanceLocation,
        keyword: "const",
        keywordLocation: `${schemaLocation}/const`,
        error: `Instance does not match ${JSON.stringify($const)}.`
      });
    }
  }
  if ($enum !== void 0) {
    if (instanceType === "object" || instanceType === "array") {
      if (!$enum.some((value) => deepCompareStrict(instance, value))) {
        errors.push({
          instanceLocation,
          keyword: "enum",
          keywordLocation: `${schemaLocation}/enum`,
          error: `Instance does not match any of ${JSON.stringify($enum)}.`
        });
      }
    } else if (!$enum.some((value) => instance === value)) {
      errors.push({
        instanceLocation,
        keyword: "enum",
        keywordLocation: `${schemaLocation}/enum`,
        error: `Instance does not match any of ${JSON.stringify($enum)}.`
      });
    }
  }
  if ($not !== void 0) {
    const keywordLocation = `${schemaLocation}/not`;
    const result2 = validate(instance, $not, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, keywordLocation);
    if (result2.valid) {
      errors.push({
        instanceLocation,
        keyword: "not",
        keywordLocation,
        error: 'Instance matched "not" schema.'
      });
    }
  }
  let subEvaluateds = [];
  if ($anyOf !== void 0) {
    const keywordLocation = `${schemaLocation}/anyOf`;
    const errorsLength = errors.length;
    let anyValid = false;
    for (const [i, subSchema] of $anyOf.entries()) {
      const subEvaluated = Object.create(evaluated);
      const result2 = validate(instance, subSchema, draft, lookup, shortCircuit, $recursiveAnchor === true ? recursiveAnchor : null, instanceLocation, `${keywordLocation}/${i}`, subEvaluated);
      errors.push(...result2.errors);
      anyValid = anyValid || result2.valid;
      if (result2.valid) {
        subEvaluateds.push(subEvaluated);
      }
    }
    if (anyValid) {
      errors.length = errorsLength;
    } else {
      errors.splice(errorsLength, 0, {
        instanceLocation,
        keyword: "anyOf",
        keywordLocation,
        error: "Instance does not match any subschemas."
      });
    }
  }
  if ($allOf !== void 0) {
    const keywordLocation = `${schemaLocation}/allOf`;
    const errorsLength = errors.length;
    let allValid = true;
    for (const [i, subSchema] of $allOf.entries()) {
      const subEvaluated = Object.create(evaluated);
      const result2 = validate(instance, subSchema, draft, lookup, shortCircuit, $recursiveAnchor === true ? recursiveAnchor : null, instanceLocation, `${keywordLocation}/${i}`, subEvaluated);
      errors.push(...result2.errors);
      allValid = allValid && result2.valid;
      if (result2.valid) {
        subEvaluateds.push(subEvaluated);
      }
    }
    if (allValid) {
      errors.length = errorsLength;
    } else {
      errors.splice(errorsLength, 0, {
        instanceLocation,
        keyword: "allOf",
        keywordLocation,
        error: `Instance does not match every subschema.`
      });
    }
  }
  if ($oneOf !== void 0) {
    const keywordLocation = `${schemaLocation}/oneOf`;
    const errorsLength = errors.length;
    const matches = $oneOf.filter((subSchema, i) => {
      const subEvaluated = Object.create(evaluated);
      const result2 = validate(instance, subSchema, draft, lookup, shortCircuit, $recursiveAnchor === true ? recursiveAnchor : null, instanceLocation, `${keywordLocation}/${i}`, subEvaluated);
      errors.push(...result2.errors);
      if (result2.valid) {
        subEvaluateds.push(subEvaluated);
      }
      return result2.valid;
    }).length;
    if (matches === 1) {
      errors.length = errorsLength;
    } else {
      errors.splice(errorsLength, 0, {
        instanceLocation,
        keyword: "oneOf",
        keywordLocation,
        error: `Instance does not match exactly one subschema (${matches} matches).`
      });
    }
  }
  if (instanceType === "object" || instanceType === "array") {
    Object.assign(evaluated, ...subEvaluateds);
  }
  if ($if !== void 0) {
    const keywordLocation = `${schemaLocation}/if`;
    const ifEvaluated = /* @__PURE__ */ Object.create(null);
    const conditionResult = validate(instance, $if, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, keywordLocation, ifEvaluated).valid;
    if (conditionResult) {
      Object.assign(evaluated, ifEvaluated);
      if ($then !== void 0) {
        const thenResult = validate(instance, $then, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, `${schemaLocation}/then`, evaluated);
        if (!thenResult.valid) {
          errors.push({
            instanceLocation,
            keyword: "if",
            keywordLocation,
            error: `Instance does not match "then" schema.`
          }, ...thenResult.errors);
        }
      }
    } else if ($else !== void 0) {
      const elseResult = validate(instance, $else, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, `${schemaLocation}/else`, evaluated);
      if (!elseResult.valid) {
        errors.push({
          instanceLocation,
          keyword: "if",
          keywordLocation,
          error: `Instance does not match "else" schema.`
        }, ...elseResult.errors);
      }
    }
  }
  if (instanceType === "object") {
    if ($required !== void 0) {
      for (const key2 of $required) {
        if (!hasOwnProperty(instance, key2)) {
          errors.push({
            instanceLocation,
            keyword: "required",
            keywordLocation: `${schemaLocation}/required`,
            error: `Instance does not have required property "${key2}".`
          });
        }
      }
    }
    const keys = Object.keys(instance);
    if ($minProperties !== void 0 && keys.length < $minProperties) {
      errors.push({
        instanceLocation,
        keyword: "minProperties",
        keywordLocation: `${schemaLocation}/minProperties`,
        error: `Instance does not have at least ${$minProperties} properties.`
      });
    }
    if ($maxProperties !== void 0 && keys.length > $maxProperties) {
      errors.push({
        instanceLocation,
        keyword: "maxProperties",
        keywordLocation: `${schemaLocation}/maxProperties`,
        error: `Instance does not have at least ${$maxProperties} properties.`
      });
    }
    if ($propertyNames !== void 0) {
      const keywordLocation = `${schemaLocation}/propertyNames`;
      for (const key2 in instance) {
        const subInstancePointer = `${instanceLocation}/${encodePointer(key2)}`;
        const result2 = validate(key2, $propertyNames, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, keywordLocation);
        if (!result2.valid) {
          errors.push({
            instanceLocation,
            keyword: "propertyNames",
            keywordLocation,
            error: `Property name "${key2}" does not match schema.`
          }, ...result2.errors);
        }
      }
    }
    if ($dependentRequired !== void 0) {
      const keywordLocation = `${schemaLocation}/dependantRequired`;
      for (const key2 in $dependentRequired) {
        if (hasOwnProperty(instance, key2)) {
          const required = $dependentRequired[key2];
          for (const dependantKey of required) {
            if (!hasOwnProperty(instance, dependantKey)) {
              errors.push({
                instanceLocation,
                keyword: "dependentRequired",
                keywordLocation,
                error: `Instance has "${key2}" but does not have "${dependantKey}".`
              });
            }
          }
        }
      }
    }
    if ($dependentSchemas !== void 0) {
      for (const [key2, dependentSchema] of Object.entries($dependentSchemas)) {
        const keywordLocation = `${schemaLocation}/dependentSchemas`;
        if (hasOwnProperty(instance, key2)) {
          const result2 = validate(instance, dependentSchema, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, `${keywordLocation}/${encodePointer(key2)}`, evaluated);
          if (!result2.valid) {
            errors.push({
              instanceLocation,
              keyword: "dependentSchemas",
              keywordLocation,
              error: `Instance has "${key2}" but does not match dependant schema.`
            }, ...result2.errors);
          }
        }
      }
    }
    if ($dependencies !== void 0) {
      const keywordLocation = `${schemaLocation}/dependencies`;
      for (const key2 in $dependencies) {
        if (hasOwnProperty(instance, key2)) {
          const propsOrSchema = $dependencies[key2];
          if (Array.isArray(propsOrSchema)) {
            for (const dependantKey of propsOrSchema) {
              if (!hasOwnProperty(instance, dependantKey)) {
                errors.push({
                  instanceLocation,
                  keyword: "dependencies",
                  keywordLocation,
                  error: `Instance has "${key2}" but does not have "${dependantKey}".`
                });
              }
            }
          } else {
            const result2 = validate(instance, propsOrSchema, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, `${keywordLocation}/${encodePointer(key2)}`);
            if (!result2.valid) {
              errors.push({
                instanceLocation,
                keyword: "dependencies",
                keywordLocation,
                error: `Instance has "${key2}" but does not match dependant schema.`
              }, ...result2.errors);
            }
          }
        }
      }
    }
    const thisEvaluated = /* @__PURE__ */ Object.create(null);
    let stop = false;
    if ($properties !== void 0) {
      const keywordLocation = `${schemaLocation}/properties`;
      for (const [key2, propertySchema] of Object.entries($properties)) {
        if (!hasOwnProperty(instance, key2)) {
          continue;
        }
        const subInstancePointer = `${instanceLocation}/${encodePointer(key2)}`;
        const result2 = validate(instance[key2], propertySchema, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, `${keywordLocation}/${encodePointer(key2)}`);
        thisEvaluated[key2] = true;
        if (result2.valid) {
          evaluated[key2] = true;
        } else {
          stop = shortCircuit;
          errors.push({
            instanceLocation,
            keyword: "properties",
            keywordLocation,
            error: `Property "${key2}" does not match schema.`
          }, ...result2.errors);
          if (stop)
            break;
        }
      }
    }
    if (!stop && $patternProperties !== void 0) {
      const keywordLocation = `${schemaLocation}/patternProperties`;
      for (const [pattern, subSchema] of Object.entries($patternProperties)) {
        const regex3 = new RegExp(pattern, "u");
        for (const key2 in instance) {
          if (!regex3.test(key2)) {
            continue;
          }
          const subInstancePointer = `${instanceLocation}/${encodePointer(key2)}`;
          const result2 = validate(instance[key2], subSchema, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, `${keywordLocation}/${encodePointer(pattern)}`);
          thisEvaluated[key2] = true;
          if (result2.valid) {
            evaluated[key2] = true;
          } else {
            stop = shortCircuit;
            errors.push({
              instanceLocation,
              keyword: "patternProperties",
              keywordLocation,
              error: `Property "${key2}" matches pattern "${pattern}" but does not match associated schema.`
            }, ...result2.errors);
          }
        }
      }
    }
    if (!stop && $additionalProperties !== void 0) {
      const keywordLocation = `${schemaLocation}/additionalProperties`;
      for (const key2 in instance) {
        if (thisEvaluated[key2]) {
          continue;
        }
        const subInstancePointer = `${instanceLocation}/${encodePointer(key2)}`;
        const result2 = validate(instance[key2], $additionalProperties, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, keywordLocation);
        if (result2.valid) {
          evaluated[key2] = true;
        } else {
          stop = shortCircuit;
          errors.push({
            instanceLocation,
            keyword: "additionalProperties",
            keywordLocation,
            error: `Property "${key2}" does not match additional properties schema.`
          }, ...result2.errors);
        }
      }
    } else if (!stop && $unevaluatedProperties !== void 0) {
      const keywordLocation = `${schemaLocation}/unevaluatedProperties`;
      for (const key2 in instance) {
        if (!evaluated[key2]) {
          const subInstancePointer = `${instanceLocation}/${encodePointer(key2)}`;
          const result2 = validate(instance[key2], $unevaluatedProperties, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, keywordLocation);
          if (result2.valid) {
            evaluated[key2] = true;
          } else {
            errors.push({
              instanceLocation,
              keyword: "unevaluatedProperties",
              keywordLocation,
              error: `Property "${key2}" does not match unevaluated properties schema.`
            }, ...result2.errors);
          }
        }
      }
    }
  } else if (instanceType === "array") {
    if ($maxItems !== void 0 && instance.length > $maxItems) {
      errors.push({
        instanceLocation,
        keyword: "maxItems",
        keywordLocation: `${schemaLocation}/maxItems`,
        error: `Array has too many items (${instance.length} > ${$maxItems}).`
      });
    }
    if ($minItems !== void 0 && instance.length < $minItems) {
      errors.push({
        instanceLocation,
        keyword: "minItems",
        keywordLocation: `${schemaLocation}/minItems`,
        error: `Array has too few items (${instance.length} < ${$minItems}).`
      });
    }
    const length = instance.length;
    let i = 0;
    let stop = false;
    if ($prefixItems !== void 0) {
      const keywordLocation = `${schemaLocation}/prefixItems`;
      const length2 = Math.min($prefixItems.length, length);
      for (; i < length2; i++) {
        const result2 = validate(instance[i], $prefixItems[i], draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, `${keywordLocation}/${i}`);
        evaluated[i] = true;
        if (!result2.valid) {
          stop = shortCircuit;
          errors.push({
            instanceLocation,
            keyword: "prefixItems",
            keywordLocation,
            error: `Items did not match schema.`
          }, ...result2.errors);
          if (stop)
            break;
        }
      }
    }
    if ($items !== void 0) {
      const keywordLocation = `${schemaLocation}/items`;
      if (Array.isArray($items)) {
        const length2 = Math.min($items.length, length);
        for (; i < length2; i++) {
          const result2 = validate(instance[i], $items[i], draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, `${keywordLocation}/${i}`);
          evaluated[i] = true;
          if (!result2.valid) {
            stop = shortCircuit;
            errors.push({
              instanceLocation,
              keyword: "items",
              keywordLocation,
              error: `Items did not match schema.`
            }, ...result2.errors);
            if (stop)
              break;
          }
        }
      } else {
        for (; i < length; i++) {
          const result2 = validate(instance[i], $items, draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, keywordLocation);
          evaluated[i] = true;
          if (!result2.valid) {
            stop = shortCircuit;
            errors.push({
              instanceLocation,
              keyword: "items",
              keywordLocation,
              error: `Items did not match schema.`
            }, ...result2.errors);
            if (stop)
              break;
          }
        }
      }
      if (!stop && $additionalItems !== void 0) {
        const keywordLocation2 = `${schemaLocation}/additionalItems`;
        for (; i < length; i++) {
          const result2 = validate(instance[i], $additionalItems, draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, keywordLocation2);
          evaluated[i] = true;
          if (!result2.valid) {
            stop = shortCircuit;
            errors.push({
              instanceLocation,
              keyword: "additionalItems",
              keywordLocation: keywordLocation2,
              error: `Items did not match additional items schema.`
            }, ...result2.errors);
          }
        }
      }
    }
    if ($contains !== void 0) {
      if (length === 0 && $minContains === void 0) {
        errors.push({
          instanceLocation,
          keyword: "contains",
          keywordLocation: `${schemaLocation}/contains`,
          error: `Array is empty. It must contain at least one item matching the schema.`
        });
      } else if ($minContains !== void 0 && length < $minContains) {
        errors.push({
          instanceLocation,
          keyword: "minContains",
          keywordLocation: `${schemaLocation}/minContains`,
          error: `Array has less items (${length}) than minContains (${$minContains}).`
        });
      } else {
        const keywordLocation = `${schemaLocation}/contains`;
        const errorsLength = errors.length;
        let contained = 0;
        for (let j = 0; j < length; j++) {
          const result2 = validate(instance[j], $contains, draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${j}`, keywordLocation);
          if (result2.valid) {
            evaluated[j] = true;
            contained++;
          } else {
            errors.push(...result2.errors);
          }
        }
        if (contained >= ($minContains || 0)) {
          errors.length = errorsLength;
        }
        if ($minContains === void 0 && contained === 0) {
          errors.splice(errorsLength, 0, {
            instanceLocation,
            keyword: "contains",
            keywordLocation,
            error: `Array does not contain item matching schema.`
          });
        } else if ($minContains !== void 0 && contained < $minContains) {
          errors.push({
            instanceLocation,
            keyword: "minContains",
            keywordLocation: `${schemaLocation}/minContains`,
            error: `Array must contain at least ${$minContains} items matching schema. Only ${contained} items were found.`
          });
        } else if ($maxContains !== void 0 && contained > $maxContains) {
          errors.push({
            instanceLocation,
            keyword: "maxContains",
            keywordLocation: `${schemaLocation}/maxContains`,
            error: `Array may contain at most ${$maxContains} items matching schema. ${contained} items were found.`
          });
        }
      }
    }
    if (!stop && $unevaluatedItems !== void 0) {
      const keywordLocation = `${schemaLocation}/unevaluatedItems`;
      for (i; i < length; i++) {
        if (evaluated[i]) {
          continue;
        }
        const result2 = validate(instance[i], $unevaluatedItems, draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, keywordLocation);
        evaluated[i] = true;
        if (!result2.valid) {
          errors.push({
            instanceLocation,
            keyword: "unevaluatedItems",
            keywordLocation,
            error: `Items did not match unevaluated items schema.`
          }, ...result2.errors);
        }
      }
    }
    if ($uniqueItems) {
      for (let j = 0; j < length; j++) {
        const a = instance[j];
        const ao = typeof a === "object" && a !== null;
        for (let k = 0; k < length; k++) {
          if (j === k) {
            continue;
          }
          const b = instance[k];
          const bo = typeof b === "object" && b !== null;
          if (a === b || ao && bo && deepCompareStrict(a, b)) {
            errors.push({
              instanceLocation,
              keyword: "uniqueItems",
              keywordLocation: `${schemaLocation}/uniqueItems`,
              error: `Duplicate items at indexes ${j} and ${k}.`
            });
            j = Number.MAX_SAFE_INTEGER;
            k = Number.MAX_SAFE_INTEGER;
          }
        }
      }
    }
  } else if (instanceType === "number") {
    if (draft === "4") {
      if ($minimum !== void 0 && ($exclusiveMinimum === true && instance <= $minimum || instance < $minimum)) {
        errors.push({
          instanceLocation,
          keyword: "minimum",
          keywordLocation: `${schemaLocation}/minimum`,
          error: `${instance} is less than ${$exclusiveMinimum ? "or equal to " : ""} ${$minimum}.`
        });
      }
      if ($maximum !== void 0 && ($exclusiveMaximum === true && instance >= $maximum || instance > $maximum)) {
        errors.push({
          instanceLocation,
          keyword: "maximum",
          keywordLocation: `${schemaLocation}/maximum`,
          error: `${instance} is greater than ${$exclusiveMaximum ? "or equal to " : ""} ${$maximum}.`
        });
      }
    } else {
      if ($minimum !== void 0 && instance < $minimum) {
        errors.push({
          instanceLocation,
          keyword: "minimum",
          keywordLocation: `${schemaLocation}/minimum`,
          error: `${instance} is less than ${$minimum}.`
        });
      }
      if ($maximum !== void 0 && instance > $maximum) {
        errors.push({
          instanceLocation,
          keyword: "maximum",
          keywordLocation: `${schemaLocation}/maximum`,
          error: `${instance} is greater than ${$maximum}.`
        });
      }
      if ($exclusiveMinimum !== void 0 && instance <= $exclusiveMinimum) {
        errors.push({
          instanceLocation,
          keyword: "exclusiveMinimum",
          keywordLocation: `${schemaLocation}/exclusiveMinimum`,
          error: `${instance} is less than ${$exclusiveMinimum}.`
        });
      }
      if ($exclusiveMaximum !== void 0 && instance >= $exclusiveMaximum) {
        errors.push({
          instanceLocation,
          keyword: "exclusiveMaximum",
          keywordLocation: `${schemaLocation}/exclusiveMaximum`,
          error: `${instance} is greater than or equal to ${$exclusiveMaximum}.`
        });
      }
    }
    if ($multipleOf !== void 0) {
      if (!isMultipleOf(instance, $multipleOf)) {
        errors.push({
          instanceLocation,
          keyword: "multipleOf",
          keywordLocation: `${schemaLocation}/multipleOf`,
          error: `${instance} is not a multiple of ${$multipleOf}.`
        });
      }
    }
  } else if (instanceType === "string") {
    const length = $minLength === void 0 && $maxLength === void 0 ? 0 : ucs2length(instance);
    if ($minLength !== void 0 && length < $minLength) {
      errors.push({
        instanceLocation,
        keyword: "minLength",
        keywordLocation: `${schemaLocation}/minLength`,
        error: `String is too short (${length} < ${$minLength}).`
      });
    }
    if ($maxLength !== void 0 && length > $maxLength) {
      errors.push({
        instanceLocation,
        keyword: "maxLength",
        keywordLocation: `${schemaLocation}/maxLength`,
        error: `String is too long (${length} > ${$maxLength}).`
      });
    }
    if ($pattern !== void 0 && !new RegExp($pattern, "u").test(instance)) {
      errors.push({
        instanceLocation,
        keyword: "pattern",
        keywordLocation: `${schemaLocation}/pattern`,
        error: `String does not match pattern.`
      });
    }
    if ($format !== void 0 && format[$format] && !format[$format](instance)) {
      errors.push({
        instanceLocation,
        keyword: "format",
        keywordLocation: `${schemaLocation}/format`,
        error: `String does not match format "${$format}".`
      });
    }
  }
  return { valid: errors.length === 0, errors };
}
var init_validate = __esm({
  "node_modules/@cfworker/json-schema/dist/esm/validate.js"() {
    "use strict";
    init_deep_compare_strict();
    init_dereference();
    init_format();
    init_pointer();
    init_ucs2_length();
  }
});

// node_modules/@cfworker/json-schema/dist/esm/validator.js
var Validator;
var init_validator = __esm({
  "node_modules/@cfworker/json-schema/dist/esm/validator.js"() {
    "use strict";
    init_dereference();
    init_validate();
    Validator = class {
      schema;
      draft;
      shortCircuit;
      lookup;
      constructor(schema, draft = "2019-09", shortCircuit = true) {
        this.schema = schema;
        this.draft = draft;
        this.shortCircuit = shortCircuit;
        this.lookup = dereference(schema);
      }
      validate(instance) {
        return validate(instance, this.schema, this.draft, this.lookup, this.shortCircuit);
      }
      addSchema(schema, id2) {
        if (id2) {
          schema = { ...schema, $id: id2 };
        }
        dereference(schema, this.lookup);
      }
    };
  }
});

// node_modules/@cfworker/json-schema/dist/esm/index.js
var init_esm = __esm({
  "node_modules/@cfworker/json-schema/dist/esm/index.js"() {
    "use strict";
    init_deep_compare_strict();
    init_dereference();
    init_format();
    init_pointer();
    init_types();
    init_ucs2_length();
    init_validate();
    init_validator();
  }
});

// src/guard/result.ts
var result_exports = {};
__export(result_exports, {
  resultFindings: () => resultFindings
});
function resultFindings(rule, record2) {
  const text4 = utf8(Buffer.concat([...record2.pieces("result.txt")].map((piece) => Buffer.from(piece))));
  if (text4 === null || text4.trim() === "") return [finding2(rule, "the agent wrote no result")];
  let value;
  try {
    value = JSON.parse(text4);
  } catch {
    return [finding2(rule, "the result is not JSON")];
  }
  return validate2(rule, rule.test.schema, value);
}
function validate2(rule, schema, value) {
  try {
    const draft = DRAFTS.find(([pattern]) => pattern.test(schema.$schema ?? ""))?.[1] ?? "2020-12";
    const result2 = bounded(() => new Validator(schema, draft).validate(value), TIME);
    if (!result2.ok) return [unchecked(rule, `the schema took longer than ${TIME / 1e3} s`)];
    if (result2.value.valid) return [];
    const bag = new Bag();
    for (const { instanceLocation, error } of result2.value.errors) bag.add(displayText(`${instanceLocation}: ${error}`));
    return [bag.finding(rule, "the result does not fit the schema")];
  } catch (error) {
    return [{ ...unchecked(rule, "the schema cannot be applied"), what: [displayText(String(error))] }];
  }
}
var DRAFTS;
var init_result = __esm({
  "src/guard/result.ts"() {
    "use strict";
    init_esm();
    init_display();
    init_bag();
    init_bounded();
    DRAFTS = [
      [/draft-04/, "4"],
      [/draft-0[67]/, "7"],
      [/2019-09/, "2019-09"]
    ];
  }
});

// src/secrets/forms.ts
var forms_exports = {};
__export(forms_exports, {
  MIN_FORM: () => MIN_FORM,
  refuseShort: () => refuseShort,
  secretForms: () => secretForms,
  tooShort: () => tooShort
});
function secretForms(value) {
  const text4 = value.toWellFormed();
  const core = text4.trim();
  const bytes4 = Buffer.from(core);
  const forms = [
    text4,
    core,
    core.replace(/\r?\n/g, "\r\n"),
    // as a terminal prints it
    ...lineForms(core),
    ...base64Forms(bytes4),
    ...hexForms(bytes4),
    ...percentForms(core, bytes4),
    ...escapedForms(core),
    [...core].reverse().join(""),
    Buffer.from(bytes4).reverse()
    // `rev` in the C locale
  ];
  const unique = /* @__PURE__ */ new Map();
  for (const form of forms) {
    const encoded = typeof form === "string" ? Buffer.from(form) : form;
    if (encoded.length >= MIN_FORM) unique.set(encoded.toString("latin1"), encoded);
  }
  return [...unique.values()];
}
function tooShort(value) {
  const core = value.trim();
  if (Buffer.byteLength(core) < MIN_FORM) return `it has fewer than ${MIN_FORM} bytes`;
  if (COMMON.has(core.toLowerCase())) return "it is a common word";
  if (new Set(core).size < 3) return "it has fewer than 3 different characters";
  return null;
}
function refuseShort(secrets) {
  return secrets.flatMap(({ name, value, place: place2 }) => {
    const why = tooShort(value);
    if (why === null) return [];
    return [
      {
        message: `the value of ${name} cannot be kept out of the record: ${why}`,
        place: place2 ?? null,
        remedy: "use a longer value; if it is not secret, pass it by `env` or `pass-env`"
      }
    ];
  });
}
function lineForms(core) {
  const lines4 = core.split(/\r\n|\n|\r|\\n/).map((line) => line.trim());
  if (lines4.length === 1) return [];
  return lines4.filter((line) => tooShort(line) === null && !/^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/.test(line));
}
function base64Forms(bytes4) {
  const forms = [];
  for (let before = 0; before < 3; before += 1) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes4]).toString("base64");
    const start = Math.ceil(before * 8 / 6);
    const stem = padded.slice(start, Math.floor((before + bytes4.length) * 8 / 6));
    const open = padded.slice(start).replace(/=+$/, "");
    forms.push(stem, open, padded.slice(start));
    if (before === 0) for (const columns of BASE64_COLUMNS) forms.push(...pieces2(stem, columns));
  }
  return [...forms, ...forms.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))];
}
function hexForms(bytes4) {
  const hex2 = bytes4.toString("hex");
  return [hex2, hex2.toUpperCase(), ...pieces2(hex2, HEX_COLUMNS)];
}
function percentForms(core, bytes4) {
  const component = encodeURIComponent(core);
  const strict2 = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const upper = [component, strict2, strict2.replaceAll("%2F", "/"), strict2.replaceAll("%20", "+")];
  upper.push(bytes4.toString("hex").toUpperCase().replace(/../g, "%$&"));
  return [...upper, ...upper.map((form) => form.replace(/%[0-9A-F]{2}/g, (code2) => code2.toLowerCase()))];
}
function escapedForms(core) {
  const json2 = JSON.stringify(core).slice(1, -1);
  const ascii = json2.replace(/[\u0080-\uffff]/g, unicodeEscape);
  const html = json2.replace(/[<>&]/g, unicodeEscape);
  return [
    json2,
    JSON.stringify(json2).slice(1, -1),
    // JSON in JSON: how agents log what a tool printed
    ascii,
    html,
    json2.replaceAll("/", "\\/"),
    core.replaceAll("'", "'\\''"),
    // `set -x`
    core.replace(/["$`\\]/g, "\\$&")
    // `export -p`
  ];
}
function unicodeEscape(char) {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
function pieces2(text4, columns) {
  const found = [];
  for (let at2 = 0; text4.length > columns && at2 < text4.length; at2 += columns) found.push(text4.slice(at2, at2 + columns));
  return found.filter((piece) => piece.length >= MIN_PIECE);
}
var MIN_FORM, MIN_PIECE, BASE64_COLUMNS, HEX_COLUMNS, COMMON;
var init_forms = __esm({
  "src/secrets/forms.ts"() {
    "use strict";
    MIN_FORM = 6;
    MIN_PIECE = 12;
    BASE64_COLUMNS = [76, 64];
    HEX_COLUMNS = 60;
    COMMON = new Set(
      "abc123 access account admin123 changeme change-me default demo123 development disabled dummy-value enabled example github hello123 localhost nothing password password1 placeholder private production public qwerty redacted sample secret secrets staging string test123 testing tester undefined unknown username 123456 1234567 12345678 123456789 1234567890".split(" ")
    );
  }
});

// src/secrets/matcher.ts
function agrees(pattern, data, at2) {
  const length = Math.min(pattern.length, data.length - at2);
  for (let i = 0; i < length; i += 1) if (pattern[i] !== data[at2 + i]) return false;
  return true;
}
function hash(a, b, c) {
  return (a << 10 ^ b << 5 ^ c) & TABLE - 1;
}
function byte(data, at2) {
  return data[at2];
}
var BLOCK, TABLE, Matcher2;
var init_matcher = __esm({
  "src/secrets/matcher.ts"() {
    "use strict";
    BLOCK = 3;
    TABLE = 1 << 16;
    Matcher2 = class {
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
          for (let at2 = 0; at2 + BLOCK <= min; at2 += 1) {
            const key2 = hash(byte(pattern.bytes, at2), byte(pattern.bytes, at2 + 1), byte(pattern.bytes, at2 + 2));
            const shift = min - BLOCK - at2;
            if (shift < byte(this.#shift, key2)) this.#shift[key2] = shift;
            if (shift === 0) this.#ending.set(key2, [...this.#ending.get(key2) ?? [], pattern]);
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
          const key2 = hash(byte(data, end - 3), byte(data, end - 2), byte(data, end - 1));
          const shift = byte(shifts, key2);
          if (shift === 0) {
            const match2 = this.#first(data, end - min, final, this.#ending.get(key2));
            if (match2 !== null) return match2;
            end += 1;
          } else {
            end += shift;
          }
        }
        if (final) return null;
        for (let at2 = end - min; at2 < length; at2 += 1) {
          const match2 = this.#first(data, at2, false, this.#byFirst[byte(data, at2)]);
          if (match2 !== null) return match2;
        }
        return null;
      }
      #first(data, at2, final, patterns) {
        for (const pattern of patterns ?? []) {
          const whole2 = pattern.bytes.length <= data.length - at2;
          if ((whole2 || !final) && agrees(pattern.bytes, data, at2)) return { at: at2, pattern: whole2 ? pattern : null };
        }
        return null;
      }
    };
  }
});

// src/secrets/tokens.ts
function findTokens(text4, final, begin = 0) {
  const tokens = [];
  let armour = text4.indexOf(ARMOUR.begin, begin);
  for (let from = begin; ; ) {
    if (armour !== -1 && armour < from) armour = text4.indexOf(ARMOUR.begin, from);
    START.lastIndex = from;
    const found = START.exec(text4)?.index;
    const start = found === void 0 || armour !== -1 && armour < found ? armour : found;
    if (start === -1) return { tokens, stop: final ? text4.length : partial(text4, from) };
    if (start > 0 && start !== armour && IN_WORD.test(text4.charAt(start - 1))) {
      from = start + 1;
      continue;
    }
    WHOLE2.lastIndex = start;
    const [whole2, ...kinds] = WHOLE2.exec(text4) ?? [];
    if (whole2 !== void 0 && (final || start + whole2.length < text4.length)) {
      const name = NAMES[kinds.findIndex((kind) => kind !== void 0)] ?? "";
      if (!EXAMPLE.test(whole2)) tokens.push({ at: start, length: whole2.length, name });
      from = start + whole2.length;
      continue;
    }
    OPEN.lastIndex = start;
    if (!final && OPEN.test(text4)) return { tokens, stop: start };
    from = start + 1;
  }
}
function partial(text4, from) {
  const tail = Math.max(from, text4.length - LONGEST_BEGIN);
  const seen2 = Math.max(0, tail - 1);
  const at2 = text4.slice(seen2).search(PARTIAL);
  return at2 === -1 ? text4.length : Math.max(tail, seen2 + at2);
}
var WORD, FORMATS, ARMOUR, EXAMPLE, group, ALONE, BEGINS, KIND, START, IN_WORD, WHOLE2, NAMES, OPEN, beginnings, PARTIAL, LONGEST_BEGIN;
var init_tokens = __esm({
  "src/secrets/tokens.ts"() {
    "use strict";
    WORD = "A-Za-z0-9";
    FORMATS = [
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
    ARMOUR = { begin: "-----BEGIN ", of: `(?:[${WORD}+/=\\s\\\\:,.]|-(?!----))`, most: 8192 };
    EXAMPLE = /EXAMPLE|(.)\1{15}/;
    group = (words) => `(?:${words.join("|")})`;
    ALONE = `(?<![${WORD}])`;
    BEGINS = FORMATS.flatMap(({ begins }) => begins);
    KIND = "(?:[A-Z0-9]{1,20} ){0,4}";
    START = new RegExp(group(BEGINS.map((word) => word.length < 4 ? `${word}[${WORD}]` : word)), "g");
    IN_WORD = new RegExp(`[${WORD}]`);
    WHOLE2 = new RegExp(
      [
        ...FORMATS.map(({ begins, of, least, most: most2 }) => {
          const token = `${group(begins)}[${of}]{${least},${most2}}`;
          return least === most2 ? `(${token}(?![${of}]))` : `(${token})`;
        }),
        `(${ARMOUR.begin}${KIND}PRIVATE KEY-----${ARMOUR.of}{40,${ARMOUR.most}}-----END ${KIND}PRIVATE KEY-----)`
      ].join("|"),
      "y"
    );
    NAMES = [...FORMATS.map(({ name }) => name), "private-key"];
    OPEN = new RegExp(
      `${group([
        ...FORMATS.map(({ begins, of, most: most2 }) => `${group(begins)}[${of}]{0,${most2}}`),
        `${ARMOUR.begin}[A-Z0-9 ]{0,100}-{0,4}`,
        `${ARMOUR.begin}${KIND}PRIVATE KEY-----${ARMOUR.of}{0,${ARMOUR.most}}(?:-{0,5}|-----E[A-Z0-9 ]{0,110}-{0,5})`
      ])}$`,
      "y"
    );
    beginnings = (word) => Array.from({ length: Math.max(3, word.length - 1) }, (_, at2) => word.slice(0, at2 + 1));
    PARTIAL = new RegExp(`(?:${ALONE}${group([...new Set(BEGINS.flatMap(beginnings))])}|${group(beginnings(ARMOUR.begin))})$`);
    LONGEST_BEGIN = 12;
  }
});

// src/transcript/formats.ts
var EMPTY, latin1, FormatRedactor;
var init_formats = __esm({
  "src/transcript/formats.ts"() {
    "use strict";
    init_tokens();
    EMPTY = Buffer.alloc(0);
    latin1 = (bytes4) => bytes4.toString("latin1");
    FormatRedactor = class {
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
        const text4 = this.#before + latin1(data);
        const { tokens, stop } = findTokens(text4, false, this.#before.length);
        const shown2 = this.#replace(data, tokens, this.#before.length, stop - this.#before.length);
        this.#held = stop === text4.length ? EMPTY : Buffer.from(data.subarray(stop - this.#before.length));
        this.#before = text4.charAt(stop - 1);
        return shown2;
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
        const pieces4 = [];
        let done = 0;
        for (const { at: at2, length, name } of tokens) {
          this.#found(name);
          pieces4.push(data.subarray(done, at2 - skip), Buffer.from(`[redacted ${name}]`));
          done = at2 - skip + length;
        }
        return Buffer.concat([...pieces4, data.subarray(done, stop)]);
      }
    };
  }
});

// src/transcript/redact.ts
var redact_exports = {};
__export(redact_exports, {
  Redactor: () => Redactor,
  redactorOf: () => redactorOf
});
function redactorOf(request) {
  return new Redactor(
    [
      ...Object.entries(request.secrets).map(([name, value]) => ({ name, value })),
      ...request.mask.map((value) => ({ name: "mask", value }))
    ],
    true
  );
}
function fresh() {
  return { held: EMPTY2, covered: 0, region: /* @__PURE__ */ new Set() };
}
function label(name, patterns) {
  const choices = [`[redacted ${name.replace(/[^\w.-]/g, "_")}]`, "[redacted]"].map((text4) => Buffer.from(text4));
  return choices.find((choice) => patterns.every(({ bytes: bytes4 }) => !choice.includes(bytes4))) ?? Buffer.from("***");
}
var EMPTY2, Redactor;
var init_redact = __esm({
  "src/transcript/redact.ts"() {
    "use strict";
    init_forms();
    init_matcher();
    init_formats();
    EMPTY2 = Buffer.alloc(0);
    Redactor = class _Redactor {
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
          for (const bytes4 of secretForms(value)) {
            const key2 = bytes4.toString("latin1");
            if (!patterns.has(key2)) patterns.set(key2, { bytes: bytes4, owner });
          }
        });
        this.#names = secrets.map(({ name }) => name);
        this.#labels = this.#names.map((name) => label(name, [...patterns.values()]));
        this.#matcher = patterns.size === 0 ? null : new Matcher2([...patterns.values()]);
        this.#formats = formats ? new FormatRedactor(this.#count) : null;
      }
      /** One for another stream: what it replaces counts here. */
      beside() {
        const other2 = new _Redactor(this.#secrets, this.#formats !== null);
        other2.#counts = this.#counts;
        return other2;
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
      redactText(text4) {
        const bytes4 = Buffer.from(text4);
        const known = this.#scan(fresh(), bytes4, true);
        const redacted = this.#formats === null ? known : this.#formats.whole(known);
        return redacted === bytes4 ? text4 : redacted.toString();
      }
      /** The beginning of a text whose rest is not known, without what may be the beginning of a form. */
      redactHead(text4) {
        return this.#scan(fresh(), Buffer.from(text4), false).toString();
      }
      /** A JSON value, its strings and keys redacted one by one: replacing in JSON text could break an escape in two. */
      redactJson(value) {
        if (typeof value === "string") return this.redactText(value);
        if (Array.isArray(value)) return value.map((item2) => this.redactJson(item2));
        if (typeof value !== "object" || value === null) return value;
        return Object.fromEntries(Object.entries(value).map(([key2, item2]) => [this.redactText(key2), this.redactJson(item2)]));
      }
      #scan(state, chunk, final) {
        const matcher = this.#matcher;
        if (matcher === null) return chunk;
        const data = state.held.length === 0 ? chunk : Buffer.concat([state.held, chunk]);
        const pieces4 = [];
        let done = state.covered;
        let stop = data.length;
        for (let match2 = matcher.next(data, 0, final); match2 !== null; match2 = matcher.next(data, match2.at + 1, final)) {
          const { at: at2, pattern } = match2;
          if (pattern === null) {
            stop = at2;
            break;
          }
          if (at2 >= done) {
            pieces4.push(data.subarray(done, at2));
            state.region.clear();
          }
          const end = at2 + pattern.bytes.length;
          if (end <= done) continue;
          if (!state.region.has(pattern.owner)) pieces4.push(this.#replace(state, pattern.owner));
          done = end;
        }
        state.held = Buffer.from(data.subarray(stop));
        state.covered = Math.max(0, done - stop);
        if (pieces4.length === 0 && done === 0) return stop === data.length ? data : data.subarray(0, stop);
        if (done < stop) pieces4.push(data.subarray(done, stop));
        return Buffer.concat(pieces4);
      }
      #replace(state, owner) {
        const name = this.#names[owner] ?? "";
        state.region.add(owner);
        this.#count(name);
        return this.#labels[owner] ?? EMPTY2;
      }
      #count = (name) => void this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    };
  }
});

// src/changes/changed-tree.ts
function makeChangedTree(place2, directories) {
  const below2 = (name) => (0, import_node_path3.join)(place2, name);
  const write = (trees, path2, content) => {
    for (const tree of trees) {
      const file = (0, import_node_path3.join)(place2, tree, path2);
      (0, import_node_fs7.mkdirSync)((0, import_node_path3.dirname)(file), { mode: 448, recursive: true });
      (0, import_node_fs7.writeFileSync)(file, content);
    }
  };
  write(["base", "merged"], ".gitignore", "ignored\n");
  for (let n = 0; n < directories; n += 1) {
    write(["base"], `d${n}/one`, "old\n");
    write(["base"], `d${n}/two`, `${n}
`);
    write(["base"], `d${n}/gone/file`, "gone\n");
    for (const name of ["one", "two", "gone", "new"]) write(["upper", "merged"], `d${n}/${name}`, `new ${name} ${n}
`);
  }
  return {
    layer: "workspace",
    target: "/workspace",
    upper: below2("upper"),
    lowers: [below2("base")],
    merged: below2("merged"),
    swapped: null
  };
}
var import_node_fs7, import_node_path3;
var init_changed_tree = __esm({
  "src/changes/changed-tree.ts"() {
    "use strict";
    import_node_fs7 = require("node:fs");
    import_node_path3 = require("node:path");
  }
});

// src/changes/bytes.ts
function join5(dir, name) {
  if (dir.length === 0) return view(name);
  if (name.length === 0) return view(dir);
  const path2 = room(dir.length + 1 + name.length);
  path2.set(dir);
  path2[dir.length] = SLASH;
  path2.set(name, dir.length + 1);
  return path2;
}
function room(size2) {
  if (used + size2 > slab.length) {
    if (size2 > SLAB / 8) return Buffer.allocUnsafeSlow(size2);
    [slab, used] = [Buffer.allocUnsafeSlow(SLAB), 0];
  }
  used += size2;
  return slab.subarray(used - size2, used);
}
function split(path2) {
  const parts2 = [];
  const bytes4 = view(path2);
  for (let from = 0; from <= bytes4.length; ) {
    const at2 = bytes4.indexOf(SLASH, from);
    const to = at2 === -1 ? bytes4.length : at2;
    if (to > from) parts2.push(bytes4.subarray(from, to));
    from = to + 1;
  }
  return parts2;
}
function parent(path2) {
  const bytes4 = view(path2);
  const at2 = bytes4.lastIndexOf(SLASH);
  return bytes4.subarray(0, Math.max(at2, 0));
}
function basename(path2) {
  const bytes4 = view(path2);
  return bytes4.subarray(bytes4.lastIndexOf(SLASH) + 1);
}
function key(bytes4) {
  return view(bytes4).toString("latin1");
}
function view(bytes4) {
  return Buffer.isBuffer(bytes4) ? bytes4 : Buffer.from(bytes4.buffer, bytes4.byteOffset, bytes4.byteLength);
}
function asPath(bytes4) {
  return bytes4;
}
function isPlainText(bytes4) {
  return (0, import_node_buffer.isUtf8)(bytes4) && !new RegExp("\\p{Cc}", "u").test(view(bytes4).toString());
}
var import_node_buffer, SLASH, SLAB, slab, used;
var init_bytes = __esm({
  "src/changes/bytes.ts"() {
    "use strict";
    import_node_buffer = require("node:buffer");
    SLASH = 47;
    SLAB = 8192;
    slab = Buffer.alloc(0);
    used = 0;
  }
});

// src/changes/kinds.ts
var LOCKFILES, GENERATED, NOISE;
var init_kinds = __esm({
  "src/changes/kinds.ts"() {
    "use strict";
    LOCKFILES = [
      "package-lock.json",
      "npm-shrinkwrap.json",
      "yarn.lock",
      "pnpm-lock.yaml",
      "bun.lock",
      "bun.lockb",
      "deno.lock",
      "Cargo.lock",
      "poetry.lock",
      "uv.lock",
      "pdm.lock",
      "pylock*.toml",
      "Pipfile.lock",
      "Gemfile.lock",
      "composer.lock",
      "go.sum",
      "go.work.sum",
      "mix.lock",
      "flake.lock",
      "pubspec.lock",
      "Podfile.lock",
      "Package.resolved",
      "packages.lock.json",
      "gradle.lockfile",
      "conan.lock",
      "MODULE.bazel.lock",
      ".terraform.lock.hcl"
    ];
    GENERATED = [
      "*.min.js",
      "*.min.css",
      "*.js.map",
      "*.css.map",
      "*.pb.go",
      "*.pb.cc",
      "*.pb.h",
      "*_pb2.py",
      "*_pb2.pyi",
      "*_pb2_grpc.py",
      "*.g.dart",
      "*.freezed.dart",
      "*.designer.cs",
      "*.Designer.cs",
      "*.generated.*",
      "__generated__/"
    ];
    NOISE = [
      "/var/lib/apt/",
      "/var/cache/",
      "/var/log/",
      "/etc/ld.so.cache",
      "/usr/share/mime/",
      "/usr/share/info/dir",
      "__pycache__/",
      "*.pyc",
      ".cache/",
      ".npm/_cacache/",
      ".npm/_logs/",
      ".npm/_update-notifier-last-checked",
      ".cargo/registry/cache/",
      ".cargo/registry/index/",
      ".bash_history",
      ".lesshst",
      ".wget-hsts"
    ];
  }
});

// src/changes/patterns.ts
function literalOf(pattern) {
  const [longest = ""] = pattern.split(/[*/?]|\[[^\]]*\]/).sort((a, b) => b.length - a.length);
  return longest.replace(/[.+^${}()|\\]/g, "\\$&");
}
var import_ignore2, Patterns;
var init_patterns = __esm({
  "src/changes/patterns.ts"() {
    "use strict";
    import_ignore2 = __toESM(require_ignore(), 1);
    Patterns = class {
      #all;
      /** What every path that matches holds. */
      #hint;
      constructor(patterns, options) {
        this.#all = (0, import_ignore2.default)({ ignorecase: options.fold }).add([...patterns]);
        this.#hint = new RegExp(patterns.map(literalOf).join("|"), options.fold ? "i" : "");
      }
      /** `text`: of a path's bytes as UTF-8. */
      matches(text4, directory) {
        if (text4 === "") return false;
        return this.#hint.test(text4) && this.#all.ignores(directory ? `${text4}/` : text4);
      }
    };
  }
});

// src/changes/runs-later.ts
var RUNS_LATER;
var init_runs_later = __esm({
  "src/changes/runs-later.ts"() {
    "use strict";
    RUNS_LATER = [
      { why: "GitHub runs it", patterns: [".github/workflows/", ".github/actions/", "action.yml", "action.yaml", ".github/dependabot.yml"] },
      { why: "decides who reviews", patterns: ["CODEOWNERS"] },
      { why: "sets what a jail allows", patterns: [".github/agent-jail*", "/agent-jail*.yml", "/agent-jail*.yaml"] },
      {
        why: "another CI service runs it",
        patterns: [
          ".gitlab-ci.yml",
          ".circleci/",
          ".travis.yml",
          "azure-pipelines*.yml",
          "Jenkinsfile",
          ".buildkite/",
          ".drone.yml",
          "appveyor.yml",
          ".ci/",
          "bitbucket-pipelines.yml",
          ".woodpecker/",
          ".woodpecker.yml",
          ".forgejo/",
          ".gitea/",
          "cloudbuild.yaml",
          ".readthedocs.y*ml"
        ]
      },
      {
        why: "git runs or obeys it",
        patterns: [
          "**/.git/hooks/",
          "**/.git/config*",
          ".gitmodules",
          ".gitattributes",
          ".gitconfig",
          ".githooks/",
          ".husky/",
          "lefthook.y*ml",
          ".pre-commit-config.y*ml"
        ]
      },
      {
        why: "npm and its kin run scripts of it or obey it",
        patterns: [
          "package.json",
          ".npmrc",
          ".yarnrc",
          ".yarnrc.yml",
          ".yarn/",
          ".pnpmfile.*",
          "pnpm-workspace.yaml",
          "bunfig.toml",
          "binding.gyp"
        ]
      },
      {
        why: "a lock file says what is installed",
        patterns: ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"]
      },
      {
        why: "a JavaScript tool loads it",
        patterns: [
          "*.config.js",
          "*.config.cjs",
          "*.config.mjs",
          "*.config.ts",
          "*.config.mts",
          "*.config.cts",
          ".eslintrc*",
          ".prettierrc*",
          ".babelrc*",
          ".mocharc*",
          "gulpfile.*",
          "Gruntfile.*",
          ".swcrc",
          "deno.json*"
        ]
      },
      {
        why: "Python runs it on import, test or install",
        patterns: [
          "conftest.py",
          "setup.py",
          "setup.cfg",
          "pyproject.toml",
          "tox.ini",
          "noxfile.py",
          "pytest.ini",
          "sitecustomize.py",
          "usercustomize.py",
          "*.pth",
          "tasks.py",
          "requirements*.txt",
          "pip.conf"
        ]
      },
      {
        why: "a build tool runs it",
        patterns: [
          "Makefile",
          "GNUmakefile",
          "*.mk",
          "CMakeLists.txt",
          "*.cmake",
          "configure.ac",
          "meson.build",
          "justfile",
          ".justfile",
          "Taskfile.y*ml",
          "BUILD.bazel",
          "WORKSPACE.bazel",
          "MODULE.bazel",
          "*.bzl",
          ".bazelrc",
          "Rakefile",
          "Gemfile",
          "*.gemspec",
          "build.rs",
          ".cargo/",
          "Cargo.toml",
          "pom.xml",
          ".mvn/",
          "mvnw",
          "mvnw.cmd",
          "build.gradle*",
          "settings.gradle*",
          "gradle.properties",
          "gradle/wrapper/",
          "gradlew",
          "gradlew.bat",
          "build.sbt",
          "project/*.sbt",
          "*.csproj",
          "*.targets",
          "*.props",
          "composer.json",
          "Package.swift",
          "mix.exs",
          "flake.nix",
          "default.nix",
          "shell.nix"
        ],
        exact: ["BUILD", "WORKSPACE", "configure"]
      },
      {
        why: "a container is built or started from it",
        patterns: [
          "Dockerfile*",
          "*.dockerfile",
          "Containerfile",
          "compose*.y*ml",
          "docker-compose*.y*ml",
          ".devcontainer/",
          ".devcontainer.json"
        ]
      },
      {
        why: "the shell or its helpers obey it",
        patterns: [
          ".envrc",
          ".env",
          ".env.*",
          ".tool-versions",
          "mise.toml",
          ".mise.toml",
          ".mise/",
          ".bashrc",
          ".profile",
          ".bash_profile",
          ".zshrc",
          ".zshenv"
        ]
      },
      {
        why: "an editor runs tasks of it",
        patterns: [
          ".vscode/",
          ".idea/",
          "*.code-workspace",
          ".vimrc",
          ".exrc",
          ".nvim.lua",
          ".nvimrc",
          ".dir-locals.el",
          ".zed/",
          ".gdbinit",
          ".lldbinit"
        ]
      },
      {
        why: "another agent obeys it",
        patterns: [
          "CLAUDE.md",
          "CLAUDE.local.md",
          "AGENTS.md",
          "AGENTS.override.md",
          "GEMINI.md",
          ".claude/",
          ".codex/",
          ".gemini/",
          ".mcp.json",
          "mcp.json",
          ".cursor/",
          ".cursorrules",
          ".windsurf/",
          ".windsurfrules",
          ".clinerules",
          ".roo/",
          ".aider*",
          ".opencode/",
          "opencode.json*",
          ".goosehints",
          ".pi/",
          ".github/copilot-instructions.md",
          ".github/instructions/",
          ".github/prompts/",
          ".github/chatmodes/",
          ".github/agents/",
          ".github/hooks/",
          ".agents/",
          "SKILL.md"
        ]
      }
    ];
  }
});

// src/changes/flags.ts
function flagsOf(facts) {
  const { after, path: path2 } = facts;
  const workspace = facts.layer === "workspace";
  const directory = (after ?? facts.before)?.type === "directory";
  const text4 = view(path2).toString();
  const is = {
    "runs-later": workspace && isLater(text4, directory),
    secret: facts.secret,
    // A file capability is a setuid bit in parts.
    setuid: after?.type === "file" && ((after.mode & 3072) !== 0 || after.xattrs?.["security.capability"] !== void 0),
    special: facts.unread || after !== null && ["fifo", "socket", "device"].includes(after.type),
    "escaping-link": after !== null && after.link !== null && escapes(facts.layer, facts.target, path2, after.link),
    binary: facts.binary,
    ignored: facts.ignored,
    "git-dir": isGitDir(path2),
    "odd-name": !ORDINARY.test(text4) && split(path2).some(isOddName),
    "base-changed": facts.baseChanged,
    lockfile: workspace && !directory && lockfiles.matches(text4, false),
    generated: workspace && !directory && (facts.generated || generated.matches(text4, false)),
    filtered: facts.filtered,
    noise: !workspace && noise.matches(text4, directory)
  };
  return FLAGS.filter((flag) => is[flag]);
}
function isLater(text4, directory) {
  return folded.matches(text4, directory) || exact.matches(text4, directory);
}
function whyLater(path2, directory) {
  const text4 = view(path2).toString();
  return reasons.find(({ patterns }) => patterns.some((some) => some.matches(text4, directory)))?.why ?? null;
}
function isGitDir(path2) {
  return split(path2).some((name) => /(?:^|\\)(?:\.git|git~1)[. ]*(?:$|[\\:])/i.test(name.toString("latin1")));
}
function isOddName(name) {
  const text4 = view(name).toString();
  return !(0, import_node_buffer2.isUtf8)(name) || /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u.test(text4) || text4.startsWith("-") || isWhiteoutName(name);
}
function isWhiteoutName(name) {
  return view(name).toString("latin1", 0, 4) === ".wh.";
}
function escapes(layer2, target, path2, link) {
  if (layer2 === "root") return false;
  const parts2 = split(link).map((part2) => part2.toString("latin1"));
  const absolute = link[0] === 47;
  if (absolute && (layer2 === "workspace" || !view(link).toString().startsWith(`${target}/`))) return true;
  const names2 = parts2.filter((part2) => part2 !== ".");
  const ups = names2.findIndex((part2) => part2 !== "..");
  const climbs = ups === -1 ? names2.length : ups;
  if (names2.slice(climbs).includes("..")) return true;
  return !absolute && climbs > split(path2).length - 1;
}
var import_node_buffer2, folded, exact, reasons, lockfiles, generated, noise, ORDINARY;
var init_flags = __esm({
  "src/changes/flags.ts"() {
    "use strict";
    import_node_buffer2 = require("node:buffer");
    init_changes();
    init_bytes();
    init_kinds();
    init_patterns();
    init_runs_later();
    folded = new Patterns(
      RUNS_LATER.flatMap(({ patterns }) => patterns),
      { fold: true }
    );
    exact = new Patterns(
      RUNS_LATER.flatMap((group2) => group2.exact ?? []),
      { fold: false }
    );
    reasons = RUNS_LATER.map(({ why, patterns, exact: cased = [] }) => ({
      why,
      patterns: [
        ...patterns.length > 0 ? [new Patterns(patterns, { fold: true })] : [],
        ...cased.length > 0 ? [new Patterns(cased, { fold: false })] : []
      ]
    }));
    lockfiles = new Patterns(LOCKFILES, { fold: false });
    generated = new Patterns(GENERATED, { fold: false });
    noise = new Patterns(NOISE, { fold: false });
    ORDINARY = /^(?:(?!\.wh\.)[\w.@+][\w.@+ ~=,-]*(?:\/|$))*$/;
  }
});

// src/system/tar.ts
function tarHeader(entry3) {
  const name = entry3.type === "directory" ? Buffer.concat([entry3.name, SLASH2]) : entry3.name;
  const link = entry3.link ?? NONE2;
  const records = [];
  const number3 = (key2, value, limit) => {
    if (value >= 0 && value < limit) return value;
    records.push(paxRecord(key2, Buffer.from(String(value))));
    return 0;
  };
  if (name.length > 100) records.push(paxRecord("path", name));
  if (link.length > 100) records.push(paxRecord("linkpath", link));
  for (const [key2, value] of Object.entries(entry3.xattrs ?? {}))
    records.push(paxRecord(`SCHILY.xattr.${key2}`, Buffer.from(value, "base64")));
  const fields2 = {
    mode: entry3.mode & 4095,
    uid: number3("uid", entry3.uid, ID),
    gid: number3("gid", entry3.gid, ID),
    size: number3("size", entry3.size, NUMBER),
    mtime: number3("mtime", entry3.mtime, NUMBER)
  };
  const header3 = ustar(name, TYPES[entry3.type], fields2, link);
  if (records.length === 0) return header3;
  const pax = Buffer.concat(records);
  const none = { mode: 420, uid: 0, gid: 0, size: pax.length, mtime: 0 };
  return Buffer.concat([ustar(Buffer.from("PaxHeader"), "x", none, NONE2), pax, padding(pax.length), header3]);
}
function padding(size2) {
  return ZEROS.subarray(0, (BLOCK2 - size2 % BLOCK2) % BLOCK2);
}
function paxRecord(key2, value) {
  const rest = Buffer.concat([Buffer.from(` ${key2}=`, "latin1"), value, Buffer.from("\n")]);
  let length = rest.length + 1;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
function ustar(name, type, fields2, link) {
  const block = Buffer.from(TEMPLATE);
  block.set(name.length > NAME ? name.subarray(0, NAME) : name);
  octal(block, 100, fields2.mode, 7);
  octal(block, 108, fields2.uid, 7);
  octal(block, 116, fields2.gid, 7);
  octal(block, 124, fields2.size, 11);
  octal(block, 136, fields2.mtime, 11);
  block[156] = type.charCodeAt(0);
  if (link.length > 0) block.set(link.subarray(0, NAME), 157);
  let sum = 8 * 32;
  for (let at2 = 0; at2 < USED; at2 += 1) sum += block[at2];
  octal(block, 148, sum, 6);
  block[155] = 32;
  return block;
}
function octal(block, at2, value, digits) {
  let rest = value;
  for (let digit = at2 + digits - 1; digit >= at2; digit -= 1) {
    const above = Math.floor(rest / 8);
    block[digit] = 48 + rest - above * 8;
    rest = above;
  }
}
var BLOCK2, SLASH2, NONE2, ID, NUMBER, TYPES, TEMPLATE, ZEROS, NAME, USED;
var init_tar = __esm({
  "src/system/tar.ts"() {
    "use strict";
    BLOCK2 = 512;
    [SLASH2, NONE2] = [Buffer.from("/"), Buffer.alloc(0)];
    [ID, NUMBER] = [8 ** 7, 8 ** 11];
    TYPES = { file: "0", link: "1", symlink: "2", directory: "5", fifo: "6" };
    [TEMPLATE, ZEROS] = [Buffer.alloc(BLOCK2), Buffer.alloc(BLOCK2)];
    TEMPLATE.write("ustar\x0000", 257, "latin1");
    [NAME, USED] = [100, 265];
  }
});

// src/changes/archive.ts
async function writeArchive(fd, items) {
  const plan = planArchive(items);
  const blocks = import_node_stream.Readable.from(batches(layer(plan)), { objectMode: true, highWaterMark: 2 });
  await (0, import_promises.pipeline)(blocks, (0, import_node_zlib.createGzip)({ level: 1 }), (0, import_node_fs8.createWriteStream)("", { fd, autoClose: false }));
  return { entries: plan.whiteouts.length + plan.entries.length, leftOut: plan.leftOut };
}
function planArchive(items) {
  const placed = items.map((item2) => ({ item: item2, name: join5(item2.view.place, item2.path) })).sort((a, b) => Buffer.compare(a.name, b.name));
  const gone2 = new Set(placed.filter(({ item: item2 }) => isGone(item2)).map(({ name }) => key(name)));
  const plan = { whiteouts: [], entries: [], leftOut: [] };
  for (const { item: item2, name } of placed) {
    const why = reason(item2, name);
    if (why !== null) plan.leftOut.push({ path: item2.change.path, why });
    if (why !== null && why !== "special") continue;
    if (isGone(item2) && !gone2.has(key(parent(name)))) plan.whiteouts.push(join5(parent(name), Buffer.concat([WHITEOUT, basename(name)])));
    if (item2.after !== null && why === null) plan.entries.push({ name, side: item2.after, bytes: item2.bytes.after });
  }
  return plan;
}
function isGone({ change }) {
  return change.op === "deleted" || change.op === "retyped";
}
function reason({ withheld, after, change }, name) {
  if (withheld) return change.flags.includes("secret") ? "secret" : "unread";
  if (name.includes(WHITEOUT) && split(name).some(isWhiteoutName)) return "whiteout-name";
  return after?.entry.type === "socket" || after?.entry.type === "device" ? "special" : null;
}
function* layer({ whiteouts, entries }) {
  for (const name of whiteouts) yield tarHeader({ name, type: "file", mode: 0, uid: 0, gid: 0, size: 0, mtime: 0, link: null });
  const first = /* @__PURE__ */ new Map();
  for (const { name, side: side2, bytes: bytes4 } of entries) {
    const original = side2.inode === null ? void 0 : first.get(side2.inode);
    if (side2.inode !== null && original === void 0) first.set(side2.inode, name);
    yield tarHeader(original === void 0 ? entryOf(name, side2) : { ...entryOf(name, side2), type: "link", size: 0, link: original });
    if (original === void 0 && side2.entry.type === "file") yield* fileBlocks(side2, bytes4);
  }
  yield Buffer.alloc(2 * BLOCK2);
}
function entryOf(name, { entry: entry3 }) {
  const type = entry3.type;
  return {
    name,
    type,
    mode: entry3.mode,
    uid: entry3.uid,
    gid: entry3.gid,
    size: type === "file" ? entry3.size : 0,
    mtime: entry3.mtime ?? 0,
    xattrs: entry3.xattrs ?? {},
    link: entry3.link
  };
}
function* fileBlocks(side2, bytes4) {
  const { size: size2 } = side2.entry;
  if (bytes4 !== null) {
    yield bytes4;
    yield padding(size2);
    return;
  }
  const fd = side2.tree.open(side2.path);
  try {
    for (let done = 0; done < size2; ) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size2 - done));
      const got = (0, import_node_fs8.readSync)(fd, chunk, 0, chunk.length, done);
      if (got === 0) throw new Error("a file became shorter while it was archived");
      yield chunk.subarray(0, got);
      done += got;
    }
  } finally {
    (0, import_node_fs8.closeSync)(fd);
  }
  yield padding(size2);
}
function* batches(pieces4) {
  let pending = [];
  let size2 = 0;
  for (const piece of pieces4) {
    pending.push(piece);
    size2 += piece.length;
    if (size2 < CHUNK) continue;
    yield Buffer.concat(pending);
    pending = [];
    size2 = 0;
  }
  yield Buffer.concat(pending);
}
var import_node_fs8, import_node_stream, import_promises, import_node_zlib, CHUNK, WHITEOUT;
var init_archive = __esm({
  "src/changes/archive.ts"() {
    "use strict";
    import_node_fs8 = require("node:fs");
    import_node_stream = require("node:stream");
    import_promises = require("node:stream/promises");
    import_node_zlib = require("node:zlib");
    init_bytes();
    init_flags();
    init_tar();
    CHUNK = 1 << 18;
    WHITEOUT = Buffer.from(".wh.");
  }
});

// src/changes/packed.ts
function packingOf(head) {
  if (head.length < 4) return null;
  if (head[0] === 31 && head[1] === 139) return "gzip";
  if (head.toString("latin1", 0, 4) === "PK") return "zip";
  if (head.toString("latin1", 0, 4) === "PACK") return "pack";
  return isZlib(head, 0) ? "zlib" : null;
}
function isZlib(bytes4, at2) {
  return (bytes4[at2] ?? 0) === 120 && at2 + 1 < bytes4.length && bytes4.readUInt16BE(at2) % 31 === 0;
}
function* unpack(bytes4, packing) {
  let budget = TOTAL;
  let at2 = 0;
  while (budget > 0 && at2 < bytes4.length) {
    const start = packing === "zip" ? nextZip(bytes4, at2) : nextZlib(bytes4, at2, packing === "zlib");
    if (start === -1) return;
    const part2 = inflate(bytes4.subarray(start), packing === "zip", Math.min(PART, budget));
    budget -= part2 === null ? FAILED : part2.data.length;
    at2 = start + Math.max(1, part2?.used ?? 0);
    if (part2 !== null) yield part2.data;
  }
}
function nextZip(bytes4, from) {
  for (let at2 = bytes4.indexOf("PK", from, "latin1"); at2 !== -1 && at2 + 30 < bytes4.length; at2 = bytes4.indexOf("PK", at2 + 4, "latin1")) {
    if (bytes4.readUInt16LE(at2 + 8) === 8) return at2 + 30 + bytes4.readUInt16LE(at2 + 26) + bytes4.readUInt16LE(at2 + 28);
  }
  return -1;
}
function nextZlib(bytes4, from, only) {
  if (only) return from === 0 ? 0 : -1;
  for (let at2 = bytes4.indexOf(120, from); at2 !== -1; at2 = bytes4.indexOf(120, at2 + 1)) if (isZlib(bytes4, at2)) return at2;
  return -1;
}
function inflate(bytes4, raw, most2) {
  const options = { info: true, maxOutputLength: most2, finishFlush: import_node_zlib2.constants.Z_SYNC_FLUSH };
  try {
    const { buffer, engine } = (raw ? import_node_zlib2.inflateRawSync : import_node_zlib2.inflateSync)(bytes4, options);
    return { data: buffer, used: engine.bytesWritten };
  } catch {
    return null;
  }
}
function* pieces3(fd) {
  for (let offset = 0; ; ) {
    const piece = Buffer.allocUnsafe(1 << 16);
    const got = (0, import_node_fs9.readSync)(fd, piece, 0, piece.length, offset);
    if (got === 0) return;
    yield piece.subarray(0, got);
    offset += got;
  }
}
async function* gunzip(fd) {
  const source2 = import_node_stream2.Readable.from(pieces3(fd));
  const gzip = (0, import_node_zlib2.createGunzip)({ finishFlush: import_node_zlib2.constants.Z_SYNC_FLUSH });
  source2.on("error", (error) => gzip.destroy(error));
  let budget = TOTAL;
  try {
    for await (const piece of source2.pipe(gzip)) {
      yield piece;
      budget -= piece.length;
      if (budget < 0) return;
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))) throw error;
  } finally {
    source2.destroy();
    gzip.destroy();
  }
}
var import_node_fs9, import_node_stream2, import_node_zlib2, TOTAL, PART, FAILED, IN_MEMORY;
var init_packed = __esm({
  "src/changes/packed.ts"() {
    "use strict";
    import_node_fs9 = require("node:fs");
    import_node_stream2 = require("node:stream");
    import_node_zlib2 = require("node:zlib");
    TOTAL = 256 << 20;
    PART = 64 << 20;
    FAILED = 1 << 20;
    IN_MEMORY = 64 << 20;
  }
});

// src/changes/content.ts
function tokenSeeker(found) {
  let [before, held] = ["", ""];
  return (piece, final) => {
    const text4 = before + held + piece.toString("latin1");
    const { tokens, stop } = findTokens(text4, final, before.length);
    for (const { at: at2, length, name } of tokens.slice(0, TOKENS - found.length)) found.push({ name, value: text4.slice(at2, at2 + length) });
    [before, held] = [text4.charAt(stop - 1), text4.slice(stop)];
  };
}
function seeker(word) {
  let found = false;
  let tail = Buffer.alloc(0);
  return (piece) => {
    found ||= piece.includes(word) || Buffer.concat([tail, piece.subarray(0, word.length - 1)]).includes(word);
    tail = Buffer.from(piece.subarray(Math.max(0, piece.length - word.length + 1)));
    return found;
  };
}
function readAll(fd, size2, from = 0) {
  const bytes4 = Buffer.alloc(size2);
  let done = 0;
  while (done < size2) {
    const got = (0, import_node_fs10.readSync)(fd, bytes4, done, size2 - done, from + done);
    if (got === 0) break;
    done += got;
  }
  return bytes4.subarray(0, done);
}
var import_node_crypto2, import_node_fs10, TOKENS, UNREAD, CHUNK2, HOLES, ContentReader, isBinary;
var init_content = __esm({
  "src/changes/content.ts"() {
    "use strict";
    import_node_crypto2 = require("node:crypto");
    import_node_fs10 = require("node:fs");
    init_tokens();
    init_packed();
    TOKENS = 100;
    UNREAD = { bytes: null, sha256: null, binary: true, crlf: true, ident: true, secret: null, tokens: [] };
    CHUNK2 = 1 << 20;
    HOLES = 4 * 1024 ** 3;
    ContentReader = class {
      #search;
      #known = /* @__PURE__ */ new Map();
      #chunk = Buffer.allocUnsafe(CHUNK2);
      #holes;
      constructor(search, holes = HOLES) {
        this.#search = search;
        this.#holes = holes;
      }
      /** `tokens`: whether to look for well-known credentials. `ahead`: all of the file, where it has been read. */
      async read(side2, tokens = false, ahead = null) {
        if (ahead !== null && (this.#search.idle || packingOf(ahead) === null)) return { ...this.#whole(ahead, tokens), bytes: ahead };
        const known = side2.inode === null ? void 0 : this.#known.get(side2.inode);
        if (known !== void 0) return known;
        const content = await this.#read(side2, tokens);
        if (side2.inode !== null) this.#known.set(side2.inode, content);
        return content;
      }
      async #read(side2, tokens) {
        if (side2.holes > this.#holes) return UNREAD;
        this.#holes -= side2.holes;
        const fd = side2.tree.open(side2.path);
        try {
          const { packing, ...plain } = this.#scan(fd, tokens);
          return packing === null || plain.secret !== null || this.#search.idle ? plain : { ...plain, secret: await this.#packed(fd, packing, side2.entry.size) };
        } finally {
          (0, import_node_fs10.closeSync)(fd);
        }
      }
      #scan(fd, tokens) {
        const first = this.#fill(fd, 0);
        const packing = packingOf(first);
        if (first.length < CHUNK2) return { packing, ...this.#whole(first, tokens) };
        const search = this.#search.stream();
        const found = [];
        const look = tokens ? tokenSeeker(found) : () => {
        };
        const digest2 = (0, import_node_crypto2.createHash)("sha256");
        const [crlf, ident] = [seeker("\r\n"), seeker("$Id")];
        const binary = isBinary(first);
        let secret = null;
        let offset = 0;
        let text4 = { binary, crlf: false, ident: false };
        for (let piece = first; piece.length > 0; piece = this.#fill(fd, offset)) {
          digest2.update(piece);
          secret ??= search(piece);
          look(piece, false);
          text4 = { binary, crlf: crlf(piece), ident: ident(piece) };
          offset += piece.length;
        }
        look(Buffer.alloc(0), true);
        return { packing, ...text4, secret, tokens: found, sha256: digest2.digest("hex"), bytes: null };
      }
      #whole(bytes4, tokens) {
        const found = [];
        if (tokens) tokenSeeker(found)(bytes4, true);
        return {
          binary: isBinary(bytes4),
          crlf: bytes4.includes("\r\n"),
          ident: bytes4.includes("$Id"),
          secret: this.#search.find(bytes4),
          tokens: found,
          sha256: (0, import_node_crypto2.hash)("sha256", bytes4),
          bytes: null
        };
      }
      /** The next bytes from `offset`: a full chunk but for the last. Valid until the next call. */
      #fill(fd, offset) {
        let size2 = 0;
        while (size2 < CHUNK2) {
          const got = (0, import_node_fs10.readSync)(fd, this.#chunk, size2, CHUNK2 - size2, offset + size2);
          if (got === 0) break;
          size2 += got;
        }
        return this.#chunk.subarray(0, size2);
      }
      async #packed(fd, packing, size2) {
        const search = this.#search.stream();
        if (packing === "gzip") {
          for await (const piece of gunzip(fd)) {
            const found = search(piece);
            if (found !== null) return found;
          }
          return null;
        }
        if (size2 > IN_MEMORY) return null;
        for (const part2 of unpack(readAll(fd, size2), packing)) {
          const found = this.#search.find(part2);
          if (found !== null) return found;
        }
        return null;
      }
    };
    isBinary = (first) => first.subarray(0, 8e3).includes(0);
  }
});

// src/changes/base.ts
var import_node_fs11, Base;
var init_base = __esm({
  "src/changes/base.ts"() {
    "use strict";
    import_node_fs11 = require("node:fs");
    init_bytes();
    init_content();
    Base = class {
      #root;
      constructor(root2) {
        this.#root = root2;
      }
      get empty() {
        return this.#root === null;
      }
      /** null: there was nothing. */
      find(path2) {
        let at2 = this.#root;
        for (const name of split(parent(path2))) at2 = at2?.child(name)?.directory ?? null;
        return at2?.child(basename(path2)) ?? null;
      }
      /** Of a regular file of at most `most` bytes. */
      read(path2, most2) {
        const entry3 = this.find(path2);
        if (entry3 === null || !entry3.stat.isFile() || entry3.stat.size > most2) return null;
        const fd = entry3.tree.open(entry3.path);
        try {
          return readAll(fd, entry3.stat.size);
        } finally {
          (0, import_node_fs11.closeSync)(fd);
        }
      }
    };
  }
});

// src/changes/checkouts.ts
function within2(path2, { root: root2 }) {
  return view(path2).subarray(root2.length === 0 ? 0 : root2.length + 1);
}
function resolve(from, pointer) {
  if (pointer.startsWith("/")) return null;
  const names2 = split(from);
  for (const name of split(Buffer.from(pointer, "latin1"))) {
    const text4 = key(name);
    if (text4 === ".") continue;
    if (text4 !== "..") names2.push(name);
    else if (names2.pop() === void 0) return null;
  }
  return names2.reduce(join5, Buffer.alloc(0));
}
var GIT, POINTER, Checkouts;
var init_checkouts = __esm({
  "src/changes/checkouts.ts"() {
    "use strict";
    init_bytes();
    GIT = Buffer.from(".git");
    POINTER = 4096;
    Checkouts = class {
      #base;
      #known = /* @__PURE__ */ new Map();
      constructor(base) {
        this.#base = base;
      }
      /** The innermost one that a path lies in. That a directory is a checkout's root does not put it inside. */
      of(path2) {
        return this.#at(parent(path2));
      }
      #at(directory) {
        const id2 = key(directory);
        const known = this.#known.get(id2);
        if (known !== void 0) return known;
        const git = this.#gitOf(directory);
        const checkout = git !== void 0 ? { root: directory, git, common: git && this.#commonOf(git) } : directory.length === 0 ? { root: directory, git: null, common: null } : this.#at(parent(directory));
        this.#known.set(id2, checkout);
        return checkout;
      }
      /** undefined: no checkout begins here. A link is not followed. */
      #gitOf(directory) {
        const path2 = join5(directory, GIT);
        const entry3 = this.#base.find(path2);
        if (entry3 === null) return void 0;
        if (entry3.directory !== null) return path2;
        const [, pointer] = /^gitdir: ([^\n]+)\n?$/.exec(this.#text(path2) ?? "") ?? [];
        return pointer === void 0 ? null : resolve(directory, pointer);
      }
      #commonOf(git) {
        const pointer = this.#text(join5(git, Buffer.from("commondir")));
        return pointer === null ? git : resolve(git, pointer.replace(/\n$/, ""));
      }
      #text(path2) {
        return this.#base.read(path2, POINTER)?.toString("latin1") ?? null;
      }
    };
  }
});

// src/changes/attributes.ts
function ruleOf(line) {
  const [, quoted, plain, rest = ""] = /^\s*(?:"((?:[^"\\]|\\.)*)"|(\S+))(.*)$/.exec(line) ?? [];
  const glob = quoted?.replace(/\\(.)/g, "$1") ?? plain;
  if (glob === void 0 || /^[#![]/.test(glob) || glob.split("*").length - 1 > STARS) return null;
  const says = rest.trim().split(/\s+/).filter((word) => word !== "").flatMap(saidBy).reverse();
  return says.length === 0 ? null : [{ pattern: (0, import_ignore3.default)({ ignorecase: false }).add(glob), says }];
}
function saidBy(word) {
  if (word === "binary") return [...BINARY];
  if (word.startsWith("-")) return [[word.slice(1), false]];
  if (word.startsWith("!")) return [[word.slice(1), null]];
  const at2 = word.indexOf("=");
  return [at2 === -1 ? [word, true] : [word.slice(0, at2), word.slice(at2 + 1)]];
}
function isFiltered(attributes, autocrlf, texts) {
  const is = (name) => (attributes.get(name) ?? false) !== false;
  if (is("filter") || is("working-tree-encoding")) return true;
  if (is("ident") && texts.some(({ ident }) => ident)) return true;
  const eol = attributes.get("eol");
  const automatic = autocrlf !== null && autocrlf !== "false";
  const text4 = attributes.get("text") ?? attributes.get("crlf") ?? (typeof eol === "string" ? true : automatic ? "auto" : false);
  if (text4 === false) return false;
  const some = text4 === "auto" ? texts.filter(({ binary }) => !binary) : texts;
  return eol === "crlf" || eol !== "lf" && autocrlf === "true" ? some.length > 0 : some.some(({ crlf }) => crlf);
}
var import_ignore3, LINES, STARS, BINARY, AttributesFile;
var init_attributes = __esm({
  "src/changes/attributes.ts"() {
    "use strict";
    import_ignore3 = __toESM(require_ignore(), 1);
    LINES = 1e4;
    STARS = 4;
    BINARY = [
      ["diff", false],
      ["merge", false],
      ["text", false]
    ];
    AttributesFile = class {
      #rules;
      constructor(text4) {
        this.#rules = text4.replace(/^\uFEFF/, "").split(/\r?\n/).slice(0, LINES).flatMap((line) => ruleOf(line) ?? []).reverse();
      }
      /** Says of `path`, relative to this file's directory, what `known` does not say yet. null: nothing is said, and nothing above counts. */
      add(path2, known) {
        for (const { pattern, says } of this.#rules) {
          if (says.every(([name]) => known.has(name)) || !pattern.ignores(path2)) continue;
          for (const [name, value] of says) if (!known.has(name)) known.set(name, value);
        }
      }
    };
  }
});

// src/changes/xattrs.ts
function sameXattrs(a, b) {
  const [left, right] = [Object.entries(a ?? {}), b ?? {}];
  return left.length === Object.keys(right).length && left.every(([name, value]) => right[name] === value);
}
var init_xattrs = __esm({
  "src/changes/xattrs.ts"() {
    "use strict";
  }
});

// src/changes/entry.ts
function side(tree, path2, stat, swapped, inode) {
  const link = stat.isSymbolicLink() ? tree.readlink(path2) : null;
  return {
    tree,
    path: path2,
    entry: entryOf2(stat, link, swapped),
    ctime: stat.ctimeMs,
    holes: holesOf(stat),
    inode
  };
}
function entryOf2(stat, link, swapped) {
  return {
    type: typeOf(stat),
    mode: stat.mode & 4095,
    uid: swapped === null ? stat.uid : swap(stat.uid, swapped.host.uid, swapped.jail.uid),
    gid: swapped === null ? stat.gid : swap(stat.gid, swapped.host.gid, swapped.jail.gid),
    size: stat.isFile() ? stat.size : link?.length ?? 0,
    sha256: null,
    link: link === null ? null : asPath(link),
    mtime: Math.floor(stat.mtimeMs / 1e3),
    ...stat.isFile() && stat.nlink > 1 ? { names: stat.nlink } : {},
    ...holesOf(stat) >= HOLE ? { stored: stat.blocks * 512 } : {}
  };
}
function holesOf(stat) {
  return stat.isFile() ? Math.max(0, stat.size - stat.blocks * 512) : 0;
}
function typeOf(stat) {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "directory";
  if (stat.isSymbolicLink()) return "symlink";
  if (stat.isFIFO()) return "fifo";
  if (stat.isSocket()) return "socket";
  return "device";
}
function swap(id2, a, b) {
  if (id2 === a) return b;
  return id2 === b ? a : id2;
}
function sameMetadata(a, b) {
  return a.uid === b.uid && a.gid === b.gid && (a.mode === b.mode || a.type === "symlink") && sameXattrs(a.xattrs, b.xattrs);
}
var HOLE;
var init_entry = __esm({
  "src/changes/entry.ts"() {
    "use strict";
    init_bytes();
    init_xattrs();
    HOLE = 1 << 16;
  }
});

// src/changes/compare.ts
async function contentsOf({ layer: layer2 }, { before, after }, ahead, reader2) {
  const contentOf2 = async (side2, tokens) => side2?.entry.type === "file" ? await reader2.read(side2, tokens, ahead.get(side2)?.bytes) : null;
  const now = await contentOf2(after, layer2 === "workspace");
  return { now, old: await contentOf2(before, (now?.tokens ?? []).length > 0) };
}
function difference(view2, pair, { old, now }, tools) {
  const { before, after } = pair;
  const op = operation(before, after, old, now, tools.touched);
  if (op === null) return null;
  const path2 = join5(view2.prefix, pair.path);
  const names2 = [path2, before?.entry.link, after?.entry.link].filter((bytes4) => bytes4 !== null && bytes4 !== void 0);
  const ignored = view2.layer === "workspace" && tools.ignored.test(path2, (after ?? before)?.entry.type === "directory", before !== null);
  const known = (old?.secret ?? now?.secret ?? null) !== null || names2.some((bytes4) => tools.search.find(view(bytes4)) !== null);
  const token = ignored ? void 0 : now?.tokens.find(({ value }) => old?.tokens.every((one) => one.value !== value) ?? true);
  const secret = known || token !== void 0;
  const unread = now !== null && now.sha256 === null;
  const directory = (after ?? before)?.entry.type === "directory";
  const attributes = view2.layer === "workspace" && !directory ? tools.repository.attributes(path2) : /* @__PURE__ */ new Map();
  const texts = [old, now].filter((content) => content !== null);
  const flags = flagsOf({
    layer: view2.layer,
    target: view2.target,
    path: path2,
    before: before?.entry ?? null,
    after: after?.entry ?? null,
    binary: (now ?? old)?.binary ?? false,
    secret,
    unread,
    ignored,
    baseChanged: before !== null && before.tree === view2.host && view2.born > 0 && before.ctime > view2.born,
    generated: (attributes.get("linguist-generated") ?? "false") !== "false" && attributes.get("linguist-generated") !== false,
    filtered: view2.layer === "workspace" && isFiltered(attributes, tools.repository.autocrlf(path2), texts)
  });
  const why = flags.includes("runs-later") ? whyLater(path2, directory) : null;
  const entry3 = (side2, content) => {
    const link = side2.entry.link === null ? null : asPath(secret ? tools.search.mask(view(side2.entry.link)) : side2.entry.link);
    return { ...side2.entry, link, sha256: secret ? null : content?.sha256 ?? null };
  };
  const change = {
    path: asPath(secret ? tools.search.mask(path2) : path2),
    layer: view2.layer,
    flags,
    op,
    ...why === null ? {} : { why },
    ...known || token === void 0 ? {} : { token: token.name },
    ...pair.more === void 0 ? {} : { more: pair.more },
    ...before === null ? {} : { before: entry3(before, old) },
    ...after === null ? {} : { after: entry3(after, now) }
  };
  return {
    change,
    view: view2,
    path: pair.path,
    before,
    after,
    withheld: secret || unread,
    bytes: { before: old?.bytes ?? null, after: now?.bytes ?? null },
    checkout: view2.layer === "workspace" ? tools.checkouts.of(path2) : null
  };
}
function operation(before, after, old, now, touched2) {
  if (before === null) return "added";
  if (after === null) return "deleted";
  const [a, b] = [before.entry, after.entry];
  if (a.type !== b.type) return "retyped";
  if (a.type === "file" && (now?.sha256 ?? null) === null) return "modified";
  if (old?.sha256 !== now?.sha256) return "modified";
  if (a.link !== null && b.link !== null && Buffer.compare(a.link, b.link) !== 0) return "modified";
  if (!sameMetadata(a, b)) return "metadata";
  return touched2 && a.type !== "directory" && a.mtime !== b.mtime ? "touched" : null;
}
var init_compare = __esm({
  "src/changes/compare.ts"() {
    "use strict";
    init_attributes();
    init_bytes();
    init_entry();
    init_flags();
  }
});

// src/changes/tracked.ts
function varint(bytes4, from) {
  let at2 = from;
  let byte2 = bytes4.readUInt8(at2++);
  let value = byte2 & 127;
  while ((byte2 & 128) !== 0) {
    byte2 = bytes4.readUInt8(at2++);
    value = (value + 1) * 128 + (byte2 & 127);
  }
  return { value, next: at2 };
}
function trackedPaths(index2) {
  try {
    return index2.length >= 12 && index2.toString("latin1", 0, 4) === "DIRC" ? parse2(index2) : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
function parse2(index2) {
  const version = index2.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  const paths = /* @__PURE__ */ new Set();
  let name = "";
  let at2 = 12;
  for (let left = index2.readUInt32BE(8); left > 0; left -= 1) {
    if (index2.readUInt32BE(at2 + 24) >>> 0 === DIRECTORY) return null;
    const extended = version > 2 && (index2.readUInt16BE(at2 + 60) & 16384) !== 0;
    let from = at2 + (extended ? 64 : 62);
    let kept = "";
    if (version === 4) {
      const { value, next } = varint(index2, from);
      kept = name.slice(0, Math.max(0, name.length - value));
      from = next;
    }
    const end = index2.indexOf(0, from);
    if (end === -1) return null;
    name = kept + index2.toString("latin1", from, end);
    paths.add(name);
    at2 = version === 4 ? end + 1 : at2 + (end - at2 + 8 & ~7);
  }
  return hasLink(index2, at2) ? null : paths;
}
function hasLink(index2, from) {
  for (let at2 = from; at2 + 8 <= index2.length - 20; at2 += 8 + index2.readUInt32BE(at2 + 4)) {
    if (index2.toString("latin1", at2, at2 + 4) === "link") return true;
  }
  return false;
}
var DIRECTORY;
var init_tracked = __esm({
  "src/changes/tracked.ts"() {
    "use strict";
    DIRECTORY = 16384;
  }
});

// src/changes/ignored.ts
function rebase(rules, directory) {
  return rules.replace(/^\uFEFF/, "").split(/\r?\n/).flatMap((line) => {
    const negated = line.startsWith("!");
    const rule = negated ? line.slice(1) : line;
    if (rule.trim() === "" || line.startsWith("#") || rule.split("*").length - 1 > STARS2) return [];
    if (directory === "") return [line];
    const slash = rule.indexOf("/");
    const anchored = slash !== -1 && slash < rule.trimEnd().length - 1;
    const place2 = directory.replace(/[\\*?[\] ]/g, "\\$&");
    return [`${negated ? "!" : ""}/${place2}/${anchored ? rule.replace(/^\//, "") : `**/${rule}`}`];
  });
}
var import_ignore4, RULES, INDEX, NONE3, STARS2, Ignored;
var init_ignored = __esm({
  "src/changes/ignored.ts"() {
    "use strict";
    import_ignore4 = __toESM(require_ignore(), 1);
    init_bytes();
    init_checkouts();
    init_tracked();
    RULES = 1 << 20;
    INDEX = 256 << 20;
    NONE3 = (0, import_ignore4.default)();
    STARS2 = 4;
    Ignored = class {
      #base;
      #checkouts;
      #rules = /* @__PURE__ */ new Map();
      #tracked = /* @__PURE__ */ new Map();
      #whole = /* @__PURE__ */ new Map();
      constructor(base, checkouts) {
        this.#base = base;
        this.#checkouts = checkouts;
      }
      test(path2, directory, inBase) {
        if (this.#base.empty) return false;
        const checkout = this.#checkouts.of(path2);
        if (this.#isIgnored(checkout)) return true;
        const rules = this.#rulesOf(parent(path2), checkout);
        if (rules === NONE3 || !rules.ignores(Buffer.from(path2).toString() + (directory ? "/" : ""))) return false;
        if (directory || !inBase) return true;
        return this.#tracks(checkout, path2) === false;
      }
      /** By the checkout around it, which has it as a submodule or not at all. */
      #isIgnored(checkout) {
        const { root: root2 } = checkout;
        if (root2.length === 0) return false;
        let whole2 = this.#whole.get(checkout);
        if (whole2 === void 0) {
          whole2 = this.test(root2, true, true) && this.#tracks(this.#checkouts.of(root2), root2) !== true;
          this.#whole.set(checkout, whole2);
        }
        return whole2;
      }
      /** null: the index cannot be read. */
      #tracks(checkout, path2) {
        let tracked = this.#tracked.get(checkout);
        if (tracked === void 0) {
          const bytes4 = checkout.git === null ? null : this.#base.read(join5(checkout.git, Buffer.from("index")), INDEX);
          tracked = bytes4 === null ? null : trackedPaths(bytes4);
          this.#tracked.set(checkout, tracked);
        }
        return tracked?.has(key(within2(path2, checkout))) ?? null;
      }
      /** The rules in force in a directory: its parents' first, so that its own win. */
      #rulesOf(path2, checkout) {
        const id2 = key(path2);
        const known = this.#rules.get(id2);
        if (known !== void 0) return known;
        const above = path2.length === checkout.root.length ? this.#exclude(checkout) : this.#rulesOf(parent(path2), checkout);
        const own2 = this.#text(join5(path2, Buffer.from(".gitignore")));
        const rules = own2 === null ? above : (0, import_ignore4.default)({ ignorecase: false }).add(above).add(rebase(own2, Buffer.from(path2).toString()));
        this.#rules.set(id2, rules);
        return rules;
      }
      #exclude({ root: root2, common }) {
        const own2 = common === null ? null : this.#text(join5(common, Buffer.from("info/exclude")));
        return own2 === null ? NONE3 : (0, import_ignore4.default)({ ignorecase: false }).add(rebase(own2, root2.toString()));
      }
      #text(path2) {
        return this.#base.read(path2, RULES)?.toString() ?? null;
      }
    };
  }
});

// src/changes/manifest.ts
function byLayerAndPath(a, b) {
  return LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) || Buffer.compare(a.path, b.path);
}
function pathFields(name, bytes4) {
  const text4 = { [name]: view(bytes4).toString() };
  return isPlainText(bytes4) ? text4 : { ...text4, [`${name}_b64`]: view(bytes4).toString("base64") };
}
function changeLine(change) {
  return {
    ...pathFields("path", change.path),
    layer: change.layer,
    op: change.op,
    flags: change.flags,
    ...change.why === void 0 ? {} : { why: change.why },
    ...change.more === void 0 ? {} : { more: change.more },
    ...change.token === void 0 ? {} : { token: change.token },
    ...change.op === "renamed" ? pathFields("from", change.from) : {},
    ..."before" in change ? { before: entryFields(change.before) } : {},
    ..."after" in change ? { after: entryFields(change.after) } : {}
  };
}
function entryFields({ link, ...rest }) {
  return link === null ? { ...rest, link } : { ...rest, ...pathFields("link", link) };
}
function beginManifest(fd, header3, changes2) {
  const writer = new NdjsonWriter(fd, "changes", header3, "buffer");
  const counts2 = {};
  let noise2 = 0;
  let unlisted = 0;
  for (const change of changes2) {
    if (change.flags.includes("noise")) noise2 += 1;
    unlisted += change.more ?? 0;
    counts2[change.op] = (counts2[change.op] ?? 0) + 1;
    writer.line(changeLine(change));
  }
  writer.flush();
  return ({ ignored, withheld, xattrs = true, patch, archive }) => writer.end({
    counts: counts2,
    unlisted,
    ignored,
    noise: noise2,
    withheld,
    xattrs,
    patch: {
      files: patch.files,
      others: (patch.others ?? []).map(({ file, path: path2, files: files4 }) => ({ file, ...pathFields("path", path2), files: files4 })),
      ...leftOutFields(patch.leftOut)
    },
    archive: { entries: archive.entries, ...leftOutFields(archive.leftOut) }
  });
}
function leftOutFields(all) {
  let bytes4 = 0;
  const first = all.slice(0, NAMED3).filter(({ path: path2 }) => (bytes4 += path2.length) <= NAMED_BYTES);
  return { left_out: first.map(({ path: path2, why }) => ({ ...pathFields("path", path2), why })), more: all.length - first.length };
}
var LAYERS, NAMED3, NAMED_BYTES;
var init_manifest = __esm({
  "src/changes/manifest.ts"() {
    "use strict";
    init_ndjson2();
    init_bytes();
    LAYERS = ["workspace", "home", "root"];
    NAMED3 = 1e3;
    NAMED_BYTES = 1 << 19;
  }
});

// src/changes/origin.ts
function isOwn({ merged: merged2, upper }, { path: path2, base }) {
  const own2 = new Set(upper.list(path2).map(key));
  return probe(merged2, path2, base, base.others(own2), DEEP) === "same";
}
function probe(merged2, path2, base, names2, deep) {
  const directories = [];
  let left = TRIES;
  for (const name of names2) {
    if (left-- === 0) break;
    const seen2 = merged2.lstat(join5(path2, name));
    const expected = base.child(name)?.stat ?? null;
    if (seen2 === null || expected === null) return "other";
    if (seen2.isDirectory() && expected.isDirectory()) directories.push(name);
    else if (!isSame(seen2, expected) || low(merged2, join5(path2, name), seen2) !== expected.ino % LOWER) return "other";
    else if (seen2.nlink === 1) return "same";
  }
  if (deep === 0) return "unknown";
  for (const name of directories.slice(0, 2)) {
    const verdict = below(merged2, join5(path2, name), base.child(name)?.directory ?? null, deep - 1);
    if (verdict !== "unknown") return verdict;
  }
  return "unknown";
}
function below(merged2, path2, base, deep) {
  if (base === null) return "other";
  const names2 = merged2.list(path2);
  const expected = base.names();
  if (names2.length !== expected.size || names2.some((name) => !expected.has(key(name)))) return "other";
  return probe(merged2, path2, base, names2, deep);
}
function isSame(a, b) {
  return a.ctimeMs === b.ctimeMs && a.mtimeMs === b.mtimeMs && a.size === b.size && a.mode === b.mode;
}
function low(tree, path2, { ino }) {
  return Number.isSafeInteger(ino) ? ino % LOWER : Number((tree.lstatExact(path2)?.ino ?? 0n) & LOW);
}
var TRIES, DEEP, LOW, LOWER;
var init_origin = __esm({
  "src/changes/origin.ts"() {
    "use strict";
    init_bytes();
    TRIES = 16;
    DEEP = 64;
    LOW = 0xffffffffn;
    LOWER = 2 ** 32;
  }
});

// src/changes/git-tree.ts
function treeOf(leaves) {
  const sorted = leaves.map(({ path: path2, mode, id: id2 }) => ({ name: key(path2), mode, id: id2 })).sort((a, b) => a.name < b.name ? -1 : 1);
  return Buffer.from(sorted.map(({ name, mode, id: id2 }) => `${mode} ${name}\0${id2}`).join(""), "latin1");
}
var init_git_tree = __esm({
  "src/changes/git-tree.ts"() {
    "use strict";
    init_bytes();
  }
});

// src/changes/pack.ts
function header2(bytes4, type, size2) {
  let at2 = 0;
  bytes4[at2] = type << 4 | size2 & 15;
  for (let rest = size2 >>> 4; rest > 0; rest >>>= 7) {
    bytes4[at2] = (bytes4[at2] ?? 0) | 128;
    at2 += 1;
    bytes4[at2] = rest & 127;
  }
  return at2 + 1;
}
function stored(bytes4, from, content) {
  let at2 = bytes4.writeUInt16BE(30721, from);
  for (let done = 0; done === 0 || done < content.length; done += STORED) {
    const size2 = Math.min(STORED, content.length - done);
    bytes4[at2] = done + STORED >= content.length ? 1 : 0;
    at2 = bytes4.writeUInt16LE(size2, at2 + 1);
    at2 = bytes4.writeUInt16LE(size2 ^ 65535, at2);
    at2 += content.copy(bytes4, at2, done, done + size2);
  }
  return bytes4.writeUInt32BE(adler32(content), at2);
}
function adler32(bytes4) {
  let [a, b] = [1, 0];
  for (let from = 0; from < bytes4.length; from += 5552) {
    const to = Math.min(from + 5552, bytes4.length);
    for (let at2 = from; at2 < to; at2 += 1) {
      a += bytes4[at2];
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}
function index(objects, checksum) {
  const sorted = [...objects.keys()].sort();
  const fan = Buffer.alloc(1024);
  let at2 = 0;
  for (let first = 0; first < 256; first += 1) {
    while (at2 < sorted.length && (sorted[at2]?.charCodeAt(0) ?? 0) <= first) at2 += 1;
    fan.writeUInt32BE(at2, first * 4);
  }
  const numbers = (of) => {
    const bytes4 = Buffer.alloc(4 * sorted.length);
    sorted.forEach((id2, place2) => bytes4.writeUInt32BE(of(objects.get(id2)), place2 * 4));
    return bytes4;
  };
  const body = Buffer.concat([
    Buffer.from("\xFFtOc\0\0\0", "latin1"),
    fan,
    Buffer.from(sorted.join(""), "latin1"),
    numbers(({ crc }) => crc),
    numbers(({ offset }) => offset),
    checksum
  ]);
  return Buffer.concat([body, (0, import_node_crypto3.hash)("sha1", body, "buffer")]);
}
var import_node_crypto3, import_node_fs12, import_node_zlib3, TYPES2, GATHERED, STORED, FRAME, BLOCK3, Pack;
var init_pack = __esm({
  "src/changes/pack.ts"() {
    "use strict";
    import_node_crypto3 = require("node:crypto");
    import_node_fs12 = require("node:fs");
    import_node_zlib3 = require("node:zlib");
    init_ndjson2();
    TYPES2 = { tree: 2, blob: 3 };
    GATHERED = 1 << 20;
    STORED = 65535;
    FRAME = 64;
    BLOCK3 = 5;
    Pack = class {
      repository;
      #fd;
      #known = /* @__PURE__ */ new Map();
      /** What is written next: objects are put together here, since memory of their own would cost more than they do. */
      #buffer = Buffer.allocUnsafeSlow(2 * GATHERED);
      #size = 12;
      #offset = 12;
      constructor(scratch) {
        this.repository = `${scratch}/patch.git`;
        for (const directory of ["", "/refs", "/objects", "/objects/pack"]) (0, import_node_fs12.mkdirSync)(this.repository + directory, { mode: 448 });
        (0, import_node_fs12.writeFileSync)(`${this.repository}/HEAD`, "ref: refs/heads/none\n");
        (0, import_node_fs12.writeFileSync)(`${this.repository}/config`, "[core]\n	repositoryformatversion = 0\n	bare = true\n");
        this.#fd = (0, import_node_fs12.openSync)(this.#path("pack"), "wx+", 384);
      }
      add(type, content) {
        const bytes4 = this.#room(content.length + FRAME + BLOCK3 * Math.ceil(content.length / STORED));
        const start = bytes4.write(`${type} ${content.length}\0`, "latin1");
        content.copy(bytes4, start);
        const id2 = (0, import_node_crypto3.hash)("sha1", bytes4.subarray(0, start + content.length), "binary");
        if (this.#known.has(id2)) return id2;
        const object2 = bytes4.subarray(0, stored(bytes4, header2(bytes4, TYPES2[type], content.length), content));
        this.#known.set(id2, { crc: (0, import_node_zlib3.crc32)(object2), offset: this.#offset });
        this.#size += object2.length;
        this.#offset += object2.length;
        return id2;
      }
      /** Now git can read it. */
      close() {
        this.#flush();
        const start = Buffer.from("PACK\0\0\0\0\0\0\0", "latin1");
        start.writeUInt32BE(this.#known.size, 8);
        writeAll(this.#fd, start, 0);
        const checksum = this.#checksum();
        writeAll(this.#fd, checksum, this.#offset);
        (0, import_node_fs12.closeSync)(this.#fd);
        (0, import_node_fs12.writeFileSync)(this.#path("idx"), index(this.#known, checksum), { flag: "wx", mode: 384 });
      }
      /** Over all that is written: how many objects there are is known last and stands first. */
      #checksum() {
        const sum = (0, import_node_crypto3.createHash)("sha1");
        const piece = Buffer.allocUnsafe(GATHERED);
        for (let at2 = 0; at2 < this.#offset; ) {
          const got = (0, import_node_fs12.readSync)(this.#fd, piece, 0, piece.length, at2);
          if (got === 0) throw new Error("a pack became shorter while it was read");
          sum.update(piece.subarray(0, got));
          at2 += got;
        }
        return sum.digest();
      }
      #path(kind) {
        return `${this.repository}/objects/pack/pack-${"0".repeat(40)}.${kind}`;
      }
      /** Room for `most` bytes after those that are gathered. */
      #room(most2) {
        if (this.#size >= GATHERED || this.#size + most2 > this.#buffer.length) this.#flush();
        if (most2 > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(most2);
        return this.#buffer.subarray(this.#size);
      }
      #flush() {
        writeAll(this.#fd, this.#buffer.subarray(0, this.#size));
        this.#size = 0;
      }
    };
  }
});

// src/changes/patch.ts
function isContent(side2) {
  return side2?.entry.type === "file" || side2?.entry.type === "symlink";
}
function isVisibleToGit({ change, before, after }) {
  if (change.op === "metadata") return change.after.type === "file" && ((change.before.mode ^ change.after.mode) & 64) !== 0;
  return isContent(before) || isContent(after) || after !== null && after.entry.type !== "directory";
}
function reason2(item2) {
  const { flags } = item2.change;
  if (flags.includes("secret")) return "secret";
  if (flags.includes("ignored")) return "ignored";
  if (flags.includes("git-dir")) return "git-dir";
  if (flags.includes("filtered")) return "filtered";
  const sides = [item2.before, item2.after].filter((side2) => side2 !== null);
  if (sides.some((side2) => !isContent(side2) && side2.entry.type !== "directory")) return "special";
  if (item2.withheld) return "unread";
  if (sides.some((side2) => side2.entry.size > LARGEST4)) return "too-large";
  if (pathOf(item2).length > LONGEST4) return "long-path";
  const isModules = /^(?:\.gitmod|gitmod~|g[i7eba]{0,5}~\d)/i.test(basename(pathOf(item2)).toString("latin1"));
  return isModules && sides.some((side2) => side2.entry.type === "symlink") ? "gitmodules-link" : null;
}
function contentOf(side2) {
  const fd = side2.tree.open(side2.path);
  try {
    return readAll(fd, side2.entry.size);
  } finally {
    (0, import_node_fs13.closeSync)(fd);
  }
}
async function diff(fd, repository, trees) {
  const env = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    LC_ALL: "C",
    HOME: "/nonexistent",
    GIT_DIR: ".",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1"
  };
  const ids = trees.map((id2) => Buffer.from(id2, "latin1").toString("hex"));
  const git = (0, import_node_child_process.spawn)("git", ["diff-tree", ...OPTIONS, ...ids], { cwd: repository, env, stdio: ["ignore", fd, "pipe"] });
  const said2 = [];
  git.stderr?.on("data", (piece) => said2.push(piece));
  try {
    const [code2, signal] = await (0, import_node_events.once)(git, "close");
    if (code2 !== 0) throw new Error(`it ended with ${code2 ?? signal}: ${Buffer.concat(said2).toString().slice(0, 500).trim()}`);
  } catch (error) {
    const message3 = `git could not make the patch: ${error.message}`;
    throw new JailError(message3, "Is git 2.32 or later installed?", null, { cause: error });
  }
}
var import_node_child_process, import_node_events, import_node_fs13, LARGEST4, COPIED, LONGEST4, Patches, pathOf, OPTIONS;
var init_patch = __esm({
  "src/changes/patch.ts"() {
    "use strict";
    import_node_child_process = require("node:child_process");
    import_node_events = require("node:events");
    import_node_fs13 = require("node:fs");
    init_errors();
    init_record();
    init_bytes();
    init_checkouts();
    init_content();
    init_git_tree();
    init_pack();
    LARGEST4 = 5 << 20;
    COPIED = 512 << 20;
    LONGEST4 = 3800;
    Patches = class {
      #pack;
      /** What is in the pack. */
      #blobs = /* @__PURE__ */ new Map();
      /** Bytes that may still be packed. */
      #room;
      constructor(scratch, copied2 = COPIED) {
        this.#pack = new Pack(scratch);
        this.#room = copied2;
      }
      /** Packs what is at hand of an item, which may well be one of those that are written. */
      prepare(item2) {
        if (item2.checkout === null || !isVisibleToGit(item2) || reason2(item2) !== null) return;
        for (const [side2, bytes4] of [
          [item2.before, item2.bytes.before],
          [item2.after, item2.bytes.after]
        ])
          if (side2 !== null && bytes4 !== null) this.#blobs.set(side2, this.#pack.add("blob", bytes4));
      }
      async write(fds, items) {
        const pack = this.#pack;
        const leftOut = [];
        const compared = /* @__PURE__ */ new Map();
        for (const item2 of items) {
          const { checkout } = item2;
          if (checkout === null || !isVisibleToGit(item2)) continue;
          const size2 = (item2.before?.entry.size ?? 0) + (item2.after?.entry.size ?? 0);
          const others2 = [...compared.keys()].filter(({ root: root2 }) => root2.length > 0).length;
          const full = checkout.root.length > 0 && others2 === OTHER_PATCHES.length && !compared.has(checkout);
          const why = reason2(item2) ?? (full ? "other-repository" : size2 > this.#room ? "full" : null);
          if (why !== null) {
            leftOut.push({ path: item2.change.path, why });
            continue;
          }
          let comparison = compared.get(checkout);
          if (comparison === void 0) compared.set(checkout, comparison = { checkout, before: [], after: [], files: 0 });
          const path2 = within2(pathOf(item2), checkout);
          this.#add(item2.before, item2.bytes.before, path2, comparison.before);
          this.#add(item2.after, item2.bytes.after, path2, comparison.after);
          this.#room -= size2;
          comparison.files += 1;
        }
        const ids = new Map(
          [...compared.values()].map((one) => [one, [one.before, one.after].map((leaves) => pack.add("tree", treeOf(leaves)))])
        );
        pack.close();
        let files4 = 0;
        const others = [];
        for (const [{ checkout, ...comparison }, trees] of ids) {
          const file = checkout.root.length === 0 ? "changes.patch" : OTHER_PATCHES[others.length];
          if (file !== "changes.patch") others.push({ file, path: checkout.root, files: comparison.files });
          files4 += comparison.files;
          await diff(fds[file], pack.repository, trees);
        }
        return { files: files4, leftOut, others };
      }
      /** Puts what git would see of one side into a tree, and into the pack. */
      #add(side2, bytes4, path2, tree) {
        if (side2?.entry.link) tree.push({ path: path2, mode: "120000", id: this.#pack.add("blob", Buffer.from(side2.entry.link)) });
        if (side2?.entry.type !== "file") return;
        const mode = (side2.entry.mode & 64) === 0 ? "100644" : "100755";
        tree.push({ path: path2, mode, id: this.#blobs.get(side2) ?? this.#pack.add("blob", bytes4 ?? contentOf(side2)) });
      }
    };
    pathOf = (item2) => join5(item2.view.prefix, item2.path);
    OPTIONS = ["-r", "--patch", "--binary", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames"];
  }
});

// src/changes/rename.ts
function withRenames(changes2) {
  const renamed = /* @__PURE__ */ new Map();
  match(changes2, renamed, (path2) => key(basename(path2)));
  match(changes2, renamed, () => "");
  const taken = new Set(renamed.values());
  return changes2.flatMap((change) => {
    if (taken.has(change)) return [];
    const origin = change.op === "added" ? renamed.get(change) : void 0;
    return change.op === "added" && origin !== void 0 ? [rename(origin, change)] : [change];
  });
}
function match(changes2, renamed, nameOf2) {
  const taken = /* @__PURE__ */ new Set([...renamed.keys(), ...renamed.values()]);
  const groups = /* @__PURE__ */ new Map();
  for (const change of changes2) {
    if (taken.has(change) || change.op !== "added" && change.op !== "deleted") continue;
    const entry3 = change.op === "added" ? change.after : change.before;
    if (entry3.sha256 === null || entry3.size === 0) continue;
    const id2 = [change.layer, change.flags.includes("ignored"), entry3.sha256, nameOf2(change.path)].join(" ");
    const group2 = groups.get(id2) ?? { deleted: [], added: [] };
    groups.set(id2, group2);
    if (change.op === "added") group2.added.push(change);
    else group2.deleted.push(change);
  }
  for (const { deleted, added } of groups.values()) {
    const named2 = nameOf2(Buffer.from("x")) !== "";
    if (deleted.length !== added.length || !named2 && added.length !== 1) continue;
    for (const [at2, change] of added.entries()) renamed.set(change, deleted[at2]);
  }
}
function rename(from, to) {
  const flags = FLAGS.filter((flag) => to.flags.includes(flag) || from.flags.includes(flag));
  const why = to.why ?? from.why;
  return {
    path: to.path,
    layer: to.layer,
    op: "renamed",
    flags,
    ...why === void 0 ? {} : { why },
    from: from.path,
    before: from.before,
    after: to.after
  };
}
var init_rename = __esm({
  "src/changes/rename.ts"() {
    "use strict";
    init_changes();
    init_bytes();
  }
});

// src/changes/readahead.ts
function parse3(found, asked) {
  const sides = /* @__PURE__ */ new Map();
  const directories = /* @__PURE__ */ new Map();
  for (let at2 = 0, end = 0; (end = found.indexOf(10, at2)) !== -1; at2 = end + 1) {
    const [number3, kind, first = "", second = ""] = found.toString("latin1", at2, end).split(" ");
    const one = asked[Number(number3)];
    if ("doubt" in one) {
      directories.set(one.doubt, { own: first === "1", lacks: GIT2.filter((_, place2) => second[place2] === "0") });
      continue;
    }
    const ahead = sides.get(one.side) ?? {};
    sides.set(one.side, ahead);
    if (kind === "a") (ahead.xattrs ??= {})[Buffer.from(first, "hex").toString("latin1")] = Buffer.from(second, "hex").toString("base64");
    else {
      const bytes4 = found.subarray(end + 1, end + 1 + Number(first));
      if (bytes4.length === Number(first)) ahead.bytes = bytes4;
      end += bytes4.length;
    }
  }
  return { sides, directories };
}
var import_node_child_process2, import_node_events2, import_node_fs14, import_node_path4, GIT2, SMALL, KEPT, LINE, ASK, END, Readahead, Perl;
var init_readahead = __esm({
  "src/changes/readahead.ts"() {
    "use strict";
    import_node_child_process2 = require("node:child_process");
    import_node_events2 = require("node:events");
    import_node_fs14 = require("node:fs");
    import_node_path4 = require("node:path");
    init_content();
    init_lines();
    GIT2 = [".git", ".gitattributes", ".gitignore"];
    SMALL = 1 << 16;
    KEPT = 32 << 20;
    LINE = 100;
    ASK = { content: Buffer.from("f"), attributes: Buffer.from("x"), directory: Buffer.from("d"), part: Buffer.from("e") };
    END = Buffer.of(0);
    Readahead = class {
      #found;
      #complete = true;
      #room = KEPT;
      #asked = [];
      #questions = [];
      #perl = null;
      constructor(scratch) {
        this.#found = `${scratch}/found`;
      }
      ask(side2) {
        const path2 = side2.tree.absolute(side2.path);
        if (path2 === null) {
          this.#complete = false;
          return;
        }
        const { type, size: size2 } = side2.entry;
        const small = type === "file" && side2.inode === null && size2 <= Math.min(SMALL, this.#room);
        if (small) this.#room -= size2;
        this.#asked.push({ side: side2 });
        this.#questions.push(small ? ASK.content : ASK.attributes, path2, END);
      }
      askWhether(doubt, { merged: merged2, upper }) {
        const [seen2, there, own2] = [merged2.absolute(doubt.path), doubt.base.lowest.absolute(doubt.path), upper.absolute(doubt.path)];
        if (seen2 === null || there === null || own2 === null) return;
        this.#asked.push({ doubt });
        this.#questions.push(ASK.directory, seen2, END, there, END, own2, END);
      }
      /** To all questions since the last time, as far as there is something to say. They are asked now. */
      async answers() {
        const asked = this.#asked;
        if (asked.length === 0) return { sides: /* @__PURE__ */ new Map(), directories: /* @__PURE__ */ new Map() };
        this.#perl ??= new Perl(this.#found);
        const questions = Buffer.concat([...this.#questions, ASK.part, END]);
        [this.#asked, this.#questions] = [[], []];
        return parse3(await this.#perl.part(questions), asked);
      }
      /** False: the extended attributes of some entries could not be read. Nothing is asked after this. */
      async end() {
        if (this.#perl !== null && await this.#perl.end() !== 0) this.#complete = false;
        this.#perl = null;
        return this.#complete;
      }
    };
    Perl = class {
      #found;
      #output;
      #input;
      #parts;
      #closed;
      #done = 0;
      /** One part after the other. */
      #last = Promise.resolve();
      constructor(found) {
        this.#found = found;
        this.#output = (0, import_node_fs14.openSync)(found, "wx+", 384);
        const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C" };
        const script2 = (0, import_node_path4.join)(__dirname, "readahead.pl");
        const perl = (0, import_node_child_process2.spawn)("perl", [script2], { env, stdio: ["pipe", this.#output, "ignore", "pipe"] });
        this.#input = perl.stdin;
        this.#input.on("error", () => {
        });
        this.#parts = lines2(perl.stdio[3], LINE)[Symbol.asyncIterator]();
        this.#closed = (0, import_node_events2.once)(perl, "close").then(
          ([code2]) => code2,
          () => null
        );
      }
      /** What it prints to some questions: all of it, or what it had printed when it was ended. */
      part(questions) {
        this.#input.write(questions);
        const part2 = this.#last.then(async () => {
          const { value } = await this.#parts.next();
          const from = this.#done;
          this.#done = value === void 0 ? (0, import_node_fs14.fstatSync)(this.#output).size : Number(value);
          return readAll(this.#output, this.#done - from, from);
        });
        this.#last = part2;
        return part2;
      }
      async end() {
        this.#input.end();
        const code2 = await this.#closed;
        (0, import_node_fs14.closeSync)(this.#output);
        (0, import_node_fs14.rmSync)(this.#found);
        return code2;
      }
    };
  }
});

// src/changes/repository.ts
var FILE2, ATTRIBUTES, INFO, NONE4, Repository;
var init_repository = __esm({
  "src/changes/repository.ts"() {
    "use strict";
    init_attributes();
    init_bytes();
    FILE2 = 1 << 20;
    [ATTRIBUTES, INFO] = [Buffer.from(".gitattributes"), Buffer.from("info/attributes")];
    NONE4 = /* @__PURE__ */ new Map();
    Repository = class {
      #base;
      #checkouts;
      #files = /* @__PURE__ */ new Map();
      #autocrlf = /* @__PURE__ */ new Map();
      constructor(base, checkouts) {
        this.#base = base;
        this.#checkouts = checkouts;
      }
      /** `core.autocrlf` where the path is; null: not set. */
      autocrlf(path2) {
        const checkout = this.#checkouts.of(path2);
        let value = this.#autocrlf.get(checkout);
        if (value === void 0) {
          const text4 = checkout.common === null ? null : this.#base.read(join5(checkout.common, Buffer.from("config")), FILE2);
          value = /^\s*autocrlf\s*=\s*"?(\w+)/im.exec(text4?.toString() ?? "")?.[1]?.toLowerCase() ?? null;
          this.#autocrlf.set(checkout, value);
        }
        return value;
      }
      /** As git would find them: `info/attributes` first, then the nearest directory's, up to the top of the checkout. */
      attributes(path2) {
        const files4 = this.#inForce(parent(path2));
        if (files4.length === 0) return NONE4;
        const known = /* @__PURE__ */ new Map();
        const whole2 = Buffer.from(path2).toString();
        for (const { file, from } of files4) file.add(whole2.slice(from), known);
        return new Map([...known].flatMap(([name, value]) => value === null ? [] : [[name, value]]));
      }
      /** The files that speak of what is in a directory, the one that wins first. */
      #inForce(directory) {
        const id2 = key(directory);
        let files4 = this.#files.get(id2);
        if (files4 === void 0) {
          const { root: root2, common } = this.#checkouts.of(join5(directory, ATTRIBUTES));
          const own2 = this.#read(join5(directory, ATTRIBUTES), directory);
          if (directory.length > root2.length) {
            const above = this.#inForce(parent(directory));
            const info = above.filter((one) => one.info);
            files4 = own2 === null ? above : [...info, own2, ...above.filter((one) => !one.info)];
          } else {
            const info = common === null ? null : this.#read(join5(common, INFO), root2, true);
            files4 = [info, own2].filter((one) => one !== null);
          }
          this.#files.set(id2, files4);
        }
        return files4;
      }
      #read(path2, directory, info = false) {
        const bytes4 = this.#base.read(path2, FILE2);
        if (bytes4 === null) return null;
        return { file: new AttributesFile(bytes4.toString()), from: directory.length === 0 ? 0 : directory.toString().length + 1, info };
      }
    };
  }
});

// src/changes/result.ts
function writeResult(fd, result2, search) {
  const from = openRegular(result2);
  if (from === null) return;
  try {
    const bytes4 = readAll(from, LARGEST_RESULT + search.longest);
    const text4 = Buffer.from(search.mask(bytes4, Math.min(LARGEST_RESULT, bytes4.length)).toString());
    writeAll(fd, text4.subarray(0, characterStart(text4, LARGEST_RESULT)));
  } finally {
    (0, import_node_fs15.closeSync)(from);
  }
}
function characterStart(text4, most2) {
  let at2 = Math.min(most2, text4.length);
  while (at2 < text4.length && ((text4[at2] ?? 0) & 192) === 128) at2 -= 1;
  return at2;
}
function openRegular(path2) {
  try {
    const fd = (0, import_node_fs15.openSync)(path2, import_node_fs15.constants.O_RDONLY | import_node_fs15.constants.O_NOFOLLOW | import_node_fs15.constants.O_NONBLOCK | import_node_fs15.constants.O_NOCTTY);
    if ((0, import_node_fs15.fstatSync)(fd).isFile()) return fd;
    (0, import_node_fs15.closeSync)(fd);
    return null;
  } catch (error) {
    if (["ENOENT", "ELOOP", "ENXIO", "ENODEV"].includes(error.code ?? "")) return null;
    throw error;
  }
}
var import_node_fs15, LARGEST_RESULT;
var init_result2 = __esm({
  "src/changes/result.ts"() {
    "use strict";
    import_node_fs15 = require("node:fs");
    init_ndjson2();
    init_content();
    LARGEST_RESULT = 64 << 10;
  }
});

// src/changes/secrets.ts
function simpleForms(secrets) {
  return secrets.map(({ name, value }) => {
    const plain = Buffer.from(value);
    const hex2 = plain.toString("hex");
    const texts = [hex2, hex2.toUpperCase(), ...[0, 1, 2].flatMap((shift) => aligned(plain, shift))];
    const forms = [plain, ...texts.map((text4) => Buffer.from(text4))].filter((form) => form.length >= SHORTEST);
    return { name, bytes: [...new Map(forms.map((form) => [form.toString("latin1"), form])).values()] };
  });
}
function aligned(plain, shift) {
  const from = Math.ceil(shift * 8 / 6);
  const to = Math.floor((shift + plain.length) * 8 / 6);
  const padded = Buffer.concat([Buffer.alloc(shift), plain]);
  return [padded.toString("base64").slice(from, to), padded.toString("base64url").slice(from, to)];
}
var SHORTEST, MASK, SecretSearch;
var init_secrets = __esm({
  "src/changes/secrets.ts"() {
    "use strict";
    SHORTEST = 4;
    MASK = Buffer.from("***");
    SecretSearch = class {
      #forms;
      /** Bytes of the longest form. */
      longest;
      constructor(forms) {
        this.#forms = forms.map(({ name, bytes: bytes4 }) => ({ name, bytes: bytes4.filter((form) => form.length > 0) }));
        this.longest = Math.max(0, ...this.#forms.flatMap(({ bytes: bytes4 }) => bytes4.map((form) => form.length)));
      }
      get idle() {
        return this.longest === 0;
      }
      /** The name of a secret that stands in `bytes`. */
      find(bytes4) {
        for (const { name, bytes: forms } of this.#forms) if (forms.some((form) => bytes4.includes(form))) return name;
        return null;
      }
      /** A search over pieces of one stream; a form may be cut by their borders. */
      stream() {
        let tail = Buffer.alloc(0);
        return (piece) => {
          if (this.idle) return null;
          const found = this.find(tail.length === 0 ? piece : Buffer.concat([tail, piece]));
          const all = piece.length >= this.longest ? piece : Buffer.concat([tail, piece]);
          tail = Buffer.from(all.subarray(Math.max(0, all.length - this.longest + 1)));
          return found;
        };
      }
      /** The first `limit` bytes with every form replaced; one that crosses the limit is replaced as well. */
      mask(bytes4, limit = bytes4.length) {
        const hits = this.#hits(bytes4);
        const parts2 = [];
        let done = 0;
        for (const [from, to] of hits) {
          if (from >= limit) break;
          if (from >= done) parts2.push(bytes4.subarray(done, from), MASK);
          done = Math.max(done, to);
        }
        if (done < limit) parts2.push(bytes4.subarray(done, limit));
        return Buffer.concat(parts2);
      }
      #hits(bytes4) {
        const hits = [];
        for (const { bytes: forms } of this.#forms) {
          for (const form of forms) {
            for (let at2 = bytes4.indexOf(form); at2 !== -1; at2 = bytes4.indexOf(form, at2 + 1)) hits.push([at2, at2 + form.length]);
          }
        }
        return hits.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
      }
    };
  }
});

// src/system/exec.ts
function cleanEnv(platform, env) {
  const bare = { LANG: "C.UTF-8", LC_ALL: "C.UTF-8" };
  if (platform !== "win32") return { PATH: SYSTEM_PATH, ...bare };
  const of = (name) => Object.entries(env).find(([one]) => one.toUpperCase() === name)?.[1] ?? "";
  return { PATH: of("PATH"), SystemRoot: of("SYSTEMROOT"), ...bare };
}
var SYSTEM_PATH, CLEAN_ENV;
var init_exec = __esm({
  "src/system/exec.ts"() {
    "use strict";
    SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    CLEAN_ENV = cleanEnv(process.platform, process.env);
  }
});

// src/changes/session-database.ts
function readDatabase(beside, scratch) {
  if (PROGRAM === void 0) return null;
  const directory = (0, import_node_fs16.mkdtempSync)((0, import_node_path5.join)(scratch, "database-"));
  const open = [];
  try {
    const copy = (0, import_node_path5.join)(directory, "copy.db");
    for (const log of [false, true]) {
      const from = beside(log);
      if (from === null && !log) return null;
      if (from !== null && !copied(from, log ? `${copy}-wal` : copy)) return null;
    }
    const { cpu, data, patience } = LIMITS2;
    const argv = [
      "--inh-caps=-all",
      "--ambient-caps=-all",
      "--no-new-privs",
      "--",
      "prlimit",
      `--cpu=${cpu}`,
      `--data=${data}`,
      "--",
      `/proc/self/fd/${NODE}`,
      "--disable-warning=ExperimentalWarning",
      // In `dist/` it is one file, and may lie where only this process can go, as Node may.
      ...PROGRAM.endsWith(".js") ? ["--input-type=module", "-"] : [PROGRAM],
      copy
    ];
    open.push((0, import_node_fs16.openSync)(PROGRAM, "r"), (0, import_node_fs16.openSync)(process.execPath, "r"));
    const [program = 0, node = 0] = open;
    const read = (0, import_node_child_process3.spawnSync)("setpriv", argv, {
      env: CLEAN_ENV,
      stdio: [program, "pipe", "ignore", node],
      timeout: patience,
      killSignal: "SIGKILL",
      maxBuffer: MOST.lines
    });
    return read.status === 0 ? read.stdout : null;
  } finally {
    for (const fd of open) (0, import_node_fs16.closeSync)(fd);
    (0, import_node_fs16.rmSync)(directory, { recursive: true, force: true });
  }
}
function copied(from, path2) {
  const to = (0, import_node_fs16.openSync)(path2, "wx", 384);
  try {
    const buffer = Buffer.allocUnsafe(CHUNK3);
    for (let at2 = 0; ; ) {
      const got = (0, import_node_fs16.readSync)(from, buffer, 0, buffer.length, at2);
      if (got === 0) return true;
      at2 += got;
      if (at2 > MOST.file) return false;
      for (let done = 0; done < got; ) done += (0, import_node_fs16.writeSync)(to, buffer, done, got - done);
    }
  } finally {
    (0, import_node_fs16.closeSync)(from);
    (0, import_node_fs16.closeSync)(to);
  }
}
var import_node_child_process3, import_node_fs16, import_node_path5, MOST, LIMITS2, CHUNK3, NODE, PROGRAM;
var init_session_database = __esm({
  "src/changes/session-database.ts"() {
    "use strict";
    import_node_child_process3 = require("node:child_process");
    import_node_fs16 = require("node:fs");
    import_node_path5 = require("node:path");
    init_exec();
    MOST = { file: 64 << 20, lines: 16 << 20 };
    LIMITS2 = { cpu: 10, data: 1 << 30, patience: 3e4 };
    CHUNK3 = 1 << 20;
    NODE = 3;
    PROGRAM = ["database.js", "../database.ts"].map((name) => (0, import_node_path5.join)(__dirname, name)).find((path2) => (0, import_node_fs16.existsSync)(path2));
  }
});

// src/changes/sessions.ts
function writeSessions(fd, header3, home, agents, search, scratch) {
  const writer = new NdjsonWriter(fd, "agent", header3, "buffer");
  const leftOut = [];
  const found = home === null ? [] : agents.flatMap((agent) => [...candidates(home, agent, leftOut)]);
  const chosen = found.sort((a, b) => b.stat.mtimeMs - a.stat.mtimeMs || Buffer.compare(a.path, b.path));
  let room2 = MOST2.all;
  let files4 = 0;
  for (const { agent, path: path2, stat } of chosen) {
    const size2 = isDatabase(path2) ? MOST2.file : Math.min(stat.size, MOST2.file);
    if (home === null || files4 === MOST2.files || size2 > room2) {
      leftOut.push({ path: path2, why: files4 === MOST2.files ? "too many files" : "too much in all" });
      continue;
    }
    const rows = isDatabase(path2) ? readDatabase((log) => openBeside(home, path2, log), scratch) : null;
    if (isDatabase(path2) && rows === null) {
      leftOut.push({ path: path2, why: "a database that cannot be read" });
      continue;
    }
    room2 -= size2;
    writer.line({ kind: "file", agent, ...pathFields("path", path2), size: stat.size, cut: rows === null && stat.size > size2 });
    const lines4 = rows === null ? textLines(home, path2, size2, search) : linesOf2(search.mask(rows));
    for (const line of lines4) writer.line({ kind: "line", ...line });
    files4 += 1;
  }
  writer.end({ files: files4, ...leftOutFields(leftOut) });
  return { files: files4, leftOut };
}
function* candidates(home, agent, leftOut) {
  const { under, name } = SESSIONS[agent];
  let top = Buffer.alloc(0);
  for (const part2 of under.split("/")) {
    top = join5(top, Buffer.from(part2));
    const stat = home.merged.lstat(top);
    if (stat === null) return;
    if (!isOwnDirectory(home, stat)) {
      leftOut.push({ path: top, why: "not a directory" });
      return;
    }
  }
  const todo = [{ path: top, depth: 0 }];
  let names2 = MOST2.names;
  for (let here = todo.pop(); here !== void 0; here = todo.pop()) {
    for (const child of home.merged.names(here.path)) {
      const path2 = join5(here.path, child);
      if (names2-- === 0) {
        leftOut.push({ path: here.path, why: `more than ${MOST2.names} names` });
        return;
      }
      const stat = home.merged.lstat(path2);
      if (stat === null) continue;
      const called = view(child).toString("latin1");
      const isLog = name.test(called);
      if (isOwnDirectory(home, stat) && here.depth < MOST2.depth) todo.push({ path: path2, depth: here.depth + 1 });
      else if (stat.isDirectory()) leftOut.push({ path: path2, why: "too deep, or a mount" });
      else if (isLog && !stat.isFile()) leftOut.push({ path: path2, why: "not a regular file" });
      else if (isLog && home.upper.lstat(path2) !== null) yield { agent, path: path2, stat };
    }
  }
}
function openBeside(home, path2, log) {
  const at2 = log ? Buffer.concat([path2, Buffer.from("-wal")]) : path2;
  return home.merged.lstat(at2)?.isFile() === true ? home.merged.open(at2) : null;
}
function* textLines(home, path2, size2, search) {
  const fd = home.merged.open(path2);
  let bytes4;
  try {
    const all = readAll(fd, size2 + search.longest);
    bytes4 = search.mask(all, Math.min(size2, all.length));
  } finally {
    (0, import_node_fs17.closeSync)(fd);
  }
  yield* linesOf2(bytes4);
}
function* linesOf2(bytes4) {
  for (let from = 0; from < bytes4.length; ) {
    const at2 = bytes4.indexOf(10, from);
    const end = at2 === -1 ? bytes4.length : at2;
    const most2 = Math.min(end, from + MOST2.line);
    if (end > from) yield { text: bytes4.toString("utf8", from, most2), ...most2 < end ? { cut: end - most2 } : {} };
    from = end + 1;
  }
}
var import_node_fs17, MOST2, isDatabase, isOwnDirectory;
var init_sessions = __esm({
  "src/changes/sessions.ts"() {
    "use strict";
    import_node_fs17 = require("node:fs");
    init_trajectory();
    init_ndjson2();
    init_bytes();
    init_content();
    init_manifest();
    init_session_database();
    MOST2 = {
      files: 20,
      /** Bytes of one file, of all of them, and of a line. */
      file: 16 << 20,
      all: 48 << 20,
      line: 2 << 20,
      /** Directories below an agent's folder, one in another, and names that are looked at. */
      depth: 8,
      names: 2e4
    };
    isDatabase = (path2) => path2.toString("latin1").endsWith(".db");
    isOwnDirectory = (home, stat) => stat.isDirectory() && stat.dev === home.device;
  }
});

// src/changes/lower.ts
function isWhiteout(stat) {
  return stat.isCharacterDevice() && stat.rdev === 0;
}
var BaseDirectory;
var init_lower = __esm({
  "src/changes/lower.ts"() {
    "use strict";
    init_bytes();
    BaseDirectory = class _BaseDirectory {
      path;
      #trees;
      /** The walk goes through them, and whoever asks for the rules that hold below. */
      #directories = /* @__PURE__ */ new Map();
      #lacking = [];
      constructor(path2, trees) {
        this.path = path2;
        this.#trees = trees;
      }
      /** What its lowest lower is known not to have. */
      lacks(names2) {
        if (this.#trees.length === 1) this.#lacking = names2;
      }
      get lowest() {
        return this.#trees.at(-1);
      }
      child(name) {
        const id2 = key(name);
        if (this.#lacking.includes(id2)) return null;
        const known = this.#directories.get(id2);
        if (known !== void 0) return known;
        const entry3 = this.#look(join5(this.path, name));
        if (entry3 !== null && entry3.directory !== null) this.#directories.set(id2, entry3);
        return entry3;
      }
      #look(path2) {
        const trees = [];
        let top = null;
        for (const tree2 of this.#trees) {
          const stat = tree2.lstat(path2);
          if (stat === null) continue;
          if (isWhiteout(stat)) break;
          if (!stat.isDirectory()) {
            if (top === null) return { stat, tree: tree2, path: path2, directory: null };
            break;
          }
          top ??= stat;
          trees.push(tree2);
        }
        const [tree] = trees;
        return top === null || tree === void 0 ? null : { stat: top, tree, path: path2, directory: new _BaseDirectory(path2, trees) };
      }
      /** Names that `except` lacks, as far as they are asked for. One that an upper lower hides is among them, and there is no such child. */
      *others(except) {
        for (const tree of this.#trees) for (const name of tree.names(this.path)) if (!except.has(key(name))) yield name;
      }
      /** Names by `key`. */
      names() {
        const names2 = /* @__PURE__ */ new Map();
        const hidden = /* @__PURE__ */ new Set();
        for (const tree of this.#trees) {
          for (const entry3 of tree.entries(this.path)) {
            const id2 = key(entry3.name);
            if (hidden.has(id2)) continue;
            const stat = entry3.isCharacterDevice() ? tree.lstat(join5(this.path, entry3.name)) : null;
            if (stat !== null && isWhiteout(stat)) hidden.add(id2);
            else names2.set(id2, entry3.name);
          }
        }
        return names2;
      }
    };
  }
});

// src/changes/tree.ts
var import_node_fs18, CALL, DEEPEST3, KEPT2, READ, DIRECTORY2, Tree;
var init_tree = __esm({
  "src/changes/tree.ts"() {
    "use strict";
    import_node_fs18 = require("node:fs");
    init_errors();
    init_bytes();
    CALL = 4e3;
    DEEPEST3 = 32768;
    KEPT2 = 256;
    READ = import_node_fs18.constants.O_RDONLY | import_node_fs18.constants.O_NOFOLLOW | import_node_fs18.constants.O_NONBLOCK | import_node_fs18.constants.O_NOCTTY;
    DIRECTORY2 = import_node_fs18.constants.O_RDONLY | import_node_fs18.constants.O_NOFOLLOW | import_node_fs18.constants.O_DIRECTORY;
    Tree = class {
      root;
      #before;
      #anchors = /* @__PURE__ */ new Map();
      constructor(root2) {
        this.root = Buffer.from(root2);
        this.#before = Buffer.from(`${root2}/`);
      }
      /** null: there is no such entry. */
      lstat(rel) {
        return (0, import_node_fs18.lstatSync)(this.#at(rel), { throwIfNoEntry: false }) ?? null;
      }
      lstatExact(rel) {
        return (0, import_node_fs18.lstatSync)(this.#at(rel), { throwIfNoEntry: false, bigint: true }) ?? null;
      }
      list(rel) {
        return (0, import_node_fs18.readdirSync)(this.#at(rel), { encoding: "buffer" });
      }
      entries(rel) {
        return (0, import_node_fs18.readdirSync)(this.#at(rel), { encoding: "buffer", withFileTypes: true });
      }
      /** The names of a directory as far as they are asked for. */
      *names(rel) {
        const dir = (0, import_node_fs18.opendirSync)(this.#at(rel), { encoding: "buffer", bufferSize: 4 });
        try {
          for (let entry3 = dir.readSync(); entry3 !== null; entry3 = dir.readSync()) yield entry3.name;
        } finally {
          dir.closeSync();
        }
      }
      isEmpty() {
        return this.list(new Uint8Array(0)).length === 0;
      }
      readlink(rel) {
        return (0, import_node_fs18.readlinkSync)(this.#at(rel), { encoding: "buffer" });
      }
      /** A descriptor of a regular file; anything else throws, and a FIFO or a device is never waited for. */
      open(rel) {
        const fd = (0, import_node_fs18.openSync)(this.#at(rel), READ);
        if ((0, import_node_fs18.fstatSync)(fd).isFile()) return fd;
        (0, import_node_fs18.closeSync)(fd);
        throw new Error("a regular file became something else");
      }
      /** For another program; null: longer than a system call takes. */
      absolute(rel) {
        return this.root.length + rel.length < CALL ? this.#at(rel) : null;
      }
      close() {
        for (const fd of this.#anchors.values()) (0, import_node_fs18.closeSync)(fd);
        this.#anchors.clear();
      }
      #at(rel) {
        if (this.root.length + rel.length < CALL) {
          if (rel.length === 0) return this.root;
          const path2 = Buffer.allocUnsafe(this.#before.length + rel.length);
          path2.set(this.#before);
          path2.set(rel, this.#before.length);
          return path2;
        }
        if (rel.length > DEEPEST3) {
          throw new JailError(
            `the jail left a path of more than ${DEEPEST3} bytes, so its changes cannot be listed`,
            "Look in the transcript for what makes directories without end."
          );
        }
        if (this.#anchors.size > KEPT2) this.close();
        return this.#beyond(rel);
      }
      /** A long path as `/proc/self/fd/N/rest`, N being a directory on the way; each piece is cut at a slash. */
      #beyond(rel) {
        const bytes4 = Buffer.from(rel);
        let base = this.root;
        let done = 0;
        while (base.length + bytes4.length - done >= CALL) {
          const cut = bytes4.lastIndexOf(47, done + CALL - base.length - 1);
          if (cut <= done) throw new Error("a name of more than 255 bytes");
          const name = bytes4.toString("latin1", 0, cut);
          let fd = this.#anchors.get(name);
          if (fd === void 0) {
            fd = (0, import_node_fs18.openSync)(join5(base, bytes4.subarray(done, cut)), DIRECTORY2);
            this.#anchors.set(name, fd);
          }
          base = Buffer.from(`/proc/self/fd/${fd}`);
          done = cut + 1;
        }
        return join5(base, bytes4.subarray(done));
      }
    };
  }
});

// src/changes/view.ts
function openView(layer2, workspace) {
  const upper = new Tree(layer2.upper);
  const merged2 = new Tree(layer2.merged);
  const lowers = layer2.lowers.map((lower) => new Tree(lower)).filter((lower, at2, all) => at2 === all.length - 1 || !lower.isEmpty());
  const root2 = merged2.lstat(EMPTY3);
  const top = upper.lstat(EMPTY3);
  if (root2 === null || top === null) {
    throw new JailError(`the layer of ${layer2.target} is not there any more`, "Was something unmounted while the run went on?");
  }
  const inside = Buffer.from(layer2.target.replace(/^\/+/, ""));
  return {
    layer: layer2.layer,
    target: layer2.target,
    prefix: layer2.layer === "root" ? inside : layer2.layer === "workspace" ? Buffer.from(layer2.target.slice(workspace.length + 1)) : EMPTY3,
    place: inside,
    upper,
    merged: merged2,
    base: lowers.length === 0 ? null : new BaseDirectory(EMPTY3, lowers),
    host: lowers.at(-1) ?? null,
    swapped: layer2.swapped,
    trees: [upper, merged2, ...lowers],
    device: root2.dev,
    born: top.birthtimeMs
  };
}
var EMPTY3;
var init_view = __esm({
  "src/changes/view.ts"() {
    "use strict";
    init_errors();
    init_lower();
    init_tree();
    EMPTY3 = Buffer.alloc(0);
  }
});

// src/changes/walk.ts
function isWhole(stat) {
  return !stat.isDirectory() && !isWhiteout(stat) && holesOf(stat) === 0;
}
function* gone(view2, path2, base, missed2) {
  const todo = base === null ? [] : [{ path: path2, directory: base }];
  let listed = 0;
  let unlisted = 0;
  for (let next = todo.pop(); next !== void 0; next = todo.pop()) {
    for (const name of next.directory.names().values()) {
      const child = next.directory.child(name);
      if (child === null) continue;
      const at2 = join5(next.path, name);
      if (child.directory !== null) todo.push({ path: at2, directory: child.directory });
      if (listed >= LISTED4 && !missed2(at2, child.directory !== null)) unlisted += 1;
      else yield { path: at2, before: sideOf(view2, child), after: null };
      listed += 1;
    }
  }
  return unlisted;
}
function sideOf(view2, base) {
  return side(base.tree, base.path, base.stat, view2.swapped, null);
}
function namesOf(names2) {
  return new Map(names2.map((name) => [key(name), name]));
}
var LISTED4, Walk, more2;
var init_walk = __esm({
  "src/changes/walk.ts"() {
    "use strict";
    init_bytes();
    init_entry();
    init_lower();
    LISTED4 = 1e3;
    Walk = class {
      view;
      #missed;
      #doubted;
      #todo;
      /** `missed`: whether a deleted path has to be listed however many there are. `doubted`: `again` where it was right to doubt. */
      constructor(view2, missed2, doubted) {
        this.view = view2;
        this.#missed = missed2;
        this.#doubted = doubted;
        this.#todo = [{ path: Buffer.alloc(0), base: view2.base, upper: true, other: false }];
      }
      get ended() {
        return this.#todo.length === 0;
      }
      /** Until nothing is left to do. */
      *pairs() {
        for (let next = this.#todo.pop(); next !== void 0; next = this.#todo.pop()) yield* this.#directory(next);
      }
      /** It was removed and made again, or another one renamed into its place: there are further pairs. */
      again({ path: path2, base }) {
        this.#todo.push({ path: path2, base, upper: true, other: true });
      }
      *#directory({ path: path2, base, upper, other: other2 }) {
        const { view: view2 } = this;
        const own2 = upper && base !== null ? view2.upper.entries(path2) : null;
        if (own2 !== null && base !== null && !other2) {
          for (const entry3 of own2)
            yield* this.#compare(join5(path2, entry3.name), base.child(entry3.name), entry3.isDirectory() ? "directory" : "some");
          if (path2.length > 0) this.#doubted({ path: path2, base });
          return;
        }
        const known = new Set(own2?.map(({ name }) => key(name)));
        const merged2 = namesOf(view2.merged.list(path2));
        const before = base?.names() ?? /* @__PURE__ */ new Map();
        for (const [id2, name] of before)
          if (!merged2.has(id2) && !known.has(id2)) yield* this.#compare(join5(path2, name), base?.child(name) ?? null, "none");
        for (const [id2, name] of merged2) {
          if (known.has(id2)) continue;
          const entry3 = before.has(id2) ? base?.child(name) ?? null : null;
          yield* this.#compare(join5(path2, name), entry3, own2 === null && upper ? "some" : "none");
        }
      }
      *#compare(path2, base, has) {
        const { view: view2 } = this;
        const own2 = has === "some" ? view2.upper.lstat(path2) : null;
        const whole2 = own2 !== null && isWhole(own2);
        const stat = whole2 ? own2 : own2 !== null && view2.base !== null && isWhiteout(own2) ? null : view2.merged.lstat(path2);
        const before = base === null ? null : sideOf(view2, base);
        if (stat === null) {
          if (base !== null) yield { path: path2, before, after: null, ...more2(yield* gone(view2, path2, base.directory, this.#missed)) };
          return;
        }
        if (stat.isDirectory() && stat.dev !== view2.device) return;
        const inode = own2 !== null && own2.nlink > 1 && !own2.isDirectory() ? `${view2.target} ${own2.ino}` : null;
        const after = side(whole2 ? view2.upper : view2.merged, path2, stat, view2.swapped, inode);
        if (!stat.isDirectory()) {
          yield { path: path2, before, after, ...more2(yield* gone(view2, path2, base?.directory ?? null, this.#missed)) };
          return;
        }
        this.#todo.push({ path: path2, base: base?.directory ?? null, upper: has !== "none", other: false });
        yield { path: path2, before, after };
      }
    };
    more2 = (count2) => count2 === 0 ? {} : { more: count2 };
  }
});

// src/changes/collect.ts
var collect_exports = {};
__export(collect_exports, {
  collectChanges: () => collectChanges,
  differences: () => differences
});
async function collectChanges(request, forms = simpleForms(request.secrets), masks = []) {
  const views = [];
  const readahead = new Readahead(request.scratch);
  try {
    const workspace = request.layers.find(({ layer: layer2 }) => layer2 === "workspace")?.target ?? "";
    for (const layer2 of request.layers) views.push(openView(layer2, workspace));
    return await collect(request, views, new SecretSearch(forms), new SecretSearch([...forms, ...masks]), readahead);
  } catch (error) {
    if (error instanceof JailError) throw error;
    throw new JailError(
      `the changes could not be collected: ${cause(error)}`,
      "Nothing of this run can be trusted to be complete; run it again.",
      null,
      { cause: error }
    );
  } finally {
    await readahead.end();
    for (const view2 of views) for (const tree of view2.trees) tree.close();
  }
}
function cause(error) {
  if (!(error instanceof Error)) return String(error);
  const { code: code2, syscall } = error;
  return code2 === void 0 ? error.message : `${code2}${syscall === void 0 ? "" : ` (${syscall})`}`;
}
async function collect(request, views, search, shown2, readahead) {
  const { outputs } = request;
  const patches = new Patches(request.scratch);
  const items = await differences(views, search, readahead, { touched: request.touched, found: (item2) => patches.prepare(item2) });
  const changed2 = items.filter(({ change }) => change.op !== "touched");
  const written2 = [patches.write(outputs, changed2), writeArchive(outputs["changes.tar.gz"], changed2)];
  const changes2 = withRenames(items.map(({ change }) => change));
  const header3 = { id: request.id, layers: views.map(({ layer: layer2, target }) => ({ layer: layer2, target })) };
  const endManifest = beginManifest(outputs["changes.ndjson"], header3, changes2);
  await Promise.allSettled(written2);
  const [patch, archive] = await Promise.all(written2);
  const xattrs = await readahead.end();
  const unlisted = items.reduce((sum, { change }) => sum + (change.more ?? 0), 0);
  const ignored = unlisted + changed2.filter(({ change }) => change.flags.includes("ignored")).length;
  const withheld = changed2.filter((item2) => item2.withheld).length;
  endManifest({ ignored, withheld, xattrs, patch, archive });
  writeResult(outputs["result.txt"], request.result, shown2);
  const home = views.find(({ layer: layer2 }) => layer2 === "home") ?? null;
  const { leftOut } = writeSessions(outputs["agent.ndjson"], { id: request.id }, home, request.agents, shown2, request.scratch);
  return { changed: changes2.filter(counts).length, ignored, withheld, sessionsLeft: leftOut.length };
}
async function differences(views, search, readahead, { touched: touched2 = false, found = () => {
} } = {}) {
  const reader2 = new ContentReader(search);
  const items = [];
  const base = new Base(views.find(({ layer: layer2 }) => layer2 === "workspace")?.base ?? null);
  const checkouts = new Checkouts(base);
  const tools = { search, touched: touched2, checkouts, ignored: new Ignored(base, checkouts), repository: new Repository(base, checkouts) };
  for (const view2 of views) {
    const doubts = [];
    const walk2 = new Walk(view2, missed(view2, tools.ignored), (doubt) => {
      doubts.push(doubt);
      readahead.askWhether(doubt, view2);
    });
    const look = async ({ pairs, doubted, answers }) => {
      const { sides, directories } = await answers;
      for (const doubt of doubted) {
        const found2 = directories.get(doubt);
        doubt.base.lacks(found2?.lacks ?? []);
        if (found2?.own !== true && !isOwn(view2, doubt)) walk2.again(doubt);
      }
      for (const plain of pairs) {
        const item2 = difference(view2, withXattrs(plain, sides), await contentsOf(view2, plain, sides, reader2), tools);
        if (item2 === null) continue;
        items.push(item2);
        found(item2);
      }
    };
    let asked = null;
    while (!walk2.ended) {
      for (const pairs of parts(walk2.pairs(), readahead)) {
        const next = { pairs, doubted: doubts.splice(0), answers: readahead.answers() };
        if (asked !== null) await look(asked);
        asked = next;
      }
      if (asked !== null) await look(asked);
      asked = null;
    }
  }
  return items.sort((a, b) => byLayerAndPath(a.change, b.change));
}
function missed(view2, ignored) {
  return (path2, directory) => view2.layer !== "workspace" || !ignored.test(join5(view2.prefix, path2), directory, true);
}
function* parts(pairs, readahead) {
  let part2 = [];
  for (const pair of pairs) {
    part2.push(pair);
    for (const side2 of [pair.before, pair.after]) if (side2 !== null) readahead.ask(side2);
    if (part2.length < TOGETHER) continue;
    yield part2;
    part2 = [];
  }
  yield part2;
}
function withXattrs(pair, found) {
  const full = (side2) => {
    const xattrs = side2 === null ? void 0 : found.get(side2)?.xattrs;
    return side2 === null || xattrs === void 0 ? side2 : { ...side2, entry: { ...side2.entry, xattrs } };
  };
  return { ...pair, before: full(pair.before), after: full(pair.after) };
}
function counts(change) {
  if (change.op === "touched" || change.layer !== "workspace" || change.flags.includes("ignored") || change.flags.includes("git-dir"))
    return false;
  return [..."before" in change ? [change.before] : [], ..."after" in change ? [change.after] : []].some(
    ({ type }) => type !== "directory"
  );
}
var TOGETHER;
var init_collect = __esm({
  "src/changes/collect.ts"() {
    "use strict";
    init_errors();
    init_archive();
    init_base();
    init_bytes();
    init_checkouts();
    init_compare();
    init_content();
    init_ignored();
    init_manifest();
    init_origin();
    init_patch();
    init_rename();
    init_readahead();
    init_repository();
    init_result2();
    init_secrets();
    init_sessions();
    init_view();
    init_walk();
    TOGETHER = 256;
  }
});

// src/changes/rehearse.ts
var rehearse_exports = {};
__export(rehearse_exports, {
  rehearse: () => rehearse
});
async function rehearse(scratch) {
  const place2 = (0, import_node_path6.join)(scratch, "rehearsal");
  const below2 = (name) => (0, import_node_path6.join)(place2, name);
  (0, import_node_fs19.mkdirSync)(below2("scratch"), { recursive: true, mode: 448 });
  const nowhere = (0, import_node_fs19.openSync)("/dev/null", "w");
  try {
    const { changed: changed2 } = await collectChanges({
      kind: "changes",
      id: "",
      layers: [makeChangedTree(below2("tree"), DIRECTORIES)],
      outputs: Object.fromEntries(EVIDENCE.map((file) => [file, nowhere])),
      result: below2("none"),
      secrets: [],
      mask: [],
      touched: false,
      agents: [],
      scratch: below2("scratch")
    });
    return { changed: changed2 };
  } finally {
    (0, import_node_fs19.closeSync)(nowhere);
    (0, import_node_fs19.rmSync)(place2, { recursive: true, force: true });
  }
}
var import_node_fs19, import_node_path6, DIRECTORIES;
var init_rehearse = __esm({
  "src/changes/rehearse.ts"() {
    "use strict";
    import_node_fs19 = require("node:fs");
    import_node_path6 = require("node:path");
    init_collector();
    init_changed_tree();
    init_collect();
    DIRECTORIES = 60;
  }
});

// src/collector.ts
init_collector();

// src/report/derive.ts
var import_node_fs4 = require("node:fs");
var import_node_path2 = require("node:path");
init_error();

// src/record/write.ts
var import_node_crypto = require("node:crypto");
var import_node_fs = require("node:fs");
init_errors();
init_record();
var RECORD_FILES = Object.keys(RECORD);
var SEALED_FILES = RECORD_FILES.filter((file) => RECORD[file].sealed);
var FILLED_FILES = RECORD_FILES.filter((file) => file !== "run.json" && file !== "manifest.json");
var CREATE = import_node_fs.constants.O_WRONLY | import_node_fs.constants.O_CREAT | import_node_fs.constants.O_EXCL | import_node_fs.constants.O_NOFOLLOW;
var json = (document) => Buffer.from(`${JSON.stringify(document, null, 2)}
`);
var sha256 = (bytes4) => (0, import_node_crypto.createHash)("sha256").update(bytes4).digest("hex");

// src/report/gather.ts
init_record();
init_display();
init_error();

// src/report/gather-changes.ts
init_display();

// src/report/markdown.ts
init_display();
var MARKUP = /[`|<>&]|^ | $/g;
function inlineCode(text4, limit = 200) {
  if (text4 === "") return "(empty)";
  const shown2 = displayText(text4, limit).replace(MARKUP, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
  return `\`${shown2}\``;
}
function inlineShown(text4, limit = 200) {
  return inlineCode(text4, limit).replaceAll("\\\\", "\\");
}
function table(head, rows) {
  if (rows.length === 0) return [];
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}
function bytes2(count2) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, count2 < 1 ? 0 : Math.floor(Math.log2(count2) / 10));
  const value = count2 / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
function time(ms) {
  if (ms < 1e3) return `${Math.round(ms)} ms`;
  if (ms < 6e4) return `${(ms / 1e3).toFixed(1)} s`;
  return `${Math.floor(ms / 6e4)} min ${Math.floor(ms % 6e4 / 1e3)} s`;
}

// src/report/tally.ts
var NAMED = 50;
var HOSTS = 1e3;
var KINDS = 5e3;
async function changeTally(record2) {
  const layers = /* @__PURE__ */ new Map();
  const first = [];
  let tracked = 0;
  for await (const change of record2.lines("changes.ndjson")) {
    const { layer: layer2, flags } = change;
    addTo(layers, change);
    if (layer2 !== "workspace" || flags.includes("ignored") || flags.includes("git-dir")) continue;
    tracked += 1;
    if (first.length < NAMED) first.push(change);
  }
  return { layers: [...layers.values()], first, tracked };
}
function addTo(layers, { layer: layer2, op, flags, more: more3 = 0 }) {
  const tally = layers.get(layer2) ?? { layer: layer2, added: 0, modified: 0, deleted: 0, renamed: 0, other: 0, ignored: 0 };
  layers.set(layer2, tally);
  tally[op === "retyped" || op === "metadata" || op === "touched" ? "other" : op] += 1;
  tally.deleted += more3;
  tally.ignored += more3 + (flags.includes("ignored") ? 1 : 0);
}
async function programTally(record2) {
  const times = /* @__PURE__ */ new Map();
  for await (const { program } of record2.lines("programs.ndjson"))
    if (program !== null && (times.has(program) || times.size < KINDS)) times.set(program, (times.get(program) ?? 0) + 1);
  return [...times].map(([program, count2]) => ({ program, times: count2 })).sort((a, b) => b.times - a.times);
}
async function networkTally(record2) {
  const hosts = /* @__PURE__ */ new Map();
  const total = { connections: 0, sent: 0, received: 0, denied: 0 };
  for await (const { kind, verdict, name, address, port: port2, bytesIn, bytesOut } of record2.lines("network.ndjson")) {
    const host = `${name ?? address ?? "unknown"}:${port2}`;
    if (!hosts.has(host) && hosts.size < HOSTS) hosts.set(host, { host, connections: 0, sent: 0, received: 0, denied: 0 });
    for (const tally of [total, hosts.get(host)]) {
      if (tally === void 0) continue;
      if (verdict === "denied") tally.denied += 1;
      else if (kind === "connection") {
        tally.connections += 1;
        tally.sent += bytesIn;
        tally.received += bytesOut;
      }
    }
  }
  const all = [...hosts.values()];
  const bytes4 = ({ sent, received }) => sent + received;
  return {
    reached: all.filter(({ connections }) => connections > 0).sort((a, b) => bytes4(b) - bytes4(a)),
    denied: all.filter(({ denied }) => denied > 0).sort((a, b) => b.denied - a.denied),
    total
  };
}

// src/report/gather-changes.ts
var LISTED = { flagged: 1e3, tracked: 2e3, other: 1e3 };
var QUIET = /* @__PURE__ */ new Set(["ignored", "git-dir", "binary", "odd-name"]);
var FOLDERS = 300;
var LONGEST_PATH = 2e3;
async function gatherChanges(record2) {
  const layers = /* @__PURE__ */ new Map();
  const left = { ...LISTED };
  const rows = [];
  const folders = /* @__PURE__ */ new Map();
  let total = 0;
  for await (const change of record2.lines("changes.ndjson")) {
    total += 1;
    addTo(layers, change);
    const kind = kindOf(change);
    if (left[kind] > 0) {
      left[kind] -= 1;
      rows.push(row(change));
      continue;
    }
    const path2 = folderOf(displayPath(change.path, LONGEST_PATH));
    const key2 = folders.size < FOLDERS ? `${change.layer}:${path2}` : change.layer;
    const folder = folders.get(key2) ?? { layer: change.layer, path: key2 === change.layer ? "\u2026" : path2, count: 0 };
    folder.count += 1;
    folders.set(key2, folder);
  }
  return { total, layers: [...layers.values()], rows, folders: [...folders.values()].sort((a, b) => b.count - a.count) };
}
function kindOf({ layer: layer2, flags }) {
  if (flags.some((flag) => !QUIET.has(flag))) return "flagged";
  return layer2 === "workspace" && !flags.includes("ignored") && !flags.includes("git-dir") ? "tracked" : "other";
}
var folderOf = (path2) => path2.split("/").slice(0, -1).slice(0, 2).join("/");
function row(change) {
  const { layer: layer2, op, flags } = change;
  return {
    layer: layer2,
    op,
    path: displayPath(change.path, LONGEST_PATH),
    ...op === "renamed" ? { from: displayPath(change.from, LONGEST_PATH) } : {},
    ...flags.length > 0 ? { flags } : {},
    what: describe("before" in change ? change.before : null, "after" in change ? change.after : null)
  };
}
function describe(before, after) {
  const only = before === null ? after : after === null ? before : null;
  if (only !== null)
    return properties(only).filter((value) => value !== "").join(", ");
  if (before === null || after === null) return "";
  const [old, now] = [properties(before), properties(after)];
  const changed2 = now.flatMap((value, index2) => value === old[index2] ? [] : `${old[index2] || "none"} to ${value || "none"}`);
  return changed2.length === 0 ? now[0] ?? "" : changed2.join(", ");
}
function properties({ type, mode, size: size2, uid, gid, link }) {
  const content = type === "file" ? bytes2(size2) : link === null ? "" : `link to ${displayPath(link)}`;
  return [type, content, `mode ${mode.toString(8).padStart(3, "0")}`, `owner ${uid}:${gid}`];
}

// src/report/gather-logs.ts
init_display();
var LISTED2 = 2e3;
var SAMPLES = 600;
async function gatherNetwork(record2) {
  const rows = [];
  const count2 = { denied: 0, allowed: 0 };
  for await (const line of record2.lines("network.ndjson")) {
    count2[line.verdict] += 1;
    if (count2[line.verdict] <= LISTED2 / 2) rows.push(networkRow(line));
  }
  return { rows, total: count2.denied + count2.allowed, denied: count2.denied };
}
function networkRow(line) {
  const { t, step: step3, kind, verdict, reason: reason3, bytesIn, bytesOut, ms, name, address, port: port2, type, method, path: path2, protocol, transport } = line;
  const what = kind === "dns" ? [type] : [protocol === "unknown" ? transport : protocol, method, path2];
  return {
    t,
    step: step3,
    kind,
    verdict,
    reason: displayText(reason3),
    bytesIn,
    bytesOut,
    ms,
    host: `${displayText(name ?? address ?? "unknown")}:${port2}`,
    what: what.flatMap((part2) => part2 === null ? [] : displayText(part2)).join(" ")
  };
}
async function gatherUsage(record2) {
  let samples = [];
  let each = 1;
  let seen2 = 0;
  for await (const line of record2.lines("usage.ndjson")) {
    const number3 = (name) => typeof line[name] === "number" ? line[name] : 0;
    const moved = number3("read") + number3("written");
    const sample = { t: line.t, memory: number3("memory"), cpu: number3("cpu"), pids: number3("pids"), disk: number3("disk"), moved };
    const last = samples.at(-1);
    if (seen2 % each === 0 || last === void 0) samples.push(sample);
    else samples[samples.length - 1] = most(last, sample);
    seen2 += 1;
    if (samples.length <= SAMPLES) continue;
    samples = samples.flatMap((one, at2) => at2 % 2 === 1 ? [] : most(one, samples[at2 + 1] ?? one));
    each *= 2;
    seen2 = 0;
  }
  return samples;
}
var most = (a, b) => ({
  t: b.t,
  memory: Math.max(a.memory, b.memory),
  cpu: b.cpu,
  pids: Math.max(a.pids, b.pids),
  disk: Math.max(a.disk, b.disk),
  moved: b.moved
});

// src/report/gather-patch.ts
init_patches();
var LARGEST2 = 96 << 10;
var IN_ALL = 768 << 10;
var FILES = 2e3;
function gatherPatch(record2) {
  const files4 = [];
  let left = 0;
  let room2 = IN_ALL;
  let path2 = "";
  let part2 = [];
  let kept = 0;
  let length = 0;
  const finish = () => {
    if (length === 0) return;
    if (kept === 0) left += 1;
    else {
      const all = Buffer.concat(part2);
      const text4 = kept === length ? all : all.subarray(0, all.lastIndexOf(10) + 1);
      files4.push({ path: path2, text: text4.toString("utf8").toWellFormed(), left: length - text4.length });
    }
    [part2, kept, length] = [[], 0, 0];
  };
  for (const { file, directory } of patchesOf(record2)) {
    for (const { line, starts } of lineParts(record2.pieces(file))) {
      const header3 = starts ? headerOf(line, directory) : null;
      if (header3 !== null) {
        finish();
        path2 = header3;
        if (files4.length === FILES) room2 = 0;
      }
      const fits = line.subarray(0, kept === length ? Math.min(room2, LARGEST2 - kept) : 0);
      if (fits.length > 0) part2.push(Buffer.from(fits));
      kept += fits.length;
      room2 -= fits.length;
      length += line.length;
    }
    finish();
  }
  return { files: files4, left };
}

// src/report/gather-programs.ts
init_display();
var SEEN = 2e4;
var LISTED3 = 2e3;
var DEEPEST = 20;
async function gatherPrograms(record2, { programs: fact }) {
  const why = fact === void 0 ? "this record has none" : fact.source === "none" ? fact.why : "";
  const tree = /* @__PURE__ */ new Map();
  let total = 0;
  let lines4 = 0;
  for await (const line of record2.lines("programs.ndjson")) {
    if (line.program !== null) total += 1;
    if (++lines4 <= SEEN) tree.set(line.process, [...tree.get(line.process) ?? [], line]);
  }
  const { omitted = 0, lost = 0 } = fact === void 0 || fact.source === "none" ? {} : fact;
  return { why: displayText(why), rows: rowsOf(tree), total: total + omitted, lost, guest: fact?.source === "guest" };
}
function rowsOf(tree) {
  const began = (lines4) => Math.min(...lines4.map(({ t }) => t));
  const children = /* @__PURE__ */ new Map();
  for (const lines4 of [...tree.values()].sort((a, b) => began(a) - began(b))) {
    const parent2 = lines4[0]?.parent ?? null;
    const known = parent2 !== null && tree.has(parent2) ? parent2 : null;
    children.set(known, [...children.get(known) ?? [], lines4]);
  }
  const rows = [];
  const waiting = (children.get(null) ?? []).map((lines4) => ({ lines: lines4, depth: 0 })).reverse();
  for (let next = waiting.pop(); next !== void 0 && rows.length < LISTED3; next = waiting.pop()) {
    const { lines: lines4, depth } = next;
    const own2 = lines4.filter(({ program }) => program !== null).sort((a, b) => a.t - b.t);
    rows.push(...own2.map((line) => row2(line, depth)));
    const below2 = (children.get(lines4[0]?.process ?? null) ?? []).map((child) => ({
      lines: child,
      depth: Math.min(DEEPEST, depth + (own2.length > 0 ? 1 : 0))
    }));
    waiting.push(...below2.reverse());
  }
  return rows.slice(0, LISTED3);
}
function row2({ t, step: step3, program, argv, cut, ms, how: how2, code: code2, signal }, depth) {
  const words = argv === null ? "" : `${argv.slice(1).join(" ")}${cut === true ? "\u2026" : ""}`;
  const ends = { exit: `exit code ${code2 ?? "not known"}`, signal: signal ?? "", exec: "became another", unseen: "killed with its step" };
  return {
    t,
    step: step3,
    depth,
    program: displayText(program ?? ""),
    args: displayText(words, 500),
    ms,
    end: displayText(ends[how2]),
    ok: how2 === "exec" || code2 === 0
  };
}

// src/report/gather-trajectory.ts
var HALF = 150;
var LONGEST = 8 << 10;
var IN_ALL2 = 384 << 10;
var CALLS = 20;
function gatherTrajectory(trajectory) {
  const { steps: steps2, agent, extra: extra2 } = trajectory;
  const shown2 = steps2.length <= 2 * HALF ? steps2 : [...steps2.slice(0, HALF), ...steps2.slice(-HALF)];
  let room2 = IN_ALL2;
  const clip = (text4) => {
    const kept = text4.slice(0, Math.min(LONGEST, room2));
    room2 -= kept.length;
    return kept.length === text4.length ? text4 : `${kept.toWellFormed()}\u2026 (${text4.length - kept.length} more characters)`;
  };
  return {
    agent: [agent.name, agent.version, agent.model_name ?? ""].filter((part2) => part2 !== "").join(" "),
    totals: totals(extra2?.["totals"]),
    turns: shown2.map((step3) => turn(step3, clip)),
    left: steps2.length - shown2.length,
    head: HALF
  };
}
function turn({ step_id: id2, source: source2, timestamp, message: message3, reasoning_content: thought, ...rest }, clip) {
  const { tool_calls: calls2 = [], observation, metrics: metrics2 } = rest;
  const results = observation?.results ?? [];
  const tokens = metrics2 === void 0 ? "" : `${metrics2.prompt_tokens} tokens in, ${metrics2.completion_tokens} out`;
  return {
    id: id2,
    source: source2,
    about: [timestamp ?? "", tokens].filter((part2) => part2 !== "").join(", "),
    text: clip(message3),
    thought: clip(thought ?? ""),
    calls: calls2.slice(0, CALLS).map((call2) => {
      const own2 = results.find(({ source_call_id: of }) => of === call2.tool_call_id);
      return {
        name: call2.function_name,
        args: clip(argumentsOf(call2.arguments)),
        result: own2 === void 0 ? null : clip(own2.content),
        failed: own2?.extra?.["failed"] === true
      };
    }),
    callsLeft: Math.max(0, calls2.length - CALLS),
    others: results.filter(({ source_call_id: of }) => of === void 0).slice(0, CALLS).map(({ content }) => clip(content))
  };
}
function argumentsOf(args2) {
  return Object.entries(args2).map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`).join("\n");
}
function totals(given) {
  const names2 = {
    turns: "turns",
    toolCalls: "tool calls",
    inputTokens: "tokens in",
    outputTokens: "tokens out",
    costUsd: "US dollars",
    model: "model"
  };
  const all = given ?? {};
  return Object.entries(names2).flatMap(([key2, name]) => {
    const told = all[key2];
    if (told === null || told === void 0) return [];
    const value = typeof told.value === "number" ? told.value.toLocaleString("en", { maximumFractionDigits: 6 }) : String(told.value).slice(0, 200);
    return [[name, value, told.source === "gateway" ? "seen by the gateway" : "claimed by the agent"]];
  });
}

// src/report/gather.ts
var STEPS = 300;
var FINDINGS = 200;
var NOTICES = 100;
async function gather(conclusion, cast, base) {
  const { run, outcome, because, findings, record: record2 } = conclusion;
  const problems = [];
  const attempt2 = async (work, none) => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      problems.push(error.message);
      return none;
    }
  };
  return {
    id: run.id,
    started: run.started,
    outcome,
    because: displayText(because, 1e3),
    remedy: run.end.how === "error" ? displayText(run.end.remedy) : "",
    findings: findings.slice(0, FINDINGS).map((finding3) => ({ ...finding3, message: displayText(finding3.message, 1e3) })),
    steps: run.steps.slice(0, STEPS).map(step2),
    phases: Object.entries(run.phases).map(([name, t]) => ({ name, t })),
    limits: run.limits,
    notices: run.notices.slice(0, NOTICES).map((notice) => displayText(notice, 1e3)),
    about: about(conclusion),
    changes: await attempt2(() => gatherChanges(record2), { total: 0, layers: [], rows: [], folders: [] }),
    patch: await attempt2(() => gatherPatch(record2), { files: [], left: 0 }),
    trajectory: conclusion.trajectory === null ? null : gatherTrajectory(conclusion.trajectory),
    network: await attempt2(() => gatherNetwork(record2), { rows: [], total: 0, denied: 0 }),
    programs: await attempt2(() => gatherPrograms(record2, run), {
      why: "programs.ndjson could not be read",
      rows: [],
      total: 0,
      lost: 0,
      guest: false
    }),
    usage: await attempt2(() => gatherUsage(record2), []),
    cast: await attempt2(cast, ""),
    printed: await attempt2(() => record2.size("transcript.log") ?? 0, 0),
    result: await attempt2(() => text2(record2, "result.txt"), ""),
    files: await attempt2(() => files(record2), []),
    base,
    problems
  };
}
function step2({ name, setup, argv, tty = null, started, exit: exit2 }) {
  return {
    name: displayText(name),
    setup,
    terminal: tty === null ? "" : `${tty.rows} rows, ${tty.columns} columns`,
    command: displayText(argv.join(" "), 2e3),
    started,
    ms: exit2?.ms ?? null,
    end: started === null ? "not started" : exit2 === null ? "did not end" : exit2.signal ?? `exit code ${exit2.code}`,
    ok: exit2?.code === 0,
    hit: exit2?.hit ?? [],
    bytes: exit2?.bytes ?? 0
  };
}
function about({ run, manifest }) {
  const { source: source2, base, backend, host, root: root2, redacted } = run;
  const secrets = Object.entries(redacted).filter(([, count2]) => count2 > 0);
  const rows = [
    ["run", run.id],
    ["started", run.started],
    ["backend", `${backend.name} ${backend.version}: ${backend.why}`],
    ["root", `${root2.kind}${root2.sha256 === null ? "" : ` ${root2.sha256}`}`],
    ["workspace", run.workspace],
    ["commit", base === null ? "none" : `${base.commit}${base.dirty ? ", with changes on top" : ""}`],
    ["policy from", "file" in source2 ? `${source2.kind}, ${source2.file}` : source2.kind],
    ["policy, SHA-256", run.policy.digest],
    ["manifest, SHA-256", manifest ?? "not sealed"],
    ["patch and archive", run.exact ? "exact" : "not exact: something that holds a secret was withheld"],
    ["redacted", secrets.length === 0 ? "nothing" : secrets.map(([name, count2]) => `${name}: ${count2} times`).join(", ")],
    ["machine", `${host.cpus} processors, kernel ${host.kernel}, ${host.arch}, cgroups ${host.cgroups}`],
    ["made by", `${run.tool.name} ${run.tool.version}, Node ${run.tool.node}`],
    ["proof of the jail", proof(run)]
  ];
  return rows.map(([name, value]) => [name, displayText(value, 1e3)]);
}
var proof = ({ proof: seen2 }) => seen2 === null ? "none: it never got that far" : seen2.map(({ property, seen: value }) => `${property}: ${value.replaceAll("	", " ")}`).join("; ");
function text2(record2, file) {
  return Buffer.concat([...record2.pieces(file)].map((piece) => Buffer.from(piece))).toString("utf8").slice(0, 64 << 10).toWellFormed();
}
function files(record2) {
  const names2 = Object.keys(RECORD).filter((name) => name !== "report.html");
  return names2.flatMap((name) => {
    if (!RECORD[name].sealed && name !== "manifest.json") return { name, size: null };
    const size2 = record2.size(name) ?? 0;
    return size2 === 0 ? [] : { name, size: size2 };
  });
}

// src/report/html.ts
var DATA = "@DATA@";
function fill(page, data) {
  const json2 = JSON.stringify(data).replaceAll("<", "\\u003c");
  const at2 = page.indexOf(DATA);
  if (at2 === -1) throw new Error("the page of the report has no place for its data");
  return Buffer.concat([page.subarray(0, at2), Buffer.from(json2), page.subarray(at2 + DATA.length)]);
}

// src/report/sarif.ts
var LEVEL = { fail: "error", review: "warning" };
function sarif({ run, findings }) {
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: run.tool.name,
            semanticVersion: run.tool.version,
            rules: rules.map((id2) => ({ id: id2, shortDescription: { text: `the guard ${id2} of agent-jail` } }))
          }
        },
        automationDetails: { id: `agent-jail/${run.id}` },
        originalUriBaseIds: { SRCROOT: { description: { text: "the workspace" } } },
        columnKind: "utf16CodeUnits",
        results: findings.flatMap((finding3) => resultsOf(finding3, rules.indexOf(finding3.rule), run.workspace))
      }
    ]
  };
}
function resultsOf(finding3, ruleIndex, workspace) {
  const { rule, action, message: message3, what, more: more3, at: at2 = [] } = finding3;
  const one = (text4, locations, id2) => ({
    ruleId: rule,
    ruleIndex,
    level: LEVEL[action],
    message: { text: text4 },
    locations,
    // Who uploads results of two runs sees the same finding once.
    partialFingerprints: { "agentJailFinding/v1": `${rule}:${id2}` }
  });
  if (at2.length > 0) return at2.map(({ path: path2, line }) => one(`${message3} (${rule})`, [location2(path2, line)], path2));
  const named2 = what.length === 0 ? "" : `: ${what.join(", ")}${more3 > 0 ? `, and ${more3} more` : ""}`;
  const place2 = placeInWorkspace(finding3, workspace);
  return [one(`${message3}${named2} (${rule})`, place2 === null ? [] : [location2(place2.file, place2.line)], "")];
}
function placeInWorkspace({ place: place2 }, workspace) {
  if (place2 === null || place2.file === "") return null;
  const whole2 = place2.file.replace(/^([A-Za-z]):(?=\/)/, (_, drive) => `/${drive.toLowerCase()}`);
  const file = whole2.startsWith(`${workspace}/`) ? whole2.slice(workspace.length + 1) : whole2;
  const parts2 = file.split("/");
  return file.startsWith("/") || file.startsWith("input ") || parts2.includes("..") ? null : { file, line: place2.line };
}
function location2(path2, line) {
  const uri2 = path2.split("/").map(encodeURIComponent).join("/");
  return {
    physicalLocation: {
      artifactLocation: { uri: uri2, uriBaseId: "SRCROOT" },
      ...line === null ? {} : { region: { startLine: line } }
    }
  };
}

// src/report/summary.ts
init_display();
init_error();

// src/report/sections.ts
var AROUND = 200;
function fit(all, most2, elsewhere) {
  const sections = all.filter(({ lines: lines4 }) => lines4.length > 0);
  const fixed = sections.filter(({ elastic }) => !elastic).reduce((sum, { title, lines: lines4 }) => sum + size([title, "", ...lines4, ""]), 0);
  const sizes = sections.filter(({ elastic }) => elastic).map(({ lines: lines4 }) => size(lines4));
  const share = evenly(sizes, most2 - fixed - sizes.length * AROUND);
  const text4 = sections.map(({ title, lines: lines4, elastic }) => {
    const kept = elastic ? within(lines4, share) : lines4;
    const left = lines4.length - kept.length;
    const note = left > 0 ? ["", `${left} more ${left === 1 ? "line is" : "lines are"} left out here; ${elsewhere}.`] : [];
    return [title, "", ...kept, ...note].join("\n").trimEnd();
  });
  return `${text4.join("\n\n")}
`;
}
function evenly(sizes, room2) {
  let left = room2;
  const sorted = sizes.toSorted((a, b) => a - b);
  for (const [index2, own2] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - index2));
    if (own2 > share) return share;
    left -= own2;
  }
  return Infinity;
}
function within(lines4, room2) {
  let left = room2;
  const end = lines4.findIndex((line) => (left -= size([line])) < 0);
  return end === -1 ? lines4 : lines4.slice(0, end);
}
var size = (lines4) => lines4.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
function more(count2, noun) {
  return count2 > 0 ? [`and ${count2} more ${noun}${count2 === 1 ? "" : "s"}.`, ""] : [];
}

// src/report/summary.ts
var LARGEST3 = 64 << 10;
var STEPS2 = 50;
var FINDINGS2 = 40;
var HOSTS2 = 20;
var PROGRAMS = 15;
var NOTICES2 = 20;
async function summary(conclusion) {
  const { run, outcome, because, findings } = conclusion;
  const sections = [
    {
      title: `## agent-jail: ${outcome}${[run.policy.agent, run.policy.setup].some(({ network: network3 }) => network3.mode === "observe") ? ", weak" : ""}`,
      lines: [inlineCode(because, 400), ""],
      elastic: false
    },
    { title: "### Steps", lines: steps(run.steps), elastic: true },
    { title: "### Guards", lines: findings.slice(0, FINDINGS2).flatMap(findingLines), elastic: true },
    { title: "### Changes", lines: await readable(async () => changes(await changeTally(conclusion.record))), elastic: true },
    { title: "### Network", lines: await readable(() => network2(conclusion)), elastic: true },
    { title: "### Programs", lines: await readable(() => programs(conclusion)), elastic: true },
    { title: "### Notices", lines: run.notices.slice(0, NOTICES2).map((notice) => `- ${inlineCode(notice, 300)}`), elastic: true },
    { title: "### Limits", lines: limits(run), elastic: false },
    { title: "### Record", lines: about2(conclusion), elastic: false }
  ];
  return fit(sections, LARGEST3, "the record has all");
}
function steps(all) {
  const rows = all.slice(0, STEPS2).map(({ name, setup, started, exit: exit2 }, index2) => [
    String(index2 + 1),
    `${inlineCode(name, 80)}${setup ? " (setup)" : ""}`,
    started === null ? "not started" : exit2 === null ? "did not end" : exit2.signal === null ? `exit code ${exit2.code}` : inlineCode(exit2.signal),
    exit2 === null || exit2.hit.length === 0 ? "" : exit2.hit.join(", "),
    exit2 === null ? "" : time(exit2.ms),
    exit2 === null ? "" : bytes2(exit2.bytes)
  ]);
  return [...table(["", "step", "end", "limits reached", "time", "output"], rows), ...more(all.length - STEPS2, "step")];
}
function findingLines({ rule, place: place2, action, message: message3, what, more: left }) {
  const where = place2 === null || place2.file === "" ? "" : ` (${inlineCode(`${place2.file}:${place2.line}`)})`;
  return [
    `- **${action}** ${inlineCode(rule)}${where}: ${inlineCode(message3, 300)}`,
    ...what.map((item2) => `  - ${inlineShown(item2)}`),
    ...left > 0 ? [`  - and ${left} more`] : []
  ];
}
function changes({ layers, first, tracked }) {
  const rows = layers.map(({ layer: layer2, added, modified, deleted, renamed, other: other2, ignored }) => [
    layer2,
    ...[added, modified, deleted, renamed, other2, ignored].map(String)
  ]);
  const paths = first.map((change) => [
    change.op,
    change.op === "renamed" ? `${inlineShown(displayPath(change.from))} to ${inlineShown(displayPath(change.path))}` : inlineShown(displayPath(change.path)),
    change.flags.join(", ")
  ]);
  if (rows.length === 0) return ["Nothing was changed, as far as the record goes.", ""];
  return [
    ...table(["", "added", "modified", "deleted", "renamed", "other", "of these ignored"], rows),
    ...table(["change", "path in the workspace", "flags"], paths),
    ...more(tracked - first.length, "path")
  ];
}
async function network2({ record: record2 }) {
  const { reached, denied, total } = await networkTally(record2);
  const to = reached.slice(0, HOSTS2).map((of) => [inlineCode(of.host), String(of.connections), bytes2(of.sent), bytes2(of.received)]);
  const refused = denied.slice(0, HOSTS2).map((of) => [inlineCode(of.host), String(of.denied)]);
  const sum = ["**all**", String(total.connections), bytes2(total.sent), bytes2(total.received)];
  return [
    ...table(["reached", "connections", "sent", "received"], to.length > 1 ? [...to, sum] : to),
    ...more(reached.length - HOSTS2, "host"),
    ...table(["denied", "times"], refused),
    ...more(denied.length - HOSTS2, "host"),
    ...total.denied > 0 ? [`${total.denied} denied in all.`, ""] : []
  ];
}
async function programs({ record: record2, run: { programs: fact } }) {
  if (fact === void 0) return [];
  if (fact.source === "none") return [`Not known: ${inlineCode(fact.why, 300)}`, ""];
  const most2 = await programTally(record2);
  const rows = most2.slice(0, PROGRAMS).map(({ program, times }) => [inlineCode(program), String(times)]);
  const noun = (count2, of) => `${count2} ${of}${count2 === 1 ? "" : of.endsWith("s") ? "es" : "s"}`;
  return [
    `${noun(fact.programs, "program")} in ${noun(fact.processes, "process")}${fact.source === "guest" ? ", as the kernel of the virtual machine told it" : ""}.`,
    "",
    ...table(["program", "times"], rows),
    ...more(most2.length - PROGRAMS, "program"),
    ...fact.lost > 0 ? [`${noun(fact.lost, "event")} lost: a program may be missing.`, ""] : []
  ];
}
function limits(run) {
  const show = (name, value) => {
    if (value === null) return "";
    if (name === "time" || name === "idle") return time(value);
    return ["memory", "disk", "output", "upload", "download"].includes(name) ? bytes2(value) : String(value);
  };
  const rows = run.limits.map(({ name, limit, peak, hit }) => [name, show(name, limit), show(name, peak), hit ? "yes" : ""]);
  return table(["limit", "set to", "peak", "reached"], rows);
}
function about2({ run, manifest, record: record2 }) {
  const { source: source2 } = run;
  const origin = "file" in source2 ? `${source2.kind}, ${inlineCode(source2.file)}` : source2.kind;
  const rows = [
    ["run", inlineCode(run.id)],
    ["directory", inlineCode(record2.dir, 400)],
    ["manifest, SHA-256", manifest === null ? "not sealed" : inlineCode(manifest)],
    ["policy, SHA-256", inlineCode(run.policy.digest)],
    ["policy from", origin],
    ["backend", `${run.backend.name} ${inlineCode(run.backend.version)}, ${inlineCode(run.backend.why)}`],
    ["exact", run.exact ? "yes" : "no: something that holds a secret was withheld"]
  ];
  return table(["", ""], rows);
}
async function readable(make) {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [inlineCode(error.message, 300), ""];
  }
}

// src/report/derive.ts
var WHOLE = { half: 4 << 20, gap: 0 };
var SHORT = { half: 192 << 10, gap: 100 };
var PAGE = (0, import_node_path2.join)(__dirname, "report-page.html");
async function derive(conclusion, { makeCast: makeCast2, page = PAGE, version = 2, base = "" }) {
  const { record: record2, run } = conclusion;
  const cast = async (kind, size2) => makeCast2(transcript(record2, run), { version: kind, ...size2 });
  const whole2 = await cast(version, WHOLE).catch(nothing);
  const isShort = version === 2 && whole2 !== "" && whole2.length <= SHORT.half;
  const data = await gather(conclusion, async () => isShort ? whole2 : cast(2, SHORT), base);
  return {
    "trajectory.json": conclusion.trajectory === null ? "" : json(conclusion.trajectory),
    "transcript.cast": whole2,
    "report.html": fill((0, import_node_fs4.readFileSync)(page), data),
    "findings.sarif": json(sarif(conclusion)),
    "summary.md": await summary(conclusion)
  };
}
function nothing(error) {
  if (error instanceof RecordError) return "";
  throw error;
}
var transcript = (record2, { started, steps: steps2 }) => ({
  index: record2.lines("transcript.ndjson"),
  log: record2.pieces("transcript.log"),
  size: record2.size("transcript.log") ?? 0,
  started,
  terminals: steps2.map(({ tty }) => tty ?? null)
});

// src/run/collector.ts
var import_node_fs20 = require("node:fs");
init_lines();
init_ndjson2();

// src/guard/decide.ts
init_display();
function decideRun(run, findings) {
  return decideWith(run.end, run.steps, findings);
}
function decideWith(end, steps2, findings) {
  switch (end.how) {
    case "error":
      return decision("jail-error", end.message);
    case "cancelled":
      return decision("cancelled", `cancelled by ${end.by}`);
    case "limit":
      return overLimit(end.limit, stepName(steps2, end.step));
    case "steps-done":
      return end.failed === null ? guarded(findings) : failed(steps2, end.failed);
  }
}
function overLimit(limit, step3) {
  if (limit === "time") return decision("timed-out", `${step3} ran out of limits.time`);
  if (limit === "idle") return decision("timed-out", `${step3} printed nothing for longer than limits.idle`);
  return decision("limit-exceeded", `${step3} went over limits.${limit}`);
}
function failed(steps2, index2) {
  const name = stepName(steps2, index2);
  const exit2 = steps2[index2]?.exit ?? null;
  const [hit] = exit2?.hit ?? [];
  if (hit !== void 0) return decision("limit-exceeded", `${name} failed after it had reached limits.${hit}`);
  if (exit2 === null) return decision("step-failed", `${name} failed`);
  if (exit2.signal !== null) return decision("step-failed", `${name} was ended by ${exit2.signal}`);
  return decision("step-failed", `${name} ended with exit code ${exit2.code}`);
}
function guarded(findings) {
  const broken = findings.filter(({ action }) => action === "fail");
  const first = broken[0] ?? findings[0];
  if (first === void 0) return decision("succeeded", "every step ended with 0 and no guard found anything");
  const others = (broken.length > 0 ? broken : findings).length - 1;
  const more3 = others === 0 ? "" : `, and ${others} more`;
  return decision(broken.length > 0 ? "guard-failed" : "needs-review", `${first.rule}: ${first.message}${more3}`);
}
function stepName(steps2, index2) {
  const step3 = steps2[index2];
  return step3 === void 0 ? `step ${index2 + 1}` : `step ${index2 + 1} (${displayText(step3.name, 80)})`;
}
function decision(outcome, because) {
  const text4 = because.trim().replace(/\s+/g, " ").replace(/\.$/, "");
  return { outcome, because: displayText(text4) };
}

// src/guard/evaluate.ts
init_error();

// src/guard/added-lines.ts
init_record();
init_error();
init_bag();

// src/guard/changes.ts
init_display();
init_bag();
init_globs();
function changeChecks(rules) {
  const paths = new PathCheck(rules);
  const others = rules.map((rule) => {
    const { test } = rule;
    switch (test.kind) {
      case "forbid":
        return new FlagCheck(rule, test.flags);
      case "require":
        return new RequireCheck(rule, test.globs);
      case "max-files":
        return new TotalCheck(rule, test.max, "file", (change) => isOnlyDirectory(change) ? 0 : 1);
      case "max-bytes":
        return new TotalCheck(rule, test.max, "byte", newBytes);
      case "root":
        return test.allowed ? null : new RootCheck(rule);
      case "allow":
      case "review":
      case "deny":
      case "max-added-lines":
        return null;
    }
  });
  return [paths, ...others.filter((check2) => check2 !== null)];
}
function isTracked({ layer: layer2, flags }) {
  return layer2 === "workspace" && !flags.includes("ignored") && !flags.includes("git-dir");
}
var PathCheck = class {
  #deny;
  #review;
  #allow;
  constructor(rules) {
    this.#deny = lists(rules, "deny");
    this.#review = lists(rules, "review");
    this.#allow = lists(rules, "allow");
  }
  see(change) {
    if (change.layer !== "workspace") return;
    for (const path2 of touched(change)) {
      const may = ({ globs }) => globs.perhaps(path2);
      const hit = this.#deny.find(may) ?? this.#review.find(may) ?? this.#notAllowed(change, path2);
      hit?.bag.add(displayPath(path2.bytes), path2.directory ? null : path2.bytes);
    }
  }
  findings() {
    return [
      ...report(this.#deny, (paths) => `${paths} denied`),
      ...report(this.#review, (paths) => `${paths} to be reviewed`),
      ...report(this.#allow, (paths) => `${paths} not allowed`)
    ];
  }
  /** git tracks no directories, and what it ignores or owns does not leave the jail by the patch: those need no leave. */
  #notAllowed(change, path2) {
    const needed = isTracked(change) && !path2.directory;
    return needed && !this.#allow.some(({ globs }) => globs.surely(path2)) ? this.#allow[0] : void 0;
  }
};
function lists(rules, kind) {
  return rules.flatMap((rule) => rule.test.kind === kind ? [{ rule, globs: new Globs(rule.test.globs), bag: new Bag() }] : []);
}
function report(lists2, say) {
  return lists2.filter(({ bag }) => bag.count > 0).map(({ rule, bag }) => bag.finding(rule, say(counted(bag.count, "changed path"))));
}
var EVERYWHERE = /* @__PURE__ */ new Set(["secret", "setuid", "noise"]);
var WORKSPACE = /* @__PURE__ */ new Set(["special", "ignored", "git-dir", "base-changed"]);
var FlagCheck = class {
  #rule;
  #flags;
  #bag = new Bag();
  constructor(rule, flags) {
    this.#rule = rule;
    this.#flags = flags;
  }
  see(change) {
    const { layer: layer2, flags } = change;
    const ignored = flags.includes("ignored");
    const counts2 = (flag) => EVERYWHERE.has(flag) || layer2 === "workspace" && (WORKSPACE.has(flag) || !ignored);
    const found = flags.filter((flag) => this.#flags.includes(flag) && counts2(flag));
    if (found.length === 0) return;
    const place2 = layer2 === "workspace" ? "" : `${layer2}: `;
    this.#bag.add(
      `${place2}${displayPath(change.path)} (${found.map((flag) => described(flag, change)).join(", ")})`,
      layer2 === "workspace" ? change.path : null
    );
  }
  findings() {
    const { count: count2 } = this.#bag;
    return count2 === 0 ? [] : [this.#bag.finding(this.#rule, `${counted(count2, "changed path")} with a forbidden flag`)];
  }
};
function described(flag, { why, token }) {
  if (flag === "runs-later" && why !== void 0) return `${flag}: ${why}`;
  return flag === "secret" && token !== void 0 ? `${flag}: looks like a ${token}` : flag;
}
var RequireCheck = class {
  #rule;
  #open;
  constructor(rule, globs) {
    this.#rule = rule;
    const isNegative = (glob) => glob.startsWith("!");
    this.#open = new Map(
      globs.flatMap((glob, index2) => isNegative(glob) ? [] : [[glob, new Globs([glob, ...globs.slice(index2 + 1).filter(isNegative)])]])
    );
  }
  see(change) {
    if (this.#open.size === 0 || change.layer !== "workspace") return;
    const paths = touched(change).filter((path2) => !path2.directory);
    for (const [glob, globs] of this.#open) {
      if (paths.some((path2) => globs.surely(path2))) this.#open.delete(glob);
    }
  }
  findings() {
    if (this.#open.size === 0) return [];
    const bag = new Bag();
    for (const glob of this.#open.keys()) bag.add(glob);
    return [bag.finding(this.#rule, "no change where one is required")];
  }
};
var TotalCheck = class {
  #rule;
  #max;
  #noun;
  #measure;
  #total = 0;
  constructor(rule, max, noun, measure) {
    this.#rule = rule;
    this.#max = max;
    this.#noun = noun;
    this.#measure = measure;
  }
  see(change) {
    if (isTracked(change)) this.#total += this.#measure(change);
  }
  findings() {
    const total = counted(this.#total, this.#noun);
    return this.#total > this.#max ? [finding2(this.#rule, `${total} changed, the most allowed is ${this.#max}`)] : [];
  }
};
var RootCheck = class {
  #rule;
  #bag = new Bag();
  constructor(rule) {
    this.#rule = rule;
  }
  see(change) {
    if (change.layer === "root") this.#bag.add(`/${displayPath(change.path)}`);
  }
  findings() {
    const { count: count2 } = this.#bag;
    return count2 === 0 ? [] : [this.#bag.finding(this.#rule, `${counted(count2, "path")} changed outside the workspace and the home`)];
  }
};
function isOnlyDirectory(change) {
  return touched(change).every((path2) => path2.directory);
}
function newBytes(change) {
  const written2 = change.op === "added" || change.op === "modified" || change.op === "retyped";
  return written2 && change.after.type === "file" ? change.after.size : 0;
}

// src/guard/added-lines.ts
var AddedLinesCheck = class {
  #rule;
  #max;
  #record;
  #expected = 0;
  constructor(rule, max, record2) {
    this.#rule = rule;
    this.#max = max;
    this.#record = record2;
  }
  see(change) {
    if (!isTracked(change) || change.op === "deleted" || change.op === "metadata") return;
    if (change.after.type === "file" || change.after.type === "symlink") this.#expected += 1;
  }
  findings() {
    let added = 0;
    let missing = this.#expected;
    for (const file of ["changes.patch", ...OTHER_PATCHES]) {
      const patch = new PatchCounter(file);
      for (const piece of this.#record.pieces(file)) patch.push(piece);
      const counts2 = patch.end();
      added += counts2.added;
      missing -= counts2.contents;
    }
    const findings = [];
    if (added > this.#max) findings.push(finding2(this.#rule, `${counted(added, "line")} added, the most allowed is ${this.#max}`));
    if (missing > 0) findings.push(unchecked(this.#rule, `${counted(missing, "changed file")} too large or not fit for a patch`));
    return findings;
  }
};
var HEAD = 200;
var HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
var PatchCounter = class {
  #file;
  #line = [];
  #length = 0;
  #old = 0;
  #new = 0;
  #added = 0;
  #contents = 0;
  #deletes = false;
  constructor(file) {
    this.#file = file;
  }
  push(piece) {
    for (let from = 0; from < piece.length; ) {
      const at2 = piece.indexOf(10, from);
      const to = at2 === -1 ? piece.length : at2;
      if (this.#length < HEAD) {
        const part2 = Buffer.from(piece.subarray(from, Math.min(to, from + HEAD - this.#length)));
        this.#line.push(part2);
        this.#length += part2.length;
      }
      if (at2 !== -1) this.#endLine();
      from = to + 1;
    }
  }
  /** Lines added, and files of which the patch has new content. */
  end() {
    if (this.#length > 0) this.#endLine();
    if (this.#old > 0 || this.#new > 0) throw new RecordError(this.#file, null, "ends in the middle of a hunk");
    return { added: this.#added, contents: this.#contents };
  }
  #endLine() {
    const text4 = Buffer.concat(this.#line).toString("latin1");
    this.#line = [];
    this.#length = 0;
    if (this.#old > 0 || this.#new > 0) this.#inHunk(text4);
    else this.#header(text4);
  }
  #inHunk(text4) {
    if (text4.startsWith("\\")) return;
    if (text4.startsWith("+")) {
      this.#new -= 1;
      this.#added += 1;
    } else if (text4.startsWith("-")) {
      this.#old -= 1;
    } else {
      this.#old -= 1;
      this.#new -= 1;
    }
    if (this.#old < 0 || this.#new < 0) throw new RecordError(this.#file, null, "a hunk with more lines than it says");
  }
  #header(text4) {
    const hunk = HUNK.exec(text4);
    if (hunk !== null) {
      this.#old = Number(hunk[1] ?? 1);
      this.#new = Number(hunk[2] ?? 1);
    } else if (text4.startsWith("diff --git ")) {
      this.#deletes = false;
    } else if (text4.startsWith("deleted file mode ")) {
      this.#deletes = true;
    } else if (text4.startsWith("index ") && !this.#deletes) {
      this.#contents += 1;
    }
  }
};

// src/guard/evaluate.ts
init_bag();

// src/guard/built-in.ts
init_display();
init_bag();
init_globs();
var BUILT_IN = { name: "built-in.policy-or-workflow", action: "review", place: null };
var WORKFLOWS = [".github/workflows", ".github/actions"];
var BuiltInCheck = class {
  #protected;
  #bag = new Bag();
  constructor(sources2, workspace) {
    const own2 = sources2.map((source2) => policyFile(source2, workspace)).filter((file) => file !== null);
    this.#protected = [...WORKFLOWS, ...own2].map(fold);
  }
  see(change) {
    if (change.layer !== "workspace") return;
    for (const path2 of touched(change)) {
      const text4 = fold(path2.text.replace(/\/$/, ""));
      const gone2 = !path2.directory || change.op === "deleted";
      const hit = this.#protected.some((file) => isWithin(text4, file) || gone2 && isWithin(file, text4));
      if (hit) this.#bag.add(displayPath(path2.bytes), path2.directory ? null : path2.bytes);
    }
  }
  findings() {
    const { count: count2 } = this.#bag;
    if (count2 === 0) return [];
    return [this.#bag.finding(BUILT_IN, `${counted(count2, "changed path")} of a workflow, an action or the policy`)];
  }
};
function policyFile(source2, workspace) {
  if (!("file" in source2)) return null;
  const file = source2.file.startsWith(`${workspace}/`) ? source2.file.slice(workspace.length + 1) : source2.file;
  const parts2 = file.split("/").filter((part2) => part2 !== "" && part2 !== ".");
  return file.startsWith("/") || parts2.includes("..") || parts2.length === 0 ? null : parts2.join("/");
}
var isWithin = (path2, directory) => path2 === directory || path2.startsWith(`${directory}/`);
var fold = (path2) => path2.toLowerCase();

// src/guard/evaluate.ts
init_claims();
async function evaluate(rules, record2, policies = [], trajectory = null) {
  const { value: run } = record2.document("run.json");
  if (run.end.how !== "steps-done" && run.steps.every((step3) => step3.started === null)) return [];
  const findings = [];
  findings.push(
    ...await changeFindings(
      rules.filter((rule) => rule.on === "changes"),
      run,
      record2,
      policies,
      trajectory
    )
  );
  if (trajectory !== null) findings.push(...await attempt(MISMATCH, () => claimedCommands(trajectory, run, record2)));
  for (const rule of rules) {
    if (rule.on === "changes") continue;
    findings.push(...await attempt(rule, async () => other(rule, record2)));
  }
  return await located(findings, record2);
}
async function located(findings, record2) {
  if (findings.every(({ at: at2 }) => at2 === void 0)) return findings;
  try {
    return (await Promise.resolve().then(() => (init_lines2(), lines_exports))).withLines(findings, record2);
  } catch (error) {
    if (error instanceof RecordError) return findings;
    throw error;
  }
}
async function claimedCommands(trajectory, run, record2) {
  const { unseenPrograms: unseenPrograms2 } = await Promise.resolve().then(() => (init_claimed_programs(), claimed_programs_exports));
  return await unseenPrograms2(trajectory, run.programs, record2);
}
async function other(rule, record2) {
  switch (rule.on) {
    case "network":
      return await (await Promise.resolve().then(() => (init_network(), network_exports))).networkFindings(rule, record2);
    case "output":
      return (await Promise.resolve().then(() => (init_output(), output_exports))).outputFindings(rule, record2);
    case "result":
      return (await Promise.resolve().then(() => (init_result(), result_exports))).resultFindings(rule, record2);
  }
}
async function changeFindings(rules, run, record2, policies, trajectory) {
  try {
    const checks = [
      ...changeChecks(rules),
      ...addedLines(rules, record2),
      new BuiltInCheck([run.source, ...policies], run.workspace),
      ...claims(trajectory, run)
    ];
    const changes2 = record2.lines("changes.ndjson");
    if (!changes2.complete) throw new RecordError(changes2.file, null, "is not whole");
    for await (const change of changes2) {
      if (change.op !== "touched") for (const check2 of checks) check2.see(change);
    }
    return checks.flatMap((check2) => check2.findings());
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [...rules, BUILT_IN].map((rule) => unchecked(rule, error.message));
  }
}
function claims(trajectory, { steps: steps2, workspace }) {
  const alone = steps2.filter(({ setup, started }) => !setup && started !== null).length === 1;
  return trajectory === null || !alone ? [] : [new ClaimCheck(trajectory, workspace)];
}
function addedLines(rules, record2) {
  return rules.flatMap((rule) => rule.test.kind === "max-added-lines" ? [new AddedLinesCheck(rule, rule.test.max, record2)] : []);
}
async function attempt(rule, work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [unchecked(rule, error.message)];
  }
}

// src/run/verdict.ts
init_error();

// src/record/read.ts
init_change_line();
init_error();
init_files();
init_ndjson();
init_schema();
init_schema_trajectory();
var SCHEMAS = {
  "run.json": runSchema,
  "manifest.json": manifestSchema,
  "verdict.json": verdictSchema,
  "trajectory.json": trajectorySchema
};
function openRecordDir(dir) {
  return {
    dir,
    names: listRecord(dir),
    document: (file) => readDocument(dir, file),
    lines: (file) => lines3(dir, file),
    size: (file) => fileSize(dir, file),
    pieces: (file) => readPieces(dir, file)
  };
}
function readDocument(dir, file) {
  const bytes4 = readSmall(dir, file);
  if (bytes4 === null) throw new RecordError(file, null, "is not in the record");
  if (bytes4.length === 0) throw new RecordError(file, null, "is empty");
  const value = parseObject(file, null, bytes4);
  if (file !== "trajectory.json") checkSchema(file, value, null);
  return { value: check(file, null, SCHEMAS[file], value), sha256: sha256(bytes4) };
}
function lines3(dir, file) {
  return new NdjsonFile(dir, file, DECODERS[file]);
}
var DECODERS = {
  "agent.ndjson": lineOf("agent.ndjson", agentSchema),
  "changes.ndjson": decodeChange,
  "network.ndjson": lineOf("network.ndjson", networkSchema),
  "programs.ndjson": lineOf("programs.ndjson", programsSchema),
  "transcript.ndjson": lineOf("transcript.ndjson", transcriptSchema),
  "usage.ndjson": lineOf("usage.ndjson", usageSchema)
};

// src/run/verdict.ts
init_ndjson2();

// src/transcript/text.ts
var import_node_string_decoder = require("node:string_decoder");

// src/transcript/escapes.ts
var ESC = 27;
var IN_A_LINE = [67, 68, 71, 75];
var MAX_SGR = 64;
var EscapeFilter = class {
  #keep;
  #mode = "text";
  #parameters = "";
  constructor(keep) {
    this.#keep = keep;
  }
  push(text4) {
    let out = "";
    let start = 0;
    for (let at2 = 0; at2 < text4.length; at2 += 1) {
      const code2 = text4.charCodeAt(at2);
      if (this.#mode === "text" && !isControl(code2)) continue;
      out += text4.slice(start, at2);
      start = at2 + 1;
      out += this.#step(code2);
    }
    return out + text4.slice(start);
  }
  /** What stands in the place of this character. */
  #step(code2) {
    if (code2 === 10 || code2 === 13) return this.#enter("text", code2);
    if (code2 === ESC) return this.#enter("escape");
    if (code2 === 24 || code2 === 26 || code2 === 156) return this.#enter("text");
    if (code2 === 155) return this.#enter("csi");
    if (code2 === 144 || code2 === 152 || code2 === 157 || code2 === 158 || code2 === 159) return this.#enter("string");
    switch (this.#mode) {
      case "text":
        return code2 === 9 ? "	" : code2 === 8 && this.#keep === "line" ? "\b" : "";
      case "string":
        return code2 === 7 ? this.#enter("text") : "";
      case "escape":
        return this.#escape(code2);
      case "intermediate":
        if (code2 >= 48) return this.#enter("text", code2 > 126 ? code2 : null);
        return "";
      case "csi":
        return this.#csi(code2);
    }
  }
  #escape(code2) {
    if (code2 === 91) return this.#enter("csi");
    if (code2 === 80 || code2 === 88 || code2 === 93 || code2 === 94 || code2 === 95) return this.#enter("string");
    if (code2 >= 32 && code2 < 48) return this.#enter("intermediate");
    if (code2 < 32) return "";
    return this.#enter("text", code2 > 126 ? code2 : null);
  }
  #csi(code2) {
    if (code2 < 32 || code2 === 127) return "";
    if (code2 < 64) {
      if (this.#parameters.length <= MAX_SGR) this.#parameters += String.fromCharCode(code2);
      return "";
    }
    const parameters = this.#parameters;
    if (code2 > 126) return this.#enter("text", code2);
    this.#enter("text");
    return this.#keeps(code2, parameters) ? `\x1B[${parameters}${String.fromCharCode(code2)}` : "";
  }
  #keeps(final, parameters) {
    switch (this.#keep) {
      case "nothing":
        return false;
      case "colours":
        return final === 109 && isColour(parameters);
      case "line":
        return IN_A_LINE.includes(final) && /^\d{0,5}$/.test(parameters);
    }
  }
  #enter(mode, shown2 = null) {
    this.#mode = mode;
    this.#parameters = "";
    return shown2 === null || isControl(shown2) && shown2 !== 10 && shown2 !== 13 ? "" : String.fromCharCode(shown2);
  }
};
function isControl(code2) {
  return code2 < 32 || code2 >= 127 && code2 < 160;
}
var LONG_COLOUR = /(^|;)[345]8;(?:5;\d{1,3}|2(?:;\d{1,3}){3})(?=;|$)/g;
function isColour(parameters) {
  if (parameters.length > MAX_SGR || !/^[\d;]*$/.test(parameters)) return false;
  const codes = parameters.replace(LONG_COLOUR, "$1").split(";").map(Number);
  return !codes.some((code2) => code2 === 8 || code2 === 38 || code2 === 48 || code2 === 58);
}

// src/transcript/lines.ts
var LONGEST3 = 4 << 10;
var MOVES = /[\n\r\b]|\x1b\[(\d*)([CDGK])/g;
var PLAIN3 = /^[^\r\b\x1b]*$/;
var Lines = class {
  /** UTF-16, little endian. */
  #cells = Buffer.alloc(2 * LONGEST3);
  #length = 0;
  #column = 0;
  /** Something was written over: blanks at the end are what erased it. */
  #moved = false;
  /** What cannot change any more. */
  push(text4) {
    if (this.#length === 0 && this.#column === 0 && PLAIN3.test(text4)) {
      const end = text4.lastIndexOf("\n") + 1;
      return text4.slice(0, end) + this.#put(text4.slice(end));
    }
    let out = "";
    let start = 0;
    for (const { index: index2, 0: found, 1: count2, 2: move } of text4.matchAll(MOVES)) {
      out += this.#put(text4.slice(start, index2));
      start = index2 + found.length;
      if (found === "\n") out += `${this.#take()}
`;
      else this.#move(move ?? found, count2 ?? "");
    }
    return out + this.#put(text4.slice(start));
  }
  /** The last line, if it had no end. */
  flush() {
    return this.#take();
  }
  #move(move, count2) {
    const by = Math.max(1, Number(count2));
    switch (move) {
      case "\r":
        this.#go(0);
        return;
      case "\b":
        this.#go(this.#column - 1);
        return;
      case "C":
        this.#go(this.#column + by);
        return;
      case "D":
        this.#go(this.#column - by);
        return;
      case "G":
        this.#go(by - 1);
        return;
      case "K":
        this.#erase(count2 === "" ? "0" : count2);
    }
  }
  #go(column) {
    this.#column = Math.min(Math.max(0, column), LONGEST3 - 2);
    this.#moved = true;
  }
  #erase(what) {
    this.#moved = true;
    if (what === "0") this.#length = Math.min(this.#length, this.#column);
    if (what === "1") this.#cells.fill(BLANK, 0, 2 * Math.min(this.#length, this.#column + 1));
    if (what === "2") this.#length = 0;
  }
  /** Writes at the cursor. Returns what there is no more room for. */
  #put(text4) {
    let out = "";
    for (let at2 = 0; at2 < text4.length; ) {
      if (this.#column > LONGEST3 - 2) out += this.#take();
      if (this.#column > this.#length) this.#cells.fill(BLANK, 2 * this.#length, 2 * this.#column);
      const part2 = whole(text4.slice(at2, at2 + LONGEST3 - this.#column), text4.length - at2);
      this.#cells.write(part2, 2 * this.#column, "utf16le");
      this.#column += part2.length;
      this.#length = Math.max(this.#length, this.#column);
      at2 += part2.length;
    }
    return out;
  }
  #take() {
    let end = this.#length;
    if (this.#moved) while (end > 0 && this.#cells.readUInt16LE(2 * (end - 1)) === BLANK.readUInt16LE()) end -= 1;
    this.#length = 0;
    this.#column = 0;
    this.#moved = false;
    return this.#cells.toString("utf16le", 0, 2 * end);
  }
};
var BLANK = Buffer.from(" ", "utf16le");
function whole(part2, left) {
  return part2.length < left && /[\ud800-\udbff]$/.test(part2) ? part2.slice(0, -1) : part2;
}

// src/transcript/sanitise.ts
var INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;
function forTerminal(text4, options = {}) {
  const sanitiser = new TerminalSanitiser(options);
  return sanitiser.push(text4) + sanitiser.flush();
}
var TerminalSanitiser = class {
  #filter;
  #coloured = false;
  #afterReturn = false;
  constructor(options = {}) {
    this.#filter = new EscapeFilter(options.colours === true ? "colours" : "nothing");
  }
  push(text4) {
    let clean2 = this.#filter.push(text4);
    if (clean2 === "") return "";
    const doubled = this.#afterReturn && clean2.startsWith("\n");
    this.#afterReturn = clean2.endsWith("\r");
    if (doubled) clean2 = clean2.slice(1);
    const [first = "", ...coloured] = clean2.replace(/\r\n?/g, "\n").split("\x1B");
    const last = coloured.at(-1);
    if (last !== void 0) this.#coloured = !/^\[0*m/.test(last);
    return [first, ...coloured].map(visible).join("\x1B");
  }
  /** Sets the terminal's colours back if there were any. */
  flush() {
    return this.#coloured ? "\x1B[0m" : "";
  }
};
function visible(text4) {
  return text4.toWellFormed().replace(INVISIBLE, "");
}

// src/transcript/walk.ts
async function walk({ index: index2, log, size: size2 }, half, to) {
  const cut = size2 > 2 * half ? { from: half, to: size2 - half } : null;
  const bytes4 = reader(log);
  let left = cut !== null;
  for await (const line of index2) {
    switch (line.kind) {
      case "begin":
        to.begin(line.t, line.step ?? 0, line.name);
        break;
      case "output": {
        const end = line.offset + line.length;
        const read = (from, until) => bytes4(from, Math.max(from, until), (part2) => to.output(line.t, part2));
        read(line.offset, cut === null ? end : Math.min(end, cut.from));
        if (cut === null || end <= cut.from) break;
        if (left) to.leftOut(line.t, cut.to - cut.from);
        left = false;
        read(Math.max(line.offset, cut.to), end);
        break;
      }
      case "end":
        to.end(line.t, line.step ?? 0, line);
        break;
      case "mark":
        to.mark(line.t, line.name);
        break;
      case "checkpoint":
        break;
    }
  }
}
function reader(log) {
  const pieces4 = log[Symbol.iterator]();
  let piece = Buffer.alloc(0);
  let at2 = 0;
  let done = 0;
  return (from, to, take) => {
    let position = Math.max(from, done);
    while (position < to) {
      while (at2 + piece.length <= position) {
        at2 += piece.length;
        const next = pieces4.next();
        if (next.done === true) return;
        piece = next.value;
      }
      const part2 = piece.subarray(position - at2, Math.min(piece.length, to - at2));
      take(part2);
      position += part2.length;
      done = position;
    }
  };
}

// src/transcript/text.ts
var OURS = "=== agent-jail:";
async function makeText(transcript2, half, redactor) {
  const text4 = new Text(redactor);
  let began = 0;
  await walk(transcript2, half, {
    begin(t, step3, name) {
      began = t;
      text4.say(`step ${step3 + 1}, ${name}`);
    },
    output: (_, bytes4) => text4.push(bytes4),
    leftOut: (_, bytes4) => text4.say(`${bytes4} bytes are left out here; transcript.log has them`),
    end: (t, step3, exit2) => text4.say(`step ${step3 + 1} ended with ${ending(exit2)}, after ${((t - began) / 1e3).toFixed(1)} s`),
    mark: (_, name) => text4.say(name)
  });
  return text4.end();
}
var ending = ({ code: code2, signal }) => signal ?? (code2 === null ? "no exit code" : `exit code ${code2}`);
var Text = class {
  #redactor;
  #pieces = [];
  #decoder = new import_node_string_decoder.StringDecoder("utf8");
  #filter = new EscapeFilter("line");
  #lines = new Lines();
  /** What was written last ended its line. */
  #fresh = true;
  constructor(redactor) {
    this.#redactor = redactor;
  }
  push(bytes4) {
    this.#write(neutral(this.#lines.push(this.#filter.push(this.#decoder.write(bytes4)))));
  }
  /** A line of our own; whatever was open ends before it. */
  say(message3) {
    this.#close();
    this.#write(`${OURS} ${forTerminal(message3).replaceAll("\n", " ")}
`);
  }
  end() {
    this.#close();
    if (this.#redactor !== null) this.#pieces.push(this.#redactor.flush());
    return Buffer.concat(this.#pieces);
  }
  #close() {
    this.#write(neutral(this.#lines.push(this.#filter.push(this.#decoder.end())) + this.#lines.flush()));
    if (!this.#fresh) this.#write("\n");
    this.#decoder = new import_node_string_decoder.StringDecoder("utf8");
    this.#filter = new EscapeFilter("line");
    this.#lines = new Lines();
  }
  #write(text4) {
    if (text4 === "") return;
    this.#fresh = text4.endsWith("\n");
    const bytes4 = Buffer.from(text4);
    const shown2 = this.#redactor === null ? bytes4 : this.#redactor.push(bytes4);
    if (shown2.length > 0) this.#pieces.push(shown2);
  }
};
function neutral(text4) {
  return visible(text4).replace(/^=== agent-jail:/gm, "\\$&");
}

// src/run/trajectory.ts
init_error();

// src/trajectory/trajectory.ts
init_trajectory();

// src/trajectory/bounds.ts
var LIMITS = {
  /** Bytes of a line of a log; a longer one is skipped. */
  line: 4 << 20,
  /** Characters of one text: of a longer one the head and the tail are kept. */
  text: 64 << 10,
  /** Characters of a name or an id. */
  name: 200,
  /** Characters of all texts, as JSON writes them. */
  all: 16 << 20,
  turns: 1e4,
  /** Calls of one turn, and results. */
  calls: 1e3,
  /** Of the arguments of a call: entries of a list or an object, and how deep they go. */
  entries: 1e3,
  depth: 12
};
var Bounds = class {
  #room = LIMITS.all;
  /** Texts that were cut. */
  cut = 0;
  text(value, most2 = LIMITS.text) {
    const whole2 = value.toWellFormed();
    const fit2 = Math.min(most2, this.#room);
    const kept = whole2.length <= fit2 ? whole2 : this.#headAndTail(whole2, fit2);
    this.#room = Math.max(0, this.#room - JSON.stringify(kept).length);
    return kept;
  }
  name(value) {
    const whole2 = value.toWellFormed();
    if (whole2.length <= LIMITS.name) return whole2;
    this.cut += 1;
    return `${whole2.slice(0, LIMITS.name - 1).toWellFormed()}\u2026`;
  }
  /** The same of all texts in a JSON value. */
  value(value, depth = LIMITS.depth) {
    if (typeof value === "string") return this.text(value);
    if (typeof value !== "object" || value === null) return value;
    const all = Object.entries(value);
    if (depth === 0 || this.#room === 0) return this.#left(`${all.length} entries`);
    const kept = all.slice(0, LIMITS.entries).map(([key2, one]) => [this.name(key2), this.value(one, depth - 1)]);
    this.#room = Math.max(0, this.#room - 8 * kept.length);
    if (Array.isArray(value)) {
      const rest = all.length - kept.length;
      return [...kept.map(([, one]) => one), ...rest > 0 ? [this.#left(`${rest} entries`)] : []];
    }
    return Object.fromEntries(kept);
  }
  #headAndTail(whole2, fit2) {
    const tail = Math.floor(fit2 / 4);
    const head = fit2 - tail;
    const mark = this.#left(`${whole2.length - fit2} characters`);
    if (fit2 === 0) return mark;
    return `${whole2.slice(0, head).toWellFormed()}
${mark}
${whole2.slice(whole2.length - tail).toWellFormed()}`;
  }
  #left(what) {
    this.cut += 1;
    return `[cut: ${what}]`;
  }
};

// src/trajectory/fields.ts
var NONE = {};
var fields = (value) => typeof value === "object" && value !== null && !Array.isArray(value) ? value : NONE;
var list = (value) => Array.isArray(value) ? value : [];
var text3 = (value) => typeof value === "string" ? value : "";
var amount2 = (value) => typeof value === "number" && value >= 0 && value <= 1e12 ? value : 0;
var isObject = (value) => fields(value) === value;
function time3(value) {
  if (typeof value === "string") return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(value) ? value : null;
  return typeof value === "number" && Math.abs(value) < 864e13 ? new Date(value).toISOString() : null;
}
function textOf(content) {
  if (typeof content === "string") return content;
  if (isObject(content) && typeof content["text"] === "string") return content["text"];
  const parts2 = list(content).map((part2) => {
    const { text: own2, type } = fields(part2);
    return typeof part2 === "string" ? part2 : typeof own2 === "string" ? own2 : typeof type === "string" ? `[${type}]` : "";
  });
  return parts2.filter((part2) => part2 !== "").join("\n");
}
function args(value) {
  if (isObject(value)) return value;
  if (typeof value !== "string") return value === void 0 || value === null ? {} : { value };
  try {
    const parsed = JSON.parse(value);
    return isObject(parsed) ? parsed : { value: parsed };
  } catch {
    return { value };
  }
}

// src/trajectory/log.ts
var Log = class {
  agent;
  turns = [];
  odd = { unknown: 0, broken: 0, long: 0, left: 0, orphans: 0 };
  session = null;
  version = null;
  model = null;
  /** Told of the session as a whole: these win over the sum of the turns. */
  total = null;
  /** Cost and number of turns where the agent tells them apart from its tokens. */
  cost = null;
  claimedTurns = null;
  /** How it says it ended. */
  end = null;
  #bounds;
  #keys = /* @__PURE__ */ new Map();
  #calls = /* @__PURE__ */ new Map();
  constructor(agent, bounds) {
    this.agent = agent;
    this.#bounds = bounds;
  }
  about({ session, version, model, end }) {
    const own2 = (value, now) => typeof value === "string" && value !== "" ? this.#bounds.name(value) : now;
    this.session = own2(session, this.session);
    this.version = own2(version, this.version);
    this.model = own2(model, this.model);
    this.end = own2(end, this.end);
  }
  /** The turn with this key, or a new one; null: there is no room for it. */
  turn(source2, { key: key2, at: at2, model, parent: parent2 } = {}) {
    const known = key2 === void 0 ? void 0 : this.#keys.get(key2);
    if (known !== void 0) return known;
    if (this.turns.length >= LIMITS.turns) {
      this.odd.left += 1;
      return null;
    }
    const name = (value) => typeof value === "string" && value !== "" ? this.#bounds.name(value) : null;
    const turn2 = {
      source: source2,
      at: time3(at2),
      model: name(model),
      text: "",
      thought: "",
      calls: [],
      results: [],
      usage: null,
      parent: name(parent2)
    };
    this.turns.push(turn2);
    if (key2 !== void 0) this.#keys.set(key2, turn2);
    return turn2;
  }
  /** For logs that do not say which answer a line belongs to: the agent's last turn until something came of it, then a new one. */
  open(about6 = {}) {
    const last = this.turns.at(-1);
    return last?.source === "agent" && last.results.length === 0 ? last : this.turn("agent", about6);
  }
  /** One thing said, in a turn of its own. Nothing: no turn. */
  say(source2, text4, about6 = {}) {
    if (text4 !== "") this.add(this.turn(source2, about6), "text", text4);
  }
  /** Adds to what a turn says or thinks. `glue` stands between. */
  add(turn2, to, more3, glue = "\n") {
    if (turn2 === null || more3 === "") return;
    const room2 = LIMITS.text - turn2[to].length;
    if (room2 <= 0) this.#bounds.cut += 1;
    else turn2[to] += `${turn2[to] === "" ? "" : glue}${this.#bounds.text(more3, room2)}`;
  }
  set(turn2, to, whole2) {
    if (turn2 !== null && turn2[to] !== whole2) turn2[to] = this.#bounds.text(whole2);
  }
  /** A call; told again, the arguments that came last count. */
  call(turn2, given, name, args2) {
    if (turn2 === null) return;
    const id2 = this.#bounds.name(given);
    const at2 = turn2.calls.findIndex((call3) => call3.id === id2);
    if (at2 === -1 && turn2.calls.length >= LIMITS.calls) {
      this.odd.left += 1;
      return;
    }
    const call2 = { id: id2, name: this.#bounds.name(name), args: this.#bounds.value(args2) };
    if (at2 === -1) turn2.calls.push(call2);
    else turn2.calls[at2] = call2;
    this.#calls.set(id2, turn2);
  }
  has(call2) {
    return this.#calls.has(this.#bounds.name(call2));
  }
  /** What came of a call, at the call; told again, the last one counts. */
  result(given, content, failed2 = false) {
    const id2 = this.#bounds.name(given);
    const own2 = this.#calls.get(id2);
    if (own2 === void 0) this.odd.orphans += 1;
    const turn2 = own2 ?? this.turns.findLast(({ source: source2 }) => source2 === "agent");
    if (turn2 === void 0) return;
    const at2 = own2 === void 0 ? -1 : turn2.results.findIndex((result3) => result3.id === id2);
    if (at2 === -1 && turn2.results.length >= LIMITS.calls) {
      this.odd.left += 1;
      return;
    }
    const result2 = { id: own2 === void 0 ? null : id2, content: this.#bounds.text(content), failed: failed2 };
    if (at2 === -1) turn2.results.push(result2);
    else turn2.results[at2] = result2;
  }
};
function usage(input, output, cached, cost) {
  if (input === 0 && output === 0 && typeof cost !== "number") return null;
  return { input, output, cached: amount2(cached), cost: typeof cost === "number" ? amount2(cost) : null };
}
function plus(a, b) {
  if (a === null || b === null) return a ?? b;
  const cost = a.cost === null && b.cost === null ? null : (a.cost ?? 0) + (b.cost ?? 0);
  return { input: a.input + b.input, output: a.output + b.output, cached: a.cached + b.cached, cost };
}

// src/trajectory/atif.ts
var MOST_STEPS = 2e4;
function sessions(found) {
  const byId = /* @__PURE__ */ new Map();
  for (const [at2, one] of found.filter(({ log }) => log.turns.length > 0).entries()) {
    const id2 = one.log.session === null ? `${at2}` : `${one.log.agent} ${one.log.session}`;
    const other2 = byId.get(id2);
    byId.set(id2, other2 === void 0 ? one : merged(other2, one));
  }
  return [...byId.values()].sort((a, b) => (a.step ?? Infinity) - (b.step ?? Infinity) || 0);
}
function merged(a, b) {
  const [best, other2] = b.log.turns.length > a.log.turns.length ? [b, a] : [a, b];
  const { log } = best;
  log.about({
    version: log.version ?? other2.log.version,
    model: log.model ?? other2.log.model,
    end: log.end ?? other2.log.end
  });
  log.cost ??= other2.log.cost;
  log.claimedTurns ??= other2.log.claimedTurns;
  log.total ??= other2.log.total;
  return { log, step: a.step ?? b.step, from: `${a.from}, ${b.from}` };
}
function usedBy({ total, turns, cost }) {
  const sum = turns.reduce((all, turn2) => plus(all, turn2.usage), null);
  const used2 = total ?? sum;
  if (cost === null) return used2 === null ? null : { ...used2, cost: used2.cost ?? sum?.cost ?? null };
  return { ...used2 ?? { input: 0, output: 0, cached: 0 }, cost };
}
var turnsOf = ({ turns, claimedTurns }) => claimedTurns ?? turns.filter(({ source: source2 }) => source2 === "agent").length;
var callsOf = ({ turns }) => turns.reduce((sum, { calls: calls2 }) => sum + calls2.length, 0);
var modelOf = ({ model, turns }) => turns.findLast((turn2) => turn2.model !== null)?.model ?? model;
function toAtif(all, cut, extra2) {
  const [first] = all;
  if (first === void 0) return null;
  const turns = all.flatMap(({ log, step: step3 }) => log.turns.map((turn2) => ({ turn: turn2, step: step3, agent: log.agent })));
  const several = all.length > 1;
  const steps2 = turns.slice(0, MOST_STEPS).map((one, index2) => stepOf(one, index2 + 1, several));
  const { session, agent, version } = first.log;
  const model = modelOf(first.log);
  return {
    schema_version: "ATIF-v1.7",
    ...session === null ? {} : { session_id: session },
    agent: { name: agent, version: version ?? "unknown", ...model === null ? {} : { model_name: model } },
    steps: steps2,
    final_metrics: finalMetrics(all, steps2.length),
    extra: { ...extra2, sessions: all.map(about3), cut_texts: cut, left_out_steps: turns.length - steps2.length }
  };
}
function about3({ log, step: step3, from }) {
  const { agent, session, version, end, odd, turns } = log;
  const pending = turns.flatMap(({ calls: calls2, results }) => calls2.filter(({ id: id2 }) => results.every((result2) => result2.id !== id2)));
  return {
    agent,
    session,
    version,
    model: modelOf(log),
    step: step3,
    from,
    end,
    turns: turns.length,
    calls_without_result: pending.length,
    ...names(odd)
  };
}
var names = ({ unknown: unknown2, broken, long, left, orphans }) => ({
  unknown_events: unknown2,
  broken_lines: broken,
  long_lines: long,
  left_out: left,
  results_without_call: orphans
});
function stepOf({ turn: turn2, step: step3, agent }, id2, several) {
  const { source: source2, at: at2, model, text: text4, thought, calls: calls2, results, usage: usage2, parent: parent2 } = turn2;
  const extra2 = {
    ...several ? { agent, step: step3 } : {},
    ...parent2 === null ? {} : { parent_tool_call_id: parent2 }
  };
  const own2 = source2 === "agent";
  return {
    step_id: id2,
    ...at2 === null ? {} : { timestamp: at2 },
    source: source2,
    message: text4,
    ...own2 && model !== null ? { model_name: model } : {},
    ...own2 && thought !== "" ? { reasoning_content: thought } : {},
    ...calls2.length === 0 ? {} : { tool_calls: calls2.map((call2) => ({ tool_call_id: call2.id, function_name: call2.name, arguments: call2.args })) },
    ...results.length === 0 ? {} : {
      observation: {
        results: results.map((result2) => ({
          ...result2.id === null ? {} : { source_call_id: result2.id },
          content: result2.content,
          ...result2.failed ? { extra: { failed: true } } : {}
        }))
      }
    },
    ...own2 && usage2 !== null ? { metrics: metricsOf(usage2) } : {},
    ...Object.keys(extra2).length === 0 ? {} : { extra: extra2 }
  };
}
var metricsOf = ({ input, output, cached, cost }) => ({
  prompt_tokens: input,
  completion_tokens: output,
  cached_tokens: cached,
  ...cost === null ? {} : { cost_usd: cost }
});
function finalMetrics(all, total_steps) {
  const used2 = all.reduce((sum, { log }) => plus(sum, usedBy(log)), null);
  if (used2 === null) return { total_steps };
  const { input, output, cached, cost } = used2;
  return {
    total_prompt_tokens: input,
    total_completion_tokens: output,
    total_cached_tokens: cached,
    ...cost === null ? {} : { total_cost_usd: cost },
    total_steps
  };
}

// src/trajectory/claude-code.ts
var QUIET3 = new Set(
  `stream_event tool_progress rate_limit_event progress summary queue-operation file-history-snapshot attachment last-prompt mode
  custom-title ai-title agent-name permission-mode pr-link atis-latch
  api-request api-request-shape api-request-blob tools-used cost-state`.split(/\s+/)
);
var CLAUDE_CODE = {
  name: "claude-code",
  recognises: ({ type, subtype, session_id: stream, sessionId: file, message: message3 }) => type === "system" && subtype === "init" && typeof stream === "string" || (type === "user" || type === "assistant") && isObject(message3) && typeof (stream ?? file) === "string",
  read(line, log) {
    const { type } = line;
    log.about({ session: line["session_id"] ?? line["sessionId"], version: line["claude_code_version"] ?? line["version"] });
    if (type === "assistant") assistant(line, log);
    else if (type === "user") user(line, log);
    else if (type === "system") system(line, log);
    else if (type === "result") ended(line, log);
    else return typeof type === "string" && QUIET3.has(type);
    return true;
  }
};
var about4 = (line) => ({ at: line["timestamp"], parent: line["parent_tool_use_id"] });
function assistant(line, log) {
  const { id: id2, model, content, usage: used2 } = fields(line["message"]);
  const key2 = typeof id2 === "string" ? { key: id2 } : {};
  const turn2 = log.turn("agent", { ...about4(line), ...key2, model });
  if (typeof content === "string") log.add(turn2, "text", content);
  for (const block of list(content).map(fields)) {
    if (block["type"] === "text") log.add(turn2, "text", text3(block["text"]));
    else if (block["type"] === "thinking") log.add(turn2, "thought", text3(block["thinking"]));
    else if (block["type"] === "tool_use") log.call(turn2, text3(block["id"]), text3(block["name"]), args(block["input"]));
  }
  setUsage(turn2, usageOf(fields(used2)));
}
function user(line, log) {
  const { content } = fields(line["message"]);
  const said2 = [];
  for (const block of typeof content === "string" ? [content] : list(content)) {
    const { type, tool_use_id: id2, content: result2, is_error: failed2 } = fields(block);
    if (type === "tool_result") log.result(text3(id2), textOf(result2), failed2 === true);
    else said2.push(block);
  }
  log.say("user", textOf(said2), about4(line));
}
function system(line, log) {
  if (line["subtype"] === "init") log.about({ model: line["model"] });
  if (line["subtype"] === "compact_boundary") log.say("system", "The conversation was compacted.", about4(line));
}
function ended(line, log) {
  const { subtype, num_turns: turns, total_cost_usd: cost, modelUsage, usage: main } = line;
  log.about({ end: subtype });
  if (typeof turns === "number") log.claimedTurns = amount2(turns);
  if (typeof cost === "number") log.cost = amount2(cost);
  let all = null;
  for (const one of Object.values(fields(modelUsage)).map(fields)) {
    const n = (name) => amount2(one[name]);
    const input = n("inputTokens") + n("cacheReadInputTokens") + n("cacheCreationInputTokens");
    all = plus(all, usage(input, n("outputTokens"), one["cacheReadInputTokens"]));
  }
  log.total = all ?? usageOf(fields(main)) ?? log.total;
}
function usageOf(used2) {
  const n = (name) => amount2(used2[name]);
  const input = n("input_tokens") + n("cache_read_input_tokens") + n("cache_creation_input_tokens");
  return usage(input, n("output_tokens"), used2["cache_read_input_tokens"]);
}
function setUsage(turn2, now) {
  if (turn2 !== null && now !== null) turn2.usage = now;
}

// src/trajectory/codex.ts
var CODEX = {
  name: "codex",
  recognises: ({ type, thread_id: thread, payload }) => type === "thread.started" && typeof thread === "string" || (type === "session_meta" || type === "response_item") && isObject(payload),
  read(line, log) {
    const { type } = line;
    if (typeof type !== "string") return false;
    if (isObject(line["payload"])) return rollout(type, line["payload"], line["timestamp"], log);
    if (type.startsWith("item.")) return item(fields(line["item"]), log);
    if (type === "thread.started") log.about({ session: line["thread_id"] });
    else if (type === "turn.completed") {
      log.about({ end: "completed" });
      log.total = usageOf2(line["usage"]) ?? log.total;
    } else if (type === "turn.failed") {
      log.about({ end: "failed" });
      failure(fields(line["error"])["message"], log);
    } else if (type === "error") failure(line["message"], log);
    else return type === "turn.started";
    return true;
  }
};
function item(it, log) {
  const { id: id2, type, text: said2 } = it;
  const key2 = text3(id2);
  if (type === "agent_message") log.set(log.turn("agent", { key: key2 }), "text", text3(said2));
  else if (type === "reasoning") log.set(log.turn("agent", { key: key2 }), "thought", text3(said2));
  else if (type === "error") failure(it["message"], log, key2);
  else if (type === "command_execution")
    call(it, log, "command_execution", { command: it["command"] }, it["aggregated_output"], amount2(it["exit_code"]) !== 0);
  else if (type === "file_change") call(it, log, "file_change", { changes: it["changes"] }, it["status"], false);
  else if (type === "mcp_tool_call") {
    const answer = it["error"] ?? it["result"];
    const content = typeof answer === "string" ? answer : textOf(fields(answer)["content"] ?? fields(answer)["message"]);
    call(it, log, `${text3(it["server"])}.${text3(it["tool"])}`, args(it["arguments"]), content, isObject(it["error"]));
  } else if (type === "web_search") call(it, log, "web_search", { query: it["query"] }, void 0, false);
  else if (type === "todo_list") call(it, log, "todo_list", { items: it["items"] }, void 0, false);
  else return false;
  return true;
}
function call(it, log, name, given, output, failed2) {
  const id2 = text3(it["id"]);
  log.call(log.turn("agent", { key: id2 }), id2, name, given);
  if (it["status"] !== "in_progress" && typeof output === "string") log.result(id2, output, failed2 || it["status"] === "failed");
}
function failure(message3, log, key2) {
  log.say("system", text3(message3), key2 === void 0 ? {} : { key: key2 });
}
function rollout(type, payload, at2, log) {
  if (type === "session_meta") {
    log.about({ session: payload["id"], version: payload["cli_version"] });
    return true;
  }
  if (type === "turn_context") {
    log.about({ model: payload["model"] });
    return true;
  }
  if (type === "response_item") return response(payload, at2, log);
  if (type === "event_msg" && payload["type"] === "token_count")
    log.total = usageOf2(fields(payload["info"])["total_token_usage"]) ?? log.total;
  return ["event_msg", "compacted", "world_state", "token_usage_record"].includes(type);
}
function response(payload, at2, log) {
  const { type, role, content, call_id: id2 } = payload;
  const open = () => log.open({ at: at2, model: log.model });
  if (type === "message" && role === "assistant") log.add(open(), "text", textOf(content));
  else if (type === "message") log.say(role === "user" ? "user" : "system", textOf(content), { at: at2 });
  else if (type === "reasoning") log.add(open(), "thought", textOf(payload["summary"]));
  else if (type === "function_call") log.call(open(), text3(id2), text3(payload["name"]), args(payload["arguments"]));
  else if (type === "custom_tool_call") log.call(open(), text3(id2), text3(payload["name"]), args(payload["input"]));
  else if (type === "local_shell_call") log.call(open(), text3(id2), "local_shell", args(payload["action"]));
  else if (type === "function_call_output" || type === "custom_tool_call_output") {
    const { output } = payload;
    log.result(text3(id2), textOf(isObject(output) ? output["content"] : output), fields(output)["success"] === false);
  } else return type === "web_search_call" || type === "ghost_snapshot";
  return true;
}
function usageOf2(value) {
  const used2 = fields(value);
  return usage(amount2(used2["input_tokens"]), amount2(used2["output_tokens"]), used2["cached_input_tokens"]);
}

// src/trajectory/copilot.ts
var COPILOT = {
  name: "copilot",
  recognises: ({ type, data }) => isObject(data) && typeof type === "string" && /^(session\.start|user\.message|assistant\.)/.test(type),
  read({ type, data: given, timestamp: at2, ...rest }, log) {
    if (type === "result") {
      log.about({ session: rest["sessionId"], end: rest["exitCode"] === 0 ? "success" : "error" });
      return true;
    }
    if (typeof type !== "string" || !isObject(given)) return false;
    const data = given;
    const model = data["model"] ?? log.model;
    switch (type) {
      case "session.start":
        log.about({ session: data["sessionId"], version: data["copilotVersion"], model: data["selectedModel"] });
        break;
      case "session.model_change":
        log.about({ model: data["newModel"] });
        break;
      case "user.message":
        log.say("user", textOf(data["content"]), { at: at2 });
        break;
      case "assistant.message": {
        const key2 = typeof data["messageId"] === "string" ? { key: data["messageId"] } : {};
        const turn2 = log.turn("agent", { ...key2, at: at2, model, parent: data["parentToolCallId"] });
        log.set(turn2, "text", text3(data["content"]));
        log.set(turn2, "thought", text3(data["reasoningText"]));
        for (const call2 of list(data["toolRequests"]).map(fields))
          log.call(turn2, text3(call2["toolCallId"]), text3(call2["name"]), args(call2["arguments"]));
        break;
      }
      // Some versions tell a call only when it begins.
      case "tool.execution_start":
        if (!log.has(text3(data["toolCallId"])))
          log.call(log.open({ at: at2, model }), text3(data["toolCallId"]), text3(data["toolName"]), args(data["arguments"]));
        break;
      case "tool.execution_complete": {
        const answer = data["result"] ?? data["error"];
        const content = isObject(answer) ? answer["content"] ?? answer["message"] : answer;
        log.result(text3(data["toolCallId"]), textOf(content), data["success"] === false);
        break;
      }
      case "assistant.usage": {
        const n = (name) => amount2(data[name]);
        const used2 = usage(n("inputTokens"), n("outputTokens"), data["cacheReadTokens"]);
        log.about({ model: data["model"] });
        log.total = plus(log.total, used2);
        break;
      }
      case "session.shutdown":
        log.total = metered(fields(fields(data["accountingSnapshot"])["modelMetrics"] ?? data["modelMetrics"])) ?? log.total;
        break;
      case "session.error":
        log.say("system", text3(data["message"]), { at: at2 });
        log.about({ end: "error" });
        break;
      case "abort":
        log.about({ end: "aborted" });
        break;
      default:
        return /^(session|assistant|tool|hook|subagent|skill|system|permission|user_input|model)\./.test(type);
    }
    return true;
  }
};
function metered(models) {
  return Object.values(models).reduce((sum, model) => {
    const used2 = fields(fields(model)["usage"]);
    return plus(sum, usage(amount2(used2["inputTokens"]), amount2(used2["outputTokens"]), used2["cacheReadTokens"]));
  }, null);
}

// src/trajectory/gemini.ts
var GEMINI = {
  name: "gemini",
  recognises: ({ type, session_id: session, timestamp, sessionId, projectHash }) => type === "init" && typeof session === "string" && typeof timestamp === "string" || typeof sessionId === "string" && typeof projectHash === "string",
  read(line, log) {
    const { type } = line;
    if (typeof line["projectHash"] === "string") return header(line, log);
    if (isObject(line["$set"])) return true;
    if (typeof line["id"] === "string") return message(line, log);
    if (type === "init") log.about({ session: line["session_id"], model: line["model"] });
    else if (type === "message") said(line, log);
    else if (type === "tool_use")
      log.call(log.open(about5(line, log)), text3(line["tool_id"]), text3(line["tool_name"]), args(line["parameters"]));
    else if (type === "tool_result") {
      const { output, error, status } = line;
      log.result(text3(line["tool_id"]), text3(output) || text3(fields(error)["message"]), status === "error");
    } else if (type === "error") log.say("system", text3(line["message"]), { at: line["timestamp"] });
    else if (type === "result") ended2(line, log);
    else return false;
    return true;
  }
};
var about5 = (line, log) => ({ at: line["timestamp"], model: log.model });
function said(line, log) {
  const { role, content } = line;
  if (role === "assistant") log.add(log.open(about5(line, log)), "text", textOf(content), line["delta"] === true ? "" : "\n");
  else log.say(role === "user" ? "user" : "system", textOf(content), { at: line["timestamp"] });
}
function ended2({ status, stats }, log) {
  const { input_tokens: input, output_tokens: output, cached } = fields(stats);
  log.about({ end: status });
  log.total = usage(amount2(input), amount2(output), cached) ?? log.total;
}
function header(line, log) {
  log.about({ session: line["sessionId"] });
  for (const one of list(line["messages"])) message(fields(one), log);
  return true;
}
function message(line, log) {
  const { id: id2, type, content, model, tokens, thoughts, toolCalls } = line;
  const key2 = { key: text3(id2), at: line["timestamp"] };
  if (type === "user") {
    log.say("user", textOf(typeof content === "string" ? content : list(content).filter((part2) => !("functionResponse" in fields(part2)))), {
      at: line["timestamp"]
    });
    return true;
  }
  if (type === "info" || type === "error" || type === "warning") {
    log.say("system", textOf(content), key2);
    return true;
  }
  if (type !== "gemini") return false;
  log.about({ model });
  const turn2 = log.turn("agent", { ...key2, model });
  log.set(turn2, "text", textOf(content));
  const thought = list(thoughts).map((one) => [text3(fields(one)["subject"]), text3(fields(one)["description"])].join(": "));
  log.set(turn2, "thought", thought.join("\n"));
  for (const call2 of list(toolCalls).map(fields)) {
    log.call(turn2, text3(call2["id"]), text3(call2["name"]), args(call2["args"]));
    const { resultDisplay: shown2, status } = call2;
    if (typeof status === "string") log.result(text3(call2["id"]), typeof shown2 === "string" ? shown2 : outputOf(call2), status !== "success");
  }
  const used2 = fields(tokens);
  if (turn2 !== null)
    turn2.usage = usage(amount2(used2["input"]), amount2(used2["output"]) + amount2(used2["thoughts"]), used2["cached"]) ?? turn2.usage;
  return true;
}
function outputOf(call2) {
  const responses = list(call2["result"]).map((part2) => fields(fields(fields(part2)["functionResponse"])["response"]));
  return responses.map(({ output, error }) => text3(output) || text3(error)).join("\n");
}

// src/trajectory/opencode.ts
var EVENTS = { tool: "tool_use", "step-finish": "step_finish", "step-start": "step_start" };
var ASIDE = /* @__PURE__ */ new Set(["step_start", "snapshot", "patch", "file", "agent", "retry", "compaction", "subtask"]);
var OPENCODE = {
  name: "opencode",
  recognises: ({ type, sessionID, part: part2, table: table2, session_id, data }) => typeof sessionID === "string" && typeof type === "string" && (isObject(part2) || type === "error") || (table2 === "message" || table2 === "part") && typeof session_id === "string" && isObject(data),
  read(line, log) {
    if (line["table"] === "message") return readMessage(line, log);
    return readEvent(line["table"] === "part" ? eventOf(line) : line, log);
  }
};
function readMessage({ id: id2, session_id: session, time_created: at2, data }, log) {
  const { role, modelID: model } = fields(data);
  log.about({ session, model });
  if (typeof id2 !== "string" || role !== "user" && role !== "assistant") return false;
  log.turn(role === "user" ? "user" : "agent", { key: id2, at: at2, model });
  return true;
}
function eventOf({ id: id2, session_id: sessionID, message_id: messageID, data }) {
  const part2 = fields(data);
  const type = text3(part2["type"]);
  return { type: EVENTS[type] ?? type, sessionID, part: { ...part2, id: id2, messageID } };
}
function readEvent({ type, sessionID, part: given, timestamp: at2, error }, log) {
  const part2 = fields(given);
  const { messageID, callID, tool } = part2;
  const state = fields(part2["state"]);
  const turn2 = () => typeof messageID === "string" ? log.turn("agent", { key: messageID, at: at2 }) : log.open({ at: at2 });
  log.about({ session: sessionID });
  if (type === "text") log.add(turn2(), "text", text3(part2["text"]));
  else if (type === "reasoning") log.add(turn2(), "thought", text3(part2["text"]));
  else if (type === "tool_use") {
    const id2 = text3(callID) || text3(part2["id"]);
    log.call(turn2(), id2, text3(tool), args(state["input"]));
    const { status } = state;
    if (status === "completed" || status === "error") log.result(id2, text3(state["output"]) || text3(state["error"]), status === "error");
  } else if (type === "step_finish") {
    const { input, output, reasoning, cache } = fields(part2["tokens"]);
    const { read, write } = fields(cache);
    const used2 = usage(amount2(input) + amount2(read) + amount2(write), amount2(output) + amount2(reasoning), read, part2["cost"]);
    const own2 = turn2();
    if (own2 !== null) own2.usage = plus(own2.usage, used2);
    log.about({ end: part2["reason"] });
  } else if (type === "error") {
    const { name, data, message: message3 } = fields(error);
    log.say("system", text3(message3) || text3(fields(data)["message"]) || text3(name), { at: at2 });
    log.about({ end: "error" });
  } else return typeof type === "string" && ASIDE.has(type);
  return true;
}

// src/trajectory/pi.ts
var QUIET4 = new Set(
  `agent_start agent_end turn_start turn_end message_start message_update tool_execution_start tool_execution_update
  tool_execution_end thinking_level_change label session_info custom branch_summary queue_update auto_retry_start auto_retry_end`.split(
    /\s+/
  )
);
var PI = {
  name: "pi",
  recognises: ({ type, id: id2, cwd, version }) => type === "session" && typeof id2 === "string" && typeof cwd === "string" && typeof version === "number",
  read(line, log) {
    const { type } = line;
    if (type === "session") log.about({ session: line["id"] });
    else if (type === "model_change") log.about({ model: line["modelId"] });
    else if (type === "message" || type === "message_end") message2(fields(line["message"]), log);
    else if (type === "compaction") log.say("system", text3(line["summary"]), { at: line["timestamp"] });
    else return typeof type === "string" && QUIET4.has(type);
    return true;
  }
};
function message2({ role, content, model, timestamp: at2, usage: given, ...rest }, log) {
  if (role === "toolResult") log.result(text3(rest["toolCallId"]), textOf(content), rest["isError"] === true);
  else if (role === "user") log.say("user", textOf(content), { at: at2 });
  if (role !== "assistant") return;
  log.about({ model, end: rest["stopReason"] });
  const turn2 = log.turn("agent", { at: at2, model });
  for (const block of list(content).map(fields)) {
    if (block["type"] === "text") log.add(turn2, "text", text3(block["text"]));
    else if (block["type"] === "thinking") log.add(turn2, "thought", text3(block["thinking"]));
    else if (block["type"] === "toolCall") log.call(turn2, text3(block["id"]), text3(block["name"]), args(block["arguments"]));
  }
  const used2 = fields(given);
  const n = (name) => amount2(used2[name]);
  const cost = fields(used2["cost"])["total"];
  if (turn2 !== null) turn2.usage = usage(n("input") + n("cacheRead") + n("cacheWrite"), n("output"), used2["cacheRead"], cost);
}

// src/trajectory/reader.ts
var READERS = {
  "claude-code": CLAUDE_CODE,
  codex: CODEX,
  gemini: GEMINI,
  copilot: COPILOT,
  opencode: OPENCODE,
  pi: PI
};
var PATIENCE = { bytes: 64 << 20, objects: 1e4 };
var MOST_EVENTS = 5e5;
var [BRACE, NEWLINE, RETURN, SPACE] = [123, 10, 13, 32];
var Reader = class {
  #bounds;
  #agents;
  #agent = null;
  #log = null;
  /** The beginning of a line that goes on in the next piece; null: it is too long. */
  #begun = [];
  #size = 0;
  #read = 0;
  #objects = 0;
  #odd = { broken: 0, long: 0 };
  constructor(wanted, bounds) {
    this.#agents = wanted.map((name) => READERS[name]);
    this.#bounds = bounds;
  }
  /** Nothing that still comes is read. */
  get done() {
    if (this.#agent !== null) return this.#objects > MOST_EVENTS;
    return this.#read > PATIENCE.bytes || this.#objects > PATIENCE.objects;
  }
  push(piece) {
    this.#read += piece.length;
    let from = 0;
    for (let at2 = piece.indexOf(NEWLINE); at2 !== -1; at2 = piece.indexOf(NEWLINE, from)) {
      this.#more(piece.subarray(from, at2));
      this.#line();
      from = at2 + 1;
    }
    this.#more(piece.subarray(from));
  }
  /** What was read; null: no agent's log. */
  end() {
    this.#line();
    if (this.#log !== null) Object.assign(this.#log.odd, this.#odd);
    return this.#log;
  }
  #more(part2) {
    this.#size += part2.length;
    if (this.#size > LIMITS.line) this.#begun = null;
    else if (part2.length > 0) this.#begun?.push(Buffer.from(part2));
  }
  #line() {
    const bytes4 = this.#begun === null ? null : this.#begun.length === 1 ? this.#begun[0] : Buffer.concat(this.#begun);
    this.#begun = [];
    this.#size = 0;
    if (bytes4 === null) {
      this.#odd.long += 1;
      return;
    }
    if (bytes4[0] !== BRACE || this.done) return;
    const value = parse(bytes4);
    if (value !== null) this.#take(value);
    else if (this.#log !== null) this.#odd.broken += 1;
  }
  #take(line) {
    this.#objects += 1;
    this.#agent ??= this.#agents.find((agent) => agent.recognises(line)) ?? null;
    if (this.#agent === null) return;
    if (this.#log === null) this.#objects = 1;
    this.#log ??= new Log(this.#agent.name, this.#bounds);
    if (this.done) this.#log.odd.left += 1;
    if (!this.#agent.read(line, this.#log)) this.#log.odd.unknown += 1;
  }
};
function parse(bytes4) {
  let end = bytes4.length;
  while (end > 0 && (bytes4[end - 1] === RETURN || bytes4[end - 1] === SPACE)) end -= 1;
  try {
    const value = JSON.parse(bytes4.toString("utf8", 0, end));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

// src/trajectory/totals.ts
function totalsOf(all, seen2) {
  const logs = all.map(({ log }) => log);
  const claim = (value) => value === null ? null : { value, source: "agent" };
  const sum = (count2) => logs.length === 0 ? null : claim(logs.reduce((total, log) => total + count2(log), 0));
  const used2 = logs.reduce((total, log) => plus(total, usedBy(log)), null);
  const tokens = (side2) => seen2 !== null && seen2.requests > 0 ? { value: seen2[side2], source: "gateway" } : claim(used2?.[side2] ?? null);
  return {
    turns: sum(turnsOf),
    toolCalls: sum(callsOf),
    inputTokens: tokens("input"),
    outputTokens: tokens("output"),
    costUsd: claim(used2?.cost ?? null),
    model: claim(logs.map(modelOf).findLast((model) => model !== null) ?? null)
  };
}

// src/trajectory/trajectory.ts
var wantedBy = (wish) => wish === null ? AGENTS : wish === "none" ? [] : [wish];
async function readTrajectory(sources2, tokens, extra2) {
  const bounds = new Bounds();
  const found = [];
  for await (const { wanted, step: step3, from, pieces: pieces4 } of sources2) {
    const reader2 = new Reader(wanted, bounds);
    for await (const piece of pieces4) {
      reader2.push(piece);
      if (reader2.done) break;
    }
    const log = reader2.end();
    if (log !== null) found.push({ log, step: step3, from });
  }
  const all = sessions(found);
  const totals2 = totalsOf(all, tokens);
  return { trajectory: toAtif(all, bounds.cut, { ...extra2, totals: totals2 }), totals: totals2 };
}

// src/run/trajectory.ts
async function trajectoryOf(record2, run) {
  try {
    return await readTrajectory(sources(record2, run), run.tokens, { run: run.id });
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return readTrajectory([], run.tokens, {});
  }
}
async function* sources(record2, run) {
  const wanted = run.steps.map(({ setup, agent = null }) => setup ? [] : wantedBy(agent));
  for (const { step: step3, from, to } of await printed(record2, run)) {
    const own2 = wanted[step3] ?? [];
    if (own2.length > 0) yield { wanted: own2, step: step3, from: "stdout", pieces: part(record2, from, to) };
  }
  yield* files2(record2, [...new Set(wanted.flat())]);
}
async function printed(record2, { steps: steps2 }) {
  const size2 = record2.size("transcript.log") ?? 0;
  const started = [...steps2.entries()].filter(([, { started: at2 }]) => at2 !== null);
  if (started.length === 1) return started.map(([step3]) => ({ step: step3, from: 0, to: size2 }));
  const ranges = [];
  for await (const line of record2.lines("transcript.ndjson")) {
    if (line.kind !== "begin" || line.step === null) continue;
    const last = ranges.at(-1);
    if (last !== void 0) last.to = line.offset;
    ranges.push({ step: line.step, from: line.offset, to: size2 });
  }
  return ranges;
}
function* part(record2, from, to) {
  let at2 = 0;
  for (const piece of record2.pieces("transcript.log")) {
    const start = Math.max(0, from - at2);
    const end = Math.min(piece.length, to - at2);
    if (end > start) yield piece.subarray(start, end);
    at2 += piece.length;
    if (at2 >= to) return;
  }
}
async function* files2(record2, wanted) {
  const lines4 = record2.lines("agent.ndjson")[Symbol.asyncIterator]();
  let next = await lines4.next();
  const line = () => next.done === true || next.value.kind !== "line" ? null : next.value;
  async function* pieces4() {
    for (let one = line(); one !== null; one = line()) {
      yield Buffer.from(`${one.text}
`);
      next = await lines4.next();
    }
  }
  while (next.done !== true) {
    const file = next.value;
    next = await lines4.next();
    if (file.kind === "file") {
      const own2 = wanted.filter((agent) => agent === file.agent);
      yield { wanted: own2, step: null, from: `~/${file.path}`, pieces: own2.length === 0 ? [] : pieces4() };
    }
    while (line() !== null) next = await lines4.next();
  }
}

// src/run/verdict.ts
var HALF2 = 4 << 20;
async function makeVerdict(request, derive2) {
  try {
    return await conclude(request, derive2);
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
async function conclude({ id: id2, record: dir, outputs, secrets, mask }, derive2) {
  const record2 = openRecordDir(dir);
  const { value: run } = record2.document("run.json");
  const manifest = record2.document("manifest.json");
  if (run.id !== id2 || manifest.value.id !== id2) throw new RecordError("manifest.json", null, `is not of run ${id2}`);
  const redactor = await redactorFor({ secrets, mask });
  const { trajectory, totals: totals2 } = shown(await trajectoryOf(record2, run), redactor);
  const findings = await evaluate(run.policy.guards, record2, [], trajectory);
  const { outcome, because } = decideRun(run, findings);
  const files4 = {};
  const {
    "report.html": html,
    "summary.md": markdown,
    ...rest
  } = await derive2({
    run,
    findings,
    outcome,
    because,
    manifest: manifest.sha256,
    trajectory,
    record: record2
  });
  const derived = { ...rest, "transcript.txt": await textOf2(record2, redactor), "report.html": html, "summary.md": markdown };
  for (const [file, text4] of Object.entries(derived)) {
    const bytes5 = typeof text4 === "string" ? Buffer.from(text4) : text4;
    writeAll(outputs[file], bytes5);
    files4[file] = { sha256: sha256(bytes5), size: bytes5.length };
  }
  const verdict = {
    schema: "agent-jail/verdict@1",
    id: id2,
    outcome,
    because,
    findings,
    manifest: manifest.sha256,
    files: files4,
    totals: totals2
  };
  const bytes4 = json(verdict);
  writeAll(outputs["verdict.json"], bytes4);
  return { ok: true, kind: "verdict", outcome, because, findings: findings.length, verdict: sha256(bytes4) };
}
async function redactorFor(hidden) {
  if (Object.keys(hidden.secrets).length === 0 && hidden.mask.length === 0) return null;
  const { redactorOf: redactorOf2 } = await Promise.resolve().then(() => (init_redact(), redact_exports));
  return redactorOf2(hidden);
}
function shown(read, redactor) {
  if (read.trajectory === null || redactor === null) return read;
  const { model } = read.totals;
  return {
    trajectory: redactor.redactJson(read.trajectory),
    totals: { ...read.totals, model: model === null ? null : { ...model, value: redactor.redactText(model.value) } }
  };
}
async function textOf2(record2, redactor) {
  const transcript2 = {
    index: record2.lines("transcript.ndjson"),
    log: record2.pieces("transcript.log"),
    size: record2.size("transcript.log") ?? 0
  };
  try {
    return await makeText(transcript2, HALF2, redactor);
  } catch (error) {
    if (error instanceof RecordError) return "";
    throw error;
  }
}

// src/run/collector.ts
var LONGEST5 = 16 << 20;
var FIRST_FILE = 3;
async function collector(files4, derive2, rehearsing2) {
  for (const line of linesOf(0, LONGEST5)) {
    const request = JSON.parse(line);
    const ahead = request.kind === "rehearsal";
    if (!rehearsing2 && !ahead) closeOthers(files4, Object.values(request.outputs));
    const answer = await answerTo(request, derive2).catch(
      (error) => ({ ok: false, message: error instanceof Error ? error.message : String(error) })
    );
    writeAll(1, Buffer.from(`${JSON.stringify(answer)}
`));
    if (!ahead && (!rehearsing2 || request.kind === "verdict")) return;
  }
}
async function answerTo(request, derive2) {
  if (request.kind === "verdict") return makeVerdict(request, derive2);
  if (request.kind === "rehearsal") {
    const { rehearse: rehearse2 } = await Promise.resolve().then(() => (init_rehearse(), rehearse_exports));
    return { ok: true, kind: "rehearsal", ...await rehearse2(request.scratch) };
  }
  const [{ collectChanges: collectChanges2 }, { secretForms: secretForms2 }] = await Promise.all([Promise.resolve().then(() => (init_collect(), collect_exports)), Promise.resolve().then(() => (init_forms(), forms_exports))]);
  const forms = request.secrets.map(({ name, value }) => ({ name, bytes: secretForms2(value) }));
  const masks = request.mask.map((value) => ({ name: "mask", bytes: secretForms2(value) }));
  return { ok: true, kind: "changes", ...await collectChanges2(request, forms, masks) };
}
function closeOthers(files4, named2) {
  for (let fd = FIRST_FILE; fd < FIRST_FILE + files4; fd += 1) if (!named2.includes(fd)) (0, import_node_fs20.closeSync)(fd);
}

// src/system/kept-code.ts
var KEEP = /* @__PURE__ */ Symbol.for("agent-jail.keep-code");
function keepCode() {
  globalThis[KEEP]?.();
}

// src/transcript/cast.ts
var import_node_string_decoder2 = require("node:string_decoder");

// src/transcript/replay.ts
var DRAWS = /^\x1b\[(?:[\d;:]*[@ABCDEFGHIJKLMPSTXZ`abdefgmrsu]|\?(?:7|25|47|1047|1048|1049)[hl])$/;
var DRAWS_SHORT = /^\x1b(?:[78DEHM]|[()][0B])$/;
var SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[PX\]^_](?:[^\x07\x18\x1a\x1b\x9c]*)(?:\x07|\x9c|\x1b\\)|[ -/]*[0-OQ-WYZ\\`-~])|[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;
var OPEN2 = /\x1b(?:\[[0-?]*[ -/]*|[PX\]^_][^\x07\x18\x1a\x1b\x9c]*\x1b?|[ -/]*)?$/;
var LONGEST6 = 4096;
var PLAIN4 = /^[\t\n\r -~]*$/;
var INVISIBLE2 = /(?![\ufe0e\ufe0f])[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;
var ReplayFilter = class {
  #held = "";
  push(text4) {
    const all = this.#held + text4;
    const open = OPEN2.exec(all);
    const holds = open !== null && all.length - open.index <= LONGEST6;
    this.#held = holds ? open[0] : "";
    return clean(holds ? all.slice(0, open.index) : all);
  }
  /** What was held back, where no more is to come. */
  flush() {
    const rest = this.#held;
    this.#held = "";
    return clean(rest);
  }
};
function clean(text4) {
  if (PLAIN4.test(text4)) return text4;
  return text4.toWellFormed().replace(SEQUENCE, (found) => DRAWS.test(found) || DRAWS_SHORT.test(found) ? found : sign(found.charCodeAt(0))).replace(INVISIBLE2, "\uFFFD");
}
var sign = (code2) => code2 < 32 ? String.fromCharCode(9216 + code2) : code2 === 127 ? "\u2421" : "\uFFFD";

// src/transcript/cast.ts
var SIZE = { rows: 32, columns: 120 };
var MARKERS = 1e4;
var IDLE = 2;
var makeCast = async (transcript2, { version, half, gap }) => {
  const cast = new Events(version, transcript2.started, gap, transcript2.terminals[0] ?? SIZE);
  let filter = new ReplayFilter();
  let decoder = new import_node_string_decoder2.StringDecoder("utf8");
  const fresh2 = () => {
    filter = new ReplayFilter();
    decoder = new import_node_string_decoder2.StringDecoder("utf8");
  };
  await walk(transcript2, half, {
    begin(t, step3, name) {
      fresh2();
      cast.marker(t / 1e3, `step ${step3 + 1}: ${name}`);
      cast.screen(t / 1e3, transcript2.terminals[step3] ?? null);
    },
    output: (t, bytes4) => cast.output(t / 1e3, filter.push(decoder.write(bytes4))),
    leftOut(t, bytes4) {
      cast.output(t / 1e3, filter.push(decoder.end()) + filter.flush());
      cast.leftOut(t / 1e3, bytes4);
      fresh2();
    },
    end(t, _, { code: code2 }) {
      cast.output(t / 1e3, filter.push(decoder.end()) + filter.flush() + RESET);
      cast.ended(t / 1e3, code2 ?? 128);
    },
    mark: (t, name) => cast.marker(t / 1e3, name)
  });
  return cast.text();
};
var RESET = "\x1B[0m\x1B[?25h\x1B[?1047l";
var Events = class {
  #version;
  #gap;
  #lines;
  #last = 0;
  #markers = 0;
  #pending = null;
  #exit = null;
  #size;
  #terminal = false;
  constructor(version, started, gap, size2) {
    this.#version = version;
    this.#gap = gap / 1e3;
    this.#size = size2;
    const { columns, rows } = size2;
    const screen = version === 2 ? { width: columns, height: rows } : { term: { cols: columns, rows } };
    const timestamp = Math.floor(Date.parse(started) / 1e3);
    this.#lines = [JSON.stringify({ version, ...screen, timestamp, idle_time_limit: IDLE })];
  }
  /** From now on what is printed comes off a terminal of this size, or out of a pipe. */
  screen(t, terminal2) {
    this.#flush();
    this.#terminal = terminal2 !== null;
    const { rows, columns } = terminal2 ?? SIZE;
    if (rows === this.#size.rows && columns === this.#size.columns) return;
    this.#size = { rows, columns };
    this.#event(t, "r", `${columns}x${rows}`);
  }
  output(t, text4) {
    if (text4 === "") return;
    if (this.#pending !== null && t - this.#pending.t > this.#gap) this.#flush();
    this.#pending ??= { t, text: "" };
    this.#pending.text += text4;
  }
  marker(t, label2) {
    if (++this.#markers > MARKERS) return;
    this.#flush();
    this.#event(t, "m", label2.replace(new RegExp("\\p{C}", "gu"), "\uFFFD"));
  }
  leftOut(t, bytes4) {
    const text4 = `${bytes4} bytes left out`;
    this.marker(t, text4);
    this.output(t, `${RESET}\r
\x1B[7m[${text4}: transcript.log has them]\x1B[0m\r
`);
  }
  ended(t, code2) {
    this.#exit = { t, code: code2 };
  }
  text() {
    this.#flush();
    if (this.#version === 3 && this.#exit !== null) this.#event(this.#exit.t, "x", String(this.#exit.code));
    return `${this.#lines.join("\n")}
`;
  }
  #flush() {
    if (this.#pending === null) return;
    const { t, text: text4 } = this.#pending;
    this.#pending = null;
    this.#event(t, "o", this.#terminal ? text4 : text4.replace(/\r?\n/g, "\r\n"));
  }
  #event(t, code2, data) {
    const time4 = this.#version === 2 ? t : Math.max(0, t - this.#last);
    this.#last = t;
    this.#lines.push(JSON.stringify([Math.round(time4 * 1e3) / 1e3, code2, data]));
  }
};

// src/collector.ts
var [, , files3, how] = process.argv;
var rehearsing = how === REHEARSE;
void collector(Number(files3), (conclusion) => derive(conclusion, { makeCast }), rehearsing).then(() => {
  if (rehearsing) keepCode();
  process.exit();
});
