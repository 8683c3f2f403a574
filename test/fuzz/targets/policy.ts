import assert from 'node:assert/strict';
import type { Policy } from '../../../src/model/policy.ts';
import { explain } from '../../../src/policy/explain.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { toUser } from '../../../src/policy/to-user.ts';
import { assertClean, assertRefused } from '../say.ts';
import type { Target } from '../target.ts';

const FILE = 'policy.yml';

/** The policy: read, or refused with the place. What is read can be written, and what is written is read as the same. */
export const target: Target = {
  seeds: [
    'version: 1\nworkspace: { access: read-only, hide: ["*.key"] }\nlimits: { time: 30m, memory: 6GiB, output: 20MB }\n',
    'network: [npm, api.example.com, { host: "*.b.example", ports: [80], methods: [GET], paths: [/v1/*], tls: end }]\nsecrets:\n  KEY: { inject: api.example.com, paths: [/v1/*] }\n  OTHER: expose\n',
    'guards:\n  changes:\n    allow: ["src/**", test/]\n    max-files: 40\n  network: { denied: fail }\n  output: { forbid: ["BEGIN [A-Z ]*KEY"] }\nresult: { schema: { type: object } }\n',
    'mounts:\n  - /opt/tools\n  - { source: /srv/data, target: /data, access: copy-on-write }\nenv: { A: "1", B: two }\npass-env: [C]\nsetup: { env: {}, limits: { cpus: 0.5 }, network: [npm] }\n',
    'jail: { backend: nspawn, root: { image: "a:b" }, toolchain: none }\nnetwork: { allow: [10.0.0.0/8], services: { db: 5432 }, observe: true }\n',
    'jail: { root: { archive: /a.tar, sha256: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa } }\nrecord: { streams: separate, touched: true }\n',
  ],
  words: [
    ': ', '- ', '\n  ', '{ ', ' }', '[', ']', ', ', '#', '"', "'", '|\n', '>\n', '&a ', '*a', '!!str ', '<<: ', '%YAML 1.1\n---\n', '---\n', '...\n', '\ufeff', '\r\n', '\\u0000', '__proto__',
    'version', 'jail', 'backend', 'root', 'workspace', 'access', 'hide', 'mounts', 'source', 'target', 'env', 'pass-env', 'secrets', 'inject', 'methods', 'paths', 'expose', 'network', 'allow',
    'host', 'ports', 'tls', 'services', 'observe', 'limits', 'memory', 'cpus', 'processes', 'disk', 'files', 'time', 'idle', 'output', 'upload', 'download', 'connections', 'requests', 'guards', 'changes', 'review', 'deny',
    'forbid', 'require', 'max-files', 'max-added-lines', 'max-bytes', 'denied', 'result', 'schema', 'setup', 'record', 'streams', 'none', 'off', 'true', 'null', '1e999', '0x1F', '.inf', '-1', '9007199254740993', '1.5GiB', '*.', '../', '/',
  ],
  perByte: 60,
  check(input) {
    const text = input.toString();
    let policy: Policy;
    try {
      policy = parsePolicy(text, FILE);
    } catch (error) {
      assertRefused(error, text, FILE);
      return;
    } finally {
      assertClean();
    }
    assert.match(policy.digest, /^[0-9a-f]{64}$/);
    explain(policy);
    const again = parsePolicy(JSON.stringify(toUser(policy)), FILE);
    assert.equal(again.digest, policy.digest);
    assert.deepEqual(withoutPlaces(again), withoutPlaces(policy));
  },
}; // biome-ignore format: lists

/** Where something stands is not what it says. */
const withoutPlaces = (policy: Policy): unknown =>
  JSON.parse(JSON.stringify(policy, (key, value: unknown) => (key === 'place' ? null : value)));
