import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { JailError } from '../model/errors.ts';
import { frame, framesOf, type HelperRequest, readFrames } from '../remote/frames.ts';
import { push, unpacking } from '../remote/trees.ts';
import { CLEAN_ENV, exec } from '../system/exec.ts';
import { spawnWarden } from './start-warden.ts';

/** Loop devices that a warden may find taken by others of the engine's machine. */
const LOOPS = 64;

/**
 * The program in the helper container: takes trees and the warden's input from stdin, gives the warden's output and then the record back.
 * It ends with its stdin, as the warden does. `entry`: its own path.
 */
export async function far(entry: string): Promise<void> {
  const out = process.stdout;
  try {
    await serve(entry, out);
  } catch (error) {
    const { message } = error as Error;
    const remedy = error instanceof JailError ? error.remedy : 'look into the log of the engine';
    await push(out, frame('failed', JSON.stringify({ message, remedy })));
  }
}

async function serve(entry: string, out: Writable): Promise<void> {
  const frames = readFrames(process.stdin as AsyncIterable<Buffer>);
  const first = await frames.next();
  if (first.done === true) return;
  if (first.value.kind !== 'request') throw new Error(`a request was expected, and ${first.value.kind} came`);
  const { protocol, trees, record } = JSON.parse(first.value.payload.toString('utf8')) as HelperRequest;
  if (protocol !== 1) throw new Error(`protocol ${String(protocol)} is not spoken here`);
  await openUp();
  for (const { to, without } of trees) await takeTree(unpacking(to, without), to, frames);
  mkdirSync(record, { recursive: true, mode: 0o700 });
  const code = await runWarden(join(dirname(entry), 'warden.cjs'), frames, out);
  await sendRecord(record, out);
  void code;
}

/**
 * Loop devices, which a container has not, or only those that were there when it was made (loop(4): major 7; the kernel hands out others);
 * and cgroups that can be written to.
 */
async function openUp(): Promise<void> {
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
  const made = await exec(['sh', '-c', script]);
  if (made.code !== 0)
    throw new JailError(`the helper container has too few rights: ${made.stderr}`, 'the engine has to allow privileged containers');
}

async function takeTree(
  [file, ...args]: [string, ...string[]],
  to: string,
  frames: AsyncGenerator<{ kind: string; payload: Buffer }>,
): Promise<void> {
  mkdirSync(to, { recursive: true });
  const tar = spawn(file, args, { env: CLEAN_ENV, stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  tar.stderr.on('data', (chunk: Buffer) => {
    if (said.length < 2000) said += chunk.toString('utf8');
  });
  tar.stdin.on('error', () => {}); // its end says why
  const ended = once(tar, 'close') as Promise<[number | null]>;
  for (;;) {
    const next = await frames.next();
    if (next.done === true) throw new Error('main went away');
    const { kind, payload } = next.value;
    if (kind === 'treeEnd') break;
    if (kind !== 'tree') throw new Error(`a tree was expected, and ${kind} came`);
    if (!tar.stdin.destroyed && !tar.stdin.write(payload)) await Promise.race([once(tar.stdin, 'drain').catch(() => {}), ended]);
  }
  tar.stdin.end();
  const [code] = await ended;
  if (code !== 0)
    throw new JailError(`${to} could not be unpacked at the engine: ${said.trim().slice(0, 500)}`, 'look at the space that the engine has');
}

/** Resolves once it is gone, and all of its output is on its way. */
async function runWarden(entry: string, frames: AsyncGenerator<{ kind: string; payload: Buffer }>, out: Writable): Promise<number | null> {
  const warden = spawnWarden(entry, ['run', 'nspawn'], false);
  let errors = '';
  warden.stderr.on('data', (chunk: Buffer) => {
    if (errors.length < 8192) errors += chunk.toString('utf8');
  });
  warden.stdin.on('error', () => {});
  const ended = once(warden, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  void feed(warden, frames);
  for await (const chunk of warden.stdout as AsyncIterable<Buffer>) for (const one of framesOf('output', chunk)) await push(out, one);
  const [code, signal] = await ended;
  await push(out, frame('ended', JSON.stringify({ end: String(signal ?? code), errors })));
  return code;
}

/** Its input ends with ours: that is how it learns that main is gone. */
async function feed(warden: ChildProcess, frames: AsyncGenerator<{ kind: string; payload: Buffer }>): Promise<void> {
  try {
    for await (const { kind, payload } of frames) {
      if (kind === 'inputEnd') break;
      if (kind === 'input') warden.stdin?.write(payload);
    }
  } catch {
    // cut off
  }
  warden.stdin?.end();
}

/** Plain files of one directory: the warden made it, and nothing of the agent's is in it but bytes. */
async function sendRecord(record: string, out: Writable): Promise<void> {
  for (const name of existsSync(record) ? readdirSync(record).sort() : []) {
    if (!lstatSync(join(record, name)).isFile()) continue;
    await push(out, frame('file', JSON.stringify({ name })));
    for await (const chunk of createReadStream(join(record, name), { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>)
      for (const one of framesOf('bytes', chunk)) await push(out, one);
  }
  await push(out, frame('recordEnd'));
}
