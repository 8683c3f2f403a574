import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/model/errors.ts';
import type { Policy } from '../../../src/model/policy.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { lines } from './support.ts';

const parse = (text: string): Policy => parsePolicy(text, 'p.yml');
const errors = (text: string): string[] => lines(() => parse(text));

describe('what is wrong with a policy', () => {
  it.each([
    ['version: 2', '1:10: version: the only version is 1 | Write `version: 1`.'],
    ['version: "1"', '1:10: version: the only version is 1 | Write `version: 1`.'],
    [
      'jial: {}',
      '1:1: unknown key "jial" | Did you mean `jail`? Allowed here: version, jail, workspace, mounts, env, pass-env, secrets, network, limits, guards, result, record, setup.',
    ],
    [
      'limits:\n  memroy: 1GiB',
      '2:3: limits: unknown key "memroy" | Did you mean `memory`? Allowed here: memory, cpus, processes, time, idle, output, disk, files, upload, download, connections, requests.',
    ],
    [
      'setup: { limits: { disk: 1GiB } }',
      '1:20: setup.limits: unknown key "disk" | Allowed here: memory, cpus, processes, time, idle, output.',
    ],
    ['jail: { user: root }', '1:9: jail: key "user" is reserved for a later version | Leave it out.'],
    [
      'jail: { backend: chroot }',
      '1:18: jail.backend: "chroot" is not one of auto, nspawn, docker, vm | chroot isolates nothing; it can be asked for on the command line only.',
    ],
    ['jail: { backend: nspwan }', '1:18: jail.backend: "nspwan" is not one of auto, nspawn, docker, vm | Did you mean `nspawn`?'],
    [
      'workspace: read-write',
      '1:12: workspace: "read-write" is not one of copy-on-write, read-only, none, or a map with access, hide | There is no read-write; with `copy-on-write` the writes are kept in the record.',
    ],
    ['jail: []', '1:7: jail: a list is not a map with the keys backend, root, toolchain, docker, vm | '],
    ['jail: { docker: {} , backend: [] }', '1:31: jail.backend: a list is not one of auto, nspawn, docker, vm | '],
    ['jail: { docker: { runtime: "a b" } }', '1:28: jail.docker.runtime: "a b" is not the name of a runtime, such as runsc | '],
    ['jail: { docker: { runtime: -x } }', '1:28: jail.docker.runtime: "-x" is not the name of a runtime, such as runsc | '],
    [
      'jail: { backend: nspawn, docker: { runtime: runc } }',
      "1:45: jail.docker.runtime: the backend nspawn has no runtime of an engine's | Use `jail.backend: docker`, or take it out.",
    ],
    ['env: []', '1:6: env: a list is not a map of names | '],
    ['env: { A: 1 }', '1:11: env.A: 1 is not text | Quote it where text is meant: "1".'],
    ['env: { A: }', '1:8: env.A: nothing is not text | '],
    ['env: { A: "\\0" }', '1:11: env.A: "\\u0000" holds a NUL character | '],
    [
      'limits:',
      '1:1: limits: nothing is not a map with the keys memory, cpus, processes, time, idle, output, disk, files, upload, download, connections, requests | ',
    ],
    [
      'limits: { time: 30 }',
      '1:17: limits.time: "30" is not a time: whole numbers with h, m, s, ms in this order, such as 30s or 1h30m | ',
    ],
    ['limits: { time: 500ms }', '1:17: limits.time: "500ms" is out of range: from 1s to 168h | '],
    ['limits: { time: 169h }', '1:17: limits.time: "169h" is out of range: from 1s to 168h | '],
    [
      'limits: { time: off }',
      '1:17: limits.time: "off" is not a time: whole numbers with h, m, s, ms in this order, such as 30s or 1h30m | ',
    ],
    ['limits: { memory: 6 }', '1:19: limits.memory: 6 is too small: at least 4194304 bytes | '],
    ['limits: { output: 0.5 }', '1:19: limits.output: 0.5 is not a size, such as 512MiB or 2GB | '],
    ['limits: { processes: many }', '1:22: limits.processes: "many" is not a whole number from 1 to 4194304 | '],
    ['limits: { cpus: 0 }', '1:17: limits.cpus: 0 is not a number from 0.01 to 4096 | '],
    ['mounts: [data]', '1:10: mounts[0]: "data" is not an absolute path: it does not begin with / | '],
    ['mounts: [/a/../b]', '1:10: mounts[0]: "/a/../b" goes up with `..`; write the path it means | '],
    ['mounts: [/a//b/]', '1:10: mounts[0]: "/a//b/" is not in its shortest form: write /a/b | '],
    ['mounts: [/]', '1:10: mounts[0]: "/" cannot be mounted: list the directories that are needed | '],
    ['mounts: [{ source: /a, target: /proc/x }]', '1:32: mounts[0].target: "/proc/x" is the kernel\'s; the jail has its own | '],
    ['mounts: [{ source: /a, target: /run/x }]', '1:32: mounts[0].target: "/run/x" is in /run, which is the jail\'s own | '],
    ['mounts: ["/a\\nb"]', '1:10: mounts[0]: "/a\\nb" holds a control character | '],
    ['mounts: [{ target: /a }]', '1:10: mounts[0]: key "source" is missing | '],
    ['mounts: [/a, { source: /b, target: /a }]', '1:14: mounts: "/a" is mounted twice | Give each its own target.'],
    ['pass-env: [A B]', '1:12: pass-env[0]: "A B" is not the name of an environment variable: letters, digits and _, no digit first | '],
    [
      'secrets: { K: exposed }',
      '1:15: secrets.K: "exposed" is not `expose`, or a map with inject, methods, paths | Did you mean `expose`?',
    ],
    [
      'secrets: { K: { inject: "*.a.com" } }',
      '1:25: secrets.K.inject: "*.a.com" is not a host: `*` stands only at the front, as in *.example.com | ',
    ],
    ['secrets: { K: { inject: a.com, paths: [v1] } }', '1:40: secrets.K.paths[0]: "v1" is not the path of a URL, such as /v1/* | '],
    ['secrets: { K: { inject: a.com, paths: [/*/x] } }', '1:40: secrets.K.paths[0]: "/*/x": `*` stands only at the end, for any rest | '],
    ['secrets: { K: { inject: a.com, paths: [/a/%2E./b] } }', '1:40: secrets.K.paths[0]: "/a/%2E./b" goes up with `..` | '],
    [
      'network: noen',
      '1:10: network: "noen" is not `none`, a list of hosts, or a map with allow, services, observe | Did you mean `none`?',
    ],
    [
      'network: { allow: [{ host: a.com, ports: [65536] }] }',
      '1:43: network.allow[0].ports[0]: 65536 is not a whole number from 1 to 65535 | ',
    ],
    [
      'network: { services: { localhost: 1 } }',
      '1:24: network.services: "localhost" is not a service name: one label of a-z, 0-9 and -, not a number, not localhost | ',
    ],
    ['guards: { changes: { allow: src } }', '1:29: guards.changes.allow: "src" is not a list | '],
    ['guards: { changes: { allow: ["#a"] } }', '1:30: guards.changes.allow[0]: "#a" is a comment in gitignore patterns; write "\\\\#a" | '],
    [
      'guards: { changes: { allow: ["./a"] } }',
      '1:30: guards.changes.allow[0]: "./a" matches nothing: patterns are relative to the workspace, without `./` and `..` | ',
    ],
    ['guards: { changes: { allow: [" "] } }', '1:30: guards.changes.allow[0]: " " is an empty pattern | '],
    [
      'guards: { output: { forbid: ["("] } }',
      '1:30: guards.output.forbid[0]: "(" is not a regular expression: Invalid regular expression: /(/: Unterminated group | ',
    ],
    [
      'guards: { network: { denied: fial } }',
      '1:30: guards.network.denied: "fial" is not one of fail, review, ignore | Did you mean `fail`?',
    ],
    ['result: { schema: 1 }', '1:19: result.schema: not a map | Write a JSON Schema here.'],
    [
      'jail: { root: { image: a, directory: /b } }',
      '1:15: jail.root: exactly one of image, directory, archive is needed, not image, directory | ',
    ],
    ['jail: { root: {} }', '1:15: jail.root: exactly one of image, directory, archive is needed, not none | '],
    [
      `jail: { root: { image: a, sha256: "${'0'.repeat(64)}" } }`,
      '1:27: jail.root: sha256 is for an archive | Pin an image by its digest: NAME@sha256:….',
    ],
    ['env: { A: x }\npass-env: [A]', '2:12: pass-env: A has a value already | Keep one of them.'],
    ['pass-env: [A, A]', '1:15: pass-env: A has a value already | Keep one of them.'],
    ['env: { A: x }\nsecrets: { A: expose }', '2:12: secrets: A is also in env | Keep one of them.'],
    ['secrets: { A: expose }\nsetup: { pass-env: [A] }', '2:21: setup.pass-env: A is a secret of this policy as well | Keep one of them.'],
    ['env: { A: x }\nsetup: { secrets: { A: expose } }', '2:21: setup.secrets: A is also in env | Keep one of them.'],
    [
      'secrets: { A: expose }\nnetwork: { observe: true }',
      '2:12: network.observe cannot be used with secrets or services: they could go to any host | List the hosts under `allow` instead, or take the secrets and services out.',
    ],
    [
      'network: { observe: true, services: { a: 1 } }',
      '1:12: network.observe cannot be used with secrets or services: they could go to any host | List the hosts under `allow` instead, or take the secrets and services out.',
    ],
    [
      'network: { observe: true }\nsetup: { secrets: { A: expose } }',
      '2:8: setup.network.observe cannot be used with secrets or services: they could go to any host | List the hosts under `allow` instead, or take the secrets and services out.',
    ],
    [
      'secrets: { A: { inject: a.com } }\nnetwork: ["*.a.com"]',
      '1:12: secrets.A: a.com is not reachable, so the secret could never be used | Add it to `network`.',
    ],
    [
      '[]',
      '1:1: a list is not a map with the keys version, jail, workspace, mounts, env, pass-env, secrets, network, limits, guards, result, record, setup | ',
    ],
  ])('%s', (text, expected) => {
    expect(errors(text)).toEqual([expected]);
  });

  it('is said all at once, in the order of the file', () => {
    const found = errors('limits: { time: 5, a: 1, b: 2 }\nx: 1\nnetwork: [nmp]\ny: 2\nsetup: { z: 1, network: [{ hots: 1 }] }');
    expect(found.map((line) => line.split(' ')[0])).toEqual([
      '1:17:',
      '1:20:',
      '1:26:',
      '2:1:',
      '3:11:',
      '4:1:',
      '5:10:',
      '5:26:',
      '5:28:',
    ]);
  });
  it('is cut off where nobody would read on', () => {
    expect(errors(Array.from({ length: 5_000 }, (_, i) => `k${i}: 1`).join('\n'))).toHaveLength(50);
  });

  it('is a UserError, whatever the text says', () => {
    const word = fc.constantFrom(
      'version',
      'jail',
      'env',
      'network',
      'allow',
      'limits',
      'guards',
      'changes',
      'setup',
      'secrets',
      'inject',
      'mounts',
      'x',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, 0, -1, 1.5, 'none', '1m', '1GiB', '/a', '*', '', 'a.com'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(word, tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (data) => {
        try {
          expect(parse(JSON.stringify(data)).version).toBe(1);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect(error.problems.every(({ message, place: at }) => message !== '' && at?.line === 1)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
