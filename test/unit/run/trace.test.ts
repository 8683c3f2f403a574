import { expect, test } from 'vitest';
import { programLine } from '../../../src/run/program-log.ts';
import { Redactor } from '../../../src/transcript/redact.ts';

const SECRET = 'a-secret-of-some-length';
const said = (more: object) =>
  ({
    kind: 'program',
    t: 1.5,
    step: 0,
    process: 2,
    parent: 1,
    program: '/bin/sh',
    argv: ['sh'],
    cut: false,
    ms: 2,
    how: 'exit',
    code: 0,
    signal: null,
    ...more,
  }) as Parameters<typeof programLine>[0];
const line = (more: object) => programLine(said(more), new Redactor([{ name: 'KEY', value: SECRET }]));

test('a line says what was seen, in words', () => {
  expect(line({})).toEqual({
    t: 1.5,
    step: 0,
    process: 2,
    parent: 1,
    program: '/bin/sh',
    argv: ['sh'],
    ms: 2,
    how: 'exit',
    code: 0,
    signal: null,
  });
  expect(line({ how: 'signal', code: null, signal: 9, argv: null })).toMatchObject({ signal: 'SIGKILL', argv: null });
  expect(line({ how: 'signal', code: null, signal: 40 })).toMatchObject({ signal: 'signal 40' });
});

test('secrets are redacted in names and arguments, also those that are cut within', () => {
  expect(line({ program: `/tmp/${SECRET}`, argv: ['curl', `--header=${SECRET}`] })).toMatchObject({
    program: '/tmp/[redacted KEY]',
    argv: ['curl', '--header=[redacted KEY]'],
  });
  const cut = line({ argv: ['sh', '-c', `echo ${SECRET.slice(0, 9)}`], cut: true });
  expect(cut).toMatchObject({ argv: ['sh', '-c', 'echo '], cut: true });
  expect(line({ argv: [`echo ${SECRET.slice(0, 9)}`] }).argv).toEqual([`echo ${SECRET.slice(0, 9)}`]);
});
