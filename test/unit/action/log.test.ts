import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobLog, TAIL } from '../../../src/action/log.ts';
import type { Inputs } from '../../../src/action/inputs.ts';
import type { Sha256 } from '../../../src/model/names.ts';
import type { StepExit, WardenEvent } from '../../../src/model/protocol.ts';
import { CommandReader } from '../../action/support/commands.ts';

const done: StepExit = { code: 0, signal: null, hit: [], ms: 1234, bytes: 2048 };
type Bare = WardenEvent extends infer E ? (E extends WardenEvent ? Omit<E, 'seq' | 't'> : never) : never;

/** What the runner makes of a log of these events. */
function read(detail: Inputs['log'], events: readonly Bare[], close = true): CommandReader {
  const reader = new CommandReader([]);
  const log = new JobLog(
    detail,
    (text) => reader.push(text),
    (line) => line.replaceAll('kappa-4711-omega', '[redacted KEY]'),
  );
  for (const [seq, event] of events.entries()) log.observe({ seq, t: seq, ...event } as WardenEvent);
  if (close) log.close();
  reader.flush();
  return reader;
}

const step = (name: string, exit: StepExit | null = null): Bare => ({ kind: 'step', step: 0, name, exit });
const output = (text: string, dropped = 0): Bare => ({ kind: 'output', step: 0, text, dropped });

describe('JobLog', () => {
  it('puts a step into a group, its output under a stop token, and says how it ended', () => {
    const { commands, log } = read('full', [
      step('build'),
      output('hello\n'),
      { kind: 'checkpoint', step: 0, sha256: 'ab'.repeat(32) as Sha256, bytes: 6 },
      step('build', done),
    ]);
    expect(commands.map(({ name }) => name)).toEqual(['group', 'stop-commands', 'endgroup']);
    expect(commands[0]?.data).toBe('build');
    expect(commands[1]?.data).toMatch(/^[0-9a-f]{32}$/);
    expect(log).toEqual([
      'hello',
      'agent-jail: build: exit 0, 1.2 s, 2.0 KiB',
      `agent-jail: build: sha256 of the transcript so far ${'ab'.repeat(32)}`,
    ]);
  });

  it('redacts what comes together only when the rest is taken out, in its own messages as well', () => {
    const { log } = read('full', [
      step('s'),
      output('kappa-\x1b[1m4711-omega ##kappa-47\u200b11-omega\n'),
      step('s', done),
      { kind: 'notice', message: 'kappa-\x1b[1m4711-omega' },
    ]);
    expect(log[0]).toBe('[redacted KEY] ##\\[redacted KEY]');
    expect(log.at(-1)).toBe('agent-jail: [redacted KEY]');
  });

  it('uses a new token for every step', () => {
    const { commands } = read('full', [step('a'), step('a', done), step('b'), step('b', done)]);
    const tokens = commands.filter(({ name }) => name === 'stop-commands').map(({ data }) => data);
    expect(new Set(tokens).size).toBe(2);
  });

  it('shows the end of a step with log: summary', () => {
    const lines = Array.from({ length: TAIL + 5 }, (_, at) => `line ${at}`);
    const { commands, log } = read('summary', [step('s'), output(`${lines.join('\n')}\nunfinished`), step('s', done)]);
    expect(commands[0]?.data).toBe(`s: the last ${TAIL} of ${TAIL + 6} lines`);
    expect(log.slice(0, -1)).toEqual([...lines.slice(6), 'unfinished']);
  });

  it('shows nothing an agent printed with log: none', () => {
    const { commands, log } = read('none', [step('s'), output('secret plan\n'), step('s', { ...done, code: 3, hit: ['memory'] })]);
    expect(commands).toEqual([]);
    expect(log).toEqual(['agent-jail: s: exit 3, 1.2 s, 2.0 KiB, limits hit: memory']);
  });

  it('closes what a dead warden left open, and only once', () => {
    const reader = read('full', [step('s'), output('half a li')]);
    expect(reader.stopped).toBe(false);
    expect(reader.log).toEqual(['half a li']);
    expect(reader.commands.at(-1)?.name).toBe('endgroup');
  });

  it('prints late output under a stop token too', () => {
    const { commands } = read('full', [step('s'), step('s', done), output('::error::late\n')]);
    expect(commands.map(({ name }) => name)).toEqual(['group', 'stop-commands', 'endgroup', 'group', 'stop-commands', 'endgroup']);
  });

  it('says how much of the display was dropped', () => {
    expect(read('full', [step('s'), output('', 3000)]).log).toEqual([
      'agent-jail: (2.9 KiB of output not shown here; the transcript has it)',
    ]);
  });

  it('obeys no command that hides in anything an agent, a host name or a step name says', () => {
    const commands = ['::error::x', '::set-env name=A::x', '##[add-mask]x', '::stop-commands::x', '::endgroup::', '##[error]'];
    const between = ['\n', '\r', ' ', '\u00a0', '\ufeff', 'x', '%0A', '\x1b[1G', '\u200b', '::', '##[', 'error'];
    const evil = fc.array(fc.oneof(fc.constantFrom(...commands), fc.constantFrom(...between)), { maxLength: 8 });
    const event: fc.Arbitrary<Bare> = evil.chain((parts) => {
      const text = parts.join('');
      return fc.constantFrom<Bare>(
        output(text),
        step(text),
        step(text, done),
        { kind: 'notice', message: text },
        { kind: 'denied', host: text, port: 443, rule: text },
      );
    });
    fc.assert(
      fc.property(fc.constantFrom('full', 'summary', 'none'), fc.array(event, { maxLength: 8 }), (detail, events) => {
        const seen = read(detail, events);
        expect(seen.commands.filter(({ name }) => !['group', 'endgroup', 'stop-commands'].includes(name))).toEqual([]);
        expect(seen.commands.filter(({ name, data }) => name === 'stop-commands' && !/^[0-9a-f]{32}$/.test(data))).toEqual([]);
        expect(seen.stopped).toBe(false);
      }),
    );
  });
});
