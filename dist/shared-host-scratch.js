const { statSync: statSync2 } = process.getBuiltinModule("node:fs");
const { basename } = process.getBuiltinModule("node:path");
const { chmodSync, mkdirSync, readFileSync, statfsSync, statSync, unlinkSync, writeFileSync } = process.getBuiltinModule("node:fs");
import {
  COLLECT,
  RUN_SYSTEMD,
  STATE,
  WORK,
  stateOf,
  work
} from "./shared-host-places.js";
import {
  parseStatus,
  readProc,
  readProcLink
} from "./shared-system-proc.js";
import {
  exec,
  failure
} from "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/host/outside.ts

// src/host/scratch.ts
var MIB = 1 << 20;
var MARGIN = 64 * MIB;
var LEAST = 16 * MIB;
var BLOCK = 4096;
function scratchSize(asked, record, free) {
  const size = asked ?? Math.min(10 * 1024 * MIB, Math.floor(free / 2));
  if (size < LEAST)
    throw new JailError(`a scratch disk of ${size} bytes is too small`, `set \`limits.disk\` to at least ${LEAST / MIB}MiB`);
  if (size + record + MARGIN > free)
    throw new JailError(
      `the disk is too full: ${free} bytes are free, ${size} are wanted for \`limits.disk\`, ${record} for the record and ${MARGIN} as a margin`,
      "free some space, or lower `limits.disk` or `limits.output`"
    );
  return size;
}
var scratchFiles = (asked, size) => Math.min(asked, Math.floor(size / BLOCK));
function freeBytes(path) {
  const fs = statfsSync(path);
  return fs.bavail * fs.bsize;
}
var RUNTIME_FILES = work("runtime");
var FIFOS = ["out", "err"];
var [OUTPUT, ERRORS] = FIFOS.map((name) => work("runtime", name));
async function mountWork(script) {
  mkdirSync(WORK, { recursive: true, mode: 448 });
  mkdirSync(RUN_SYSTEMD, { recursive: true });
  const mounts = [
    [WORK, NOSUID | NODEV, "mode=700,size=256m"],
    [RUN_SYSTEMD, 0, "mode=755,size=1m"],
    // Below the one before it.
    [COLLECT, NOSUID | NODEV | NOEXEC, "mode=700,size=1g"]
  ].flat();
  await must(["perl", script, RUNTIME_FILES, FIFOS.join(","), ...mounts.map(String)], "what the warden works in could not be made");
  mkdirSync(`${RUN_SYSTEMD}/inaccessible/dir`, { recursive: true });
  chmodSync(`${RUN_SYSTEMD}/inaccessible/dir`, 0);
  writeFileSync(`${RUN_SYSTEMD}/inaccessible/reg`, "", { mode: 0 });
}
var [NOSUID, NODEV, NOEXEC] = [2, 4, 8];
async function mountScratch(image, mountPoint, size, files) {
  mkdirSync(mountPoint, { mode: 448 });
  try {
    const mkfs = [
      "mkfs.ext4",
      "-q",
      "-F",
      "-b",
      String(BLOCK),
      "-m",
      "0",
      "-O",
      "^has_journal",
      "-E",
      "lazy_itable_init=1,nodiscard,root_owner=0:0",
      "-N",
      String(files),
      image
    ];
    await mustAll([
      { argv: ["fallocate", "-l", String(size), image], what: `${size} bytes could not be reserved in ${STATE}` },
      { argv: mkfs, what: "the scratch disk could not be made" },
      { argv: ["mount", "-o", "loop,nosuid,nodev", image, mountPoint], what: "the scratch disk could not be mounted" }
    ]);
  } finally {
    try {
      unlinkSync(image);
    } catch {
    }
  }
}
async function must(argv, what, input) {
  const result = await exec(argv, input === void 0 ? {} : { input });
  if (result.code !== 0) throw new JailError(`${what}: ${failure(argv, result)}`, "see `agent-jail doctor`");
  return result.stdout;
}
async function mustAll(commands) {
  const result = await exec(["sh", "-c", sequence(commands), "sh", ...commands.flatMap(({ argv: argv2 }) => argv2)]);
  if (result.code === 0) return;
  const failed = commands[(result.code ?? 0) - FIRST_FAILED];
  const { argv, what } = failed ?? { argv: ["sh"], what: "a helper program could not be run" };
  const said = result.stderr.trim().split("\n").slice(-3).join(" / ").slice(0, 500);
  throw new JailError(`${what}: ${argv[0]} failed${said === "" ? "" : `: ${said}`}`, "see `agent-jail doctor`");
}
var FIRST_FAILED = 100;
function sequence(commands) {
  return commands.map(({ argv }, index) => {
    const words = argv.map((_, at) => `"\${${at + 1}}"`).join(" ");
    return `${words} || exit ${FIRST_FAILED + index}
shift ${argv.length}`;
  }).join("\n");
}
function scratchUse(mountPoint) {
  const fs = statfsSync(mountPoint);
  const full = fs.ffree === 0 ? "files" : fs.bavail * fs.bsize < 64 * 1024 ? "disk" : null;
  return { bytes: (fs.blocks - fs.bfree) * fs.bsize, files: fs.files - fs.ffree, ...traffic(mountPoint), full };
}
function traffic(mountPoint) {
  const { dev } = statSync(mountPoint);
  const [major, minor] = [dev >> 8 & 4095, dev & 255 | dev >> 12 & 1048320];
  const fields = (readSys(`dev/block/${major}:${minor}/stat`) ?? "").trim().split(/\s+/).map(Number);
  const sectors = (index) => (fields[index] ?? 0) * 512;
  return { read: sectors(2), written: sectors(6) };
}
function readSys(path) {
  try {
    return readFileSync(`/sys/${path}`, "utf8");
  } catch {
    return null;
  }
}

// src/host/outside.ts
var MOUNTS = "/proc/1/fd/3";
var OUTER_PROC = "/proc/1/fd/4";
function machineNamespaces(names) {
  const parent = Number(parseStatus(readProc("self", "status", OUTER_PROC) ?? "").get("PPid") ?? 0);
  const found = names.map((name) => [name, readProcLink(parent, `ns/${name}`, OUTER_PROC)]);
  const mounts = statSync2(MOUNTS, { throwIfNoEntry: false });
  return new Map([...found, ["mnt", mounts === void 0 ? null : `mnt:[${mounts.ino}]`]]);
}
var OPENED = ["/bin/sh", "-c", 'exec "$@" 3</proc/self/ns/mnt 4</proc', "sh"];
var exported = (id) => `${stateOf(id)}/work`;
var seenOutside = (id, path) => `${exported(id)}${path.slice(WORK.length)}`;
var FROZEN_RUNTIME = work("runtime-ro");
async function exportWork(id, script) {
  await must(
    ["perl", script, MOUNTS, WORK, exported(id), basename(RUNTIME_FILES), basename(FROZEN_RUNTIME)],
    "the layers could not be shown to the machine's engine"
  );
}
async function withdrawWork(id) {
  await withdraw(["nsenter", `--mount=${MOUNTS}`, "--"], [exported(id)]);
}
async function forgetWork(ids) {
  if (ids.length > 0) await withdraw([], ids.map(exported));
}
async function withdraw(where, targets) {
  const [file = "", ...args] = [...where, "sh", "-c", WITHDRAW, "sh", ...targets];
  const result = await exec([file, ...args]);
  if (result.code !== 0)
    throw new JailError(
      `layers are still mounted below ${STATE}: ${failure(["umount"], result)}`,
      `unmount them: \`umount --recursive --lazy ${targets[0]}\``
    );
}
var WITHDRAW = `here() { grep --quiet " $1[/ ]" /proc/self/mountinfo; }
for target; do
  for how in '' --lazy --lazy; do
    here "$target" || break
    umount --recursive $how "$target"
  done
  ! here "$target" || exit 1
done`;

export {
  scratchSize,
  scratchFiles,
  freeBytes,
  RUNTIME_FILES,
  OUTPUT,
  ERRORS,
  mountWork,
  mountScratch,
  must,
  mustAll,
  scratchUse,
  OUTER_PROC,
  machineNamespaces,
  OPENED,
  seenOutside,
  FROZEN_RUNTIME,
  exportWork,
  withdrawWork,
  forgetWork
};
