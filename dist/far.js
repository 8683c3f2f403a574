const { spawn } = process.getBuiltinModule("node:child_process");
const { once } = process.getBuiltinModule("node:events");
const { createReadStream, existsSync, lstatSync, mkdirSync, readdirSync } = process.getBuiltinModule("node:fs");
const { dirname, join } = process.getBuiltinModule("node:path");
import {
  frame,
  framesOf,
  push,
  readFrames,
  unpacking
} from "./shared-remote-pack.js";
import "./shared-system-tar.js";
import "./shared-system-git.js";
import {
  spawnWarden
} from "./shared-run-start-warden.js";
import "./shared-system-proc.js";
import {
  CLEAN_ENV,
  exec
} from "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";
import "./shared-runtime.js";

// src/run/far.ts
var LOOPS = 64;
async function far(entry) {
  const out = process.stdout;
  try {
    await serve(entry, out);
  } catch (error) {
    const { message } = error;
    const remedy = error instanceof JailError ? error.remedy : "look into the log of the engine";
    await push(out, frame("failed", JSON.stringify({ message, remedy })));
  }
}
async function serve(entry, out) {
  const frames = readFrames(process.stdin);
  const first = await frames.next();
  if (first.done === true) return;
  if (first.value.kind !== "request") throw new Error(`a request was expected, and ${first.value.kind} came`);
  const { protocol, trees, record } = JSON.parse(first.value.payload.toString("utf8"));
  if (protocol !== 1) throw new Error(`protocol ${String(protocol)} is not spoken here`);
  await openUp();
  for (const { to, without } of trees) await takeTree(unpacking(to, without), to, frames);
  mkdirSync(record, { recursive: true, mode: 448 });
  const code = await runWarden(join(dirname(entry), "warden.cjs"), frames, out);
  await sendRecord(record, out);
  void code;
}
async function openUp() {
  const script = `set -e
    [ -e /dev/loop-control ] || mknod -m 660 /dev/loop-control c 10 237
    for n in $(seq 0 ${LOOPS - 1}); do [ -e /dev/loop$n ] || mknod -m 660 /dev/loop$n b 7 $n; done
    while read -r _ at type options _; do
      case "$type $at" in cgroup*|sysfs\\ /sys) case ",$options," in *,ro,*) mount -o remount,bind,rw "$at";; esac;; esac
    done < /proc/self/mounts
    # On v2 a group with processes of its own cannot hand controllers on (cgroups(7)).
    if [ -e /sys/fs/cgroup/cgroup.procs ]; then
      mkdir -p /sys/fs/cgroup/helper
      for pid in $(cat /sys/fs/cgroup/cgroup.procs); do echo $pid > /sys/fs/cgroup/helper/cgroup.procs || true; done
    fi`;
  const made = await exec(["sh", "-c", script]);
  if (made.code !== 0)
    throw new JailError(`the helper container has too few rights: ${made.stderr}`, "the engine has to allow privileged containers");
}
async function takeTree([file, ...args], to, frames) {
  mkdirSync(to, { recursive: true });
  const tar = spawn(file, args, { env: CLEAN_ENV, stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  tar.stderr.on("data", (chunk) => {
    if (said.length < 2e3) said += chunk.toString("utf8");
  });
  tar.stdin.on("error", () => {
  });
  const ended = once(tar, "close");
  for (; ; ) {
    const next = await frames.next();
    if (next.done === true) throw new Error("main went away");
    const { kind, payload } = next.value;
    if (kind === "treeEnd") break;
    if (kind !== "tree") throw new Error(`a tree was expected, and ${kind} came`);
    if (!tar.stdin.destroyed && !tar.stdin.write(payload)) await Promise.race([once(tar.stdin, "drain").catch(() => {
    }), ended]);
  }
  tar.stdin.end();
  const [code] = await ended;
  if (code !== 0)
    throw new JailError(`${to} could not be unpacked at the engine: ${said.trim().slice(0, 500)}`, "look at the space that the engine has");
}
async function runWarden(entry, frames, out) {
  const warden = spawnWarden(entry, ["run", "nspawn"], false);
  let errors = "";
  warden.stderr.on("data", (chunk) => {
    if (errors.length < 8192) errors += chunk.toString("utf8");
  });
  warden.stdin.on("error", () => {
  });
  const ended = once(warden, "close");
  void feed(warden, frames);
  for await (const chunk of warden.stdout) for (const one of framesOf("output", chunk)) await push(out, one);
  const [code, signal] = await ended;
  await push(out, frame("ended", JSON.stringify({ end: String(signal ?? code), errors })));
  return code;
}
async function feed(warden, frames) {
  try {
    for await (const { kind, payload } of frames) {
      if (kind === "inputEnd") break;
      if (kind === "input") warden.stdin?.write(payload);
    }
  } catch {
  }
  warden.stdin?.end();
}
async function sendRecord(record, out) {
  for (const name of existsSync(record) ? readdirSync(record).sort() : []) {
    if (!lstatSync(join(record, name)).isFile()) continue;
    await push(out, frame("file", JSON.stringify({ name })));
    for await (const chunk of createReadStream(join(record, name), { highWaterMark: 1 << 20 }))
      for (const one of framesOf("bytes", chunk)) await push(out, one);
  }
  await push(out, frame("recordEnd"));
}

// src/far.ts
await far(process.argv[1] ?? "");
process.stdout.write("", () => process.exit());
