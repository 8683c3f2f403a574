const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
const { createHash } = process.getBuiltinModule("node:crypto");
const { createReadStream, existsSync: existsSync2, lstatSync, readdirSync: readdirSync2, readFileSync, readlinkSync, realpathSync } = process.getBuiltinModule("node:fs");
const { homedir } = process.getBuiltinModule("node:os");
const { basename, dirname, join } = process.getBuiltinModule("node:path");
const { Readable } = process.getBuiltinModule("node:stream");
const { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } = process.getBuiltinModule("node:fs");
import {
  BLOCK,
  padding,
  tarHeader
} from "./shared-system-tar.js";
import {
  messageOf
} from "./shared-system-engine.js";
import {
  ARCHITECTURES,
  architectureOf
} from "./shared-model-architecture.js";
import {
  TOOLS
} from "./shared-host-places.js";
import {
  CLEAN_ENV,
  SYSTEM_PATH,
  exec,
  failure
} from "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/remote/helper.ts

// src/remote/helper-image.ts

// src/backend/nspawn-program.ts
var LEAST = 247;
var found = /* @__PURE__ */ new Map();
function findNspawn(tools) {
  const known = found.get(tools) ?? look(tools);
  found.set(tools, known);
  return known;
}
async function look(tools) {
  for (const directory of SYSTEM_PATH.split(":")) {
    const path = `${directory}/systemd-nspawn`;
    if (executable(path)) return checked(path, CLEAN_ENV, false);
  }
  const tree = `${tools}/nspawn`;
  return existsSync(tree) ? checked(`${tree}/usr/bin/systemd-nspawn`, fetchedEnv(tree), true) : null;
}
async function fetchNspawn(tools) {
  const remedy = "install the package systemd-container, or choose `jail.backend: docker`";
  for (const program of ["apt-get", "dpkg-deb"])
    if (!SYSTEM_PATH.split(":").some((d) => executable(`${d}/${program}`)))
      throw new JailError(`systemd-nspawn is not here and cannot be fetched: ${program} is not there`, remedy);
  mkdirSync(tools, { recursive: true, mode: 493 });
  const fresh = `${tools}/nspawn.${process.pid}.${Date.now()}`;
  mkdirSync(fresh, { mode: 493 });
  try {
    const download = ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", "systemd-container", "libsystemd-shared"];
    let result = await exec(download, { cwd: fresh, timeout: 12e4 });
    if (result.code !== 0) {
      const update = await exec(["apt-get", "-qq", "update"], { timeout: 24e4 });
      result = await exec(download, { cwd: fresh, timeout: 12e4 });
      if (result.code !== 0)
        result = await exec(download.slice(0, -1), { cwd: fresh, timeout: 12e4 });
      if (result.code !== 0)
        throw new JailError(`systemd-nspawn could not be fetched: ${failure(download, update.code === 0 ? result : update)}`, remedy);
    }
    for (const file of readdirSync(fresh).filter((name) => name.endsWith(".deb"))) {
      const unpacked = await exec(["dpkg-deb", "-x", `${fresh}/${file}`, fresh]);
      if (unpacked.code !== 0) throw new JailError(`systemd-nspawn could not be unpacked: ${failure(["dpkg-deb"], unpacked)}`, remedy);
      rmSync(`${fresh}/${file}`);
    }
    await checked(`${fresh}/usr/bin/systemd-nspawn`, fetchedEnv(fresh), true);
    rmSync(`${tools}/nspawn`, { recursive: true, force: true });
    renameSync(fresh, `${tools}/nspawn`);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    const other = error.code === "ENOTEMPTY" ? await look(tools) : null;
    if (other === null) throw error;
  }
  const tree = `${tools}/nspawn`;
  return checked(`${tree}/usr/bin/systemd-nspawn`, fetchedEnv(tree), true);
}
async function checked(path, env, fetched) {
  const argv = [path, "--version"];
  const result = await exec(argv, { env, timeout: 1e4 });
  const version = /^systemd (\d+) ?(\(.*\))?/.exec(result.stdout);
  if (result.code !== 0 || version === null)
    throw new JailError(`systemd-nspawn does not run: ${failure(argv, result)}`, "reinstall systemd-container");
  if (Number(version[1]) < LEAST)
    throw new JailError(
      `systemd-nspawn ${version[1]} is too old, ${LEAST} is needed`,
      "use a newer distribution, or `jail.backend: docker`"
    );
  return { path, env, version: (version[2] ?? "").replace(/[()]/g, "") || version[1], fetched };
}
function fetchedEnv(tree) {
  return { ...CLEAN_ENV, LD_LIBRARY_PATH: librariesOf(tree).filter(existsSync).join(":") };
}
function librariesOf(tree) {
  const triplets = Object.values(ARCHITECTURES).map(({ triplet }) => triplet);
  const own = ["usr/lib", "lib"].flatMap((lib) => triplets.flatMap((triplet) => [`${lib}/${triplet}/systemd`, `${lib}/${triplet}`]));
  return [...own, "usr/lib/systemd", "lib/systemd"].map((path) => `${tree}/${path}`);
}
function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
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
  const found2 = /* @__PURE__ */ new Map();
  const visit = (name) => {
    const seen = known.get(name);
    if (seen === void 0 || found2.has(name) || WITHOUT.has(name)) return;
    found2.set(name, seen.version);
    for (const group of seen.needs) {
      const there = group.find((one) => known.has(one));
      if (there !== void 0) visit(there);
    }
  };
  for (const name of wanted) visit(name);
  return { found: new Map([...found2].sort(([a], [b]) => a < b ? -1 : 1)), missing: wanted.filter((name) => !known.has(name)) };
}
var isNeeded = (path) => !/^\/(?:usr\/share\/(?:doc|man|info|locale|lintian|bug|zoneinfo)|var\/cache)(?:\/|$)/.test(path);
var librariesIn = (told) => [...told.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map(([, path]) => path ?? "");

// src/remote/helper-image.ts
var NAME = "agent-jail-helper";
var LABEL = "agent-jail.image=helper";
var FAR_NODE = "/agent-jail/node";
var FAR_DIST = "/agent-jail/dist";
var LAYOUT = 1;
var PATIENCE = 15 * 6e4;
async function provideHelper(engine, dist, notice) {
  const { packages, missing } = await packagesHere();
  if (missing.length > 0)
    throw new JailError(
      `the helper for an engine elsewhere needs of this machine: ${missing.join(", ")}`,
      `install what is missing: \`apt-get install ${missing.join(" ")}\``
    );
  const nspawn = await nspawnHere();
  const name = `${NAME}-${digestOf([LAYOUT, [...packages], nspawn.version, nspawn.fetched, process.version, process.arch, distDigest(dist)])}`;
  if ((await engine.ask("GET", `/images/${name}/json`)).status === 200) return name;
  notice(`the engine at ${engine.where} is sent what a jail needs, once: ${name}`);
  const content = await contentOf([...packages.keys()], nspawn, dist);
  const query = `fromSrc=-&repo=${name}&changes=${encodeURIComponent(`LABEL ${LABEL}`)}`;
  const { status, body } = await engine.ask("POST", `/images/create?${query}`, {
    body: Readable.from(archive(content)),
    timeout: PATIENCE
  });
  if (status === 200 && (await engine.ask("GET", `/images/${name}/json`)).status === 200) return name;
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
  const { found: found2, missing } = closure(told.stdout);
  return { packages: found2, missing };
}
async function nspawnHere() {
  const tools = process.getuid?.() === 0 ? TOOLS : join(homedir(), ".cache/agent-jail/tools");
  return await findNspawn(tools) ?? await fetchNspawn(tools);
}
async function contentOf(packages, nspawn, dist) {
  const content = /* @__PURE__ */ new Map();
  const told = await exec(["dpkg-query", "--listfiles", ...packages], { maxBuffer: 64 << 20 });
  const merged = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"].filter((name) => isLink(`/${name}`));
  const add = (path) => {
    const first = path.split("/")[1] ?? "";
    const at = merged.includes(first) ? `/usr${path}` : path;
    if (existsHere(at)) content.set(at, { from: at });
  };
  for (const path of told.stdout.split("\n")) if (path.startsWith("/") && path !== "/." && isNeeded(path)) add(path);
  for (const name of merged) content.set(`/${name}`, { link: `usr/${name}` });
  for (const path of ["/etc/ld.so.cache", "/etc/ssl/certs/ca-certificates.crt"]) add(path);
  const libraries = librariesIn((await exec(["ldd", nspawn.path], { env: nspawn.env })).stdout);
  const tree = nspawn.fetched ? dirname(dirname(dirname(nspawn.path))) : null;
  for (const library of libraries) {
    if (tree !== null && library.startsWith(`${tree}/`)) continue;
    const real = realpathSync(library);
    add(join(dirname(real), basename(library)));
    add(real);
  }
  if (tree === null) add(nspawn.path);
  else for (const path of below(tree)) content.set(`${TOOLS}/nspawn${path}`, { from: `${tree}${path}` });
  content.set(FAR_NODE, { from: realpathSync(process.execPath) });
  for (const name of readdirSync2(dist)) content.set(`${FAR_DIST}/${name}`, { from: join(dist, name) });
  content.set("/etc/passwd", { text: "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n" });
  content.set("/etc/group", { text: "root:x:0:\nnogroup:x:65534:\n" });
  content.set("/etc/hosts", { text: "127.0.0.1 localhost\n" });
  for (const [path, mode] of DIRECTORIES) content.set(path, { directory: mode });
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
    const path = `${at}/${entry.name}`;
    return entry.isDirectory() ? [path, ...below(tree, path)] : [path];
  });
}
async function* archive(content) {
  const all = new Map(content);
  for (const path of content.keys())
    for (let parent = dirname(path); parent !== "/"; parent = dirname(parent)) if (!all.has(parent)) all.set(parent, { directory: 493 });
  const seen = /* @__PURE__ */ new Map();
  const bare = { uid: 0, gid: 0, size: 0, mtime: 0, link: null };
  for (const [path, what] of [...all].sort(([a], [b]) => a < b ? -1 : 1)) {
    const name = Buffer.from(path.slice(1));
    const entry = (rest) => tarHeader({ ...bare, name, ...rest });
    if ("directory" in what) yield entry({ type: "directory", mode: what.directory });
    else if ("link" in what) yield entry({ type: "symlink", mode: 511, link: Buffer.from(what.link) });
    else if ("text" in what) {
      const text = Buffer.from(what.text);
      yield Buffer.concat([entry({ type: "file", mode: 420, size: text.length }), text, padding(text.length)]);
    } else {
      const stat = lstatSync(what.from);
      const mode = stat.mode & 4095;
      if (stat.isSymbolicLink()) yield entry({ type: "symlink", mode: 511, link: Buffer.from(readlinkSync(what.from)) });
      else if (stat.isDirectory()) yield entry({ type: "directory", mode });
      else if (stat.isFile()) {
        const same = seen.get(`${stat.dev}:${stat.ino}`);
        if (stat.nlink > 1 && same !== void 0) yield entry({ type: "link", mode, link: Buffer.from(same) });
        else {
          seen.set(`${stat.dev}:${stat.ino}`, path.slice(1));
          yield entry({ type: "file", mode, size: stat.size });
          if (stat.size > 0) yield* createReadStream(what.from, { end: stat.size - 1, highWaterMark: 1 << 20 });
          yield padding(stat.size);
        }
      }
    }
  }
  yield Buffer.alloc(2 * BLOCK);
}
function distDigest(dist) {
  const hash = createHash("sha256");
  for (const name of readdirSync2(dist).sort())
    hash.update(name).update("\0").update(readFileSync(join(dist, name)));
  return hash.digest("hex");
}
var digestOf = (value) => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
var isLink = (path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
var existsHere = (path) => existsSync2(path) || isLink(path);

// src/remote/multiplexed.ts
var HEAD = 8;
var [STDOUT, STDERR] = [1, 2];
async function* stdoutOf(chunks, errors) {
  let rest = Buffer.alloc(0);
  let piece = null;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length > 0) {
      if (piece === null) {
        if (rest.length < HEAD) break;
        const stream = rest[0] ?? 0;
        if (stream !== STDOUT && stream !== STDERR || rest.readUIntBE(1, 3) !== 0)
          throw new Error("what came is no stream of a container");
        piece = { stream, left: rest.readUInt32BE(4) };
        rest = rest.subarray(HEAD);
      }
      const bytes = rest.subarray(0, piece.left);
      rest = rest.subarray(bytes.length);
      piece.left -= bytes.length;
      if (bytes.length > 0) {
        if (piece.stream === STDOUT) yield bytes;
        else errors(bytes);
      }
      if (piece.left === 0) piece = null;
    }
  }
}

// src/remote/helper.ts
var LABEL2 = "agent-jail.run";
var HELPER = "agent-jail.helper";
var STATE = "/var/lib/agent-jail";
var LONGEST_SAID = 4096;
var PATIENCE2 = 3e4;
function noHelper({ OSType, Architecture, SecurityOptions }, arch) {
  if (OSType !== "linux") return `runs ${OSType} containers, and a jail needs Linux`;
  const here = architectureOf(arch);
  const names = here === null ? [] : ARCHITECTURES[here].engine;
  if (!names.includes(Architecture)) return `is a machine of ${Architecture}, and the helper that can be made here is for ${arch}`;
  if ((SecurityOptions ?? []).some((option) => option.startsWith("name=rootless")))
    return "is rootless, and a helper needs to mount file systems";
  return null;
}
var CAPABILITIES = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_ADMIN",
  "NET_BIND_SERVICE",
  "NET_RAW",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_ADMIN",
  "SYS_CHROOT",
  "SYS_NICE",
  "SYS_PTRACE"
];
var LIMIT = 16384;
function privilegesOf(product) {
  if (product === "podman") return { Privileged: true, Ulimits: ["nofile", "nproc"].map((Name) => ({ Name, Soft: LIMIT, Hard: LIMIT })) };
  return {
    CapDrop: ["ALL"],
    CapAdd: CAPABILITIES,
    SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined", "label=disable"],
    MaskedPaths: [],
    ReadonlyPaths: [],
    DeviceCgroupRules: ["b 7:* rwm", "c 10:237 rwm"]
    // loop devices, and what hands them out
  };
}
function helperContainer(id, image, places, product) {
  return {
    Image: image,
    // Podman gives no namespace of groups on v1.
    Cmd: ["/usr/bin/unshare", "--cgroup", "--", FAR_NODE, `${FAR_DIST}/far.js`],
    Entrypoint: null,
    Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"],
    Labels: { [LABEL2]: id, [HELPER]: "1" },
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true,
    // whoever asked for it is gone: it ends
    Tty: false,
    // Not on the container's own file system: an overlay can be no upper directory, and ids cannot be mapped on it.
    Volumes: Object.fromEntries([STATE, ...places].map((place) => [place, {}])),
    HostConfig: {
      ...privilegesOf(product),
      CgroupnsMode: "private",
      // its own group is the root of what it sees: the run's lie below it, and go with it
      UsernsMode: "host",
      AutoRemove: true,
      // with its volumes
      LogConfig: { Type: "none" },
      RestartPolicy: { Name: "no" }
    }
  };
}
async function startHelper(engine, id, image, places) {
  const name = `agent-jail-${id}-helper`;
  const made = await engine.ask("POST", `/containers/create?name=${name}`, {
    body: helperContainer(id, image, places, engine.product),
    timeout: 6e5
  });
  if (made.status !== 201) throw refusal(engine, "make", messageOf(made.status, made.body));
  const remove = async () => {
    try {
      await engine.ask("DELETE", `/containers/${name}?force=1&v=1`);
      for (const end = performance.now() + PATIENCE2; performance.now() < end; await sleep(50))
        if ((await engine.ask("GET", `/containers/${name}/json`)).status === 404) return;
    } catch {
    }
  };
  try {
    const stdin = await engine.attach(`/containers/${name}/attach?stream=1&stdin=1&stdout=1&stderr=1`);
    const started = await engine.ask("POST", `/containers/${name}/start`);
    if (started.status !== 204) {
      stdin.destroy();
      throw refusal(engine, "start", messageOf(started.status, started.body));
    }
    let said = "";
    const stdout = stdoutOf(stdin, (bytes) => {
      if (said.length < LONGEST_SAID) said += bytes.toString("utf8");
    });
    return { stdin, stdout, errors: () => said.trim(), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
var FORGOTTEN = 3e4;
var isForgotten = ({ State, Created }, now) => State === "created" && now - Created * 1e3 > FORGOTTEN;
async function removeForgotten(engine, now = Date.now()) {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${HELPER}=1`] }));
  const { status, body } = await engine.ask("GET", `/containers/json?all=1&filters=${filters}`);
  if (status !== 200) throw new JailError(`the engine at ${engine.where} ${messageOf(status, body)}`, "look into its log");
  const removed = [];
  for (const one of body.filter(
    (listed) => isForgotten(listed, now)
  )) {
    await engine.ask("DELETE", `/containers/${one.Id}?force=1&v=1`);
    removed.push(`the helper of ${one.Labels[LABEL2] ?? "a run"} at ${engine.where}`);
  }
  return removed;
}
var refusal = (engine, what, said) => new JailError(
  `the engine at ${engine.where} does not ${what} the helper container: ${said}`,
  "the engine has to allow privileged containers; look into its log"
);

export {
  findNspawn,
  provideHelper,
  noHelper,
  helperContainer,
  startHelper,
  isForgotten,
  removeForgotten
};
