import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Context } from '../../../src/run/context.ts';
import { guestMessage } from '../../../src/run/guest-message.ts';
import { GuestTrace } from '../../../src/run/guest-trace.ts';
import { Redactor } from '../../../src/transcript/redact.ts';

const PROGRAM = {
  kind: 'program',
  t: 5.5,
  step: 7,
  process: 1,
  parent: null,
  program: '/bin/sh',
  argv: ['sh'],
  cut: false,
  ms: 2,
  how: 'exit',
  code: 0,
  signal: null,
};
const program = (more: object = {}): string => JSON.stringify({ ...PROGRAM, ...more });

test('a line of the kind that trace.pl says is taken', () => {
  expect(guestMessage(program({ more: 1 }))).toEqual({ ...PROGRAM, step: 0 });
  expect(guestMessage('{"kind":"begun","t":1.25}')).toEqual({ kind: 'begun', t: 1.25 });
  expect(guestMessage('{"kind":"done","lost":3}')).toEqual({ kind: 'done', lost: 3 });
  expect(guestMessage(`{"kind":"none","why":"${'x'.repeat(500)}"}`)).toEqual({ kind: 'none', why: 'x'.repeat(300) });
  expect(guestMessage('{"kind":"ready"}')).toEqual({ kind: 'ready' });
});

test.each([
  ['no JSON', 'program'],
  ['no object', 'null'],
  ['of no known kind', '{"kind":"step"}'],
  ['a time that is none', program({ t: '1' })],
  ['a time before all times', program({ t: -1 })],
  ['a time after all times', program({ ms: 1e300 })],
  ['a process that is none', program({ process: 0 })],
  ['half a process', program({ parent: 1.5 })],
  ['arguments that are no list', program({ argv: 'sh' })],
  ['arguments that are no texts', program({ argv: ['sh', 1] })],
  ['a program that is no text', program({ program: {} })],
  ['an end of another kind', program({ how: 'toString' })],
  ['a code that no program has', program({ code: 256 })],
  ['a signal that there is not', program({ signal: 0 })],
  ['a wish for more than there is', program({ cut: null })],
  ['a beginning without a time', '{"kind":"begun"}'],
  ['an end without a number', '{"kind":"done","lost":-1}'],
  ['a reason that is none', '{"kind":"none"}'],
])('%s is not taken', (_name, line) => {
  expect(guestMessage(line)).toBeNull();
});

/** What stands in the log, and what is said of it. */
async function logOf(tell: (trace: GuestTrace) => void) {
  const directory = mkdtempSync(join(tmpdir(), 'aj-guest-'));
  const fd = openSync(join(directory, 'log'), 'w');
  try {
    const redactor = new Redactor([{ name: 'KEY', value: 'the-value-of-the-key' }]);
    const trace = new GuestTrace({ files: { fd: () => fd }, redactor, epoch: String(process.hrtime.bigint()) } as unknown as Context);
    tell(trace);
    const record = await trace.finish();
    expect(await trace.finish()).toBe(record);
    const [, ...lines] = readFileSync(join(directory, 'log'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    return { record, lines: lines.slice(0, -1) };
  } finally {
    closeSync(fd);
    rmSync(directory, { recursive: true });
  }
}

test('numbers of processes go on, steps are the warden’s, and times lie within the step', async () => {
  const { record, lines } = await logOf((trace) => {
    trace.told(program({ program: '/before' }));
    void trace.begin(0);
    trace.told('{"kind":"begun","t":1000}');
    for (const number of [1, 2]) trace.told(program({ process: number, parent: number === 1 ? null : 1, t: 1000 }));
    trace.told('{"kind":"done","lost":0}');
    trace.told(program({ program: '/after' }));
    trace.end(0);
    void trace.begin(1);
    trace.told('{"kind":"begun","t":10}');
    trace.told(program({ process: 2, parent: 1, t: 0, argv: ['the-value-of-the-key'] }));
    trace.told(program({ process: 1, t: 1e9 }));
    trace.told('{"kind":"done","lost":0}');
    trace.end(1);
  });
  expect(record).toEqual({ source: 'guest', processes: 4, programs: 4, omitted: 0, lost: 0 });
  expect(lines.map(({ step, process: number, parent }) => [step, number, parent])).toEqual([
    [0, 1, null],
    [0, 2, 1],
    [1, 4, 3],
    [1, 3, null],
  ]);
  expect(lines[2]).toMatchObject({ argv: ['[redacted KEY]'] });
  for (const { t } of lines) expect(t).toBeLessThan(1000);
});

test('what a guest did not tell, or told otherwise, is lost; and a guest that does not tell is none', async () => {
  const killed = await logOf((trace) => {
    void trace.begin(0);
    trace.told('{"kind":"begun","t":0}');
    trace.told(program());
    trace.told('nonsense');
    trace.end(0);
  });
  expect(killed.record).toEqual({ source: 'guest', processes: 1, programs: 1, omitted: 0, lost: 2 });
  const none = await logOf((trace) => {
    void trace.begin(0);
    trace.told('{"kind":"none","why":"no tracefs"}');
  });
  expect(none.record).toEqual({ source: 'none', why: 'no tracefs' });
});
