import { JailError } from '../model/errors.ts';
import type { Jail, JailSpec, Step, StepStart } from '../model/jail.ts';
import type { HostPath, JailPath } from '../model/names.ts';
import type { LimitName, StepLimits } from '../model/policy.ts';
import type { RunEnd, StepExit } from '../model/protocol.ts';
import type { Cgroup } from '../host/cgroup.ts';
import type { Recorder } from '../transcript/recorder.ts';
import { Gate } from './gate.ts';
import { readHeld } from './held.ts';
import { type Property, prove } from './proof.ts';

/** Where a step finds its script, its output and its result; read-only but for the result. */
export const RUNTIME = '/run/agent-jail' as JailPath;
/** The step's shell takes its place once the gate is open. Its environment is the step's, whatever the backend adds. */
const ADDED =
  'container container_uuid container_host_id container_host_version_id container_host_build_id container_host_variant_id NOTIFY_SOCKET';
const WRAPPER = `unset ${ADDED} OLDPWD; exec "$@" >/run/agent-jail/out 2>&1`;

export interface StepPlace {
  readonly jail: Jail;
  readonly spec: JailSpec;
  readonly cgroup: Cgroup;
  readonly fifo: HostPath;
  readonly recorder: Recorder;
  /** Cgroup files and what they must read as. */
  readonly limitFiles: ReadonlyMap<string, string>;
  /** Resolves with the reason when the run has to end: a cancel, a dead gateway. */
  readonly stop: Promise<RunEnd>;
  /** The held process was proved; the gate is about to open. */
  proved(properties: readonly Property[]): void;
  opened(): void;
}
export type StepOutcome = { readonly exit: StepExit; readonly end: RunEnd | null };

/** Pure: what the backend starts for a step. */
export function stepStart(step: Step, index: number, env: Readonly<Record<string, string>>): StepStart {
  const script = `${RUNTIME}/step-${index}${step.extension}`;
  return {
    index,
    argv: ['/bin/sh', '-c', WRAPPER, 'sh', ...step.shell.map((part) => part.replaceAll('{0}', script))],
    cwd: step.cwd,
    env,
  };
}

/** Runs one step: start, prove from outside, open the gate, watch, and leave nothing of it alive. */
export async function runStep(place: StepPlace, start: StepStart, step: Step, limits: StepLimits): Promise<StepOutcome> {
  const { cgroup, recorder } = place;
  const before = cgroup.usage();
  const running = await place.jail.start(start);
  const gate = new Gate(place.fifo);
  try {
    const pid = await Promise.race([running.leader(), place.stop.then(() => null)]);
    if (pid === null) return { exit: NOTHING, end: await place.stop };
    const properties = prove(place.spec, readHeld(pid, place.spec.netns, place.limitFiles));
    const wrong = properties.filter((p) => p.wrong !== null);
    if (wrong.length > 0)
      throw new JailError(
        `the jail is not what the policy says: ${wrong.map((p) => `${p.property} is ${p.seen}, ${p.wrong}`).join('; ')}`,
        'nothing was started; report it with the output of `agent-jail doctor`',
      );
    place.proved(properties);

    const watch = new Watch(place, limits, step, start.index, before.oomKills);
    recorder.begin(start.index, step.name);
    place.opened();
    gate.open((chunk) => watch.take(chunk));
    const exit = await Promise.race([running.exit.then(() => null), watch.over, place.stop]);
    watch.stop();
    if (!(await cgroup.kill()))
      throw new JailError('processes of the step could not be killed', 'the machine needs a look: a process may hang in the kernel');
    const { code, signal } = await running.exit;
    await gate.drain();
    const after = cgroup.usage();
    const { bytes } = recorder.end({ code, signal });
    const hit: LimitName[] = after.forksRefused > before.forksRefused ? ['processes'] : [];
    // Memory ends the run also where only a child died of it.
    const memory: RunEnd | null = after.oomKills > before.oomKills ? { how: 'limit', limit: 'memory', step: start.index } : null;
    return {
      exit: { code, signal, hit: memory === null ? hit : [...hit, 'memory'], ms: watch.elapsed, bytes },
      end: exit ?? watch.ended ?? memory,
    };
  } finally {
    await cgroup.kill();
    await gate.drain();
  }
}
const NOTHING: StepExit = { code: null, signal: null, hit: [], ms: 0, bytes: 0 };

/** Time, idle, output and memory of one step. */
class Watch {
  readonly over: Promise<RunEnd>;
  ended: RunEnd | null = null;
  readonly #started = performance.now();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #end: (limit: LimitName) => void;
  readonly #place: StepPlace;
  readonly #output: number;
  #bytes = 0;
  #last = performance.now();

  constructor(place: StepPlace, limits: StepLimits, step: Step, index: number, oomKills: number) {
    const { promise, resolve } = Promise.withResolvers<RunEnd>();
    this.over = promise;
    this.#place = place;
    this.#output = limits.output;
    this.#end = (limit) => {
      this.ended ??= { how: 'limit', limit, step: index };
      resolve(this.ended);
    };
    const idle = step.idle ?? limits.idle;
    this.#timers.push(setTimeout(() => this.#end('time'), step.time ?? limits.time));
    this.#timers.push(
      setInterval(() => {
        place.recorder.tick();
        if (idle !== null && performance.now() - this.#last > idle) this.#end('idle');
        if (place.cgroup.usage().oomKills > oomKills) this.#end('memory');
      }, 100),
    );
  }
  take(chunk: Buffer): void {
    this.#last = performance.now();
    const room = this.#output - this.#bytes;
    this.#bytes += chunk.length;
    if (room > 0) this.#place.recorder.write(chunk.length > room ? chunk.subarray(0, room) : chunk);
    if (this.#bytes > this.#output) this.#end('output');
  }
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
  get elapsed(): number {
    return Math.round(performance.now() - this.#started);
  }
}
