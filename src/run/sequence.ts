import { mkdirSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { GONE_REMEDY } from '../host/hands.ts';
import { leftRuns, lockState } from '../host/lock.ts';
import type { Cgroup } from '../host/cgroup.ts';
import { exportWork, forgetWork, OUTER_PROC } from '../host/outside.ts';
import { makeUppers } from '../host/layers.ts';
import { work } from '../host/places.ts';
import { requirePrograms } from '../host/programs.ts';
import { beginScratch, ERRORS, mountScratch, OUTPUT, SCRATCH, scratchUse } from '../host/scratch.ts';
import type { LayerView } from '../model/collector.ts';
import { JailError } from '../model/errors.ts';
import type { Backend, GroupLimits, Jail, JailSpec } from '../model/jail.ts';
import type { HostPath } from '../model/names.ts';
import type { RunEnd } from '../model/protocol.ts';
import { buildLayers, buildRuntime, jailSpec, makeCgroup } from './build.ts';
import { check, type Checked, scratchOf } from './check.ts';
import { chooseBackend } from './choose.ts';
import { concludeAhead } from './conclude.ts';
import { type Context, Stopped } from './context.ts';
import { dismissGateway, furtherSockets, type WaitingGateway, waitingGateway } from './gateway.ts';
import type { Place as HeldPlace } from './held.ts';
import { Network } from './network.ts';
import { prove, proveWeak } from './proof.ts';
import { type Root, RootWork } from './root.ts';
import { runStep, stepStart, type StepPlace } from './step.ts';
import { journalEngine, saidBefore, sweep } from './sweep.ts';
import { Terminal } from './terminal.ts';
import { Trace } from './trace.ts';
import { GuestTrace } from './guest-trace.ts';
import { Usage } from './usage.ts';
import { NETNS, openFiles } from './warmup.ts';

/** The warden's, which is the machine's. */
const OWN_NETNS = '/proc/self/ns/net';

/** The run up to the death of the jail: check, layers, jail, gateway, selftest, steps. Throws JailError; `context` holds what was made. */
export async function runJailed(context: Context): Promise<RunEnd> {
  const { request, channel, paper, stop } = context;
  channel.phase('check');
  requirePrograms();
  const { hands } = context.warm;
  void hands.died.then((how) => context.end({ how: 'error', started: context.started, message: how, remedy: GONE_REMEDY, place: null }));
  // An engine tells of itself meanwhile. It is asked for nothing else yet.
  const asked = request.backend === 'docker' ? chooseBackend('docker', context) : null;
  asked?.catch(() => {}); // it is awaited below
  const state = await lockState(hands, request.id);
  context.state = state;
  if (context.warm.first) await sweepOthers(context);
  // Beside all that is looked at before the layers: it takes longest of what they need, and depends on nothing but the policy.
  const room = scratchOf(request);
  const begun = beginScratch(hands, `${state}/scratch.img` as HostPath, room.size, room.files);
  const mountDisk = (): Promise<void> => {
    const mounted = mountScratch(hands, SCRATCH);
    const made = begun.then(async () => mounted);
    made.catch(() => {}); // it is awaited where it is needed
    return made;
  };
  await using rootWork = new RootWork(context);
  await orStop(context.warm.mounted, stop);
  const { backend, usable, why } = await orStop(asked ?? chooseBackend(request.backend, context), stop);
  paper.chose(backend.name, usable, why);
  // Not what most runs have, and not what was asked for: a surprise is told.
  if (request.backend === 'auto' && backend.name !== 'nspawn') context.notice(`backend ${backend.name}, ${why}`);
  if (request.elsewhere !== undefined)
    context.notice(
      `${request.elsewhere}: the workspace was copied there, and \`jail.root: host\` is what a helper container has (docs/remote.md)`,
    );
  // What is mounted where an engine looks has to be mounted after that is shown to it.
  const disk = backend.engine === null ? mountDisk() : null;
  const root = await orStop(rootWork.found, stop);
  paper.root = root.fact;
  const checked = check(request, root);
  paper.checked(checked, room);
  for (const message of checked.notices) context.notice(message);
  if (backend.lacks !== null) context.notice(backend.lacks);
  context.write();

  channel.phase('layers');
  const network = new Network(context);
  context.network = network;
  // An engine makes a namespace for each step, which is served then; where the network is the machine's, none is.
  const alone = backend.engine === null && backend.lacks === null;
  const served = alone ? gatewayOf(context).then((waiting) => network.serve(waiting)) : context.warm.withoutGateway();
  served.catch(() => {}); // it is awaited below, and may fail before
  if (backend.engine !== null) showTo(backend.engine, context);
  context.cgroup = makeCgroup(backend.cgroup(request.id), checked);
  backend.begin?.();
  const made = layers(context, checked, root, () => disk ?? mountDisk());
  made.catch(() => {}); // it is awaited below
  await turn(); // to start a process takes a while, in which the hands can do what the layers need
  if (backend.engine === null) startTrace(context, backend);
  const views = await orStop(made, stop);
  context.views = views;

  channel.phase('jail');
  const spec = jailSpec(request, checked, backend);
  const refused = backend.refuses(spec);
  if (refused.length > 0)
    throw new JailError(`${backend.name} refuses: ${refused.join('; ')}`, 'choose another backend, or change the policy');
  buildRuntime(request, checked);
  const jail = await backend.open(spec, { state: work('backend'), log: `${request.record}/backend.log` as HostPath });
  context.jail = jail;

  channel.phase('gateway');
  await orStop(served, stop);
  context.write();

  channel.phase('selftest');
  await using usage = new Usage(context, () => scratchUse(SCRATCH));
  return await steps(context, checked, root, { jail, spec, backend, usage });
}

/** What looks on. */
function startTrace(context: Context, backend: Backend): void {
  context.trace = backend.name === 'vm' ? new GuestTrace(context) : new Trace(context);
}

/** What dead runs left would take room, and an engine's containers would go on. Nothing is asked where no other run left a trace. */
async function sweepOthers(context: Context): Promise<void> {
  const { dead, live } = await leftRuns(context.request.id);
  await forgetWork(live, context.programs.export);
  if (dead.length === 0) return;
  const { removed, left } = await sweep(null, context.programs.export);
  if (removed.length > 0) context.notice(`removed what dead runs had left: ${removed.join(', ')}`);
  for (const one of left)
    if (!saidBefore(one)) context.notice(`a dead run left something that could not be removed: ${one.id}: ${one.why}`);
}

/** What is mounted once that is done is mounted where an engine looks, too: the layers wait for it. */
function showTo(engine: string, context: Context): void {
  const { request, programs } = context;
  journalEngine(request.id, engine);
  context.exported = exportWork(request.id, programs.export);
  context.exported.catch(() => {});
}

/** Setup layers, and overlays on the scratch disk, which `disk` has the hands mount where they have not been asked for that. */
async function layers(context: Context, checked: Checked, root: Root, disk: () => Promise<void>): Promise<LayerView[]> {
  const { request, programs, warm } = context;
  await context.exported;
  const mounted = disk();
  const uppers = makeUppers(warm.hands, checked.overlays); // beside what comes
  const made = mounted.then(async () => uppers);
  made.catch(() => {}); // it is awaited below
  mkdirSync(work('backend'), { mode: 0o700 });
  await root.ready;
  if (root.tree === null) await warm.etc();
  return buildLayers(request, checked, { hands: warm.hands, restore: programs.restore, scratch: made });
}

interface Built {
  readonly jail: Jail;
  readonly spec: JailSpec;
  readonly backend: Backend;
  readonly usage: Usage;
}
async function steps(context: Context, checked: Checked, root: Root, { jail, spec, backend, usage }: Built): Promise<RunEnd> {
  const { request, channel, paper, recorder, stop } = context;
  // One holds it whose processes and namespaces are the machine's.
  const engine = backend.engine !== null;
  const cgroup = context.cgroup;
  if (cgroup === null) throw new Error('no cgroup');
  const { directory } = await root.ready;
  // ms that the steps of each kind took: together they have `limits.time`.
  const spent = { setup: 0, agent: 0 };
  for (const [index, step] of request.steps.entries()) {
    const kind = step.setup ? 'setup' : 'agent';
    const limits = { ...checked.limits[kind], time: Math.max(0, checked.limits[kind].time - spent[kind]) };
    // What the backend itself needs is not the step's.
    const { memory, processes } = backend.overhead;
    const group = { ...limits, memory: limits.memory + memory, processes: limits.processes + processes };
    if (!engine) cgroup.vacate();
    cgroup.limit(group);
    const place: StepPlace = {
      jail,
      cgroup,
      output: OUTPUT,
      errors: request.policy.record.streams === 'split' ? ERRORS : null,
      recorder,
      stop,
      full: () => {
        const { bytes, files, full } = scratchUse(SCRATCH);
        paper.peak('disk', bytes);
        paper.peak('files', files);
        return full;
      },
      limitFiles: cgroup.limitFiles(group),
      expect: () => {
        if (index === 0) {
          // An engine takes its time to start a step.
          if (engine) startTrace(context, backend);
          context.collectors.startAhead();
        }
        if (engine) context.network?.expect();
      },
      enter: async (pid) =>
        engine ? enterContainer(context, cgroup, group, pid) : { pid, proc: '/proc', netns: spec.netns ?? OWN_NETNS, emptied: null },
      left: async () => {
        // After the last one there is nothing more to see, and the kernel takes a while to forget.
        if (index === request.steps.length - 1) void context.trace?.finish();
        else context.trace?.end(index);
        if (!engine) return;
        cgroup.unfollow();
        await context.network?.release();
      },
      dead: () => {
        if (!engine || index < request.steps.length - 1) return;
        usage.end();
        concludeAhead(context);
      },
      refused: () => context.network?.refused ?? [],
      traced: async (held) => context.trace?.begin(index, held, spec.identity.uid, index === request.steps.length - 1),
      terminal: (held, size) => Terminal.make(context.programs.terminal, held, spec.identity.uid, size),
      prove: (seen) => {
        const wanted = { ...spec, view: jail.view };
        return backend.lacks === null ? prove(wanted, seen) : proveWeak(wanted, seen);
      },
      proved: (properties) => {
        paper.proof ??= properties.map(({ property, seen }) => ({ property, seen }));
        if (!context.started) channel.phase('steps');
        context.started = true;
        paper.begin(index);
        context.write();
      },
      opened: () => channel.send({ kind: 'step', step: index, name: step.name, exit: null }),
      progress: (sample) => channel.send({ kind: 'progress', step: index, ...sample }),
    };
    context.network?.step(index, step.setup);
    const env = { ...checked.env, ...step.env, ...identityEnv(spec) };
    const { exit, end } = await runStep(
      place,
      stepStart(step, step.cwd ?? directory, index, env, place.errors !== null, limits),
      step,
      limits,
    );
    spent[kind] += exit.ms;
    paper.ended(index, exit);
    context.write();
    channel.send({ kind: 'step', step: index, name: step.name, exit });
    if (end !== null) return end;
    if (exit.code !== 0) return { how: 'steps-done', failed: index };
  }
  return { how: 'steps-done', failed: null };
}

/** The one that waits; where a policy names further ports, it cannot be that. */
async function gatewayOf({ warm, programs, request }: Context): Promise<WaitingGateway> {
  const further = furtherSockets(request.policy);
  const waiting = await warm.gateway();
  if (further.length === 0) return waiting;
  await dismissGateway(waiting);
  return waitingGateway(programs, { netns: NETNS, files: openFiles(), route: false, further });
}

/** What a container of its own brings: groups below the run's, and a network namespace that nobody serves yet. */
async function enterContainer(context: Context, cgroup: Cgroup, limits: GroupLimits, pid: number): Promise<HeldPlace> {
  const netns = `${OUTER_PROC}/${pid}/ns/net`;
  cgroup.limit(limits); // systemd, as the engine's driver, may have set its own
  const emptied = cgroup.follow();
  await context.network?.enter(netns);
  return { pid, proc: OUTER_PROC, netns, emptied };
}

function identityEnv(spec: JailSpec): Record<string, string> {
  const { name, home } = spec.identity;
  return { HOME: home, USER: name, LOGNAME: name, SHELL: '/bin/sh', TMPDIR: '/tmp', AGENT_JAIL_RESULT: '/run/agent-jail/result' };
}

/** The value, unless the run has to end first: then a Stopped error with the end. */
async function orStop<T>(work: Promise<T>, stop: Promise<RunEnd>): Promise<T> {
  return Promise.race([
    work,
    stop.then((end) => {
      throw new Stopped(end);
    }),
  ]);
}
