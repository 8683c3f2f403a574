import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jailed, type Ran, repository, temporary } from '../support/jail.ts';
import type { Host, Seen } from '../support/world/hosts.ts';
import { nspawnIsHere } from '../support/world/nspawn.ts';
import { trusting, World } from '../support/world/world.ts';
import { answer } from './conformance/behaviours/topic.ts';
import { BACKENDS } from './conformance/bench.ts';

interface Program {
  readonly ports: Host['ports'];
  /** A script for `sh`, that prints `says` where it reaches the host. */
  readonly script: (host: string) => string;
  readonly says: RegExp;
}
const WEB = { ports: { 80: 'http:web', 443: 'https:web' }, says: /"method":"GET"/ } as const;
const RAW = 7000;

/** Each reaches hosts in its own way: its resolver, its TLS, its idea of proxies. */
const PROGRAMS: Readonly<Record<string, Program>> = {
  curl: { ...WEB, script: (host) => `curl -sS https://${host}/echo` },
  wget: { ...WEB, script: (host) => `wget -q -t 1 -O - --ca-certificate=world.pem https://${host}/echo` },
  plain: { ...WEB, script: (host) => `curl -sS --fail http://${host}/echo` },
  node: { ...WEB, script: (host) => `node -e "fetch('https://${host}/echo').then((r) => r.text()).then(console.log)"` },
  python: {
    ...WEB,
    script: (host) =>
      `/usr/bin/python3 -c "import urllib.request as u; print(u.urlopen('https://${host}/echo', timeout=20).read().decode())"`,
  },
  'no-proxy': {
    ...WEB,
    script: (host) =>
      `printf 'GET /echo HTTP/1.0\\r\\nHost: ${host}\\r\\n\\r\\n' | https_proxy=http://127.0.0.1:9 openssl s_client -ign_eof -quiet -verify_return_error -CAfile world.pem -servername ${host} -connect ${host}:443`,
  },
  perl: {
    ports: { [RAW]: 'tcp:echo' },
    says: /^raw works$/m,
    script: (host) =>
      `perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new("${host}:${RAW}") or die $@; print $s "raw works\\n"; print scalar <$s>'`,
  },
  git: {
    ports: { 443: 'https:git' },
    says: /^git works$/m,
    script: (host) => `git clone -q https://${host}/tiny.git "$TMPDIR/${host}" && cat "$TMPDIR/${host}/file"`,
  },
  npm: {
    ports: { 443: 'https:npm' },
    says: /^npm works$/m,
    script: (host) =>
      `mkdir "$TMPDIR/${host}" && cd "$TMPDIR/${host}" && npm install --registry=https://${host}/ tiny-from-the-world && node -p "require('tiny-from-the-world')"`,
  },
  pip: {
    ports: { 443: 'https:pypi' },
    says: /^pip works$/m,
    script: (host) =>
      `cd "$TMPDIR" && /usr/bin/python3 -m pip install -q --index-url https://${host}/simple/ --target ${host} tiny-from-the-world && PYTHONPATH=${host} /usr/bin/python3 -c "import tiny_from_the_world as t; print(t.says)"`,
  },
};
const NAMES = Object.keys(PROGRAMS);
const KINDS = ['allowed', 'denied'] as const;
const hostOf = (name: string, kind: (typeof KINDS)[number]): string => `${name}.${kind}.example.com`;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
/** All of them in one jail. */
const SCRIPT = Object.entries(PROGRAMS)
  .flatMap(([name, { script }]) => KINDS.map((kind) => hostOf(name, kind)).map((host) => [host, script(host)] as const))
  .map(([host, script]) => `printf '== begin %s\\n' ${host}; sh -c ${quoted(script)}; printf '\\n== end %s %d\\n' ${host} $?`)
  .join('\n');

let world: World;
beforeAll(async () => {
  await nspawnIsHere();
  const hosts = Object.entries(PROGRAMS).flatMap(([name, { ports }]) => KINDS.map((kind) => [hostOf(name, kind), { ports }] as const));
  world = await World.create({ hosts: Object.fromEntries(hosts) });
});
afterAll(() => world[Symbol.asyncDispose]());

describe.each(BACKENDS)('%s', (backend) => {
  let place: ReturnType<typeof temporary>;
  let ran: Ran;
  let seen: Seen;
  beforeAll(async () => {
    place = temporary();
    const authority = join(repository(place.path), 'world.pem');
    copyFileSync(world.authority.file, authority);
    await world.forget();
    const policy = JSON.stringify({
      network: ['*.allowed.example.com', { host: hostOf('perl', 'allowed'), ports: [RAW] }],
      // What the machine has configured is not meant.
      env: { ...trusting(authority), npm_config_globalconfig: '/dev/null', PIP_CONFIG_FILE: '/dev/null' },
      limits: { disk: '256MiB', memory: '1GiB', time: '3m' },
    });
    ran = await jailed(place.path, SCRIPT, { policy, args: ['--backend', backend], enter: world.enter });
    seen = await world.seen();
  }, 200_000);
  afterAll(() => place[Symbol.dispose]());

  it.each(NAMES)('%s reaches a host that is listed', (name) => {
    const host = hostOf(name, 'allowed');
    const { code, said } = answer(ran.transcript, host) ?? { code: ran.code, said: ran.stderr };
    expect(`${code} ${said}`).toMatch(/^0 /);
    expect(said).toMatch(PROGRAMS[name]?.says ?? /^$/);
    expect(seen.questions).toContain(`A ${host}`);
    expect(seen.connections.filter((to) => to.startsWith(`${world.addresses[host]?.[0]}:`))).not.toEqual([]);
    expect(ran.ndjson('network.ndjson')).toContainEqual(expect.objectContaining({ kind: 'connection', name: host, verdict: 'allowed' }));
  });

  it.each(NAMES)('%s does not reach another, about which nobody outside is asked', (name) => {
    const host = hostOf(name, 'denied');
    const { code, said } = answer(ran.transcript, host) ?? { code: 0, said: ran.stderr };
    expect(`${code} ${said}`).not.toMatch(/^0 /);
    expect(said).not.toMatch(PROGRAMS[name]?.says ?? /^/);
    expect(seen.questions.filter((question) => question.includes(host))).toEqual([]);
    expect(seen.connections.filter((to) => to.startsWith(`${world.addresses[host]?.[0]}:`))).toEqual([]);
    expect(ran.ndjson('network.ndjson')).toContainEqual(expect.objectContaining({ kind: 'dns', name: host, verdict: 'denied' }));
  });

  it('nothing else left', () => {
    const listed = NAMES.map((name) => hostOf(name, 'allowed'));
    const asked = seen.questions.map((question) => question.split(' ')[1]);
    expect(asked.filter((name) => !listed.includes(name ?? ''))).toEqual([]);
  });
});
