import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/policy/explain.ts';
import { defaultPolicy, parsePolicy } from '../../../src/policy/parse.ts';

const examples = new URL('../../../examples/policies/', import.meta.url);
const everything = `jail: { backend: nspawn, root: { archive: /x.tar }, toolchain: none }
workspace: { access: read-only, hide: [.env] }
mounts: [/opt/data, { source: /srv, target: /cache, access: copy-on-write }]
env: { A: "1", B: "yes", C: "a\\nb: c" }
pass-env: [TASK]
secrets: { K: { inject: a.example.com, methods: [post], paths: [/v1/*] }, L: expose }
network: { allow: [npm, { host: .example.com, ports: [8443] }], services: { db: 5432 } }
limits: { memory: 1GiB, cpus: 0.5, processes: 7, time: 61s, idle: 30s, output: 5, disk: 1GB, files: 9, upload: 1MB }
guards:
  changes: { allow: [], review: [a], deny: ["!b"], forbid: [], require: [c], max-files: 3, max-added-lines: 0, max-bytes: 1, root: false }
  network: { denied: review }
  output: { require: [ok], forbid: ["x: y", "#"] }
result: { schema: { type: object } }
setup: { network: { observe: true }, env: {}, limits: { memory: 2GiB } }
`;

describe('explain', () => {
  it.each([
    ['all defaults', 'version: 1'],
    ['everything', everything],
    ['a runtime', 'jail: { docker: { runtime: runsc } }'],
    ...readdirSync(examples).map((name) => [name, readFileSync(new URL(name, examples), 'utf8')] as const),
  ])('prints %s so that it reads as the same policy', (...[, text]) => {
    const policy = parsePolicy(text ?? '', 'p.yml');
    const { lines } = explain(policy);
    expect(lines[0]).toBe(`# digest ${policy.digest}`);
    expect(parsePolicy(lines.join('\n'), 'again.yml').digest).toBe(policy.digest);
  });

  it('says what comes from the machine', () => {
    expect(explain(defaultPolicy()).lines.slice(-3)).toEqual([
      "# limits.memory: 75 % of the machine's",
      "# limits.cpus: all of the machine's",
      '# limits.disk: 10GiB, or half of what is free where that is less',
    ]);
  });

  const strong = 'workspace: read-only\nlimits: { idle: 1m }\n';
  const weak = (text: string): string[] =>
    explain(parsePolicy(strong + text, 'p.yml')).weak.map(
      ({ place, message }) => `${place === null ? '' : `${place.line}:${place.column}: `}${message}`,
    );

  it('finds nothing weak in a strong policy', () => {
    expect(weak('')).toEqual([]);
    expect(weak('network: [example.com, { host: api.github.com, methods: [GET, HEAD] }, "*.b.example.com"]')).toEqual([]);
    expect(weak('secrets: { K: { inject: example.com } }\nnetwork: [example.com]')).toEqual([]);
    expect(weak('guards: { network: { denied: fail }, changes: { allow: [src/**] } }')).toEqual([]);
  });

  it.each([
    ['network: { observe: true }', 'network.observe lets every public host through: what the agent reads can leave'],
    ['secrets: { K: expose }', '3:12: secrets.K: the agent can read the value'],
    ['setup: { secrets: { K: expose } }', '3:21: setup.secrets.K: the agent can read the value'],
    ['pass-env: [GITHUB_TOKEN]', 'env: GITHUB_TOKEN looks like a secret, and is neither kept from the agent nor redacted'],
    ['env: { API_KEY: x }', 'env: API_KEY looks like a secret, and is neither kept from the agent nor redacted'],
    ['network: ["*.com"]', '3:11: network.allow: *.com takes in hosts that anyone can own'],
    ['network: [.github.io]', '3:11: network.allow: .github.io takes in hosts that anyone can own'],
    ['network: ["*.example.com"]', '3:11: network.allow: *.example.com takes in every host of a domain'],
    ['network: [api.github.com]', '3:11: network.allow: api.github.com can be written to, so what the agent reads can leave through it'],
    ['network: ["*.slack.com"]', '3:11: network.allow: hooks.slack.com can be written to, so what the agent reads can leave through it'],
    [
      'setup: { network: [npm] }',
      '3:20: setup.network.allow: registry.npmjs.org can be written to, so what the agent reads can leave through it',
    ],
    [
      'network: { services: { db: 5432 } }',
      '3:24: network.services.db: port 5432 of the runner is inside the wall; the agent can do there what any client can',
    ],
    ['setup: { limits: { idle: off } }', 'setup.limits.idle is off: a step that hangs runs until `time`'],
    ['setup: { limits: { time: 7h } }', 'setup.limits.time is longer than a hosted job may run (6h)'],
    [
      'mounts: [{ source: /a, access: copy-on-write }]',
      '3:10: mounts: "/a" can be written to in the jail; what is written is in the record',
    ],
    ['jail: { root: { image: "node:24" } }', 'jail.root: node:24 may be another image tomorrow'],
    ['jail: { root: { archive: /x.tar } }', 'jail.root: the archive is not checked'],
    [
      'guards: { changes: { forbid: [] } }',
      'guards.changes.forbid leaves out secret, setuid, special, escaping-link, which it has by default',
    ],
    [
      'guards: { changes: { forbid: [setuid, special, escaping-link] } }',
      '3:22: guards.changes.forbid leaves out secret, which it has by default',
    ],
  ])('%s is weak', (text, expected) => {
    expect(weak(text)).toEqual([expected]);
  });

  it('says of the defaults that a step may hang and that any file may change', () => {
    expect(explain(defaultPolicy()).weak.map(({ message, place }) => [message, place])).toEqual([
      ['limits.idle is off: a step that hangs runs until `time`', null],
      ['guards.changes: nothing says which files of the workspace may change', null],
    ]);
  });
  it('says of other rules without `allow` that the rest may change', () => {
    const { weak: found } = explain(parsePolicy('limits: { idle: 1m }\nguards: { changes: { deny: [a] } }', 'p.yml'));
    expect(found.map(({ message }) => message)).toEqual(['guards.changes.allow is not given: what no other rule names may change']);
  });
  it('gives every weak point a remedy', () => {
    expect(explain(parsePolicy(everything, 'p.yml')).weak.every(({ remedy }) => remedy !== '')).toBe(true);
  });
});
