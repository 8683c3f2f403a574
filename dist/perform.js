const { mkdirSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { join, resolve } = process.getBuiltinModule("node:path");
const { constants } = process.getBuiltinModule("node:os");
const { StringDecoder } = process.getBuiltinModule("node:string_decoder");
import {
  redactorOf
} from "./shared-transcript-redact.js";
import {
  baseAhead,
  engineFor,
  prepare
} from "./shared-plan-git-config.js";
import "./shared-secrets-forms.js";
import "./shared-run-origin.js";
import {
  VERSION
} from "./shared-cli-version.js";
import {
  loadPolicy,
  readText
} from "./shared-cli-policy.js";
import {
  announceEngine,
  announceRoot,
  runJail
} from "./shared-run-client.js";
import "./shared-run-warden-process.js";
import {
  json
} from "./shared-cli-io.js";
import "./shared-system-contained.js";
import "./shared-system-lines.js";
import "./shared-system-platform.js";
import "./shared-system-engine-connection.js";
import "./shared-system-git.js";
import "./shared-run-start-warden.js";
import "./shared-system-proc.js";
import "./shared-system-exec.js";
import {
  newId
} from "./shared-run-id.js";
import "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import {
  Figures
} from "./shared-cli-figures.js";
import {
  fitting
} from "./shared-cli-format.js";
import {
  LogSanitiser,
  TerminalSanitiser,
  forTerminal
} from "./shared-transcript-escapes.js";
import {
  withRemedy
} from "./shared-cli-problem.js";
import "./shared-model-errors.js";
import {
  EXIT
} from "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/perform.ts

// src/cli/last-exit.ts
var LastExit = class {
  #exit = null;
  observe(event) {
    if (event.kind === "step" && event.exit !== null) this.#exit = event.exit;
  }
  /** Exit code as a shell gives it: 128 + the signal's number for a killed step; null where no step ended. */
  get code() {
    if (this.#exit === null) return null;
    const { code, signal } = this.#exit;
    if (signal === null) return code;
    const number = constants.signals[signal];
    return number === void 0 ? null : 128 + number;
  }
};

// src/cli/output.ts
function outputOf(io, redactor) {
  return io.env["GITHUB_ACTIONS"] === "true" ? forRunner(redactor) : forReader(redactor, io.colours);
}
function forRunner(redactor) {
  const sanitiser = new LogSanitiser((line2) => redactor.redactText(line2));
  const joined = (lines) => lines.map((line2) => `${line2}
`).join("");
  return { push: (text) => joined(sanitiser.push(text)), flush: () => joined(sanitiser.flush()) };
}
function forReader(redactor, colours) {
  const sanitiser = new TerminalSanitiser({ colours });
  const decoder = new StringDecoder("utf8");
  const push = (text) => decoder.write(redactor.push(Buffer.from(text)));
  return {
    push: (text) => push(sanitiser.push(text)),
    flush: () => push(sanitiser.flush()) + decoder.end(redactor.flush())
  };
}

// src/cli/progress.ts
var EVERY = 200;
var COLUMNS = 80;
var LABEL = 16;
var Progress = class {
  #io;
  #steps;
  #timer;
  #shown = false;
  #step = null;
  #before = "starting";
  #figures = new Figures();
  /** A step has printed the start of a line to this terminal: a line of ours would erase it. */
  #inLine = false;
  constructor(io, steps) {
    this.#io = io;
    this.#steps = steps;
  }
  observe(event) {
    if (!this.#io.live) {
      if (event.kind === "notice" && event.seq < 0) this.#keep(`agent-jail: ${event.message}`);
      return;
    }
    this.#figures.observe(event);
    if (event.kind === "phase" && this.#step === null) this.#before = event.phase;
    if (event.kind === "denied") this.#keep(`denied ${event.host}:${event.port} (${event.rule})`);
    if (event.kind === "notice") this.#keep(event.message);
    if (event.kind === "step") {
      const label = `${event.step + 1}/${this.#steps} ${event.name}`;
      if (event.exit === null) this.#step = { label, since: performance.now() };
      else {
        this.#step = null;
        this.#keep(`${label}: ${this.#figures.ended(event.exit)}`);
      }
    }
    this.#timer ??= setInterval(() => this.#draw(), EVERY).unref();
    this.#draw();
  }
  /** Writes what a step printed: takes the line away before; the next tick brings it back. */
  print(text) {
    if (text === "") return;
    this.#clear();
    this.#io.out(text);
    this.#inLine = this.#io.terminal && !text.endsWith("\n");
  }
  close() {
    clearInterval(this.#timer);
    this.#clear();
  }
  #clear() {
    if (this.#shown) this.#io.err("\r\x1B[K");
    this.#shown = false;
  }
  #draw() {
    if (this.#inLine) return;
    const columns = (this.#io.columns || COLUMNS) - 1;
    const figures = this.#step === null ? "" : `  ${this.#figures.running(performance.now() - this.#step.since)}`;
    const label = fitting(line(this.#step?.label ?? this.#before), Math.max(LABEL, columns - figures.length));
    this.#io.err(`\r\x1B[K${fitting(`${label}${figures}`, columns)}`);
    this.#shown = true;
  }
  #keep(text) {
    this.#clear();
    this.#io.err(`${this.#inLine ? "\n" : ""}${line(text)}
`);
    this.#inLine = false;
  }
};
function line(text) {
  return forTerminal(text).replaceAll("\n", " ");
}

// src/cli/script.ts
function scriptOf(argv) {
  return `exec ${argv.map(quote).join(" ")}
`;
}
function quote(argument) {
  return `'${argument.replaceAll("'", "'\\''")}'`;
}

// src/cli/perform.ts
async function perform(options, io) {
  const base = baseAhead(io.cwd);
  const { policy, source } = await loadPolicy(options.policy, io);
  const backend = options.backend ?? policy.jail.backend;
  const steps = await stepsOf(options, io);
  if (backend === "chroot") (await import("./unisolated.js")).warnUnisolated(policy, steps, io);
  announceRoot(policy.jail.root);
  if (backend === "docker") announceEngine(engineFor(io.env));
  const id = newId();
  const request = await prepare({
    id,
    version: VERSION,
    policy,
    source,
    backend,
    steps,
    environment: io.env,
    mask: [],
    workspace: io.cwd,
    base,
    record: recordPlace(options.out, id, io),
    display: !options.json
  });
  const last = new LastExit();
  const result = await watch(request, last, io);
  const code = options.stepExit ? last.code ?? EXIT[result.outcome] : EXIT[result.outcome];
  if (options.json) json(io, documentOf(id, result, last.code, code));
  else io.err(closing(result));
  return code;
}
async function stepsOf({ setup: script, what }, io) {
  const setup = script === void 0 ? [] : [step("setup", true, script, null)];
  if ("command" in what) return [...setup, step(what.command[0], false, scriptOf(what.command), "sh")];
  const text = readText(what.steps, io);
  const { parseSteps } = await import("./steps.js");
  return [...setup, ...parseSteps(text, what.steps)];
}
function step(name, setup, run, shell) {
  return { name, setup, run, shell, workingDirectory: null, env: {}, time: null, idle: null, tty: null, agent: null, place: null };
}
async function watch(request, last, io) {
  const cancel = new AbortController();
  const stop = (signal) => cancel.abort(new Error(signal));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, stop);
  const progress = new Progress(io, request.steps.length);
  const output = outputOf(io, redactorOf(request));
  try {
    return await runJail(
      request,
      (event) => {
        last.observe(event);
        if (event.kind === "output") progress.print(output.push(event.text));
        else progress.observe(event);
      },
      cancel.signal
    );
  } finally {
    progress.print(output.flush());
    progress.close();
  }
}
function recordPlace(out, id, io) {
  if (out !== void 0) return resolve(io.cwd, out);
  const records = join(io.cwd, ".agent-jail");
  mkdirSync(records, { recursive: true, mode: 448 });
  try {
    writeFileSync(join(records, ".gitignore"), "*\n", { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  return join(records, id);
}
function documentOf(id, result, stepExit, exit) {
  return { schema: "agent-jail/result@1", id, ...result, stepExit, exit };
}
function closing({ outcome, because, record, end }) {
  const why = outcome === "succeeded" ? "" : `: ${withRemedy(because, end.how === "error" ? end.remedy : "")}`;
  return `agent-jail: ${outcome}${why}
agent-jail: record ${record}
`;
}
export {
  perform
};
