import { expect, it } from 'vitest';
import { Runner } from './support/runner.ts';

it('says of a silent step that it is still running, and what it uses', async () => {
  const run = 'curl --silent --max-time 5 http://denied.test || :; echo 123456789; sleep 63; echo late';
  using runner = new Runner();
  const result = await runner.step({ with: { run, upload: 'never' } });
  expect(result).toMatchObject({ code: 0, foreign: [] });
  const at = (start: string): number => result.log.findIndex((line) => line.startsWith(start));
  const beat = result.log[at('agent-jail: run: still running, 1 m 0')] ?? '';
  expect(beat).toMatch(/^agent-jail: run: still running, 1 m 0\d s, 10 bytes printed, memory [\d.]+ MiB, \d+ processes, 1 host denied$/);
  expect(result.log.filter((line) => line.includes('still running'))).toHaveLength(1);
  expect(at(beat)).toBeGreaterThan(at('123456789'));
  expect(at(beat)).toBeLessThan(at('late'));
  expect(result.log.join('\n')).toMatch(/^agent-jail: run: exit 0, 1 m \d+ s, 15 bytes, memory up to [\d.]+ MiB, 1 host denied$/m);
});
