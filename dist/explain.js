const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
const { resolve } = process.getBuiltinModule("node:path");
import {
  weaknesses
} from "./shared-policy-weak.js";
import {
  PRESET_NAMES,
  covers,
  parseHosts,
  presetHosts
} from "./shared-policy-schema.js";
import {
  stringify
} from "./shared-yaml.js";
import "./shared-policy-shape.js";
import {
  loadPolicy
} from "./shared-cli-policy.js";
import {
  json
} from "./shared-cli-io.js";
import {
  openRecordDir
} from "./shared-record-write.js";
import "./shared-record-schema.js";
import "./shared-model-changes.js";
import "./shared-system-platform.js";
import "./shared-policy-rules.js";
import "./shared-record-ndjson.js";
import {
  RecordError
} from "./shared-record-error.js";
import "./shared-valibot.js";
import "./shared-model-record.js";
import "./shared-record-display.js";
import {
  formatSize,
  formatTime
} from "./shared-policy-units.js";
import {
  parse,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import "./shared-model-trajectory.js";
import {
  forTerminal
} from "./shared-transcript-escapes.js";
import {
  problemLine
} from "./shared-cli-problem.js";
import "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/explain.ts

// src/policy/to-user.ts
function toUser(policy) {
  const { version, jail, workspace, mounts, agent, setup, limits, record, guards } = policy;
  const { denied, result, ...rest } = guardMaps(guards);
  return {
    version,
    jail: {
      backend: jail.backend,
      root: root(jail.root),
      toolchain: jail.toolchain,
      ...jail.runtime === void 0 ? {} : { docker: { runtime: jail.runtime } },
      vm: jail.vm
    },
    workspace,
    mounts: mounts.map(({ source, target, access }) => ({ source, target, access })),
    ...stepRules(agent),
    limits: {
      ...stepLimits(agent.limits),
      ...limits.disk === null ? {} : { disk: formatSize(limits.disk) },
      files: limits.files,
      upload: limits.upload === null ? "none" : formatSize(limits.upload),
      download: limits.download === null ? "none" : formatSize(limits.download),
      ...limits.connections === null ? {} : { connections: limits.connections },
      ...limits.requests === null ? {} : { requests: limits.requests }
    },
    guards: { ...rest, network: { denied: denied ?? "ignore" } },
    ...result === void 0 ? {} : { result },
    record,
    setup: { ...stepRules(setup), limits: stepLimits(setup.limits) }
  };
}
function root(from) {
  if (from.kind === "host") return "host";
  if (from.kind === "image") return { image: from.ref };
  if (from.kind === "directory") return { directory: from.path };
  return { archive: from.path, ...from.sha256 === null ? {} : { sha256: from.sha256 } };
}
function stepRules({ env, passEnv, secrets, network }) {
  return {
    env,
    "pass-env": passEnv,
    secrets: Object.fromEntries(secrets.map((secret) => [secret.name, secretUse(secret)])),
    network: net(network)
  };
}
function secretUse(secret) {
  if (secret.use === "env") return "expose";
  const { hosts, methods, paths } = secret;
  return { inject: hosts, methods, paths };
}
function net({ mode, allow, services }) {
  return {
    allow: allow.map(({ pattern, ports, methods, paths, tls }) => ({ host: pattern, ports, methods, paths, tls })),
    services: Object.fromEntries(services.map(({ name, port }) => [name, port])),
    observe: mode === "observe"
  };
}
function stepLimits({ memory, cpus, processes, time, idle, output }) {
  return {
    ...memory === null ? {} : { memory: formatSize(memory) },
    ...cpus === null ? {} : { cpus },
    processes,
    time: formatTime(time),
    idle: idle === null ? "off" : formatTime(idle),
    output: formatSize(output)
  };
}
function guardMaps(guards) {
  const maps = { changes: { forbid: [] }, output: { require: [], forbid: [] } };
  for (const { test, action, name } of guards) {
    if (test.kind === "denied") maps.denied = action;
    else if (test.kind === "schema") maps.result = { schema: test.schema };
    else if ("pattern" in test) maps.output[test.kind].push(test.pattern);
    else maps.changes[name.slice("guards.changes.".length)] = changeValue(test);
  }
  return maps;
}
function changeValue(test) {
  if ("globs" in test) return test.globs;
  if (test.kind === "forbid") return test.flags;
  return test.kind === "root" ? test.allowed : test.max;
}

// src/policy/explain.ts
function explain(policy) {
  const yaml = stringify(toUser(policy), { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd().split("\n");
  return { lines: [`# digest ${policy.digest}`, ...yaml, ...fromTheMachine(policy)], weak: weaknesses(policy) };
}
function fromTheMachine({ agent, setup, limits }) {
  const lines = [];
  const say = (name, value, text) => {
    if (value === null) lines.push(`# ${name}: ${text}`);
  };
  say("limits.memory", agent.limits.memory, "75 % of the machine's");
  say("limits.cpus", agent.limits.cpus, "all of the machine's");
  say("limits.disk", limits.disk, "10GiB, or half of what is free where that is less");
  if (agent.limits.memory !== null) say("setup.limits.memory", setup.limits.memory, "75 % of the machine's");
  if (agent.limits.cpus !== null) say("setup.limits.cpus", setup.limits.cpus, "all of the machine's");
  return lines;
}

// src/policy/needed.ts
var USUAL = [80, 443];
var Needed = class {
  #agent = /* @__PURE__ */ new Map();
  #setup = /* @__PURE__ */ new Map();
  #denied = /* @__PURE__ */ new Set();
  #isSetup;
  constructor(isSetup) {
    this.#isSetup = isSetup;
  }
  /** Services are not hosts; a question alone reaches nothing. */
  take({ kind, name, address, port, verdict, step, reason }) {
    const host = name ?? (address === null ? null : `${address}/32`);
    if (host === null || reason === "loopback" || reason.startsWith("service ") || !isHost(host)) return;
    if (verdict === "denied") this.#denied.add(host);
    else if (kind === "connection") {
      const hosts = this.#isSetup(step) ? this.#setup : this.#agent;
      hosts.set(host, (hosts.get(host) ?? /* @__PURE__ */ new Set()).add(port));
    }
  }
  /** YAML: the list of what was reached, as narrow as it goes, then shorter ones that allow more; then what was refused. */
  lines() {
    const narrow = this.#policy((hosts) => [...hosts].map(([host, ports]) => rule(host, ports)).sort(byHost));
    const short = this.#policy(shorter);
    const denied = [...this.#denied].filter((host) => !this.#agent.has(host) && !this.#setup.has(host)).sort();
    return [
      "# What this run reached, and nothing else:",
      ...narrow,
      ...short.join() === narrow.join() ? [] : ["", "# Shorter, and allows more:", ...short],
      ...denied.length === 0 ? [] : ["", "# Refused, and in neither list:", ...denied.map((host) => `#   ${host}`)]
    ];
  }
  #policy(list) {
    const [agent, setup] = [list(this.#agent), list(this.#setup)];
    const policy = { network: agent.length === 0 ? "none" : agent, ...setup.length === 0 ? {} : { setup: { network: setup } } };
    return stringify(policy, { lineWidth: 0, flowCollectionPadding: true }).trimEnd().split("\n");
  }
};
function isHost(host) {
  try {
    return parseHosts(host).join() === host;
  } catch {
    return false;
  }
}
function rule(host, ports) {
  const used = [...ports].sort((a, b) => a - b);
  return used.join() === USUAL.join() ? host : { host, ports: used };
}
var byHost = (a, b) => nameOf(a) < nameOf(b) ? -1 : 1;
var nameOf = (one) => typeof one === "string" ? one : String(one.host);
function shorter(hosts) {
  const usual = [...hosts].filter(([, ports]) => [...ports].every((port) => USUAL.includes(port))).map(([host]) => host);
  const presets = PRESET_NAMES.filter((name) => presetHosts(name)?.some((host) => usual.includes(host)));
  const taken = (host) => presets.some((name) => presetHosts(name)?.some((one) => covers(one, host)));
  const others = [...hosts].filter(([host]) => !(usual.includes(host) && taken(host)));
  return [...presets, ...others.map(([host, ports]) => usual.includes(host) ? host : rule(host, ports)).sort(byHost)];
}

// src/cli/explain.ts
async function explainCommand(argv, io) {
  const { options, positionals } = parse(argv, { json: "boolean", "from-record": "string" }, 1);
  const record = options["from-record"];
  if (record !== void 0) return needed(record, io);
  const { policy } = await loadPolicy(positionals[0], io);
  const explanation = explain(policy);
  if (options["json"]) {
    json(io, { schema: "agent-jail/explain@1", digest: policy.digest, policy, weak: explanation.weak });
    return 0;
  }
  io.out(`${explanation.lines.join("\n")}
`);
  io.out(explanation.weak.length === 0 ? "\nNothing in it is weak.\n" : "\nWeak points:\n");
  for (const point of explanation.weak) io.out(`${problemLine(point)}
`);
  return 0;
}
async function needed(directory, io) {
  try {
    const record = openRecordDir(resolve(io.cwd, directory));
    const { steps } = record.document("run.json").value;
    const found = new Needed((step) => steps[step]?.setup ?? false);
    for await (const line of record.lines("network.ndjson")) found.take(line);
    for (const line of found.lines()) io.out(`${forTerminal(line).replaceAll("\n", " ")}
`);
    return 0;
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw wrong(`${directory} cannot be read as a record: ${error.message}`, "Give the directory of a run.");
  }
}
export {
  explainCommand
};
