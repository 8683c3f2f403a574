import { describe, expect, it } from 'vitest';
import { notYet } from '../../../src/policy/not-yet.ts';
import { defaultPolicy, parsePolicy } from '../../../src/policy/parse.ts';

const found = (text: string): string[] =>
  notYet(parsePolicy(text, 'p.yml')).map(({ place, message }) => `${place === null ? '' : `${place.line}:${place.column}: `}${message}`);

describe('notYet', () => {
  it('has nothing against what is done now', () => {
    expect(notYet(defaultPolicy())).toEqual([]);
    const now = `jail: { backend: nspawn, root: { directory: /srv/root }, toolchain: none }
workspace: read-only
mounts: [/opt]
secrets: { A: expose }
limits: { memory: 1GiB, idle: 1m, disk: 1GiB, upload: none }
guards: { changes: { allow: [a], review: [a], deny: [a], forbid: [secret], require: [a], max-files: 1, max-added-lines: 1, max-bytes: 1, root: false }, network: { denied: fail }, output: { require: [a], forbid: [b] } }
result: { schema: {} }
setup: { env: {} }`;
    expect(found(now)).toEqual([]);
  });
  it.each([
    ['jail: { root: { image: a } }', []],
    ['jail: { backend: docker, docker: { runtime: runsc } }', []],
    ['jail: { backend: vm }', ['1:18: jail.backend: vm is not in this version yet']],
    ['network: [npm]\nlimits: { upload: 1MB }\nsecrets: { A: { inject: registry.npmjs.org } }', []],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});
