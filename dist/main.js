const { existsSync } = process.getBuiltinModule("node:fs");
const { mkdir } = process.getBuiltinModule("node:fs/promises");
const { join: join2 } = process.getBuiltinModule("node:path");
const { lstat } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
import {
  placeInWorkspace
} from "./shared-report-sarif.js";
import {
  LastExit
} from "./shared-cli-last-exit.js";
import {
  VERSION
} from "./shared-cli-version.js";
import {
  ARCHITECTURE_NAMES,
  architectureOf
} from "./shared-model-architecture.js";
import {
  inJobContainer,
  withoutEngine
} from "./shared-system-contained.js";
import {
  defaultPolicy,
  parsePolicy
} from "./shared-policy-resolve.js";
import "./shared-policy-places.js";
import "./shared-policy-schema.js";
import "./shared-model-changes.js";
import {
  HERE,
  platformOf
} from "./shared-system-platform.js";
import "./shared-policy-yaml.js";
import "./shared-yaml.js";
import "./shared-policy-shape.js";
import {
  conclude,
  exitCode,
  forgetState,
  saveFinished,
  saveState
} from "./shared-action-conclude.js";
import "./shared-action-comment.js";
import "./shared-action-github.js";
import "./shared-action-event.js";
import "./shared-policy-rules.js";
import "./shared-valibot.js";
import "./shared-action-summary.js";
import "./shared-action-artifacts.js";
import "./shared-report-markdown.js";
import "./shared-model-record.js";
import {
  watchSignals
} from "./shared-action-cancel.js";
import "./shared-record-display.js";
import {
  annotate,
  inputPlace,
  loadInputs,
  problemsOf,
  writeOutputs
} from "./shared-action-inputs.js";
import "./shared-model-trajectory.js";
import "./shared-policy-units.js";
import "./shared-policy-nearest.js";
import {
  JobLog,
  oneLine
} from "./shared-action-log.js";
import "./shared-cli-figures.js";
import "./shared-cli-format.js";
import "./shared-transcript-escapes.js";
import {
  withRemedy
} from "./shared-cli-problem.js";
import {
  variable
} from "./shared-action-environment.js";
import {
  JailError,
  UserError
} from "./shared-model-errors.js";
import {
  EXIT
} from "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/action/main.ts

// src/action/policy.ts
async function choosePolicy(inputs, env) {
  if (inputs.policy !== "") return { policy: parsePolicy(inputs.policy, inputPlace("policy")), source: { kind: "inline" } };
  if (inputs.policyFile === "") return { policy: defaultPolicy(), source: { kind: "default" } };
  const { readPolicySource, refuseUntrusted } = await import("./source.js");
  const { text, file, source, trustedHead } = await readPolicySource(inputs, env);
  const policy = parsePolicy(text, file);
  if (source.kind === "workspace") refuseUntrusted(policy, trustedHead);
  return { policy, source };
}

// src/action/findings.ts
var MOST = 9;
function annotationsOf(findings, workspace, quiet) {
  const all = findings.flatMap((finding) => {
    const { rule, action, message, at = [] } = finding;
    const kind = action === "fail" ? "error" : "warning";
    const text = oneLine(`${message} (${rule})`);
    if (at.length > 0 && !quiet) return at.map(({ path, line }) => ({ kind, text, file: path, line }));
    const place = placeInWorkspace(finding, workspace);
    return [{ kind, text, file: place?.file ?? null, line: place?.line ?? null }];
  });
  const first = (kind) => all.filter((one) => one.kind === kind).slice(0, MOST);
  return [...first("error"), ...first("warning")];
}
async function annotateFindings(annotations) {
  if (annotations.length === 0) return;
  const core = await import("./core.js");
  for (const { kind, text, file, line } of annotations) {
    core[kind](text, {
      title: "agent-jail",
      ...file === null ? {} : { file },
      ...line === null ? {} : { startLine: line }
    });
  }
}

// src/action/record-file.ts
async function filled(record, name) {
  const path = HERE.slashed(join(record, name));
  const stat = await lstat(path).catch(() => null);
  return stat?.isFile() && stat.size > 0 ? path : null;
}

// src/action/refuse.ts
function refuse({ platform, arch, execPath, env, engine }) {
  const here = platformOf(platform);
  if (here === null) {
    throw new JailError(`a jail needs Linux, and this runner is ${platform}`, "Use `runs-on: ubuntu-latest` or another Linux runner.");
  }
  if (here.jails && architectureOf(arch) === null) {
    throw new JailError(`the jail's system call filter is not made for ${arch}`, `Use an ${ARCHITECTURE_NAMES} runner.`);
  }
  if (inJobContainer(execPath, env) && !engine) {
    throw new JailError(
      "this job runs in a container (`container:`), where no jail can be built, and it has no Docker engine that could",
      withoutEngine(execPath, env)
    );
  }
  for (const name of ["GITHUB_WORKSPACE", "RUNNER_TEMP"]) {
    if (here.toJail(variable(env, name)) === null) {
      const remedy = "Run it as a step of a workflow, or use the command line: `agent-jail run`.";
      throw new UserError([{ message: `${name} is not set: this is not a step of a workflow`, remedy, place: null }]);
    }
  }
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

// src/action/usage.ts
function usageOutputs(totals, tokens) {
  const seen = tokens !== null && tokens.requests > 0 ? tokens : null;
  const cost = totals?.costUsd?.value;
  return {
    turns: totals?.turns?.value ?? null,
    "tool-calls": totals?.toolCalls?.value ?? null,
    "cost-usd": cost === void 0 ? null : cost.toFixed(6).replace(/\.?0+$/, ""),
    "input-tokens": seen?.input ?? totals?.inputTokens?.value ?? null,
    "output-tokens": seen?.output ?? totals?.outputTokens?.value ?? null,
    "tokens-source": seen !== null ? "gateway" : totals?.inputTokens?.source ?? null
  };
}

// src/action/main.ts
async function run(env) {
  const cancel = watchSignals((code) => process.exit(code));
  process.once("uncaughtException", (error) => void failed(error).then((code) => process.exit(code)));
  try {
    refuse({ platform: process.platform, arch: process.arch, execPath: process.execPath, env, engine: hasEngine(env) });
    const inputs = loadInputs(env);
    const ready = await prepareRun(inputs, env, cancel);
    return ready === null ? await cancelled() : await perform(ready, inputs, env, cancel);
  } catch (error) {
    return await failed(error);
  }
}
function hasEngine(env) {
  const host = env["DOCKER_HOST"] || "unix:///var/run/docker.sock";
  return !host.startsWith("unix://") || existsSync(host.slice("unix://".length));
}
async function prepareRun(inputs, env, cancel) {
  const steps = await stepsOf(inputs);
  const { policy, source } = await choosePolicy(inputs, env);
  const { newId } = await import("./id.js");
  const id = newId();
  const records = join2(variable(env, "RUNNER_TEMP"), "agent-jail");
  const state = { id, record: HERE.slashed(join2(records, id)), upload: inputs.upload };
  const { announceEngine, announceRoot, dismissWarden, startWarden } = await import("./client.js");
  if (secretNames(policy).every((name) => env[name])) startWarden(inputs.backend ?? policy.jail.backend);
  announceRoot(policy.jail.root);
  await maskSecrets(policy, env);
  const { engineFor, prepare } = await import("./prepare.js");
  if ((inputs.backend ?? policy.jail.backend) === "docker") announceEngine(engineFor(env));
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
  const { run: run2, totals, findings } = await recorded(state.record);
  const backend = run2?.backend ?? null;
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
    ...usageOutputs(totals, run2?.tokens ?? null),
    record: state.record,
    patch: await filled(state.record, "changes.patch"),
    sarif: await filled(state.record, "findings.sarif"),
    result: await filled(state.record, "result.txt"),
    "artifact-id": uploaded?.id ?? null,
    "artifact-url": uploaded?.url ?? null,
    "artifact-digest": uploaded?.digest ?? null
  });
  if (run2 !== null) await annotateFindings(annotationsOf(findings, run2.workspace, inputs.log === "none"));
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
async function recorded(record) {
  const { openRecordDir, readRun } = await import("./read.js");
  const run2 = await readRun(record).catch(() => null);
  try {
    const { totals = null, findings } = openRecordDir(record).document("verdict.json").value;
    return { run: run2, totals, findings };
  } catch {
    return { run: run2, totals: null, findings: [] };
  }
}

// src/main.ts
process.exitCode = await run(process.env);
setTimeout(() => process.exit(), 100).unref();
