import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostPath } from '../../../src/model/names.ts';
import { frame, readFrames } from '../../../src/remote/frames.ts';
import { FarWarden } from '../../../src/run/far-warden.ts';

let record: HostPath;
beforeEach(() => {
  record = mkdtempSync(join(tmpdir(), 'agent-jail-far-')) as HostPath;
});
afterEach(() => rmSync(record, { recursive: true }));

const json = (value: unknown): string => JSON.stringify(value);
const line = (message: object): Buffer => frame('output', `${json(message)}\n`);
const MANIFEST = '{"schema":"agent-jail/manifest@1"}';
const sealed = createHash('sha256').update(MANIFEST).digest('hex');
const ended = (manifest: string | null): Buffer[] => [line({ kind: 'ended', manifest }), frame('ended', json({ end: '0', errors: '' }))];
const file = (name: string, text: string): Buffer[] => [frame('file', json({ name })), frame('bytes', text)];
const WHOLE = [...file('manifest.json', MANIFEST), ...file('transcript.log', ''), frame('recordEnd')];

/** What comes of an engine that sends this and nothing more. */
async function hears(parts: readonly Buffer[], errors = '') {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  let removed = 0;
  const remove = async (): Promise<void> => void (removed += 1);
  const warden = new FarWarden(
    { stdin: stdin as unknown as Socket, stdout: stdout as AsyncIterable<Buffer>, errors: () => errors, remove },
    record,
  );
  stdout.end(Buffer.concat(parts));
  const kinds: unknown[] = [];
  const failed = await (async () => {
    for await (const message of warden.messages()) kinds.push((message as { kind: unknown }).kind);
    return null;
  })().catch((error: Error) => error.message);
  return { kinds, failed, how: await warden.ended, removed };
}

describe('a warden elsewhere', () => {
  test('gives its messages, and the last one when its record is here', async () => {
    const heard = await hears([line({ kind: 'phase' }), ...ended(sealed), ...WHOLE]);
    expect(heard).toMatchObject({ kinds: ['phase', 'ended'], failed: null, removed: 1 });
    expect(readdirSync(record).sort()).toEqual(['manifest.json', 'transcript.log']);
    expect(readFileSync(join(record, 'manifest.json'), 'utf8')).toBe(MANIFEST);
  });
  test.each([
    ['that does not come whole', [...ended(sealed), ...WHOLE.slice(0, -1)], /did not come whole/],
    ['that does not come', ended(sealed), /did not come whole/],
    ['that is another one', [...ended('f'.repeat(64)), ...WHOLE], /is not the one that was sealed/],
    ['without its seal', [...ended(sealed), ...file('transcript.log', 'x'), frame('recordEnd')], /is not the one that was sealed/],
  ])('does not end well with a record %s', async (_, parts, why) => {
    const { kinds, failed, removed } = await hears(parts);
    expect([kinds, removed]).toEqual([[], 1]);
    expect(failed).toMatch(why);
  });
  test.each(['../outside', '/etc/passwd', '.', 'run.json/x', '__proto__', 'toString'])(
    'writes no file that a record does not have: %s',
    async (name) => {
      const { how, failed } = await hears([...ended(null), ...file(name, 'x'), frame('recordEnd')]);
      expect(how).toContain(`${json(name)} is no file of a record`);
      expect(failed).toMatch(/did not come whole/);
      expect(readdirSync(record)).toEqual([]);
    },
  );
  test('does not write a file twice', async () => {
    const { how } = await hears([...file('run.json', 'a'), ...file('run.json', 'b'), frame('recordEnd')]);
    expect(how).toContain('EEXIST');
    expect(readFileSync(join(record, 'run.json'), 'utf8')).toBe('a');
  });
  test.each([
    ['that fails', [frame('failed', json({ message: '/w could not be unpacked' }))], '', /^\/w could not be unpacked$/],
    ['that ends', [], 'exec: no such file', /nothing came of its warden: exec: no such file$/],
    ['that is no helper', [Buffer.from('hello, world')], '', /helper container is gone: .*is no frame/],
    [
      'whose warden ends',
      [frame('ended', json({ end: 'SIGKILL', errors: '' })), frame('recordEnd')],
      '',
      /^the warden ended with SIGKILL$/,
    ],
  ])('is told of in its own words by a helper %s', async (_, parts, errors, how) => {
    expect((await hears(parts, errors)).how).toMatch(how);
  });
  test('is asked in order, in frames', async () => {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const helper = { stdin: stdin as unknown as Socket, stdout: stdout as AsyncIterable<Buffer>, errors: () => '', remove: async () => {} };
    const warden = new FarWarden(helper, record);
    warden.send({ kind: 'cancel', by: 'x'.repeat(2 << 20) });
    warden.close();
    const asked: string[] = [];
    for await (const { kind, payload } of readFrames(stdin as AsyncIterable<Buffer>)) {
      asked.push(`${kind} ${payload.length}`);
      if (kind === 'inputEnd') break;
    }
    expect(asked).toEqual(['input 1048576', 'input 1048576', 'input 26', 'inputEnd 0']);
    stdout.end();
    await warden.ended;
  });
});
