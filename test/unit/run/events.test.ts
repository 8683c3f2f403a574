import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { WardenEvent, WardenLine } from '../../../src/model/protocol.ts';
import { Channel, EventReader } from '../../../src/run/events.ts';

/** What main makes of chunks that the warden shows, by the JSON lines between them. */
function shown(...chunks: readonly { readonly step: number; readonly bytes: Buffer }[]): Extract<WardenEvent, { kind: 'output' }>[] {
  const pipe = new PassThrough({ highWaterMark: 1 << 20 });
  const channel = new Channel(pipe as unknown as NodeJS.WriteStream, () => 1);
  for (const { step, bytes } of chunks) channel.output(step, bytes);
  const reader = new EventReader();
  return String(pipe.read())
    .trimEnd()
    .split('\n')
    .map((line) => reader.read(JSON.parse(line) as WardenLine))
    .filter((event) => event.kind === 'output');
}

describe('output on its way to main', () => {
  it('is text again, whatever it holds', () => {
    const text = '{"a":"\u001b[0m✓"}\r\n\u0000 end';
    expect(shown({ step: 0, bytes: Buffer.from(text) }).map((event) => event.text)).toEqual([text]);
  });

  it('keeps a character whole that two chunks share', () => {
    const bytes = Buffer.from('a✓b');
    const halves = [bytes.subarray(0, 2), bytes.subarray(2)].map((half) => ({ step: 0, bytes: half }));
    expect(shown(...halves).map((event) => event.text)).toEqual(['a', '✓b']);
  });

  it('keeps characters whole in a chunk that is longer than an event', () => {
    const text = '✓'.repeat(50_000); // 150,000 bytes: 64 KiB is within a character
    const events = shown({ step: 0, bytes: Buffer.from(text) });
    expect(events.length).toBeGreaterThan(1);
    expect(events.map((event) => event.text).join('')).toBe(text);
  });

  it('carries nothing of one step into the next', () => {
    const events = shown({ step: 0, bytes: Buffer.from('✓').subarray(0, 2) }, { step: 1, bytes: Buffer.from('b') });
    expect(events.map(({ step, text }) => ({ step, text }))).toEqual([
      { step: 0, text: '' },
      { step: 1, text: 'b' },
    ]);
  });
});

describe('output that main is too slow for', () => {
  it('is dropped and counted, and what comes after the gap is read by itself', () => {
    const pipe = new PassThrough({ highWaterMark: 64 });
    const channel = new Channel(pipe as unknown as NodeJS.WriteStream, () => 1);
    channel.output(0, Buffer.concat([Buffer.from('x'.repeat(100)), Buffer.from('✓').subarray(0, 1)]));
    channel.output(0, Buffer.from('lost'));
    const first = String(pipe.read());
    channel.output(0, Buffer.from('later'.padEnd(1 << 16, '.') + 'more'));
    const reader = new EventReader();
    const events = `${first}${String(pipe.read())}`
      .trimEnd()
      .split('\n')
      .map((line) => reader.read(JSON.parse(line) as WardenLine));
    expect(events).toMatchObject([
      { kind: 'output', text: 'x'.repeat(100), dropped: 0 },
      { kind: 'output', text: 'later'.padEnd(1 << 16, '.'), dropped: 4 },
      { kind: 'output', text: 'more', dropped: 0 }, // not counted twice
    ]);
  });
});
