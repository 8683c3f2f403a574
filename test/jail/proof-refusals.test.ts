import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OwnEngine } from '../support/engine.ts';
import { jailed, type Ran, repository, temporary } from '../support/jail.ts';
import { settled, snapshot, type Snapshot } from '../support/machine.ts';
import { sabotagedEngine, sabotagedNspawn } from '../support/sabotage.ts';

// A backend that does not do what it is told: the proof from outside must see it, and nothing may have been started.

let place: ReturnType<typeof temporary>;
let before: Snapshot;
beforeEach(() => {
  place = temporary();
  repository(place.path);
  before = snapshot();
});
afterEach(async () => {
  expect(await settled(before)).toEqual([]);
  place[Symbol.dispose]();
});

/** What came of a run, as far as it matters here; `unsaid`: properties that the message does not name as wrong. */
function outcomeOf({ code, transcript, run: { end } }: Ran, properties: readonly string[]) {
  const [message, started] = end.how === 'error' ? [end.message, end.started] : ['', true];
  const unsaid = properties.filter((property) => !message.includes(`${property} is `));
  return { code, transcript, started, proof: message.startsWith('the jail is not what the policy says: '), unsaid };
}
const REFUSED = { code: 70, transcript: '', started: false, proof: true, unsaid: [] };
const SCRIPT = 'echo the agent was here';
const without = (type: string): string => `config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== '${type}')`;
const netns = "config.linux.namespaces.find(({ type }) => type === 'network').path";

// By what the kernel has of these.
const SPARE = ['type dummy', 'type ifb', 'type veth peer name other']
  .map((kind) => `nsenter --net="$1" ip link add spare ${kind}`)
  .join(' || ');

describe('nspawn', () => {
  const broken: readonly (readonly [what: string, code: string, ...properties: string[]])[] = [
    ['as root', 'config.process.user.uid = 0', 'uid'],
    ['in the group of root', 'config.process.user.gid = 0', 'gid'],
    ['in another group as well', 'config.process.user.additionalGids = [0]', 'groups'],
    ['with a capability to gain', "config.process.capabilities.bounding = ['CAP_NET_RAW']", 'capabilities CapBnd'],
    [
      'with a capability',
      "for (const set of Object.keys(config.process.capabilities)) config.process.capabilities[set] = ['CAP_NET_RAW']",
      'capabilities CapInh',
      'capabilities CapPrm',
      'capabilities CapEff',
      'capabilities CapAmb',
    ],
    ['in the host’s ipc namespace', `${without('ipc')}; env.SYSTEMD_NSPAWN_SHARE_NS_IPC = '1'`, 'namespace ipc'],
    ['in the host’s network', without('network'), 'namespace net', 'network namespace', 'network interfaces'],
    ['in another network', `delete config.linux.namespaces.find(({ type }) => type === 'network').path`, 'network namespace'],
    ['with one more interface', `sh('${SPARE}', ${netns})`, 'network interfaces'],
    [
      'with a route',
      `sh('${SPARE}; nsenter --net="$1" ip address add 192.0.2.1/24 dev spare; nsenter --net="$1" ip link set spare up', ${netns})`,
      'routes',
    ],
    ['with a directory of the host', "args.unshift('--bind=/srv:/mnt/unasked')", 'mount /mnt/unasked'],
    ['with a file system of the host in place of its layer', "args.unshift('--bind=/usr')", 'mount /usr'],
    [
      'with another limit',
      `sh('find /sys/fs/cgroup -path "*agent-jail-$1*" -name pids.max | while read -r file; do echo 99999 > "$file"; done', args.find((arg) => arg.startsWith('--machine=')).split('-').at(-2).toUpperCase())`,
      'limit pids.max',
    ],
  ];
  test.each(broken)('%s: refused', async (_, code, ...properties) => {
    const ran = await jailed(place.path, SCRIPT, { enter: await sabotagedNspawn(place.path, code), args: ['--backend', 'nspawn'] });
    expect(outcomeOf(ran, properties)).toEqual(REFUSED);
  });

  test('the same program without a change in it runs', async () => {
    const ran = await jailed(place.path, SCRIPT, { enter: await sabotagedNspawn(place.path, ''), args: ['--backend', 'nspawn'] });
    expect(`${ran.code} ${ran.transcript}`).toBe('0 the agent was here\n');
  });
});

describe('docker', () => {
  type Change = Parameters<typeof sabotagedEngine>[1];
  const host =
    (more: Readonly<Record<string, unknown>>): Change =>
    (container) =>
      Object.assign(container.HostConfig, more);
  const options = (keep: RegExp, ...more: string[]): Change => {
    return ({ HostConfig }) =>
      (HostConfig['SecurityOpt'] = [...(HostConfig['SecurityOpt'] as string[]).filter((option) => keep.test(option)), ...more]);
  };
  const mounts =
    (target: string, source: (was: string) => string): Change =>
    ({ HostConfig }) => {
      for (const mount of HostConfig['Mounts'] as { Source: string; Target: string }[])
        if (mount.Target === target) mount.Source = source(mount.Source);
    };
  const broken: readonly (readonly [what: string, change: Change, properties: readonly string[]])[] = [
    ['as root', (container) => (container.User = '0:0'), ['uid', 'gid']],
    ['in another group as well', host({ GroupAdd: ['0'] }), ['groups']],
    ['with capabilities to gain', host({ CapDrop: [] }), ['capabilities CapBnd']],
    // An engine gives none to a user that is not root, nor does it leave one to be inherited.
    [
      'as root, with capabilities',
      (container) => {
        container.User = '0:0';
        host({ CapDrop: [] })(container);
      },
      ['uid', 'capabilities CapPrm', 'capabilities CapEff', 'capabilities CapBnd'],
    ],
    ['with new privileges to gain', options(/^seccomp/), ['no new privileges']],
    ['without a filter', options(/^no-new/, 'seccomp=unconfined'), ['seccomp', 'seccomp filters']],
    ['in the host’s ipc namespace', host({ IpcMode: 'host' }), ['namespace ipc']],
    ['in the host’s pid namespace', host({ PidMode: 'host' }), ['namespace pid']],
    [
      'in the host’s uts namespace',
      (container) => {
        delete container['Hostname'];
        host({ UTSMode: 'host' })(container);
      },
      ['namespace uts'],
    ],
    ['in the host’s cgroup namespace', host({ CgroupnsMode: 'host' }), ['namespace cgroup']],
    ['in the engine’s own group', host({ CgroupParent: '' }), ['cgroup']],
    ['with a root that can be written', host({ ReadonlyRootfs: false }), ['mount /']],
    [
      'with a directory of the host',
      ({ HostConfig }) => (HostConfig['Mounts'] as object[]).push({ Type: 'bind', Source: '/srv', Target: '/mnt/unasked' }),
      ['mount /mnt/unasked'],
    ],
    ['with a directory of the host in place of its layer', mounts('/usr', () => '/usr'), ['mount /usr']],
    ['with a runtime that can be written', mounts('/run/agent-jail', (source) => source.replace(/-ro$/, '')), ['mount /run/agent-jail']],
  ];
  test.each(broken)('%s: refused', async (_, change, properties) => {
    await using engine = await sabotagedEngine(place.path, change);
    const ran = await jailed(place.path, SCRIPT, { env: { DOCKER_HOST: engine.host }, args: ['--backend', 'docker'] });
    expect(outcomeOf(ran, properties)).toEqual(REFUSED);
  });

  test('the same engine without a change runs it', async () => {
    await using engine = await sabotagedEngine(place.path, () => {});
    const ran = await jailed(place.path, SCRIPT, { env: { DOCKER_HOST: engine.host }, args: ['--backend', 'docker'] });
    expect(`${ran.code} ${ran.transcript}`).toBe('0 the agent was here\n');
  });

  const inside = (pid: number, script: string) =>
    void execFileSync('nsenter', [`--net=/proc/${pid}/ns/net`, 'sh', '-ec', script], { stdio: 'ignore' });
  const spare = SPARE.replaceAll('nsenter --net="$1" ', '');
  test.each([
    ['with one more interface', spare, 'network interfaces'],
    ['with a route', `${spare}; ip address add 192.0.2.1/24 dev spare; ip link set spare up`, 'routes'],
  ])('%s: refused', async (_, script, property) => {
    await using engine = await sabotagedEngine(place.path, () => {}, { started: (pid) => inside(pid, script) });
    const ran = await jailed(place.path, SCRIPT, { env: { DOCKER_HOST: engine.host }, args: ['--backend', 'docker'] });
    expect(outcomeOf(ran, [property])).toEqual(REFUSED);
  });

  test('in the host’s network: refused, and that network is as it was', async () => {
    // One that stands for the machine's: an engine and a run in it. Were it not refused, it would be cut off.
    const netns = join(place.path, 'net');
    writeFileSync(netns, '');
    const setup = `ip link set lo up; ${spare}; ip address add 192.0.2.1/24 dev spare; ip link set spare up; ip route add default via 192.0.2.2`;
    execFileSync('unshare', [`--net=${netns}`, '--', 'sh', '-ec', setup], { stdio: 'ignore' });
    try {
      const enter = ['nsenter', `--net=${netns}`, '--'];
      const network = () =>
        execFileSync('nsenter', [`--net=${netns}`, 'sh', '-c', 'ip -o address; ip route show table all'], { encoding: 'utf8' });
      const were = network();
      expect(were).toContain('default via 192.0.2.2 dev spare');
      const at = join(place.path, 'own');
      mkdirSync(at);
      await using own = await OwnEngine.start(at, { enter });
      const change: Change = (container) => {
        container['NetworkDisabled'] = false; // with it an engine makes a new namespace even for `host`
        host({ NetworkMode: 'host', Sysctls: {} })(container);
      };
      await using engine = await sabotagedEngine(place.path, change, { behind: own.host });
      const options = { env: { DOCKER_HOST: engine.host }, enter, args: ['--backend', 'docker'] };
      const { code, transcript, run } = await jailed(place.path, SCRIPT, options);
      expect({ code, transcript, end: run.end }).toMatchObject({ code: 70, transcript: '', end: { how: 'error', started: false } });
      expect(run.end.how === 'error' && run.end.message).toContain('that is the network namespace of this machine, not of a jail');
      expect(network()).toBe(were);
      // The same engine, told nothing else, is fine there.
      const fine = await jailed(place.path, SCRIPT, { ...options, env: { DOCKER_HOST: own.host } });
      expect(`${fine.code} ${fine.transcript}`).toBe('0 the agent was here\n');
      expect(network()).toBe(were);
    } finally {
      execFileSync('umount', [netns]);
    }
  });
});
