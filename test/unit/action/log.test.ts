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
function read(detail: Inputs['log'], events: readonly (Bare & { readonly t?: number })[], close = true, silence?: number): CommandReader {
  const reader = new CommandReader([]);
  const log = new JobLog(
    detail,
    (text) => reader.push(text),
    (line) => line.replaceAll('kappa-4711-omega', '[redacted KEY]'),
    silence,
  );
  for (const [seq, event] of events.entries()) log.observe({ seq, t: seq, ...event } as WardenEvent);
  if (close) log.close();
  reader.flush();
  return reader;
}

const step = (name: string, exit: StepExit | null = null): Bare => ({ kind: 'step', step: 0, name, exit });
const progress = (t: number, more: object = {}) => ({
  ...({ kind: 'progress', step: 0, ms: t, bytes: 1 << 20, memory: 300 << 20, peak: 310 << 20, processes: 12, ...more } as Bare),
  t,
});
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

  it.each(['full', 'summary', 'none'] as const)('says that a silent step is still running, and what it has used: log: %s', (detail) => {
    const beats = Array.from({ length: 35 }, (_, at) => progress(at * 1000));
    const denied: Bare = { kind: 'denied', host: 'x.test', port: 443, rule: 'no rule' };
    const { commands, log } = read(
      detail,
      [{ ...step('build'), t: 0 }, { ...denied, t: 500 }, ...beats, { ...step('build', done), t: 35_000 }],
      true,
      10_000,
    );
    expect(log.filter((line) => line.includes('still running'))).toEqual(
      ['11.0 s', '21.0 s', '31.0 s'].map(
        (ms) => `agent-jail: build: still running, ${ms}, 1.0 MiB printed, memory 300.0 MiB, 12 processes, 1 host denied`,
      ),
    );
    expect(log.at(-1)).toBe('agent-jail: build: exit 0, 1.2 s, 2.0 KiB, memory up to 310.0 MiB, 1 host denied');
    expect(commands.map(({ name }) => name)).toEqual(detail === 'full' ? ['group', 'stop-commands', 'endgroup'] : []);
  });

  it('is quiet while a step prints, unless what it prints is not shown', () => {
    const chatty = Array.from({ length: 30 }, (_, at) => [{ ...output(`line ${at}\n`), t: at * 1000 }, progress(at * 1000)]).flat();
    const beats = (detail: Inputs['log']) =>
      read(detail, [{ ...step('s'), t: 0 }, ...chatty], true, 10_000).log.filter((line) => line.includes('still running')).length;
    expect([beats('full'), beats('summary'), beats('none')]).toEqual([0, 2, 2]);
    // The default: a minute.
    expect(read('none', [{ ...step('s'), t: 0 }, progress(59_000), progress(60_000), progress(119_000)]).log).toHaveLength(1);
  });

  it('lets no command through a heartbeat', () => {
    const { commands, log } = read('none', [{ ...step('::error::x\n##[error]y'), t: 0 }, progress(60_000)]);
    expect(commands).toEqual([]);
    expect(log).toEqual([expect.stringMatching(/^agent-jail: \\::error::x ##\\\[error\]y: still running, 1 m 00 s/)]);
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
        progress(1e6),
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
