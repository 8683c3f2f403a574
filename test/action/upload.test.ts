import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { uploadRecord } from '../../src/action/artifacts.ts';
import { NEVER } from '../../src/action/cancel.ts';
import { conclude } from '../../src/action/conclude.ts';
import type { State } from '../../src/action/state.ts';
import type { HostPath } from '../../src/model/names.ts';
import { ArtifactService } from './support/artifact-service.ts';

// The real client of the artifact service, spoken to over loopback.
let service: ArtifactService;
let record: string;
let said: string[];

beforeEach(async () => {
  service = await ArtifactService.start();
  record = mkdtempSync(join(tmpdir(), 'agent-jail-record-'));
  said = [];
  for (const [name, content] of Object.entries({
    'run.json': '{}',
    'transcript.log': 'hello\n',
    'changes.tar.gz': 'x'.repeat(100),
    'summary.md': '### It went well\n',
  })) {
    writeFileSync(join(record, name), content);
  }
  const claims = Buffer.from(JSON.stringify({ scp: 'Actions.Results:run-id:job-id' })).toString('base64url');
  vi.stubEnv('ACTIONS_RUNTIME_TOKEN', `e30.${claims}.x`);
  vi.stubEnv('ACTIONS_RESULTS_URL', service.url);
  vi.stubEnv('GITHUB_SERVER_URL', undefined);
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await service[Symbol.asyncDispose]();
  rmSync(record, { recursive: true, force: true });
});

const env = { GITHUB_REPOSITORY: 'o/r', GITHUB_RUN_ID: '7' };
function state(upload: Partial<State['upload']> = {}): State {
  return { id: '01JABC', record: record as HostPath, upload: { when: 'always', name: 'jail-{id}', retentionDays: 3, max: 1e6, ...upload } };
}
const upload = (given: Partial<State['upload']> = {}) => uploadRecord(state(given), env, (message) => said.push(message));

describe('uploadRecord', () => {
  it('uploads the files of the record, and tells id, address and digest', async () => {
    const uploaded = await upload();
    expect(uploaded).toMatchObject({
      id: 1001,
      name: 'jail-01JABC',
      url: 'https://github.com/o/r/actions/runs/7/artifacts/1001',
      leftOut: [],
    });
    expect(uploaded.digest).toMatch(/^[0-9a-f]{64}$/);
    expect([...service.files('jail-01JABC').keys()].sort()).toEqual(['changes.tar.gz', 'run.json', 'summary.md', 'transcript.log']);
    expect(service.files('jail-01JABC').get('transcript.log')?.toString()).toBe('hello\n');
  });

  it('uploads nothing that is not a regular file of a record', async () => {
    writeFileSync(join(record, 'other.txt'), 'secret');
    symlinkSync('/etc/hostname', join(record, 'backend.log'));
    await upload();
    expect([...service.files('jail-01JABC').keys()]).not.toContain('other.txt');
    expect([...service.files('jail-01JABC').keys()]).not.toContain('backend.log');
  });

  it('leaves out what is too large and says so', async () => {
    const { leftOut } = await upload({ max: 50 });
    expect(leftOut).toEqual([{ name: 'changes.tar.gz', size: 100 }]);
    expect(service.files('jail-01JABC').has('changes.tar.gz')).toBe(false);
    expect(said.join()).toContain('changes.tar.gz (100 bytes)');
  });

  it('tries again after a lost connection, which the client does not', async () => {
    service.faults.push('reset', 'reset');
    expect((await upload()).name).toBe('jail-01JABC');
    expect(service.asked.map(({ result }) => result)).toEqual(['reset', 'reset', 'ok']);
    expect(said.filter((message) => message.includes('trying again in'))).toHaveLength(2);
  });

  it('gets through a server error', async () => {
    service.faults.push('server-error');
    expect((await upload()).id).toBe(1001);
  });

  it('takes another name when the name is taken', async () => {
    const first = await upload({ name: 'same' });
    const second = await uploadRecord({ ...state({ name: 'same' }), id: '01JDEF' }, env, () => {});
    expect(first.name).toBe('same');
    expect(second.name).toMatch(/^same-[0-9a-f]{8}$/);
    expect(service.artifacts.size).toBe(2);
  });

  it('gives up at once where it is not allowed', async () => {
    service.faults.push('denied');
    await expect(upload()).rejects.toThrow(/403/);
    expect(service.asked).toHaveLength(1);
  });

  it('refuses a record without files', async () => {
    rmSync(record, { recursive: true });
    await expect(upload()).rejects.toThrow('the record has no files');
  });
});

describe('conclude', () => {
  it('makes a record that could not be uploaded a jail-error, and says why', async () => {
    service.faults.push('denied');
    const result = await conclude(state(), env, { outcome: 'succeeded', because: '' }, (message) => said.push(message), NEVER);
    expect(result).toEqual({ outcome: 'jail-error', because: 'the record could not be uploaded', uploaded: null, finished: true });
    expect(said.join()).toContain('403');
  });

  it('leaves a cancelled run cancelled', async () => {
    service.faults.push('denied');
    expect((await conclude(state(), env, { outcome: 'cancelled', because: 'SIGINT' }, () => {}, NEVER)).outcome).toBe('cancelled');
  });

  it('leaves the upload to post when there is no time', async () => {
    service.faults.push('slow');
    const began = performance.now();
    const cancel = { signal: AbortSignal.timeout(100), left: () => 200 };
    expect(await conclude(state(), env, { outcome: 'cancelled', because: 'SIGINT' }, () => {}, cancel)).toMatchObject({ finished: false });
    expect(performance.now() - began).toBeLessThan(3000);
  });

  it('uploads nothing that was not asked for, and writes the summary all the same', async () => {
    const file = join(record, 'step-summary');
    writeFileSync(file, '');
    vi.stubEnv('GITHUB_STEP_SUMMARY', file);
    await conclude(
      state({ when: 'failure' }),
      { ...env, GITHUB_STEP_SUMMARY: file },
      { outcome: 'succeeded', because: '' },
      () => {},
      NEVER,
    );
    expect(service.asked).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe('### It went well\n');
  });
});
