import { redactorOf } from '../../../src/transcript/redact.ts';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../../src/cli/io.ts';
import { outputOf } from '../../../src/cli/output.ts';
import { Progress } from '../../../src/cli/progress.ts';
import type { WardenEvent } from '../../../src/model/protocol.ts';

function ioOf(given: Partial<Io>): Io & { readonly written: string[] } {
  const written: string[] = [];
  const base = { env: {}, cwd: '/', terminal: false, live: false, colours: false };
  return { ...base, out: (text) => void written.push(text), err: (text) => void written.push(text), written, ...given };
}
const exit = { code: 0, signal: null, hit: [], ms: 5000, bytes: 10 };
const events: readonly WardenEvent[] = [
  { seq: 0, t: 0, kind: 'phase', phase: 'layers' },
  { seq: 1, t: 1, kind: 'step', step: 0, name: 'a\x1b[2Jb\nc', exit: null },
  { seq: 2, t: 2, kind: 'denied', host: 'x.test', port: 443, rule: 'not listed' },
  { seq: 3, t: 3, kind: 'step', step: 0, name: 'a', exit },
];

describe('Progress', () => {
  it('keeps one line for each step and each refusal, and leaves no live line behind', () => {
    const io = ioOf({ live: true });
    const progress = new Progress(io, 1);
    for (const event of events) progress.observe(event);
    progress.close();
    const screen = io.written.join('');
    expect(screen.split('\n').map((line) => line.split('\r\x1b[K').at(-1))).toEqual([
      'denied x.test:443 (not listed)',
      '1/1 a: exit 0, 5.0 s, 10 bytes, 1 host denied',
      '',
    ]);
    expect(screen).toContain('layers');
    expect(screen.replaceAll('\x1b[K', '')).not.toContain('\x1b');
  });

  it('tells what is in no record also where stderr is no terminal, and nothing else', () => {
    const io = ioOf({});
    const progress = new Progress(io, 1);
    for (const event of events) progress.observe(event);
    progress.observe({ seq: 4, t: 4, kind: 'notice', message: 'in run.json as well' });
    progress.observe({ seq: -1, t: 0, kind: 'notice', message: 'left \x1b[2Jsomething\n::error::x' });
    progress.close();
    expect(io.written.join('')).toMatch(/^agent-jail: left [^\x1b\n]*something ::error::x\n$/);
  });

  it('tells what the step has used by now, and at its end how much at most; within the terminal', () => {
    for (const columns of [undefined, 40, 200]) {
      const io = ioOf({ live: true, columns });
      const progress = new Progress(io, 1);
      progress.observe({ seq: 0, t: 0, kind: 'step', step: 0, name: '漢'.repeat(100), exit: null });
      progress.observe({
        seq: 1,
        t: 1000,
        kind: 'progress',
        step: 0,
        ms: 1000,
        bytes: 5 << 20,
        memory: 3 << 20,
        peak: 4 << 20,
        processes: 1,
      });
      const drawn = io.written.at(-1) ?? '';
      progress.observe({ seq: 2, t: 2000, kind: 'step', step: 0, name: 'a', exit });
      progress.close();
      expect(drawn).toMatch(
        columns === 40 ? /^\r\x1b\[K1\/1 漢{6}  \d+ ms, 5\.0 MiB/ : / {2}\d+ ms, 5\.0 MiB printed, memory 3\.0 MiB, 1 process$/,
      );
      const cells = [...drawn.replace('\r\x1b[K', '')].reduce((sum, character) => sum + (character === '漢' ? 2 : 1), 0);
      expect(cells).toBeLessThan(columns ?? 80);
      expect(io.written.join('')).toContain('1/1 a: exit 0, 5.0 s, 10 bytes, memory up to 4.0 MiB\n');
    }
  });

  it('does not write over a line that a step has begun', () => {
    const io = ioOf({ live: true, terminal: true });
    const progress = new Progress(io, 1);
    progress.observe({ seq: 0, t: 0, kind: 'step', step: 0, name: 'a', exit: null });
    progress.print('50 %');
    const before = io.written.length;
    progress.observe({ seq: 1, t: 1, kind: 'progress', step: 0, ms: 1, bytes: 4, memory: 0, peak: 0, processes: 1 });
    expect(io.written).toHaveLength(before);
    progress.observe({ seq: 2, t: 2, kind: 'notice', message: 'hear' });
    expect(io.written.slice(before, before + 1)).toEqual(['\nhear\n']);
    progress.print('100 %\n');
    progress.observe({ seq: 3, t: 3, kind: 'step', step: 0, name: 'a', exit });
    progress.close();
    expect(io.written.slice(-3).join('')).toMatch(/1\/1 a: exit 0[^]*\r\x1b\[K$/);
  });

  it('is silent where stderr is no terminal', () => {
    const io = ioOf({});
    const progress = new Progress(io, 1);
    for (const event of events) progress.observe(event);
    progress.close();
    expect(io.written).toEqual([]);
  });
});

describe('outputOf', () => {
  const nothing = redactorOf({ secrets: {}, mask: [] });
  const text = 'a\x1b[31mred\x1b[0m\n::error::x\n\x1b]52;c;eA==\x07end';
  it('takes away what acts on a terminal', () => {
    const output = outputOf(ioOf({}), nothing);
    expect(output.push(text) + output.flush()).toBe('ared\n::error::x\nend');
  });

  it('keeps colours when asked', () => {
    const output = outputOf(ioOf({ colours: true }), nothing);
    expect(output.push(text) + output.flush()).toContain('\x1b[31mred');
  });

  it('lets no command through on a runner, terminal or not', () => {
    const output = outputOf(ioOf({ env: { GITHUB_ACTIONS: 'true' } }), nothing);
    expect(output.push(text) + output.flush()).toBe('ared\n\\::error::x\nend\n');
  });

  it.each([
    ['a terminal', {}],
    ['a runner', { env: { GITHUB_ACTIONS: 'true' } }],
  ])('redacts for %s what comes together only when the rest is taken out', (_, io) => {
    const output = outputOf(ioOf(io), redactorOf({ secrets: { KEY: 'kappa-4711-omega' }, mask: ['masked-value-99'] }));
    const shown =
      output.push('x kappa-\x1b[1m47') + output.push('11-om\x1b[0mega masked\x1b[K-value-99 ##kappa-47\u200b11-omega\n') + output.flush();
    expect(shown).not.toContain('kappa-4711');
    expect(shown).not.toContain('masked-value');
    expect(shown).toContain('x [redacted KEY] [redacted mask]');
    if ('env' in io) expect(shown).not.toContain('##[');
  });
});
