const { createHash } = process.getBuiltinModule("node:crypto");
const { posix } = process.getBuiltinModule("node:path");
const { readFileSync: readFileSync2 } = process.getBuiltinModule("node:fs");
const { closeSync, constants, fstatSync, openSync, readFileSync } = process.getBuiltinModule("node:fs");
const { lstatSync, readdirSync } = process.getBuiltinModule("node:fs");
const { dirname } = process.getBuiltinModule("node:path");
const { lstatSync: lstatSync2 } = process.getBuiltinModule("node:fs");
const { userInfo } = process.getBuiltinModule("node:os");
const { resolve } = process.getBuiltinModule("node:path");
const { dirname: dirname2, normalize } = process.getBuiltinModule("node:path/posix");
const { chmodSync, lstatSync: lstatSync3, mkdirSync, readdirSync: readdirSync2 } = process.getBuiltinModule("node:fs");
const { isAbsolute } = process.getBuiltinModule("node:path");
const { existsSync } = process.getBuiltinModule("node:fs");
const { resolve: resolve2 } = process.getBuiltinModule("node:path");
import {
  refuseShort,
  secretForms,
  tooShort
} from "./shared-secrets-forms.js";
import {
  originOf
} from "./shared-run-origin.js";
import {
  HERE,
  hostPathOf,
  inJailForm,
  jailPathOf
} from "./shared-system-platform.js";
import {
  readIfThere
} from "./shared-system-engine-connection.js";
import {
  baseOf
} from "./shared-system-git.js";
import {
  STATE
} from "./shared-run-start-warden.js";
import {
  exec,
  failure
} from "./shared-system-exec.js";
import {
  JailError,
  UserError
} from "./shared-model-errors.js";

// src/system/docker-context.ts
var USUAL = { win32: "npipe:////./pipe/docker_engine" };
var USUAL_SOCKET = "unix:///var/run/docker.sock";
var DEFAULT = "default";
function engineOf(env, home, read2, platform = process.platform) {
  try {
    return find(env, home, read2, platform);
  } catch (error) {
    if (error instanceof JailError) return { ok: false, message: error.message, remedy: error.remedy };
    const message = `the configuration of the docker command line cannot be read: ${error.message}`;
    return { ok: false, message, remedy: "repair it, or set DOCKER_HOST" };
  }
}
function find(env, home, read2, platform) {
  const said = (name2) => env[name2] === void 0 || env[name2] === "" ? null : env[name2];
  const directory = said("DOCKER_CONFIG") ?? posix.join(home, ".docker");
  const host = said("DOCKER_HOST");
  if (host !== null) return checked({ ok: true, host, from: "DOCKER_HOST", tls: ownTls(said, directory, read2) });
  const byVariable = said("DOCKER_CONTEXT");
  const name = byVariable ?? currentContext(directory, read2);
  if (name === null || name === DEFAULT) return { ok: true, host: USUAL[platform] ?? USUAL_SOCKET, from: "the usual place", tls: null };
  return checked(ofContext(name, byVariable === null ? "currentContext" : "DOCKER_CONTEXT", directory, read2));
}
function ownTls(said, directory, read2) {
  if (said("DOCKER_TLS_VERIFY") === null) return null;
  const place = said("DOCKER_CERT_PATH") ?? directory;
  return material(place, read2);
}
var material = (place, read2) => ({
  ca: read2(posix.join(place, "ca.pem")),
  cert: read2(posix.join(place, "cert.pem")),
  key: read2(posix.join(place, "key.pem"))
});
function currentContext(directory, read2) {
  const file = posix.join(directory, "config.json");
  const text = read2(file);
  if (text === null || text.trim() === "") return null;
  const name = json(text, file)?.currentContext;
  return typeof name === "string" && name !== "" ? name : null;
}
function ofContext(name, asked, directory, read2) {
  const from = `the context ${JSON.stringify(name)}`;
  const id = createHash("sha256").update(name).digest("hex");
  const file = posix.join(directory, "contexts/meta", id, "meta.json");
  const text = read2(file);
  if (text === null)
    throw new JailError(`${from} does not exist (${asked} names it)`, "see `docker context ls`; `docker context use default` goes back");
  const { Host: host, SkipTLSVerify: skips } = endpoint(json(text, file));
  if (typeof host !== "string" || host === "") throw new JailError(`${from} names no Docker engine`, "see `docker context inspect`");
  const tls = material(posix.join(directory, "contexts/tls", id, "docker"), read2);
  const none = tls.ca === null && tls.cert === null && tls.key === null;
  if (skips === true)
    throw new JailError(`${from} does not verify its engine (SkipTLSVerify)`, "give the context the authority (`ca.pem`)");
  return { ok: true, host, from, tls: none ? null : tls };
}
function endpoint(meta) {
  return meta?.Endpoints?.docker ?? {};
}
function checked(at) {
  const { host, from, tls } = at;
  if (/^ssh:\/\//i.test(host))
    throw new JailError(
      `${from} leads to ${host}: SSH is not spoken here`,
      "forward the socket (`ssh -NL 23750:/var/run/docker.sock HOST`) and set DOCKER_HOST=tcp://127.0.0.1:23750"
    );
  const [, name] = /^tcp:\/\/(\[[0-9a-f:]+\]|[^/:[\]]+):\d{1,5}\/?$/i.exec(host) ?? [];
  if (name === void 0) {
    if (/^unix:\/\/\/.+$/.test(host) || /^npipe:\/\/\/\/.+$/.test(host)) return at;
    throw new JailError(
      `${from} is ${JSON.stringify(host)}, which is no place of an engine`,
      "write `unix:///path`, `tcp://name:port`, or on Windows `npipe:////./pipe/name`"
    );
  }
  if (tls === null && !isLoopback(name))
    throw new JailError(
      `${from} leads to ${host} without TLS that is verified: whoever is on the way could take the run and the machine over`,
      "set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or forward the port to the loopback of this machine"
    );
  if (tls !== null && tls.cert === null !== (tls.key === null))
    throw new JailError(
      `${from} has ${tls.cert === null ? "key.pem" : "cert.pem"} and not the other one`,
      "an engine needs both to know who asks"
    );
  return at;
}
var isLoopback = (name) => name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
function json(text, file) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new JailError(`${file} is no JSON: ${error.message}`, "repair it, or set DOCKER_HOST");
  }
}

// src/run/prepare.ts

// src/plan/view.ts
var within = (path, directory) => path === directory || directory === "/" || path.startsWith(`${directory}/`);

// src/run/covers.ts

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
function holdsCredentials(text) {
  for (const { section, subsection, name, value } of parseGitConfig(text)) {
    if (name === "extraheader" || ["include", "includeif", "credential"].includes(section)) return true;
    if ([subsection ?? "", value ?? ""].some((one) => withoutUserinfo(one) !== one)) return true;
  }
  return false;
}
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
      if (escaped === "\n" || escaped === "") {
        value += blanks;
        blanks = "";
        continue;
      }
      plain = { n: "\n", t: "	", b: "\b", "\\": "\\", '"': '"' }[escaped];
      if (plain === void 0) return null;
    }
    value += blanks + plain;
    blanks = "";
  }
}

// src/run/git-directories.ts
async function findGitDirectories(root, here) {
  const found = /* @__PURE__ */ new Map();
  for (const path of here.jails ? await byFind(root) : signs(root)) {
    if (path.includes("�"))
      throw new JailError(`the git directory ${JSON.stringify(path)} cannot be named: it is not UTF-8`, "rename the directory it lies in");
    const checkout = path.endsWith("/.git");
    const directory = checkout ? targetOf(path, root, here) : dirname(path);
    if (directory === null || !checkout && !isGitDirectory(names(directory))) continue;
    found.set(directory, { path: directory, checkout: checkout || found.get(directory)?.checkout === true });
  }
  return [...found.values()];
}
async function byFind(root) {
  const argv = ["find", "-H", root, "-name", ".git", "-prune", "-print0", "-o", "-type", "f", "-name", "HEAD", "-print0"];
  const result = await exec(argv, { timeout: 3e5 });
  if (result.code !== 0 && result.code !== 1)
    throw new JailError(
      `git directories in ${root} could not be looked for: ${failure(argv, result)}`,
      "make the workspace or the mount smaller"
    );
  return result.stdout.split("\0").filter((one) => one !== "");
}
function* signs(root) {
  const pending = [Buffer.from(root)];
  for (let next = pending.pop(); next !== void 0; next = pending.pop()) {
    for (const entry of entriesOf(next)) {
      const path = Buffer.concat([next, Buffer.from("/"), entry.name]);
      const name = entry.name.toString();
      if (name === ".git" || entry.isFile() && name === "HEAD") yield path.toString();
      else if (entry.isDirectory()) pending.push(path);
    }
  }
}
function targetOf(path, root, here) {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return path;
  if (!stat?.isSymbolicLink()) return null;
  try {
    const target = here.real(path);
    return target.startsWith(`${here.real(root)}/`) && lstatSync(target).isDirectory() ? target : null;
  } catch {
    return null;
  }
}
function* gitFiles(directory) {
  const pending = [{ path: Buffer.from(directory), top: true }];
  for (let next = pending.pop(); next !== void 0; next = pending.pop()) {
    const entries = entriesOf(next.path);
    const git = next.top || isGitDirectory(new Set(entries.map((entry) => entry.name.toString())));
    for (const entry of entries) {
      const path = Buffer.concat([next.path, Buffer.from("/"), entry.name]);
      const name = entry.name.toString();
      if (entry.isDirectory()) {
        if (!(git && (name === "objects" || name === "lfs"))) pending.push({ path, top: false });
      } else if ((entry.isFile() || entry.isSymbolicLink()) && !(git && name === "index"))
        yield { path, name, config: git && (name === "config" || name === "config.worktree") };
    }
  }
}
var isGitDirectory = (entries) => entries.has("HEAD") && (entries.has("commondir") || entries.has("objects") && entries.has("refs"));
var names = (directory) => new Set(entriesOf(Buffer.from(directory)).map((entry) => entry.name.toString()));
function entriesOf(path) {
  try {
    return readdirSync(path, { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    if (["EACCES", "ENOENT", "ENOTDIR"].includes(error.code ?? "")) return [];
    throw error;
  }
}

// src/run/covers.ts
var LARGEST = 16 << 20;
var CREDENTIAL_FILES = /* @__PURE__ */ new Set(["credentials", ".git-credentials", "git-credentials", ".netrc"]);
var TOKEN_NAME = /(?:^|[_-])(?:TOKEN|PAT|PASSWORD|PASSWD|SECRET|API_?KEY)$/i;
function tokensOf(env, values) {
  const named = Object.entries(env).flatMap(([name, value]) => TOKEN_NAME.test(name) ? [value ?? ""] : []);
  return [.../* @__PURE__ */ new Set([...named, ...values])].filter((value) => tooShort(value) === null).flatMap(secretForms);
}
async function coversOf({ here, roots, workspace, hidden, tokens }) {
  const covers = /* @__PURE__ */ new Map();
  for (const root of new Set(roots)) for (const cover of await gitCovers(root, tokens, here)) covers.set(cover.path, cover);
  const globbed = workspace === null || workspace.hide.length === 0 ? [] : (await import("./hide.js")).hiddenByGlobs(workspace.path, workspace.hide);
  const seen = hidden.filter((path) => roots.some((root) => path !== root && within(path, root)));
  for (const path of [...globbed, ...seen]) covers.set(path, { path, content: null });
  const gone = [...covers.values()].filter((cover) => cover.content === null);
  return [...covers.values()].filter(({ path }) => !gone.some((cover) => cover.path !== path && within(path, cover.path)));
}
async function gitCovers(root, tokens, here) {
  const covers = [];
  for (const { path, checkout } of await findGitDirectories(root, here)) {
    for (const file of gitFiles(path)) {
      const content = replacement(file, checkout, tokens);
      if (content === void 0) continue;
      for (const place of places(file.path, root, here)) covers.push({ path: place, content });
    }
  }
  return covers;
}
function replacement(file, checkout, tokens) {
  if (CREDENTIAL_FILES.has(file.name)) return null;
  const bytes = read(file.path);
  if (!file.config) return bytes !== null && holds(bytes, tokens) ? null : void 0;
  if (bytes === null) return null;
  const text = bytes.toString();
  if (!checkout && !holdsCredentials(text) && !holds(bytes, tokens)) return void 0;
  const rewritten = rewriteGitConfig(text);
  return holds(Buffer.from(rewritten), tokens) ? null : rewritten;
}
var holds = (bytes, tokens) => tokens.some((token) => bytes.includes(token));
function places(path, root, here) {
  const text = path.toString();
  if (text.includes("�"))
    throw new JailError(`${JSON.stringify(text)} holds a token and cannot be hidden: its name is not UTF-8`, "remove it");
  let target = text;
  try {
    target = here.real(text);
  } catch {
  }
  return [.../* @__PURE__ */ new Set([text, target])].filter((one) => within(one, root));
}
function read(path) {
  let fd;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return null;
  }
  try {
    const stat = fstatSync(fd);
    return stat.isFile() && stat.size <= LARGEST ? readFileSync(fd) : null;
  } finally {
    closeSync(fd);
  }
}

// src/run/look-around.ts

// src/plan/paths.ts
var outermost = (paths) => paths.filter((path) => !paths.some((other) => other !== path && within(path, other)));

// src/plan/surroundings.ts

// src/plan/toolchain-data.ts
var variables = (kind, ...names2) => names2.map((name) => ({ name, kind, export: true }));
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

// src/plan/toolchain.ts
function toolchainOf(env) {
  const found = {};
  for (const [name, value] of Object.entries(env))
    if (value !== void 0 && value !== "" && rowOf(name) !== void 0) found[name] = value;
  return found;
}
var rowOf = (name) => TOOLCHAIN_VARIABLES.find((row) => typeof row.name === "string" ? row.name === name : row.name.test(name));

// src/plan/surroundings.ts
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
  const work = temp === null ? null : dirname2(temp);
  const forbidden = [
    temp,
    ...work === null || work === "/" ? [] : [`${work}/_actions`, `${work}/_PipelineMapping`],
    actions(env),
    ...runner(node, work)
  ];
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

// src/plan/workspace.ts
var CLOSED = ["/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/run", "/sbin", "/sys"];
var SHARED = ["/home", "/media", "/mnt", "/opt", "/srv", "/tmp", "/usr", "/usr/local", "/var", "/var/lib", "/var/tmp"];
function refuseWorkspace(path, { homes, forbidden }) {
  if (path === "/") return "it is the whole machine";
  const closed = CLOSED.find((directory) => within(path, directory));
  if (closed !== void 0) return path === closed ? "it is a directory of the system" : `it lies in ${closed}`;
  if (SHARED.includes(path)) return "it is a directory of the system";
  for (const home of homes) {
    if (path === home) return "it is a home directory";
    if (within(home, path)) return `it contains the home directory ${home}`;
  }
  for (const other of forbidden) {
    if (path === other) return "it is the runner's own";
    if (within(other, path)) return `it contains ${other}, which is the runner's own`;
    if (within(path, other)) return `it lies in ${other}, which is the runner's own`;
  }
  return null;
}

// src/run/look-around.ts
function lookAround(env, further, here) {
  const home = homeOf(env, here);
  const node = (here.toJail(process.execPath) ?? "").replace(/\.exe$/i, "");
  const found = surroundingsOf(inJailForm(env, here), home, node);
  const onHost = (paths) => paths.flatMap((path) => here.toHost(path) ?? []);
  const forbidden = outermost(
    withTargets([...onHost(found.forbidden), ...further.map(here.slashed)], here).filter(mayBeThere)
  );
  const hidden = outermost(withTargets(onHost(found.hidden), here).filter(mayBeThere));
  return { ...found, forbidden, hidden: hidden.filter((path) => !forbidden.some((other) => within(path, other))) };
}
function homeOf(env, here) {
  const said = env["HOME"] ?? "";
  return here.slashed(resolve(here.toJail(said) === null ? userInfo().homedir : said));
}
function workspaceOf(written, around, here) {
  const wrong = (why2) => new UserError([
    {
      message: `${JSON.stringify(written)} cannot be the workspace: ${why2}`,
      place: null,
      remedy: "run it in the directory of a project"
    }
  ]);
  if (here.jails && !written.startsWith("/")) throw wrong("it is not an absolute path");
  jailPathOf(written, here);
  let path;
  try {
    path = here.real(written);
  } catch (error) {
    throw wrong(error.message);
  }
  if (!lstatSync2(path).isDirectory()) throw wrong("it is not a directory");
  if (/^\/[a-z]$/.test(jailPathOf(path, here)) && !here.modes) throw wrong("it is a whole drive");
  const homes = withTargets([around.home, ...homesOfPeople()], here);
  const why = refuseWorkspace(path, { homes, forbidden: [...around.forbidden, STATE] });
  if (why !== null) throw wrong(why);
  return path;
}
function homesOfPeople() {
  return (readIfThere("/etc/passwd") ?? "").split("\n").map((line) => line.split(":")).filter(([, , uid]) => uid === "0" || Number(uid) >= 1e3 && Number(uid) < 65534).flatMap(([, , , , , home]) => home?.startsWith("/") && home !== "/" ? [home] : []);
}
function withTargets(paths, here) {
  const targets = paths.flatMap((path) => {
    try {
      return [here.real(path)];
    } catch {
      return [];
    }
  });
  return [.../* @__PURE__ */ new Set([...paths, ...targets])];
}
function mayBeThere(path) {
  try {
    lstatSync2(path);
    return true;
  } catch (error) {
    return error.code === "EACCES";
  }
}

// src/run/record-directory.ts
function recordDirectory(written, here) {
  const wrong = (why) => new UserError([
    {
      message: `${JSON.stringify(written)} cannot take the record: ${why}`,
      place: null,
      remedy: "name a directory that is empty, or not there yet"
    }
  ]);
  if (!isAbsolute(written)) throw wrong("it is not an absolute path");
  try {
    mkdirSync(written, { recursive: true, mode: 448 });
    const stat = lstatSync3(written);
    if (!stat.isDirectory()) throw wrong("it is not a directory");
    if (process.getuid !== void 0 && stat.uid !== process.getuid()) throw wrong("it belongs to another user");
    if (readdirSync2(written).length > 0) throw wrong("it is not empty");
    chmodSync(written, 448);
    return here.real(written);
  } catch (error) {
    throw error instanceof UserError ? error : wrong(error.message);
  }
}

// src/run/resolve-steps.ts

// src/plan/environment.ts
var OWN = /* @__PURE__ */ new Set(["HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "AGENT_JAIL", "AGENT_JAIL_RESULT"]);
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
  const refuse = (what, name, why, place, remedy) => {
    problems.push({ message: `${what}: ${name} cannot be used: ${why}`, place, remedy });
  };
  const literals = (what, values, place) => {
    for (const [name, value] of Object.entries(values)) {
      if (OWN.has(name)) refuse(what, name, "the jail sets it itself", place, "leave it out, or set it in the script");
      else if (name === "" || /[=\0]/.test(name) || value.includes("\0"))
        refuse(what, JSON.stringify(name), "no process can have such a variable", place, "give it another name or value");
      else env[name] = value;
    }
  };
  literals("env", rules.env, null);
  for (const name of rules.passEnv) {
    const refused = REFUSED.find((row) => row.name.test(name));
    if (OWN.has(name) || name === "PATH")
      refuse(
        "pass-env",
        name,
        "the jail has its own",
        null,
        name === "PATH" ? "`jail.toolchain: auto` brings what is on yours" : "leave it out"
      );
    else if (refused !== void 0)
      refuse("pass-env", name, refused.why, null, refused.asSecret ? "name it under `secrets`" : "leave it out");
    else if (caller[name] !== void 0) env[name] = caller[name];
  }
  for (const { name, use, place } of rules.secrets) {
    const refused = REFUSED.find((row) => !row.asSecret && row.name.test(name));
    if (OWN.has(name) || name === "PATH") refuse("secrets", name, "the jail has its own", place, "give the secret another name");
    else if (refused !== void 0) refuse("secrets", name, refused.why, place, "set a secret of another name");
    else if (use === "inject") env[name] = placeholderOf(id, name);
    else if (caller[name] !== void 0) env[name] = caller[name];
  }
  literals("env of the step", step.env, step.place);
  return { env, problems };
}

// src/plan/shell.ts
var BUILT_IN = {
  bash: ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "{0}"],
  sh: ["sh", "-e", "{0}"],
  python: ["python", "{0}"],
  pwsh: ["pwsh", "-command", ". '{0}'"],
  node: ["node", "{0}"]
};
var DEFAULT2 = { argv: ["bash", "-e", "{0}"], extension: ".sh" };
var EXTENSIONS = { bash: ".sh", sh: ".sh", python: ".py", pwsh: ".ps1", node: ".js" };
function resolveShell(shell, place = null) {
  if (shell === null) return DEFAULT2;
  const [program, ...template] = splitArguments(shell.trim());
  const builtIn = Object.hasOwn(BUILT_IN, shell.trim()) ? BUILT_IN[shell.trim()] : void 0;
  const extension = program !== void 0 && Object.hasOwn(EXTENSIONS, program) ? EXTENSIONS[program] : "";
  if (builtIn !== void 0) return { argv: builtIn, extension };
  const names2 = Object.keys(BUILT_IN).join(", ");
  const wrong = (message, remedy) => new UserError([{ message: `shell: ${JSON.stringify(shell)} ${message}`, place, remedy }]);
  if (program === void 0) throw wrong("names no program", `write one of ${names2}, or a command with {0} for the script`);
  if (!template.some((argument) => argument.includes("{0}")))
    throw wrong(
      template.length === 0 ? "is not a known shell" : "does not say where the script goes",
      `write one of ${names2}, or a command with {0} for the script: \`${program} {0}\``
    );
  const argv = [program, ...template];
  if (argv.some((argument) => /[{}]/.test(argument.replaceAll("{0}", ""))))
    throw wrong("has a brace that is not part of {0}", "put the command into a script of the workspace, and name that");
  return { argv, extension };
}
function scriptText(shell, run) {
  const lines = run.replaceAll("\r\n", "\n");
  const text = lines.endsWith("\n") ? lines : `${lines}
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

// src/run/resolve-steps.ts
function resolveSteps(wish, workspace, problems, here) {
  if (wish.steps.length === 0)
    problems.push({ message: "there is no step to run", place: null, remedy: "give a command, `run` or `steps`" });
  return wish.steps.flatMap((step, index) => {
    try {
      return [resolveStep(step, index === 0, wish, workspace, problems, here)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
}
function resolveStep(step, first, wish, workspace, problems, here) {
  const { id, policy, environment } = wish;
  const { name, setup, time, idle, tty, agent } = step;
  const shell = resolveShell(step.shell, step.place);
  const { env, problems: wrong } = stepEnvironment({ id, rules: setup ? policy.setup : policy.agent, step, caller: environment });
  problems.push(...wrong);
  return {
    name,
    setup,
    script: scriptText(shell, step.run),
    shell: shell.argv,
    extension: shell.extension,
    cwd: directoryOf(step, first, wish, workspace, here),
    env,
    time,
    idle,
    tty,
    agent
  };
}
function directoryOf({ workingDirectory, place }, first, wish, workspace, here) {
  const wrong = (message, remedy) => new UserError([{ message: `working-directory ${JSON.stringify(workingDirectory)} ${message}`, place, remedy }]);
  if (wish.policy.workspace.access === "none") {
    if (workingDirectory === null) return null;
    throw wrong("cannot be used: the policy gives the jail no workspace", "leave it out, or change `workspace` in the policy");
  }
  if (workingDirectory === null) return workspace;
  let path = here.slashed(resolve2(workspace, workingDirectory));
  const written = here.slashed(resolve2(wish.workspace));
  if (!within(path, workspace) && within(path, written)) path = `${workspace}${path.slice(written.length)}`;
  if (!within(path, workspace)) throw wrong("is not in the workspace", `give a directory below ${workspace}`);
  if (first && !existsSync(`${path}/.`)) throw wrong("is not a directory", "give one that is there");
  return path;
}

// src/run/prepare.ts
var NEVER_MOUNTED = ["/proc", "/sys", "/dev", "/run"];
function baseAhead(workspace, here = HERE) {
  const base = (async () => baseOf(here.real(workspace)))();
  base.catch(() => {
  });
  return base;
}
async function prepare(wish, here = HERE) {
  refuseHere(wish.backend, here);
  const {
    policy,
    environment,
    steps: _inputs,
    mask: masked,
    workspace: written,
    record: recordWritten,
    forbidden = [],
    base: asked,
    ...handedOn
  } = wish;
  const around = lookAround(environment, forbidden, here);
  const workspace = workspaceOf(written, around, here);
  const { sources, problems } = mountsOf(policy, around, here);
  const secrets = secretsOf(wish, problems);
  const mask = masked.filter((value) => value !== "");
  problems.push(...refuseShort(mask.map((value) => ({ name: "`mask`", value }))));
  const steps = resolveSteps(wish, workspace, problems, here);
  const authorities = authoritiesOf(environment, problems);
  if (problems.length > 0) throw new UserError(unique2(problems));
  const record = recordDirectory(recordWritten, here);
  const roots = [...policy.workspace.access === "none" ? [] : [workspace], ...sources];
  const tokens = tokensOf(environment, [...Object.values(secrets), ...mask]);
  const [base, origin, interception, covers] = await Promise.all([
    asked ?? baseOf(workspace),
    originOf(environment),
    interceptionOf(wish),
    coversOf({
      here,
      roots,
      workspace: policy.workspace.access === "none" ? null : { path: workspace, hide: policy.workspace.hide },
      // The warden writes the record while the jail runs: where a layer would show it, it must not.
      hidden: [...around.forbidden, ...around.hidden, record],
      tokens
    })
  ]);
  const gone = covers.flatMap(({ path, content }) => content === null ? [path] : []);
  return {
    ...handedOn,
    kind: "run",
    protocol: 1,
    policy,
    steps,
    secrets,
    mask,
    workspace,
    restore: wish.restore ?? null,
    ownRoot: wish.ownRoot ?? false,
    covers,
    base,
    origin,
    interception,
    authorities,
    record,
    caller: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    surroundings: {
      ...around,
      ...policy.jail.toolchain === "auto" ? {} : { path: [], toolchain: {} },
      // What lies in a covered directory cannot be covered once more.
      forbidden: around.forbidden.filter((path) => !gone.some((other) => other !== path && within(path, other))),
      hidden: around.hidden.filter((path) => !gone.some((other) => other !== path && within(path, other)))
    },
    engine: engineFor(environment, here)
  };
}
var engineFor = (environment, here = HERE) => engineOf(environment, homeOf(environment, here), readIfThere);
function refuseHere(backend, { called, jails }) {
  if (jails || backend === "docker") return;
  throw new JailError(`a jail needs Linux, and this machine is ${called}; the backend asked for is ${backend}`, ENGINE_OR_LINUX);
}
var ENGINE_OR_LINUX = "run on Linux (`runs-on: ubuntu-latest`), or ask for `docker` (`jail.backend`) and have an engine of Linux containers: the run is then made there (docs/remote.md)";
function mountsOf(policy, { forbidden }, here) {
  const sources = [];
  const problems = [];
  for (const { source, place } of policy.mounts) {
    try {
      const path = hostPathOf(source, here);
      sources.push(path);
      const paths = withTargets([path], here);
      const other = [...forbidden, ...NEVER_MOUNTED, STATE].find((one) => paths.some((each) => within(each, one)));
      if (other === void 0) continue;
      const message = `${source} cannot be mounted: it is, or lies in, ${other}, which no jail sees`;
      problems.push({ message, place, remedy: "copy what is needed into the workspace" });
    } catch (error) {
      if (!(error instanceof JailError)) throw error;
      problems.push({ message: error.message, place, remedy: error.remedy });
    }
  }
  return { sources, problems };
}
function secretsOf({ policy, steps, environment }, problems) {
  const used = /* @__PURE__ */ new Map();
  for (const step of steps) for (const secret of (step.setup ? policy.setup : policy.agent).secrets) used.set(secret.name, secret);
  const values = {};
  for (const { name, place } of used.values()) {
    const value = environment[name];
    if (value === void 0 || value === "")
      problems.push({
        message: `the secret ${name} has no value`,
        place,
        remedy: `set it in the environment: \`env: { ${name}: "\${{ secrets.${name} }}" }\``
      });
    else values[name] = value;
  }
  problems.push(...refuseShort(Object.entries(values).map(([name, value]) => ({ name, value, place: used.get(name)?.place ?? null }))));
  return values;
}
async function interceptionOf({ id, policy, steps }) {
  const secrets = steps.flatMap((step) => (step.setup ? policy.setup : policy.agent).secrets);
  const hosts = new Set(secrets.flatMap((secret) => secret.use === "inject" ? secret.hosts : []));
  if (hosts.size === 0) return null;
  const { intercept } = await import("./certificates.js");
  return intercept(id, [...hosts]);
}
function authoritiesOf(environment, problems) {
  const file = environment["NODE_EXTRA_CA_CERTS"];
  if (file === void 0 || file === "") return null;
  try {
    return readFileSync2(file, "utf8");
  } catch (error) {
    const message = `NODE_EXTRA_CA_CERTS cannot be read: ${error.message}`;
    problems.push({ message, place: null, remedy: "give a file of certificates, or unset it" });
    return null;
  }
}
var unique2 = (problems) => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()
];

export {
  engineOf,
  baseAhead,
  prepare,
  engineFor
};
