import type { TokenUse } from '../model/gateway.ts';
import type { Usable } from '../model/jail.ts';
import type { BackendName, JailPath } from '../model/names.ts';
import type { LimitName } from '../model/policy.ts';
import type { Counts, RunEnd, RunRequest, StepExit } from '../model/protocol.ts';
import type { RunDocument, StepRecord } from '../model/record.ts';
import type { ProgramsRecord } from '../model/programs.ts';
import type { Checked, Scratch } from './check.ts';
import type { Channel } from './events.ts';

const NO_COUNTS: Counts = { changed: 0, ignored: 0, denied: 0, redacted: 0, findings: 0 };

/** `run.json` as it grows: written at every turn of the run, so that it is true whenever the warden is killed. */
export class Paper {
  backend: RunDocument['backend'];
  root: RunDocument['root'];
  proof: RunDocument['proof'] = null;
  end: RunEnd;
  counts: Counts = NO_COUNTS;
  tokens: TokenUse | null = null;
  programs: ProgramsRecord = { source: 'none', why: 'it never got that far, or was cut off' };
  exact = true;
  redacted: Readonly<Record<string, number>> = {};
  readonly notices: string[] = [];
  readonly #request: RunRequest;
  readonly #channel: Channel;
  readonly #steps: StepRecord[];
  readonly #started = new Date().toISOString();
  readonly #limits = new Map<LimitName, { limit: number | null; peak: number | null; hit: boolean }>();
  #host: RunDocument['host'];
  #path: string | null = null;

  constructor(request: RunRequest, channel: Channel) {
    this.#request = request;
    this.#channel = channel;
    this.backend = { name: request.backend === 'auto' ? 'nspawn' : request.backend, version: '', why: '' };
    this.#host = { kernel: '', arch: process.arch, cpus: 0, memory: 0, cgroups: '' };
    this.root = { kind: request.policy.jail.root.kind, sha256: null };
    this.#steps = request.steps.map(({ name, setup, shell, tty, agent }) => ({
      name,
      setup,
      argv: shell,
      tty,
      agent,
      started: null,
      exit: null,
    }));
    this.end = { how: 'error', started: false, message: 'the warden was killed', remedy: 'run again', place: null };
  }

  chose(name: BackendName, usable: Usable & { ok: true }, why: string): void {
    this.backend = { name, version: usable.version, why };
  }
  checked({ machine, layout, limits, env }: Checked, scratch: Scratch): void {
    this.#path = env['PATH'] ?? null;
    const { kernel, arch, cpus, memory } = machine;
    this.#host = { kernel, arch, cpus, memory, cgroups: layout.kind };
    const { memory: bytes, cpus: cores, processes, time, idle, output } = limits.agent;
    const numbers: [LimitName, number | null][] = [
      ['memory', bytes],
      ['cpus', cores],
      ['processes', processes],
      ['disk', scratch.size],
      ['files', scratch.files],
      ['time', time],
      ['idle', idle],
      ['output', output],
      ['upload', this.#request.policy.limits.upload],
      ['download', this.#request.policy.limits.download],
      ['connections', this.#request.policy.limits.connections],
      ['requests', this.#request.policy.limits.requests],
    ];
    for (const [name, limit] of numbers) this.#limits.set(name, { limit, peak: null, hit: false });
  }
  /** Keeps the largest. */
  peak(name: LimitName, value: number): void {
    const entry = this.#limits.get(name);
    if (entry !== undefined) entry.peak = Math.max(entry.peak ?? 0, value);
  }
  hit(name: LimitName): void {
    const entry = this.#limits.get(name);
    if (entry !== undefined) entry.hit = true;
  }
  begin(step: number): void {
    this.#step(step, { started: this.#channel.clock() });
    // A warden killed from here on leaves a record that says an agent command ran.
    if (this.end.how === 'error') this.end = { ...this.end, started: true };
  }
  ended(step: number, exit: StepExit): void {
    this.#step(step, { exit });
    for (const name of exit.hit) this.hit(name);
    this.peak('output', exit.bytes);
    this.peak('time', exit.ms);
  }
  document(): RunDocument {
    const { id, version, policy, source, base, origin, workspace } = this.#request;
    return {
      schema: 'agent-jail/run@1',
      id,
      started: this.#started,
      tool: { name: 'agent-jail', version, node: process.version },
      policy,
      source,
      base,
      origin,
      backend: this.backend,
      host: this.#host,
      root: this.root,
      workspace: workspace as string as JailPath,
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
      phases: this.#channel.phases,
    };
  }
  #step(index: number, change: Partial<StepRecord>): void {
    const step = this.#steps[index];
    if (step !== undefined) this.#steps[index] = { ...step, ...change };
  }
}
