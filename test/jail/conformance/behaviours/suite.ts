import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository, temporary } from '../../../support/jail.ts';
import { settled, type Snapshot, snapshot } from '../../../support/machine.ts';
import type { Backend } from '../bench.ts';
import { comparable, type Result, runTopic } from './result.ts';
import { answer, checksOf, differing, type Topic } from './topic.ts';

/** Runs at a time: as many as the smallest machine has processors. */
const AT_ONCE = 2;

/** Runs these topics on each backend, and compares every one with the first; what each says must be right as well. */
export function behave(topics: readonly Topic[], backends: readonly [Backend, ...Backend[]]): void {
  const places: Disposable[] = [];
  const results = new Map<string, Promise<Result>>();
  let before: Snapshot;

  /** All runs, in the order of the tests that wait for them. */
  function start(): void {
    const waiting: (() => Promise<unknown>)[] = [];
    for (const topic of topics) {
      const place = temporary();
      places.push(place);
      topic.prepare?.(repository(place.path));
      if (topic.prepare === undefined) repository(place.path);
      for (const backend of backends) {
        const { promise, resolve, reject } = Promise.withResolvers<Result>();
        promise.catch(() => {}); // told by the test that waits for it
        results.set(`${topic.name} ${backend}`, promise);
        waiting.push(async () => runTopic(topic, backend, place.path).then(resolve, reject));
      }
    }
    const next = async (): Promise<void> => {
      for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) await run();
    };
    for (let n = 0; n < AT_ONCE; n += 1) void next();
  }
  const of = async (topic: string, backend: Backend): Promise<Result> => {
    const result = results.get(`${topic} ${backend}`);
    if (result === undefined) throw new Error(`${topic} was not run on ${backend}`);
    return result;
  };

  beforeAll(() => {
    before = snapshot();
    start();
  });
  afterAll(async () => {
    await Promise.allSettled(results.values());
    for (const place of places) place[Symbol.dispose]();
  });

  describe.each(topics)('$name', (topic) => {
    describe.each(backends)('%s', (backend) => {
      let ran: Result;
      beforeAll(async () => {
        ran = await of(topic.name, backend);
      });
      test.each(checksOf(topic))('$name', (one) => {
        const said = answer(ran.transcript, one.name);
        if (said === null) throw new Error(`not asked: ${ran.verdict?.because} ${ran.stderr} ${ran.transcript}`);
        const says = differing(one)?.[backend] ?? (one.says as string | RegExp);
        if (typeof says === 'string') expect(said).toEqual({ said: says, code: one.code });
        else {
          expect(said.said).toMatch(says);
          expect(said.code).toBe(one.code);
        }
      });
      test.each(topic.record ?? [])('$name', async ({ holds }) => {
        await holds(ran);
        expect(ran.run.backend.name).toBe(backend);
      });
    });
    test.each(backends.slice(1))(`%s: the same as on ${backends[0]}`, async (backend) => {
      expect(comparable(await of(topic.name, backend), topic)).toEqual(comparable(await of(topic.name, backends[0]), topic));
    });
  });

  test('nothing is left of all these runs', async () => {
    await Promise.allSettled(results.values());
    expect(await settled(before, 10_000)).toEqual([]);
  });
}
