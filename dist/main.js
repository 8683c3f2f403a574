const { mkdir } = process.getBuiltinModule("node:fs/promises");
const { join: join2 } = process.getBuiltinModule("node:path");
const { lstat } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
import {
  LastExit,
  refuseNotYet
} from "./shared-cli-last-exit.js";
import "./shared-policy-not-yet.js";
import {
  defaultPolicy,
  parsePolicy
} from "./shared-policy-resolve.js";
import "./shared-policy-schema.js";
import "./shared-policy-places.js";
import "./shared-policy-yaml.js";
import {
  parseSize
} from "./shared-yaml.js";
import {
  JobLog,
  conclude,
  exitCode,
  forgetState,
  oneLine,
  saveFinished,
  saveState,
  watchSignals
} from "./shared-action-log.js";
import "./shared-cli-format.js";
import "./shared-transcript-sanitise.js";
import {
  inputVariable,
  variable
} from "./shared-action-environment.js";
import {
  VERSION
} from "./shared-cli-version.js";
import {
  problemLine,
  withRemedy
} from "./shared-cli-problem.js";
import "./shared-cli-args.js";
import {
  nearest
} from "./shared-policy-nearest.js";
import "./shared-model-addresses.js";
import "./shared-model-changes.js";
import "./shared-valibot.js";
import {
  EXIT
} from "./shared-model-outcome.js";
import "./shared-model-record.js";
import {
  JailError,
  UserError
} from "./shared-model-errors.js";
import "./shared-runtime.js";

// src/action/main.ts

// src/action/annotations.ts
var MOST = 10;
var INPUT = "input ";
function inputPlace(name) {
  return `${INPUT}${name}`;
}
async function annotate(error) {
  const core = await import("./core.js");
  const problems = problemsOf(error);
  for (const { message, remedy, place } of problems.slice(0, MOST)) {
    if (place === null || place.file === "") core.error(withRemedy(message, remedy), { title: "agent-jail" });
    else if (place.file.startsWith(INPUT)) core.error(problemLine({ message, remedy, place }), { title: "agent-jail" });
    else
      core.error(withRemedy(message, remedy), { title: "agent-jail", file: place.file, startLine: place.line, startColumn: place.column });
  }
  for (const problem of problems.slice(MOST)) core.info(`agent-jail: ${oneLine(problemLine(problem))}`);
}
function problemsOf(error) {
  if (error instanceof UserError && error.problems.length > 0) return error.problems;
  if (error instanceof JailError) return [{ message: error.message, remedy: error.remedy, place: error.place }];
  const message = error instanceof Error ? error.message : String(error);
  return [{ message: `unexpected: ${message}`, remedy: "This is a mistake of agent-jail; please report it.", place: null }];
}

// src/action/inputs.ts
var VALUES = {
  agent: ["auto", "claude-code", "codex", "gemini", "pi", "copilot", "opencode", "none"],
  "policy-source": ["", "base", "workspace"],
  backend: ["", "auto", "nspawn", "docker"],
  "on-review": ["pass", "fail"],
  log: ["full", "summary", "none"],
  upload: ["always", "failure", "never"],
  comment: ["false", "true"]
};
var DEFAULTS = {
  run: "",
  steps: "",
  setup: "",
  shell: "bash",
  "working-directory": "",
  agent: "auto",
  policy: "",
  "policy-file": "",
  "policy-source": "",
  backend: "",
  "on-review": "pass",
  log: "full",
  mask: "",
  upload: "always",
  "artifact-name": "agent-jail-${{ github.job }}-${{ strategy.job-index }}-${{ github.run_attempt }}-{id}",
  "retention-days": "7",
  "max-upload": "500MB",
  comment: "false",
  "github-token": ""
};
function loadInputs(env) {
  const problems = unknownInputs(env);
  const report = (name, message, remedy) => {
    problems.push({ message: `input \`${name}\`: ${message}`, remedy, place: null });
  };
  const text = (name) => env[inputVariable(name)] ?? "";
  const given = (name) => asciiTrim(text(name)) || DEFAULTS[name];
  const oneOf = (name) => {
    const value = given(name);
    const allowed = VALUES[name];
    if (allowed.includes(value)) return value;
    const named = allowed.filter((v) => v !== "");
    report(name, `${JSON.stringify(value)} is not one of ${named.join(", ")}`, suggestion(value, named));
    return VALUES[name][0];
  };
  const attempt = (name, parse, otherwise) => {
    try {
      return parse(given(name));
    } catch (error) {
      report(name, error instanceof Error ? error.message : String(error), `The default is ${DEFAULTS[name]}.`);
      return otherwise;
    }
  };
  const [run2, steps] = [text("run"), text("steps")];
  if (blank(run2) === blank(steps)) {
    const what = blank(run2) ? "neither `run` nor `steps` is given" : "both `run` and `steps` are given";
    problems.push({ message: `${what}; exactly one of them says what runs in the jail`, remedy: "", place: null });
  }
  if (!blank(text("policy")) && !blank(text("policy-file"))) {
    problems.push({ message: "both `policy` and `policy-file` are given", remedy: "Keep one of them.", place: null });
  }
  const policySource = oneOf("policy-source");
  if (policySource !== "" && blank(text("policy-file"))) {
    report("policy-source", "only means something together with `policy-file`", "Give `policy-file`, or leave `policy-source` out.");
  }
  if (oneOf("comment") === "true") {
    report("comment", "comments on pull requests are not in this version yet", "Leave `comment` out; the job summary holds the same text.");
  }
  const agent = oneOf("agent");
  const backend = oneOf("backend");
  const inputs = {
    run: blank(run2) ? "" : run2,
    steps: blank(steps) ? "" : steps,
    setup: blank(text("setup")) ? "" : text("setup"),
    shell: given("shell"),
    workingDirectory: given("working-directory") || null,
    agent: agent === "auto" ? null : agent,
    policy: blank(text("policy")) ? "" : text("policy"),
    policyFile: given("policy-file"),
    policySource: policySource === "" ? null : policySource,
    backend: backend === "" ? null : backend,
    onReview: oneOf("on-review"),
    log: oneOf("log"),
    mask: Object.freeze(
      text("mask").split(/[\r\n]+/).map(asciiTrim).filter((line) => line !== "")
    ),
    upload: Object.freeze({
      when: oneOf("upload"),
      name: given("artifact-name"),
      retentionDays: attempt("retention-days", days, 7),
      max: attempt("max-upload", parseSize, 0)
    })
  };
  if (problems.length > 0) throw new UserError(problems);
  return Object.freeze(inputs);
}
function unknownInputs(env) {
  const names = Object.keys(DEFAULTS);
  const known = new Set(names.map(inputVariable));
  return Object.keys(env).filter((key) => key.startsWith("INPUT_") && !known.has(key)).sort().map((key) => {
    const name = key.slice("INPUT_".length).toLowerCase();
    return { message: `input ${JSON.stringify(name)} is not known`, remedy: suggestion(name, names), place: null };
  });
}
function suggestion(value, allowed) {
  const best = nearest(value, allowed);
  return best === null ? "" : `Did you mean \`${best}\`?`;
}
function days(value) {
  const n = /^\d{1,3}$/.test(value) ? Number(value) : 0;
  if (n < 1 || n > 400) throw new Error(`${JSON.stringify(value)} is not a whole number of days from 1 to 400`);
  return n;
}
function asciiTrim(text) {
  let [from, to] = [0, text.length];
  while (from < to && BLANKS.includes(text.charAt(from))) from += 1;
  while (to > from && BLANKS.includes(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}
var BLANKS = " 	\r\n";
function blank(text) {
  return asciiTrim(text) === "";
}

// src/action/outputs.ts
var NUMBER = /^\d{1,15}$/;
var DIGEST = /^[0-9a-f]{64}$/;
var PATH = /^\/[^\u0000-\u001f\u007f"'`$;&|<>\\]*$/;
var OUTPUTS = {
  outcome: new RegExp(`^(${Object.keys(EXIT).join("|")})$`),
  because: /^[A-Za-z0-9 .,:/_@%+=-]{0,200}$/,
  "exit-code": NUMBER,
  backend: /^(nspawn|docker|vm|chroot)$/,
  "policy-sha256": DIGEST,
  "manifest-sha256": DIGEST,
  changed: /^(true|false)$/,
  "changed-files": NUMBER,
  patch: PATH,
  record: PATH,
  result: PATH,
  denied: NUMBER,
  "cost-usd": /^\d{1,9}(\.\d{1,6})?$/,
  "input-tokens": NUMBER,
  "output-tokens": NUMBER,
  turns: NUMBER,
  "artifact-id": NUMBER,
  "artifact-url": /^https?:\/\/[A-Za-z0-9.:_/-]{1,500}$/,
  "artifact-digest": DIGEST
};
function closedOutputs(outputs) {
  const close = (name) => {
    const value = String(outputs[name] ?? "");
    const text = name === "because" ? plainWords(value) : value;
    return OUTPUTS[name].test(text) ? text : "";
  };
  const names = Object.keys(OUTPUTS);
  return Object.fromEntries(names.map((name) => [name, close(name)]));
}
async function writeOutputs(outputs) {
  const core = await import("./core.js");
  for (const [name, value] of Object.entries(closedOutputs(outputs))) core.setOutput(name, value);
}
function plainWords(text) {
  return text.slice(0, 200).replace(/[^A-Za-z0-9 .,:/_@%+=-]/g, "_");
}

// src/action/policy.ts
async function choosePolicy(inputs, steps, env) {
  const chosen = await read(inputs, env);
  refuseNotYet(chosen.policy, inputs.backend ?? chosen.policy.jail.backend, steps);
  return chosen;
}
async function read(inputs, env) {
  if (inputs.policy !== "") return { policy: parsePolicy(inputs.policy, inputPlace("policy")), source: { kind: "inline" } };
  if (inputs.policyFile === "") return { policy: defaultPolicy(), source: { kind: "default" } };
  const { readPolicySource, refuseUntrusted } = await import("./source.js");
  const { text, file, source, trustedHead } = await readPolicySource(inputs, env);
  const policy = parsePolicy(text, file);
  if (source.kind === "workspace") refuseUntrusted(policy, trustedHead);
  return { policy, source };
}

// src/action/record-file.ts
async function filled(record, name) {
  const path = join(record, name);
  const stat = await lstat(path).catch(() => null);
  return stat?.isFile() && stat.size > 0 ? path : null;
}

// src/action/refuse.ts
function refuse({ platform, arch, execPath, env }) {
  if (platform !== "linux") {
    throw new JailError(`a jail needs Linux, and this runner is ${platform}`, "Use `runs-on: ubuntu-latest` or another Linux runner.");
  }
  if (arch !== "x64" && arch !== "arm64") {
    throw new JailError(`the jail's system call filter is not made for ${arch}`, "Use an x64 or arm64 runner.");
  }
  if (inJobContainer(execPath, env)) {
    throw new JailError(
      "this job runs in a container (`container:`), and a jail cannot be built inside one",
      "Take `container:` out of the job; `jail.root` in the policy names what the agent sees."
    );
  }
  for (const name of ["GITHUB_WORKSPACE", "RUNNER_TEMP"]) {
    if (!variable(env, name).startsWith("/")) {
      const remedy = "Run it as a step of a workflow, or use the command line: `agent-jail run`.";
      throw new UserError([{ message: `${name} is not set: this is not a step of a workflow`, remedy, place: null }]);
    }
  }
}
function inJobContainer(execPath, env) {
  return execPath.startsWith("/__e/") || variable(env, "GITHUB_WORKSPACE").startsWith("/__w/");
}

// src/action/secrets.ts
function secretNames(policy) {
  return [...new Set([...policy.agent.secrets, ...policy.setup.secrets].map((secret) => secret.name))];
}
async function maskSecrets(policy, env) {
  const values = secretNames(policy).flatMap((name) => env[name] ?? []).filter((value) => value !== "");
  if (values.length === 0) return;
  const core = await import("./core.js");
  for (const value of values) core.setSecret(value);
}

// src/action/steps.ts
async function stepsOf(inputs) {
  const one = (name, setup, run2) => ({
    name,
    setup,
    run: run2,
    shell: inputs.shell,
    workingDirectory: inputs.workingDirectory,
    env: {},
    time: null,
    idle: null,
    tty: null,
    agent: setup ? null : inputs.agent,
    place: null
  });
  const first = inputs.setup === "" ? [] : [one("setup", true, inputs.setup)];
  if (inputs.run !== "") return [...first, one("run", false, inputs.run)];
  const { parseSteps } = await import("./steps.js");
  const listed = parseSteps(inputs.steps, inputPlace("steps")).map((step) => ({
    ...step,
    shell: step.shell ?? inputs.shell,
    workingDirectory: step.workingDirectory ?? inputs.workingDirectory,
    agent: step.agent ?? inputs.agent
  }));
  return [...first, ...listed];
}

// src/action/main.ts
async function run(env) {
  const cancel = watchSignals((code) => process.exit(code));
  process.once("uncaughtException", (error) => void failed(error).then((code) => process.exit(code)));
  try {
    refuse({ platform: process.platform, arch: process.arch, execPath: process.execPath, env });
    const inputs = loadInputs(env);
    const ready = await prepareRun(inputs, env, cancel);
    return ready === null ? await cancelled() : await perform(ready, inputs, env, cancel);
  } catch (error) {
    return await failed(error);
  }
}
async function prepareRun(inputs, env, cancel) {
  const steps = await stepsOf(inputs);
  const { policy, source } = await choosePolicy(inputs, steps, env);
  const { newId } = await import("./id.js");
  const id = newId();
  const records = join2(variable(env, "RUNNER_TEMP"), "agent-jail");
  const state = { id, record: join2(records, id), upload: inputs.upload };
  const { announceRoot, dismissWarden, startWarden } = await import("./client.js");
  if (secretNames(policy).every((name) => env[name])) startWarden(inputs.backend ?? policy.jail.backend);
  announceRoot(policy.jail.root);
  await maskSecrets(policy, env);
  const { prepare } = await import("./prepare.js");
  await saveState(state);
  try {
    await mkdir(records, { recursive: true, mode: 448 });
    const request = await prepare(wishOf(inputs, state, policy, source, steps, env));
    if (!cancel.signal.aborted) return { state, request };
  } catch (error) {
    await Promise.all([forgetState(), dismissWarden()]);
    throw error;
  }
  await Promise.all([forgetState(), dismissWarden()]);
  return null;
}
function wishOf(inputs, { id, record }, policy, source, steps, env) {
  return {
    id,
    version: VERSION,
    policy,
    source,
    backend: inputs.backend ?? policy.jail.backend,
    steps,
    environment: env,
    mask: inputs.mask,
    workspace: variable(env, "GITHUB_WORKSPACE"),
    record,
    display: inputs.log !== "none"
  };
}
async function perform({ state, request }, inputs, env, cancel) {
  const { runJail } = await import("./client.js");
  const { redactorOf } = await import("./redact.js");
  const redactor = redactorOf(request);
  const log = new JobLog(
    inputs.log,
    (text) => process.stdout.write(text),
    (line) => redactor.redactText(line)
  );
  const last = new LastExit();
  const result = await runJail(
    request,
    (event) => {
      last.observe(event);
      log.observe(event);
    },
    cancel.signal
  );
  log.close();
  const say = (message) => log.say(message);
  const conclusion = await conclude(state, env, result, say, cancel);
  const { outcome, because, uploaded } = conclusion;
  const backend = await backendOf(state.record);
  if (backend !== null) say(`backend ${backend.name} (${backend.version}), ${backend.why}`);
  await writeOutputs({
    outcome,
    because,
    "exit-code": last.code,
    backend: backend?.name ?? null,
    "policy-sha256": request.policy.digest,
    "manifest-sha256": result.manifest,
    changed: result.counts === null ? null : result.counts.changed > 0,
    "changed-files": result.counts?.changed ?? null,
    denied: result.counts?.denied ?? null,
    record: state.record,
    patch: await filled(state.record, "changes.patch"),
    result: await filled(state.record, "result.txt"),
    "artifact-id": uploaded?.id ?? null,
    "artifact-url": uploaded?.url ?? null,
    "artifact-digest": uploaded?.digest ?? null
  });
  const code = exitCode(outcome, inputs.onReview);
  await announce(outcome, because, result.end.how === "error" ? result.end.remedy : "", code);
  if (conclusion.finished) await saveFinished();
  return code;
}
async function announce(outcome, because, remedy, code) {
  const core = await import("./core.js");
  const text = `${outcome}: ${withRemedy(because, remedy)}`;
  if (code !== 0) core.error(text, { title: "agent-jail" });
  else if (outcome !== "succeeded") core.warning(text, { title: "agent-jail" });
  else core.info(`agent-jail: ${outcome}`);
}
async function failed(error) {
  const outcome = error instanceof UserError ? "usage-error" : "jail-error";
  await annotate(error);
  if (!(error instanceof UserError) && !(error instanceof JailError)) {
    const core = await import("./core.js");
    core.debug(error instanceof Error ? error.stack ?? "" : String(error));
  }
  await writeOutputs({ outcome, because: problemsOf(error)[0]?.message ?? "" });
  return EXIT[outcome];
}
async function cancelled() {
  await writeOutputs({ outcome: "cancelled", because: "cancelled before anything ran" });
  return EXIT.cancelled;
}
async function backendOf(record) {
  const { readRun } = await import("./read.js");
  return await readRun(record).then(
    (run2) => run2.backend,
    () => null
  );
}

// src/main.ts
process.exitCode = await run(process.env);
setTimeout(() => process.exit(), 100).unref();
