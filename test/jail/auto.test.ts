import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLI, NODE, record } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';
import { ground, refused } from '../support/refused.ts';
import { emptied, ended, spoiled, without } from '../support/spoiled.ts';

/** Neither there nor to be fetched. */
const NO_NSPAWN = `${without('systemd-nspawn', 'apt-get')}\n${emptied('/var/lib/agent-jail/tools')}`;
/** An engine that lives and dies with the namespaces it is in; where the machine's own would not see what is mounted. */
const WITH_ENGINE = `mount -t tmpfs t /run
dockerd --host "unix://$1/docker.sock" --data-root "$1/data" --exec-root "$1/exec" --pidfile "$1/pid" --bridge none --iptables=false \\
  --ip6tables=false --ip-forward=false --ip-masq=false --exec-opt native.cgroupdriver=cgroupfs >"$1/log" 2>&1 &
engine=$!
export DOCKER_HOST="unix://$1/docker.sock"
for n in $(seq 600); do curl --silent --unix-socket "$1/docker.sock" http://docker/_ping >/dev/null && break; sleep 0.1; done
shift
code=0; "$@" || code=$?
kill $engine; wait $engine || true
exit $code`;
const ALONE = ['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc', 'bash', '-ec'] as const;

const withBackend = (args: readonly string[], ...more: readonly string[]): string[] => [NODE, CLI, 'run', ...more, ...args.slice(1)];

describe('auto, where systemd-nspawn is neither here nor to be fetched', () => {
  test('takes the Docker engine that is here, prints and records the reason', async () => {
    using place = ground();
    const engine = join(place.path, 'engine');
    mkdirSync(engine);
    const before = snapshot();
    const ran = await ended([...ALONE, `${NO_NSPAWN}\n${WITH_ENGINE}`, 'bash', engine, ...withBackend(place.args)], place.work);
    expect({ code: ran.code, stdout: ran.stdout }, ran.stderr).toEqual({ code: 0, stdout: 'the agent was here\n' });
    const why = 'systemd-nspawn is not here and cannot be fetched: apt-get is not there';
    expect(record(place.out).run.backend).toMatchObject({
      name: 'docker',
      why: `auto: ${why}`,
      version: expect.stringMatching(/^Docker \d/),
    });
    expect(await settled(before)).toEqual([]);
  });

  test('names both where there is none of either', async () => {
    using place = ground();
    const message =
      /jail-error: no backend is usable here: systemd-nspawn is not here .*; there is no Docker engine: .*Install the package systemd-container/;
    const argv = ['env', 'DOCKER_HOST=unix:///nonexistent', ...withBackend(place.args)];
    expect(await refused(async () => spoiled(NO_NSPAWN, argv, place.work), place.out, 70, message)).toEqual([]);
  });

  test('is never what was asked for by name', async () => {
    using place = ground();
    const engine = join(place.path, 'engine');
    mkdirSync(engine);
    const argv = [...ALONE, `${NO_NSPAWN}\n${WITH_ENGINE}`, 'bash', engine, ...withBackend(place.args, '--backend', 'nspawn')] as const;
    expect(await refused(async () => ended(argv, place.work), place.out, 70, /jail-error: systemd-nspawn is not here/)).toEqual([]);
  });
});

describe('auto, in a container that reaches no engine', () => {
  test.each([
    [
      'GITHUB_WORKSPACE=/__w/r/r',
      /this job runs in a container, where no jail can be built.*there is no Docker engine.*Take `container:` out/,
    ],
    ['KUBERNETES_SERVICE_HOST=10.0.0.1', /this runner is in a pod of Kubernetes, where no jail can be built.*Give the pod an engine/],
  ])('says what to do: %s', async (variable, message) => {
    using place = ground();
    const argv = ['env', 'DOCKER_HOST=unix:///nonexistent', variable, ...withBackend(place.args)] as const;
    expect(await refused(async () => ended(argv, place.work), place.out, 70, message)).toEqual([]);
  });
});
