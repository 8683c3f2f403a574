import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PACE } from '../support/pace.ts';
import { ArtifactService } from './support/artifact-service.ts';
import { Runner } from './support/runner.ts';

let service: ArtifactService;
let runner: Runner;
beforeEach(async () => {
  service = await ArtifactService.start();
  runner = new Runner();
  runner.env['ACTIONS_RESULTS_URL'] = service.url;
});
afterEach(async () => {
  runner[Symbol.dispose]();
  await service[Symbol.asyncDispose]();
});

// The signals go to main alone, as the runner sends them.
describe('a cancelled job', () => {
  it.each([
    ['in a step', 'echo agent is here; sleep 60'],
    ['in a step that ignores signals and floods', 'trap "" TERM INT HUP; echo agent is here; while :; do echo noise; done'],
  ])('%s: exit 130 in time, with a sealed record', async (_, run) => {
    const result = await runner.step({
      with: { run, 'artifact-name': 'cancelled', policy: 'limits: { output: 1GiB }' },
      cancelWhen: (output) => output.includes('agent is here'),
    });
    expect(result).toMatchObject({ code: 130, signal: null, outputs: { outcome: 'cancelled' }, foreign: [] });
    const record = result.outputs['record'] ?? '';
    const verdict = JSON.parse(readFileSync(join(record, 'verdict.json'), 'utf8')) as { outcome: string; manifest: string };
    expect(verdict).toMatchObject({ outcome: 'cancelled', manifest: result.outputs['manifest-sha256'] });

    const [post] = await runner.finish();
    expect(post?.code).toBe(0);
    // A slow machine has no time for it before the job is over: then post begins another one.
    const names = PACE === 1 ? ['cancelled'] : [...service.artifacts.keys()].filter((name) => name.startsWith('cancelled'));
    expect(names.flatMap((name) => [...service.files(name).keys()])).toContain('manifest.json');
  });

  it('before a step has begun: exit 130 and no agent command ran', async () => {
    // The first thing that main prints comes before the jail: the mask of a secret.
    const result = await runner.step({
      with: { run: 'echo agent is here', policy: 'secrets: { API_KEY: expose }' },
      env: { API_KEY: 'hunter2-hunter2-hunter2' },
      cancelWhen: (output) => output.includes('::add-mask::'),
    });
    expect(result).toMatchObject({ code: 130, signal: null, outputs: { outcome: 'cancelled' } });
    expect(result.raw).not.toContain('agent is here');
    expect((await runner.finish())[0]?.code).toBe(0);
  });

  it('during a slow upload: main leaves it to post', async () => {
    service.faults.push('slow');
    const result = await runner.step({
      with: { run: 'echo agent is here; sleep 60', 'artifact-name': 'late' },
      cancelWhen: (output) => output.includes('agent is here'),
    });
    expect(result).toMatchObject({ code: 130, signal: null });
    const [post] = await runner.finish();
    expect(post?.code).toBe(0);
    expect(post?.commands.filter(({ name }) => name === 'warning' || name === 'error')).toEqual([]);
    expect([...service.artifacts.keys()].some((name) => name.startsWith('late') && service.files(name).has('verdict.json'))).toBe(true);
  });
});
