import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CHROOT_LACKS } from '../../src/backend/chroot.ts';
import { cli, jailed, repository, temporary } from '../support/jail.ts';
import { settled, snapshot, type Snapshot } from '../support/machine.ts';
import { sabotagedScript } from '../support/sabotage.ts';
import { codes, SMALL, stepped } from '../support/steps.ts';
import { smallRoot } from './conformance/bench.ts';
import { TOPICS } from './conformance/behaviours/all.ts';
import { comparable, runTopic } from './conformance/behaviours/result.ts';
import { answer, checksOf, differing, type Topic } from './conformance/behaviours/topic.ts';

// The weak baseline: layers, limits and record are a jail's, and what it does not isolate is said.

const CHROOT = ['--backend', 'chroot'];
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

/** Checks that find no isolation; of the first row it depends on the machine whether there are more. */
const NOT_ISOLATED: Readonly<Record<string, readonly string[]>> = {
  'identity and rights': ['seccomp', 'ptrace', 'keyrings'],
  'network, closed': ['a request is answered by a refusal', 'abstract sockets are its own'],
  'what is to be seen': ['/dev', '/run', 'the host name', 'processes: its own and those that hold it', '/proc/kallsyms is empty'],
};
/** Has a secret, which is refused here. */
const REFUSED = 'environment';

describe('the same run as in a jail', () => {
  const wrongIn = (topic: Topic, transcript: string): string[] =>
    checksOf(topic).flatMap((one) => {
      const [said, says] = [answer(transcript, one.name), differing(one)?.nspawn ?? (one.says as string | RegExp)];
      const right = said?.code === one.code && (typeof says === 'string' ? said.said === says : says.test(said.said));
      return right ? [] : [one.name];
    });
  const exits = /^exit: (?!SIGKILL to|the working-directory)/;
  const alike = TOPICS.filter(({ name }) => !Object.hasOwn(NOT_ISOLATED, name) && name !== REFUSED && !exits.test(name));

  test.each(alike)('$name: what is found, and what the record says', async (topic) => {
    topic.prepare?.(join(place.path, 'work'));
    const ran = await runTopic(topic, 'chroot', place.path);
    expect(ran.run.backend.name).toBe('chroot');
    expect(wrongIn(topic, ran.transcript)).toEqual([]);
    for (const { holds } of topic.record ?? []) await holds(ran);
  });

  test('changes, patch, transcript, answer and end, to the byte', async () => {
    const topic = TOPICS.find(({ name }) => name === 'changes') as Topic;
    topic.prepare?.(join(place.path, 'work'));
    const [ran, other] = [await runTopic(topic, 'chroot', place.path), await runTopic(topic, 'nspawn', place.path)];
    const stderr = ran.stderr.replace(/^agent-jail: warning: .*\n/, '');
    expect(comparable({ ...ran, stderr }, topic)).toEqual(comparable(other, topic));
    expect(ran.text('changes.patch').length).toBeGreaterThan(1000);
  });

  test.each(Object.keys(NOT_ISOLATED))('%s: what is not isolated is found by the same checks', async (name) => {
    const topic = TOPICS.find((one) => one.name === name) as Topic;
    topic.prepare?.(join(place.path, 'work'));
    const wrong = wrongIn(topic, (await runTopic(topic, 'chroot', place.path)).transcript);
    expect(wrong).toEqual(expect.arrayContaining([...(NOT_ISOLATED[name] ?? [])]));
    expect(
      wrong.filter((one) => /^(id|no other group|all four ids|capabilities|no new priv|setuid|umask|mounts|devices)/.test(one)),
    ).toEqual([]);
  });

  test('in another root', async () => {
    const root = smallRoot(place.path);
    const ran = await jailed(place.path, 'cat /etc/small-root; ls /', {
      policy: `jail: { root: { directory: ${root} } }\n${SMALL}`,
      args: CHROOT,
    });
    expect(ran.transcript).toMatch(/^a small root\nbin\n/);
  });
});

describe('what it does not isolate', () => {
  test('is said before the run, in the record and in its summary', async () => {
    const ran = await jailed(place.path, 'echo runs', { args: CHROOT });
    expect(`${ran.code} ${ran.transcript}`).toBe('0 runs\n');
    expect(ran.stderr).toMatch(/^agent-jail: warning: the backend chroot isolates nothing: .*\nagent-jail: succeeded\n/);
    expect(ran.run.backend).toEqual({ name: 'chroot', version: 'chroot(2)', why: 'asked for' });
    expect(ran.run.notices).toContain(CHROOT_LACKS);
    expect(readFileSync(join(ran.out, 'summary.md'), 'utf8')).toContain(CHROOT_LACKS);
    const proof = new Map(ran.run.proof?.map(({ property, seen }) => [property, seen]));
    expect(proof.get('isolation')).toMatch(/^none; shared with the warden: .*pid.*ipc.*net/);
    for (const claim of ['seccomp', 'namespace net', 'network namespace', 'routes', 'network interfaces'])
      expect(proof.has(claim)).toBe(false);
    expect(proof.get('no new privileges')).toBe('1');
  });

  test('is the machine’s network, also of a policy that closes it, and the log is empty', async () => {
    const server = createServer((socket) => socket.end('from a service of the machine\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const ran = await jailed(place.path, `readlink /proc/self/ns/net; bash -c 'cat < /dev/tcp/127.0.0.1/${port}'`, {
      policy: `network: none\n${SMALL}`,
      args: CHROOT,
    });
    server.close();
    expect(ran.transcript).toBe(`${readlinkSync('/proc/self/ns/net')}\nfrom a service of the machine\n`);
    expect(ran.ndjson('network.ndjson')).toEqual([]);
  });

  test('is not files: nothing but what the policy lists is there, and nothing is written back', async () => {
    writeFileSync(join(place.path, 'outside'), 'of the machine\n');
    const ran = await jailed(place.path, `cat ${place.path}/outside; cat /etc/shadow; echo new > added; ls /var/lib/agent-jail`, {
      args: CHROOT,
    });
    expect(ran.transcript).not.toContain('of the machine');
    expect(ran.transcript.match(/No such file/g)).toHaveLength(3);
    expect(existsSync(join(place.path, 'work/added'))).toBe(false);
    expect(ran.ndjson('changes.ndjson').map(({ path }) => path)).toContain('added');
  });
});

describe('limits and the end of a step', () => {
  const end = async (script: string, policy = SMALL) => {
    const ran = await stepped(place.path, `- { shell: sh, run: ${JSON.stringify(script)} }\n`, { policy, args: CHROOT });
    return `${ran.verdict.outcome}: ${ran.verdict.because}`;
  };
  test.each([
    [
      'memory',
      '64MiB',
      'exec perl -e \'$x = "a" x shift; sleep 60\' 2000000000',
      'limit-exceeded: step 1 (step 1) went over limits.memory',
    ],
    ['time', '1s', "trap '' TERM; (setsid sleep 4711 &); while :; do :; done", 'timed-out: step 1 (step 1) ran out of limits.time'],
    ['output', '4KiB', 'yes', 'limit-exceeded: step 1 (step 1) went over limits.output'],
    ['processes', 20, 'for i in $(seq 40); do sleep 60 & done; exit 1', /^limit-exceeded: .*limits\.processes/],
    ['disk', '64MiB', 'head -c 128M /dev/zero > big', /^limit-exceeded: .*limits\.disk/],
  ])('%s', async (name, value, script, expected) => {
    const limits = { disk: '64MiB', memory: '512MiB', time: '20s', [name]: value };
    const said = await end(script, JSON.stringify({ limits }));
    if (typeof expected === 'string') expect(said).toBe(expected);
    else expect(said).toMatch(expected);
  });

  test('what a step leaves is buried, and its number does not count any more', async () => {
    const ran = await stepped(
      place.path,
      `- { shell: sh, run: "for i in $(seq 60); do (setsid sleep 0.01 & ) ; sleep 0.02; done; (setsid sh -c 'exec sleep 4711' &); ps -eo stat= | grep -c Z || echo none; cat /proc/$$/cgroup | grep -c agent-jail" }
- { shell: sh, run: "ps -eo args= | grep '[s]leep 4711' || echo dead; (sleep 0.1; echo later) & wait" }
`,
      { policy: 'limits: { disk: 64MiB, memory: 512MiB, time: 20s, processes: 15 }\n', args: CHROOT },
    );
    expect(ran.transcript).toMatch(/^0\nnone\n[1-9]\ndead\nlater\n$/);
    expect(codes(ran)).toEqual(['step 1 0', 'step 2 0']);
  });

  test('a launcher that is killed is an error of the run, and nothing of the step lives on', async () => {
    const enter = sabotagedScript(place.path, 'chroot.pl', 'if ($child) {', "if ($child) {\n    sleep 2; kill 'KILL', $$;");
    const ran = await jailed(place.path, 'echo begun; sleep 4711', { enter, args: CHROOT });
    expect({ code: ran.code, transcript: ran.transcript, end: ran.run.end }).toMatchObject({
      code: 70,
      transcript: 'begun\n',
      end: { how: 'error', started: true, message: 'the process that waits for the step was killed' },
    });
  });
});

describe('the proof from outside: broken on purpose, refused, nothing started', () => {
  test.each([
    ['as root', "call('setresuid', ($uid + 0) x 3);", '', 'uid'],
    ['in the group of root', "call('setresgid', ($gid + 0) x 3);", '', 'gid'],
    ['in another group as well', "pack 'L', $gid", "pack 'L', 0", 'groups'],
    ['with capabilities to gain', "call('prctl', $PR_CAPBSET_DROP, $_, 0, 0, 0) for 0 .. $capabilities;", '', 'capabilities CapBnd'],
    ['with new privileges to gain', "call('prctl', $PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);", '', 'no new privileges'],
    [
      'in the root of the machine',
      'chroot $root or fail("$root: $!");',
      'mounted("tmpfs", "/run", "tmpfs", 0); mounted($binds[0][1], made("/run/agent-jail", 0755), "none", $BIND);',
      'root',
    ],
    ['outside of the run’s group', 'for my $door (@doors) {', 'for my $door (grep { !/pids/ } @doors) {', 'cgroup'],
    ['with a directory of the machine', 'umask 022;', 'mounted("/srv", at("/mnt"), "none", $BIND); umask 022;', 'mount /mnt'],
    ['with a runtime that can be written', "($access eq 'ro' ? $RDONLY : 0)", '0', 'mount /run/agent-jail'],
  ] as const)('%s', async (_, code, instead, property) => {
    const enter = sabotagedScript(place.path, 'chroot.pl', code, instead);
    const ran = await jailed(place.path, 'echo the agent was here', { enter, args: CHROOT });
    const { end } = ran.run;
    expect({ code: ran.code, transcript: ran.transcript, started: end.how === 'error' && end.started }).toEqual({
      code: 70,
      transcript: '',
      started: false,
    });
    const message = end.how === 'error' ? end.message : '';
    expect(message).toMatch(/^the jail is not what the policy says: /);
    expect(message).toContain(`${property} is `);
  });
  test('the same program with nothing taken from it runs', async () => {
    const enter = sabotagedScript(place.path, 'chroot.pl', 'umask 022;', 'umask 022; umask 022;');
    const ran = await jailed(place.path, 'echo the agent was here', { enter, args: CHROOT });
    expect(`${ran.code} ${ran.transcript}`).toBe('0 the agent was here\n');
  });
});

describe('is refused', () => {
  const REMEDY = /Leave it out, or use a jail: `--backend nspawn` or `docker`\.$/m;
  const refusal = async (policy: string, args: readonly string[] = CHROOT) => {
    const [file, out] = [join(place.path, 'policy.yml'), join(place.path, 'refused')];
    writeFileSync(file, policy);
    const ran = await cli(['run', '--policy', file, '--out', out, ...args, '--', 'touch', 'ran'], {
      cwd: join(place.path, 'work'),
      env: { API_KEY: 'a-key-of-this-test', TOKEN: 'a-token-of-this-test' },
    });
    expect([ran.code, ran.stdout, existsSync(out), existsSync(join(place.path, 'work/ran'))]).toEqual([2, '', false, false]);
    return ran.stderr;
  };
  test.each([
    [
      'secrets: { API_KEY: expose }',
      "policy.yml:1:12: the backend chroot isolates nothing: secrets.API_KEY: the value could leave by the machine's network",
    ],
    ['network: [example.com]\nsecrets: { API_KEY: { inject: example.com } }', 'secrets.API_KEY: there is no gateway to put it in'],
    ['pass-env: [TOKEN]', 'pass-env: TOKEN looks like a credential'],
    ['env: { TOKEN: x }', 'env: TOKEN looks like a credential'],
    ['setup: { secrets: { API_KEY: expose } }', 'setup.secrets.API_KEY'],
    ['network: [example.com]', 'network.allow: example.com: nothing else would be refused'],
    ['network: { observe: true }', 'network.observe: nothing of the network is logged'],
    ['network: { services: { db: 5432 } }', 'network.services.db: there is no gateway that leads to it'],
    ['limits: { upload: 1MB }', 'limits.upload: there is no gateway to keep it'],
    ['guards: { network: { denied: fail } }', 'guards.network.denied: nothing of the network is refused or logged'],
  ])('with %s', async (policy, message) => {
    const said = await refusal(policy);
    expect(said).toContain(message);
    expect(said).toMatch(REMEDY);
  });

  test('by a policy file, which any run might use', async () => {
    expect(await refusal('jail: { backend: chroot }', [])).toMatch(
      /policy\.yml:1:18: jail\.backend: "chroot" is not one of auto, nspawn, docker, vm\. Chroot isolates nothing; it can be asked for on the command line only\./,
    );
  });

  test('its record, by apply', async () => {
    const ran = await jailed(place.path, 'echo more >> a.txt', { args: CHROOT });
    const expected = createHash('sha256')
      .update(readFileSync(join(ran.out, 'manifest.json')))
      .digest('hex');
    const applied = await cli(['apply', ran.out, '--to', join(place.path, 'work'), '--expect', expected], { cwd: place.path });
    expect(applied.code).not.toBe(0);
    expect(applied.stderr).toMatch(/the record was made with the backend chroot, which isolates nothing/);
  });
});
