import { describe, expect, test } from 'vitest';
import { BASES, dockerfile, failureOf } from '../../../src/remote/helper-built.ts';
import { isSent } from '../../../src/remote/helper-image.ts';
import { WANTED } from '../../../src/remote/packages.ts';

const mac = { jails: false };
const linux = { jails: true };
test.each([
  ['Linux with Debian packages, of the same architecture', linux, true, 'x64', 'x64', true],
  ['Linux without', linux, false, 'x64', 'x64', false],
  ['Linux of another architecture', linux, true, 'x64', 'arm64', false],
  ['Linux of an unknown one', linux, true, null, null, false],
  ['macOS', mac, true, 'arm64', 'arm64', false],
] as const)('from %s the image is sent: %s', (_, here, packages, own, engine, sent) => {
  expect(isSent(here, packages, own, engine)).toBe(sent);
});

test('the image is built of named bases, with all that a jail needs, by any builder', () => {
  const lines = dockerfile().split('\n');
  expect(lines.filter((line) => line.startsWith('FROM '))).toEqual([`FROM ${BASES.node} AS node`, `FROM ${BASES.debian}`]);
  const install = lines.find((line) => line.includes('apt-get install'))?.split(' ') ?? [];
  expect([...WANTED, 'systemd-container'].filter((name) => !install.includes(name))).toEqual([]);
  expect(dockerfile()).not.toMatch(/--mount|<<|# syntax/);
});

describe('what an engine says of a build', () => {
  async function* said(...lines: object[]): AsyncGenerator<string> {
    for (const line of lines) yield `${JSON.stringify(line)}\r`;
    yield 'no JSON';
  }
  const step = { stream: 'Step 3/6 : RUN apt-get update' };
  test('is no failure where there is no error in it', async () => {
    expect(await failureOf(said(step, { stream: '\n' }, { aux: { ID: 'sha256:1' } }, { stream: 'Successfully built 1\n' }))).toBeNull();
  });
  test('is the error, and the last that the step printed', async () => {
    const error = "The command '/bin/sh -c apt-get update && \n x' returned a non-zero code: 100";
    const told = [{ stream: 'of an earlier one\n' }, step, { stream: ' ---> Running in 1234\n' }];
    expect(await failureOf(said(...told, { stream: 'Err:1\nE: no such host\n' }, { stream: '\n' }, { errorDetail: {}, error }))).toBe(
      'a step ended with 100: E: no such host',
    );
    expect(await failureOf(said(...told, { error }))).toBe('a step ended with 100');
    expect(await failureOf(said({ error: 'pull access denied for debian' }))).toBe('pull access denied for debian');
  });
});
