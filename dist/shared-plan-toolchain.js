const { normalize } = process.getBuiltinModule("node:path");
import {
  JailError
} from "./shared-model-errors.js";

// src/plan/view.ts
function planView(wish) {
  const root = {
    key: "root",
    layer: "root",
    target: "/",
    lower: wish.tree,
    access: "copy-on-write",
    swap: null,
    owner: { uid: 0, gid: 0 },
    mode: 493
  };
  const top = wish.ownRoot && wish.tree !== null && wish.idmap ? { ...root, swap: { uid: 0, gid: 0 }, owner: wish.agent } : root;
  const home = { ...root, key: "home", layer: "home", target: wish.home, lower: null, owner: wish.agent, mode: 488 };
  const listed = [
    ...wish.paths.flatMap((path) => directory(wish, "root", path, path, "copy-on-write", callerOwns(wish, path))),
    ...wish.mounts.flatMap((m) => directory(wish, "root", m.source, m.target, m.access, true)),
    ...wish.workspace === null ? [] : directory(wish, "workspace", wish.workspace.path, wish.workspace.path, wish.workspace.access, true)
  ];
  const all = [top, home, ...listed].sort((a, b) => compare(a.target, b.target));
  for (const [index, plan] of all.entries()) {
    if (all[index - 1]?.target === plan.target)
      throw new JailError(`two things are to be at ${plan.target} in the jail`, "give the mount another `target`");
  }
  return all.map((plan, index) => ({ ...plan, key: plan.key === "" ? `d${index}` : plan.key }));
}
function directory(wish, layer, source, target, access, mine) {
  const found = wish.found.get(source);
  if (found === void 0) throw new JailError(`${source} was not looked at`, "this is a defect of agent-jail");
  const file = found.submounts.find((m) => !m.directory);
  if (file !== void 0)
    throw new JailError(
      `a file is mounted at ${file.target}, below ${source}`,
      "unmount it, or do not list the directory: a file mount cannot be copy-on-write"
    );
  const swap = mine && wish.idmap && found.owner.uid !== wish.agent.uid ? found.owner : null;
  const owner = swap === null ? found.owner : { uid: flip(found.owner.uid, swap.uid, wish.agent.uid), gid: flip(found.owner.gid, swap.gid, wish.agent.gid) };
  return [
    { key: "", layer, target, lower: source, access, swap, owner, mode: found.mode },
    ...found.submounts.flatMap(
      (mount) => directory(wish, layer, mount.target, `${target}${mount.target.slice(source.length)}`, access, mine)
    )
  ];
}
var callerOwns = (wish, path) => wish.caller.uid !== 0 && wish.found.get(path)?.owner.uid === wish.caller.uid;
var flip = (id, a, b) => id === a ? b : id === b ? a : id;
function compare(a, b) {
  const left = a.split("/").filter(Boolean);
  const right = b.split("/").filter(Boolean);
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const l = left[i];
    const r = right[i];
    if (l !== r) return l < r ? -1 : 1;
  }
  return left.length - right.length;
}
function enclosing(plans, path) {
  let best = plans[0];
  for (const plan of plans) if (plan.target !== path && within(path, plan.target) && plan.target.length >= best.target.length) best = plan;
  return best;
}
var within = (path, directory2) => path === directory2 || directory2 === "/" || path.startsWith(`${directory2}/`);

// src/plan/paths.ts
var outermost = (paths) => paths.filter((path) => !paths.some((other) => other !== path && within(path, other)));

// src/plan/toolchain.ts

// src/plan/toolchain-data.ts
var variables = (kind, ...names) => names.map((name) => ({ name, kind, export: true }));
var TOOLCHAIN_VARIABLES = [
  { name: "RUNNER_TOOL_CACHE", kind: "tree", export: false },
  { name: "AGENT_TOOLSDIRECTORY", kind: "tree", export: false },
  ...variables(
    "tree",
    /^JAVA_HOME(?:_\d+_[A-Z0-9]+)?$/,
    "GRADLE_HOME",
    "ANT_HOME",
    "MAVEN_HOME",
    "M2_HOME",
    "LEIN_HOME",
    "KOTLIN_HOME",
    "SDKMAN_DIR",
    /^GOROOT(?:_\d+_\d+_[A-Z0-9]+)?$/,
    "RUSTUP_HOME",
    "pythonLocation",
    /^Python[23]?_ROOT_DIR$/,
    "PYENV_ROOT",
    "VIRTUAL_ENV",
    "CONDA",
    "CONDA_PREFIX",
    "UV_PYTHON_INSTALL_DIR",
    "UV_TOOL_DIR",
    "PIPX_HOME",
    "PIPX_BIN_DIR",
    "NVM_DIR",
    "VOLTA_HOME",
    "PNPM_HOME",
    "NODENV_ROOT",
    "PLAYWRIGHT_BROWSERS_PATH",
    "CHROMEWEBDRIVER",
    "GECKOWEBDRIVER",
    "EDGEWEBDRIVER",
    "RBENV_ROOT",
    "GOENV_ROOT",
    "ASDF_DIR",
    "ASDF_DATA_DIR",
    "MISE_DATA_DIR",
    "HOMEBREW_PREFIX",
    "HOMEBREW_CELLAR",
    "HOMEBREW_REPOSITORY",
    "DOTNET_ROOT",
    "ANDROID_HOME",
    "ANDROID_SDK_ROOT",
    /^ANDROID_NDK(?:_HOME|_ROOT|_LATEST_HOME)?$/,
    "SWIFT_PATH",
    "VCPKG_INSTALLATION_ROOT",
    "GHCUP_INSTALL_BASE_PREFIX"
  ),
  ...variables("list", "LD_LIBRARY_PATH", "PKG_CONFIG_PATH", "CMAKE_PREFIX_PATH", "CPATH", "LIBRARY_PATH", "MANPATH", "XDG_DATA_DIRS"),
  ...variables(
    "path",
    "CHROME_BIN",
    "LEIN_JAR",
    "SELENIUM_JAR_PATH",
    "PUPPETEER_EXECUTABLE_PATH",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "PIP_CERT",
    "AWS_CA_BUNDLE"
  )
];
var TOOL_DIRECTORIES = [
  { under: ".cargo/bin", show: [".rustup"], env: { RUSTUP_HOME: ".rustup" } },
  // each program is rustup, which looks for the real one
  { under: ".pyenv", show: [".pyenv"], env: { PYENV_ROOT: ".pyenv" } },
  { under: ".rbenv", show: [".rbenv"], env: { RBENV_ROOT: ".rbenv" } },
  { under: ".nodenv", show: [".nodenv"], env: { NODENV_ROOT: ".nodenv" } },
  { under: ".goenv", show: [".goenv"], env: { GOENV_ROOT: ".goenv" } },
  { under: ".asdf", show: [".asdf"], env: { ASDF_DATA_DIR: ".asdf" } },
  { under: ".nvm", show: [".nvm"], env: { NVM_DIR: ".nvm" } },
  { under: ".volta", show: [".volta"], env: { VOLTA_HOME: ".volta" } },
  { under: ".sdkman", show: [".sdkman"], env: { SDKMAN_DIR: ".sdkman" } },
  { under: ".local/share/mise", show: [".local/share/mise"], env: { MISE_DATA_DIR: ".local/share/mise" } },
  { under: ".local/bin", show: [".local/share/pipx/venvs", ".local/pipx/venvs", ".local/share/uv/tools", ".local/share/uv/python", ".local/share/claude/versions"] },
  { under: ".dotnet", show: [".dotnet"], env: { DOTNET_ROOT: ".dotnet" } },
  { under: ".bun/bin", show: [".bun/install/global"] },
  { under: ".ghcup", show: [".ghcup"] },
  { under: ".opam", show: [".opam"] },
  { under: ".linuxbrew", show: [".linuxbrew"] },
  { under: ".composer/vendor/bin", show: [".composer/vendor"] },
  { under: ".config/composer/vendor/bin", show: [".config/composer/vendor"] },
  { under: "node_modules/.bin", show: ["node_modules"] }
];
var INSTALLATIONS = [
  { marker: "pyvenv.cfg", show: "" },
  { marker: "conda-meta", show: "" },
  { marker: "lib/node_modules", show: "lib/node_modules" }
];

// src/plan/toolchain.ts
var ROOTS = ["/usr", "/opt", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
var CERTIFICATES = ["/etc/ssl/certs", "/etc/pki/ca-trust", "/etc/pki/tls/certs"];
var SYSTEM_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
var OWN = ["/dev", "/etc", "/proc", "/run", "/sys", "/boot"];
var SHARED = ["/home", "/media", "/mnt", "/root", "/srv", "/tmp", "/var", "/var/lib", "/var/tmp"];
function toolchainOf(env) {
  const found = {};
  for (const [name, value] of Object.entries(env))
    if (value !== void 0 && value !== "" && rowOf(name) !== void 0) found[name] = value;
  return found;
}
var rowOf = (name) => TOOLCHAIN_VARIABLES.find((row) => typeof row.name === "string" ? row.name === name : row.name.test(name));
function visiblePaths(wish) {
  const notices = [];
  const shown = /* @__PURE__ */ new Set();
  const extra = {};
  const isLink = (path2) => wish.realpath(path2) !== path2;
  const links = ROOTS.filter((path2) => wish.exists(`${path2}/.`) && isLink(path2));
  for (const path2 of ROOTS) {
    if (!wish.exists(`${path2}/.`) || isLink(path2)) continue;
    const why = path2 === "/opt" ? refuse(path2, wish) : null;
    if (why === null) shown.add(path2);
    else notices.push(`${path2} is left out: ${why}; what PATH names of it is shown`);
  }
  if (within(wish.home, "/usr"))
    throw new JailError(`the home directory ${wish.home} lies in /usr, which every jail sees`, "run as a user with another home directory");
  const show = (path2) => {
    if (within(path2, wish.workspace)) return null;
    const real = wish.exists(`${path2}/.`) ? wish.realpath(path2) : null;
    if (real === null) return "it is not a directory";
    const why = refuse(path2, wish) ?? refuse(real, wish);
    if (why === null && !within(real, wish.workspace)) shown.add(real);
    return why;
  };
  const entries = [];
  for (const written of wish.path) {
    const entry = clean(written);
    if (entry !== null && !within(entry, wish.workspace) && !wish.exists(entry)) continue;
    const why = entry === null ? "it is not absolute" : show(entry);
    if (entry === null || why !== null) {
      notices.push(`PATH: ${JSON.stringify(written)} is left out: ${why}`);
      continue;
    }
    entries.push(entry);
    for (const more of beside(entry, wish)) {
      const path2 = wish.realpath(more.path);
      if (path2 === null || show(path2) !== null) continue;
      if (more.variable !== null) extra[more.variable] ??= path2;
    }
  }
  const kept = [];
  for (const [name, value] of Object.entries(wish.toolchain)) {
    const row = rowOf(name);
    if (row === void 0) continue;
    if (row.kind === "tree") {
      const path2 = clean(value);
      const why = path2 === null ? "it is not absolute" : show(path2);
      if (why !== null) {
        notices.push(`${name} is left out, ${JSON.stringify(value)}: ${why}`);
        continue;
      }
    }
    if (row.export) kept.push([name, value, row]);
  }
  const paths = outermost([...shown]).sort();
  const inJail = (path2) => {
    const real = wish.realpath(path2);
    const seen = (p) => [...paths, wish.workspace, ...CERTIFICATES].some((directory2) => within(p, directory2));
    if (within(path2, wish.workspace)) return path2;
    if (real === null || !seen(real)) return null;
    return seen(path2) || links.some((link) => within(path2, link)) ? path2 : real;
  };
  const env = { ...extra };
  for (const [name, value, row] of kept) {
    const parts = (row.kind === "list" ? value.split(":") : [value]).flatMap((part) => clean(part) ?? []);
    const found = parts.flatMap((part) => inJail(part) ?? []);
    if (found.length > 0) env[name] = found.join(":");
    if (found.length < parts.length) notices.push(`${name}: not all of ${JSON.stringify(value)} is in the jail`);
  }
  const path = unique([...entries.flatMap((entry) => inJail(entry) ?? []), ...SYSTEM_PATH]);
  return { paths, env, path, notices };
}
function refuse(path, { home, forbidden }) {
  if (path === "/") return "it is the whole machine";
  if (OWN.some((own) => within(path, own)) || SHARED.includes(path)) return "the jail has its own";
  if (within(home, path) || /^\/home\/[^/]+$/.test(path)) return "it is, or contains, a home directory";
  const other = forbidden.find((one) => within(path, one) || within(one, path));
  return other === void 0 ? null : `it is, contains or lies in ${other}, which is the runner's own`;
}
function* beside(entry, wish) {
  for (const { under, show, env } of TOOL_DIRECTORIES) {
    const at = `${entry}/`.indexOf(`/${under}/`);
    if (at === -1) continue;
    const base = entry.slice(0, at);
    for (const path of show) {
      const variable = Object.entries(env ?? {}).find(([, value]) => value === path)?.[0] ?? null;
      yield { path: `${base}/${path}`, variable };
    }
  }
  const prefix = entry.endsWith("/bin") ? entry.slice(0, -"/bin".length) : "";
  if (prefix === "") return;
  for (const { marker, show } of INSTALLATIONS)
    if (wish.exists(`${prefix}/${marker}`)) yield { path: show === "" ? prefix : `${prefix}/${show}`, variable: null };
}
function clean(path) {
  if (!path.startsWith("/") || /[\0\n]/.test(path)) return null;
  return normalize(path).replace(/(?<=.)\/$/, "");
}
var unique = (all) => [...new Set(all)];

// src/plan/environment.ts
var OWN2 = /* @__PURE__ */ new Set(["HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "AGENT_JAIL", "AGENT_JAIL_RESULT"]);
var REFUSED = [
  { name: /^ACTIONS_/, why: "it is one of the runner's own tokens and addresses", asSecret: false },
  {
    name: /^GITHUB_(?:ENV|PATH|OUTPUT|STATE|STEP_SUMMARY|ARTIFACTS|ARTIFACTS_LIST)$/,
    why: "by that file the runner is told what later steps do",
    asSecret: false
  },
  { name: /^GITHUB_EVENT_PATH$/, why: "the jail does not see that file", asSecret: false },
  { name: /^RUNNER_(?!(?:OS|ARCH|ENVIRONMENT|DEBUG)$)/, why: "it names what the jail does not see of the runner", asSecret: false },
  { name: /^INPUT_/, why: "it is an input of the action's, and may be a token", asSecret: false },
  { name: /^STATE_/, why: "it is the action's own state", asSecret: false },
  {
    name: /^(?:SSH_AUTH_SOCK|DBUS_SESSION_BUS_ADDRESS|XDG_RUNTIME_DIR)$/,
    why: "it names a socket, which the jail does not see",
    asSecret: false
  },
  { name: /^(?:GITHUB_TOKEN|GH_TOKEN|GITHUB_PAT|GH_ENTERPRISE_TOKEN|GITHUB_ENTERPRISE_TOKEN)$/, why: "it is a token", asSecret: true }
];
var placeholderOf = (run, secret) => `agent-jail-placeholder-${secret}-${run}`;
function stepEnvironment({ id, rules, step, caller }) {
  const env = {
    TERM: step.tty === null ? "dumb" : "xterm-256color",
    CI: "true",
    AGENT_JAIL: "1"
  };
  const problems = [];
  const refuse2 = (what, name, why, place, remedy) => {
    problems.push({ message: `${what}: ${name} cannot be used: ${why}`, place, remedy });
  };
  const literals = (what, values, place) => {
    for (const [name, value] of Object.entries(values)) {
      if (OWN2.has(name)) refuse2(what, name, "the jail sets it itself", place, "leave it out, or set it in the script");
      else if (name === "" || /[=\0]/.test(name) || value.includes("\0"))
        refuse2(what, JSON.stringify(name), "no process can have such a variable", place, "give it another name or value");
      else env[name] = value;
    }
  };
  literals("env", rules.env, null);
  for (const name of rules.passEnv) {
    const refused = REFUSED.find((row) => row.name.test(name));
    if (OWN2.has(name) || name === "PATH")
      refuse2(
        "pass-env",
        name,
        "the jail has its own",
        null,
        name === "PATH" ? "`jail.toolchain: auto` brings what is on yours" : "leave it out"
      );
    else if (refused !== void 0)
      refuse2("pass-env", name, refused.why, null, refused.asSecret ? "name it under `secrets`" : "leave it out");
    else if (caller[name] !== void 0) env[name] = caller[name];
  }
  for (const { name, use, place } of rules.secrets) {
    const refused = REFUSED.find((row) => !row.asSecret && row.name.test(name));
    if (OWN2.has(name) || name === "PATH") refuse2("secrets", name, "the jail has its own", place, "give the secret another name");
    else if (refused !== void 0) refuse2("secrets", name, refused.why, place, "set a secret of another name");
    else if (use === "inject") env[name] = placeholderOf(id, name);
    else if (caller[name] !== void 0) env[name] = caller[name];
  }
  literals("env of the step", step.env, step.place);
  return { env, problems };
}
function imageEnvironment(lines) {
  const env = {};
  const left = [];
  for (const line of lines) {
    const [, name, value = ""] = /^([A-Za-z_][A-Za-z0-9_]*)=([^\0]*)$/.exec(line) ?? [];
    if (name === void 0) left.push(JSON.stringify(line.split("=")[0]));
    else if (name !== "PATH" || value !== "") env[name] = value;
  }
  return { env, left };
}

export {
  planView,
  enclosing,
  within,
  outermost,
  toolchainOf,
  visiblePaths,
  placeholderOf,
  stepEnvironment,
  imageEnvironment
};
