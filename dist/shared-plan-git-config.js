import { createRequire as requireFor } from 'node:module';
const require = requireFor(import.meta.url);
import {
  toolchainOf,
  within
} from "./shared-plan-toolchain.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/run/prepare.ts
import { existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";

// src/plan/environment.ts
var OWN = /* @__PURE__ */ new Set(["HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "AGENT_JAIL", "AGENT_JAIL_RESULT"]);
var REFUSED = [
  { name: /^ACTIONS_/, why: "it is one of the runner's own tokens and addresses", asSecret: false },
  { name: /^GITHUB_(?:ENV|PATH|OUTPUT|STATE|STEP_SUMMARY|ARTIFACTS|ARTIFACTS_LIST)$/, why: "by that file the runner is told what later steps do", asSecret: false },
  { name: /^GITHUB_EVENT_PATH$/, why: "the jail does not see that file", asSecret: false },
  { name: /^RUNNER_(?!(?:OS|ARCH|ENVIRONMENT|DEBUG)$)/, why: "it names what the jail does not see of the runner", asSecret: false },
  { name: /^INPUT_/, why: "it is an input of the action's, and may be a token", asSecret: false },
  { name: /^STATE_/, why: "it is the action's own state", asSecret: false },
  { name: /^(?:SSH_AUTH_SOCK|DBUS_SESSION_BUS_ADDRESS|XDG_RUNTIME_DIR)$/, why: "it names a socket, which the jail does not see", asSecret: false },
  { name: /^(?:GITHUB_TOKEN|GH_TOKEN|GITHUB_PAT|GH_ENTERPRISE_TOKEN|GITHUB_ENTERPRISE_TOKEN)$/, why: "it is a token", asSecret: true }
];
function stepEnvironment({ rules, step, caller }) {
  const env = {
    LANG: "C.UTF-8",
    TERM: step.tty === null ? "dumb" : "xterm-256color",
    CI: "true",
    AGENT_JAIL: "1"
  };
  const problems = [];
  const refuse = (what, name, why, place, remedy) => {
    problems.push({ message: `${what}: ${name} cannot be used: ${why}`, place, remedy });
  };
  const literals = (what, values, place) => {
    for (const [name, value] of Object.entries(values)) {
      if (OWN.has(name)) refuse(what, name, "the jail sets it itself", place, "leave it out, or set it in the script");
      else if (name === "" || /[=\0]/.test(name) || value.includes("\0")) refuse(what, JSON.stringify(name), "no process can have such a variable", place, "give it another name or value");
      else env[name] = value;
    }
  };
  literals("env", rules.env, null);
  for (const name of rules.passEnv) {
    const refused = REFUSED.find((row) => row.name.test(name));
    if (OWN.has(name) || name === "PATH") refuse("pass-env", name, "the jail has its own", null, name === "PATH" ? "`jail.toolchain: auto` brings what is on yours" : "leave it out");
    else if (refused !== void 0) refuse("pass-env", name, refused.why, null, refused.asSecret ? "name it under `secrets`" : "leave it out");
    else if (caller[name] !== void 0) env[name] = caller[name];
  }
  for (const { name, use, place } of rules.secrets) {
    const refused = REFUSED.find((row) => !row.asSecret && row.name.test(name));
    if (OWN.has(name) || name === "PATH") refuse("secrets", name, "the jail has its own", place, "give the secret another name");
    else if (refused !== void 0) refuse("secrets", name, refused.why, place, "set a secret of another name");
    else if (use === "env" && caller[name] !== void 0) env[name] = caller[name];
  }
  literals("env of the step", step.env, step.place);
  return { env, problems };
}

// src/plan/git-config.ts
var ALLOWED = /* @__PURE__ */ new Set([
  // how the repository is stored: without these git misreads it
  "core.repositoryformatversion",
  "core.filemode",
  "core.bare",
  "core.ignorecase",
  "core.precomposeunicode",
  "core.symlinks",
  "core.logallrefupdates",
  "core.autocrlf",
  "core.eol",
  "core.sparsecheckout",
  "core.sparsecheckoutcone",
  "extensions.objectformat",
  "extensions.compatobjectformat",
  "extensions.refstorage",
  "extensions.worktreeconfig",
  "extensions.partialclone",
  // names and addresses
  "remote.*.url",
  "remote.*.pushurl",
  "remote.*.fetch",
  "remote.*.tagopt",
  "remote.*.promisor",
  "remote.*.partialclonefilter",
  "branch.*.remote",
  "branch.*.merge",
  "branch.*.rebase",
  "submodule.*.url",
  "submodule.*.path",
  "submodule.*.active",
  "submodule.*.branch",
  "submodule.active",
  // what commits say
  "user.name",
  "user.email",
  "i18n.commitencoding",
  "i18n.logoutputencoding",
  "gc.auto"
]);
var ADDRESSES = /* @__PURE__ */ new Set(["remote.*.url", "remote.*.pushurl", "branch.*.remote", "submodule.*.url"]);
function rewriteGitConfig(text) {
  const lines = [];
  let header = "";
  for (const { section, subsection, name, value } of parseGitConfig(text)) {
    const key = [section, ...subsection === null ? [] : ["*"], name].join(".");
    if (!ALLOWED.has(key) || subsection?.includes("\0") || value?.includes("\0")) continue;
    const place = subsection === null ? null : withoutUserinfo(subsection);
    const wanted = place === null ? `[${section}]` : `[${section} "${place.replace(/["\\]/g, "\\$&")}"]`;
    if (wanted !== header) lines.push(wanted);
    header = wanted;
    const clean = value !== null && ADDRESSES.has(key) ? withoutUserinfo(value) : value;
    lines.push(clean === null ? `	${name}` : `	${name} = "${clean.replace(/["\\\n\t\b]/g, (char) => ESCAPES[char])}"`);
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}
`;
}
var ESCAPES = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "	": "\\t", "\b": "\\b" };
function withoutUserinfo(url) {
  const [scheme = "", ...rest] = url.split("://");
  if (rest.length === 0) {
    const first = url.split("/", 1)[0];
    const colon = first.indexOf(":");
    return colon !== -1 && colon < first.indexOf("@") ? url.slice(first.lastIndexOf("@") + 1) : url;
  }
  const web = /https?$/i.test(scheme);
  let clean = scheme;
  for (const [index, part] of rest.entries()) {
    const slash = part.indexOf("/");
    const authority = slash === -1 ? part : part.slice(0, slash);
    const at = authority.lastIndexOf("@");
    const host = authority.slice(at + 1);
    const user = at === -1 ? "" : authority.slice(0, at).split(/[:@]/, 1)[0];
    if (web && /:\D/.test(host.replace(/^\[[^\]]*\]/, ""))) return "";
    const ssh = user !== "" && /(?:^|[:+])ssh$|(?:^|:)ssh\+/i.test(index === 0 ? scheme : "");
    clean += `://${ssh ? `${user}@` : ""}${host}${slash === -1 ? "" : part.slice(slash)}`;
  }
  return web ? clean.split(/[?#]/, 1)[0] : clean;
}
function* parseGitConfig(text) {
  const reader = new Reader(text);
  let section = null;
  for (let char = reader.next(); char !== ""; char = reader.next()) {
    if (BLANK.test(char)) continue;
    if (char === "#" || char === ";") reader.skipLine();
    else if (char === "[") {
      section = readHeader(reader);
      if (section === null) return;
    } else if (section !== null && /[A-Za-z]/.test(char)) {
      const setting = readSetting(reader, char);
      if (setting === null) return;
      yield { ...section, ...setting };
    } else return;
  }
}
var BLANK = /^[ \t\r\n]$/;
var Reader = class {
  #text;
  #at = 0;
  constructor(text) {
    this.#text = text.startsWith("\uFEFF") ? text.slice(1) : text;
  }
  /** '' at the end. */
  next() {
    if (this.#text[this.#at] === "\r" && this.#text[this.#at + 1] === "\n") this.#at += 1;
    const char = this.#text[this.#at] ?? "";
    this.#at += 1;
    return char;
  }
  skipLine() {
    for (let char = this.next(); char !== "" && char !== "\n"; char = this.next()) ;
  }
};
function readHeader(reader) {
  let name = "";
  let char = reader.next();
  for (; /[A-Za-z0-9.-]/.test(char); char = reader.next()) name += char.toLowerCase();
  let quoted = null;
  if (/^[ \t\r]$/.test(char)) {
    while (/^[ \t\r]$/.test(char)) char = reader.next();
    if (char !== '"') return null;
    quoted = "";
    for (char = reader.next(); char !== '"'; char = reader.next()) {
      if (char === "\\") char = reader.next();
      if (char === "" || char === "\n") return null;
      quoted += char;
    }
    char = reader.next();
  }
  if (char !== "]") return null;
  const dot = name.indexOf(".");
  const old = dot === -1 ? [] : [name.slice(dot + 1)];
  const parts = quoted === null ? old : [...old, quoted];
  return { section: dot === -1 ? name : name.slice(0, dot), subsection: parts.length === 0 ? null : parts.join(".") };
}
function readSetting(reader, first) {
  let name = first.toLowerCase();
  let char = reader.next();
  for (; /[A-Za-z0-9-]/.test(char); char = reader.next()) name += char.toLowerCase();
  while (char === " " || char === "	") char = reader.next();
  if (char === "" || char === "\n") return { name, value: null };
  if (char !== "=") return null;
  const value = readValue(reader);
  return value === null ? null : { name, value };
}
function readValue(reader) {
  let value = "";
  let blanks = "";
  let quoted = false;
  for (let char = reader.next(); ; char = reader.next()) {
    if (char === "" || char === "\n") return quoted ? null : value;
    if (!quoted && BLANK.test(char)) {
      if (value !== "") blanks += char;
      continue;
    }
    if (!quoted && (char === "#" || char === ";")) {
      reader.skipLine();
      return value;
    }
    let plain = char;
    if (char === '"') {
      quoted = !quoted;
      plain = "";
    } else if (char === "\\") {
      const escaped = reader.next();
      if (escaped === "\n") continue;
      plain = { n: "\n", t: "	", b: "\b", "\\": "\\", '"': '"' }[escaped];
      if (plain === void 0) return null;
    }
    value += blanks + plain;
    blanks = "";
  }
}

// src/plan/shell.ts
var BUILT_IN = {
  bash: ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "{0}"],
  sh: ["sh", "-e", "{0}"],
  python: ["python", "{0}"],
  pwsh: ["pwsh", "-command", ". '{0}'"],
  node: ["node", "{0}"]
};
var DEFAULT = { argv: ["bash", "-e", "{0}"], extension: ".sh" };
var EXTENSIONS = { bash: ".sh", sh: ".sh", python: ".py", pwsh: ".ps1", node: ".js" };
function resolveShell(shell, place = null) {
  if (shell === null) return DEFAULT;
  const [program, ...template] = splitArguments(shell.trim());
  const builtIn = Object.hasOwn(BUILT_IN, shell.trim()) ? BUILT_IN[shell.trim()] : void 0;
  const extension = program !== void 0 && Object.hasOwn(EXTENSIONS, program) ? EXTENSIONS[program] : "";
  if (builtIn !== void 0) return { argv: builtIn, extension };
  const names = Object.keys(BUILT_IN).join(", ");
  const wrong = (message, remedy) => new UserError([{ message: `shell: ${JSON.stringify(shell)} ${message}`, place, remedy }]);
  if (program === void 0) throw wrong("names no program", `write one of ${names}, or a command with {0} for the script`);
  if (!template.some((argument) => argument.includes("{0}")))
    throw wrong(
      template.length === 0 ? "is not a known shell" : "does not say where the script goes",
      `write one of ${names}, or a command with {0} for the script: \`${program} {0}\``
    );
  const argv = [program, ...template];
  if (argv.some((argument) => /[{}]/.test(argument.replaceAll("{0}", ""))))
    throw wrong("has a brace that is not part of {0}", "put the command into a script of the workspace, and name that");
  return { argv, extension };
}
function scriptText(shell, run) {
  const text = run.endsWith("\n") ? run : `${run}
`;
  if (shell.extension !== ".ps1") return text;
  return `$ErrorActionPreference = 'stop'
${text}if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }
`;
}
function splitArguments(text) {
  const found = [];
  let current = null;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (!quoted && /\s/.test(char)) {
      if (current !== null) found.push(current);
      current = null;
      continue;
    }
    current ??= "";
    if (char === '"' && quoted && text[at + 1] === '"') {
      current += '"';
      at += 1;
    } else if (char === '"') quoted = !quoted;
    else if (char === "\\") {
      let end = at;
      while (text[end] === "\\") end += 1;
      const count = end - at;
      const escapes = text[end] === '"';
      current += "\\".repeat(escapes ? Math.floor(count / 2) : count);
      at = end - 1;
      if (escapes && count % 2 === 1) {
        current += '"';
        at = end;
      }
    } else current += char;
  }
  if (current !== null) found.push(current);
  return found;
}

// src/plan/surroundings.ts
import { dirname, normalize } from "node:path";
var POINTERS = /* @__PURE__ */ new Set([
  // files by which the runner is told what later steps do, and what the job is about
  "GITHUB_ENV",
  "GITHUB_PATH",
  "GITHUB_OUTPUT",
  "GITHUB_STATE",
  "GITHUB_STEP_SUMMARY",
  "GITHUB_ARTIFACTS",
  "GITHUB_ARTIFACTS_LIST",
  "GITHUB_EVENT_PATH",
  // credentials; the login actions of the clouds put theirs into the workspace
  "GOOGLE_APPLICATION_CREDENTIALS",
  "GOOGLE_GHA_CREDS_PATH",
  "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
  "CLOUDSDK_CONFIG",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_CONFIG_FILE",
  "AZURE_CONFIG_DIR",
  "KUBECONFIG",
  "DOCKER_CONFIG",
  "REGISTRY_AUTH_FILE",
  "NETRC",
  "NPM_CONFIG_USERCONFIG",
  "npm_config_userconfig",
  "PIP_CONFIG_FILE",
  "TF_CLI_CONFIG_FILE",
  "GH_CONFIG_DIR",
  "GIT_CONFIG_GLOBAL",
  "GIT_ASKPASS",
  "SSH_ASKPASS",
  "SSH_AUTH_SOCK",
  "GNUPGHOME",
  "GPG_AGENT_INFO",
  "VAULT_TOKEN_PATH"
]);
var POINTER = /(?:TOKEN|CREDENTIALS?|SECRETS?|PASSWORD|PASSPHRASE|PRIVATE_KEY)_(?:FILE|PATH)$/i;
var RUNNER_PARTS = [
  "bin",
  "externals",
  "_diag",
  ".runner",
  ".credentials",
  ".credentials_rsaparams",
  ".service",
  ".env",
  ".path",
  ".setup_info",
  "config.sh",
  "env.sh",
  "run.sh",
  "run-helper.sh",
  "safe_sleep.sh",
  "svc.sh"
];
function surroundingsOf(env, home, node) {
  const temp = absolute(env["RUNNER_TEMP"]);
  const work = temp === null ? null : dirname(temp);
  const forbidden = [temp, ...work === null || work === "/" ? [] : [`${work}/_actions`, `${work}/_PipelineMapping`], actions(env), ...runner(node, work)];
  const hidden = Object.entries(env).flatMap(
    ([name, value]) => POINTERS.has(name) || POINTER.test(name) ? (value ?? "").split(":").map(absolute) : []
    // KUBECONFIG is a list
  );
  return {
    path: (env["PATH"] ?? "").split(":"),
    home,
    toolchain: toolchainOf(env),
    forbidden: unique(forbidden),
    hidden: unique(hidden)
  };
}
function actions(env) {
  const own = absolute(env["GITHUB_ACTION_PATH"]) ?? "";
  const at = `${own}/`.indexOf("/_actions/");
  return at === -1 ? null : own.slice(0, at + "/_actions".length);
}
function runner(node, work) {
  const root = /^(\/.+)\/externals\/node\d+(?:_alpine)?\/bin\/node$/.exec(node)?.[1];
  if (root === void 0) return [];
  return work !== null && within(work, root) ? RUNNER_PARTS.map((part) => `${root}/${part}`) : [root];
}
function absolute(value) {
  if (value === void 0 || !value.startsWith("/") || value.includes("\0")) return null;
  const path = normalize(value).replace(/\/+$/, "");
  return path === "" ? null : path;
}
var unique = (paths) => [...new Set(paths.filter((path) => path !== null))];

// src/run/prepare.ts
async function prepare(wish) {
  const workspace = realpathSync(wish.workspace);
  mkdirSync(wish.record, { recursive: true, mode: 448 });
  const steps = wish.steps.map((step) => {
    const rules = step.setup ? wish.policy.setup : wish.policy.agent;
    const shell = resolveShell(step.shell, step.place);
    const { env, problems } = stepEnvironment({ rules, step, caller: wish.environment });
    if (problems.length > 0) throw new UserError(problems);
    return { name: step.name, setup: step.setup, script: scriptText(shell, step.run), shell: shell.argv, extension: shell.extension, cwd: step.workingDirectory === null ? workspace : `${workspace}/${step.workingDirectory}`, env, time: step.time, idle: step.idle, tty: step.tty, agent: step.agent };
  });
  const config = `${workspace}/.git/config`;
  const names = [...wish.policy.agent.secrets, ...wish.policy.setup.secrets].map((s) => s.name);
  return {
    kind: "run",
    protocol: 1,
    id: wish.id,
    version: wish.version,
    policy: wish.policy,
    source: wish.source,
    steps,
    secrets: Object.fromEntries(names.map((n) => [n, wish.environment[n] ?? ""])),
    mask: wish.mask,
    backend: wish.backend,
    workspace,
    covers: existsSync(config) ? [{ path: config, content: rewriteGitConfig(readFileSync(config, "utf8")) }] : [],
    base: null,
    record: realpathSync(wish.record),
    caller: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    surroundings: surroundingsOf(wish.environment, homedir(), process.execPath),
    display: wish.display
  };
}

export {
  prepare
};
