import { expect, test } from 'vitest';
import { jailed, repository, temporary } from '../support/jail.ts';

test('usage.ndjson has what a run used, and what it read and wrote', async () => {
  using place = temporary();
  repository(place.path);
  const work = 'dd if=/dev/zero of=x bs=1M count=20 conv=fsync status=none; i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done';
  const ran = await jailed(place.path, work, { policy: 'limits: { disk: 256MiB }\n' });
  expect(ran.code).toBe(0);
  const last = ran.ndjson('usage.ndjson').at(-1) as Record<string, number>;
  const MiB = 1 << 20;
  expect(last['written']).toBeGreaterThanOrEqual(20 * MiB);
  expect(last['written']).toBeLessThan(100 * MiB);
  expect(last['disk']).toBeGreaterThanOrEqual(20 * MiB);
  expect(last['cpu']).toBeGreaterThan(50_000);
  expect(last['read']).toBeGreaterThanOrEqual(0);
});
