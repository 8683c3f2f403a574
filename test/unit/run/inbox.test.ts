import { expect, test } from 'vitest';
import { Inbox } from '../../../src/run/inbox.ts';

async function* told(...messages: readonly object[]): AsyncGenerator<string> {
  for (const message of messages) yield JSON.stringify(message);
}
const run = { kind: 'run' };
const cancel = (by: string) => ({ kind: 'cancel', by });

test('requests come one after the other, and then the end', async () => {
  const inbox = new Inbox(told({ kind: 'ahead' }, run, { kind: 'again' }));
  const kinds = [await inbox.next(), await inbox.next(), await inbox.next(), await inbox.next()].map((asked) => asked?.kind ?? null);
  expect(kinds).toEqual(['ahead', 'run', 'again', null]);
});

test('a cancel reaches the run before it, also one that was read before anybody listens', async () => {
  const inbox = new Inbox(told(run, cancel('SIGINT')));
  await inbox.next();
  const first: string[] = [];
  inbox.onCancel((by) => first.push(by));
  await new Promise(setImmediate);
  expect(first).toContain('SIGINT');

  const late = new Inbox(told(run, cancel('SIGTERM')));
  await late.next();
  await new Promise(setImmediate);
  const second: string[] = [];
  late.onCancel((by) => second.push(by));
  expect(second[0]).toBe('SIGTERM');
});

test('a cancel of the run before is none of the next one', async () => {
  const { promise: more, resolve } = Promise.withResolvers<void>();
  async function* lines(): AsyncGenerator<string> {
    yield* told(run, cancel('SIGINT'), { kind: 'again' }, run);
    await more;
  }
  const inbox = new Inbox(lines());
  for (const kind of ['run', 'again', 'run']) expect((await inbox.next())?.kind).toBe(kind);
  const cancelled: string[] = [];
  inbox.onCancel((by) => cancelled.push(by));
  expect(cancelled).toEqual([]);
  resolve();
  expect(await inbox.next()).toBeNull();
  expect(cancelled).toEqual(['the end of main']);
});

test.each([['not JSON'], ['{"kind":']])('what is no message (%j) ends it as a main that is gone does', async (line) => {
  const inbox = new Inbox(
    (async function* () {
      yield line;
    })(),
  );
  const cancelled: string[] = [];
  inbox.onCancel((by) => cancelled.push(by));
  expect(await inbox.next()).toBeNull();
  expect(cancelled).toEqual(['a broken pipe from main']);
});
