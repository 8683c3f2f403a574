import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { GatewayEvent } from '../../../src/model/gateway.ts';
import { NetworkLog, type Seen } from '../../../src/network/log.ts';

let directory: string;
let fd: number;
let events: GatewayEvent[];
let log: NetworkLog;
const epoch = process.hrtime.bigint() - 1_500_000_000n;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'agent-jail-log-'));
  fd = openSync(join(directory, 'network.ndjson'), 'w');
  events = [];
  log = new NetworkLog(fd, epoch, (event) => events.push(event));
});
afterEach(() => {
  closeSync(fd);
  rmSync(directory, { recursive: true });
});
const written = (): Record<string, unknown>[] =>
  readFileSync(join(directory, 'network.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const seen = (part: Partial<Seen> = {}): Seen => ({
  began: epoch + 1_000_250_999n,
  kind: 'connection',
  transport: 'tcp',
  name: 'a.test',
  type: null,
  address: '1.2.3.4',
  port: 443,
  protocol: 'tls',
  method: null,
  path: null,
  verdict: 'denied',
  reason: 'no rule allows it',
  upstream: null,
  status: null,
  error: null,
  secret: null,
  bytesIn: 1,
  bytesOut: 2,
  ...part,
});

it('writes lines with times that count from the epoch, the step, and what was counted', () => {
  log.write(seen());
  log.step = 3;
  log.write(seen({ verdict: 'allowed', name: 'localhost' }));
  expect(log.seen).toBe(2);
  expect(log.end()).toEqual({ kind: 'done', denied: 1, allowed: 1, lines: 2 });
  const [schema, first, second, last, ...rest] = written();
  expect(schema).toEqual({ schema: 'agent-jail/network@1' });
  const { began: _, ...fields } = seen();
  expect(first).toEqual({ t: 1000.25, step: -1, ...fields, ms: expect.any(Number) });
  expect(first?.['ms']).toBeGreaterThanOrEqual(499);
  expect(second).toMatchObject({ step: 3, name: 'localhost', verdict: 'allowed' });
  expect(last).toEqual({ end: true, lines: 2, denied: 1, allowed: 1, omitted: 0 });
  expect(rest).toEqual([]);
});

it('cuts what an agent chose and removes what could steer a terminal', () => {
  log.write(seen({ name: `\u001b[31m\u202Ea\u200B\ud800\r\n${'b'.repeat(300)}`, path: `/${'\0x'.repeat(5000)}` }));
  const [, line] = written();
  expect(line?.['name']).toBe(`[31ma${'b'.repeat(250)}`);
  expect(line?.['path']).toBe(`/${'x'.repeat(1023)}`);
});

it('tells each denied host and port once, and a bounded number of them', () => {
  for (const part of [{}, {}, { port: 80 }, { name: null }, { name: null, address: null }, { verdict: 'allowed' as const, name: 'b.test' }])
    log.write(seen(part));
  expect(events).toEqual([
    { kind: 'denied', host: 'a.test', port: 443, rule: 'no rule allows it' },
    { kind: 'denied', host: 'a.test', port: 80, rule: 'no rule allows it' },
    { kind: 'denied', host: '1.2.3.4', port: 443, rule: 'no rule allows it' },
  ]);
  for (let index = 0; index < 1100; index += 1) log.write(seen({ name: `n${index}.test` }));
  expect(events).toHaveLength(1000);
});

it('counts lines beyond 100,000 instead of writing them', () => {
  for (let index = 0; index < 100_010; index += 1) log.write(seen());
  expect(log.end()).toMatchObject({ denied: 100_010, lines: 100_000 });
  expect(written().at(-1)).toEqual({ end: true, lines: 100_000, denied: 100_010, allowed: 0, omitted: 10 });
});
