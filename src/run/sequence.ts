import { mkdirSync } from 'node:fs';
import { lockState } from '../host/lock.ts';
import { createNetns } from '../host/netns.ts';
import { work } from '../host/places.ts';
import { requirePrograms } from '../host/programs.ts';
import { mountScratch, mountWork, scratchUse } from '../host/scratch.ts';
import type { LayerView } from '../model/collector.ts';
import { JailError } from '../model/errors.ts';
import type { Jail, JailSpec } from '../model/jail.ts';
import type { HostPath } from '../model/names.ts';
import type { RunEnd } from '../model/protocol.ts';
import { unpackTree } from '../host/tree.ts';
import { writeAll } from '../system/ndjson.ts';
import { readProc } from '../system/proc.ts';
import { buildLayers, buildRuntime, FIFO, jailSpec, makeCgroup, NETNS } from './build.ts';
import { check, requireRoot, type Checked } from './check.ts';
import { Gateway, gatewayArgv, ownUid } from './children.ts';
import { chooseBackend } from './choose.ts';
import { startCollectors } from './collectors.ts';
import { type Context, Stopped } from './context.ts';
import { runStep, stepStart, type StepPlace } from './step.ts';
import { Usage } from './usage.ts';

/** DNS, and the ports that are answered on every address; the address of the jail's resolver is its loopback. */
const SOCKETS = [
  { protocol: 'udp', address: '127.0.0.1', port: 53 },
  { protocol: 'tcp', address: '127.0.0.1', port: 53 },
  { protocol: 'tcp', address: '0.0.0.0', port: 80 },
  { protocol: 'tcp', address: '0.0.0.0', port: 443 },
] as const;
/** sockets.pl hands the sockets over from this descriptor upwards. */
const FIRST_SOCKET = 10;
/** The run up to the death of the jail: check, layers, jail, gateway, selftest, steps. Throws JailError; `context` holds what was made. */
export async function runJailed(context: Context): Promise<RunEnd> {
  const { request, channel, paper, stop } = context;
  channel.phase('check');
  requirePrograms();
  const [state] = await Promise.all([lockState(request.id), mountWork()]);
  context.state = state;
  const { backend, usable, why } = await orStop(chooseBackend(request.backend, context), stop);
  paper.chose(backend.name, usable, why);
  const root = request.policy.jail.root;
  const checked = check(request, root.kind === 'directory' ? root.path : root.kind === 'archive' ? work('tree') : null);
  paper.checked(checked);
  for (const message of checked.notices) context.notice(message);
  context.write();

  channel.phase('layers');
  const network = startGateway(context);
  network.catch(() => {}); // it is awaited below, and may fail before
  context.cgroup = makeCgroup(request, checked);
  context.collectors = startCollectors(context);
  const views = await orStop(layers(context, checked, state), stop);
  context.views = views;

  channel.phase('jail');
  const spec = jailSpec(request, checked);
  const refused = backend.refuses(spec);
  if (refused.length > 0)
    throw new JailError(`${backend.name} refuses: ${refused.join('; ')}`, 'choose another backend, or change the policy');
  const [jail] = await Promise.all([
    backend.open(spec, { state: work('backend'), log: `${request.record}/backend.log` as HostPath }),
    buildRuntime(request, checked),
  ]);

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
  return buildLayers(request, checked, programs);
}

/** Two descriptors a connection, for as many as the gateway holds; no more than this process may hand on. */
const openFiles = (): number =>
  Math.min(65_536, Number(/^Max open files\s+\d+\s+(\d+)/m.exec(readProc('self', 'limits') ?? '')?.[1] ?? 4096));

/** The namespace and the jail's only way out of it; started early, because Node's own start is the largest cost of a short run. */
async function startGateway(context: Context): Promise<Gateway> {
  const { programs, request, channel } = context;
  await createNetns(NETNS);
  const argv = gatewayArgv(
    programs.node,
    { sockets: programs.sockets, entry: programs.gateway, netns: NETNS },
    openFiles(),
    SOCKETS.map((s) => `${s.protocol}:${s.address}:${s.port}`).join(','),
  );
  const uid = ownUid();
  const gateway = new Gateway(
    argv,
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
  for (const [index, step] of request.steps.entries()) {
    const limits = checked.limits[step.setup ? 'setup' : 'agent'];
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
