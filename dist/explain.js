const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
const { resolve } = process.getBuiltinModule("node:path");
import {
  loadPolicy
} from "./shared-cli-policy.js";
import {
  json
} from "./shared-cli-io.js";
import {
  FORBIDDEN_FLAGS,
  PRESET_NAMES,
  parseHosts,
  presetHosts
} from "./shared-policy-schema.js";
import {
  require_dist
} from "./shared-yaml.js";
import {
  covers
} from "./shared-model-addresses.js";
import {
  openRecordDir
} from "./shared-record-read.js";
import "./shared-record-schema.js";
import "./shared-record-ndjson.js";
import {
  RecordError
} from "./shared-record-error.js";
import "./shared-model-changes.js";
import "./shared-valibot.js";
import "./shared-record-write.js";
import "./shared-model-record.js";
import "./shared-policy-rules.js";
import "./shared-record-display.js";
import {
  parse,
  wrong
} from "./shared-cli-args.js";
import {
  formatSize,
  formatTime
} from "./shared-policy-units.js";
import "./shared-policy-nearest.js";
import {
  problemLine
} from "./shared-cli-problem.js";
import {
  forTerminal
} from "./shared-transcript-escapes.js";
import "./shared-model-outcome.js";
import "./shared-model-trajectory.js";
import "./shared-model-errors.js";
import {
  __toESM
} from "./shared-runtime.js";

// src/cli/explain.ts

// src/policy/explain.ts
var import_yaml = __toESM(require_dist(), 1);

// src/policy/to-user.ts
function toUser(policy) {
  const { version, jail, workspace, mounts, agent, setup, limits, record, guards } = policy;
  const { denied, result, ...rest } = guardMaps(guards);
  return {
    version,
    jail: { backend: jail.backend, root: root(jail.root), toolchain: jail.toolchain },
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

// src/policy/known-hosts.ts
var ANYONES = [
  "amazonaws.com",
  "appspot.com",
  "azureedge.net",
  "azurewebsites.net",
  "blob.core.windows.net",
  "cloudfront.net",
  "co.uk",
  "com.au",
  "deno.dev",
  "fastly.net",
  "firebaseapp.com",
  "fly.dev",
  "github.io",
  "githubusercontent.com",
  "gitlab.io",
  "googleusercontent.com",
  "herokuapp.com",
  "netlify.app",
  "ngrok.io",
  "ngrok-free.app",
  "onrender.com",
  "pages.dev",
  "r2.dev",
  "s3.amazonaws.com",
  "storage.googleapis.com",
  "trycloudflare.com",
  "vercel.app",
  "web.app",
  "windows.net",
  "workers.dev"
];
var TAKES_UPLOADS = [
  "api.anthropic.com",
  "api.github.com",
  "api.openai.com",
  "api.telegram.org",
  "bitbucket.org",
  "codeberg.org",
  "crates.io",
  "discord.com",
  "generativelanguage.googleapis.com",
  "ghcr.io",
  "gist.github.com",
  "github.com",
  "gitlab.com",
  "hooks.slack.com",
  "huggingface.co",
  "pastebin.com",
  "quay.io",
  "registry.hub.docker.com",
  "registry-1.docker.io",
  "registry.npmjs.org",
  "slack.com",
  "storage.googleapis.com",
  "upload.pypi.org",
  "uploads.github.com"
];

// src/policy/weak.ts
function weaknesses(policy) {
  const { agent, setup, jail, mounts } = policy;
  const { root: root2 } = jail;
  const problems = [...rulesWeak(agent, ""), ...setupWeak(setup, agent)];
  if (root2.kind === "image" && !root2.ref.includes("@sha256:")) {
    problems.push(weak(`jail.root: ${root2.ref} may be another image tomorrow`, "Pin it by its digest: NAME@sha256:….", null));
  }
  if (root2.kind === "archive" && root2.sha256 === null) {
    problems.push(weak("jail.root: the archive is not checked", "Add its `sha256`.", null));
  }
  for (const mount of mounts) {
    if (mount.access === "read-only") continue;
    const what = `mounts: ${JSON.stringify(mount.target)} can be written to in the jail; what is written is in the record`;
    problems.push(weak(what, "Use `access: read-only` where reading is enough.", mount.place));
  }
  return [...problems, ...guardsWeak(policy)];
}
function setupWeak(setup, run) {
  const said = new Set(rulesWeak(run, "setup.").map(({ message }) => message));
  return rulesWeak(setup, "setup.").filter(({ message }) => !said.has(message));
}
function rulesWeak({ env, passEnv, secrets, network, limits }, prefix) {
  const problems = [];
  if (network.mode === "observe") {
    problems.push(
      weak(
        `${prefix}network.observe lets every public host through: what the agent reads can leave`,
        "List the hosts under `allow`.",
        null
      )
    );
  }
  for (const { name, use, place } of secrets) {
    if (use === "env")
      problems.push(
        weak(`${prefix}secrets.${name}: the agent can read the value`, "Use `inject`, so that only the gateway has it.", place)
      );
  }
  for (const name of [...passEnv, ...Object.keys(env)]) {
    if (!/(?:^|_)(?:KEY|PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIALS?)(?:_|$)/i.test(name)) continue;
    problems.push(
      weak(`${prefix}env: ${name} looks like a secret, and is neither kept from the agent nor redacted`, "Name it under `secrets`.", null)
    );
  }
  const said = network.allow.flatMap((rule2) => hostWeak(rule2, prefix));
  problems.push(...new Map(said.map((problem) => [problem.message, problem])).values());
  for (const { name, port, place } of network.services) {
    const what = `${prefix}network.services.${name}: port ${port} of the runner is inside the wall; the agent can do there what any client can`;
    problems.push(weak(what, "Give the agent a service that holds nothing else.", place));
  }
  if (limits.idle === null) {
    problems.push(weak(`${prefix}limits.idle is off: a step that hangs runs until \`time\``, "Set `limits: { idle: 10m }`.", null));
  }
  if (limits.time > 6 * 36e5) {
    problems.push(weak(`${prefix}limits.time is longer than a hosted job may run (6h)`, "Set it below the time of the job.", null));
  }
  return problems;
}
function hostWeak({ pattern, methods, tls, place }, prefix) {
  const base = pattern.replace(/^\*?\./, "");
  const wild = base !== pattern;
  if (tls === "any") {
    const what = `${prefix}network.allow: ${pattern} with \`tls: any\` lets through what cannot be looked into, to whatever its servers lead to`;
    return [weak(what, "Leave `tls` out where clients announce the name.", place)];
  }
  if (wild && (!base.includes(".") || ANYONES.includes(base))) {
    return [weak(`${prefix}network.allow: ${pattern} takes in hosts that anyone can own`, "Name the hosts.", place)];
  }
  const reading = tls === "visible" && methods.length > 0 && methods.every((method) => method === "GET" || method === "HEAD");
  const uploads = TAKES_UPLOADS.filter((host) => covers(pattern, host));
  if (uploads.length > 0 && !reading) {
    const what = `${prefix}network.allow: ${uploads.join(", ")} can be written to, so what the agent reads can leave through it`;
    return [
      weak(
        what,
        "Where reading is enough, add `methods: [GET, HEAD]`, and let the client use `http://`: the gateway speaks TLS outside.",
        place
      )
    ];
  }
  if (wild && base.split(".").length === 2) {
    return [weak(`${prefix}network.allow: ${pattern} takes in every host of a domain`, "Name the hosts.", place)];
  }
  return [];
}
function guardsWeak({ guards, workspace }) {
  const problems = [];
  const tests = guards.flatMap((rule2) => rule2.on === "changes" ? [rule2] : []);
  const forbid = tests.find(({ test }) => test.kind === "forbid");
  const flags = forbid?.test.kind === "forbid" ? forbid.test.flags : [];
  const missing = FORBIDDEN_FLAGS.filter((flag) => !flags.includes(flag));
  if (missing.length > 0) {
    const what = `guards.changes.forbid leaves out ${missing.join(", ")}, which it has by default`;
    problems.push(weak(what, "Add them, unless the run is meant to make such files.", forbid?.place ?? null));
  }
  if (workspace.access === "copy-on-write" && !tests.some(({ test }) => test.kind === "allow")) {
    const some = tests.some(({ test }) => test.kind !== "forbid");
    const what = some ? "guards.changes.allow is not given: what no other rule names may change" : "guards.changes: nothing says which files of the workspace may change";
    problems.push(weak(what, "Set `guards: { changes: { allow: [...] } }`, or `workspace: read-only`.", null));
  }
  return problems;
}
function weak(message, remedy, place) {
  return { message, remedy, place: place === null || place.file === "" ? null : place };
}

// src/policy/explain.ts
function explain(policy) {
  const yaml = (0, import_yaml.stringify)(toUser(policy), { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd().split("\n");
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
var import_yaml2 = __toESM(require_dist(), 1);
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
    return (0, import_yaml2.stringify)(policy, { lineWidth: 0, flowCollectionPadding: true }).trimEnd().split("\n");
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
