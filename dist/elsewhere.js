const { basename: basename2, dirname: dirname3 } = process.getBuiltinModule("node:path/posix");
const { setTimeout } = process.getBuiltinModule("node:timers");
const { readdirSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const { Readable } = process.getBuiltinModule("node:stream");
const { createReadStream, lstatSync, readlinkSync } = process.getBuiltinModule("node:fs");
const { dirname } = process.getBuiltinModule("node:path/posix");
const { existsSync, lstatSync: lstatSync2, readdirSync: readdirSync2, realpathSync } = process.getBuiltinModule("node:fs");
const { homedir } = process.getBuiltinModule("node:os");
const { basename, dirname: dirname2, join: join2 } = process.getBuiltinModule("node:path");
const { Readable: Readable2 } = process.getBuiltinModule("node:stream");
const { createHash } = process.getBuiltinModule("node:crypto");
const { closeSync, openSync, readFileSync, writeSync } = process.getBuiltinModule("node:fs");
const { join: join3 } = process.getBuiltinModule("node:path");
const { Readable: Readable3 } = process.getBuiltinModule("node:stream");
import {
  fetchNspawn,
  findNspawn,
  findProgram
} from "./shared-backend-nspawn-program.js";
import {
  withoutEngine
} from "./shared-system-contained.js";
import {
  lines
} from "./shared-system-lines.js";
import {
  HERE,
  hostPathOf,
  jailPathOf
} from "./shared-system-platform.js";
import {
  FAR_DIST,
  FAR_NODE,
  LABEL,
  PATIENCE,
  architectureAt,
  isThere,
  nameOf,
  noHelper,
  startHelper
} from "./shared-remote-helper.js";
import {
  ARCHITECTURES,
  architectureOf
} from "./shared-model-architecture.js";
import {
  Engine,
  messageOf
} from "./shared-system-engine.js";
import "./shared-system-engine-connection.js";
import {
  frame,
  framesOf,
  push,
  readFrames,
  sendArchive,
  sendTree
} from "./shared-remote-pack.js";
import {
  BLOCK,
  padding,
  tarHeader
} from "./shared-system-tar.js";
import "./shared-system-git.js";
import {
  TOOLS,
  explain,
  hostName
} from "./shared-run-start-warden.js";
import "./shared-system-proc.js";
import {
  exec,
  failure
} from "./shared-system-exec.js";
import {
  RECORD
} from "./shared-model-record.js";
import {
  JailError
} from "./shared-model-errors.js";
import "./shared-runtime.js";

// src/run/elsewhere.ts

// src/host/image.ts

// src/host/unpack.ts
var OFTEN = 8 << 20;

// src/host/image.ts
var SILENCE = 12e4;
var CREATION = 6e5;
var PULL = "check the name; where it needs a login, or is slow: `docker login` and `docker pull` in an earlier step";
var LABEL2 = "agent-jail.run";
async function findImage(engine, ref, signal) {
  let seen = await inspect(engine, ref);
  if (seen === null) {
    if (isId(ref)) throw new JailError(`the image ${ref} is not there: the engine has none of this id`, "give a name, which can be pulled");
    await pull(engine, ref, signal);
    seen = await inspect(engine, ref);
  }
  if (seen === null) throw new JailError(`the image ${ref} is not there, though it was pulled`, PULL);
  const { Id, Architecture, Os, Config } = seen;
  const id = /^sha256:([0-9a-f]{64})$/.exec(String(Id))?.[1];
  if (id === void 0)
    throw new JailError(`the image ${ref} has no id that could be used: ${JSON.stringify(Id)}`, "update the Docker engine");
  const wanted = platformOf(process.arch);
  const found = `${text(Os) || "linux"}/${text(Architecture) || wanted.slice("linux/".length)}`;
  if (found !== wanted)
    throw new JailError(
      `the image ${ref} is for ${found}, this machine is ${wanted}`,
      `use an image for ${wanted}, such as one of many platforms`
    );
  const config = Config ?? {};
  return { id, env: Array.isArray(config.Env) ? config.Env.map(String) : [], directory: text(config.WorkingDir) };
}
var NOT_THE_IMAGES = [".dockerenv"];
async function* filesOf(engine, { id }, run, what, signal) {
  const name = `${hostName(run)}-root`;
  const asked = { Image: `sha256:${id}`, Entrypoint: [], Cmd: ["/bin/sh"], NetworkDisabled: true, Labels: { [LABEL2]: run } };
  try {
    const made = await engine.ask("POST", `/containers/create?name=${name}`, { body: asked, timeout: CREATION });
    if (made.status !== 201)
      throw new JailError(`${what} could not be unpacked: no container could be made of it: ${messageOf(made.status, made.body)}`, ROOM);
    yield* chunksOf(await engine.stream("GET", `/containers/${name}/export`, { signal }), what);
  } finally {
    await removeContainer(engine, name);
  }
}
var ROOM = "look into the log of the Docker engine, and at the space that it has";
async function removeContainer(engine, name) {
  const { status, body } = await engine.ask("DELETE", `/containers/${name}?force=1&v=1`);
  if (status !== 204 && status !== 404)
    throw new JailError(`the container ${name} could not be removed: ${messageOf(status, body)}`, `\`docker rm --force ${name}\``);
}
async function inspect(engine, ref) {
  const { status, body } = await engine.ask("GET", `/images/${path(ref)}/json`);
  if (status === 200) return body;
  if (status === 404) return null;
  throw new JailError(`the image ${ref} could not be looked at: ${messageOf(status, body)}`, "give a name, a digest or an id of an image");
}
async function pull(engine, ref, signal) {
  const failed = (why) => new JailError(`the image ${ref} could not be pulled: ${why}`, PULL);
  const { name, tag } = split(ref);
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), SILENCE);
  try {
    const query = `fromImage=${encodeURIComponent(name)}&tag=${encodeURIComponent(tag)}`;
    const said = await engine.stream("POST", `/images/create?${query}`, { signal: AbortSignal.any([signal, silent.signal]) });
    for await (const line of lines(said, 1 << 20)) {
      timer.refresh();
      const { error } = JSON.parse(line);
      if (error !== void 0) throw failed(error.slice(0, 500));
    }
  } catch (error) {
    signal.throwIfAborted();
    if (silent.signal.aborted) throw failed(`the engine said nothing for ${SILENCE / 1e3} s`);
    if (error instanceof JailError) throw error.message.startsWith("the image") ? error : failed(error.message);
    throw failed(error.message);
  } finally {
    clearTimeout(timer);
  }
}
async function* chunksOf(stream, what) {
  try {
    yield* stream;
  } catch (error) {
    throw new JailError(`${what} could not be unpacked: the Docker engine broke off: ${error.message}`, "run again", null, {
      cause: error
    });
  }
}
function platformOf(arch) {
  const known = architectureOf(arch);
  return `linux/${known === null ? arch : ARCHITECTURES[known].image}`;
}
function split(ref) {
  const [named = "", digest] = ref.split("@");
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const [name, tag] = colon === -1 ? [named, "latest"] : [named.slice(0, colon), named.slice(colon + 1)];
  return { name, tag: digest ?? tag };
}
var isId = (ref) => ref.startsWith("sha256:");
var path = (ref) => ref.split("/").map(encodeURIComponent).join("/");
var text = (value) => typeof value === "string" ? value : "";

// src/remote/helper-built.ts

// src/remote/archive.ts
async function* archive(content) {
  const all = new Map(content);
  for (const path2 of content.keys())
    for (let parent = dirname(path2); parent !== "/"; parent = dirname(parent)) if (!all.has(parent)) all.set(parent, { directory: 493 });
  const seen = /* @__PURE__ */ new Map();
  const bare = { uid: 0, gid: 0, size: 0, mtime: 0, link: null };
  for (const [path2, what] of [...all].sort(([a], [b]) => a < b ? -1 : 1)) {
    const name = Buffer.from(path2.slice(1));
    const entry = (rest) => tarHeader({ ...bare, name, ...rest });
    if ("directory" in what) yield entry({ type: "directory", mode: what.directory });
    else if ("link" in what) yield entry({ type: "symlink", mode: 511, link: Buffer.from(what.link) });
    else if ("text" in what) {
      const text2 = Buffer.from(what.text);
      yield Buffer.concat([entry({ type: "file", mode: 420, size: text2.length }), text2, padding(text2.length)]);
    } else {
      const stat = lstatSync(what.from);
      const mode = stat.mode & 4095;
      if (stat.isSymbolicLink()) yield entry({ type: "symlink", mode: 511, link: Buffer.from(readlinkSync(what.from)) });
      else if (stat.isDirectory()) yield entry({ type: "directory", mode });
      else if (stat.isFile()) {
        const same = seen.get(`${stat.dev}:${stat.ino}`);
        if (stat.nlink > 1 && same !== void 0) yield entry({ type: "link", mode, link: Buffer.from(same) });
        else {
          seen.set(`${stat.dev}:${stat.ino}`, path2.slice(1));
          yield entry({ type: "file", mode, size: stat.size });
          if (stat.size > 0) yield* createReadStream(what.from, { end: stat.size - 1, highWaterMark: 1 << 20 });
          yield padding(stat.size);
        }
      }
    }
  }
  yield Buffer.alloc(2 * BLOCK);
}

// src/remote/packages.ts
var WANTED = [
  "base-files",
  "base-passwd",
  "bash",
  "bzip2",
  "ca-certificates",
  "coreutils",
  "dash",
  "diffutils",
  "e2fsprogs",
  "findutils",
  "git",
  "grep",
  "gzip",
  "hostname",
  "iproute2",
  "libc-bin",
  "mawk",
  "mount",
  "perl-base",
  "sed",
  "tar",
  "util-linux",
  "xz-utils",
  "zstd"
];
var WITHOUT = /* @__PURE__ */ new Set(["debconf", "git-man", "liberror-perl", "openssl", "perl"]);
function closure(told, wanted = WANTED) {
  const known = /* @__PURE__ */ new Map();
  for (const line of told.split("\n")) {
    const [name = "", version = "", depends = ""] = line.split("	");
    if (name === "" || version === "") continue;
    const needs = depends.split(",").map((group) => group.split("|").map((one) => one.trim().replace(/[\s:(].*$/, "")));
    known.set(name, { version, needs });
  }
  const found = /* @__PURE__ */ new Map();
  const visit = (name) => {
    const seen = known.get(name);
    if (seen === void 0 || found.has(name) || WITHOUT.has(name)) return;
    found.set(name, seen.version);
    for (const group of seen.needs) {
      const there = group.find((one) => known.has(one));
      if (there !== void 0) visit(there);
    }
  };
  for (const name of wanted) visit(name);
  return { found: new Map([...found].sort(([a], [b]) => a < b ? -1 : 1)), missing: wanted.filter((name) => !known.has(name)) };
}
var isNeeded = (path2) => !/^\/(?:usr\/share\/(?:doc|man|info|locale|lintian|bug|zoneinfo)|var\/cache)(?:\/|$)/.test(path2);
var librariesIn = (told) => [...told.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map(([, path2]) => path2 ?? "");

// src/remote/helper-built.ts
var BASES = {
  debian: "docker.io/library/debian:bookworm-slim",
  node: "docker.io/library/node:24-bookworm-slim"
};
var FURTHER = ["systemd-container"];
var LONGEST = 1 << 20;
var dockerfile = () => `FROM ${BASES.node} AS node
FROM ${BASES.debian}
RUN apt-get update \\
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${[...WANTED, ...FURTHER].join(" ")} \\
 && rm -rf /var/lib/apt/lists/*
COPY --from=node /usr/local/bin/node ${FAR_NODE}
COPY dist/ ${FAR_DIST}/
LABEL ${LABEL[0]}=${LABEL[1]}
`;
async function provideBuilt(engine, dist, notice) {
  const recipe = dockerfile();
  const name = nameOf([recipe], dist);
  if (await isThere(engine, name)) return name;
  notice(
    `the engine at ${engine.where} builds what a jail needs, once: ${name}; what it has not of ${BASES.node} and ${BASES.debian} it pulls from their registry, and packages from Debian`
  );
  const content = new Map([
    ["/Dockerfile", { text: recipe }],
    ...readdirSync(dist).map((file) => [`/dist/${file}`, { from: join(dist, file) }])
  ]);
  const said = await engine.stream("POST", `/build?t=${name}&forcerm=1`, { body: Readable.from(archive(content)), timeout: PATIENCE });
  const why = await failureOf(lines(said, LONGEST));
  if (why === null && await isThere(engine, name)) return name;
  throw new JailError(
    `the engine at ${engine.where} could not build the helper's image: ${why ?? "it said nothing of an error, and the image is not there"}`,
    `let the engine reach the registry of ${BASES.debian} and ${BASES.node} and the packages of Debian; or build it once at an engine that does, with the same agent-jail, and bring it over: \`docker save ${name} | docker load\``
  );
}
async function failureOf(said) {
  let last = "";
  for await (const line of said) {
    const { stream, error } = parsed(line);
    if (typeof error === "string") {
      const short = error.replace(/^The command '.*' returned a non-zero code: (\d+)$/s, "a step ended with $1");
      return `${short.trim()}${last === "" ? "" : `: ${last}`}`.slice(0, 500);
    }
    if (typeof stream !== "string") continue;
    if (/^Step \d+\/\d+ : /.test(stream))
      last = "";
    else if (!/^\s*(?:--->.*)?\s*$/.test(stream)) last = stream.trim().split("\n").at(-1) ?? "";
  }
  return null;
}
function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

// src/remote/helper-sent.ts
var LAYOUT = 1;
async function provideSent(engine, dist, notice) {
  const { packages, missing } = await packagesHere();
  if (missing.length > 0)
    throw new JailError(
      `the helper for an engine elsewhere needs of this machine: ${missing.join(", ")}`,
      `install what is missing: \`apt-get install ${missing.join(" ")}\``
    );
  const nspawn = await nspawnHere();
  const name = nameOf([LAYOUT, [...packages], nspawn.version, nspawn.fetched, process.version, process.arch], dist);
  if (await isThere(engine, name)) return name;
  notice(`the engine at ${engine.where} is sent what a jail needs, once: ${name}`);
  const content = await contentOf([...packages.keys()], nspawn, dist);
  const query = `fromSrc=-&repo=${name}&changes=${encodeURIComponent(`LABEL ${LABEL.join("=")}`)}`;
  const { status, body } = await engine.ask("POST", `/images/create?${query}`, {
    body: Readable2.from(archive(content)),
    timeout: PATIENCE
  });
  if (status === 200 && await isThere(engine, name)) return name;
  throw new JailError(
    `the engine at ${engine.where} does not take the helper's image: ${messageOf(status, body)}`,
    "look into the log of the engine"
  );
}
async function packagesHere() {
  const argv = ["dpkg-query", "--show", "--showformat=${Package}\\t${Version}\\t${Pre-Depends}, ${Depends}\\n"];
  const told = await exec(argv, { maxBuffer: 64 << 20 });
  if (told.code !== 0)
    throw new JailError(
      `the helper for an engine elsewhere is made of Debian packages, and this machine has none: ${failure(argv, told)}`,
      "run on Debian or Ubuntu, or use an engine of this machine"
    );
  const { found, missing } = closure(told.stdout);
  return { packages: found, missing };
}
async function nspawnHere() {
  const tools = process.getuid?.() === 0 ? TOOLS : join2(homedir(), ".cache/agent-jail/tools");
  return await findNspawn(tools) ?? await fetchNspawn(tools);
}
async function contentOf(packages, nspawn, dist) {
  const content = /* @__PURE__ */ new Map();
  const told = await exec(["dpkg-query", "--listfiles", ...packages], { maxBuffer: 64 << 20 });
  const merged = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"].filter((name) => isLink(`/${name}`));
  const add = (path2) => {
    const first = path2.split("/")[1] ?? "";
    const at = merged.includes(first) ? `/usr${path2}` : path2;
    if (existsHere(at)) content.set(at, { from: at });
  };
  for (const path2 of told.stdout.split("\n")) if (path2.startsWith("/") && path2 !== "/." && isNeeded(path2)) add(path2);
  for (const name of merged) content.set(`/${name}`, { link: `usr/${name}` });
  for (const path2 of ["/etc/ld.so.cache", "/etc/ssl/certs/ca-certificates.crt"]) add(path2);
  const libraries = librariesIn((await exec(["ldd", nspawn.path], { env: nspawn.env })).stdout);
  const tree = nspawn.fetched ? dirname2(dirname2(dirname2(nspawn.path))) : null;
  for (const library of libraries) {
    if (tree !== null && library.startsWith(`${tree}/`)) continue;
    const real = realpathSync(library);
    add(join2(dirname2(real), basename(library)));
    add(real);
  }
  if (tree === null) add(nspawn.path);
  else for (const path2 of below(tree)) content.set(`${TOOLS}/nspawn${path2}`, { from: `${tree}${path2}` });
  content.set(FAR_NODE, { from: realpathSync(process.execPath) });
  for (const name of readdirSync2(dist)) content.set(`${FAR_DIST}/${name}`, { from: join2(dist, name) });
  content.set("/etc/passwd", { text: "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n" });
  content.set("/etc/group", { text: "root:x:0:\nnogroup:x:65534:\n" });
  content.set("/etc/hosts", { text: "127.0.0.1 localhost\n" });
  for (const [path2, mode] of DIRECTORIES) content.set(path2, { directory: mode });
  return content;
}
var DIRECTORIES = [
  ["/proc", 493],
  ["/sys", 493],
  ["/dev", 493],
  ["/run", 493],
  ["/opt", 493],
  ["/tmp", 1023],
  ["/root", 448],
  ["/home", 493]
];
function below(tree, at = "") {
  return readdirSync2(`${tree}${at}`, { withFileTypes: true }).flatMap((entry) => {
    const path2 = `${at}/${entry.name}`;
    return entry.isDirectory() ? [path2, ...below(tree, path2)] : [path2];
  });
}
var isLink = (path2) => lstatSync2(path2, { throwIfNoEntry: false })?.isSymbolicLink() === true;
var existsHere = (path2) => existsSync(path2) || isLink(path2);

// src/remote/helper-image.ts
var isSent = (here, packages, own, engine) => here.jails && packages && own !== null && own === engine;
async function provideHelper(engine, info, { here, dist }, notice) {
  const sent = isSent(here, findProgram("dpkg-query") !== null, architectureOf(process.arch), architectureAt(info));
  return sent ? provideSent(engine, dist, notice) : provideBuilt(engine, dist, notice);
}

// src/run/far-warden.ts
var LONGEST_LINE = 1 << 20;
var FarWarden = class {
  ended;
  #helper;
  #record;
  #output;
  #wanted = null;
  #abandoned = false;
  #sending;
  #whole = false;
  /** `sending`: what goes before all else. */
  constructor(helper, record, sending = Promise.resolve()) {
    this.#helper = helper;
    this.#record = record;
    this.#sending = sending;
    this.#output = new Readable3({ read: () => this.#wanted?.() });
    this.ended = this.#receive();
  }
  send(request) {
    this.#later(() => [...framesOf("input", Buffer.from(`${JSON.stringify(request)}
`))]);
  }
  close() {
    this.#later(() => [frame("inputEnd")]);
  }
  /** The last one, that the run has ended, only where its record has come whole: throws where it has not. */
  async *messages() {
    let last = null;
    try {
      for await (const line of lines(this.#output, LONGEST_LINE)) {
        const message = JSON.parse(line);
        if (message.kind === "ended") last = message;
        else yield message;
      }
    } finally {
      this.#abandoned = true;
      this.#wanted?.();
    }
    if (last === null) return;
    if (!this.#whole) throw new Error("the record did not come whole from the engine");
    if (last.manifest !== null && last.manifest !== digestOf(join3(this.#record, "manifest.json")))
      throw new Error("the record that came is not the one that was sealed at the engine");
    yield last;
  }
  /** Removes the container. Never rejects. */
  async giveUp() {
    this.#helper.stdin.destroy();
    await this.#helper.remove();
  }
  /** In order; one that is gone is told of by its end. */
  #later(frames) {
    this.#sending = this.#sending.then(async () => {
      for (const one of frames()) await push(this.#helper.stdin, one);
    }).catch(() => {
    });
  }
  /** Never rejects: what to say of the warden's end, where it said nothing itself. */
  async #receive() {
    let how = "the helper container ended, and nothing came of its warden";
    let file = null;
    const closeFile = () => {
      if (file !== null) closeSync(file);
      file = null;
    };
    try {
      for await (const { kind, payload } of readFrames(this.#helper.stdout)) {
        const document = () => JSON.parse(payload.toString("utf8"));
        if (kind === "output") await this.#show(Buffer.from(payload));
        else if (kind === "bytes" && file !== null) for (let at = 0; at < payload.length; ) at += writeSync(file, payload, at);
        else if (kind === "file") {
          closeFile();
          file = createRecordFile(this.#record, String(document()["name"]));
        } else if (kind === "ended") {
          const { end, errors: errors2 } = document();
          how = explain(String(errors2), String(end));
        } else if (kind === "failed") {
          how = String(document()["message"]);
          break;
        } else if (kind === "recordEnd") {
          this.#whole = true;
          break;
        }
      }
    } catch (error) {
      how = `the helper container is gone: ${error.message}`;
    } finally {
      closeFile();
    }
    const errors = this.#helper.errors();
    await this.giveUp();
    this.#output.push(null);
    return this.#whole || errors === "" ? how : `${how}: ${errors.slice(0, 500)}`;
  }
  /** Waits where nobody reads yet: the warden drops what it shows of a step's output, and this must not keep it. */
  async #show(bytes) {
    if (this.#abandoned || this.#output.push(bytes)) return;
    await new Promise((resolve) => this.#wanted = resolve);
    this.#wanted = null;
  }
};
function createRecordFile(record, name) {
  if (!Object.hasOwn(RECORD, name)) throw new Error(`${JSON.stringify(name)} is no file of a record`);
  return openSync(join3(record, name), "wx", 384);
}
function digestOf(file) {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    return null;
  }
}

// src/run/elsewhere.ts
var IN = "/var/lib/agent-jail-in";
var FAR_RECORD = `${IN}/record`;
var IMAGE = `${IN}/image`;
var REMEDY = "use another engine, or on Linux one of this machine or `jail.backend: nspawn`";
function refusedElsewhere({ policy, steps }) {
  const kinds = new Set(steps.map(({ setup }) => setup ? "setup" : "agent"));
  const services = [...kinds].flatMap((kind) => policy[kind].network.services);
  if (services.length > 0)
    return `network.services are of this machine's loopback, which an engine elsewhere does not have: ${services.map(({ name }) => name).join(", ")}`;
  if (policy.jail.runtime !== void 0) return "jail.docker.runtime is for an engine of this machine";
  return null;
}
function atEngine(request, why, here = HERE) {
  const { policy, restore, surroundings } = request;
  const there = (path2) => jailPathOf(path2, here);
  const workspace = there(request.workspace);
  const trees = [];
  const whole = (from, to) => void trees.push({ from, only: null, to });
  const file = (from, to) => void trees.push({ from: dirname3(from), only: basename2(from), to: dirname3(to) });
  whole(request.workspace, workspace);
  for (const { source } of policy.mounts) if (!trees.some(({ to }) => to === source)) whole(hostPathOf(source, here), source);
  const { root } = policy.jail;
  if (root.kind === "directory") whole(hostPathOf(root.path, here), root.path);
  if (root.kind === "archive") file(hostPathOf(root.path, here), root.path);
  if (restore !== null) file(restore.archive, there(restore.archive));
  const inTrees = (path2) => trees.some(({ to }) => path2 === to || path2.startsWith(`${to}/`));
  return {
    request: {
      ...request,
      backend: "nspawn",
      elsewhere: why,
      workspace,
      steps: request.steps.map((step) => ({ ...step, cwd: step.cwd === null ? null : jailPathOf(step.cwd, here) })),
      covers: request.covers.map((cover) => ({ ...cover, path: there(cover.path) })),
      restore: restore === null ? null : { ...restore, archive: there(restore.archive) },
      record: FAR_RECORD,
      caller: { uid: 0, gid: 0 },
      engine: { ok: false, message: "the warden is in a helper container", remedy: REMEDY },
      surroundings: {
        path: [],
        home: here.toJail(surroundings.home) ?? "/root",
        toolchain: {},
        forbidden: surroundings.forbidden.map(there).filter(inTrees),
        hidden: surroundings.hidden.map(there).filter(inTrees)
      }
    },
    trees
  };
}
async function startElsewhere(request, why, container, { here, dist }, notice) {
  const refused = refusedElsewhere(request);
  if (refused !== null) throw new JailError(`${why}: ${refused}`, REMEDY);
  const engine = await Engine.connect(request.engine).catch((error) => {
    if (container === null || !(error instanceof JailError)) throw error;
    throw new JailError(`${container}, where no jail can be built, and ${error.message}`, withoutEngine(process.execPath, process.env));
  });
  const info = (await engine.ask("GET", "/info")).body;
  const none = noHelper(info);
  if (none !== null) throw new JailError(`the engine at ${engine.where} ${none}`, REMEDY);
  const far = atEngine(request, why, here);
  const { root } = request.policy.jail;
  const never = new AbortController().signal;
  const found = root.kind === "image" ? await findImage(engine, root.ref, never) : null;
  const image = await provideHelper(engine, info, { here, dist }, notice);
  const helper = await startHelper(engine, request.id, image, [IN, ...far.trees.filter(({ only }) => only === null).map(({ to }) => to)]);
  const { stdin } = helper;
  stdin.on("error", () => {
  });
  const said = {
    protocol: 1,
    trees: [
      ...far.trees.map(({ to }) => ({ to, without: [] })),
      ...found === null ? [] : [{ to: IMAGE, without: ["dev/*", "./dev/*", ...NOT_THE_IMAGES] }]
    ],
    record: FAR_RECORD
  };
  const sending = (async () => {
    await push(stdin, frame("request", JSON.stringify(said)));
    for (const tree of far.trees) await sendTree(tree, stdin, here);
    if (found !== null)
      await sendArchive(filesOf(engine, found, request.id, `the image ${root.kind === "image" ? root.ref : ""}`, never), stdin);
  })();
  const warden = new FarWarden(helper, request.record, sending);
  try {
    await Promise.race([sending, warden.ended.then((how) => Promise.reject(new JailError(how, REMEDY)))]);
  } catch (error) {
    await warden.giveUp();
    throw error instanceof JailError ? error : new JailError(`the helper at ${engine.where} cannot be spoken to: ${error.message}`, REMEDY);
  }
  return { warden, request: found === null ? far.request : { ...far.request, rootImage: { ...found, tree: IMAGE } } };
}
export {
  atEngine,
  refusedElsewhere,
  startElsewhere
};
