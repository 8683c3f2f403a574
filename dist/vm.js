const { spawn } = process.getBuiltinModule("node:child_process");
const { chownSync: chownSync2, mkdirSync: mkdirSync2, writeFileSync: writeFileSync2 } = process.getBuiltinModule("node:fs");
const { readFileSync } = process.getBuiltinModule("node:fs");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
const { chownSync, copyFileSync, existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { basename } = process.getBuiltinModule("node:path");
const { readFileSync: readFileSync2, realpathSync } = process.getBuiltinModule("node:fs");
import {
  findVm,
  moduleBytes
} from "./shared-backend-vm-program.js";
import {
  nspawn
} from "./shared-backend-nspawn.js";
import {
  MASKED_DIRECTORIES,
  MASKED_FILES
} from "./shared-backend-proc-masks.js";
import {
  BackendLog
} from "./shared-backend-launched.js";
import {
  openFiles
} from "./shared-backend-open-files.js";
import "./shared-backend-nspawn-program.js";
import "./shared-model-architecture.js";
import {
  parseStatus,
  readProc,
  readProcLink
} from "./shared-system-proc.js";
import {
  CLEAN_ENV,
  exec,
  failure
} from "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";
import "./shared-runtime.js";

// src/backend/vm.ts

// src/backend/syscall-numbers.ts
var SYSCALL_NUMBERS = new Map(
  `
read 0 write 1 open 2 close 3 stat 4 fstat 5 lstat 6 poll 7 lseek 8 mmap 9 mprotect 10 munmap 11 brk 12 rt_sigaction 13 rt_sigprocmask 14
rt_sigreturn 15 ioctl 16 pread64 17 pwrite64 18 readv 19 writev 20 access 21 pipe 22 select 23 sched_yield 24 mremap 25 msync 26 mincore
27 madvise 28 shmget 29 shmat 30 shmctl 31 dup 32 dup2 33 pause 34 nanosleep 35 getitimer 36 alarm 37 setitimer 38 getpid 39 sendfile 40
socket 41 connect 42 accept 43 sendto 44 recvfrom 45 sendmsg 46 recvmsg 47 shutdown 48 bind 49 listen 50 getsockname 51 getpeername 52
socketpair 53 setsockopt 54 getsockopt 55 clone 56 fork 57 vfork 58 execve 59 exit 60 wait4 61 kill 62 uname 63 semget 64 semop 65 semctl
66 shmdt 67 msgget 68 msgsnd 69 msgrcv 70 msgctl 71 fcntl 72 flock 73 fsync 74 fdatasync 75 truncate 76 ftruncate 77 getdents 78 getcwd 79
chdir 80 fchdir 81 rename 82 mkdir 83 rmdir 84 creat 85 link 86 unlink 87 symlink 88 readlink 89 chmod 90 fchmod 91 chown 92 fchown 93
lchown 94 umask 95 gettimeofday 96 getrlimit 97 getrusage 98 sysinfo 99 times 100 getuid 102 getgid 104 setuid 105 setgid 106 geteuid 107
getegid 108 setpgid 109 getppid 110 getpgrp 111 setsid 112 setreuid 113 setregid 114 getgroups 115 setgroups 116 setresuid 117 getresuid
118 setresgid 119 getresgid 120 getpgid 121 setfsuid 122 setfsgid 123 getsid 124 capget 125 capset 126 rt_sigpending 127 rt_sigtimedwait
128 rt_sigqueueinfo 129 rt_sigsuspend 130 sigaltstack 131 utime 132 mknod 133 personality 135 statfs 137 fstatfs 138 getpriority 140
setpriority 141 sched_setparam 142 sched_getparam 143 sched_setscheduler 144 sched_getscheduler 145 sched_get_priority_max 146
sched_get_priority_min 147 sched_rr_get_interval 148 mlock 149 munlock 150 mlockall 151 munlockall 152 prctl 157 arch_prctl 158 adjtimex
159 setrlimit 160 sync 162 gettid 186 readahead 187 setxattr 188 lsetxattr 189 fsetxattr 190 getxattr 191 lgetxattr 192 fgetxattr 193
listxattr 194 llistxattr 195 flistxattr 196 removexattr 197 lremovexattr 198 fremovexattr 199 tkill 200 time 201 futex 202
sched_setaffinity 203 sched_getaffinity 204 set_thread_area 205 io_setup 206 io_destroy 207 io_getevents 208 io_submit 209 io_cancel 210
get_thread_area 211 epoll_create 213 remap_file_pages 216 getdents64 217 set_tid_address 218 restart_syscall 219 semtimedop 220 fadvise64
221 timer_create 222 timer_settime 223 timer_gettime 224 timer_getoverrun 225 timer_delete 226 clock_gettime 228 clock_getres 229
clock_nanosleep 230 exit_group 231 epoll_wait 232 epoll_ctl 233 tgkill 234 utimes 235 mq_open 240 mq_unlink 241 mq_timedsend 242
mq_timedreceive 243 mq_notify 244 mq_getsetattr 245 waitid 247 ioprio_set 251 ioprio_get 252 inotify_init 253 inotify_add_watch 254
inotify_rm_watch 255 openat 257 mkdirat 258 mknodat 259 fchownat 260 futimesat 261 newfstatat 262 unlinkat 263 renameat 264 linkat 265
symlinkat 266 readlinkat 267 fchmodat 268 faccessat 269 pselect6 270 ppoll 271 unshare 272 set_robust_list 273 get_robust_list 274 splice
275 tee 276 sync_file_range 277 vmsplice 278 utimensat 280 epoll_pwait 281 signalfd 282 timerfd_create 283 eventfd 284 fallocate 285
timerfd_settime 286 timerfd_gettime 287 accept4 288 signalfd4 289 eventfd2 290 epoll_create1 291 dup3 292 pipe2 293 inotify_init1 294
preadv 295 pwritev 296 rt_tgsigqueueinfo 297 recvmmsg 299 prlimit64 302 name_to_handle_at 303 clock_adjtime 305 syncfs 306 sendmmsg 307
getcpu 309 sched_setattr 314 sched_getattr 315 renameat2 316 seccomp 317 getrandom 318 memfd_create 319 execveat 322 membarrier 324 mlock2
325 copy_file_range 326 preadv2 327 pwritev2 328 pkey_mprotect 329 pkey_alloc 330 pkey_free 331 statx 332 io_pgetevents 333 rseq 334
pidfd_send_signal 424 pidfd_open 434 clone3 435 close_range 436 openat2 437 faccessat2 439 epoll_pwait2 441 landlock_create_ruleset 444
landlock_add_rule 445 landlock_restrict_self 446 memfd_secret 447 process_mrelease 448 futex_waitv 449 cachestat 451 fchmodat2 452
map_shadow_stack 453 futex_wake 454 futex_wait 455 futex_requeue 456 mseal 462 setxattrat 463 getxattrat 464 listxattrat 465 removexattrat
466
`.trim().split(/\s+(?=[a-z])/).map((line) => line.split(/\s+/)).map(([name = "", number2]) => [name, Number(number2)])
);

// src/backend/vm-filter.ts
var LOAD = 32;
var AND = 84;
var EQUAL = 21;
var AT_LEAST = 53;
var MORE = 37;
var RETURN = 6;
var KILL = 2147483648;
var REFUSE = 327680;
var ALLOW = 2147418112;
var X86_64 = 3221225534;
var X32 = 1073741824;
var [EPERM, ENOSYS] = [1, 38];
var [NUMBER, ARCHITECTURE, ARGUMENTS] = [0, 4, 16];
var WORD = 2n ** 32n;
var load = (offset) => [LOAD, 0, 0, offset];
var end = (action) => [RETURN, 0, 0, action];
function filterProgram({ syscalls }) {
  const program = [
    load(ARCHITECTURE),
    [EQUAL, 1, 0, X86_64],
    end(KILL),
    load(NUMBER),
    [AT_LEAST, 0, 1, X32],
    end(KILL),
    [EQUAL, 0, 1, number("clone3")],
    end(REFUSE | ENOSYS)
  ];
  const allowed = syscalls.filter(({ action, names }) => action === "SCMP_ACT_ALLOW" && !names.includes("clone3"));
  const always = allowed.filter(({ args }) => args === void 0).flatMap(({ names }) => names.flatMap(known));
  for (const [first, last] of runs(always)) program.push([AT_LEAST, 0, 2, first], [MORE, 1, 0, last], end(ALLOW));
  for (const name of new Set(allowed.filter(({ args }) => args !== void 0).flatMap(({ names }) => names))) {
    const rules = allowed.filter(({ args, names }) => args !== void 0 && names.includes(name)).flatMap(({ args }) => one(args ?? []));
    program.push([EQUAL, 0, rules.length + 1, number(name)], ...rules, end(REFUSE | EPERM));
  }
  program.push(end(REFUSE | EPERM));
  return Buffer.concat(program.map(encode));
}
function one(args) {
  const tests = args.flatMap(({ index, op, value, valueTwo }) => {
    const [mask, wanted] = op === "SCMP_CMP_MASKED_EQ" ? [BigInt(value), BigInt(valueTwo ?? 0)] : [WORD * WORD - 1n, BigInt(value)];
    if (!["SCMP_CMP_EQ", "SCMP_CMP_MASKED_EQ"].includes(op)) throw new Error(`no such comparison here: ${op}`);
    return [0, 4].map((half) => {
      const part = (of) => Number(half === 0 ? of % WORD : of / WORD);
      return [
        load(ARGUMENTS + 8 * index + half),
        ...part(mask) === 4294967295 ? [] : [[AND, 0, 0, part(mask)]],
        [EQUAL, 0, 0, part(wanted)]
      ];
    });
  });
  const length = tests.reduce((sum, test) => sum + test.length, 0) + 1;
  let done = 0;
  const program = [];
  for (const test of tests) {
    done += test.length;
    program.push(...test.slice(0, -1), [EQUAL, 0, length - done, test.at(-1)[3]]);
  }
  return [...program, end(ALLOW)];
}
function runs(numbers) {
  const found = [];
  for (const next of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== void 0 && last[1] + 1 === next) last[1] = next;
    else found.push([next, next]);
  }
  return found;
}
var known = (name) => {
  const found = SYSCALL_NUMBERS.get(name);
  return found === void 0 ? [] : [found];
};
function number(name) {
  const found = SYSCALL_NUMBERS.get(name);
  if (found === void 0) throw new Error(`no number for ${name}`);
  return found;
}
function encode([code, yes, no, k]) {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(yes, 2);
  bytes.writeUInt8(no, 3);
  bytes.writeUInt32LE(k >>> 0, 4);
  return bytes;
}

// src/backend/vm-machine.ts
var MIB = 1 << 20;
var [CORE, NPROC, NOFILE, SIGPENDING] = [4, 6, 7, 11];
var PLACE = "/vm";
var TRANSLATED = 128 * MIB;
var KERNEL = 192 * MIB;
var OVERHEAD = { memory: KERNEL + 384 * MIB, processes: 64 };
function qemuArgv(program, { index, limits }) {
  const memory = `${Math.ceil((limits.memory + KERNEL) / MIB)}M`;
  const emulated = program.emulated !== null;
  const kernel = `console=ttyS0 quiet panic=-1 reboot=t random.trust_cpu=on maxcpus=1 i8042.nokbd i8042.noaux cryptomgr.notests${emulated ? " mitigations=off" : ""}`;
  return [
    program.qemu,
    ...words`-nodefaults -no-user-config -no-reboot -display none`,
    ...words`-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny`,
    ...emulated ? words`-accel tcg,thread=multi,tb-size=${TRANSLATED / MIB} -cpu max` : words`-accel kvm -cpu host`,
    ...words`-smp ${Math.ceil(limits.cpus)} -m ${memory} -machine q35,memory-backend=memory,usb=off,vmport=off`,
    ...words`-object memory-backend-memfd,id=memory,size=${memory},share=on`,
    ...words`-kernel ${PLACE}/kernel -initrd ${PLACE}/ramdisk -append ${kernel}`,
    // What the kernel prints, for backend.log.
    ...words`-chardev stdio,id=console,signal=off -serial chardev:console`,
    ...words`-chardev socket,id=channel,fd={channel} -device virtio-serial-pci,max_ports=2 -device virtserialport,chardev=channel,name=channel`,
    ...words`-chardev socket,id=files,path=${PLACE}/step-${index}/files -device vhost-user-fs-pci,chardev=files,tag=root,queue-size=1024`
  ];
}
var words = (texts, ...values) => texts.flatMap((text, index) => [...text.split(/(?= )|(?<= )/), ...index < values.length ? [{ value: String(values[index]) }] : []]).reduce((all, part) => {
  if (part === " ") all.push("");
  else all.push(`${all.pop() ?? ""}${typeof part === "string" ? part : part.value}`);
  return all;
}, []);
var relayArgv = (program, start, output) => [
  "/usr/bin/perl",
  `${PLACE}/vm-relay.pl`,
  `${PLACE}/vm-mux.pl`,
  `${PLACE}/step-${start.index}/config`,
  output.out,
  output.err,
  "--",
  ...qemuArgv(program, start)
];
var filesArgv = (program, root) => [
  program.files,
  ...words`--fd={socket} -o source=${root} -o sandbox=namespace -o announce_submounts -o cache=always -o xattr`,
  ...words`-o modcaps=-chown:-dac_override:-fowner:-fsetid:-setgid:-setuid:-mknod:-setfcap --rlimit-nofile=0 --thread-pool-size=0 -f`
];
function guestConfig(spec, start, sockets, open) {
  const { identity, view, hostname, seccomp } = spec;
  const files = openFiles();
  const groups = {
    ids: [String(identity.uid), String(identity.gid)],
    hostname: [hostname],
    cwd: [start.cwd],
    argv: start.argv,
    env: Object.entries(start.env).map(([name, value]) => `${name}=${value}`),
    // setrlimit(2): files, and what the kernel would make of the guest's memory.
    limits: [`${CORE} 0 0`, `${NOFILE} ${files.soft} ${files.hard}`, ...limitsAsHere(readProc("self", "limits") ?? "")],
    processes: [String(start.limits.processes)],
    // The server has a file open for each that the guest remembers: it has to forget in time.
    remember: [String(Math.floor(open / 2))],
    memory: [String(start.limits.memory)],
    mounts: view.filter(({ kind }) => kind === "overlay").map(({ target }) => target),
    "read-only": view.filter(({ kind, writable }) => kind === "overlay" && !writable).map(({ target }) => target),
    masks: [...MASKED_FILES, ...MASKED_DIRECTORIES],
    sockets: sockets.map(({ protocol, address, port }) => `${protocol}:${address}:${port}`),
    filter: [filterProgram(seccomp)]
  };
  const strings = Object.entries(groups).flatMap(([name, values]) => [name, String(values.length), ...values]);
  return Buffer.concat(strings.flatMap((one2) => sized(Buffer.from(one2))));
}
var limitsAsHere = (limits) => Object.entries({ "Max processes": NPROC, "Max pending signals": SIGPENDING }).flatMap(([name, number2]) => {
  const [, soft, hard] = new RegExp(`^${name} +(\\d+) +(\\d+)`, "m").exec(limits) ?? [];
  return soft === void 0 ? [] : [`${number2} ${soft} ${hard}`];
});
function sized(bytes) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

// src/backend/vm-proof.ts
var QEMU_FILTERS = 3;
var APART = ["mnt", "pid", "net"];
function machineProof(program, spec, argv, guest, pids) {
  const all = pids.map((pid) => ({
    pid,
    argv: (readProc(pid, "cmdline") ?? "").split("\0").slice(0, -1),
    status: parseStatus(readProc(pid, "status") ?? "")
  }));
  const qemu = all.filter(({ status, argv: [name] }) => name === program.qemu && status.get("PPid") === String(guest?.relay));
  const files = all.filter(({ argv: [name] }) => name === program.files);
  const uid = [0, 0, 0, 0].map(() => spec.identity.uid).join("	");
  const properties = (name, status, filters) => [
    equal(`${name}: uid`, status?.get("Uid"), uid),
    equal(`${name}: capabilities CapPrm`, status?.get("CapPrm"), "0000000000000000"),
    equal(`${name}: capabilities CapEff`, status?.get("CapEff"), "0000000000000000"),
    equal(`${name}: no new privileges`, status?.get("NoNewPrivs"), "1"),
    equal(`${name}: seccomp`, status?.get("Seccomp"), "2"),
    ok(`${name}: seccomp filters`, status?.get("Seccomp_filters"), (seen) => Number(seen) >= filters, `should be ${filters} or more`)
  ];
  const server = files.find(({ status }) => files.some(({ pid }) => status.get("PPid") === String(pid)));
  return [
    equal("machine: processes", String(qemu.length), "1"),
    equal("machine: command line", qemu[0]?.argv.join(" ").replace(/,fd=\d+/, ",fd={channel}"), argv.join(" ")),
    ...properties("machine", qemu[0]?.status, QEMU_FILTERS),
    ok(
      "kernel of its own",
      guest === null ? void 0 : `${guest.release}, boot ${guest.bootId}`,
      () => guest?.bootId !== hostBoot(),
      "is this machine's"
    ),
    equal("kernel release", guest?.release, program.release),
    ...properties("file server", server?.status, 1),
    ...APART.map(
      (name) => ok(
        `file server: namespace ${name}`,
        (server === void 0 ? null : readProcLink(server.pid, `ns/${name}`)) ?? void 0,
        (seen) => seen !== readProcLink("self", `ns/${name}`),
        "should be its own"
      )
    )
  ];
}
var hostBoot = () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
var equal = (property, seen, wanted) => ok(property, seen, (value) => value === wanted, `should be ${wanted}`);
var ok = (property, seen, right, wrong) => ({
  property,
  seen: seen ?? "absent",
  wrong: seen !== void 0 && right(seen) ? null : wrong
});

// src/backend/vm-said.ts
var MOST = 4096;
var Said = class {
  failed = false;
  onHit = () => {
  };
  #text = "";
  #ready = Promise.withResolvers();
  /** The next step's relay is started. */
  begin() {
    this.failed = false;
    this.#text = "";
    this.#ready = Promise.withResolvers();
    this.onHit = () => {
    };
  }
  take(chunk) {
    this.#text += chunk.toString("latin1");
    const lines = this.#text.split("\n");
    this.#text = (lines.pop() ?? "").slice(-MOST);
    for (const line of lines) {
      const ready = /^ready ([\w.+~-]{1,100}) ([0-9a-f-]{36})$/.exec(line);
      if (ready !== null) this.#ready.resolve({ release: ready[1] ?? "", bootId: ready[2] ?? "" });
      const hit = /^hit (memory|processes)$/.exec(line)?.[1];
      if (hit === "memory" || hit === "processes") this.onHit(hit);
      if (line === "failed") this.failed = true;
    }
  }
  /** Resolves once the guest is ready; rejects with a JailError where it ended, or takes too long. */
  async ready(end2, patience) {
    const stop = new AbortController();
    const late = sleep(patience, "did not come up in time", { signal: stop.signal, ref: false }).catch(() => "stopped");
    const first = await Promise.race([this.#ready.promise, end2.then(() => "ended before the step could start"), late]);
    stop.abort();
    if (typeof first !== "string") return first;
    throw new JailError(`the virtual machine ${first}`, "see backend.log in the record, which has what its kernel printed");
  }
};

// src/backend/vm-tree.ts

// src/backend/vm-ramdisk.ts

// src/system/cpio.ts
var ALIGN = 4;
var [DIRECTORY, FILE] = [16877, 32768];
function cpio(entries) {
  const parts = entries.flatMap(
    (entry, index) => record(
      index + 1,
      entry.path,
      entry.kind === "directory" ? DIRECTORY : FILE | entry.mode,
      entry.kind === "directory" ? Buffer.alloc(0) : entry.bytes
    )
  );
  return Buffer.concat([...parts, ...record(0, "TRAILER!!!", 0, Buffer.alloc(0))]);
}
function record(inode, path, mode, bytes) {
  const name = Buffer.from(`${path}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, name.length, 0];
  const head = Buffer.concat([Buffer.from(`070701${fields.map((n) => n.toString(16).padStart(8, "0")).join("")}`), name]);
  return [head, padding(head.length), bytes, padding(bytes.length)];
}
var padding = (length) => Buffer.alloc((ALIGN - length % ALIGN) % ALIGN);

// src/backend/vm-ramdisk.ts
var PERL = "/usr/bin/perl";
var PLACES = ["proc", "sys", "dev", "root", "modules"];
async function ramdisk(modules, { guest, mux, network }) {
  const [libraries, scripts] = await Promise.all([linked(), loaded()]);
  const bytes = /* @__PURE__ */ new Map();
  const add = (path, mode, from = path) => void bytes.set(path.slice(1), { mode, bytes: readFileSync2(realpathSync(from)) });
  add("/bin/perl", 493, PERL);
  for (const path of libraries) add(path, 493);
  for (const path of scripts) add(path, 420);
  add("/init", 493, guest);
  add("/vm-mux.pl", 420, mux);
  add("/vm-network.pl", 420, network);
  for (const [index, module] of modules.entries())
    bytes.set(`modules/${String(index).padStart(3, "0")}.ko`, { mode: 420, bytes: moduleBytes(module) });
  return cpio(entriesOf(bytes));
}
function entriesOf(files) {
  const directories = new Set(PLACES);
  for (const path of files.keys()) {
    const parts = path.split("/");
    for (let length = 1; length < parts.length; length += 1) directories.add(parts.slice(0, length).join("/"));
  }
  return [
    ...[...directories].sort().map((path) => ({ path, kind: "directory" })),
    ...[...files].map(([path, file]) => ({ path, kind: "file", ...file }))
  ];
}
async function linked() {
  const argv = ["ldd", PERL];
  const result = await exec(argv);
  const found = result.stdout.split("\n").flatMap((line) => /(?:=> |^\s+)(\/\S+) \(/.exec(line)?.slice(1) ?? []);
  if (result.code !== 0 || found.length === 0)
    throw new JailError(`the libraries of perl are not known: ${failure(argv, result)}`, "see `agent-jail doctor`");
  return found;
}
async function loaded() {
  const argv = [PERL, "-Mstrict", "-Mwarnings", "-e", 'print "$_\\n" for values %INC'];
  const result = await exec(argv);
  if (result.code !== 0) throw new JailError(`perl does not work: ${failure(argv, result)}`, "see `agent-jail doctor`");
  return result.stdout.split("\n").filter((line) => line !== "");
}

// src/backend/vm-tree.ts
var DIRECTORIES = ["usr", "etc", "proc", "sys", "dev", "run", "tmp", PLACE.slice(1)];
var LINKS = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];
async function buildTree(program, { programs, kvm }, { uid, gid }, state) {
  const root = `${state}/machine`;
  mkdirSync(root, { mode: 493 });
  for (const name of DIRECTORIES) mkdirSync(`${root}/${name}`, { mode: 493 });
  for (const name of LINKS)
    if (lstatSync(`/${name}`, { throwIfNoEntry: false })?.isSymbolicLink() === true)
      symlinkSync(readlinkSync(`/${name}`), `${root}/${name}`);
  if (existsSync("/etc/ld.so.cache")) copyFileSync("/etc/ld.so.cache", `${root}/etc/ld.so.cache`);
  for (const file of [programs.mux, programs.relay]) copyFileSync(file, `${root}${PLACE}/${basename(file)}`);
  copyFileSync(program.kernel, `${root}${PLACE}/kernel`);
  writeFileSync(`${root}${PLACE}/ramdisk`, await ramdisk(program.modules, programs), { mode: 292 });
  for (const name of ["kernel", "ramdisk"]) chownSync(`${root}${PLACE}/${name}`, uid, gid);
  mkdirSync(`${state}/empty`, { mode: 493 });
  await must("mount", "-t", "overlay", "-o", `ro,nosuid,nodev,lowerdir=${state}/empty:/usr`, "overlay", `${root}/usr`);
  const view = [
    { target: "/", kind: "bind", source: null, writable: false },
    { target: "/usr", kind: "overlay", source: null, writable: false }
  ];
  if (program.emulated !== null) return { root, view };
  await must("mknod", "-m", "600", kvm, "c", "10", "232");
  chownSync(kvm, uid, gid);
  return { root, view: [...view, { target: "/dev/kvm", kind: "device", source: kvm, writable: true }] };
}
async function must(...argv) {
  const result = await exec(argv);
  if (result.code !== 0)
    throw new JailError(`the jail of the virtual machine could not be made: ${failure(argv, result)}`, "see `agent-jail doctor`");
}

// src/backend/vm.ts
var PATIENCE = 6e4;
var RUNTIME = "/run/agent-jail";
function vm(host) {
  const said = new Said();
  const outer = nspawn({ ...host, said: (chunk) => said.take(chunk) });
  let program = null;
  return {
    name: "vm",
    engine: null,
    lacks: null,
    overhead: OVERHEAD,
    async probe() {
      try {
        program = await findVm();
      } catch (error) {
        if (error instanceof JailError) return { ok: false, why: error.message, remedy: error.remedy };
        throw error;
      }
      const { version, release, emulated } = program;
      if (emulated !== null && host.emulation === "refuse")
        return {
          ok: false,
          why: `a virtual machine would be emulated, which is slow: ${emulated}`,
          remedy: "set `jail.vm.emulation: allow`, or run on a machine with KVM"
        };
      const holder = await outer.probe();
      if (!holder.ok) return holder;
      return {
        ok: true,
        version: `QEMU ${version}, ${emulated === null ? "KVM" : "emulated"}, Linux ${release}; ${holder.version}`,
        strength: `own kernel; around it ${holder.strength}`
      };
    },
    cgroup: (id) => outer.cgroup(id),
    refuses: (spec) => outer.refuses(spec),
    async open(spec, places) {
      if (program === null) throw new JailError("vm was opened before it was probed", "this is a defect of agent-jail");
      const tree = await buildTree(program, host, spec.identity, places.state);
      const holder = { ...spec, root: tree.root, view: [...tree.view, runtimeOf(spec)] };
      const jail = await outer.open(holder, places);
      const built = { host, program, spec, holder, jail, tree: tree.root, log: new BackendLog(places.log), said };
      return {
        view: holder.view,
        died: "the virtual machine ended before its step did; backend.log in the record may tell why",
        start: (start) => startStep(built, start),
        [Symbol.asyncDispose]: () => jail[Symbol.asyncDispose]()
      };
    }
  };
}
async function startStep(built, start) {
  const { host, program, spec, jail, said } = built;
  const place = `${built.tree}${PLACE}/step-${start.index}`;
  mkdirSync2(place, { mode: 493 });
  const files = await serveFiles(built, `${place}/files`);
  writeFileSync2(`${place}/config`, guestConfig(spec, start, host.sockets, files), { mode: 256 });
  chownSync2(`${place}/config`, spec.identity.uid, spec.identity.gid);
  said.begin();
  const output = { out: `${RUNTIME}/out`, err: start.split ? `${RUNTIME}/err` : "" };
  const argv = relayArgv(program, start, output);
  const running = await jail.start({ ...start, argv, cwd: "/", env: CLEAN_ENV });
  const exceeded = Promise.withResolvers();
  const refused = /* @__PURE__ */ new Set();
  said.onHit = (name) => {
    refused.add(name);
    if (name === "memory") exceeded.resolve(name);
  };
  let held = null;
  const exit = running.exit.then((end2) => said.failed ? "backend" : end2);
  return {
    leader: async () => {
      const relay = await running.leader();
      held = { relay, ...await said.ready(running.exit, PATIENCE) };
      return relay;
    },
    exit,
    kill: () => running.kill(),
    inside: { exceeded: exceeded.promise, refused: () => [...refused] },
    proof: () => machineProof(program, spec, argv.slice(argv.indexOf("--") + 1), held, host.members())
  };
}
async function serveFiles({ host, program, spec, log }, socket) {
  const { uid, gid } = spec.identity;
  const runtime = runtimeOf(spec).source ?? "";
  const result = spec.view.find(({ target }) => target === `${RUNTIME}/result`)?.source ?? "";
  const share = [socket, host.shown, spec.root, runtime, result, uid, gid, openFiles().hard].map(String);
  const argv = ["perl", host.programs.share, ...share, "--", ...filesArgv(program, host.shown)];
  const child = spawn("perl", [host.launcher, ...host.doors().flatMap((door) => ["--cgroup", door]), "--", ...argv], {
    env: CLEAN_ENV,
    stdio: ["ignore", "pipe", "pipe"],
    cwd: "/"
  });
  child.stderr.on("data", (chunk) => log.append(chunk));
  return new Promise((resolve, reject) => {
    const failed = () => reject(
      new JailError(
        `the server of the run's files did not start: ${log.text.trim().split("\n").at(-1) ?? ""}`,
        "see backend.log in the record"
      )
    );
    child.stdout.once("data", (chunk) => resolve(Number(/^listening (\d+)\n$/.exec(chunk.toString("latin1"))?.[1] ?? 0)));
    child.once("error", failed);
    child.once("close", failed);
  });
}
var runtimeOf = (spec) => {
  const found = spec.view.find(({ target }) => target === RUNTIME);
  if (found === void 0) throw new Error("no runtime files");
  return found;
};
export {
  vm
};
