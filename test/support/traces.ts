// Removes instances of tracefs as runs do, and prints one JSON line for each way. In a mount namespace of its own, with tracefs.
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { instanceOf, removeTrace } from '../../src/host/tracing.ts';

const id = '01JZ0000000000000000000001';
const instance = instanceOf(id);

/** As many as Node has threads for it. */
async function byFour(): Promise<unknown> {
  mkdirSync(instance);
  const ended = await Promise.allSettled([1, 2, 3, 4].map(() => removeTrace(id)));
  return [ended.filter(({ status }) => status === 'fulfilled').length, existsSync(instance)];
}

async function whileRead(ms: number): Promise<unknown> {
  mkdirSync(instance);
  const reader = openSync(`${instance}/trace_pipe`, 'r');
  const removed = removeTrace(id).then(
    () => 'removed',
    (error: unknown) => (error as Error).message,
  );
  await sleep(ms);
  closeSync(reader);
  const how = await removed;
  await removeTrace(id);
  return [how, existsSync(instance)];
}

for (let n = 0; n < 10; n += 1) console.log(JSON.stringify({ byFour: await byFour() }));
console.log(JSON.stringify({ soon: await whileRead(100), late: await whileRead(2000) }));
