const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
const { rmSync } = process.getBuiltinModule("node:fs");
const { open } = process.getBuiltinModule("node:fs/promises");
const { resolve } = process.getBuiltinModule("node:path");
const { closeSync, createReadStream, openSync, statSync } = process.getBuiltinModule("node:fs");
const { closeSync: closeSync2, openSync: openSync2 } = process.getBuiltinModule("node:fs");
const { setTimeout } = process.getBuiltinModule("node:timers/promises");
const { createHash } = process.getBuiltinModule("node:crypto");
const { createHash: createHash2 } = process.getBuiltinModule("node:crypto");
const { setTimeout: setTimeout2 } = process.getBuiltinModule("node:timers/promises");
const { createHash: createHash3 } = process.getBuiltinModule("node:crypto");
const http = process.getBuiltinModule("node:http");
const https = process.getBuiltinModule("node:https");
const { isUtf8 } = process.getBuiltinModule("node:buffer");
const { StringDecoder } = process.getBuiltinModule("node:string_decoder");
const { createHash: createHash4, timingSafeEqual } = process.getBuiltinModule("node:crypto");
const { createServer } = process.getBuiltinModule("node:http");
const { isIP } = process.getBuiltinModule("node:net");
const { spawn } = process.getBuiltinModule("node:child_process");
const { constants } = process.getBuiltinModule("node:os");
import {
  NdjsonWriter
} from "./shared-system-ndjson.js";
import {
  TIME,
  bounded
} from "./shared-guard-bounded.js";
import {
  byPlace,
  check,
  readYaml,
  spell
} from "./shared-policy-yaml.js";
import "./shared-yaml.js";
import {
  count,
  either,
  flag,
  isMap,
  list,
  map,
  named,
  number as number2,
  show,
  text
} from "./shared-policy-shape.js";
import {
  Redactor
} from "./shared-transcript-redact.js";
import {
  refuseShort,
  tooShort
} from "./shared-secrets-forms.js";
import {
  json
} from "./shared-cli-io.js";
import {
  lines
} from "./shared-system-lines.js";
import {
  expression,
  line,
  plainText,
  script
} from "./shared-policy-rules.js";
import {
  array,
  base64,
  custom,
  description,
  getDotPath,
  integer,
  literal,
  maxValue,
  minValue,
  number,
  optional,
  pipe,
  regex,
  safeParse,
  strictObject,
  string,
  tuple,
  unknown
} from "./shared-valibot.js";
import {
  parseTime
} from "./shared-policy-units.js";
import {
  parse,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import {
  LogSanitiser
} from "./shared-transcript-escapes.js";
import {
  UserError
} from "./shared-model-errors.js";
import {
  __callDispose,
  __using
} from "./shared-runtime.js";

// src/cli/model.ts

// src/scripted/cassette.ts

// src/scripted/json.ts
var NONE = {};
var fields = (value) => typeof value === "object" && value !== null && !Array.isArray(value) ? value : NONE;
var list2 = (value) => Array.isArray(value) ? value : [];
var text2 = (value) => typeof value === "string" ? value : "";
function textOf(content) {
  if (typeof content === "string") return content;
  const parts2 = Array.isArray(content) ? content : [content];
  return parts2.map((part) => typeof part === "string" ? part : text2(fields(part)["text"])).filter((part) => part !== "").join("\n");
}
function parsed(json3) {
  try {
    return JSON.parse(json3);
  } catch {
    return null;
  }
}

// src/scripted/cassette.ts
var SCHEMA = "agent-jail/cassette@1";
var MOST_OF_CASSETTE = 256 << 20;
var MOST_OF_ANSWER = 16 << 20;
var MOST_OF_LINE = 128 << 20;
var text3 = string();
var count2 = pipe(number(), integer(), minValue(0));
var entry = strictObject({
  /** `POST /v1/messages` */
  place: pipe(text3, regex(/^[A-Z]{1,20} \/[\x21-\x7e]*$/)),
  /** SHA-256 of place and body in its normal form. */
  key: pipe(text3, regex(/^[0-9a-f]{64}$/)),
  /** The body as JSON, or as text where it is none. */
  request: unknown(),
  status: pipe(count2, minValue(100), maxValue(599)),
  type: pipe(text3, regex(/^[\x20-\x7e]{0,200}$/)),
  retry_after: optional(pipe(text3, regex(/^[\x20-\x7e]{0,100}$/))),
  /** Exactly one of these: text, bytes, or pieces of text with the ms at which they came. */
  body: optional(text3),
  base64: optional(pipe(text3, base64())),
  events: optional(array(tuple([count2, text3]))),
  /** The connection died at the end of it. */
  cut: optional(literal(true))
});
var CassetteWriter = class {
  #fd;
  #lines;
  #size = 0;
  /** Throws what node:fs throws; EEXIST: nothing that is there is overwritten. */
  constructor(file, upstream) {
    this.#fd = openSync(file, "wx", 384);
    this.#lines = new NdjsonWriter(this.#fd, "cassette", { upstream });
  }
  get full() {
    return this.#size >= MOST_OF_CASSETTE - 2 * MOST_OF_ANSWER;
  }
  add(line2) {
    this.#size += JSON.stringify(line2).length;
    this.#lines.line(line2);
  }
  end() {
    this.#lines.end();
    closeSync(this.#fd);
  }
};
var isCassette = (head2) => head2.startsWith('{"schema":"agent-jail/cassette@');
async function readCassette(path, file) {
  const fail = (line2, message, remedy = RECORD) => new UserError([{ message, remedy, place: { file, line: line2, column: 1 } }]);
  if (statSync(path).size > MOST_OF_CASSETTE) throw fail(1, `the cassette has more than ${MOST_OF_CASSETTE >> 20} MiB`);
  const entries = [];
  let [number3, complete] = [0, false];
  for await (const line2 of lines(createReadStream(path), MOST_OF_LINE)) {
    number3 += 1;
    const value = parsed(line2);
    if (complete) throw fail(number3, "something stands after the last line of the cassette");
    if (value === null) break;
    if (number3 === 1) {
      if (value["schema"] !== SCHEMA) throw fail(1, `this version of agent-jail reads ${SCHEMA} only`);
    } else if (value["end"] === true) {
      if (value["lines"] !== entries.length) throw fail(number3, `the last line does not count ${entries.length} requests`);
      complete = true;
    } else {
      const result = safeParse(entry, value, { abortEarly: true });
      if (!result.success)
        throw fail(number3, `not a recorded request: ${getDotPath(result.issues[0]) ?? ""}: ${result.issues[0].message}`);
      const { body, base64: base642, events } = result.output;
      if ([body, base642, events].filter((one) => one !== void 0).length !== 1) {
        throw fail(number3, "not a recorded request: it needs exactly one of body, base64, events");
      }
      entries.push(result.output);
    }
  }
  if (entries.length === 0) throw fail(Math.max(number3, 1), "the cassette holds no request");
  return { entries, complete };
}
var RECORD = "Record it again: agent-jail model --record FILE --upstream URL.";

// src/scripted/log.ts

// src/scripted/clean.ts
function cleanJson(value, clean) {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map((item) => cleanJson(item, clean));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [clean(key), cleanJson(item, clean)]));
}

// src/scripted/log.ts
var MOST = 64 << 20;
var ModelLog = class {
  #fd;
  #lines;
  #clean;
  #size = 0;
  #more = 0;
  /** Throws what node:fs throws. */
  constructor(file, clean) {
    this.#fd = openSync2(file, "w", 384);
    this.#lines = new NdjsonWriter(this.#fd, "model-log");
    this.#clean = clean;
  }
  line(value) {
    const clean = cleanJson(value, this.#clean);
    this.#size += JSON.stringify(clean).length;
    if (this.#size > MOST) this.#more += 1;
    else this.#lines.line(clean);
  }
  end() {
    this.#lines.end({ more: this.#more });
    closeSync2(this.#fd);
  }
};

// src/scripted/model.ts

// src/scripted/answers.ts
var TooSlow = class extends Error {
};
var LOOKED_AT = 1 << 16;
function choose(answers2, inputs, lucky2, time = TIME) {
  let left = time;
  const matches = (at2, key, expression2, text4) => {
    const result = bounded(() => expression2.test(text4), left);
    if (!result.ok) throw new TooSlow(`[${at2}].when.${key} takes more than ${time / 1e3} s on what the agent wrote`);
    left -= result.ms;
    return result.value;
  };
  let at = 0;
  let failures = [];
  for (const [turn, input] of inputs.entries()) {
    failures = [];
    if (turn > 0) at += 1;
    for (let answer2 = answers2[at]; answer2 !== void 0; answer2 = answers2[at]) {
      const where = at;
      const taken = holds(answer2.when, input, (...what) => matches(where, ...what)) && (answer2.chance === 1 || lucky2(at, answer2.chance));
      if (taken && answer2.failure === null) break;
      if (taken) failures.push(at);
      at += 1;
    }
  }
  return { failures, answer: at < answers2.length ? at : null };
}
function holds(when2, { text: text4, results }, matches) {
  if (when2 === null) return true;
  const [said, told] = [text4.slice(-LOOKED_AT), results.slice(-LOOKED_AT)];
  return (when2.contains === null || text4.includes(when2.contains)) && (when2.matches === null || matches("matches", when2.matches, said)) && (when2.toolResult === null || results !== "" && matches("tool-result", when2.toolResult, told));
}
function answersFor({ answers: answers2, models: models2 }, model) {
  const own = models2.get(model);
  if (own !== void 0) return own;
  const fitting = [...models2.keys()].filter((name) => name.endsWith("*") && model.startsWith(name.slice(0, -1)));
  const best = fitting.toSorted((a, b) => b.length - a.length)[0];
  return (best === void 0 ? null : models2.get(best)) ?? answers2;
}

// src/scripted/conversation.ts
var ID = /jail_(\d{1,9})_(\d{1,9})(?:_\d{1,9})?$/;
var answerId = (conversation, turn) => `jail_${conversation}_${turn}`;
var callId = (answer2, n) => `${answer2}_${n}`;
function numberIn(messages) {
  const ids = messages.flatMap((message) => message.by === "model" ? message.calls : []);
  const known = ids.flatMap((id) => ID.exec(id)?.[1] ?? []);
  const last = known.at(-1);
  return last === void 0 ? null : Number(last);
}
var numberOf = (answer2) => {
  const [, number3] = ID.exec(answer2) ?? [];
  return number3 === void 0 ? null : Number(number3);
};
function inputsOf(messages, script2) {
  const says = new Set(script2.map(({ say }) => plain(say)).filter((say) => say !== ""));
  const inputs = [];
  let [texts, results] = [[], []];
  let ours = false;
  const end = () => {
    if (!ours) return;
    inputs.push(inputOf(texts, results));
    [texts, results, ours] = [[], [], false];
  };
  for (const message of messages) {
    if (message.by === "model") {
      ours ||= message.calls.length > 0 || says.has(plain(message.text));
    } else {
      end();
      texts?.push(message.text);
      if (message.by === "tool") results?.push(message.text);
    }
  }
  end();
  return [...inputs, inputOf(texts, results)];
}
var inputOf = (texts = [], results = []) => ({
  text: texts.join("\n"),
  results: results.join("\n")
});
var plain = (text4) => text4.replace(/\s+/g, " ").trim();
function lucky(seed, conversation, at, chance) {
  const digest2 = createHash("sha256").update(`${seed} ${conversation} ${at}`).digest();
  return digest2.readUIntBE(0, 6) / 2 ** 48 < chance;
}

// src/scripted/conversations.ts
var MOST2 = 1e4;
var [MOST_OF_TEXT, MOST_TEXT] = [1 << 16, 1 << 25];
var Conversations = class {
  #known = /* @__PURE__ */ new Map();
  /** SHA-256 of what a conversation began with, to the last one that did. */
  #begun = /* @__PURE__ */ new Map();
  #inputs = /* @__PURE__ */ new Map();
  #kept = 0;
  #last = 0;
  /**
   * Number of a conversation, from 1. `told`: as the ids in it say. Without one it is the latest that began with the same words, unless that
   * has been answered and this one is at its beginning.
   */
  number(told, inputs) {
    if (told !== null && told >= 1 && told <= this.#last) return told;
    const beginning2 = createHash2("sha256").update(inputs[0]?.text ?? "").digest("base64");
    const latest = this.#begun.get(beginning2);
    const known = latest === void 0 ? void 0 : this.#known.get(latest);
    if (latest !== void 0 && known !== void 0 && !(inputs.length === 1 && known.answered)) return latest;
    this.#last += 1;
    put(this.#begun, beginning2, this.#last);
    return this.#last;
  }
  /** How many failures this turn has had in a row. */
  failures(number3, turn) {
    const known = this.#known.get(number3);
    return known?.turn === turn ? known.failed : 0;
  }
  /** Notes how a turn went. */
  note(number3, turn, failed2) {
    const before = this.failures(number3, turn);
    put(this.#known, number3, { turn, failed: failed2 ? before + 1 : before, answered: !failed2 });
  }
  /** What led to an answer; undefined: forgotten, or never given. */
  before(answer2) {
    return this.#inputs.get(answer2);
  }
  remember(answer2, inputs) {
    this.#forget(answer2);
    const cut = inputs.map(({ text: text4, results }) => ({ text: text4.slice(-MOST_OF_TEXT), results: results.slice(-MOST_OF_TEXT) }));
    this.#inputs.set(answer2, cut);
    this.#kept += size(cut);
    for (const oldest of this.#inputs.keys()) {
      if (this.#kept <= MOST_TEXT) break;
      this.#forget(oldest);
    }
  }
  #forget(answer2) {
    this.#kept -= size(this.#inputs.get(answer2) ?? []);
    this.#inputs.delete(answer2);
  }
};
var size = (inputs) => inputs.reduce((sum, { text: text4, results }) => sum + text4.length + results.length, 0);
function put(map2, key, value) {
  map2.delete(key);
  map2.set(key, value);
  if (map2.size > MOST2) map2.delete(map2.keys().next().value);
}

// src/scripted/exchange.ts
function sendJson(response2, status, value, headers = {}) {
  const body = Buffer.from(JSON.stringify(value));
  response2.writeHead(status, { "content-type": "application/json", "content-length": body.length, ...headers });
  response2.end(body);
}
function refuse({ wire }, response2, status, problem2, details = {}) {
  sendJson(response2, status, wire.error(status, `agent-jail model: ${problem2}`));
  return { status, answer: "none", problem: problem2, details };
}

// src/scripted/schema.ts
var HOUR = 36e5;
var MOST_TOKENS = 1e9;
function delay(said) {
  const ms = parseTime(said);
  if (ms > HOUR) throw new Error(`${JSON.stringify(said)} is out of range: up to 1h`);
  return ms;
}
function words(said) {
  if (said.trim() === "") throw new Error("the text is empty");
  return plainText(said);
}
function modelName(name) {
  if (/\*./.test(line(name))) throw new Error(`${JSON.stringify(name)}: \`*\` stands only at the end, for any rest`);
  return name;
}
var tool = map(
  {
    tool: text("the name of a tool", line, "the name, as the agent offers it"),
    arguments: optional(
      pipe(
        custom(isMap, ({ input }) => `${show(input)} is not a map of arguments`),
        description("what it is called with, as it is")
      ),
      {}
    )
  },
  "one tool of the agent, by its own name"
);
var when = map(
  {
    contains: optional(text("text", plainText, "text in what the model was told last: by the user, or by tools")),
    matches: optional(text("a regular expression", expression, "the same by a regular expression")),
    "tool-result": optional(text("a regular expression", expression, "looked for in what tools gave, and only there"))
  },
  "taken only if all of this holds; otherwise the next answer is looked at"
);
var error = map(
  {
    status: count(400, 599, "the HTTP status, such as 429 or 529"),
    message: optional(text("text", line, "what the error says"), "the script has it fail"),
    "retry-after": optional(count(0, 86400, "seconds, for the header of this name"))
  },
  "an error of the API, in its own format"
);
var usage = map(
  {
    input: optional(count(0, MOST_TOKENS, "tokens of the request, all of them"), 1200),
    output: optional(count(0, MOST_TOKENS, "tokens of the answer"), 40),
    cached: optional(count(0, MOST_TOKENS, "how many of `input` came from a cache"), 0)
  },
  "tokens that the answer says it took"
);
var answer = map(
  {
    say: optional(text("text", words, "what it says")),
    run: optional(text("a command", script, "a command, by whatever tool of the agent runs one")),
    write: optional(
      map(
        {
          path: text("a path", line, "the file, as the agent shall name it"),
          content: text("text", plainText, "all that shall stand in it")
        },
        "a file, by the tool of the agent that writes one, or else by its shell"
      )
    ),
    read: optional(text("a path", line, "a file, by the tool of the agent that reads one, or else by its shell")),
    call: optional(
      either([tool, list(tool, "several at once")], "a map with tool, arguments, or a list of them", "tools by their own names")
    ),
    usage: optional(usage),
    delay: optional(text("a time", delay, "how long the model thinks, up to 1h")),
    error: optional(error),
    cut: optional(flag("the connection dies in the middle of the answer"), false),
    times: optional(count(1, 1e3, "how often `error` or `cut` is given before the next answer; default: 1")),
    when: optional(when),
    chance: optional(number2(0, 1, "of being taken; otherwise the next answer is looked at"), 1)
  },
  "an answer of the model"
);
var answers = list(answer, "answers of the model, in order; each conversation begins at the first");
var scriptSchema = map(
  {
    version: optional(count(1, 1, "version of this format"), 1),
    answers: optional(answers),
    models: optional(named(modelName, answers, "answers by the name of the model; `*` at the end stands for any rest"), {}),
    default: optional(answer),
    aside: optional(text("text", plainText, "what requests without tools get, where the answers need some"), "An aside.")
  },
  "What a scripted model answers."
);

// src/scripted/parse.ts
var MOST_ANSWERS = 1e4;
var USAGE = { input: 1200, output: 40, cached: 0 };
var CONTENT = ["say", "run", "write", "read", "call"];
function parseScript(text4, file) {
  const source = readYaml(text4, file, "a script, such as `answers: [{ say: hello }]`");
  const user = check(scriptSchema, source);
  const lists = Object.entries(user.models).map(([name, list3]) => [["models", name], list3]);
  if (user.answers !== void 0) lists.unshift([["answers"], user.answers]);
  const problems = [
    ...lists.flatMap(([path, list3]) => wrongList(list3, path, source)),
    ...user.default === void 0 ? [] : wrongDefault(user.default, source)
  ];
  if (lists.length === 0) problems.push(problem(source, [], "there are no answers", "Write `answers:` with a list, or `models:`."));
  if (problems.length > 0) throw new UserError(problems.sort(byPlace));
  const listOf = (path, list3) => ({ name: spell(path), answers: list3.map(answerOf) });
  return {
    answers: user.answers === void 0 ? null : listOf(["answers"], user.answers),
    models: new Map(Object.entries(user.models).map(([name, list3]) => [name, listOf(["models", name], list3)])),
    default: user.default === void 0 ? null : answerOf(user.default),
    aside: user.aside
  };
}
var problem = (source, path, message, remedy = "") => ({
  message: path.length === 0 ? message : `${spell(path)}: ${message}`,
  remedy,
  place: source.place(path)
});
function wrongList(list3, path, source) {
  if (list3.length === 0) return [problem(source, path, "the list of answers is empty", "Write at least one, such as `- say: hello`.")];
  if (list3.length > MOST_ANSWERS) return [problem(source, path, `there are ${list3.length} answers`, `At most ${MOST_ANSWERS} are read.`)];
  return list3.flatMap((user, at) => wrongAnswer(user, [...path, at], source));
}
function wrongAnswer(user, path, source) {
  const content = CONTENT.filter((key) => user[key] !== void 0);
  const found = [];
  const add = (key, message, remedy = "") => void found.push(problem(source, key === null ? path : [...path, key], message, remedy));
  if (content.length === 0 && user.error === void 0 && !user.cut) {
    add(null, "the answer is nothing", `Write one of ${CONTENT.join(", ")}, error, cut.`);
  }
  const beside = user.error === void 0 ? void 0 : content[0] ?? (user.cut ? "cut" : void 0);
  if (beside !== void 0) add(beside, "an answer with `error` is nothing else", "Make two answers of it.");
  if (user.times !== void 0 && user.error === void 0 && !user.cut) {
    add("times", "only answers with `error` or `cut` are given several times", "Write the answer as often as it is to be given.");
  }
  if (user.usage !== void 0 && user.usage.cached > user.usage.input) {
    add("usage", `cached is ${user.usage.cached}, and input ${user.usage.input}`, "`input` counts what came from the cache as well.");
  }
  if (user.when !== void 0 && Object.keys(user.when).length === 0) add("when", "there is no condition", "Leave it out, or write one.");
  if (Array.isArray(user.call) && user.call.length === 0) add("call", "the list is empty", "Leave it out, or name a tool.");
  return found;
}
function wrongDefault(user, source) {
  const without = ["when", "chance", "times"].filter((key) => key === "chance" ? user.chance !== 1 : user[key] !== void 0);
  return [
    ...wrongAnswer(user, ["default"], source),
    ...without.map((key) => problem(source, ["default", key], "the default answer is given always", "Leave it out."))
  ];
}
function answerOf(user) {
  return {
    say: user.say ?? "",
    calls: callsOf(user),
    usage: user.usage ?? USAGE,
    delay: user.delay === void 0 ? 0 : delay(user.delay),
    failure: failureOf(user),
    times: user.times ?? 1,
    when: user.when === void 0 ? null : whenOf(user.when),
    chance: user.chance
  };
}
function callsOf({ run, write, read, call }) {
  const tools = call === void 0 ? [] : Array.isArray(call) ? call : [call];
  return [
    ...run === void 0 ? [] : [{ kind: "run", command: run }],
    ...write === void 0 ? [] : [{ kind: "write", ...write }],
    ...read === void 0 ? [] : [{ kind: "read", path: read }],
    ...tools.map((tool2) => ({ kind: "tool", ...tool2 }))
  ];
}
function failureOf({ error: error3, cut }) {
  if (error3 === void 0) return cut ? { kind: "cut" } : null;
  return { kind: "error", status: error3.status, message: error3.message, retryAfter: error3["retry-after"] ?? null };
}
function whenOf(user) {
  const expression2 = (text4) => text4 === void 0 ? null : expressionOf(text4);
  return { contains: user.contains ?? null, matches: expression2(user.matches), toolResult: expression2(user["tool-result"]) };
}
function expressionOf(text4) {
  try {
    return new RegExp(text4, "u");
  } catch {
    return new RegExp(text4);
  }
}

// src/scripted/stream.ts
function bodyOf(wire, asked, said, events) {
  if (!asked.stream) return { type: "application/json", chunks: [json2(wire.json(asked, said))] };
  const all = wire.events(asked, said);
  if (events) return { type: "text/event-stream", chunks: all.map(eventText) };
  return { type: "application/json", chunks: [json2(all.map(({ data }) => data))] };
}
var json2 = (value) => Buffer.from(JSON.stringify(value));
var eventText = ({ event, data }) => Buffer.from(`${event === void 0 ? "" : `event: ${event}
`}data: ${typeof data === "string" ? data : JSON.stringify(data)}

`);
function send(response2, { type, chunks }) {
  begin(response2, type, chunks);
  for (const chunk of chunks) response2.write(chunk);
  response2.end();
}
async function sendCut(response2, { type, chunks }) {
  begin(response2, type, chunks);
  const all = Buffer.concat(chunks);
  const half = all.subarray(0, Math.ceil(all.length / 2));
  await new Promise((resolve2) => response2.write(half, () => resolve2()));
  response2.destroy();
}
function begin(response2, type, chunks) {
  const events = type === "text/event-stream";
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  response2.writeHead(200, { "content-type": type, ...events ? { "cache-control": "no-cache" } : { "content-length": length } });
}

// src/scripted/tools.ts
var SHELL = {
  names: ["Bash", "bash", "run_shell_command", "exec_command", "shell_command", "shell", "execute_command", "run_terminal_cmd", "run_commands", "terminal"],
  command: ["command", "cmd", "commands", "script"]
};
var WRITE = {
  names: ["Write", "write", "write_file", "write_to_file", "create_file"],
  content: ["content", "contents", "file_text", "text"]
};
var READ = { names: ["Read", "read", "read_file", "view_file"] };
var PATH = ["file_path", "filePath", "absolute_path", "target_file", "path"];
var TAKES = { exec_command: "cmd", run_commands: "commands" };
var WORDS = ["command", "cmd"];
var NoSuchTool = class extends Error {
  name = "NoSuchTool";
};
function callOf(call, tools) {
  switch (call.kind) {
    case "run": {
      const shell = oneOf(tools, SHELL.names);
      if (shell === null) throw none("a tool that runs a command", "`run`", tools);
      return { name: shell.name, args: shellArgs(shell, call.command), custom: shell.custom };
    }
    case "write": {
      const tool2 = oneOf(tools, WRITE.names);
      if (tool2 !== null) return of(tool2, { [named2(tool2, PATH, "path")]: call.path, [named2(tool2, WRITE.content, "content")]: call.content });
      if (oneOf(tools, SHELL.names) === null) throw none("a tool that writes a file, or runs a command", "`write`", tools);
      const target = quote(call.path);
      const command = `mkdir -p -- "$(dirname -- ${target})" && printf %s ${quote(call.content)} > ${target}`;
      return callOf({ kind: "run", command }, tools);
    }
    case "read": {
      const tool2 = oneOf(tools, READ.names);
      if (tool2 !== null) return of(tool2, { [named2(tool2, PATH, "path")]: call.path });
      if (oneOf(tools, SHELL.names) === null) throw none("a tool that reads a file, or runs a command", "`read`", tools);
      return callOf({ kind: "run", command: `cat -- ${quote(call.path)}` }, tools);
    }
    case "tool": {
      const tool2 = tools.find(({ name }) => name === call.tool);
      if (tool2 === void 0) throw none(`a tool ${JSON.stringify(call.tool)}`, "`call`", tools);
      return of(tool2, call.arguments);
    }
  }
}
var of = ({ name, custom: custom2 }, args) => ({ name, args, custom: custom2 });
var oneOf = (tools, names) => names.flatMap((wanted) => tools.find(({ name }) => name === wanted) ?? [])[0] ?? null;
var named2 = ({ properties }, names, usual) => names.find((name) => Object.hasOwn(properties, name)) ?? usual;
function shellArgs(tool2, command) {
  if (tool2.custom) return { input: command };
  const key = named2(tool2, SHELL.command, TAKES[tool2.name] ?? "command");
  const list3 = fields(tool2.properties[key])["type"] === "array" || key === "commands";
  const value = !list3 ? command : WORDS.includes(key) ? ["bash", "-c", command] : [command];
  return { [key]: value, ...Object.hasOwn(tool2.properties, "description") ? { description: "the next step of the script" } : {} };
}
function none(what, key, tools) {
  const names = tools.map(({ name }) => name.slice(0, 80));
  const offered = names.length === 0 ? "none at all" : `${names.slice(0, 20).join(", ")}${names.length > 20 ? ", …" : ""}`;
  return new NoSuchTool(`${key} needs ${what}, and the request offers ${offered}`);
}
var quote = (text4) => `'${text4.replaceAll("'", "'\\''")}'`;

// src/scripted/model.ts
var BROKEN = "This answer breaks off in the middle.";
var ScriptedModel = class {
  #script;
  #seed;
  #conversations = new Conversations();
  constructor(script2, seed = 0) {
    this.#script = script2;
    this.#seed = seed;
  }
  async answer(request, response2) {
    const { wire } = request;
    const aside = wire.aside(request, [...this.#script.models.keys()]);
    if (aside !== null) return plain2(response2, aside);
    const body = parsed(request.body.toString());
    const asked = wire.read(request, fields(body));
    if (asked === null) return refuse(request, response2, 404, `${request.method} ${request.path} is not known here`);
    if (fields(body) !== body) return refuse(request, response2, 400, "the body of the request is no JSON object");
    const answers2 = answersFor(this.#script, asked.model);
    if (answers2 === null) {
      return refuse(request, response2, 404, `the script has no answers for the model ${JSON.stringify(asked.model.slice(0, 80))}`);
    }
    if (asked.tools.length === 0 && answers2.answers.some(({ calls }) => calls.length > 0)) {
      const said = { id: answerId(0, 0), text: this.#script.aside, calls: [], usage: USAGE };
      send(response2, bodyOf(wire, asked, said, wantsEvents(request)));
      return { status: 200, answer: "aside", problem: null };
    }
    return await this.#next(request, response2, asked, answers2);
  }
  async #next(request, response2, asked, answers2) {
    const inputs = this.#inputs(asked, answers2);
    if (inputs === null) return refuse(request, response2, 400, "there is no answer with this previous_response_id");
    const told = asked.after === null ? numberIn(asked.messages) : numberOf(asked.after);
    const number3 = this.#conversations.number(told, inputs);
    const turn = inputs.length - 1;
    const details = { conversation: number3, turn: turn + 1 };
    let next;
    try {
      next = this.#choose(answers2, inputs, number3, turn);
    } catch (error3) {
      if (!(error3 instanceof TooSlow)) throw error3;
      return refuse(request, response2, 400, `${answers2.name}${error3.message}: make it simpler`, details);
    }
    if (next === null) {
      const end = `the script has ended: ${answers2.name} has no answer ${turn + 1} for this conversation`;
      return refuse(request, response2, 400, `${end}, and there is no \`default\``, details);
    }
    if (next.answer.delay > 0 && !await waited(next.answer.delay, response2)) {
      return { status: 0, answer: next.name, problem: "the client went away before the answer", details };
    }
    try {
      const said = saidOf(next, asked);
      this.#conversations.note(number3, turn, next.failure !== null);
      if (asked.stored) this.#conversations.remember(next.id, inputs);
      return { ...await give(request, response2, asked, next, said), details };
    } catch (error3) {
      if (!(error3 instanceof NoSuchTool)) throw error3;
      return refuse(request, response2, 400, `${next.name}: ${error3.message}`, details);
    }
  }
  /** null: they follow an answer that is not known. */
  #inputs(asked, answers2) {
    const all = this.#script.default === null ? answers2.answers : [...answers2.answers, this.#script.default];
    const own = inputsOf(asked.messages, all);
    if (asked.after === null) return own;
    const before = this.#conversations.before(asked.after);
    return before === void 0 ? null : [...before, ...own];
  }
  #choose({ name, answers: answers2 }, inputs, number3, turn) {
    const choice = choose(answers2, inputs, (at2, chance) => lucky(this.#seed, number3, at2, chance));
    const failures = choice.failures.flatMap((at2) => Array.from({ length: answers2[at2]?.times ?? 0 }, () => at2));
    const failed2 = failures[this.#conversations.failures(number3, turn)];
    const at = failed2 ?? choice.answer;
    const answer2 = at === null ? this.#script.default : answers2[at];
    if (answer2 === null || answer2 === void 0) return null;
    return { id: answerId(number3, turn), answer: answer2, failure: answer2.failure, name: at === null ? "default" : `${name}[${at}]` };
  }
};
function saidOf({ id, answer: answer2 }, { tools }) {
  const calls = answer2.calls.map((call, n) => ({ ...callOf(call, tools), id: callId(id, n) }));
  const text4 = answer2.say === "" && calls.length === 0 ? BROKEN : answer2.say;
  return { id, text: text4, calls, usage: answer2.usage };
}
async function give(request, response2, asked, { name, failure }, said) {
  const { wire } = request;
  if (failure?.kind === "error") {
    const { status, message, retryAfter } = failure;
    sendJson(response2, status, wire.error(status, message), retryAfter === null ? {} : { "retry-after": String(retryAfter) });
    return { status, answer: name, problem: null };
  }
  const body = bodyOf(wire, asked, said, wantsEvents(request));
  if (failure?.kind === "cut") await sendCut(response2, body);
  else send(response2, body);
  return { status: 200, answer: name, problem: null };
}
var wantsEvents = ({ wire, query }) => wire.name !== "gemini" || query.get("alt") === "sse";
function plain2(response2, value) {
  sendJson(response2, 200, value);
  return { status: 200, answer: "aside", problem: null };
}
async function waited(ms, response2) {
  const gone = new AbortController();
  const leave = () => gone.abort();
  response2.once("close", leave);
  try {
    await setTimeout(ms, void 0, { signal: gone.signal });
    return true;
  } catch {
    return false;
  } finally {
    response2.off("close", leave);
  }
}

// src/scripted/player.ts

// src/scripted/difference.ts
var MOST_LEAVES = 5e4;
var SHOWN = 160;
function leaves(value) {
  const found = /* @__PURE__ */ new Map();
  const walk = (item, at) => {
    if (found.size >= MOST_LEAVES) return;
    if (typeof item !== "object" || item === null) found.set(at, typeof item === "string" ? item : JSON.stringify(item));
    else if (Array.isArray(item)) item.forEach((one, n) => walk(one, `${at}[${n}]`));
    else for (const [key, one] of Object.entries(item)) walk(one, at === "" ? key : `${at}.${key}`);
  };
  walk(value, "");
  return found;
}
function common(a, b) {
  let same2 = 0;
  for (const [at, value] of a) if (b.get(at) === value) same2 += 1;
  return same2;
}
function differences(recorded, asked, most = 5) {
  const places = [.../* @__PURE__ */ new Set([...recorded.keys(), ...asked.keys()])].filter((at) => recorded.get(at) !== asked.get(at));
  return places.slice(0, most).map((at) => {
    const [a, b] = [recorded.get(at) ?? null, asked.get(at) ?? null];
    const from = Math.max(0, firstDifference(a ?? "", b ?? "") - SHOWN / 4);
    return { at: at.slice(0, 200), recorded: shown(a, from), asked: shown(b, from) };
  });
}
var shown = (text4, from) => text4 === null ? null : `${from > 0 ? "…" : ""}${text4.slice(from, from + SHOWN)}${text4.length > from + SHOWN ? "…" : ""}`;
function firstDifference(a, b) {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

// src/scripted/normal.ts
var UNASKED = /* @__PURE__ */ new Set([
  "metadata",
  "client_metadata",
  "user",
  "safety_identifier",
  "prompt_cache_key",
  "session_id",
  "request_id"
]);
var DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*";
var MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*";
var CHANGING = [
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, "<id>"],
  [/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, "<id>"],
  [/\b(?:toolu|call|fc|ctc|msg|resp|rs|req|chatcmpl)[_-](?=[A-Za-z_-]{0,64}\d)[A-Za-z0-9_-]{6,}/g, "<id>"],
  [/\bagent-jail-placeholder-[A-Za-z0-9_-]+/g, "<key>"],
  [/\b1[5-9]\d{8}(?:\d{3})?\b/g, "<time>"],
  [/\b(?=[a-f]*\d)[0-9a-f]{12,64}\b/g, "<hex>"],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?Z| ?[+-]\d\d:?\d\d)?)?/g, "<date>"],
  [new RegExp(`\\b(?:${DAY},? )?(?:${MONTH} \\d{1,2}|\\d{1,2} ${MONTH})(?:,? \\d{4})?\\b`, "g"), "<date>"],
  [/\b\d{1,2}\/\d{1,2}\/\d{4}\b/g, "<date>"],
  [/\b\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?: ?[AP]M)?(?: (?:UTC|GMT))?/g, "<time>"],
  [/(?<=\/tmp\/)[^/\s"'`]+/g, "<name>"],
  [/(?<=\b(?:localhost|127\.0\.0\.1):)\d+/g, "<port>"],
  [/\b\d+(?:\.\d+)? ?(?:ms|s|secs?|seconds?|milliseconds?)\b/g, "<duration>"]
];
function normal(body) {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return plain3(body);
  return plain3(Object.fromEntries(Object.entries(body).filter(([key]) => !UNASKED.has(key))));
}
function plain3(value) {
  if (typeof value === "string") return CHANGING.reduce((text4, [pattern, name]) => text4.replace(pattern, name), value);
  if (Array.isArray(value)) return value.map(plain3);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([key, item]) => [key, plain3(item)]));
}
var placeOf = (method, { path, query }) => `${method} ${path}${query.get("alt") === "sse" ? "?alt=sse" : ""}`;
var keyOf = (place, body) => createHash3("sha256").update(place).update("\0").update(JSON.stringify(body)).digest("hex");

// src/scripted/player.ts
var COMPARED = 500;
var Player = class {
  #options;
  #all;
  /** What is still to be given, by key or place. */
  #queues = /* @__PURE__ */ new Map();
  constructor(entries, options) {
    this.#options = options;
    this.#all = entries.map((entry2, n) => ({ entry: entry2, number: n + 1 }));
    for (const one of this.#all) {
      const key = options.loose ? one.entry.place : keyOf(one.entry.place, normal(one.entry.request));
      const queue = this.#queues.get(key);
      if (queue === void 0) this.#queues.set(key, [one]);
      else queue.push(one);
    }
  }
  async answer(request, response2) {
    const place = placeOf(request.method, request);
    const text4 = request.body.toString();
    const asked = normal(cleanJson(parsed(text4) ?? text4, this.#options.clean));
    const found = this.#take(this.#options.loose ? place : keyOf(place, asked));
    if (found === null) return this.#unknown(request, response2, place, asked);
    await play(found.entry, response2, this.#options.pace);
    return { status: found.entry.status, answer: `request ${found.number}`, problem: null };
  }
  #take(key) {
    const queue = this.#queues.get(key) ?? [];
    if (queue.length > 1 || this.#options.loose) return queue.shift() ?? null;
    return queue[0] ?? null;
  }
  #unknown(request, response2, place, asked) {
    const candidates = this.#all.filter(({ entry: entry2 }) => entry2.place === place).slice(0, COMPARED);
    if (candidates.length === 0) return refuse(request, response2, 404, `no request to ${place} was recorded`);
    if (this.#options.loose) return refuse(request, response2, 400, `all ${candidates.length} recorded requests to ${place} were answered`);
    const own = leaves(asked);
    const compared = candidates.map(({ entry: entry2, number: number3 }) => {
      const other = leaves(normal(entry2.request));
      return { number: number3, other, score: common(own, other) - Math.abs(own.size - other.size) / 2 };
    });
    const nearest = compared.reduce((best, one) => one.score > best.score ? one : best);
    const found = differences(nearest.other, own);
    const where = found.map(({ at }) => at).join(", ");
    const problem2 = `no recorded request is the same; the nearest is number ${nearest.number}, which differs at ${where}`;
    return refuse(request, response2, 400, problem2, { nearest: nearest.number, differences: found });
  }
};
async function play({ status, type, retry_after: retry, body, base64: base642, events = [], cut }, response2, pace) {
  const whole3 = body !== void 0 ? Buffer.from(body) : base642 !== void 0 ? Buffer.from(base642, "base64") : null;
  const length = whole3 === null ? {} : { "content-length": whole3.length + (cut === true ? 1 : 0) };
  response2.writeHead(status, {
    ...type === "" ? {} : { "content-type": type },
    ...retry === void 0 ? {} : { "retry-after": retry },
    ...length
  });
  const began = performance.now();
  for (const [at, piece] of whole3 === null ? events : []) {
    const wait = at - (performance.now() - began);
    if (pace && wait > 1) await setTimeout2(wait);
    if (response2.destroyed) return;
    response2.write(piece);
  }
  if (cut !== true) return void response2.end(whole3 ?? void 0);
  await new Promise((resolve2) => response2.write(whole3 ?? "", () => resolve2()));
  response2.destroy();
}

// src/scripted/recorder.ts

// src/scripted/keys.ts
var KEY_HEADERS = ["x-api-key", "authorization", "x-goog-api-key", "api-key"];
function keysOf(headers, query) {
  const found = [...KEY_HEADERS.map((name) => headers[name]), query.get("key")];
  return found.flatMap((value) => typeof value === "string" && value !== "" ? [value.replace(/^Bearer +/i, "")] : []);
}
function judgeKeys(keys, needed) {
  if (keys.length === 0) return "none";
  if (needed === null) return "given";
  return keys.every((key) => same(key, needed)) ? "right" : "wrong";
}
var same = (a, b) => timingSafeEqual(digest(a), digest(b));
var digest = (text4) => createHash4("sha256").update(text4).digest();

// src/scripted/recorder.ts
var SILENCE = 6e5;
var KEPT_BACK = /* @__PURE__ */ new Set([
  "connection",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "host",
  "content-length",
  "accept-encoding",
  "cookie",
  "forwarded",
  "x-forwarded-for"
]);
var WITH_OUR_KEY = [
  /^(?:GET|HEAD) (?:\/v1(?:beta|alpha)?)?\/models(?:\/[^/]*)?$/,
  /^POST \/v1\/messages(?:\/count_tokens)?$/,
  /^POST (?:\/v1)?\/(?:responses|chat\/completions)$/,
  /^POST \/v1(?:beta|alpha)?\/models\/[^/]*:(?:generateContent|streamGenerateContent|countTokens)$/
];
var LEAST_KEY = 8;
var Recorder = class {
  #options;
  #number = 0;
  constructor(options) {
    this.#options = options;
  }
  async answer(request, response2) {
    const { cassette, clean, key } = this.#options;
    const asks = `${request.method} ${request.path}`;
    if (key !== null && !WITH_OUR_KEY.some((one) => one.test(asks)))
      return refuse(request, response2, 403, `the key is not lent for ${asks}`);
    if (cassette.full) return refuse(request, response2, 500, "the cassette is full");
    let answer2;
    try {
      answer2 = await this.#ask(request, response2);
    } catch (error3) {
      return refuse(request, response2, 502, `the model server could not be asked: ${clean(error3.message)}`);
    }
    if ((answer2.headers["content-encoding"] ?? "identity") !== "identity") {
      answer2.destroy();
      return refuse(request, response2, 502, "the model server compressed its answer, though it was not to");
    }
    const status = answer2.statusCode ?? 502;
    const heard = await this.#passOn(answer2, response2, status);
    if (heard.problem !== null) return { status, answer: "none", problem: heard.problem };
    const keys = keysOf(request.headers, request.query).filter((key2) => key2.length >= LEAST_KEY);
    const hide = (text5) => keys.reduce((rest, key2) => rest.replaceAll(key2, "[redacted key]"), clean(text5));
    const place = placeOf(request.method, request);
    const text4 = request.body.toString();
    const asked = cleanJson(parsed(text4) ?? text4, hide);
    const { type, retry } = headersOf(answer2);
    cassette.add({
      place,
      key: keyOf(place, normal(asked)),
      request: asked,
      status,
      type,
      ...retry === null ? {} : { retry_after: retry },
      ...bodyOf2(heard.chunks, type.startsWith("text/event-stream"), hide),
      ...heard.cut ? { cut: true } : {}
    });
    this.#number += 1;
    return { status, answer: `request ${this.#number}`, problem: heard.cut ? "the model server broke off" : null };
  }
  #ask(request, response2) {
    const { upstream, key } = this.#options;
    const url = new URL(upstream);
    const asked = URL.parse(request.url, "http://model");
    url.pathname = `${upstream.pathname.replace(/\/$/, "")}${asked?.pathname ?? "/"}`;
    url.search = asked?.search ?? "";
    if (key !== null) url.searchParams.delete("key");
    const headers = { ...headersFor(request, key), "content-length": request.body.length };
    return new Promise((resolve2, reject) => {
      const { request: ask } = url.protocol === "https:" ? https : http;
      const asking = ask(url, { method: request.method, headers, timeout: SILENCE }, resolve2);
      asking.on("error", reject).on("timeout", () => asking.destroy(new Error("it is silent")));
      response2.once("close", () => asking.destroy(new Error("the client went away")));
      asking.end(request.body);
    });
  }
  /** Unbuffered: what the server sends is passed on when it comes. */
  async #passOn(answer2, response2, status) {
    const { type, retry } = headersOf(answer2);
    response2.writeHead(status, { ...type === "" ? {} : { "content-type": type }, ...retry === null ? {} : { "retry-after": retry } });
    response2.flushHeaders();
    const scrubber = this.#options.scrubber();
    const chunks = [];
    const began = performance.now();
    let size2 = 0;
    const pass = (bytes) => {
      if (bytes.length === 0) return;
      size2 += bytes.length;
      response2.write(bytes);
      if (size2 <= MOST_OF_ANSWER) chunks.push({ t: Math.round(performance.now() - began), bytes });
    };
    let cut = false;
    try {
      for await (const chunk of answer2) pass(scrubber.push(chunk));
    } catch {
      cut = true;
    }
    const gone = response2.destroyed;
    pass(scrubber.flush());
    if (cut) response2.destroy();
    else response2.end();
    if (gone) return { chunks, cut, problem: "the client went away, so this is not recorded" };
    const tooLong = size2 > MOST_OF_ANSWER;
    return { chunks, cut, problem: tooLong ? `the answer has more than ${MOST_OF_ANSWER >> 20} MiB, so it is not recorded` : null };
  }
};
function headersOf({ headers }) {
  return { type: (headers["content-type"] ?? "").slice(0, 200), retry: headers["retry-after"]?.slice(0, 100) ?? null };
}
function headersFor({ headers, wire }, key) {
  const own = KEY_HEADERS;
  const passed = Object.entries(headers).filter(([name]) => !KEPT_BACK.has(name) && !(key !== null && own.includes(name)));
  const usual = { messages: "x-api-key", gemini: "x-goog-api-key", chat: "authorization", responses: "authorization" }[wire.name];
  const place = KEY_HEADERS.find((name) => headers[name] !== void 0) ?? usual;
  const ours = key === null ? {} : { [place]: place === "authorization" ? `Bearer ${key}` : key };
  return { ...Object.fromEntries(passed), ...ours, "accept-encoding": "identity" };
}
function bodyOf2(chunks, events, clean) {
  if (!events) {
    const bytes = Buffer.concat(chunks.map((chunk) => chunk.bytes));
    return isUtf8(bytes) ? { body: clean(bytes.toString()) } : { base64: bytes.toString("base64") };
  }
  const decoder = new StringDecoder("utf8");
  const found = [];
  let pending = "";
  for (const { t, bytes } of chunks) {
    pending += decoder.write(bytes);
    const end = Math.max(...["\n\n", "\r\n\r\n"].map((blank) => pending.includes(blank) ? pending.lastIndexOf(blank) + blank.length : 0));
    if (end === 0) continue;
    found.push([t, clean(pending.slice(0, end))]);
    pending = pending.slice(end);
  }
  const rest = pending + decoder.end();
  if (rest !== "") found.push([chunks.at(-1)?.t ?? 0, clean(rest)]);
  return { events: found };
}

// src/scripted/server.ts

// src/scripted/wire.ts
function pieces(text4) {
  return text4.match(/[\s\S]{1,20}(?![\udc00-\udfff])/g) ?? [];
}
var CREATED = 1767225600;

// src/scripted/wires/openai.ts
var isPath = ({ path }, name) => path === `/v1/${name}` || path === `/${name}`;
var CODES = {
  401: ["invalid_request_error", "invalid_api_key"],
  429: ["requests", "rate_limit_exceeded"],
  503: ["server_error", "server_is_overloaded"]
};
function error2(status, message) {
  const [type, code] = CODES[status] ?? [status < 500 ? "invalid_request_error" : "server_error", null];
  return { error: { message, type, param: null, code } };
}
function models(target, names) {
  if (!isPath(target, "models")) return null;
  return { object: "list", data: names.map((id) => ({ id, object: "model", created: CREATED, owned_by: "agent-jail" })) };
}

// src/scripted/wires/chat.ts
var CHAT = {
  name: "chat",
  read(target, body) {
    if (!isPath(target, "chat/completions")) return null;
    return {
      model: text2(body["model"]),
      stream: body["stream"] === true,
      tools: list2(body["tools"]).map((one) => {
        const { name, parameters } = fields(fields(one)["function"]);
        return { name: text2(name), properties: fields(fields(parameters)["properties"]), custom: false };
      }),
      messages: list2(body["messages"]).flatMap((one) => messageOf(fields(one))),
      after: null,
      stored: false,
      countsTokens: fields(body["stream_options"])["include_usage"] === true
    };
  },
  events(asked, said) {
    const tokens = asked.countsTokens;
    const chunk = (choices, usage2 = null) => ({
      data: { ...head("chat.completion.chunk", asked, said), choices, ...tokens ? { usage: usage2 } : {} }
    });
    const choice = (delta, finish_reason = null) => [{ index: 0, delta, logprobs: null, finish_reason }];
    return [
      chunk(choice({ role: "assistant", content: said.text === "" ? null : "", refusal: null })),
      ...pieces(said.text).map((content) => chunk(choice({ content }))),
      ...said.calls.flatMap((call, index) => parts(call, index).map((part) => chunk(choice({ tool_calls: [part] })))),
      chunk(choice({}, reason(said))),
      ...tokens ? [chunk([], usageOf(said))] : [],
      { data: "[DONE]" }
    ];
  },
  json(asked, said) {
    const tools = said.calls.length === 0 ? {} : { tool_calls: said.calls.map(called) };
    const message = { role: "assistant", content: said.text === "" ? null : said.text, refusal: null, ...tools };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: reason(said) }];
    return { ...head("chat.completion", asked, said), choices, usage: usageOf(said) };
  },
  error: error2,
  owns: (path) => /^(?:\/v1)?\/chat\//.test(path),
  aside: models
};
function messageOf({ role, content, tool_calls: calls }) {
  if (role === "assistant") return [{ by: "model", text: textOf(content), calls: list2(calls).map((call) => text2(fields(call)["id"])) }];
  if (role === "tool" || role === "user") return [{ by: role, text: textOf(content) }];
  return [];
}
var head = (object, { model }, { id }) => ({
  id: `chatcmpl-${id}`,
  object,
  created: CREATED,
  model,
  system_fingerprint: null
});
var called = ({ id, name, args }) => ({
  id: `call_${id}`,
  type: "function",
  function: { name, arguments: JSON.stringify(args) }
});
function parts(call, index) {
  const whole3 = called(call);
  const first = { index, ...whole3, function: { ...whole3.function, arguments: "" } };
  return [first, ...pieces(whole3.function.arguments).map((piece) => ({ index, function: { arguments: piece } }))];
}
var reason = ({ calls }) => calls.length === 0 ? "stop" : "tool_calls";
var usageOf = ({ usage: { input, output, cached } }) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached },
  completion_tokens_details: { reasoning_tokens: 0 }
});

// src/scripted/wires/gemini.ts
var STATUS = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED"
};
var PATH2 = /^\/v1(?:beta|alpha)?\/models\/([^/:]+):(streamGenerateContent|generateContent|countTokens)$/;
var GEMINI = {
  name: "gemini",
  read({ path }, body) {
    const [, model = "", method] = PATH2.exec(path) ?? [];
    if (method === void 0 || method === "countTokens") return null;
    const declared = list2(body["tools"]).flatMap((one) => list2(fields(one)["functionDeclarations"]));
    return {
      model,
      stream: method === "streamGenerateContent",
      tools: declared.map((one) => {
        const { name, parameters, parametersJsonSchema } = fields(one);
        return { name: text2(name), properties: fields(fields(parametersJsonSchema ?? parameters)["properties"]), custom: false };
      }),
      messages: list2(body["contents"]).flatMap((one) => messagesOf(fields(one)["role"], list2(fields(one)["parts"]))),
      after: null,
      stored: false,
      countsTokens: true
    };
  },
  /** Only the last one tells why it ended. */
  events(asked, said) {
    const parts2 = [...pieces(said.text).map((piece) => ({ text: piece })), ...said.calls.map(called2)];
    return parts2.map((part, at) => ({ data: whole(asked, said, [part], at === parts2.length - 1) }));
  },
  json: (asked, said) => whole(asked, said, [...said.text === "" ? [] : [{ text: said.text }], ...said.calls.map(called2)], true),
  error: (status, message) => ({
    error: { code: status, message, status: STATUS[status] ?? (status < 500 ? "INVALID_ARGUMENT" : "INTERNAL") }
  }),
  owns: (path) => /^\/v1(?:beta|alpha)\/|^\/v1\/models\/[^/]*:/.test(path),
  aside({ path }, models2) {
    if (PATH2.exec(path)?.[2] === "countTokens") return { totalTokens: 1200 };
    return /^\/v1(?:beta|alpha)\/models$/.test(path) ? { models: models2.map((name) => ({ name: `models/${name}` })) } : null;
  }
};
function messagesOf(role, parts2) {
  const all = parts2.map(fields);
  if (role === "model") {
    const calls = all.filter(({ functionCall }) => functionCall !== void 0);
    const own = all.filter(({ thought }) => thought !== true);
    return [{ by: "model", text: textOf(own), calls: calls.map(({ functionCall }) => text2(fields(functionCall)["id"])) }];
  }
  return all.map((part) => {
    const { functionResponse } = part;
    if (functionResponse === void 0) return { by: "user", text: textOf(part) };
    const { response: response2 } = fields(functionResponse);
    return { by: "tool", text: text2(fields(response2)["output"]) || JSON.stringify(response2 ?? "") };
  });
}
var called2 = ({ id, name, args }) => ({ functionCall: { id: `call_${id}`, name, args } });
var whole = ({ model }, { id, usage: { input, output, cached } }, parts2, last) => ({
  candidates: [{ content: { role: "model", parts: parts2 }, ...last ? { finishReason: "STOP" } : {}, index: 0 }],
  usageMetadata: {
    promptTokenCount: input,
    ...cached === 0 ? {} : { cachedContentTokenCount: cached },
    candidatesTokenCount: output,
    totalTokenCount: input + output
  },
  modelVersion: model,
  responseId: id
});

// src/scripted/wires/messages.ts
var TYPES = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error"
};
var MESSAGES = {
  name: "messages",
  read({ path }, body) {
    if (path !== "/v1/messages") return null;
    return {
      model: text2(body["model"]),
      stream: body["stream"] === true,
      tools: list2(body["tools"]).map((one) => {
        const { name, input_schema: schema } = fields(one);
        return { name: text2(name), properties: fields(fields(schema)["properties"]), custom: false };
      }),
      messages: list2(body["messages"]).flatMap((one) => messagesOf2(fields(one)["role"], fields(one)["content"])),
      after: null,
      stored: false,
      countsTokens: true
    };
  },
  events(asked, said) {
    const blocks = blocksOf(said);
    const of2 = (event, rest) => ({ event, data: { type: event, ...rest } });
    const { usage: usage2 } = whole2(asked, said);
    const message = { ...whole2(asked, said), content: [], stop_reason: null, usage: { ...usage2, output_tokens: 1 } };
    return [
      of2("message_start", { message }),
      of2("ping", {}),
      ...blocks.flatMap((block, index) => [
        of2("content_block_start", { index, content_block: block.type === "text" ? { ...block, text: "" } : { ...block, input: {} } }),
        ...deltas(block).map((delta) => of2("content_block_delta", { index, delta })),
        of2("content_block_stop", { index })
      ]),
      of2("message_delta", {
        delta: { stop_reason: reason2(said), stop_sequence: null },
        usage: { output_tokens: said.usage.output }
      }),
      of2("message_stop", {})
    ];
  },
  json: whole2,
  error: (status, message) => ({
    type: "error",
    error: { type: TYPES[status] ?? (status < 500 ? "invalid_request_error" : "api_error"), message },
    request_id: null
  }),
  owns: (path) => path === "/v1/messages" || path.startsWith("/v1/messages/"),
  aside: ({ path }) => path === "/v1/messages/count_tokens" ? { input_tokens: 1200 } : null
};
function messagesOf2(role, content) {
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : list2(content).map(fields);
  if (role === "assistant") {
    const calls = blocks.filter(({ type }) => type === "tool_use").map((block) => text2(fields(block)["id"]));
    return [{ by: "model", text: textOf(blocks.filter(({ type }) => type === "text")), calls }];
  }
  return blocks.map(
    (block) => block.type === "tool_result" ? { by: "tool", text: textOf(fields(block)["content"]) } : { by: "user", text: textOf(block) }
  );
}
function whole2({ model }, said) {
  const { input, output, cached } = said.usage;
  return {
    id: `msg_${said.id}`,
    type: "message",
    role: "assistant",
    model,
    content: blocksOf(said),
    stop_reason: reason2(said),
    stop_sequence: null,
    // What came from the cache is counted apart here.
    usage: { input_tokens: input - cached, cache_creation_input_tokens: 0, cache_read_input_tokens: cached, output_tokens: output }
  };
}
var reason2 = ({ calls }) => calls.length === 0 ? "end_turn" : "tool_use";
var blocksOf = (said) => [
  ...said.text === "" ? [] : [{ type: "text", text: said.text }],
  ...said.calls.map(({ id, name, args }) => ({ type: "tool_use", id: `toolu_${id}`, name, input: args }))
];
var deltas = (block) => block.type === "text" ? pieces(block.text).map((piece) => ({ type: "text_delta", text: piece })) : ["", ...pieces(JSON.stringify(block.input))].map((partial_json) => ({ type: "input_json_delta", partial_json }));

// src/scripted/wires/responses.ts
var RESPONSES = {
  name: "responses",
  read(target, body) {
    if (!isPath(target, "responses")) return null;
    const { input, previous_response_id: after } = body;
    return {
      model: text2(body["model"]),
      stream: body["stream"] === true,
      tools: list2(body["tools"]).map((one) => {
        const { name, type, parameters } = fields(one);
        return { name: text2(name), properties: fields(fields(parameters)["properties"]), custom: type === "custom" };
      }),
      messages: typeof input === "string" ? [{ by: "user", text: input }] : list2(input).flatMap((item) => messageOf2(fields(item))),
      after: typeof after === "string" ? after.replace(/^resp_/, "") : null,
      stored: body["store"] !== false,
      countsTokens: true
    };
  },
  events(asked, said) {
    const begun = response(asked, said, "in_progress", [], null);
    const all = [
      ["response.created", { response: begun }],
      ["response.in_progress", { response: begun }],
      ...itemsOf(said).flatMap(({ begin: begin2, parts: parts2, whole: whole3 }, output_index) => [
        ["response.output_item.added", { output_index, item: begin2 }],
        ...parts2.map(([event, rest]) => [event, { item_id: whole3["id"], output_index, ...rest }]),
        ["response.output_item.done", { output_index, item: whole3 }]
      ]),
      ["response.completed", { response: completed(asked, said) }]
    ];
    return all.map(([event, rest], sequence_number) => ({ event, data: { type: event, sequence_number, ...rest } }));
  },
  json: completed,
  error: error2,
  owns: (path) => /^(?:\/v1)?\/responses(?:\/|$)/.test(path),
  aside: models
};
function messageOf2(item) {
  const { type = "message", role, content, call_id: id, output } = item;
  if (type === "function_call" || type === "custom_tool_call") return [{ by: "model", text: "", calls: [text2(id)] }];
  if (type === "function_call_output" || type === "custom_tool_call_output") return [{ by: "tool", text: textOf(output) }];
  if (type === "reasoning") return [{ by: "model", text: "", calls: [] }];
  if (type !== "message") return [];
  if (role === "assistant") return [{ by: "model", text: textOf(content), calls: [] }];
  return role === "user" ? [{ by: "user", text: textOf(content) }] : [];
}
var itemsOf = (said) => [...said.text === "" ? [] : [messageItem(said)], ...said.calls.map(callItem)];
function messageItem(said) {
  const at = { content_index: 0 };
  const part = { type: "output_text", annotations: [], logprobs: [], text: said.text };
  const item = { id: `msg_${said.id}`, type: "message", role: "assistant" };
  return {
    begin: { ...item, status: "in_progress", content: [] },
    parts: [
      ["response.content_part.added", { ...at, part: { ...part, text: "" } }],
      ...pieces(said.text).map((delta) => ["response.output_text.delta", { ...at, delta, logprobs: [] }]),
      ["response.output_text.done", { ...at, text: said.text, logprobs: [] }],
      ["response.content_part.done", { ...at, part }]
    ],
    whole: { ...item, status: "completed", content: [part] }
  };
}
function callItem({ id, name, args, custom: custom2 }) {
  const [type, key, event] = custom2 ? ["custom_tool_call", "input", "response.custom_tool_call_input"] : ["function_call", "arguments", "response.function_call_arguments"];
  const given = custom2 ? text2(args["input"]) : JSON.stringify(args);
  const item = { id: `${custom2 ? "ctc" : "fc"}_${id}`, type, call_id: `call_${id}`, name };
  return {
    begin: { ...item, status: "in_progress", [key]: "" },
    parts: [...pieces(given).map((delta) => [`${event}.delta`, { delta }]), [`${event}.done`, { [key]: given }]],
    whole: { ...item, status: "completed", [key]: given }
  };
}
function completed(asked, said) {
  const output = itemsOf(said).map(({ whole: whole3 }) => whole3);
  return response(asked, said, "completed", output, usageOf2(said));
}
var response = ({ model, after }, { id }, status, output, usage2) => ({
  id: `resp_${id}`,
  object: "response",
  created_at: CREATED,
  status,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  model,
  output,
  parallel_tool_calls: true,
  previous_response_id: after === null ? null : `resp_${after}`,
  temperature: 1,
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  usage: usage2
});
var usageOf2 = ({ usage: { input, output, cached } }) => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: cached },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: input + output
});

// src/scripted/wires/all.ts
var WIRES = [MESSAGES, RESPONSES, CHAT, GEMINI];
var wireOf = (path) => WIRES.find((wire) => wire.owns(path)) ?? CHAT;

// src/scripted/server.ts
var MOST_BYTES = 32 << 20;
var MOST_AT_ONCE = 64;
var SHOWN2 = 2e3;
function handler({ model, key, note }) {
  const began = performance.now();
  let open2 = 0;
  return async (incoming, response2) => {
    const url = URL.parse(incoming.url ?? "/", "http://model");
    if (url === null) return sendJson(response2, 400, {});
    if (url.pathname === "/") return sendJson(response2, 200, {});
    const target = { path: url.pathname, query: url.searchParams, wire: wireOf(url.pathname) };
    const state = judgeKeys(keysOf(incoming.headers, url.searchParams), key);
    let body = Buffer.alloc(0);
    const answer2 = async () => {
      if (key !== null && state !== "right") return refuse(target, response2, 401, WRONG[state]);
      if (open2 > MOST_AT_ONCE) return refuse(target, response2, 429, `more than ${MOST_AT_ONCE} requests at once`);
      const read = await bodyOf3(incoming);
      if (read === null) return refuse(target, response2, 413, `the request has more than ${MOST_BYTES >> 20} MiB`);
      body = read;
      const { method = "GET", headers } = incoming;
      return await model.answer({ ...target, method, url: incoming.url ?? "/", headers, body }, response2);
    };
    response2.on("error", () => {
    });
    open2 += 1;
    const outcome = await answer2().catch((error3) => failed(target, response2, error3));
    open2 -= 1;
    const { details = {}, ...rest } = outcome;
    note({ ...shown2(incoming, { ...target, body }), t: Math.round(performance.now() - began), key: state, ...rest, ...details });
    if (!response2.writableEnded) response2.destroy();
  };
}
var WRONG = {
  none: "the request has no key, and one is required",
  wrong: "the key is not the one that is required",
  given: "",
  right: ""
};
function failed(target, response2, error3) {
  const problem2 = error3 instanceof Error ? error3.message : String(error3);
  if (!response2.headersSent && !response2.destroyed) return refuse(target, response2, 500, problem2);
  return { status: 0, answer: "none", problem: problem2 };
}
async function bodyOf3(request) {
  const chunks = [];
  let size2 = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size2 += chunk.length;
    if (size2 > MOST_BYTES) {
      request.resume();
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
function shown2({ method = "", headers }, { wire, path, query, body }) {
  const asked = wire.read({ path, query }, fields(parsed(body.toString())));
  return {
    wire: wire.name,
    method,
    path: path.slice(0, SHOWN2),
    model: (asked?.model ?? "").slice(0, SHOWN2),
    stream: asked?.stream ?? false,
    tools: (asked?.tools ?? []).slice(0, 100).map(({ name }) => name.slice(0, 100)),
    told: (asked?.messages.findLast(({ by }) => by !== "model")?.text ?? "").slice(-SHOWN2),
    user_agent: (headers["user-agent"] ?? "").slice(0, SHOWN2)
  };
}
async function listen(serving, host, port) {
  const handle = handler(serving);
  const server = createServer((request, response2) => void handle(request, response2));
  await new Promise((resolve2, reject) => server.once("error", reject).listen(port, host, resolve2));
  const { address, family, port: chosen } = server.address();
  return { server, url: `http://${family === "IPv6" ? `[${address}]` : address}:${chosen}` };
}

// src/cli/model-options.ts
var OPTIONS = {
  listen: "string",
  log: "string",
  seed: "string",
  "require-key": "string",
  record: "string",
  upstream: "string",
  key: "string",
  mask: "string",
  loose: "boolean",
  pace: "boolean",
  json: "boolean"
};
function optionsOf(argv, io) {
  const { options, positionals, rest } = parse(argv, OPTIONS, 1);
  const source = sourceOf(positionals[0], options, io);
  const { host, port } = listenOf(options["listen"] ?? "127.0.0.1:0");
  if (source.kind === "record") {
    if (!isLoopback(host)) throw wrong(`--record listens on loopback only, and ${host} is not`, "Anybody there could use your key.");
    for (const name of ["seed", "loose", "pace"]) {
      if (options[name] !== void 0) throw wrong(`--${name} has no meaning with --record`, "Leave it out.");
    }
  }
  const json3 = options["json"] !== void 0;
  if (json3 && rest !== null) throw wrong("--json and `-- CMD …` both want stdout", "Give one of them.");
  const mask = (options["mask"] ?? "").split(/[\s,]+/).filter((name) => name !== "").map((name) => secretOf("mask", name, io));
  refuse2([...mask, ...source.kind === "record" && source.key !== null ? [source.key] : []]);
  return {
    source,
    host,
    port,
    log: options["log"],
    seed: seedOf(options["seed"]),
    requireKey: options["require-key"] === void 0 ? null : secretOf("require-key", options["require-key"], io),
    mask,
    loose: options["loose"] !== void 0,
    pace: options["pace"] !== void 0,
    json: json3,
    command: commandOf(rest)
  };
}
function sourceOf(file, options, io) {
  const { record, upstream, key } = options;
  if (record === void 0) {
    if (file === void 0) throw wrong("which script? agent-jail model SCRIPT", "Or record a real model: --record FILE --upstream URL.");
    for (const name of ["upstream", "key"]) if (options[name] !== void 0) throw wrong(`--${name} has a meaning with --record only`);
    return { kind: "file", file };
  }
  if (file !== void 0)
    throw wrong(`--record asks a real model, and ${JSON.stringify(file)} would answer in its place`, "Give one of them.");
  if (upstream === void 0) throw wrong("--record needs the model server to ask", "Such as --upstream https://api.anthropic.com");
  return { kind: "record", file: record, upstream: upstreamOf(upstream), key: key === void 0 ? null : secretOf("key", key, io) };
}
function upstreamOf(text4) {
  const url = URL.parse(text4);
  const said = JSON.stringify(text4);
  if (url === null || !["http:", "https:"].includes(url.protocol))
    throw wrong(`--upstream ${said} is not a URL, such as https://api.openai.com`);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw wrong("--upstream is scheme, host and path alone", "A key goes by --key NAME.");
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname.replace(/^\[|\]$/g, ""))) {
    throw wrong(`--upstream ${said} would send keys in the clear`, "Use https://.");
  }
  return url;
}
function listenOf(text4) {
  const [, host = "127.0.0.1", digits = ""] = /^(?:(.+):)?(\d{1,5})$/.exec(text4) ?? [];
  const address = host === "localhost" ? "127.0.0.1" : host.replace(/^\[(.*)\]$/, "$1");
  const port = Number(digits);
  if (digits === "" || port > 65535 || isIP(address) === 0) {
    throw wrong(`--listen ${JSON.stringify(text4)} is not an IP address and a port, such as 127.0.0.1:8080`);
  }
  return { host: address, port };
}
var isLoopback = (host) => host === "localhost" || host === "::1" || isIP(host) === 4 && host.startsWith("127.");
function seedOf(text4) {
  if (text4 === void 0) return null;
  const seed = Number(text4);
  if (!/^\d{1,16}$/.test(text4) || !Number.isSafeInteger(seed)) throw wrong(`--seed ${JSON.stringify(text4)} is not a whole number from 0`);
  return seed;
}
function secretOf(option, name, io) {
  const value = io.env[name] ?? "";
  if (value === "") throw wrong(`--${option} ${JSON.stringify(name)}: there is no such variable in the environment, or it is empty`);
  return { name, value };
}
function refuse2(secrets) {
  const problems = refuseShort(secrets);
  if (problems.length > 0) throw new UserError(problems);
}
function commandOf(rest) {
  if (rest === null) return null;
  const [program = "", ...args] = rest;
  if (program === "" || program.startsWith("-")) throw wrong(`${JSON.stringify(program)} is not the name of a program`);
  return [program, ...args];
}

// src/cli/model-until.ts
var SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
async function untilSignal() {
  await new Promise((ended) => {
    for (const signal of SIGNALS) process.once(signal, () => ended());
  });
  return 0;
}
async function whileRunning([program, ...args], url, io) {
  const bases = { ANTHROPIC_BASE_URL: url, OPENAI_BASE_URL: `${url}/v1`, GOOGLE_GEMINI_BASE_URL: url, GEMINI_BASE_URL: url };
  const child = spawn(program, args, { stdio: "inherit", cwd: io.cwd, env: { ...io.env, ...bases } });
  const pass = (signal) => {
    if (signal !== "SIGINT" || process.stdin.isTTY !== true) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  try {
    return await new Promise((ended, failed2) => {
      child.once(
        "error",
        (error3) => failed2(wrong(`cannot start ${program}: ${error3.code === "ENOENT" ? "there is no such program" : error3.message}`))
      );
      child.once("exit", (code, signal) => ended(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, pass);
  }
}

// src/cli/model.ts
var MOST_PRINTED = 100;
var MOST_READ = (1 << 20) + 1;
async function modelCommand(argv, io) {
  const options = optionsOf(argv, io);
  const hidden = [...options.mask, ...options.source.kind === "record" && options.source.key !== null ? [options.source.key] : []];
  const required = options.requireKey === null || tooShort(options.requireKey.value) !== null ? [] : [options.requireKey];
  const redactor = new Redactor([...hidden, ...required]);
  const { kind, model, end } = await behind(options, io, redactor);
  const clean = (text4) => redactor.redactText(text4);
  const log = options.log === void 0 ? null : logTo(options.log, io, clean, () => end(false));
  const counts = { requests: 0, problems: 0 };
  const serving = {
    model,
    key: options.requireKey?.value ?? null,
    note: (line2) => {
      counts.requests += 1;
      log?.line({ ...line2 });
      if (line2.problem !== null) tell(io, clean(line2.problem), ++counts.problems);
    }
  };
  const { server, url } = await listen(serving, options.host, options.port).catch((error3) => {
    end(false);
    const why = LISTEN[error3.code ?? ""] ?? error3.message;
    throw wrong(`cannot listen on ${options.host}:${options.port}: ${why}`, "Give another: --listen HOST:PORT.");
  });
  try {
    const { command } = options;
    const asked = command === null ? untilSignal() : null;
    announce(io, options, kind, url);
    return command === null ? await asked ?? 0 : await whileRunning(command, url, io);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    end(true);
    log?.end();
    if (!options.json) io.err(`agent-jail model: ${counts.requests} requests, ${counts.problems} of them refused or broken
`);
  }
}
var LISTEN = {
  EADDRINUSE: "something else does",
  EACCES: "it is not allowed",
  EADDRNOTAVAIL: "this machine has no such address"
};
async function behind({ source, seed, loose, pace }, io, redactor) {
  const clean = (text5) => redactor.redactText(text5);
  const path = resolve(io.cwd, source.file);
  if (source.kind === "record") {
    const { upstream, key } = source;
    const cassette = created(source.file, () => new CassetteWriter(path, upstream.origin));
    const scrubber = () => redactor.beside();
    return {
      kind: "record",
      model: new Recorder({ upstream, cassette, key: key?.value ?? null, clean, scrubber }),
      end: (served) => {
        cassette.end();
        if (!served) rmSync(path);
      }
    };
  }
  const text4 = await beginning(path, source.file);
  if (!isCassette(text4)) {
    if (loose || pace)
      throw wrong(`--${loose ? "loose" : "pace"} has a meaning for cassettes only, and ${source.file} is none`, "Leave it out.");
    return { kind: "script", model: new ScriptedModel(parseScript(text4, source.file), seed ?? 0), end: () => {
    } };
  }
  if (seed !== null) throw wrong("--seed has a meaning for scripts only, and this is a cassette", "Leave it out.");
  const { entries, complete } = await readCassette(path, source.file);
  if (!complete) io.err(`agent-jail model: ${source.file} was cut off: it ends with request ${entries.length}
`);
  return { kind: "cassette", model: new Player(entries, { loose, pace, clean }), end: () => {
  } };
}
async function beginning(path, file) {
  try {
    var _stack = [];
    try {
      const handle = __using(_stack, await open(path), true);
      const buffer = Buffer.alloc(MOST_READ);
      let size2 = 0;
      for (let read = 1; read > 0 && size2 < MOST_READ; size2 += read) ({ bytesRead: read } = await handle.read(buffer, size2));
      return buffer.subarray(0, size2).toString();
    } catch (_) {
      var _error = _, _hasError = true;
    } finally {
      var _promise = __callDispose(_stack, _error, _hasError);
      _promise && await _promise;
    }
  } catch (error3) {
    const { code, message } = error3;
    throw wrong(`cannot read ${file}: ${code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a directory" : message}`);
  }
}
function logTo(file, io, clean, failed2) {
  try {
    return created(file, () => new ModelLog(resolve(io.cwd, file), clean));
  } catch (error3) {
    failed2();
    throw error3;
  }
}
function created(file, create) {
  try {
    return create();
  } catch (error3) {
    const { code, message } = error3;
    throw wrong(
      `cannot write ${file}: ${code === "EEXIST" ? "it is there already" : message}`,
      code === "EEXIST" ? "Give another name, or remove it." : ""
    );
  }
}
function announce(io, { json: asJson, command }, kind, url) {
  const port = Number(new URL(url).port);
  const policy = { network: { services: { model: port } } };
  if (asJson) return json(io, { schema: "agent-jail/model@1", kind, url, port, policy });
  const lines2 = [
    `agent-jail model: ${url}`,
    `agent-jail model: for a jail to reach it as http://model:${port}, its policy says`,
    `network: { services: { model: ${port} } }`
  ];
  if (command === null) io.out(`${lines2.join("\n")}
`);
  else io.err(`${lines2.join("\n")}
`);
}
function tell(io, problem2, count3) {
  if (count3 > MOST_PRINTED) return;
  const more = count3 === MOST_PRINTED ? " (no more are printed)" : "";
  const line2 = `agent-jail model: ${problem2.replace(/\s+/g, " ")}${more}
`;
  for (const one of new LogSanitiser().push(line2)) io.err(`${one}
`);
}
export {
  modelCommand
};
