import { setTimeout as sleep } from 'node:timers/promises';
import { JailError } from '../model/errors.ts';
import type { GroupLimits, Jail, PayloadExit, Property, Running, Step, StepStart } from '../model/jail.ts';
import type { HostPath, JailPath } from '../model/names.ts';
import type { LimitName, StepLimits } from '../model/policy.ts';
import type { RunEnd, StepExit, StepProgress } from '../model/protocol.ts';
import type { TerminalSize } from '../model/terminal.ts';
import type { Cgroup, CgroupUsage } from '../host/cgroup.ts';
import type { Recorder } from '../transcript/recorder.ts';
import { Gate } from './gate.ts';
import { type Place as HeldPlace, readHeld } from './held.ts';
import type { Held } from './proof.ts';
import type { Terminal } from './terminal.ts';

/** Where a step finds its script, its output and its result; read-only but for the result. */
export const RUNTIME = '/run/agent-jail' as JailPath;
/** What backends add to the environment. */
const ADDED = [
  'HOSTNAME',
  'container',
  'container_uuid',
  'container_host_id',
  'container_host_version_id',
  'container_host_build_id',
  'container_host_variant_id',
  'NOTIFY_SOCKET',
] as const;
/**
 * Opening the FIFO is the gate. The step's shell takes the place of the inner one then. Its environment is the step's, whatever the backend
 * adds. It goes to the step's directory itself: an earlier step may have removed that, which makes this step fail and is no defect of the jail.
 * The outer one waits for it: whatever it ends by is an exit code then, 128 and the number for a signal, on every backend. What the outer
 * one says of that is the backend's output.
 */
const wrapper = (added: readonly string[], streams: string, end: string): string => `: >/run/agent-jail/out
${streams}
cd -- "$1" 2>/dev/null || { echo "agent-jail: the working-directory $1 is not a directory in the jail"; exit 1; }
shift
unset ${added.join(' ')}
exec "$@")
${end}`;
const piped = (added: readonly string[], split: boolean): string =>
  wrapper(added, `(exec >/run/agent-jail/out 2>${split ? '/run/agent-jail/err' : '&1'}`, 'exit $?');
/**
 * The outer shell leads the session, so that the terminal which it opens is the controlling one, and ends once what was printed was read
 * (`terminal.pl`).
 */
const onTerminal = (added: readonly string[]): string =>
  wrapper(added, 'exec 3<>/dev/pts/0\n(exec <&3 >&3 2>&3 3>&-', 'code=$?\nread -r _ </run/agent-jail/drained\nexit $code');

/** ms. */
const PATIENCE = 10_000;
const RETRY = 10;
/** That an engine takes to say how a step ended whose processes are gone, when it has many to do at once. */
const TOLD = 60_000;
const LOOK = 100;
const TELL = 1000;

export interface StepPlace {
  readonly jail: Jail;
  readonly cgroup: Cgroup;
  readonly output: HostPath;
  /** For stderr; null: that goes where stdout goes. */
  readonly errors: HostPath | null;
  readonly recorder: Recorder;
  /** The limit of the scratch disk that the kernel is refusing by now. */
  full(): LimitName | null;
  /** Limits of the network beyond which something was refused. */
  refused(): readonly LimitName[];
  /** Cgroup files and what they must read as. */
  readonly limitFiles: ReadonlyMap<string, string>;
  /** Resolves with the reason when the run has to end: a cancel, a dead gateway. */
  readonly stop: Promise<RunEnd>;
  /** The step is on its way: gets ready what can be without it. */
  expect(): void;
  /** The held process is there: makes ready what can only be made then. Where it is read by, and the network namespace. */
  enter(pid: number): Promise<HeldPlace>;
  /** Nothing of the step lives any more. */
  left(): Promise<void>;
  /** All that is counted and printed of the step is known, but for how its backend says that it ended. */
  dead(): void;
  /** What descends from the held process is logged. Never rejects. */
  traced(held: HeldPlace): Promise<void>;
  /** Compares the held process with the specification. */
  prove(held: Held): readonly Property[];
  /** Makes the step's terminal. */
  terminal(held: HeldPlace, size: TerminalSize): Promise<Terminal>;
  /** The held process was proved; the gate is about to open. */
  proved(properties: readonly Property[]): void;
  opened(): void;
  /** What the step has used by now. */
  progress(sample: StepProgress): void;
}
export type StepOutcome = { readonly exit: StepExit; readonly end: RunEnd | null };

/** Pure: what the backend starts for a step. */
export function stepStart(
  step: Step,
  cwd: JailPath,
  index: number,
  env: Readonly<Record<string, string>>,
  split: boolean,
  { memory, cpus, processes }: GroupLimits,
): StepStart {
  const script = `${RUNTIME}/step-${index}${step.extension}`;
  const added = [...ADDED, 'PWD', 'OLDPWD'].filter((name) => !Object.hasOwn(env, name));
  return {
    index,
    argv: [
      '/bin/sh',
      '-c',
      step.tty === null ? piped(added, split) : onTerminal(added),
      'sh',
      cwd,
      ...step.shell.map((part) => part.replaceAll('{0}', script)),
    ],
    cwd: '/' as JailPath,
    env,
    split: split && step.tty === null,
    tty: step.tty,
    limits: { memory, cpus, processes },
  };
}

/** Runs one step: start, prove from outside, open the gate, watch, and leave nothing of it alive. */
export async function runStep(place: StepPlace, start: StepStart, step: Step, limits: StepLimits): Promise<StepOutcome> {
  const { cgroup, recorder } = place;
  const before = cgroup.usage();
  const starting = place.jail.start(start);
  const expected = (async () => place.expect())();
  expected.catch(() => {}); // what was started is known first, so that it ends
  void import('node:crypto'); // while the jail is made: what is recorded is hashed
  const running = await starting;
  const gate = new Gate(place.output);
  // One that nobody has opened has nothing to be drained of.
  const errors = place.errors === null || step.tty !== null ? null : new Gate(place.errors);
  let terminal: Terminal | null = null;
  try {
    await expected;
    const pid = await Promise.race([running.leader(), place.stop.then(() => null)]);
    if (pid === null) return { exit: NOTHING, end: await place.stop };
    const held = await place.enter(pid);
    const traced = place.traced(held);
    const seen = readHeld(held, place.limitFiles, cgroup.layout.unified !== null);
    const properties = [...place.prove(seen), ...(running.proof?.() ?? [])];
    const wrong = properties.filter((p) => p.wrong !== null);
    if (wrong.length > 0)
      throw new JailError(
        `the jail is not what the policy says: ${wrong.map((p) => `${p.property} is ${p.seen}, ${p.wrong}`).join('; ')}`,
        'nothing was started; report it with the output of `agent-jail doctor`',
      );
    if (step.tty !== null && running.inside === undefined) terminal = await place.terminal(held, step.tty);
    await traced;
    place.proved(properties);

    const watch = new Watch(place, limits, step, start.index, before);
    void running.inside?.exceeded.then((limit) => watch.exceed(limit));
    recorder.begin(start.index, step.name, step.tty !== null ? 'tty' : errors !== null ? 'stdout' : 'merged');
    place.opened();
    errors?.open((chunk) => watch.take(chunk, 'stderr'));
    gate.open((chunk) => watch.take(chunk));
    let emptied = false;
    const dead = held.emptied?.then(() => (emptied = true)) ?? running.exit;
    const ends = [running.exit, dead].map((end) => end.then(() => null));
    const exit = await Promise.race([...ends, watch.over, place.stop, ...(terminal === null ? [] : [terminal.died])]);
    watch.stop();
    // One whose processes are known to be gone is not killed: its backend will tell how they ended.
    const killed = emptied ? null : await kill(cgroup, running);
    await terminal?.drain();
    await Promise.all([gate.drain(), errors?.drain()]);
    await place.left();
    const after = cgroup.usage();
    watch.look();
    watch.finish(after);
    place.dead();
    const told = running.exit.then(() => null);
    const stopped = killed !== null ? null : await Promise.race([told, place.stop, sleep(TOLD, null, { ref: false })]);
    const ended = killed ?? (await kill(cgroup, running));
    // Ended by the warden: what the backend makes of that differs.
    const { code, signal } = ended === 'backend' || exit !== null ? KILLED : ended;
    const { bytes } = recorder.end({ code, signal });
    // Memory ends the run also where only a child died of it.
    const memory: RunEnd | null = after.oomKills > before.oomKills ? { how: 'limit', limit: 'memory', step: start.index } : null;
    const end = exit ?? stopped ?? watch.ended ?? memory ?? (ended === 'backend' ? backendDied(place.jail.died) : null);
    const hit = new Set<LimitName>([...watch.refused, ...place.refused(), ...(running.inside?.refused() ?? [])]);
    if (after.forksRefused > before.forksRefused) hit.add('processes');
    if (memory !== null) hit.add('memory');
    if (end?.how === 'limit') hit.add(end.limit);
    return { exit: { code, signal, hit: [...hit], ms: watch.elapsed, bytes }, end };
  } finally {
    await kill(cgroup, running);
    terminal?.kill();
    await Promise.all([gate.drain(), errors?.drain()]);
  }
}
/** Kills the step, also one that is still on its way into the cgroup, and resolves with its end. */
async function kill(cgroup: Cgroup, running: Running): Promise<PayloadExit> {
  for (const end = performance.now() + PATIENCE; ; ) {
    await running.kill();
    const empty = await cgroup.kill();
    const exit = await Promise.race([running.exit, sleep(RETRY, null)]);
    if (empty && exit !== null) return exit;
    if (performance.now() > end)
      throw new JailError('processes of the step could not be killed', 'the machine needs a look: a process may hang in the kernel');
  }
}
const KILLED = { code: null, signal: 'SIGKILL' };
const backendDied = (message: string): RunEnd => ({
  how: 'error',
  started: true,
  message,
  remedy: 'look for who kills processes on this machine (a lack of memory shows in the kernel log), and run again',
  place: null,
});
const NOTHING: StepExit = { code: null, signal: null, hit: [], ms: 0, bytes: 0 };

/** Time, idle, output and memory of one step; and what the scratch disk refused, also where the step made room again. */
class Watch {
  readonly over: Promise<RunEnd>;
  readonly refused = new Set<LimitName>();
  ended: RunEnd | null = null;
  readonly #started = performance.now();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #end: (limit: LimitName) => void;
  readonly #place: StepPlace;
  readonly #output: number;
  readonly #before: CgroupUsage;
  #bytes = 0;
  #last = performance.now();
  #told = 0;
  #peak = 0;

  constructor(place: StepPlace, limits: StepLimits, step: Step, index: number, before: CgroupUsage) {
    const { promise, resolve } = Promise.withResolvers<RunEnd>();
    this.over = promise;
    this.#place = place;
    this.#before = before;
    this.#output = limits.output;
    this.#end = (limit) => {
      this.ended ??= { how: 'limit', limit, step: index };
      resolve(this.ended);
    };
    // What a step says of itself can only be stricter than the policy.
    const idle = step.idle === null ? limits.idle : Math.min(step.idle, limits.idle ?? Number.POSITIVE_INFINITY);
    this.#timers.push(setTimeout(() => this.#end('time'), Math.min(step.time ?? Number.POSITIVE_INFINITY, limits.time)));
    this.#timers.push(
      setInterval(() => {
        place.recorder.tick();
        this.look();
        if (idle !== null && performance.now() - this.#last > idle) this.#end('idle');
        const usage = place.cgroup.usage();
        if (usage.oomKills > before.oomKills) this.#end('memory');
        this.#peak = Math.max(this.#peak, usage.memory);
        if (this.elapsed - this.#told >= TELL) this.#tell(usage);
      }, LOOK),
    );
  }
  /** A limit that somebody else watches. */
  exceed(limit: LimitName): void {
    this.#end(limit);
  }
  look(): void {
    const full = this.#place.full();
    if (full !== null) this.refused.add(full);
  }
  take(chunk: Buffer, stream?: 'stderr'): void {
    this.#last = performance.now();
    const room = this.#output - this.#bytes;
    this.#bytes += chunk.length;
    if (room > 0) this.#place.recorder.write(chunk.length > room ? chunk.subarray(0, room) : chunk, stream);
    if (this.#bytes > this.#output) this.#end('output');
  }
  /** The last numbers: of a short step there were none before. A peak of the run that was reached in this step is the step's own. */
  finish(after: CgroupUsage): void {
    this.#peak = Math.max(this.#peak, after.memoryPeak > this.#before.memoryPeak ? after.memoryPeak : after.memory);
    this.#tell(after);
  }
  #tell({ memory, pids }: CgroupUsage): void {
    this.#told = this.elapsed;
    this.#place.progress({ ms: this.elapsed, bytes: this.#bytes, memory, peak: this.#peak, processes: pids });
  }
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
  get elapsed(): number {
    return Math.round(performance.now() - this.#started);
  }
}
