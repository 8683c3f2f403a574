const { closeSync } = process.getBuiltinModule("node:fs");
const { StringDecoder } = process.getBuiltinModule("node:string_decoder");
import {
  decideRun,
  evaluate,
  trajectoryOf
} from "./shared-guard-changes.js";
import {
  derive,
  makeCast,
  walk
} from "./shared-report-gather.js";
import "./shared-report-summary.js";
import "./shared-record-patches.js";
import "./shared-guard-claims.js";
import "./shared-guard-bag.js";
import {
  openRecordDir
} from "./shared-record-read.js";
import "./shared-record-schema.js";
import "./shared-report-html.js";
import "./shared-report-sections.js";
import "./shared-record-ndjson.js";
import {
  RecordError
} from "./shared-record-error.js";
import "./shared-report-sarif.js";
import "./shared-model-changes.js";
import "./shared-valibot.js";
import "./shared-report-markdown.js";
import {
  json,
  sha256
} from "./shared-record-write.js";
import "./shared-model-record.js";
import {
  writeAll
} from "./shared-system-ndjson.js";
import {
  linesOf
} from "./shared-system-lines.js";
import "./shared-guard-globs.js";
import "./shared-ignore.js";
import {
  EscapeFilter,
  forTerminal,
  visible
} from "./shared-transcript-escapes.js";
import "./shared-model-outcome.js";
import "./shared-model-trajectory.js";
import "./shared-record-display.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";

// src/run/collector.ts

// src/transcript/text.ts

// src/transcript/lines.ts
var LONGEST = 4 << 10;
var MOVES = /[\n\r\b]|\x1b\[(\d*)([CDGK])/g;
var PLAIN = /^[^\r\b\x1b]*$/;
var Lines = class {
  /** UTF-16, little endian. */
  #cells = Buffer.alloc(2 * LONGEST);
  #length = 0;
  #column = 0;
  /** Something was written over: blanks at the end are what erased it. */
  #moved = false;
  /** What cannot change any more. */
  push(text) {
    if (this.#length === 0 && this.#column === 0 && PLAIN.test(text)) {
      const end = text.lastIndexOf("\n") + 1;
      return text.slice(0, end) + this.#put(text.slice(end));
    }
    let out = "";
    let start = 0;
    for (const { index, 0: found, 1: count, 2: move } of text.matchAll(MOVES)) {
      out += this.#put(text.slice(start, index));
      start = index + found.length;
      if (found === "\n") out += `${this.#take()}
`;
      else this.#move(move ?? found, count ?? "");
    }
    return out + this.#put(text.slice(start));
  }
  /** The last line, if it had no end. */
  flush() {
    return this.#take();
  }
  #move(move, count) {
    const by = Math.max(1, Number(count));
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
        this.#erase(count === "" ? "0" : count);
    }
  }
  #go(column) {
    this.#column = Math.min(Math.max(0, column), LONGEST - 2);
    this.#moved = true;
  }
  #erase(what) {
    this.#moved = true;
    if (what === "0") this.#length = Math.min(this.#length, this.#column);
    if (what === "1") this.#cells.fill(BLANK, 0, 2 * Math.min(this.#length, this.#column + 1));
    if (what === "2") this.#length = 0;
  }
  /** Writes at the cursor. Returns what there is no more room for. */
  #put(text) {
    let out = "";
    for (let at = 0; at < text.length; ) {
      if (this.#column > LONGEST - 2) out += this.#take();
      if (this.#column > this.#length) this.#cells.fill(BLANK, 2 * this.#length, 2 * this.#column);
      const part = whole(text.slice(at, at + LONGEST - this.#column), text.length - at);
      this.#cells.write(part, 2 * this.#column, "utf16le");
      this.#column += part.length;
      this.#length = Math.max(this.#length, this.#column);
      at += part.length;
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
function whole(part, left) {
  return part.length < left && /[\ud800-\udbff]$/.test(part) ? part.slice(0, -1) : part;
}

// src/transcript/text.ts
var OURS = "=== agent-jail:";
async function makeText(transcript, half, redactor) {
  const text = new Text(redactor);
  let began = 0;
  await walk(transcript, half, {
    begin(t, step, name) {
      began = t;
      text.say(`step ${step + 1}, ${name}`);
    },
    output: (_, bytes) => text.push(bytes),
    leftOut: (_, bytes) => text.say(`${bytes} bytes are left out here; transcript.log has them`),
    end: (t, step, exit) => text.say(`step ${step + 1} ended with ${ending(exit)}, after ${((t - began) / 1e3).toFixed(1)} s`),
    mark: (_, name) => text.say(name)
  });
  return text.end();
}
var ending = ({ code, signal }) => signal ?? (code === null ? "no exit code" : `exit code ${code}`);
var Text = class {
  #redactor;
  #pieces = [];
  #decoder = new StringDecoder("utf8");
  #filter = new EscapeFilter("line");
  #lines = new Lines();
  /** What was written last ended its line. */
  #fresh = true;
  constructor(redactor) {
    this.#redactor = redactor;
  }
  push(bytes) {
    this.#write(neutral(this.#lines.push(this.#filter.push(this.#decoder.write(bytes)))));
  }
  /** A line of our own; whatever was open ends before it. */
  say(message) {
    this.#close();
    this.#write(`${OURS} ${forTerminal(message).replaceAll("\n", " ")}
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
    this.#decoder = new StringDecoder("utf8");
    this.#filter = new EscapeFilter("line");
    this.#lines = new Lines();
  }
  #write(text) {
    if (text === "") return;
    this.#fresh = text.endsWith("\n");
    const bytes = Buffer.from(text);
    const shown2 = this.#redactor === null ? bytes : this.#redactor.push(bytes);
    if (shown2.length > 0) this.#pieces.push(shown2);
  }
};
function neutral(text) {
  return visible(text).replace(/^=== agent-jail:/gm, "\\$&");
}

// src/run/verdict.ts
var HALF = 4 << 20;
async function makeVerdict(request, derive2) {
  try {
    return await conclude(request, derive2);
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
async function conclude({ id, record: dir, outputs, secrets, mask }, derive2) {
  const record = openRecordDir(dir);
  const { value: run } = record.document("run.json");
  const manifest = record.document("manifest.json");
  if (run.id !== id || manifest.value.id !== id) throw new RecordError("manifest.json", null, `is not of run ${id}`);
  const redactor = await redactorFor({ secrets, mask });
  const { trajectory, totals } = shown(await trajectoryOf(record, run), redactor);
  const findings = await evaluate(run.policy.guards, record, [], trajectory);
  const { outcome, because } = decideRun(run, findings);
  const files = {};
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
    record
  });
  const derived = { ...rest, "transcript.txt": await textOf(record, redactor), "report.html": html, "summary.md": markdown };
  for (const [file, text] of Object.entries(derived)) {
    const bytes2 = typeof text === "string" ? Buffer.from(text) : text;
    writeAll(outputs[file], bytes2);
    files[file] = { sha256: sha256(bytes2), size: bytes2.length };
  }
  const verdict = {
    schema: "agent-jail/verdict@1",
    id,
    outcome,
    because,
    findings,
    manifest: manifest.sha256,
    files,
    totals
  };
  const bytes = json(verdict);
  writeAll(outputs["verdict.json"], bytes);
  return { ok: true, kind: "verdict", outcome, because, findings: findings.length, verdict: sha256(bytes) };
}
async function redactorFor(hidden) {
  if (Object.keys(hidden.secrets).length === 0 && hidden.mask.length === 0) return null;
  const { redactorOf } = await import("./redact.js");
  return redactorOf(hidden);
}
function shown(read, redactor) {
  if (read.trajectory === null || redactor === null) return read;
  const { model } = read.totals;
  return {
    trajectory: redactor.redactJson(read.trajectory),
    totals: { ...read.totals, model: model === null ? null : { ...model, value: redactor.redactText(model.value) } }
  };
}
async function textOf(record, redactor) {
  const transcript = {
    index: record.lines("transcript.ndjson"),
    log: record.pieces("transcript.log"),
    size: record.size("transcript.log") ?? 0
  };
  try {
    return await makeText(transcript, HALF, redactor);
  } catch (error) {
    if (error instanceof RecordError) return "";
    throw error;
  }
}

// src/run/collector.ts
var LONGEST2 = 16 << 20;
var FIRST_FILE = 3;
async function collector(files, derive2) {
  for (const line of linesOf(0, LONGEST2)) {
    const request = JSON.parse(line);
    if (request.kind !== "nothing") closeOthers(files, Object.values(request.outputs));
    const answer = await answerTo(request, derive2).catch(
      (error) => ({ ok: false, message: error instanceof Error ? error.message : String(error) })
    );
    writeAll(1, Buffer.from(`${JSON.stringify(answer)}
`));
    if (request.kind !== "nothing") return;
  }
}
async function answerTo(request, derive2) {
  if (request.kind === "verdict") return makeVerdict(request, derive2);
  if (request.kind === "nothing") {
    const { writeNothing } = await import("./nothing.js");
    writeNothing(request);
    return { ok: true, kind: "changes", changed: 0, ignored: 0, withheld: 0, sessionsLeft: 0 };
  }
  const [{ collectChanges }, { secretForms }] = await Promise.all([import("./collect.js"), import("./forms.js")]);
  const forms = request.secrets.map(({ name, value }) => ({ name, bytes: secretForms(value) }));
  const masks = request.mask.map((value) => ({ name: "mask", bytes: secretForms(value) }));
  return { ok: true, kind: "changes", ...await collectChanges(request, forms, masks) };
}
function closeOthers(files, named) {
  for (let fd = FIRST_FILE; fd < FIRST_FILE + files; fd += 1) if (!named.includes(fd)) closeSync(fd);
}

// src/collector.ts
await collector(Number(process.argv[2]), (conclusion) => derive(conclusion, { makeCast }));
process.exit();
