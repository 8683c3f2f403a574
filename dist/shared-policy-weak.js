import {
  FORBIDDEN_FLAGS,
  covers
} from "./shared-policy-schema.js";

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
  const { root } = jail;
  const problems = [...rulesWeak(agent, ""), ...setupWeak(setup, agent)];
  if (root.kind === "image" && !root.ref.includes("@sha256:")) {
    problems.push(weak(`jail.root: ${root.ref} may be another image tomorrow`, "Pin it by its digest: NAME@sha256:….", null));
  }
  if (root.kind === "archive" && root.sha256 === null) {
    problems.push(weak("jail.root: the archive is not checked", "Add its `sha256`.", null));
  }
  for (const mount of mounts) {
    if (mount.access === "read-only") continue;
    const what = `mounts: ${JSON.stringify(mount.target)} can be written to in the jail; what is written is in the record`;
    problems.push(weak(what, "Use `access: read-only` where reading is enough.", mount.place));
  }
  return [...problems, ...guardsWeak(policy)];
}
var looksSecret = (name) => /(?:^|_)(?:KEY|PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIALS?)(?:_|$)/i.test(name);
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
    if (!looksSecret(name)) continue;
    problems.push(
      weak(`${prefix}env: ${name} looks like a secret, and is neither kept from the agent nor redacted`, "Name it under `secrets`.", null)
    );
  }
  const said = network.allow.flatMap((rule) => hostWeak(rule, prefix));
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
  const tests = guards.flatMap((rule) => rule.on === "changes" ? [rule] : []);
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

export {
  weaknesses,
  looksSecret
};
