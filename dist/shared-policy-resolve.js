const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
const { createHash } = process.getBuiltinModule("node:crypto");
import {
  rememberPlaces
} from "./shared-policy-places.js";
import {
  covers,
  parseHostName,
  parseHosts,
  policySchema,
  presetRules
} from "./shared-policy-schema.js";
import {
  byPlace,
  check,
  readYaml,
  spell
} from "./shared-policy-yaml.js";
import {
  isMap
} from "./shared-policy-shape.js";
import {
  method,
  size,
  sizeOrNone,
  time,
  timeOrOff
} from "./shared-policy-rules.js";
import {
  parse
} from "./shared-valibot.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/policy/relations.ts
function relations(user, policy, at) {
  return [
    ...rootProblems(user.jail.root, at),
    ...runtimeProblems(policy, at),
    ...mountProblems(policy),
    ...passedSecrets(policy, at),
    ...rulesProblems(policy.agent, [], at),
    ...rulesProblems(policy.setup, ["setup"], at, policy.agent)
  ];
}
function rootProblems(root, at) {
  if (typeof root === "string") return [];
  const place = at(["jail", "root"]);
  const kinds = ["image", "directory", "archive"].filter((kind) => root[kind] !== void 0);
  if (kinds.length !== 1) {
    const given = kinds.length === 0 ? "none" : kinds.join(", ");
    return [{ message: `jail.root: exactly one of image, directory, archive is needed, not ${given}`, remedy: "", place }];
  }
  if (root.sha256 !== void 0 && root.archive === void 0) {
    const remedy = kinds[0] === "image" ? "Pin an image by its digest: NAME@sha256:…." : "Leave it out.";
    return [{ message: "jail.root: sha256 is for an archive", remedy, place: at(["jail", "root", "sha256"], "key") }];
  }
  return [];
}
function runtimeProblems({ jail }, at) {
  if (jail.runtime === void 0 || jail.backend === "docker" || jail.backend === "auto") return [];
  const message = `jail.docker.runtime: the backend ${jail.backend} has no runtime of an engine's`;
  return [{ message, remedy: "Use `jail.backend: docker`, or take it out.", place: at(["jail", "docker", "runtime"]) }];
}
function mountProblems({ mounts }) {
  const twice = mounts.filter((mount, i) => mounts.findIndex((other) => other.target === mount.target) < i);
  return twice.map(({ target, place }) => ({
    message: `mounts: ${JSON.stringify(target)} is mounted twice`,
    remedy: "Give each its own target.",
    place
  }));
}
function passedSecrets({ agent, setup }, at) {
  const secrets = new Set([...agent.secrets, ...setup.secrets].map(({ name }) => name));
  const find = (names, path) => names.flatMap(
    (name, i) => secrets.has(name) ? [clash(`${spell(path)}: ${name} is a secret of this policy as well`, at([...path, i]))] : []
  );
  return [...find(agent.passEnv, ["pass-env"]), ...setup.passEnv === agent.passEnv ? [] : find(setup.passEnv, ["setup", "pass-env"])];
}
function rulesProblems(rules2, section, at, inherited) {
  const prefix = section.length === 0 ? "" : `${spell(section)}.`;
  const { env, passEnv, secrets, network } = rules2;
  const problems = [];
  if (env !== inherited?.env || passEnv !== inherited.passEnv) {
    for (const [i, name] of passEnv.entries()) {
      const twice = Object.hasOwn(env, name) || passEnv.indexOf(name) < i;
      if (twice) problems.push(clash(`${prefix}pass-env: ${name} has a value already`, at([...section, "pass-env", i])));
    }
  }
  for (const { name, place } of secrets) {
    if (Object.hasOwn(env, name)) problems.push(clash(`${prefix}secrets: ${name} is also in env`, place));
  }
  if (network !== inherited?.network) {
    for (const { name, place } of network.services) {
      const host = network.allow.some(({ pattern }) => covers(pattern, name));
      if (host) problems.push(clash(`${prefix}network: ${name} is a host and a service`, place));
    }
  }
  if (network.mode === "observe" && (secrets.length > 0 || network.services.length > 0 && network !== inherited?.network)) {
    problems.push({
      message: `${prefix}network.observe cannot be used with secrets or services: they could go to any host`,
      remedy: "List the hosts under `allow` instead, or take the secrets and services out.",
      place: at([...section, "network", "observe"], "key")
    });
  }
  if (network.mode === "allow") problems.push(...uselessSecrets(rules2, prefix));
  return problems;
}
function uselessSecrets({ secrets, network }, prefix) {
  const problems = [];
  for (const secret of secrets) {
    if (secret.use !== "inject") continue;
    const missing = secret.hosts.filter((host) => !network.allow.some(({ pattern }) => covers(pattern, host)));
    if (missing.length === 0) continue;
    problems.push({
      message: `${prefix}secrets.${secret.name}: ${missing.join(", ")} is not reachable, so the secret could never be used`,
      remedy: `Add it to \`${prefix}network\`.`,
      place: secret.place
    });
  }
  return problems;
}
function clash(message, place) {
  return { message, remedy: "Keep one of them.", place };
}

// src/policy/digest.ts
function canonicalJson(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(",")}}`;
}
function digest(policy) {
  const { version, jail, workspace, mounts, agent, setup, limits, record, guards, ...rest } = policy;
  rest;
  const { vm, ...machine } = jail;
  const counted = {
    version,
    jail: { ...machine, ...vm.emulation === "refuse" ? {} : { vm } },
    workspace,
    mounts: placeless(mounts),
    agent: rules(agent),
    setup: rules(setup),
    limits,
    record,
    guards: placeless(guards)
  };
  return createHash("sha256").update(canonicalJson(counted)).digest("hex");
}
function rules({ secrets, network, ...rest }) {
  const { allow, services, mode } = network;
  return { ...rest, secrets: placeless(secrets), network: { mode, allow: placeless(allow), services: placeless(services) } };
}
function placeless(items) {
  return items.map(({ place: _place, ...rest }) => rest);
}

// src/policy/guards.ts
function guardRules(user, resultSchema, at) {
  return [
    ...changeRules(user.changes, at),
    ...networkRules(user.network.denied, at(["guards", "network", "denied"])),
    ...["require", "forbid"].flatMap(
      (kind) => user.output[kind].map((pattern, i) => {
        const place = at(["guards", "output", kind, i]);
        return { name: `guards.output.${kind}`, on: "output", action: "fail", test: { kind, pattern }, place };
      })
    ),
    ...resultSchema === void 0 ? [] : [resultRule(resultSchema, at(["result", "schema"], "key"))]
  ];
}
function changeRules(user, at) {
  const rules2 = [];
  const add = (name, test) => {
    const place = at(["guards", "changes", name], "key");
    rules2.push({ name: `guards.changes.${name}`, on: "changes", action: name === "review" ? "review" : "fail", test, place });
  };
  for (const kind of ["deny", "review", "allow", "require"]) {
    const globs = user[kind];
    if (globs !== void 0 && (globs.length > 0 || kind === "allow")) add(kind, { kind, globs });
  }
  if (user.forbid.length > 0) add("forbid", { kind: "forbid", flags: user.forbid });
  for (const kind of ["max-files", "max-added-lines", "max-bytes"]) {
    const max = user[kind];
    if (max !== void 0) add(kind, { kind, max: size(max, 0) });
  }
  if (user.root !== void 0) add("root", { kind: "root", allowed: user.root });
  return rules2;
}
function networkRules(denied, place) {
  if (denied === "ignore") return [];
  return [{ name: "guards.network.denied", on: "network", action: denied, test: { kind: "denied" }, place }];
}
function resultRule(schema, place) {
  return { name: "result.schema", on: "result", action: "fail", test: { kind: "schema", schema }, place };
}

// src/policy/resolve.ts
function resolve(user, at) {
  const agent = {
    env: user.env,
    passEnv: user["pass-env"],
    secrets: secretUses(user.secrets, ["secrets"], at),
    network: networkOf(user.network, ["network"], at),
    limits: stepLimits(user.limits)
  };
  const policy = {
    version: 1,
    jail: {
      backend: user.jail.backend,
      root: rootOf(user.jail.root),
      toolchain: user.jail.toolchain,
      // Left out where nobody asks for one, so that digests of policies from before it are the same.
      ...user.jail.docker?.runtime === void 0 ? {} : { runtime: user.jail.docker.runtime },
      vm: user.jail.vm
    },
    workspace: typeof user.workspace === "string" ? { access: user.workspace, hide: [] } : user.workspace,
    mounts: user.mounts.map((mount, i) => mountOf(mount, at(["mounts", i]))),
    agent,
    setup: setupRules(user.setup, agent, at),
    limits: runLimits(user.limits),
    record: user.record,
    guards: guardRules(user.guards, user.result.schema, at)
  };
  return { ...policy, digest: digest(policy) };
}
function setupRules(user, run, at) {
  return {
    env: user.env ?? run.env,
    passEnv: user["pass-env"] ?? run.passEnv,
    secrets: secretUses(user.secrets, ["setup", "secrets"], at),
    network: user.network === void 0 ? run.network : networkOf(user.network, ["setup", "network"], at),
    limits: setupLimits(user.limits, run.limits)
  };
}
function stepLimits(user) {
  return {
    memory: user.memory === void 0 ? null : size(user.memory),
    cpus: user.cpus ?? null,
    processes: user.processes,
    time: time(user.time),
    idle: timeOrOff(user.idle),
    output: size(user.output)
  };
}
function setupLimits(user, run) {
  return {
    memory: user.memory === void 0 ? run.memory : size(user.memory),
    cpus: user.cpus ?? run.cpus,
    processes: user.processes ?? run.processes,
    time: user.time === void 0 ? run.time : time(user.time),
    idle: user.idle === void 0 ? run.idle : timeOrOff(user.idle),
    output: user.output === void 0 ? run.output : size(user.output)
  };
}
function runLimits(user) {
  return {
    disk: user.disk === void 0 ? null : size(user.disk),
    files: user.files,
    upload: sizeOrNone(user.upload),
    download: sizeOrNone(user.download),
    connections: user.connections ?? null,
    requests: user.requests ?? null
  };
}
function rootOf(user) {
  if (typeof user === "string") return { kind: "host" };
  if (user.image !== void 0) return { kind: "image", ref: user.image };
  if (user.directory !== void 0) return { kind: "directory", path: user.directory };
  return { kind: "archive", path: user.archive ?? "", sha256: user.sha256 ?? null };
}
function mountOf(user, place) {
  const full = typeof user === "string" ? { source: user, access: "read-only" } : user;
  const target = "target" in full ? full.target : void 0;
  return { source: full.source, target: target ?? full.source, access: full.access, place };
}
function secretUses(user, path, at) {
  return Object.entries(user).map(([name, use]) => {
    const place = at([...path, name], "key");
    if (use === "expose") return { name, use: "env", place };
    const hosts = typeof use.inject === "string" ? [use.inject] : use.inject;
    return { name, use: "inject", hosts: hosts.map(parseHostName), methods: use.methods.map(method), paths: use.paths, place };
  });
}
function networkOf(user, path, at) {
  if (user === "none") return { mode: "allow", allow: [], services: [] };
  const isList = Array.isArray(user);
  const allow = isList ? user : user.allow;
  const allowPath = isList ? path : [...path, "allow"];
  return {
    mode: !isList && user.observe ? "observe" : "allow",
    allow: allow.flatMap((one, i) => hostRules(one, at([...allowPath, i]))),
    services: isList ? [] : Object.entries(user.services).map(([name, port]) => ({ name, port, place: at([...path, "services", name], "key") }))
  };
}
function hostRules(user, place) {
  const full = isMap(user) ? user : { host: user, ports: [80, 443], methods: [], paths: [], tls: void 0 };
  const { host, ports } = full;
  const said = { methods: full.methods.map(method), paths: full.paths };
  const narrow = said.methods.length + said.paths.length > 0;
  const tls = full.tls ?? (narrow ? "visible" : "named");
  if (isMap(user) && narrow) return parseHosts(host).map((pattern) => ({ pattern, ports, ...said, tls, place }));
  return (presetRules(host) ?? parseHosts(host).map((pattern) => ({ pattern, ...said }))).map((one) => ({ ...one, ports, tls, place }));
}

// src/policy/parse.ts
var NOWHERE = { file: "", line: 0, column: 0 };
function parsePolicy(text, file) {
  return policyOf(readYaml(text, file, "`version: 1` for a policy of defaults"));
}
function policyOf(source) {
  const user = check(policySchema, source);
  const policy = resolve(user, (path, part) => written(source.value, path) ? source.place(path, part) : NOWHERE);
  const problems = relations(user, policy, (path, part) => source.place(path, part));
  if (problems.length > 0) throw new UserError(problems.sort(byPlace));
  rememberPlaces(policy, (path) => written(source.value, path) ? source.place(path) : null);
  return policy;
}
function defaultPolicy() {
  return resolve(parse(policySchema, {}), () => NOWHERE);
}
function written(value, path) {
  let node = value;
  for (const key of path) {
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return false;
    node = node[key];
  }
  return true;
}

export {
  canonicalJson,
  digest,
  NOWHERE,
  parsePolicy,
  policyOf,
  defaultPolicy
};
