import { chownSync } from 'node:fs';
import type { Cgroup } from '../host/cgroup.ts';
import { ROOT } from '../host/layers.ts';
import { withdrawWork } from '../host/outside.ts';
import { COLLECT } from '../host/places.ts';
import { SCRATCH } from '../host/scratch.ts';
import type { LayerView } from '../model/collector.ts';
import type { Jail } from '../model/jail.ts';
import type { HostPath } from '../model/names.ts';
import type { RunEnd, RunRequest } from '../model/protocol.ts';
import { type RecordFiles, writeRun } from '../record/write.ts';
import { Recorder } from '../transcript/recorder.ts';
import { type Redactor, redactorOf } from '../transcript/redact.ts';
import { startCollector } from './children.ts';
import { Collectors } from './collectors.ts';
import type { Channel } from './events.ts';
import type { Network } from './network.ts';
import { Paper } from './paper.ts';
import type { GuestTrace } from './guest-trace.ts';
import type { Trace } from './trace.ts';
import type { Warm } from './warmup.ts';

/** Files beside the warden's own. */
export interface Programs {
  readonly node: string;
  readonly gateway: HostPath;
  readonly collector: HostPath;
  readonly launch: HostPath;
  readonly chroot: HostPath;
  readonly restore: HostPath;
  readonly sockets: HostPath;
  readonly hands: HostPath;
  readonly export: HostPath;
  readonly terminal: HostPath;
  readonly trace: HostPath;
  readonly forget: HostPath;
  readonly vm: Readonly<
    Record<'guest' | 'calls' | 'mux' | 'network' | 'step' | 'programs' | 'trace' | 'pty' | 'relay' | 'share', HostPath>
  >;
}

/** One run: what was asked, what is written, what was made so far and has to go again. */
export class Context {
  readonly request: RunRequest;
  readonly programs: Programs;
  readonly channel: Channel;
  readonly files: RecordFiles;
  readonly paper: Paper;
  readonly redactor: Redactor;
  readonly recorder: Recorder;
  readonly warm: Warm;
  readonly collectors: Collectors;
  /** hrtime at run start, for the gateway's clock. */
  readonly epoch: string;
  /** Resolves when the run has to end before its steps have: a cancel, a dead gateway. */
  readonly stop: Promise<RunEnd>;
  readonly end: (end: RunEnd) => void;
  /** An agent command was let go. */
  started = false;
  state: HostPath | null = null;
  cgroup: Cgroup | null = null;
  jail: Jail | null = null;
  /** What the warden mounts is in the machine's mount namespace as well, and has to go from there. */
  exported: Promise<void> | null = null;
  #released: Promise<void> | null = null;
  /** Of the conclusion, what was done, or was begun with ahead. */
  stopped: Promise<void> | null = null;
  collected: Promise<void> | null = null;
  network: Network | null = null;
  trace: Trace | GuestTrace | null = null;
  views: readonly LayerView[] = [];

  constructor(request: RunRequest, programs: Programs, warm: Warm, channel: Channel, files: RecordFiles, epoch: string) {
    this.request = request;
    this.warm = warm;
    this.programs = programs;
    this.channel = channel;
    this.files = files;
    this.epoch = epoch;
    this.paper = new Paper(request, channel);
    const { promise, resolve } = Promise.withResolvers<RunEnd>();
    this.stop = promise;
    this.end = resolve;
    this.collectors = new Collectors(
      (names) =>
        startCollector(
          programs,
          names.map((name) => files.fd(name)),
        ),
      (uid) => {
        chownSync(COLLECT, uid, uid);
        return COLLECT;
      },
    );
    this.redactor = redactorOf(request);
    this.recorder = new Recorder({
      log: files.fd('transcript.log'),
      index: files.fd('transcript.ndjson'),
      redactor: this.redactor,
      clock: channel.clock,
      checkpoint: (step, sha256, bytes) => channel.send({ kind: 'checkpoint', step, sha256, bytes }),
      display: (step, bytes) => {
        if (request.display) channel.output(step, bytes);
      },
    });
  }
  /** Nobody needs the layers any more: lets go of what the machine's engine holds, and of what is shown to it. Throws JailError. */
  async release(): Promise<void> {
    this.#released ??= (async () => {
      // Both at once: whatever of the engine's still has them keeps them until it is gone.
      const shown = this.exported
        ?.catch(() => {}) // it may be on its way still
        .then(async () => withdrawWork(this.request.id, this.programs.export));
      const ended = await Promise.allSettled([this.jail?.[Symbol.asyncDispose](), shown]);
      // They end with the warden's namespaces; but the kernel takes a while for a file system, and here nobody waits for it.
      void this.warm.hands.ask('the layers could not be unmounted', ['detach', ROOT, SCRATCH]);
      for (const one of ended) if (one.status === 'rejected') throw one.reason;
    })();
    return this.#released;
  }
  notice(message: string): void {
    this.paper.notices.push(message);
    this.channel.send({ kind: 'notice', message });
  }
  /** `run.json` as things stand. */
  write(): void {
    writeRun(this.request.record, this.paper.document(), this.request.caller);
  }
}

/** The run has to end, and this is how. */
export class Stopped extends Error {
  readonly end: RunEnd;
  constructor(end: RunEnd) {
    super(end.how);
    this.end = end;
  }
}
