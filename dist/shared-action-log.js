const { randomBytes } = process.getBuiltinModule("node:crypto");
import {
  Figures
} from "./shared-cli-figures.js";
import {
  size
} from "./shared-cli-format.js";
import {
  LogSanitiser
} from "./shared-transcript-escapes.js";

// src/action/log.ts
var TAIL = 40;
var SILENCE = 6e4;
var JobLog = class {
  #detail;
  #write;
  #redact;
  #token = null;
  #sanitiser;
  #tail = [];
  #lines = 0;
  #digest = "";
  #name = "";
  #figures = new Figures();
  #silence;
  /** `t` of the last line that was printed. */
  #printed = 0;
  #now = 0;
  constructor(detail, write, redact, silence = SILENCE) {
    this.#silence = silence;
    this.#detail = detail;
    this.#write = write;
    this.#redact = redact;
    this.#sanitiser = new LogSanitiser(redact);
  }
  observe(event) {
    this.#now = event.t;
    this.#figures.observe(event);
    switch (event.kind) {
      case "step":
        if (event.exit === null) this.#begin(event.name);
        else this.#end(event.name, event.exit);
        return;
      case "output":
        this.#output(event.text);
        if (event.dropped > 0) this.say(`(${size(event.dropped)} of output not shown here; the transcript has it)`);
        return;
      case "progress":
        if (this.#now - this.#printed >= this.#silence) this.say(`${this.#name}: still running, ${this.#figures.running(event.ms)}`);
        return;
      case "denied":
        this.say(`network: denied ${event.host}:${event.port} (${event.rule})`);
        return;
      case "notice":
        this.say(event.message);
        return;
      case "checkpoint":
        this.#digest = event.sha256;
        return;
      case "phase":
      case "ended":
        return;
    }
  }
  /** A message of our own; it may quote what an agent chose, so it is sanitised as well. */
  say(message) {
    this.#print([`agent-jail: ${oneLine(message, this.#redact)}`]);
  }
  /** Ends what is open: also when the warden died in the middle of a step. */
  close() {
    if (this.#token === null) return;
    this.#print(this.#sanitiser.flush());
    this.#resume();
    this.#write("::endgroup::\n");
  }
  #begin(name) {
    this.close();
    this.#name = name;
    this.#printed = this.#now;
    this.#sanitiser = new LogSanitiser(this.#redact);
    this.#tail = [];
    this.#lines = 0;
    this.#digest = "";
    if (this.#detail === "full") this.#open(name);
  }
  #end(name, exit) {
    if (this.#detail === "summary") {
      this.#keep(this.#sanitiser.flush());
      if (this.#tail.length > 0) {
        const left = this.#lines - this.#tail.length;
        this.#open(left > 0 ? `${name}: the last ${TAIL} of ${this.#lines} lines` : name);
        this.#print(this.#tail);
      }
    }
    this.close();
    this.say(`${name}: ${this.#figures.ended(exit)}`);
    if (this.#digest !== "") this.say(`${name}: sha256 of the transcript so far ${this.#digest}`);
  }
  #output(text) {
    if (this.#detail === "none") return;
    const lines = this.#sanitiser.push(text);
    if (this.#detail === "summary") {
      this.#keep(lines);
      return;
    }
    if (this.#token === null) this.#open("output");
    this.#print(lines);
  }
  #keep(lines) {
    this.#lines += lines.length;
    this.#tail = [...this.#tail, ...lines].slice(-TAIL);
  }
  #open(title) {
    this.#token = randomBytes(16).toString("hex");
    this.#write(`::group::${escapeData(oneLine(title))}
::stop-commands::${this.#token}
`);
  }
  #resume() {
    this.#write(`::${this.#token}::
`);
    this.#token = null;
  }
  #print(lines) {
    if (lines.length === 0) return;
    this.#write(`${lines.join("\n")}
`);
    this.#printed = this.#now;
  }
};
function oneLine(text, redact) {
  const sanitiser = new LogSanitiser(redact);
  return [...sanitiser.push(text), ...sanitiser.flush()].join(" ");
}
function escapeData(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

export {
  JobLog,
  oneLine
};
