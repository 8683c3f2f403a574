import { mkdirSync } from 'node:fs';
import { lockState } from '../host/lock.ts';
import { work } from '../host/places.ts';
import { requirePrograms } from '../host/programs.ts';
import { FIFO, mountScratch, scratchUse } from '../host/scratch.ts';
import type { LayerView } from '../model/collector.ts';
import { JailError } from '../model/errors.ts';
import type { Jail, JailSpec } from '../model/jail.ts';
import type { HostPath } from '../model/names.ts';
import type { RunEnd } from '../model/protocol.ts';
import { unpackTree } from '../host/tree.ts';
import { writeAll } from '../system/ndjson.ts';
import { buildLayers, buildRuntime, jailSpec, makeCgroup } from './build.ts';
import { check, requireRoot, type Checked } from './check.ts';
import { Gateway, ownUid, type Peer } from './children.ts';
import { chooseBackend } from './choose.ts';
import { type Context, Stopped } from './context.ts';
import { runStep, stepStart, type StepPlace } from './step.ts';
import { Usage } from './usage.ts';
import { SOCKETS } from './warmup.ts';

/** sockets.pl hands the sockets over from this descriptor upwards. */
const FIRST_SOCKET = 10;

/** The run up to the death of the jail: check, layers, jail, gateway, selftest, steps. Throws JailError; `context` holds what was made. */
export async function runJailed(context: Context): Promise<RunEnd> {
  const { request, channel, paper, stop } = context;
  channel.phase('check');
  requirePrograms();
  const state = await lockState(request.id);
  context.state = state;
  await orStop(context.warm.mounted, stop);
  const { backend, usable, why } = await orStop(chooseBackend(request.backend, context), stop);
  paper.chose(backend.name, usable, why);
  const root = request.policy.jail.root;
  const checked = check(request, root.kind === 'directory' ? root.path : root.kind === 'archive' ? work('tree') : null);
  paper.checked(checked);
  for (const message of checked.notices) context.notice(message);
  context.write();

  channel.phase('layers');
  const network = context.warm.gateway.then((peer) => startGateway(context, peer));
  network.catch(() => {}); // it is awaited below, and may fail before
  context.cgroup = makeCgroup(request, checked);
  context.collectors.startAhead();
  const views = await orStop(layers(context, checked, state), stop);
  context.views = views;

  channel.phase('jail');
  const spec = jailSpec(request, checked);
  const refused = backend.refuses(spec);
  if (refused.length > 0)
    throw new JailError(`${backend.name} refuses: ${refused.join('; ')}`, 'choose another backend, or change the policy');
  buildRuntime(request, checked);
  const jail = await backend.open(spec, { state: work('backend'), log: `${request.record}/backend.log` as HostPath });

  channel.phase('gateway');
  const gateway = await orStop(network, stop);
  await orStop(gateway.ready, stop);
  context.write();

  channel.phase('selftest');
  await using usage = new Usage(context, () => scratchUse(work('scratch')));
  void usage;
  return await steps(context, checked, jail, spec);
}

/** Scratch disk, root tree, setup layers, overlays. */
async function layers(context: Context, checked: Checked, state: HostPath): Promise<LayerView[]> {
  const { request, programs } = context;
  await mountScratch(`${state}/scratch.img` as HostPath, work('scratch'), checked.scratch.size, checked.scratch.files);
  const root = request.policy.jail.root;
  if (root.kind === 'archive') {
    await unpackTree(root.path, root.sha256, work('tree'), work('scratch', 'tree'));
    requireRoot(work('tree'), `the root archive ${root.path}`);
  }
  mkdirSync(work('backend'), { mode: 0o700 });
  if (root.kind === 'host') await context.warm.etc;
  return buildLayers(request, checked, programs);
}

/** The jail's only way out, from a process that is there already. */
function startGateway(context: Context, peer: Peer): Gateway {
  const { request, channel } = context;
  const uid = ownUid();
  const gateway = new Gateway(
    peer,
    {
      kind: 'serve',
      id: request.id,
      epoch: context.epoch,
      sockets: SOCKETS.map(({ protocol, port }, index) => ({ fd: FIRST_SOCKET + index, protocol, port })),
      log: 3,
      uid,
      gid: uid,
    },
    // Names and paths are the agent's words: what is secret in them goes before it is written.
    (line) => writeAll(context.files.fd('network.ndjson'), Buffer.from(`${JSON.stringify(context.redactor.redactJson(line))}\n`)),
    ({ host, port, rule }) => channel.send({ kind: 'denied', host: context.redactor.redactText(host), port, rule }),
  );
  context.gateway = gateway;
  void gateway.died.then((how) =>
    context.end({
      how: 'error',
      started: context.started,
      message: `${how}: nothing is reachable any more`,
      remedy: 'run again',
      place: null,
    }),
  );
  return gateway;
}

async function steps(context: Context, checked: Checked, jail: Jail, spec: JailSpec): Promise<RunEnd> {
  const { request, channel, paper, recorder, stop } = context;
  const cgroup = context.cgroup;
  if (cgroup === null) throw new Error('no cgroup');
  // ms that the steps of each kind took: together they have `limits.time`.
  const spent = { setup: 0, agent: 0 };
  for (const [index, step] of request.steps.entries()) {
    const kind = step.setup ? 'setup' : 'agent';
    const limits = { ...checked.limits[kind], time: Math.max(0, checked.limits[kind].time - spent[kind]) };
    cgroup.limit(limits);
    const place: StepPlace = {
      jail,
      spec,
      cgroup,
      fifo: FIFO,
      recorder,
      stop,
      full: () => {
        const { bytes, files, full } = scratchUse(work('scratch'));
        paper.peak('disk', bytes);
        paper.peak('files', files);
        return full;
      },
      limitFiles: cgroup.limitFiles(limits),
      proved: (properties) => {
        paper.proof ??= properties.map(({ property, seen }) => ({ property, seen }));
        if (!context.started) channel.phase('steps');
        context.started = true;
        paper.begin(index);
        context.write();
      },
      opened: () => channel.send({ kind: 'step', step: index, name: step.name, exit: null }),
    };
    context.gateway?.step(index);
    const env = { ...checked.env, ...step.env, ...identityEnv(spec) };
    const { exit, end } = await runStep(place, stepStart(step, index, env), step, limits);
    spent[kind] += exit.ms;
    paper.ended(index, exit);
    context.write();
    channel.send({ kind: 'step', step: index, name: step.name, exit });
    if (end !== null) return end;
    if (exit.code !== 0) return { how: 'steps-done', failed: index };
  }
  return { how: 'steps-done', failed: null };
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
