import { describe, expect, it } from 'vitest';
import { defaultPolicy, parsePolicy } from '../../../src/policy/parse.ts';
import { unisolated } from '../../../src/policy/unisolated.ts';

const step = (env: Readonly<Record<string, string>> = {}) => [{ name: 'build', env, place: null }];
const found = (text: string): string[] =>
  unisolated(parsePolicy(text, 'p.yml'), step()).map(({ place, message, remedy }) => {
    expect(remedy).toBe('Leave it out, or use a jail: `--backend nspawn` or `docker`.');
    return `${place === null ? '' : `${place.line}:${place.column}: `}${message.replace('the backend chroot isolates nothing: ', '')}`;
  });

describe('what must not be run without isolation', () => {
  it('has nothing against files, limits, guards and plain variables', () => {
    expect(unisolated(defaultPolicy(), step({ GREETING: 'hello' }))).toEqual([]);
    const fine = `workspace: read-only
network: none
mounts: [/opt]
env: { MONKEY: a }
pass-env: [TASK]
limits: { memory: 1GiB, disk: 1GiB, idle: 1m }
guards: { changes: { max-files: 1 }, output: { forbid: [b] }, network: { denied: ignore } }
setup: { env: { A: b } }`;
    expect(found(fine)).toEqual([]);
  });

  it.each([
    ['secrets: { A: expose }', ["1:12: secrets.A: the value could leave by the machine's network"]],
    [
      'network: [example.org]\nsecrets: { A: { inject: example.org } }',
      ['2:12: secrets.A: there is no gateway to put it in', '1:11: network.allow: example.org: nothing else would be refused'],
    ],
    ['setup: { secrets: { A: expose } }', ["1:21: setup.secrets.A: the value could leave by the machine's network"]],
    ['pass-env: [API_TOKEN]', ['1:11: pass-env: API_TOKEN looks like a credential']],
    ['env: { DB_PASSWORD: x }', ['1:21: env: DB_PASSWORD looks like a credential']],
    ['setup: { pass-env: [NPM_TOKEN] }', ['1:20: setup.pass-env: NPM_TOKEN looks like a credential']],
    ['network: [example.com]', ['1:11: network.allow: example.com: nothing else would be refused']],
    ['setup: { network: [example.com] }', ['1:20: setup.network.allow: example.com: nothing else would be refused']],
    ['network: { observe: true }', ['1:21: network.observe: nothing of the network is logged']],
    [
      'network: { services: { db: 5432 } }',
      ['1:24: network.services.db: there is no gateway that leads to it; every port of the machine is open'],
    ],
    ['limits: { upload: 1MB }', ['1:19: limits.upload: there is no gateway to keep it']],
    ['limits: { download: 1MB, connections: 1, requests: 1 }', 3],
    ['guards: { network: { denied: fail } }', ['1:30: guards.network.denied: nothing of the network is refused or logged']],
  ])('%s', (text, expected) => {
    const seen = found(text);
    if (typeof expected === 'number') expect(seen).toHaveLength(expected);
    else expect(seen).toEqual(expected);
  });

  it('a credential of a step', () => {
    const problems = unisolated(defaultPolicy(), step({ API_KEY: 'x' }));
    expect(problems.map(({ message }) => message)).toEqual([
      'the backend chroot isolates nothing: API_KEY of the step "build" looks like a credential',
    ]);
  });
});
