import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../src/model/policy.ts';
import { NOWHERE, defaultPolicy, parsePolicy } from '../../../src/policy/parse.ts';

const parse = (text: string): Policy => parsePolicy(text, 'p.yml');
const place = (line: number, column: number) => ({ file: 'p.yml', line, column });

describe('the policy of all defaults', () => {
  const limits = { memory: null, cpus: null, processes: 1024, time: 3_600_000, idle: null, output: 104_857_600 };
  const rules = { env: {}, passEnv: [], secrets: [], network: { mode: 'allow', allow: [], services: [] }, limits };

  it('has no network, no secrets, a copy-on-write workspace', () => {
    const { digest, ...policy } = defaultPolicy();
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(policy).toEqual({
      version: 1,
      jail: { backend: 'auto', root: { kind: 'host' }, toolchain: 'auto', vm: { emulation: 'refuse' } },
      workspace: { access: 'copy-on-write', hide: [] },
      mounts: [],
      record: { streams: 'merged', touched: false },
      agent: rules,
      setup: rules,
      limits: { disk: null, files: 1_000_000, upload: null, download: null, connections: null, requests: null },
      guards: [
        {
          name: 'guards.changes.forbid',
          on: 'changes',
          action: 'fail',
          test: { kind: 'forbid', flags: ['secret', 'setuid', 'special', 'escaping-link'] },
          place: NOWHERE,
        },
      ],
    });
  });
  it.each(['version: 1', '{}', 'jail: {}', 'network: none', 'network: []', 'network: {}', 'guards: { changes: {} }', 'setup: {}'])(
    'is also what %s says',
    (text) => {
      expect(parse(text)).toEqual(defaultPolicy());
    },
  );
});

describe('what a policy says', () => {
  it('of a runtime is there where one is asked for, and an empty map asks for none', () => {
    expect(parse('jail: { docker: { runtime: io.containerd.kata.v2 } }').jail.runtime).toBe('io.containerd.kata.v2');
    expect(parse('jail: { docker: {} }').digest).toBe(parse('version: 1').digest);
    expect(parse('jail: { docker: {} }').jail).not.toHaveProperty('runtime');
  });

  it('is all there, with its places', () => {
    const policy =
      parse(`jail: { backend: nspawn, root: { archive: /x.tar, sha256: ${'a'.repeat(64)} }, toolchain: none, vm: { emulation: allow } }
workspace: { access: read-only, hide: [.env] }
mounts:
  - /opt/data
  - { source: /srv/cache, target: /cache, access: copy-on-write }
env: { A: "1" }
pass-env: [TASK]
secrets:
  K: { inject: [API.example.com], methods: [post], paths: [/v1/*] }
  L: expose
network:
  allow: [npm, { host: .example.com, ports: [8443], methods: [get], paths: [/a] }]
  services: { db: 5432 }
limits: { memory: 1GiB, cpus: 0.5, processes: 7, time: 1m, idle: 30s, output: 5, disk: 1GB, files: 9, upload: 1MB, download: 2MB, connections: 3, requests: 4 }
`);
    expect(policy).toMatchObject({
      jail: {
        backend: 'nspawn',
        root: { kind: 'archive', path: '/x.tar', sha256: 'a'.repeat(64) },
        toolchain: 'none',
        vm: { emulation: 'allow' },
      },
      workspace: { access: 'read-only', hide: ['.env'] },
      mounts: [
        { source: '/opt/data', target: '/opt/data', access: 'read-only', place: place(4, 5) },
        { source: '/srv/cache', target: '/cache', access: 'copy-on-write', place: place(5, 5) },
      ],
      agent: {
        env: { A: '1' },
        passEnv: ['TASK'],
        secrets: [
          { name: 'K', use: 'inject', hosts: ['api.example.com'], methods: ['POST'], paths: ['/v1/*'], place: place(9, 3) },
          { name: 'L', use: 'env', place: place(10, 3) },
        ],
        network: {
          mode: 'allow',
          allow: [
            { pattern: 'registry.npmjs.org', ports: [80, 443], methods: ['GET', 'HEAD'], paths: [], tls: 'named', place: place(12, 11) },
            {
              pattern: 'registry.npmjs.org',
              ports: [80, 443],
              methods: ['POST'],
              paths: ['/-/npm/v1/security/*'],
              tls: 'named',
              place: place(12, 11),
            },
            { pattern: '.example.com', ports: [8443], methods: ['GET'], paths: ['/a'], tls: 'visible', place: place(12, 16) },
          ],
          services: [{ name: 'db', port: 5432, place: place(13, 15) }],
        },
        limits: { memory: 2 ** 30, cpus: 0.5, processes: 7, time: 60_000, idle: 30_000, output: 5 },
      },
      limits: { disk: 1e9, files: 9, upload: 1e6, download: 2e6, connections: 3, requests: 4 },
    });
  });

  it.each([
    ['image: "node:24"', { kind: 'image', ref: 'node:24' }],
    ['directory: /srv/root', { kind: 'directory', path: '/srv/root' }],
    ['archive: /x.tar', { kind: 'archive', path: '/x.tar', sha256: null }],
  ])('takes the root { %s }', (text, root) => {
    expect(parse(`jail: { root: { ${text} } }`).jail.root).toEqual(root);
  });

  it('makes one guard rule of each setting', () => {
    const { guards } = parse(`guards:
  changes:
    allow: [src/**, "!src/x"]
    review: [a]
    deny: [b]
    forbid: [binary]
    require: [c]
    max-files: 3
    max-added-lines: 0
    max-bytes: 1MiB
    root: false
  network: { denied: review }
  output: { require: [ok], forbid: ["(?i:x)", "\\\\-"] }
result: { schema: { type: object, properties: { place: { type: string } } } }
`);
    const short = guards.map(({ name, action, test, place: at }) => [name, action, test, `${at.line}:${at.column}`]);
    expect(short).toEqual([
      ['guards.changes.deny', 'fail', { kind: 'deny', globs: ['b'] }, '5:5'],
      ['guards.changes.review', 'review', { kind: 'review', globs: ['a'] }, '4:5'],
      ['guards.changes.allow', 'fail', { kind: 'allow', globs: ['src/**', '!src/x'] }, '3:5'],
      ['guards.changes.require', 'fail', { kind: 'require', globs: ['c'] }, '7:5'],
      ['guards.changes.forbid', 'fail', { kind: 'forbid', flags: ['binary'] }, '6:5'],
      ['guards.changes.max-files', 'fail', { kind: 'max-files', max: 3 }, '8:5'],
      ['guards.changes.max-added-lines', 'fail', { kind: 'max-added-lines', max: 0 }, '9:5'],
      ['guards.changes.max-bytes', 'fail', { kind: 'max-bytes', max: 2 ** 20 }, '10:5'],
      ['guards.changes.root', 'fail', { kind: 'root', allowed: false }, '11:5'],
      ['guards.network.denied', 'review', { kind: 'denied' }, '12:22'],
      ['guards.output.require', 'fail', { kind: 'require', pattern: 'ok' }, '13:23'],
      ['guards.output.forbid', 'fail', { kind: 'forbid', pattern: '(?i:x)' }, '13:37'],
      ['guards.output.forbid', 'fail', { kind: 'forbid', pattern: '\\-' }, '13:47'],
      ['result.schema', 'fail', { kind: 'schema', schema: { type: 'object', properties: { place: { type: 'string' } } } }, '14:11'],
    ]);
  });

  it('has no rule for what can find nothing, and one for an empty allow', () => {
    const text = 'guards: { network: { denied: ignore }, changes: { forbid: [], review: [], deny: [], require: [], allow: [] } }';
    expect(parse(text).guards.map(({ name, test }) => [name, test])).toEqual([['guards.changes.allow', { kind: 'allow', globs: [] }]]);
  });
});

describe('setup', () => {
  const run = 'env: { A: "1" }\npass-env: [T]\nsecrets: { K: expose }\nnetwork: [npm]\nlimits: { time: 1m, idle: 10s, memory: 1GiB }\n';

  it("has the run's rules, without its secrets", () => {
    const { agent, setup } = parse(run);
    expect(agent.secrets).toHaveLength(1);
    expect(setup).toEqual({ ...agent, secrets: [] });
  });
  it('puts each key in the place of the run’s, and each limit by itself', () => {
    const { agent, setup } = parse(
      `${run}setup: { env: {}, pass-env: [U], secrets: { L: expose }, network: none, limits: { idle: off, cpus: 1 } }`,
    );
    expect(setup).toMatchObject({ env: {}, passEnv: ['U'], secrets: [{ name: 'L', use: 'env' }], network: { allow: [] } });
    expect(setup.limits).toEqual({ ...agent.limits, idle: null, cpus: 1 });
  });
});
