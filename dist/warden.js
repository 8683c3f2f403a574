const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
const { dirname: dirname2, join: join2 } = process.getBuiltinModule("node:path");
const { chownSync: chownSync3 } = process.getBuiltinModule("node:fs");
const { spawn } = process.getBuiltinModule("node:child_process");
const { closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const { chmodSync: chmodSync2, chownSync: chownSync2, renameSync: renameSync3, symlinkSync, writeFileSync: writeFileSync3 } = process.getBuiltinModule("node:fs");
const { basename, dirname } = process.getBuiltinModule("node:path");
const { spawn: spawn2 } = process.getBuiltinModule("node:child_process");
const { createHash } = process.getBuiltinModule("node:crypto");
const { chmodSync, chownSync, constants, createReadStream, mkdirSync: mkdirSync2 } = process.getBuiltinModule("node:fs");
const { open } = process.getBuiltinModule("node:fs/promises");
const { buffer, text } = process.getBuiltinModule("node:stream/consumers");
const { pipeline } = process.getBuiltinModule("node:stream/promises");
const { isUtf8 } = process.getBuiltinModule("node:buffer");
const { writeFileSync } = process.getBuiltinModule("node:fs");
const { closeSync: closeSync2, constants: constants2, openSync: openSync2, unlinkSync, writeSync } = process.getBuiltinModule("node:fs");
const { spawn: spawn3 } = process.getBuiltinModule("node:child_process");
const { randomInt } = process.getBuiltinModule("node:crypto");
const { createHash: createHash2 } = process.getBuiltinModule("node:crypto");
const { constants: constants3 } = process.getBuiltinModule("node:fs");
const { open: open2, stat } = process.getBuiltinModule("node:fs/promises");
const { randomBytes } = process.getBuiltinModule("node:crypto");
const { existsSync: existsSync3, mkdirSync: mkdirSync3, readdirSync: readdirSync2, readFileSync, renameSync: renameSync2, statfsSync, statSync: statSync2, utimesSync, writeFileSync: writeFileSync2 } = process.getBuiltinModule("node:fs");
const { spawn: spawn4 } = process.getBuiltinModule("node:child_process");
const { existsSync: existsSync2 } = process.getBuiltinModule("node:fs");
const { createHash: createHash3 } = process.getBuiltinModule("node:crypto");
const { lstatSync, opendirSync } = process.getBuiltinModule("node:fs");
const { mkdirSync: mkdirSync4 } = process.getBuiltinModule("node:fs");
const { lstatSync: lstatSync2 } = process.getBuiltinModule("node:fs");
const { existsSync: existsSync5, readdirSync: readdirSync4, readFileSync: readFileSync2, writeFileSync: writeFileSync4 } = process.getBuiltinModule("node:fs");
const { existsSync: existsSync4, readdirSync: readdirSync3 } = process.getBuiltinModule("node:fs");
const { rmdir } = process.getBuiltinModule("node:fs/promises");
const { constants: constants4 } = process.getBuiltinModule("node:os");
import {
  APT,
  Cgroup,
  ROOT,
  RUNTIME,
  cgroupLayout,
  check,
  cover,
  layerViews,
  makeDirectories,
  mountOverlays,
  mountPoint,
  requireArchitecture,
  requirePrograms,
  requireWay,
  restored,
  restoredDirectory,
  runStep,
  setupDirectory,
  stepStart,
  trustInRoot,
  writeTrust
} from "./shared-host-cgroup.js";
import {
  nspawn
} from "./shared-backend-nspawn.js";
import "./shared-backend-proc-masks.js";
import {
  chroot
} from "./shared-backend-chroot.js";
import "./shared-backend-launched.js";
import "./shared-backend-open-files.js";
import {
  enclosing,
  imageEnvironment,
  placeholderOf,
  within
} from "./shared-plan-toolchain.js";
import {
  redactorOf
} from "./shared-transcript-redact.js";
import "./shared-secrets-tokens.js";
import {
  findNspawn
} from "./shared-backend-nspawn-program.js";
import {
  decompressor,
  inside,
  requireRoot,
  through,
  unpack
} from "./shared-host-unpack.js";
import {
  Channel
} from "./shared-run-events.js";
import {
  ARCHITECTURES
} from "./shared-model-architecture.js";
import {
  reserve
} from "./shared-network-rules.js";
import "./shared-secrets-matcher.js";
import "./shared-secrets-forms.js";
import "./shared-model-addresses.js";
import {
  createRecord,
  seal,
  writeRun
} from "./shared-record-write.js";
import {
  OTHER_PATCHES
} from "./shared-model-record.js";
import {
  NdjsonWriter,
  writeAll
} from "./shared-system-ndjson.js";
import {
  lines
} from "./shared-system-lines.js";
import {
  ERRORS,
  FROZEN_RUNTIME,
  OUTER_PROC,
  OUTPUT,
  RUNTIME_FILES,
  exportWork,
  forgetWork,
  mountScratch,
  mountWork,
  must,
  scratchUse,
  seenOutside,
  withdrawWork
} from "./shared-host-scratch.js";
import {
  COLLECT,
  ID,
  ROOTS,
  RUN_SYSTEMD,
  STATE,
  TOOLS,
  WORK,
  hostName,
  stateOf,
  work
} from "./shared-host-places.js";
import {
  parseMountinfo,
  readProc
} from "./shared-system-proc.js";
import {
  AGENTS
} from "./shared-model-trajectory.js";
import {
  displayText
} from "./shared-record-display.js";
import {
  CLEAN_ENV,
  SINGLE_THREADED,
  exec,
  failure
} from "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";
import {
  __callDispose,
  __using
} from "./shared-runtime.js";

// src/run/warden.ts

// src/run/conclude.ts

// src/host/lock.ts
var GRACE = 3e4;
async function holdLock(file, how, signal) {
  closeSync(openSync(file, "a", 384));
  const holder = spawn("flock", [...how === "wait" ? [] : ["--nonblock"], "--no-fork", file, "cat"], {
    env: CLEAN_ENV,
    stdio: ["pipe", "pipe", "ignore"]
  });
  const giveUp = () => void holder.kill();
  if (signal?.aborted === true) giveUp();
  signal?.addEventListener("abort", giveUp);
  const ended = new Promise((resolve) => holder.once("close", () => resolve()));
  const locked = new Promise((resolve) => {
    holder.stdout.once("data", () => resolve(true));
    holder.once("error", () => resolve(false));
    holder.once("close", () => resolve(false));
  });
  holder.stdin.on("error", () => {
  });
  holder.stdin.write("locked\n");
  const got = await locked;
  signal?.removeEventListener("abort", giveUp);
  if (!got) return null;
  const release = async () => {
    holder.stdin.end();
    await ended;
  };
  return { release };
}
async function lockState(id) {
  const state = stateOf(id);
  const unnamed = join(STATE, `${UNNAMED}${id}`);
  mkdirSync(unnamed, { recursive: true, mode: 448 });
  forgetUnnamed();
  const lock = await holdLock(`${unnamed}/lock`, "at once");
  try {
    if (lock === null) throw new Error("flock(1)");
    renameSync(unnamed, state);
  } catch {
    throw new JailError(`the run's directory ${state} could not be locked`, "is another run using the same id, or flock(1) missing?");
  }
  return state;
}
var UNNAMED = ".new-";
function forgetUnnamed() {
  for (const name of readdirSync(STATE))
    if (name.startsWith(UNNAMED) && age(join(STATE, name)) > GRACE) rmSync(join(STATE, name), { recursive: true, force: true });
}
async function leftRuns(but = null) {
  const ids = existsSync(STATE) ? readdirSync(STATE).filter((name) => ID.test(name) && name !== but) : [];
  const live = ids.length === 0 ? /* @__PURE__ */ new Set() : await liveOf(ids);
  return { dead: ids.filter((id) => !live.has(id)), live: ids.filter((id) => live.has(id)) };
}
var isLive = async (id) => (await liveOf([id])).has(id);
async function liveOf(ids) {
  const locked = ids.filter((id) => existsSync(`${stateOf(id)}/lock`));
  const young = ids.filter((id) => !locked.includes(id) && age(stateOf(id)) < GRACE);
  if (locked.length === 0) return new Set(young);
  const asked = await exec(["sh", "-c", FREE, "sh", ...locked.map((id) => `${stateOf(id)}/lock`)]);
  const free = new Set(asked.stdout.split("\n"));
  return /* @__PURE__ */ new Set([...young, ...locked.filter((id) => !free.has(`${stateOf(id)}/lock`))]);
}
var FREE = 'for lock; do { flock --nonblock 9 && printf "%s\\n" "$lock"; } 2>/dev/null 9<"$lock"; done; true';
function age(directory) {
  const seen = statSync(directory, { throwIfNoEntry: false });
  return seen === void 0 ? Number.POSITIVE_INFINITY : Date.now() - seen.mtimeMs;
}
function removeState(id) {
  rmSync(stateOf(id), { recursive: true, force: true });
}

// src/run/build.ts

// src/host/restore.ts
var REMEDY = "give a record that is whole: `agent-jail verify` tells";
async function restore({ archive, sha256, layers: layers2 }, overlays, agent, script) {
  const wanted = overlays.filter((o) => layers2.includes(o.layer));
  mkdirSync2(work("scratch", "restored"), { mode: 493 });
  for (const o of wanted) {
    mkdirSync2(restored(o.key));
    chownSync(restored(o.key), o.owner.uid, o.owner.gid);
    chmodSync(restored(o.key), o.mode);
  }
  const failed = (why) => new JailError(`the changes of the earlier run could not be restored: ${why}`, REMEDY);
  const file = await open(archive, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error) => {
    throw failed(error.message);
  });
  try {
    if (!(await file.stat()).isFile()) throw failed(`${archive} is not a file`);
    const hash = createHash("sha256");
    await pipeline(fromStart(file.fd), hash);
    if (hash.digest("hex") !== sha256) throw failed(`${archive} is not what its record says`);
    const places = overlays.flatMap((o) => [o.target, wanted.includes(o) ? o.key : "-"]);
    const run2 = async (what) => {
      const argv = [script, what, work("scratch", "restored"), String(agent.uid), String(agent.gid), ...places];
      return unpacked(file.fd, argv, failed);
    };
    for (const path of names(await run2("list"))) {
      const [key = "", ...parts] = path.split("/");
      const overlay = wanted.find((o) => o.key === key);
      if (overlay === void 0 || parts.some((part) => part === "" || part === "." || part === ".."))
        throw failed(`a name that leads out: ${path}`);
      restoredDirectory(overlay, parts.join("/"), agent);
    }
    await run2("extract");
  } finally {
    await file.close();
  }
  return new Set(wanted.map((o) => o.key));
}
var fromStart = (fd) => createReadStream("", { fd, start: 0, autoClose: false });
function names(bytes) {
  const found = [];
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(0, from);
    const name = bytes.subarray(from, to === -1 ? bytes.length : to);
    if (isUtf8(name)) found.push(name.toString("utf8"));
    from += name.length + 1;
  }
  return found;
}
async function unpacked(fd, argv, failed) {
  const child = spawn2("perl", argv, { env: CLEAN_ENV, stdio: ["pipe", "pipe", "pipe"] });
  const code = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const printed = Promise.all([buffer(child.stdout), text(child.stderr), code]);
  const gzip = { program: "gzip", what: "the changes of the earlier run", remedy: REMEDY, signal: new AbortController().signal };
  const fed = pipeline(through(fromStart(fd), gzip), child.stdin).then(
    () => null,
    (error) => error
  );
  const [out, said, ended] = await printed;
  const wrong = await fed;
  if (ended !== 0)
    throw wrong instanceof JailError ? wrong : failed(said.trim().slice(0, 500) || `the reader ended with ${ended ?? "a signal"}`);
  if (wrong instanceof JailError) throw wrong;
  return out;
}

// src/plan/etc.ts
var ETC_ALLOWED = [
  // programs and libraries
  "alternatives",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "bash.bashrc",
  "bashrc",
  "inputrc",
  "shells",
  "terminfo",
  "os-release",
  "lsb-release",
  "debian_version",
  "redhat-release",
  "system-release",
  "alpine-release",
  "dpkg/origins",
  // certificates of the public authorities, and what decides about protocols
  "ca-certificates",
  "ca-certificates.conf",
  "ssl/certs",
  "ssl/cert.pem",
  "ssl/openssl.cnf",
  "crypto-policies",
  "gnutls",
  "pki/ca-trust",
  "pki/tls/cert.pem",
  "pki/tls/certs",
  "pki/tls/openssl.cnf",
  // time, language, fonts, types of files
  "localtime",
  "timezone",
  "locale.alias",
  "locale.conf",
  "locale.gen",
  "fonts",
  "papersize",
  "mime.types",
  "mailcap",
  "magic",
  "magic.mime",
  "sgml",
  "xml",
  // names of the network that are not addresses
  "services",
  "protocols",
  "rpc",
  "ethertypes",
  "networks",
  "netconfig",
  "gai.conf",
  "host.conf",
  "iproute2",
  // languages and tools
  "java*",
  "maven/m2.conf",
  "maven/logging",
  "python*",
  "perl",
  "php",
  "php.ini",
  "php.d",
  "R",
  "dotnet",
  "mono",
  "texmf",
  "ImageMagick*",
  "OpenCL",
  "vulkan",
  "glvnd",
  "chromium.d",
  "vim",
  "nanorc",
  "groff",
  "manpath.config",
  "man_db.conf"
];
function etcFiles(identity, hostname2) {
  const { name, uid, gid, home } = identity;
  return {
    passwd: lines2(
      "root:x:0:0:root:/root:/usr/sbin/nologin",
      `${name}:x:${uid}:${gid}:${name}:${home}:/bin/sh`,
      "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin"
    ),
    group: lines2("root:x:0:", `${name}:x:${gid}:`, "nogroup:x:65534:"),
    hostname: lines2(hostname2),
    hosts: lines2(`127.0.0.1 localhost ${hostname2}`, "::1 ip6-localhost ip6-loopback"),
    // The gateway's resolver; it answers at once or not at all.
    "resolv.conf": lines2("nameserver 127.0.0.1", "options timeout:2 attempts:2"),
    // Only files and DNS: other sources are sockets of host services.
    "nsswitch.conf": lines2(
      ...["passwd", "group", "shadow", "networks", "protocols", "services", "ethers", "rpc"].map((database) => `${database}: files`),
      "hosts: files dns"
    ),
    // Programs read it, and must not learn the host's.
    "machine-id": ""
  };
}
var lines2 = (...all) => `${all.join("\n")}
`;

// src/plan/syscalls.ts
var ALLOWED_SYSCALLS = `
accept accept4 access adjtimex alarm arch_prctl bind brk cachestat capget capset chdir chmod chown clock_adjtime clock_getres
clock_gettime clock_nanosleep close close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl
epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 fallocate
fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat
fstatfs fsync ftruncate futex futex_requeue futex_wait futex_waitv futex_wake futimesat get_robust_list get_thread_area getcpu
getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid getppid getpriority
getrandom getresgid getresuid getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid getxattr getxattrat
inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit
ioctl ioprio_get ioprio_set kill landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lgetxattr link linkat
listen listxattr listxattrat llistxattr lremovexattr lseek lsetxattr lstat madvise map_shadow_stack membarrier memfd_create
memfd_secret mincore mkdir mkdirat mlock mlock2 mlockall mmap mprotect mq_getsetattr mq_notify mq_open mq_timedreceive
mq_timedsend mq_unlink mremap mseal msgctl msgget msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep
newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll prctl
pread64 preadv preadv2 prlimit64 process_mrelease pselect6 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv
recvfrom recvmmsg recvmsg remap_file_pages removexattr removexattrat rename renameat renameat2 restart_syscall rmdir rseq
rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo
sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler
sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp select semctl semget
semop semtimedop sendfile sendmmsg sendmsg sendto set_robust_list set_thread_area set_tid_address setfsgid setfsuid setgid
setgroups setitimer setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid setsockopt setuid setxattr
setxattrat shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4 splice stat statfs statx symlink symlinkat sync
sync_file_range syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun timer_gettime timer_settime
timerfd_create timerfd_gettime timerfd_settime times tkill truncate umask uname unlink unlinkat utime utimensat utimes vfork
vmsplice wait4 waitid write writev
`.trim().split(/\s+/);

// src/plan/seccomp.ts
var NAMESPACES = 2114060288;
var TIME_NAMESPACE = 128;
var UNIX = 1;
var IP_FAMILIES = [2, 10];
var NETLINK = 16;
var IP_PROTOCOLS = [0, 6, 17];
var NETLINK_ROUTE = 0;
var PERSONALITIES = [0, 131072, 4294967295];
var FILE_TYPE = 61440;
var FILE_TYPES = [0, 32768, 4096, 49152];
var ENOSYS = 38;
function seccompProfile(arch, form) {
  return {
    defaultAction: "SCMP_ACT_ERRNO",
    // One architecture: calls by another ABI (32-bit, x32) are killed.
    architectures: [ARCHITECTURES[arch].seccomp],
    syscalls: [
      allow(ALLOWED_SYSCALLS),
      allow(["clone"], masked(0, NAMESPACES, 0)),
      allow(["unshare"], masked(0, NAMESPACES | TIME_NAMESPACE, 0)),
      allow(["socket"], equal(0, UNIX)),
      ...IP_FAMILIES.flatMap((family) => IP_PROTOCOLS.map((protocol) => allow(["socket"], equal(0, family), equal(2, protocol)))),
      allow(["socket"], equal(0, NETLINK), equal(2, NETLINK_ROUTE)),
      allow(["socketpair"], equal(0, UNIX)),
      ...PERSONALITIES.map((value) => allow(["personality"], equal(0, value))),
      ...FILE_TYPES.flatMap((type) => [allow(["mknod"], masked(1, FILE_TYPE, type)), allow(["mknodat"], masked(2, FILE_TYPE, type))]),
      form === "oci" ? { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: ENOSYS } : allow(["clone3"])
    ]
  };
}
function allow(names3, ...args) {
  return { names: names3, action: "SCMP_ACT_ALLOW", ...args.length === 0 ? {} : { args } };
}
var equal = (index, value) => ({ index, value, op: "SCMP_CMP_EQ" });
var masked = (index, mask, value) => ({
  index,
  value: mask,
  valueTwo: value,
  op: "SCMP_CMP_MASKED_EQ"
});

// src/plan/told.ts
function told({ agent, setup, workspace, limits }) {
  return {
    schema: "agent-jail/told@1",
    workspace: workspace.access,
    network: network(agent),
    setup: { network: network(setup) },
    limits: { ...agent.limits, ...limits }
  };
}
function network({ network: { mode, allow: allow2, services }, secrets }) {
  return {
    default: mode === "observe" ? "allow" : "deny",
    allow: allow2.map(({ pattern, ports, methods, paths }) => ({ host: pattern, ports, methods, paths })),
    services: services.map(({ name, port }) => ({ name, port })),
    // The variable of this name holds a placeholder, which the gateway swaps on the way to these hosts.
    secrets: secrets.flatMap(
      (secret) => secret.use === "inject" ? [{ name: secret.name, hosts: secret.hosts, methods: secret.methods, paths: secret.paths }] : []
    )
  };
}

// src/host/etc.ts
async function copyEtc(target, allowed) {
  await must(["perl", "-e", COPY, target], "/etc could not be copied", allowed.join("\n"));
}
var COPY = `mkdir $ARGV[0], 0755 or die $!; chdir '/etc' or die $!; my @n = map { chomp; grep { -e $_ || -l $_ } glob $_ } <STDIN>;
exec 'cp', '-a', '--parents', '--', @n, $ARGV[0] if @n;`;

// src/host/netns.ts
var SETUP = "link set lo up\naddress add 198.19.255.255/32 dev lo\nroute add local 0.0.0.0/0 dev lo\n";
async function createNetns(file) {
  const argv = ["unshare", `--net=${file}`, "--", "ip", "-batch", "-"];
  try {
    writeFileSync(file, "", { mode: 256, flag: "wx" });
  } catch (error) {
    throw new JailError(`the network namespace could not be made: ${error.message}`, "see `agent-jail doctor`", null, {
      cause: error
    });
  }
  const result = await exec(argv, { input: SETUP });
  if (result.code !== 0) {
    throw new JailError(
      `the network namespace could not be made: ${failure(argv, result)}`,
      "run as root, with util-linux and iproute2 installed"
    );
  }
}

// src/run/gateway.ts

// src/run/children.ts
var LINE = 1 << 20;
var Peer = class {
  ended;
  pid;
  #child;
  #errors = "";
  constructor({ argv, descriptors: descriptors2, name, cwd }) {
    const [file, ...args] = argv;
    const child = spawn3(file, args, {
      env: CLEAN_ENV,
      cwd,
      stdio: ["pipe", "pipe", "pipe", ...descriptors2]
    });
    this.#child = child;
    this.pid = child.pid ?? 0;
    child.stdin.on("error", () => {
    });
    child.stderr.on("data", (chunk) => {
      if (this.#errors.length < 4096) this.#errors += chunk.toString("utf8");
    });
    this.ended = new Promise((resolve) => {
      const how = (end) => {
        const said = this.#errors.trim().split("\n").slice(0, 3).join(" / ").slice(0, 500);
        resolve(`the ${name} ended with ${end}${said === "" ? "" : `: ${said}`}`);
      };
      child.once("error", (error) => how(error.message));
      child.once("close", (code, signal) => how(String(signal ?? code)));
    });
  }
  send(value) {
    this.#child.stdin.write(`${JSON.stringify(value)}
`);
  }
  /** A line that is no JSON. */
  say(line) {
    this.#child.stdin.write(`${line}
`);
  }
  finish() {
    this.#child.stdin.end();
  }
  kill() {
    this.#child.kill("SIGKILL");
  }
  /** JSON lines of its stdout, or of the pipe that it has as `descriptor`. */
  async *messages(descriptor = 1) {
    const stream = this.#child.stdio[descriptor];
    for await (const line of lines(stream, LINE)) yield JSON.parse(line);
  }
};
var Collector = class {
  #peer;
  #answers;
  constructor(argv, descriptors2) {
    this.#peer = new Peer({ argv, descriptors: descriptors2, name: "collector" });
    this.#answers = this.#peer.messages();
  }
  /** Throws JailError where it dies, takes longer than `timeout` ms, or says that it could not. */
  async ask(request, timeout) {
    this.#peer.send(request);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#peer.kill();
    }, timeout);
    const { value } = await this.#answers.next().finally(() => clearTimeout(timer));
    const answer = value;
    if (answer?.ok === true) return answer;
    if (answer?.ok === false)
      throw new JailError(`the collector: ${String(answer.message).slice(0, 500)}`, "the evidence is incomplete: run again");
    const how = late ? `the collector took longer than ${timeout / 1e3} s` : await this.#peer.ended;
    throw new JailError(how, "the evidence is incomplete: run again, or lower `limits.disk` and `limits.files`");
  }
  kill() {
    this.#peer.kill();
  }
};
function startCollector(programs, files) {
  const uid = ownUid();
  return { uid, collector: new Collector(collectorArgv(programs.node, programs.collector, uid, files.length), files) };
}
var COLLECTOR_FLAGS = [SINGLE_THREADED, "--max-old-space-size=512", "--max-semi-space-size=4"];
function collectorArgv(node, entry, uid, files) {
  return [
    "unshare",
    "--net",
    "--ipc",
    "--",
    "setpriv",
    `--reuid=${uid}`,
    `--regid=${uid}`,
    "--clear-groups",
    "--inh-caps=-all,+dac_read_search",
    "--ambient-caps=-all,+dac_read_search",
    "--bounding-set=-all,+dac_read_search",
    "--no-new-privs",
    "--",
    node,
    ...COLLECTOR_FLAGS,
    entry,
    String(files)
  ];
}
var UIDS = 1778384896;
var ownUid = () => UIDS + randomInt(1 << 24);

// src/run/gateway.ts
var PATIENCE = 3e4;
var FIRST_SOCKET = 10;
var SOCKETS = [
  { protocol: "udp", address: "127.0.0.1", port: 53 },
  { protocol: "tcp", address: "127.0.0.1", port: 53 },
  { protocol: "tcp", address: "0.0.0.0", port: 80 },
  { protocol: "tcp", address: "0.0.0.0", port: 443 }
];
var furtherSockets = ({ agent, setup }) => reserve([agent.network, setup.network]).sockets;
function rulesOf({ id, policy, secrets }, kind) {
  return {
    network: policy[kind].network,
    secrets: policy[kind].secrets.flatMap(
      (secret) => secret.use === "inject" ? [{ ...secret, placeholder: placeholderOf(id, secret.name), value: secrets[secret.name] ?? "" }] : []
    )
  };
}
var GATEWAY_FLAGS = [SINGLE_THREADED, "--max-semi-space-size=2"];
function gatewayArgv({ node, sockets, gateway }, { netns, files, route, further }) {
  const spec = [...SOCKETS, ...further].map((s) => `${s.protocol}:${s.address}:${s.port}`).join(",");
  return ["perl", sockets, netns, String(files), spec, ...route ? ["--route"] : [], "--wait", "--", node, ...GATEWAY_FLAGS, gateway];
}
function waitingGateway(programs, serving, directory = WORK) {
  const path = `${directory}/gateway-request`;
  const request = openSync2(path, constants2.O_RDWR | constants2.O_CREAT | constants2.O_EXCL, 384);
  unlinkSync(path);
  const peer = new Peer({ argv: gatewayArgv(programs, serving), descriptors: ["pipe", request], name: "gateway" });
  return { peer, request };
}
async function dismissGateway({ peer, request }) {
  peer.finish();
  await peer.ended;
  closeSync2(request);
}
function writeRequest(fd, request) {
  const bytes = Buffer.from(JSON.stringify(request));
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, done);
  closeSync2(fd);
}
var Gateway = class {
  /** Its sockets are there. */
  ready;
  died;
  #done;
  #peer;
  #finishing = false;
  constructor({ peer, request }, { further, ...task }, sinks) {
    this.#peer = peer;
    const sockets = [...SOCKETS, ...further].map((socket, index) => ({ ...socket, fd: FIRST_SOCKET + index }));
    writeRequest(request, { ...task, kind: "serve", sockets, log: 3, gid: task.uid });
    const { promise: up, resolve: ready } = Promise.withResolvers();
    const logged = (async () => {
      for await (const line of peer.messages(3)) sinks.log(line);
    })();
    this.#done = (async () => {
      let totals = null;
      for await (const message of peer.messages()) {
        const event = message;
        if (event.kind === "listening" || event.kind === "ready") ready();
        else if (event.kind === "denied") sinks.denied(event);
        else if (event.kind === "limit") sinks.limit(event.limit);
        else if (event.kind === "done") totals = { denied: event.denied, allowed: event.allowed, used: event.used ?? null };
      }
      await logged;
      return totals;
    })();
    this.#done.catch(() => peer.kill());
    const ended = peer.ended;
    this.died = new Promise((resolve) => {
      void ended.then((how) => {
        if (!this.#finishing) resolve(how);
      });
    });
    this.ready = Promise.race([
      up,
      ended.then((how) => {
        throw new JailError(how, "without the gateway nothing may start; see `agent-jail doctor`");
      })
    ]);
    this.ready.catch(() => {
    });
  }
  step(step, setup) {
    this.#peer.send({ kind: "step", step, setup });
  }
  /** Ends it and returns what it counted. Throws JailError where its log is incomplete, also after `patience` ms. */
  async finish(patience = PATIENCE) {
    this.#finishing = true;
    this.#peer.finish();
    const timer = setTimeout(() => this.#peer.kill(), patience);
    const totals = await Promise.race([this.#done, this.#peer.ended.then(() => this.#done)]).finally(() => clearTimeout(timer));
    if (totals === null) throw new JailError("the gateway ended without its log", "the network log is incomplete: run again");
    return totals;
  }
  kill() {
    this.#finishing = true;
    this.#peer.kill();
  }
};

// src/host/archive.ts
var REMEDY2 = "give a tar archive of a root file system, plain or compressed, and its right `sha256`";
var CHUNK = 1 << 20;
var QUIET = 2e3;
var Archive = class _Archive {
  what;
  #file;
  /** What the file looked like when it was opened; another one, or another content, looks different. null: too young to tell. */
  seen;
  constructor(path, file, seen) {
    this.#file = file;
    this.what = `the root archive ${path}`;
    this.seen = seen;
  }
  /** Throws JailError. */
  static async open(path) {
    const file = await open2(path, constants3.O_RDONLY | constants3.O_NONBLOCK).catch((error) => {
      throw new JailError(`the root archive ${path} cannot be read: ${error.message}`, REMEDY2);
    });
    const stat2 = await file.stat({ bigint: true });
    if (stat2.isFile()) return new _Archive(path, file, looks(stat2));
    await file.close();
    throw new JailError(`the root archive ${path} is not a file`, REMEDY2);
  }
  /** Throws JailError where it is not what the policy says. */
  require(seen, wanted) {
    if (wanted !== null && seen !== wanted) throw new JailError(`${this.what} has the SHA-256 ${seen}, the policy says ${wanted}`, REMEDY2);
  }
  async sha256(signal) {
    const hash = createHash2("sha256");
    for await (const chunk of this.#chunks(hash)) {
      void chunk;
      signal.throwIfAborted();
    }
    return hash.digest("hex");
  }
  /** Into an empty directory. The bytes that are unpacked are hashed once more on their way: no others have this key. */
  async unpack(sha256, into, room, signal) {
    const head = Buffer.alloc(6);
    await this.#file.read(head, 0, head.length, 0);
    const hash = createHash2("sha256");
    const program = decompressor(head);
    const plain = this.#chunks(hash);
    const chunks = program === null ? plain : through(plain, { program, what: this.what, remedy: REMEDY2, signal });
    await unpack(chunks, { what: this.what, into, room, signal, remedy: REMEDY2 });
    if (hash.digest("hex") !== sha256)
      throw new JailError(`${this.what} was changed while it was read`, "let nothing write to it while a run starts");
    requireRoot(into, this.what);
  }
  async *#chunks(hash) {
    for (let at2 = 0; ; ) {
      const { bytesRead, buffer: buffer2 } = await this.#file.read(Buffer.allocUnsafeSlow(CHUNK), 0, CHUNK, at2);
      if (bytesRead === 0) return;
      at2 += bytesRead;
      const chunk = buffer2.subarray(0, bytesRead);
      hash.update(chunk);
      yield chunk;
    }
  }
  async [Symbol.asyncDispose]() {
    await this.#file.close();
  }
};
async function looksOf(path) {
  return stat(path, { bigint: true }).then(looks, () => null);
}
function looks({ dev, ino, size, mtimeNs, ctimeNs, ctimeMs }) {
  return Date.now() - Number(ctimeMs) < QUIET ? null : [dev, ino, size, mtimeNs, ctimeNs].join(" ");
}

// src/host/root-cache.ts

// src/host/root-lock.ts
var LOOK = "%C@ %s\\n";
var SCRIPT = `exec 3>&1
{ find "$1" -printf "$2" || printf 'broken ' >&3; } | sha256sum
exec cat >/dev/null 3>&-`;
async function holdRoot(directory) {
  const lock = `${directory}/lock`;
  if (!existsSync2(lock)) return null;
  const argv = ["--shared", "--nonblock", "--no-fork", lock, "sh", "-c", SCRIPT, "sh", `${directory}/tree`, LOOK];
  const holder = spawn4("flock", argv, { env: CLEAN_ENV, stdio: ["pipe", "pipe", "ignore"] });
  const ended = new Promise((resolve) => {
    holder.once("error", () => resolve());
    holder.once("close", () => resolve());
  });
  holder.stdin.on("error", () => {
  });
  let said = "";
  for await (const chunk of holder.stdout) said += chunk.toString("latin1");
  const release = async () => {
    holder.stdin.end();
    await ended;
  };
  if (said === "") {
    await release();
    return null;
  }
  return { seal: /^([0-9a-f]{64}) /.exec(said)?.[1] ?? null, release };
}

// src/host/root-cache.ts
var KEY = /^(?:image|archive)-[0-9a-f]{64}$/;
var MAKING = `${ROOTS}/lock`;
var MOST = 20 * 1024 ** 3;
var MARGIN = { bytes: 64 << 20, files: 2e4 };
var at = (name) => `${ROOTS}/${name}`;
var treeOf = (key) => `${ROOTS}/${key}/tree`;
var isKept = (key) => existsSync3(at(key));
async function keepRoot(key, making, used) {
  const { what, notice, signal } = making;
  if (await used) return;
  mkdirSync3(ROOTS, { recursive: true, mode: 448 });
  const lock = await holdLock(MAKING, "wait", signal);
  if (lock === null) {
    signal.throwIfAborted();
    throw new JailError(`${MAKING} could not be locked`, "see `agent-jail doctor`");
  }
  try {
    signal.throwIfAborted();
    await tidy();
    if (await use(key)) return;
    if (isKept(key)) {
      notice(`the directory kept of ${what} is not as it was made: it is made anew`);
      await discard(key);
    }
    await build(key, making);
  } finally {
    await lock.release();
  }
}
async function tidyRoots() {
  if (!existsSync3(ROOTS)) return [];
  const lock = await holdLock(MAKING, "at once");
  if (lock === null) return [];
  try {
    return await tidy();
  } finally {
    await lock.release();
  }
}
var keyOf = (of) => names2().find((name) => kept(name)?.of === of) ?? null;
function remember(key, of) {
  const before = kept(key);
  if (before !== null && before.of !== of) writeKept(at(key), { ...before, of });
}
async function use(key) {
  const held = await holdRoot(at(key));
  if (held === null) return false;
  if (held.seal === null || held.seal !== kept(key)?.seal) {
    await held.release();
    return false;
  }
  utimesSync(`${at(key)}/lock`, /* @__PURE__ */ new Date(), /* @__PURE__ */ new Date());
  return true;
}
async function build(key, { what, make, signal }) {
  const part = `${key}.${randomBytes(4).toString("hex")}.part`;
  const tree = `${at(part)}/tree`;
  mkdirSync3(at(part), { mode: 448 });
  let held = null;
  try {
    mkdirSync3(tree, { mode: 493 });
    writeFileSync2(`${at(part)}/lock`, "", { mode: 384 });
    const room = roomFor(what);
    await make(tree, room);
    const [looked, size] = await Promise.all([holdRoot(at(part)), sizeOf(part)]);
    held = looked;
    if (held === null || held.seal === null) throw new JailError(`${what} was unpacked, and could not be read`, "see `agent-jail doctor`");
    await room(size, false);
    signal.throwIfAborted();
    writeKept(at(part), { schema: "agent-jail/root@1", size, made: (/* @__PURE__ */ new Date()).toISOString(), seal: held.seal, of: null });
    renameSync2(at(part), at(key));
  } catch (error) {
    await held?.release();
    await erase(part);
    throw error.code === "ENOSPC" ? full(what) : error;
  }
}
function roomFor(what) {
  const { blocks, bsize } = statfsSync(ROOTS);
  const most = Math.min(MOST, Math.floor(blocks * bsize / 4));
  return async (bytes, refused) => {
    if (bytes > most)
      throw new JailError(
        `${what} does not fit: unpacked it is larger than the ${most} bytes that kept roots may take`,
        "use a smaller one, or unpack it yourself and use `jail.root: { directory }`"
      );
    const others = names2().map((name) => ({ name, used: lastUse(name), size: kept(name)?.size ?? 0 }));
    let taken = others.reduce((sum, { size }) => sum + size, bytes);
    for (const { name, size } of others.sort((a, b) => a.used - b.used)) {
      if (taken <= most && !isFull()) break;
      if (await remove(name)) taken -= size;
    }
    if (refused || isFull()) throw full(what);
    if (taken > most)
      throw new JailError(
        `${what} does not fit: roots that are in use take too much of the ${most} bytes that kept roots may take`,
        "run again when other runs have ended"
      );
  };
}
function isFull() {
  const { bavail, bsize, ffree, files } = statfsSync(ROOTS);
  return bavail * bsize < MARGIN.bytes || files > 0 && ffree < MARGIN.files;
}
var full = (what) => new JailError(`${what} does not fit: the disk of ${ROOTS} is full`, "free some space, or use a smaller root");
async function tidy() {
  const removed = [];
  for (const { name } of readdirSync2(ROOTS, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !KEY.test(entry.name)))
    if (await remove(name).catch(() => false)) removed.push(at(name));
  return removed;
}
async function remove(name) {
  const file = `${at(name)}/lock`;
  const lock = existsSync3(file) ? await holdLock(file, "at once") : null;
  if (lock === null && existsSync3(file)) return false;
  await erase(KEY.test(name) ? rename(name) : name);
  await lock?.release();
  return true;
}
async function discard(key) {
  await remove(rename(key));
}
function rename(key) {
  const old = `${key}.${randomBytes(4).toString("hex")}.old`;
  renameSync2(at(key), at(old));
  return old;
}
async function erase(name) {
  const argv = ["rm", "--recursive", "--force", "--one-file-system", "--", at(name)];
  const result = await exec([...argv], { timeout: 6e5 });
  if (result.code !== 0) throw new JailError(`${at(name)} could not be removed: ${failure(argv, result)}`, "remove it");
}
var names2 = () => existsSync3(ROOTS) ? readdirSync2(ROOTS).filter((name) => KEY.test(name)) : [];
function lastUse(name) {
  return statSync2(`${at(name)}/lock`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
async function sizeOf(name) {
  return Number((await must(["du", "--summarize", "--block-size=1", at(name)], "a root could not be measured")).split("	")[0]);
}
function kept(name) {
  try {
    const read = JSON.parse(readFileSync(`${at(name)}/root.json`, "utf8"));
    return read.schema === "agent-jail/root@1" ? read : null;
  } catch {
    return null;
  }
}
function writeKept(directory, value) {
  const part = `${directory}/root.json.${randomBytes(4).toString("hex")}`;
  writeFileSync2(part, `${JSON.stringify(value)}
`, { mode: 384 });
  renameSync2(part, `${directory}/root.json`);
}

// src/run/root-ahead.ts
async function lookAhead(wanted) {
  if (wanted.kind === "image") void Promise.all([import("./engine.js"), import("./image.js")]).catch(() => {
  });
  const of = wanted.kind === "image" ? wanted.ref : wanted.kind === "archive" ? await looksOf(wanted.path) : null;
  const key = of === null ? null : keyOf(of);
  if (key === null) return null;
  const used = use(key);
  used.catch(() => {
  });
  return { key, used };
}

// src/run/warmup.ts
var NETNS = work("netns");
var ETC = work("etc");
function warmUp(programs, guess) {
  const mounted = mountWork(programs.work);
  const etc = mounted.then(() => copyEtc(ETC, ETC_ALLOWED));
  let waiting = null;
  const gateway = () => waiting ??= mounted.then(() => startGateway(programs));
  let looked = null;
  const ahead = (root) => {
    looked ??= lookAhead(root);
    looked.catch(() => {
    });
    return looked;
  };
  const backend = guess === "docker" ? import("./docker.js") : guess === "chroot" ? mounted : Promise.all([gateway(), findNspawn(TOOLS)]);
  for (const part of [mounted, etc, backend]) part.catch(() => {
  });
  const withoutGateway = async () => {
    if (waiting !== null) await dismissGateway(await waiting);
  };
  return { mounted, etc, gateway, withoutGateway, ahead };
}
async function startGateway(programs) {
  await createNetns(NETNS);
  return waitingGateway(programs, { netns: NETNS, files: openFiles(), route: false, further: [] });
}
var openFiles = () => Math.min(65536, Number(/^Max open files\s+\d+\s+(\d+)/m.exec(readProc("self", "limits") ?? "")?.[1] ?? 4096));

// src/run/build.ts
var RESULT = work("scratch", "result");
var DIRECTORIES = [
  ["usr", 493],
  ["proc", 365],
  ["sys", 365],
  ["dev", 493],
  ["run", 493],
  ["tmp", 1023],
  ["var/tmp", 1023],
  ["var/lib", 493],
  ["var/cache", 493],
  ["var/log", 493],
  ["etc", 493],
  ["home", 493],
  ["root", 493],
  ["mnt", 493],
  ["srv", 493]
];
async function buildLayers(request, checked, scripts) {
  const { overlays, identity } = checked;
  makeDirectories(overlays);
  const root = overlays[0];
  for (const [path, mode] of DIRECTORIES) {
    const made = setupDirectory(root, path, identity, mode);
    if (mode === 1023) chmodSync2(made, mode);
  }
  const setup = work("setup", root.key);
  for (const { name, target } of checked.links) symlinkSync(target, `${setup}/${name}`);
  if (root.lower === null) moveEtc(`${setup}/etc`);
  for (const [name, content] of Object.entries(etcFiles(identity, hostname(request.id))))
    writeFileSync3(`${setup}/etc/${name}`, content, { mode: 420 });
  if (request.interception !== null) trustInRoot(root, identity, request.interception.authority);
  for (const overlay of overlays.slice(1)) mountPoint(enclosing(overlays, overlay.target), overlay.target, identity);
  for (const overlay of overlays) await cover(overlay, coversOf(overlay, overlays, request), identity);
  const earlier = request.restore;
  const kept2 = earlier === null ? /* @__PURE__ */ new Set() : await restore(earlier, overlays, identity, scripts.restore);
  for (const overlay of overlays.slice(1)) {
    const around = enclosing(overlays, overlay.target);
    if (kept2.has(around.key)) requireWay(around, overlay.target);
  }
  await mountOverlays(overlays, identity, scripts.idmap, kept2);
  return layerViews(overlays, identity, kept2);
}
function coversOf(overlay, overlays, request) {
  const { lower } = overlay;
  if (lower === null) return [];
  const { forbidden, hidden } = request.surroundings;
  const gone = [...forbidden, ...hidden, ...recordPlaces(request.record)];
  const all = [...request.covers, ...gone.map((path) => ({ path, content: null }))];
  const unique = new Map(all.map((c) => [c.path, c]));
  const absent = [...unique.values()].filter((c) => c.content === null);
  return [...unique.values()].filter(
    ({ path }) => path !== lower && !absent.some((c) => c.path !== path && within(path, c.path)) && within(path, lower) && // an overlay further in shows it, and covers it there
    !overlays.some((o) => o.lower !== null && o.lower.length > lower.length && within(path, o.lower) && within(o.target, overlay.target))
  );
}
var recordPlaces = (record) => {
  const folder = dirname(record);
  return basename(folder) === ".agent-jail" ? [folder] : [record];
};
function moveEtc(target) {
  renameSync3(ETC, target);
  chmodSync2(target, 493);
}
function buildRuntime(request, checked) {
  const { uid, gid } = checked.identity;
  writeFileSync3(RESULT, "", { mode: 384 });
  chownSync2(RESULT, uid, gid);
  writeFileSync3(work("runtime", "result"), "", { mode: 292 });
  writeFileSync3(work("runtime", "policy.json"), `${JSON.stringify(told(request.policy), null, 2)}
`, { mode: 292 });
  writeFileSync3(work("runtime", basename(APT.path)), APT.text, { mode: 292 });
  if (request.interception !== null) writeTrust(request.interception.authority);
  for (const [index, step] of request.steps.entries()) {
    const script = work("runtime", `step-${index}${step.extension}`);
    writeFileSync3(script, step.script, { mode: 292 });
    chmodSync2(script, 292);
  }
}
function makeCgroup(name, checked) {
  const cgroup = new Cgroup(checked.layout, name);
  cgroup.make();
  return cgroup;
}
function jailSpec(request, checked, backend) {
  const view = checked.overlays.map((o) => ({
    target: o.target,
    kind: "overlay",
    source: null,
    writable: o.access === "copy-on-write"
  }));
  return {
    id: request.id,
    root: ROOT,
    view: [
      ...view,
      { target: RUNTIME, kind: "bind", source: backend.engine === null ? RUNTIME_FILES : FROZEN_RUNTIME, writable: false },
      { target: `${RUNTIME}/result`, kind: "bind", source: RESULT, writable: true }
    ],
    identity: checked.identity,
    cgroup: backend.cgroup(request.id),
    netns: backend.engine === null && backend.lacks === null ? NETNS : null,
    seccomp: seccompProfile(checked.architecture, backend.name === "docker" ? "oci" : "nspawn"),
    hostname: hostname(request.id)
  };
}
var hostname = (id) => `jail-${id.slice(-8).toLowerCase()}`;

// src/transcript/recorder.ts
var COALESCE_MS = 10;
var COALESCE_BYTES = 1 << 16;
var CHECKPOINT_MS = 1e3;
var CHECKPOINT_BYTES = 1 << 20;
var Recorder = class {
  #options;
  #index;
  #hash = createHash3("sha256");
  #step = null;
  /** That of what is written without another one. */
  #stream = "merged";
  /** Bytes of two streams do not make one secret. */
  #errors;
  /** Bytes that the running step printed, before redaction. */
  #printed = 0;
  /** Bytes of `transcript.log`. */
  #written = 0;
  #pending = null;
  #checked = { t: 0, bytes: 0 };
  constructor(options) {
    this.#options = options;
    this.#errors = options.redactor.beside();
    this.#index = new NdjsonWriter(options.index, "transcript");
  }
  /** What the running step has printed so far, in bytes before redaction: what `limits.output` is about. */
  get printed() {
    return this.#printed;
  }
  begin(step, name, stream = "merged") {
    if (this.#step !== null) throw new Error(`step ${this.#step} has not ended`);
    this.#step = step;
    this.#stream = stream;
    this.#printed = 0;
    this.#checked = { t: this.#options.clock(), bytes: this.#written };
    this.#line({ kind: "begin", name: this.#options.redactor.redactText(name), offset: this.#written });
  }
  write(chunk, stream = this.#stream) {
    const step = this.#running();
    this.#printed += chunk.length;
    this.#emit(step, stream, (stream === "stderr" ? this.#errors : this.#options.redactor).push(chunk));
  }
  /** To be called about each 100 ms: brings the index up to date, makes the checkpoint that is due. */
  tick() {
    const now = this.#options.clock();
    if (this.#pending !== null && now - this.#pending.t >= COALESCE_MS) this.#flushIndex();
    if (this.#step !== null && this.#written > this.#checked.bytes && now - this.#checked.t >= CHECKPOINT_MS) this.#checkpoint(this.#step);
  }
  /** `bytes` is what the step printed, before redaction; `sha256` is of `transcript.log` so far. */
  end(exit) {
    const step = this.#running();
    this.#flushStreams(step);
    const sha256 = this.#checkpoint(step);
    this.#line({ kind: "end", code: exit.code, signal: exit.signal, bytes: this.#printed });
    this.#step = null;
    return { bytes: this.#printed, sha256 };
  }
  /** Something that the reader of a transcript should know: a limit, a cancellation. `data` is redacted. */
  mark(name, data) {
    this.#flushIndex();
    this.#line({ kind: "mark", name, data: this.#options.redactor.redactJson(data) });
  }
  /** Ends the index; a step that has not ended stays without its `end` line. */
  close() {
    if (this.#step !== null) this.#flushStreams(this.#step);
    this.#flushIndex();
    this.#index.end();
  }
  #running() {
    if (this.#step === null) throw new Error("no step is running");
    return this.#step;
  }
  #flushStreams(step) {
    this.#emit(step, this.#stream, this.#options.redactor.flush());
    this.#emit(step, "stderr", this.#errors.flush());
  }
  #emit(step, stream, bytes) {
    if (bytes.length === 0) return;
    const t = this.#options.clock();
    writeAll(this.#options.log, bytes);
    this.#hash.update(bytes);
    const pending = this.#pending;
    const together = pending !== null && pending.stream === stream && t - pending.t < COALESCE_MS;
    if (together && pending.length + bytes.length <= COALESCE_BYTES) {
      pending.length += bytes.length;
    } else {
      this.#flushIndex();
      this.#pending = { t, stream, offset: this.#written, length: bytes.length };
    }
    this.#written += bytes.length;
    if (this.#written - this.#checked.bytes >= CHECKPOINT_BYTES) this.#checkpoint(step);
    this.#options.display(step, bytes);
  }
  #checkpoint(step) {
    this.#flushIndex();
    const sha256 = this.#hash.copy().digest("hex");
    this.#checked = { t: this.#options.clock(), bytes: this.#written };
    this.#line({ kind: "checkpoint", sha256, bytes: this.#written });
    this.#options.checkpoint(step, sha256, this.#written);
    return sha256;
  }
  #flushIndex() {
    if (this.#pending === null) return;
    const { t, ...where } = this.#pending;
    this.#pending = null;
    this.#line({ kind: "output", ...where }, t);
  }
  #line(line, t = this.#options.clock()) {
    this.#index.line({ t, step: this.#step, ...line });
  }
};

// src/model/collector.ts
var EVIDENCE = ["changes.ndjson", "changes.patch", ...OTHER_PATCHES, "changes.tar.gz", "result.txt", "agent.ndjson"];

// src/run/collectors.ts
var DERIVED = [
  "verdict.json",
  "trajectory.json",
  "transcript.cast",
  "transcript.txt",
  "report.html",
  "findings.sarif",
  "summary.md"
];
var PATIENCE2 = 10 * 6e4;
var Collectors = class {
  #start;
  #first = null;
  /** Who judges, and the files it was started with; null: nobody yet. */
  #judge = null;
  constructor(start) {
    this.#start = start;
  }
  startAhead() {
    const files = [...EVIDENCE, ...DERIVED];
    this.#first = this.#start(files);
    this.#judge = { seat: this.#first, files };
  }
  /** Evidence that the jail left nothing, from one that looks at no tree. */
  async nothing(request) {
    const first = this.#waiting();
    const judge = this.#judge;
    this.#judge = null;
    await first.collector.ask({ ...request, kind: "nothing", outputs: descriptors(EVIDENCE) }, PATIENCE2);
    this.#judge = judge;
  }
  /** Evidence of what the agent left. `admit` lets the one that reads it, by its uid, to where it may work. */
  async changes(request, admit) {
    const first = this.#waiting();
    this.#judge = this.#another();
    await admit(first.uid);
    const answer = await first.collector.ask({ ...request, kind: "changes", outputs: descriptors(EVIDENCE) }, PATIENCE2);
    return answer;
  }
  /** Of the sealed record. */
  async verdict(request) {
    const { seat, files } = this.#judge ??= this.#another();
    const answer = await seat.collector.ask({ ...request, kind: "verdict", outputs: descriptors(DERIVED, files) }, PATIENCE2);
    return answer;
  }
  kill() {
    this.#first?.collector.kill();
    this.#judge?.seat.collector.kill();
  }
  #waiting() {
    if (this.#first === null) throw new Error("no collector was started ahead");
    return this.#first;
  }
  #another() {
    return { seat: this.#start(DERIVED), files: DERIVED };
  }
};
function descriptors(names3, inherited = names3) {
  return Object.fromEntries(names3.map((name) => [name, 3 + inherited.indexOf(name)]));
}

// src/run/paper.ts
var NO_COUNTS = { changed: 0, ignored: 0, denied: 0, redacted: 0, findings: 0 };
var Paper = class {
  backend;
  root;
  proof = null;
  end;
  counts = NO_COUNTS;
  tokens = null;
  programs = { source: "none", why: "it never got that far, or was cut off" };
  exact = true;
  redacted = {};
  notices = [];
  #request;
  #channel;
  #steps;
  #started = (/* @__PURE__ */ new Date()).toISOString();
  #limits = /* @__PURE__ */ new Map();
  #host;
  #path = null;
  constructor(request, channel) {
    this.#request = request;
    this.#channel = channel;
    this.backend = { name: request.backend === "auto" ? "nspawn" : request.backend, version: "", why: "" };
    this.#host = { kernel: "", arch: process.arch, cpus: 0, memory: 0, cgroups: "" };
    this.root = { kind: request.policy.jail.root.kind, sha256: null };
    this.#steps = request.steps.map(({ name, setup, shell, tty, agent }) => ({
      name,
      setup,
      argv: shell,
      tty,
      agent,
      started: null,
      exit: null
    }));
    this.end = { how: "error", started: false, message: "the warden was killed", remedy: "run again", place: null };
  }
  chose(name, usable, why) {
    this.backend = { name, version: usable.version, why };
  }
  checked({ machine, layout, limits, scratch, env }) {
    this.#path = env["PATH"] ?? null;
    const { kernel, arch, cpus, memory } = machine;
    this.#host = { kernel, arch, cpus, memory, cgroups: layout.kind };
    const { memory: bytes, cpus: cores, processes, time, idle, output } = limits.agent;
    const numbers = [
      ["memory", bytes],
      ["cpus", cores],
      ["processes", processes],
      ["disk", scratch.size],
      ["files", scratch.files],
      ["time", time],
      ["idle", idle],
      ["output", output],
      ["upload", this.#request.policy.limits.upload],
      ["download", this.#request.policy.limits.download],
      ["connections", this.#request.policy.limits.connections],
      ["requests", this.#request.policy.limits.requests]
    ];
    for (const [name, limit] of numbers) this.#limits.set(name, { limit, peak: null, hit: false });
  }
  /** Keeps the largest. */
  peak(name, value) {
    const entry = this.#limits.get(name);
    if (entry !== void 0) entry.peak = Math.max(entry.peak ?? 0, value);
  }
  hit(name) {
    const entry = this.#limits.get(name);
    if (entry !== void 0) entry.hit = true;
  }
  begin(step) {
    this.#step(step, { started: this.#channel.clock() });
    if (this.end.how === "error") this.end = { ...this.end, started: true };
  }
  ended(step, exit) {
    this.#step(step, { exit });
    for (const name of exit.hit) this.hit(name);
    this.peak("output", exit.bytes);
    this.peak("time", exit.ms);
  }
  document() {
    const { id, version, policy, source, base, origin, workspace } = this.#request;
    return {
      schema: "agent-jail/run@1",
      id,
      started: this.#started,
      tool: { name: "agent-jail", version, node: process.version },
      policy,
      source,
      base,
      origin,
      backend: this.backend,
      host: this.#host,
      root: this.root,
      workspace,
      path: this.#path,
      proof: this.proof,
      steps: this.#steps,
      end: this.end,
      limits: [...this.#limits].map(([name, entry]) => ({ name, ...entry })),
      counts: this.counts,
      programs: this.programs,
      tokens: this.tokens,
      redacted: this.redacted,
      exact: this.exact,
      notices: this.notices,
      phases: this.#channel.phases
    };
  }
  #step(index, change) {
    const step = this.#steps[index];
    if (step !== void 0) this.#steps[index] = { ...step, ...change };
  }
};

// src/run/context.ts
var Context = class {
  request;
  programs;
  channel;
  files;
  paper;
  redactor;
  recorder;
  warm;
  collectors;
  /** hrtime at run start, for the gateway's clock. */
  epoch;
  /** Resolves when the run has to end before its steps have: a cancel, a dead gateway. */
  stop;
  end;
  /** An agent command was let go. */
  started = false;
  state = null;
  cgroup = null;
  jail = null;
  /** What the warden mounts is in the machine's mount namespace as well, and has to go from there. */
  exported = false;
  #released = null;
  network = null;
  trace = null;
  views = [];
  constructor(request, programs, warm, channel, files, epoch) {
    this.request = request;
    this.warm = warm;
    this.programs = programs;
    this.channel = channel;
    this.files = files;
    this.epoch = epoch;
    this.paper = new Paper(request, channel);
    const { promise, resolve } = Promise.withResolvers();
    this.stop = promise;
    this.end = resolve;
    this.collectors = new Collectors(
      (names3) => startCollector(
        programs,
        names3.map((name) => files.fd(name))
      )
    );
    this.redactor = redactorOf(request);
    this.recorder = new Recorder({
      log: files.fd("transcript.log"),
      index: files.fd("transcript.ndjson"),
      redactor: this.redactor,
      clock: channel.clock,
      checkpoint: (step, sha256, bytes) => channel.send({ kind: "checkpoint", step, sha256, bytes }),
      display: (step, bytes) => {
        if (request.display) channel.output(step, bytes);
      }
    });
  }
  /** Nobody needs the layers any more: lets go of what the machine's engine holds, and of what is shown to it. Throws JailError. */
  async release() {
    this.#released ??= (async () => {
      try {
        await this.jail?.[Symbol.asyncDispose]();
      } finally {
        if (this.exported) await withdrawWork(this.request.id);
      }
    })();
    return this.#released;
  }
  notice(message) {
    this.paper.notices.push(message);
    this.channel.send({ kind: "notice", message });
  }
  /** `run.json` as things stand. */
  write() {
    writeRun(this.request.record, this.paper.document(), this.request.caller);
  }
};
var Stopped = class extends Error {
  end;
  constructor(end) {
    super(end.how);
    this.end = end;
  }
};

// src/run/left.ts
function leftNothing(layers2, result) {
  try {
    const stat2 = lstatSync(result);
    return stat2.isFile() && stat2.size === 0 && layers2.every(({ upper }) => isEmpty(upper));
  } catch {
    return false;
  }
}
function isEmpty(directory) {
  const open3 = opendirSync(directory, { bufferSize: 1 });
  try {
    return open3.readSync() === null;
  } finally {
    open3.closeSync();
  }
}

// src/run/conclude.ts
function endOf(error, started) {
  if (error instanceof Stopped) return error.end;
  if (error instanceof JailError) return { how: "error", started, message: error.message, remedy: error.remedy, place: error.place };
  const message = error instanceof Error ? error.stack ?? error.message : String(error);
  return { how: "error", started, message, remedy: "this is a defect of agent-jail: please report it", place: null };
}
async function conclude(context, first) {
  const { channel, paper } = context;
  let end = first;
  const attempt = async (work2) => {
    try {
      await work2();
    } catch (error) {
      if (end.how !== "error") end = endOf(error, context.started);
    }
  };
  let manifest = null;
  let verdict = null;
  channel.phase("stopped");
  await attempt(() => stop(context));
  channel.phase("collect");
  await attempt(() => collect(context));
  channel.phase("seal");
  context.release().catch(() => {
  });
  await attempt(async () => {
    if (context.trace !== null) paper.programs = await context.trace.finish();
    paper.end = end;
    paper.redacted = Object.fromEntries(context.redactor.counts);
    paper.counts = { ...paper.counts, redacted: [...context.redactor.counts.values()].reduce((sum, n) => sum + n, 0) };
    context.write();
    context.recorder.close();
    const { request } = context;
    manifest = seal(request.record, request.id, request.caller);
    verdict = await context.collectors.verdict({ id: request.id, record: request.record, secrets: request.secrets, mask: request.mask });
  });
  channel.phase("clean");
  await attempt(async () => clean(context));
  const answer = verdict;
  const { outcome, because } = concluded(end, answer);
  channel.send({
    kind: "ended",
    end,
    outcome,
    because,
    manifest,
    counts: { ...paper.counts, findings: answer?.findings ?? 0 }
  });
  await channel.flush();
}
function concluded(end, answer) {
  if (end.how === "error" && answer?.outcome !== "jail-error") return { outcome: "jail-error", because: displayText(end.message) };
  return answer ?? { outcome: "jail-error", because: "the record could not be judged" };
}
async function stop(context) {
  if (context.cgroup !== null && !await context.cgroup.kill())
    throw new JailError("processes of the jail could not be killed", "the machine needs a look: a process may hang in the kernel");
  void context.trace?.finish();
  if (context.network === null) return;
  const { denied, tokens } = await context.network.finish();
  context.paper.counts = { ...context.paper.counts, denied };
  context.paper.tokens = tokens;
}
async function collect(context) {
  const { request, collectors, views, paper } = context;
  if (!context.started) return;
  if (leftNothing(views, RESULT))
    return collectors.nothing({ id: request.id, layers: views.map(({ layer, target }) => ({ layer, target })) });
  const { changed, ignored, withheld, sessionsLeft } = await collectors.changes(
    {
      id: request.id,
      layers: views,
      result: RESULT,
      secrets: Object.entries(request.secrets).map(([name, value]) => ({ name, value })),
      mask: request.mask,
      touched: request.policy.record.touched,
      agents: AGENTS.filter((agent) => request.steps.some(({ setup, agent: wish }) => !setup && (wish ?? agent) === agent)),
      scratch: COLLECT
    },
    async (uid) => {
      chownSync3(COLLECT, uid, uid);
      await must(["perl", context.programs.freeze, WORK], "the layers could not be made read-only");
    }
  );
  paper.counts = { ...paper.counts, changed, ignored };
  paper.exact = withheld === 0;
  if (sessionsLeft > 0) context.notice(`${sessionsLeft} of the agent's own logs were not taken; agent.ndjson says why`);
}
async function clean(context) {
  context.network?.kill();
  context.collectors.kill();
  context.files.close();
  try {
    await Promise.all([context.release(), context.trace?.remove()]);
  } finally {
    context.cgroup?.remove();
  }
  if (context.state !== null) removeState(context.request.id);
}

// src/run/sequence.ts

// src/run/choose.ts
var KVM = `${RUN_SYSTEMD}/agent-jail-kvm`;
var SHOWN = `${RUN_SYSTEMD}/agent-jail-files`;
async function chooseBackend(asked, context) {
  const { runtime } = context.request.policy.jail;
  if (runtime !== void 0 && asked !== "docker") {
    if (asked !== "auto")
      throw new JailError(
        `the backend ${asked} has no runtime ${runtime}`,
        "choose the backend `docker`, or take `jail.docker.runtime` out"
      );
    return { ...await chooseBackend("docker", context), why: `auto: jail.docker.runtime is ${runtime}` };
  }
  if (asked !== "auto") {
    const backend = await { nspawn: nspawnOf, docker: dockerOf, vm: vmOf, chroot: chrootOf }[asked](context);
    const usable2 = await backend.probe();
    if (!usable2.ok) throw new JailError(usable2.why, usable2.remedy);
    const { elsewhere } = context.request;
    return {
      backend,
      usable: usable2,
      why: elsewhere === void 0 ? "asked for" : `docker, but ${elsewhere}: nspawn in a helper container there`
    };
  }
  const first = nspawnOf(context);
  const usable = await first.probe();
  if (usable.ok) return { backend: first, usable, why: "auto: systemd-nspawn is here or can be fetched" };
  const second = await dockerOf(context);
  const other = await second.probe();
  if (other.ok) return { backend: second, usable: other, why: `auto: ${usable.why}` };
  throw new JailError(`no backend is usable here: ${usable.why}; ${other.why}`, `${usable.remedy}; or ${other.remedy}`);
}
var nspawnOf = (context) => nspawn(hostOf(context));
function hostOf(context) {
  return {
    tools: TOOLS,
    launcher: context.programs.launch,
    doors: () => context.cgroup?.doors ?? [],
    members: () => context.cgroup?.members() ?? []
  };
}
async function vmOf(context) {
  const { request, programs } = context;
  const { vm } = await import("./vm.js");
  return vm({
    ...hostOf(context),
    emulation: request.policy.jail.vm.emulation,
    sockets: [...SOCKETS, ...furtherSockets(request.policy)],
    programs: programs.vm,
    kvm: KVM,
    shown: SHOWN
  });
}
function chrootOf(context) {
  return chroot({
    launcher: context.programs.chroot,
    doors: () => context.cgroup?.doors ?? [],
    members: () => context.cgroup?.members() ?? []
  });
}
async function dockerOf({ request }) {
  const { docker } = await import("./docker.js");
  return docker({
    engine: request.engine,
    arch: requireArchitecture(process.arch),
    proc: OUTER_PROC,
    runtime: request.policy.jail.runtime ?? null,
    seen: (path) => seenOutside(request.id, path)
  });
}

// src/run/network.ts
var TRAFFIC = ["upload", "download", "connections", "requests"];
var Network = class {
  #context;
  #writer;
  #totals = { denied: 0, allowed: 0, omitted: 0 };
  #used = { upload: 0, download: 0, connections: 0, requests: 0 };
  #tokens = { requests: 0, input: 0, output: 0 };
  #rules;
  #handedOut = 0;
  #gateway = null;
  #step = null;
  #refused = [];
  constructor(context) {
    this.#context = context;
    this.#writer = new NdjsonWriter(context.files.fd("network.ndjson"), "network");
    this.#rules = { agent: rulesOf(context.request, "agent"), setup: rulesOf(context.request, "setup") };
  }
  /** Serves a further namespace; resolves once its sockets are there. Throws JailError. */
  async serve(waiting) {
    const { request, channel, redactor, epoch, paper } = this.#context;
    const { limits } = request.policy;
    const left = (name) => limits[name] === null ? null : Math.max(0, limits[name] - this.#used[name]);
    const gateway = new Gateway(
      waiting,
      {
        id: request.id,
        epoch,
        uid: ownUid(),
        rules: this.#rules,
        certificates: request.interception?.certificates ?? {},
        authorities: request.authorities,
        limits: { upload: left("upload"), download: left("download"), connections: left("connections"), requests: left("requests") },
        handedOut: this.#handedOut,
        further: furtherSockets(request.policy)
      },
      {
        log: (line) => this.#log(line),
        denied: ({ host, port, rule }) => channel.send({ kind: "denied", host: redactor.redactText(host), port, rule: redactor.redactText(rule) }),
        limit: (name) => {
          this.#refused.push(name);
          paper.hit(name);
        }
      }
    );
    this.#gateway = gateway;
    if (this.#step !== null) gateway.step(this.#step.index, this.#step.setup);
    void gateway.died.then(
      (how) => this.#context.end({
        how: "error",
        started: this.#context.started,
        message: `${how}: nothing is reachable any more`,
        remedy: "run again",
        place: null
      })
    );
    await gateway.ready;
  }
  /** From now on these steps' rules are in force. */
  step(index, setup) {
    this.#step = { index, setup };
    this.#refused = [];
    this.#gateway?.step(index, setup);
  }
  /** Limits beyond which something of this step was refused. */
  get refused() {
    return this.#refused;
  }
  /** The namespace that was served is gone. Throws JailError where its log is incomplete. */
  async release() {
    const gateway = this.#gateway;
    this.#gateway = null;
    if (gateway === null) return;
    const { denied, allowed, used } = await gateway.finish();
    this.#totals.denied += denied;
    this.#totals.allowed += allowed;
    if (used === null) return;
    this.#handedOut += used.handedOut;
    for (const name of TRAFFIC) {
      this.#used[name] += used.traffic[name];
      this.#context.paper.peak(name, this.#used[name]);
    }
    for (const name of ["requests", "input", "output"]) this.#tokens[name] += used.tokens[name];
  }
  /** Ends the log; nothing of the jail lives any more. Throws JailError where it is incomplete. */
  async finish() {
    await this.release();
    this.#writer.end(this.#totals);
    return { denied: this.#totals.denied, tokens: this.#tokens };
  }
  kill() {
    this.#gateway?.kill();
  }
  /** Names and paths are the agent's words: what is secret in them goes before it is written. Every gateway has a first and a last line. */
  #log(line) {
    if ("schema" in line) return;
    if (line["end"] === true) this.#totals.omitted += Number(line["omitted"] ?? 0);
    else this.#writer.line(this.#context.redactor.redactJson(line));
  }
};

// src/run/proof.ts
var SETS = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"];
var SEPARATE = ["mnt", "pid", "ipc", "uts", "cgroup", "net"];
var OWN = [
  { target: /^\/proc$/, types: ["proc"], readOnly: false },
  { target: /^\/proc\/(sys\/net|sys\/kernel\/random\/boot_id|kmsg)$/, types: ["proc", "tmpfs"], readOnly: false },
  // A container's own root: nothing but links and the places where the jail's file system is mounted.
  { target: /^\/$/, types: null, readOnly: true },
  { target: /^\/proc\/.+$/, types: ["proc", "tmpfs", "devtmpfs"], readOnly: true },
  { target: /^\/sys\/fs\/cgroup(\/.+)?$/, types: ["cgroup", "cgroup2", "tmpfs"], readOnly: false },
  { target: /^\/sys(\/.*)?$/, types: ["sysfs", "tmpfs", "cgroup", "cgroup2"], readOnly: true },
  { target: /^\/dev$/, types: ["tmpfs"], readOnly: false },
  {
    target: /^\/dev\/(shm|pts|mqueue|console|null|zero|full|random|urandom|tty)$/,
    types: ["tmpfs", "devpts", "mqueue", "devtmpfs"],
    readOnly: false
  },
  { target: /^\/dev\/net$/, types: ["tmpfs"], readOnly: true },
  { target: /^\/run$/, types: ["tmpfs"], readOnly: false },
  { target: /^\/run\/host(\/incoming)?$/, types: ["tmpfs"], readOnly: false }
];
function prove(spec, held) {
  return [...user(spec, held), ...isolation(spec, held), ...confines(spec, held)];
}
function proveWeak(spec, held) {
  const shared = [...held.namespaces].flatMap(([name, seen]) => seen === held.ours.get(name) ? [name] : []);
  return [
    ...user(spec, held),
    { property: "isolation", seen: `none; shared with the warden: ${shared.join(" ")}`, wrong: null },
    {
      property: "root",
      seen: held.root ?? "absent",
      wrong: held.root === null || held.root === held.ourRoot ? "should be the tree of the run" : null
    },
    ...confines(spec, held)
  ];
}
var equal2 = (property, seen, wanted) => ({
  property,
  seen,
  wrong: seen === wanted ? null : `should be ${wanted}`
});
function user(spec, held) {
  const { uid, gid } = spec.identity;
  const status = (name) => held.status.get(name) ?? "absent";
  return [
    equal2("uid", status("Uid"), [uid, uid, uid, uid].join("	")),
    equal2("gid", status("Gid"), [gid, gid, gid, gid].join("	")),
    { property: "groups", seen: status("Groups"), wrong: ["", String(gid)].includes(status("Groups")) ? null : "should be none" },
    ...SETS.map((set) => equal2(`capabilities ${set}`, status(set), "0000000000000000")),
    equal2("no new privileges", status("NoNewPrivs"), "1")
  ];
}
function isolation(spec, held) {
  const status = (name) => held.status.get(name) ?? "absent";
  return [
    equal2("seccomp", status("Seccomp"), "2"),
    {
      property: "seccomp filters",
      seen: status("Seccomp_filters"),
      wrong: Number(status("Seccomp_filters")) >= filters(spec.seccomp) ? null : `should be ${filters(spec.seccomp)} or more`
    },
    ...SEPARATE.map((name) => {
      const seen = held.namespaces.get(name) ?? "absent";
      const others = [held.ours, held.machine].map((of) => of.get(name) ?? null);
      return {
        property: `namespace ${name}`,
        seen,
        wrong: others.includes(seen) || others.includes(null) || seen === "absent" ? "should be the jail's own" : null
      };
    }),
    equal2("network namespace", held.namespaces.get("net") ?? "absent", held.netns),
    equal2("network interfaces", held.interfaces.join(" "), "lo"),
    { property: "routes", seen: held.routes.join(", ") || "local only", wrong: held.routes.length === 0 ? null : "should be local only" },
    masked2(held)
  ];
}
function confines(spec, held) {
  return [
    {
      property: "cgroup",
      seen: held.groups.join(" "),
      wrong: held.groups.length > 0 && held.groups.every((g) => g.split("/").includes(spec.cgroup)) ? null : `should be ${spec.cgroup}`
    },
    ...[...held.wantedLimits].map(([file, wanted]) => equal2(`limit ${file.split("/").at(-1)}`, held.limits.get(file) ?? "absent", wanted)),
    ...mountProperties(spec, held.mounts)
  ];
}
function masked2({ masks, mounts }) {
  const isSeen = (path) => {
    const on = mounts.findLast(({ target }) => target === path || target === "/" || path.startsWith(`${target}/`));
    return on !== void 0 && on.target !== path && ["proc", "sysfs"].includes(on.type);
  };
  const seen = masks.filter(isSeen);
  return {
    property: "masks",
    seen: `${masks.length - seen.length} of ${masks.length}`,
    wrong: seen.length === 0 ? null : `should cover ${seen.join(", ")}`
  };
}
var filters = ({ syscalls }) => syscalls.some(({ names: names3, action }) => names3.includes("clone3") && action === "SCMP_ACT_ERRNO") ? 1 : 2;
function mountProperties(spec, mounts) {
  const properties = [];
  for (const wanted of spec.view) {
    const seen = mounts.findLast((m) => m.target === wanted.target);
    const text2 = seen === void 0 ? "absent" : `${seen.type} ${seen.options.join(",")}`;
    const wrong = seen === void 0 ? "is not mounted" : wanted.kind === "overlay" && seen.type !== "overlay" ? "should be an overlay" : !wanted.writable && !seen.options.includes("ro") && !seen.superOptions.includes("ro") ? "should be read-only" : wanted.kind === "device" ? isNode(wanted, seen) ? null : "should be the run's own node" : ["nosuid", "nodev"].some((option) => !seen.options.includes(option)) ? "should be nosuid,nodev" : null;
    properties.push({ property: `mount ${wanted.target}`, seen: text2, wrong });
  }
  const listed = new Set(spec.view.map((m) => m.target));
  for (const [index, mount] of mounts.entries()) {
    if (listed.has(mount.target) || mounts.slice(index + 1).some((later) => covers(later, mount))) continue;
    const own = OWN.find((rule) => rule.target.test(mount.target) && (rule.types?.includes(mount.type) ?? true));
    const wrong = own === void 0 ? "is not in the specification" : own.readOnly && !mount.options.includes("ro") && mount.root !== NULL_DEVICE ? "should be read-only" : null;
    if (wrong !== null) properties.push({ property: `mount ${mount.target}`, seen: `${mount.type} ${mount.options.join(",")}`, wrong });
  }
  return properties;
}
var isNode = ({ source }, { root }) => source !== null && root === `/${source.split("/").at(-1)}`;
var NULL_DEVICE = "/null";
var covers = (later, earlier) => later.target !== "/" && (later.target === earlier.target || earlier.target.startsWith(`${later.target}/`));

// src/run/root.ts

// src/run/sweep.ts

// src/host/tracing.ts
var INSTANCES = "/sys/kernel/tracing/instances";
async function tracedRuns() {
  if (!existsSync4(INSTANCES)) await exec(["mount", "-t", "tracefs", "tracefs", "/sys/kernel/tracing"]);
  if (!existsSync4(INSTANCES)) return [];
  return readdirSync3(INSTANCES).flatMap((name) => ID.exec(name.replace(/^agent-jail-/, ""))?.[0] ?? []);
}
async function removeTrace(id) {
  const instance = `${INSTANCES}/${hostName(id)}`;
  try {
    await rmdir(instance);
  } catch (error) {
    const { code, message } = error;
    if (code !== "ENOENT") throw new JailError(`an instance of tracefs is left: ${message}`, `rmdir ${instance}`);
  }
}

// src/run/sweep.ts
var GROUP = /^(?:agent-jail-([0-9A-Z]{26})|agent_jail_([0-9A-Z]{26})\.slice)$/;
async function sweep(id) {
  const layout = cgroupLayout(parseMountinfo(readProc("self", "mountinfo") ?? ""));
  const { dead, live } = await leftRuns();
  const hierarchies = [.../* @__PURE__ */ new Set([...layout.controllers.values(), ...layout.named, ...layout.unified === null ? [] : [layout.unified]])];
  const groups = /* @__PURE__ */ new Map();
  for (const name of hierarchies.flatMap((root) => readdirSync4(root))) {
    const [, plain, slice] = GROUP.exec(name) ?? [];
    const one = plain ?? slice;
    if (one !== void 0 && ID.test(one)) groups.set(one, (groups.get(one) ?? /* @__PURE__ */ new Set()).add(name));
  }
  const traced = await tracedRuns();
  const removed = [];
  const left = [];
  for (const one of /* @__PURE__ */ new Set([...dead, ...groups.keys(), ...traced])) {
    if (id !== null && one !== id || live.includes(one) || await isLive(one)) continue;
    try {
      await releaseEngine(one);
      for (const name of groups.get(one) ?? []) {
        const cgroup = new Cgroup(layout, name);
        await cgroup.kill();
        cgroup.remove();
      }
      if (traced.includes(one)) await removeTrace(one);
      removeState(one);
      removed.push(one);
    } catch (error) {
      left.push({ id: one, why: error instanceof JailError ? `${error.message}; ${error.remedy}` : String(error) });
    }
  }
  removed.push(...await tidyRoots());
  return { removed, live, left };
}
function saidBefore({ id, why }) {
  const file = `${stateOf(id)}/left`;
  try {
    if (existsSync5(file) && readFileSync2(file, "utf8") === why) return true;
    writeFileSync4(file, why, { mode: 384 });
  } catch {
  }
  return false;
}
var journal = (id) => `${stateOf(id)}/engine`;
function journalEngine(id, socket) {
  writeFileSync4(journal(id), `${socket}
`, { mode: 384 });
}
async function releaseEngine(id) {
  const socket = engineOf(id);
  if (socket === null) return;
  const [{ Engine }, { removeContainers }] = await Promise.all([import("./engine.js"), import("./docker.js")]);
  try {
    await removeContainers(await Engine.connect(`unix://${socket}`), id);
  } finally {
    await withdrawWork(id);
    await forgetWork([id]);
  }
}
function engineOf(id) {
  try {
    return readFileSync2(journal(id), "utf8").trim();
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

// src/run/root.ts
var TMP = "/tmp";
var RootWork = class {
  /** Rejects with JailError, or Stopped. */
  found;
  #abort = new AbortController();
  #made = Promise.resolve();
  constructor(context) {
    void context.stop.then((end) => this.#abort.abort(new Stopped(end)));
    void context.warm.ahead(context.request.policy.jail.root);
    this.found = this.#find(context.request.policy.jail.root, context);
    this.found.catch(() => {
    });
  }
  async #find(wanted, context) {
    if (wanted.kind === "host") return { tree: null, env: {}, fact: fact("host", null), ready: Promise.resolve({ directory: TMP }) };
    if (wanted.kind === "directory") {
      requireRoot(wanted.path, `the root directory ${wanted.path}`);
      return { tree: wanted.path, env: {}, fact: fact("directory", null), ready: Promise.resolve({ directory: TMP }) };
    }
    const { rootImage } = context.request;
    if (wanted.kind === "image" && rootImage !== void 0) return this.#given(rootImage, `the image ${wanted.ref}`, context);
    return wanted.kind === "archive" ? this.#archive(wanted.path, wanted.sha256, context) : this.#image(wanted.ref, context);
  }
  async #archive(path, wanted, context) {
    const { signal } = this.#abort;
    const archive = await Archive.open(path);
    try {
      const known = archive.seen === null ? null : keyOf(archive.seen);
      const sha256 = known === null ? await archive.sha256(signal) : known.slice("archive-".length);
      archive.require(sha256, wanted);
      const key = `archive-${sha256}`;
      const make = (tree, room) => archive.unpack(sha256, tree, room, signal);
      const kept2 = this.#keep(key, archive.what, context, make).then(() => {
        if (archive.seen !== null) remember(key, archive.seen);
      });
      const close = async () => archive[Symbol.asyncDispose]();
      this.#made = kept2.then(close, close);
      return await rootOf(key, kept2, {}, fact("archive", sha256), async () => TMP);
    } catch (error) {
      await archive[Symbol.asyncDispose]();
      throw error;
    }
  }
  async #image(ref, context) {
    const { signal } = this.#abort;
    const what = `the image ${ref}`;
    const [{ Engine, socketOf }, { exportImage, findImage }] = await Promise.all([
      import("./engine.js"),
      import("./image.js")
    ]);
    const connect = async () => {
      socketOf(context.request.engine);
      return Engine.connect(context.request.engine);
    };
    const engine = await connect().catch((error) => {
      if (!(error instanceof JailError)) throw error;
      throw new JailError(`${what} is not to be had: ${error.message}`, "start the Docker engine, or use `jail.root: { archive }`");
    });
    const image = await findImage(engine, ref, signal);
    const key = `image-${image.id}`;
    const make = async (into, room) => {
      journalEngine(context.request.id, engine.where);
      await exportImage(engine, image, context.request.id, { what, into, room, signal });
    };
    const kept2 = this.#keep(key, what, context, make).then(() => remember(key, ref));
    this.#made = kept2.catch(() => {
    });
    return rootOf(
      key,
      kept2,
      environmentOf(image, what, context),
      fact("image", image.id),
      async (tree) => beginsIn(image, tree, (why) => context.notice(`${what}: ${why}`))
    );
  }
  /** Nobody else uses it, and it goes with the helper: it is not kept. */
  #given(image, what, context) {
    const { tree, id } = image;
    requireRoot(tree, what);
    const directory = beginsIn(image, tree, (why) => context.notice(`${what}: ${why}`));
    return { tree, env: environmentOf(image, what, context), fact: fact("image", id), ready: Promise.resolve({ directory }) };
  }
  async #keep(key, what, context, make) {
    const ahead = await context.warm.ahead(context.request.policy.jail.root);
    const used = ahead?.key === key ? ahead.used : use(key);
    await keepRoot(key, { what, make, notice: (message) => context.notice(message), signal: this.#abort.signal }, used);
  }
  async [Symbol.asyncDispose]() {
    this.#abort.abort();
    await this.found.catch(() => {
    });
    await this.#made;
  }
};
var fact = (kind, sha256) => ({ kind, sha256 });
async function rootOf(key, kept2, env, of, begins) {
  const tree = treeOf(key);
  const ready = kept2.then(async () => ({ directory: await begins(tree) }));
  ready.catch(() => {
  });
  if (!isKept(key)) await kept2;
  return { tree, env, fact: of, ready };
}
function environmentOf(image, what, context) {
  const { env, left } = imageEnvironment(image.env);
  if (left.length > 0) context.notice(`${what} sets variables that are left out, because no process can have them: ${left.join(", ")}`);
  return env;
}
function beginsIn({ directory }, tree, notice) {
  if (directory === "" || directory === "/") return TMP;
  const found = directory.startsWith("/") ? inside(tree, directory) : null;
  if (found !== null && lstatSync2(found).isDirectory()) return directory;
  notice(`its WORKDIR ${directory} is not a directory in it`);
  return TMP;
}

// src/run/terminal.ts
var PATIENCE3 = 1e4;
var Terminal = class _Terminal {
  /** Resolves where it ended before the jail did: what the step prints goes nowhere then. */
  died;
  #peer;
  #draining = false;
  constructor(peer) {
    this.#peer = peer;
    this.died = new Promise((resolve) => {
      void peer.ended.then((how) => {
        if (!this.#draining) resolve({ how: "error", started: true, message: how, remedy: "run again", place: null });
      });
    });
  }
  /** `owner`: the uid of the step. Throws JailError. */
  static async make(script, { pid, proc }, owner, { rows, columns }) {
    const argv = ["perl", script, `${proc}/${pid}/root`, ...[owner, rows, columns, ownUid()].map(String)];
    const peer = new Peer({ argv: [...argv], descriptors: [], name: "terminal", cwd: RUNTIME_FILES });
    const { done } = await peer.messages().next();
    if (done === true) throw new JailError(await peer.ended, "leave `tty` out, and report it with the output of `agent-jail doctor`");
    return new _Terminal(peer);
  }
  /** Nothing of the jail lives any more: resolves once what is still on the terminal was brought. The gate is still open. */
  async drain() {
    this.#draining = true;
    this.#peer.finish();
    const timer = setTimeout(() => this.#peer.kill(), PATIENCE3);
    await this.#peer.ended;
    clearTimeout(timer);
  }
  kill() {
    this.#draining = true;
    this.#peer.kill();
  }
};

// src/run/trace.ts
var MOST2 = { lines: 2e4, bytes: 64 << 20 };
var PATIENCE4 = 5e3;
var Trace = class {
  #context;
  #writer;
  #peer;
  #over;
  #ready = Promise.withResolvers();
  #begun = null;
  /** Why there is no log, or no more of it. */
  #why = null;
  #lost = null;
  #bytes = 0;
  #programs = 0;
  #omitted = 0;
  #processes = 0;
  #finished = null;
  #removed = null;
  constructor(context) {
    const { request, programs, epoch, files } = context;
    this.#context = context;
    this.#writer = new NdjsonWriter(files.fd("programs.ndjson"), "programs");
    const argv = ["perl", programs.trace, hostName(request.id), epoch, String(ownUid()), OUTER_PROC];
    this.#peer = new Peer({ argv: [...argv], descriptors: [], name: "log of programs" });
    this.#over = this.#read().catch((error) => this.#none(error.message));
  }
  /** What is to be seen from here would not be the step's: there is no log, and the record says why. */
  none(why) {
    this.#none(why);
  }
  /** A step is held: what descends from it counts. Never rejects. */
  async begin(step, { pid, proc }, owner) {
    await this.#orLate(this.#ready.promise);
    if (this.#why !== null) return;
    this.#begun = Promise.withResolvers();
    this.#peer.say(`begin ${step} ${pid} ${proc === OUTER_PROC ? "machine" : "own"} ${owner}`);
    await this.#orLate(this.#begun.promise);
  }
  /** Nothing of the step lives any more. */
  end(step) {
    if (this.#why === null) this.#peer.say(`end ${step}`);
  }
  /** Nothing of the jail lives any more: ends the log, once. Never rejects. */
  async finish() {
    return this.#finished ??= this.#finish();
  }
  async #finish() {
    this.#peer.finish();
    await this.#orLate(this.#over);
    this.#peer.kill();
    await this.#peer.ended;
    this.#removed = removeTrace(this.#context.request.id);
    this.#removed.catch(() => {
    });
    const [processes, programs, omitted, lost] = [this.#processes, this.#programs, this.#omitted, this.#lost ?? 0];
    this.#writer.end({ processes, programs, omitted, lost });
    return this.#why === null ? { source: "tracefs", processes, programs, omitted, lost } : { source: "none", why: this.#why };
  }
  /** What the kernel still has of it. Throws JailError. */
  async remove() {
    this.#peer.kill();
    await this.#peer.ended;
    await (this.#removed ?? removeTrace(this.#context.request.id));
  }
  async #read() {
    for await (const line of this.#peer.messages()) {
      const message = line;
      if (message.kind === "ready") this.#ready.resolve();
      else if (message.kind === "begun") this.#begun?.resolve();
      else if (message.kind === "none") this.#none(message.why);
      else if (message.kind === "done") this.#lost = message.lost;
      else this.#line(programLine(message, this.#context.redactor));
    }
    if (this.#lost === null) this.#none(await this.#peer.ended);
  }
  #line(line) {
    this.#processes = Math.max(this.#processes, line.process);
    if (line.program !== null) this.#programs += 1;
    const size = JSON.stringify(line).length;
    if (this.#writer.lines >= MOST2.lines || this.#bytes + size > MOST2.bytes) {
      this.#omitted += 1;
      return;
    }
    this.#bytes += size;
    this.#writer.line(line);
  }
  #none(why) {
    this.#why ??= why;
    this.#ready.resolve();
    this.#begun?.resolve();
  }
  /** A log that does not answer is none. */
  async #orLate(work2) {
    const { promise: late, resolve } = Promise.withResolvers();
    const timer = setTimeout(() => {
      this.#none(`it did not answer within ${PATIENCE4 / 1e3} s`);
      resolve();
    }, PATIENCE4);
    await Promise.race([work2, late]);
    clearTimeout(timer);
  }
};
var SIGNALS = new Map(Object.entries(constants4.signals).map(([name, number]) => [number, name]));
function programLine({ kind: _kind, cut, program, argv, signal, ...rest }, redactor) {
  const { t, step, process: process2, parent, ms, how, code } = rest;
  const last = (argv?.length ?? 0) - 1;
  const text2 = (value, isCut) => isCut ? redactor.redactHead(value) : redactor.redactText(value);
  return {
    t,
    step,
    process: process2,
    parent,
    program: program === null ? null : text2(program, cut),
    argv: argv?.map((value, index) => text2(value, cut && index === last)) ?? null,
    ...cut ? { cut } : {},
    ms,
    how,
    code,
    signal: signal === null ? null : SIGNALS.get(signal) ?? `signal ${signal}`
  };
}

// src/run/usage.ts
var EVERY = 1e3;
var Usage = class {
  #context;
  #scratch;
  #before;
  #writer;
  #timer;
  constructor(context, scratch) {
    this.#context = context;
    this.#scratch = scratch;
    this.#before = scratch();
    this.#writer = new NdjsonWriter(context.files.fd("usage.ndjson"), "usage");
    this.#timer = setInterval(() => this.#sample(), EVERY);
  }
  #sample() {
    const { cgroup, paper, channel } = this.#context;
    if (cgroup === null) return;
    const { memory, memoryPeak, cpu, pids, pidsPeak } = cgroup.usage();
    const { bytes, files, read, written } = this.#scratch();
    const moved = { read: read - this.#before.read, written: written - this.#before.written };
    this.#writer.line({ t: channel.clock(), memory, cpu, pids, disk: bytes, files, ...moved });
    paper.peak("memory", memoryPeak);
    paper.peak("processes", Math.max(pids, pidsPeak));
    paper.peak("disk", bytes);
    paper.peak("files", files);
  }
  async [Symbol.asyncDispose]() {
    clearInterval(this.#timer);
    this.#sample();
    this.#writer.end();
  }
};

// src/run/sequence.ts
var OWN_NETNS = "/proc/self/ns/net";
async function runJailed(context) {
  var _stack = [];
  try {
    const { request, channel, paper, stop: stop2 } = context;
    channel.phase("check");
    requirePrograms();
    const state = await lockState(request.id);
    context.state = state;
    await sweepOthers(context);
    const rootWork = __using(_stack, new RootWork(context), true);
    await orStop(context.warm.mounted, stop2);
    const { backend, usable, why } = await orStop(chooseBackend(request.backend, context), stop2);
    paper.chose(backend.name, usable, why);
    if (request.backend === "auto" && backend.name !== "nspawn") context.notice(`backend ${backend.name}, ${why}`);
    if (request.elsewhere !== void 0)
      context.notice(
        `${request.elsewhere}: the workspace was copied there, and \`jail.root: host\` is what a helper container has (docs/remote.md)`
      );
    const root = await orStop(rootWork.found, stop2);
    paper.root = root.fact;
    const checked = check(request, root);
    paper.checked(checked);
    for (const message of checked.notices) context.notice(message);
    if (backend.lacks !== null) context.notice(backend.lacks);
    context.write();
    channel.phase("layers");
    const network2 = new Network(context);
    context.network = network2;
    const alone = backend.engine === null && backend.lacks === null;
    const served = alone ? gatewayOf(context).then((waiting) => network2.serve(waiting)) : context.warm.withoutGateway();
    served.catch(() => {
    });
    if (backend.engine !== null) {
      journalEngine(request.id, backend.engine);
      context.exported = true;
      await exportWork(request.id, context.programs.export);
    }
    context.cgroup = makeCgroup(backend.cgroup(request.id), checked);
    context.collectors.startAhead();
    context.trace = new Trace(context);
    if (backend.name === "vm") context.trace.none("the kernel of a virtual machine is another one, which is not asked");
    const views = await orStop(layers(context, checked, root, state), stop2);
    context.views = views;
    channel.phase("jail");
    const spec = jailSpec(request, checked, backend);
    const refused = backend.refuses(spec);
    if (refused.length > 0)
      throw new JailError(`${backend.name} refuses: ${refused.join("; ")}`, "choose another backend, or change the policy");
    buildRuntime(request, checked);
    const jail = await backend.open(spec, { state: work("backend"), log: `${request.record}/backend.log` });
    context.jail = jail;
    channel.phase("gateway");
    await orStop(served, stop2);
    context.write();
    channel.phase("selftest");
    const usage = __using(_stack, new Usage(context, () => scratchUse(work("scratch"))), true);
    void usage;
    return await steps(context, checked, root, { jail, spec, backend });
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
async function sweepOthers(context) {
  const { dead, live } = await leftRuns(context.request.id);
  await forgetWork(live);
  if (dead.length === 0) return;
  const { removed, left } = await sweep(null);
  if (removed.length > 0) context.notice(`removed what dead runs had left: ${removed.join(", ")}`);
  for (const one of left)
    if (!saidBefore(one)) context.notice(`a dead run left something that could not be removed: ${one.id}: ${one.why}`);
}
async function layers(context, checked, root, state) {
  const { request, programs } = context;
  await mountScratch(`${state}/scratch.img`, work("scratch"), checked.scratch.size, checked.scratch.files);
  mkdirSync4(work("backend"), { mode: 448 });
  await root.ready;
  if (root.tree === null) await context.warm.etc;
  return buildLayers(request, checked, programs);
}
async function steps(context, checked, root, { jail, spec, backend }) {
  const { request, channel, paper, recorder, stop: stop2 } = context;
  const engine = backend.engine !== null;
  const cgroup = context.cgroup;
  if (cgroup === null) throw new Error("no cgroup");
  const { directory } = await root.ready;
  const spent = { setup: 0, agent: 0 };
  for (const [index, step] of request.steps.entries()) {
    const kind = step.setup ? "setup" : "agent";
    const limits = { ...checked.limits[kind], time: Math.max(0, checked.limits[kind].time - spent[kind]) };
    const { memory, processes } = backend.overhead;
    const group = { ...limits, memory: limits.memory + memory, processes: limits.processes + processes };
    if (!engine) cgroup.vacate();
    cgroup.limit(group);
    const place = {
      jail,
      cgroup,
      output: OUTPUT,
      errors: request.policy.record.streams === "split" ? ERRORS : null,
      recorder,
      stop: stop2,
      full: () => {
        const { bytes, files, full: full2 } = scratchUse(work("scratch"));
        paper.peak("disk", bytes);
        paper.peak("files", files);
        return full2;
      },
      limitFiles: cgroup.limitFiles(group),
      enter: async (pid) => engine ? enterContainer(context, cgroup, group, pid) : { pid, proc: "/proc", netns: spec.netns ?? OWN_NETNS },
      left: async () => {
        if (index === request.steps.length - 1) void context.trace?.finish();
        else context.trace?.end(index);
        if (!engine) return;
        cgroup.unfollow();
        await context.network?.release();
      },
      refused: () => context.network?.refused ?? [],
      traced: async (held) => context.trace?.begin(index, held, spec.identity.uid),
      terminal: (held, size) => Terminal.make(context.programs.terminal, held, spec.identity.uid, size),
      prove: (seen) => {
        const wanted = { ...spec, view: jail.view };
        return backend.lacks === null ? prove(wanted, seen) : proveWeak(wanted, seen);
      },
      proved: (properties) => {
        paper.proof ??= properties.map(({ property, seen }) => ({ property, seen }));
        if (!context.started) channel.phase("steps");
        context.started = true;
        paper.begin(index);
        context.write();
      },
      opened: () => channel.send({ kind: "step", step: index, name: step.name, exit: null }),
      progress: (sample) => channel.send({ kind: "progress", step: index, ...sample })
    };
    context.network?.step(index, step.setup);
    const env = { ...checked.env, ...step.env, ...identityEnv(spec) };
    const { exit, end } = await runStep(
      place,
      stepStart(step, step.cwd ?? directory, index, env, place.errors !== null, limits),
      step,
      limits
    );
    spent[kind] += exit.ms;
    paper.ended(index, exit);
    context.write();
    channel.send({ kind: "step", step: index, name: step.name, exit });
    if (end !== null) return end;
    if (exit.code !== 0) return { how: "steps-done", failed: index };
  }
  return { how: "steps-done", failed: null };
}
async function gatewayOf({ warm, programs, request }) {
  const further = furtherSockets(request.policy);
  const waiting = await warm.gateway();
  if (further.length === 0) return waiting;
  await dismissGateway(waiting);
  return waitingGateway(programs, { netns: NETNS, files: openFiles(), route: false, further });
}
async function enterContainer(context, cgroup, limits, pid) {
  const netns = `${OUTER_PROC}/${pid}/ns/net`;
  cgroup.limit(limits);
  cgroup.follow();
  const further = furtherSockets(context.request.policy);
  await context.network?.serve(waitingGateway(context.programs, { netns, files: openFiles(), route: true, further }));
  return { pid, proc: OUTER_PROC, netns };
}
function identityEnv(spec) {
  const { name, home } = spec.identity;
  return { HOME: home, USER: name, LOGNAME: name, SHELL: "/bin/sh", TMPDIR: "/tmp", AGENT_JAIL_RESULT: "/run/agent-jail/result" };
}
async function orStop(work2, stop2) {
  return Promise.race([
    work2,
    stop2.then((end) => {
      throw new Stopped(end);
    })
  ]);
}

// src/run/warden.ts
var LONGEST = 64 << 20;
async function warden(entry, sweeping, guess) {
  const input = lines(process.stdin, LONGEST);
  if (process.pid !== 1) throw new Error("the warden runs in mount and PID namespaces of its own: `agent-jail run` starts it");
  const programs = programsBeside(entry);
  const warm = sweeping ? null : warmUp(programs, guess);
  const next = async () => {
    const line = await input.next();
    return line.done === true ? null : JSON.parse(line.value);
  };
  let request = await next();
  if (request?.kind === "ahead") {
    void warm?.ahead(request.root);
    request = await next();
  }
  if (request === null) return;
  if (request.kind === "sweep") {
    process.stdout.write(`${JSON.stringify(await sweep(request.id))}
`);
    return;
  }
  if (request.kind === "run") await run(request, programs, warm ?? warmUp(programs, request.backend), input);
}
async function run(request, programs, warm, input) {
  const began = process.hrtime.bigint();
  const clock = () => Number((process.hrtime.bigint() - began) / 1000000n);
  const channel = new Channel(process.stdout, clock);
  let context;
  try {
    context = new Context(request, programs, warm, channel, createRecord(request.record, request.caller), String(began));
    context.write();
  } catch (error) {
    const end2 = endOf(error, false);
    channel.send({
      kind: "ended",
      end: end2,
      outcome: "jail-error",
      because: end2.how === "error" ? end2.message : "",
      manifest: null,
      counts: null
    });
    await channel.flush();
    return;
  }
  void (async () => {
    for await (const line of input) {
      const message = JSON.parse(line);
      if (message.kind === "cancel") context.end({ how: "cancelled", by: message.by });
    }
    context.end({ how: "cancelled", by: "the end of main" });
  })().catch(() => context.end({ how: "cancelled", by: "a broken pipe from main" }));
  const end = await runJailed(context).catch((error) => endOf(error, context.started));
  await conclude(context, end);
}
function programsBeside(entry) {
  const beside = (name) => join2(dirname2(entry), name);
  return {
    node: process.execPath,
    gateway: beside("gateway.js"),
    collector: beside("collector.js"),
    launch: beside("launch.pl"),
    chroot: beside("chroot.pl"),
    idmap: beside("idmap.pl"),
    restore: beside("restore.pl"),
    freeze: beside("freeze.pl"),
    sockets: beside("sockets.pl"),
    work: beside("work.pl"),
    export: beside("export.pl"),
    terminal: beside("terminal.pl"),
    trace: beside("trace.pl"),
    vm: {
      guest: beside("vm-guest.pl"),
      mux: beside("vm-mux.pl"),
      network: beside("vm-network.pl"),
      relay: beside("vm-relay.pl"),
      share: beside("vm-share.pl")
    }
  };
}

// src/warden.ts
process.on("SIGINT", () => {
});
process.on("SIGTERM", () => {
});
try {
  await warden(process.argv[1] ?? "", process.argv[2] === "sweep", process.argv[3] ?? "auto");
} catch (error) {
  process.stderr.write(`warden: ${error instanceof Error ? error.message : String(error)}
`);
  process.exitCode = 70;
}
process.exit();
