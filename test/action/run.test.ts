import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OUTPUTS } from '../../src/action/outputs.ts';
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

describe('a run', () => {
  it('tells its outcome, leaves a record, uploads it, and leaves the workspace as it was', async () => {
    writeFileSync(join(runner.workspace, 'a.txt'), 'one\n');
    const result = await runner.step({ with: { run: 'echo two >> a.txt; echo hello; echo 42 > "$AGENT_JAIL_RESULT"' } });
    expect(result).toMatchObject({ code: 0, signal: null, foreign: [], leaked: { env: '', path: '' }, tokenHolders: [] });
    expect(result.log).toContain('hello');
    const { outputs } = result;
    expect(Object.keys(outputs)).toEqual(Object.keys(OUTPUTS));
    expect(outputs).toMatchObject({
      outcome: 'succeeded',
      'exit-code': '0',
      backend: 'nspawn',
      changed: 'true',
      'changed-files': '1',
      denied: '0',
      'artifact-id': '1001',
      'artifact-url': 'https://github.com/octo/repo/actions/runs/42/artifacts/1001',
    });
    for (const name of ['policy-sha256', 'manifest-sha256', 'artifact-digest']) expect(outputs[name]).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(outputs['result'] ?? '', 'utf8')).toBe('42\n');
    expect(readFileSync(outputs['patch'] ?? '', 'utf8')).toContain('+two');
    expect(readFileSync(join(runner.workspace, 'a.txt'), 'utf8')).toBe('one\n');

    const [name = ''] = service.artifacts.keys();
    expect(name).toMatch(/^agent-jail-job-0-1-[0-9A-Z]{26}$/);
    const manifest = service.files(name).get('manifest.json') ?? Buffer.alloc(0);
    expect(manifest.equals(readFileSync(join(outputs['record'] ?? '', 'manifest.json')))).toBe(true);
    expect(result.summary).toContain(name);
    expect(Buffer.byteLength(result.summary)).toBeLessThan(1 << 20);
  });

  it('hands main’s state to post, which finds nothing to do, twice', async () => {
    const wish = { with: { run: 'true', upload: 'never' } };
    const main = await runner.step(wish);
    expect(main.code).toBe(0);
    expect(JSON.stringify(main.state)).not.toContain(runner.token);
    const [post] = await runner.finish();
    expect(post).toMatchObject({ code: 0, commands: [] });
    expect(service.asked).toEqual([]);
  });

  it('fails with the step, and says how it ended', async () => {
    const result = await runner.step({ with: { run: 'exit 7', upload: 'failure' } });
    expect(result).toMatchObject({ code: 1, outputs: { outcome: 'step-failed', 'exit-code': '7' } });
    expect(service.artifacts.size).toBe(1);
    expect(result.commands.filter(({ name }) => name === 'error')).toHaveLength(1);
  });

  it('says what the guards found at the changed lines, and for code scanning', async () => {
    writeFileSync(join(runner.workspace, 'a.txt'), 'one\ntwo\nthree\n');
    const policy = 'guards: { changes: { deny: ["a.*"], review: ["new"] } }';
    const step = { run: "echo new > new; sed -i s/two/TWO/ a.txt; touch 'a.,file=x::'", policy, upload: 'never' };
    const result = await runner.step({ with: step });
    expect(result).toMatchObject({ code: 3, foreign: [], outputs: { outcome: 'guard-failed' } });
    const said = result.commands.filter(({ name }) => name === 'error' || name === 'warning');
    expect(said.map(({ name, properties }) => [name, properties['file'], properties['line']])).toEqual([
      ['error', 'a.,file=x::', undefined],
      ['error', 'a.txt', '2'],
      ['warning', 'new', '1'],
      ['error', undefined, undefined], // the verdict
    ]);
    const sarif = JSON.parse(readFileSync(result.outputs['sarif'] ?? '', 'utf8'));
    expect(sarif.runs[0].results.map(({ ruleId, level }: { ruleId: string; level: string }) => [ruleId, level])).toEqual([
      ['guards.changes.deny', 'error'],
      ['guards.changes.deny', 'error'],
      ['guards.changes.review', 'warning'],
    ]);
  });

  it('runs setup first, then the listed steps', async () => {
    const steps = '- { name: first, run: echo 1st; cat made }\n- { name: second, run: echo 2nd }\n';
    const result = await runner.step({ with: { setup: 'echo setting up; echo kept > made', steps } });
    expect(result.code).toBe(0);
    expect(result.log.filter((line) => ['setting up', '1st', 'kept', '2nd'].includes(line))).toEqual(['setting up', '1st', 'kept', '2nd']);
    expect(result.commands.filter(({ name }) => name === 'group').map(({ data }) => data)).toEqual(['setup', 'first', 'second']);
  });

  it('masks secrets, and redacts them from log and record', async () => {
    const secret = 'hunter2-hunter2-hunter2';
    const result = await runner.step({
      with: { run: 'echo "the key is $API_KEY"', policy: 'secrets: { API_KEY: expose }' },
      env: { API_KEY: secret },
    });
    expect(runner.masks).toContain(secret);
    expect(result.log.join('\n')).toContain('the key is [redacted API_KEY]');
    expect(result.code).toBe(0);
    expect(readFileSync(join(result.outputs['record'] ?? '', 'transcript.log'), 'utf8')).not.toContain(secret);
  });

  it('lets no command of the agent through', async () => {
    const script = [
      "printf '::set-env name=X::INJECTED\\n::add-path::/INJECTED\\n::set-output name=outcome::INJECTED\\n'",
      "printf '  ::add-mask::INJECTED\\n\\xc2\\xa0::error::INJECTED\\n\\xef\\xbb\\xbf::error::INJECTED\\n'",
      "printf 'progress\\r::error::INJECTED\\r\\nmid ##[error]INJECTED\\n##[add-matcher]INJECTED\\n'",
      "printf '::stop-commands::INJECTED\\n::00000000000000000000000000000000::\\n::err'; sleep 0.3; printf 'or::INJECTED\\n'",
      "printf '::group::INJECTED\\n::endgroup::\\n\\x1b]0;title\\x07\\x1b[2J'",
      'echo INJECTED=1 >> "${GITHUB_ENV:-/dev/null}"; echo the end',
    ].join('\n');
    for (const log of ['full', 'summary']) {
      const result = await runner.step({ with: { run: script, log, upload: 'never' } });
      expect(result.code).toBe(0);
      expect(result.log).toContain('the end');
      expect(result.foreign).toEqual([]);
      expect(result.commands.filter((command) => JSON.stringify(command).includes('INJECTED'))).toEqual([]);
      expect(result.leaked).toEqual({ env: '', path: '' });
      expect(result.log.join('\n')).not.toContain('\x1b');
    }
  });

  it('keeps the record of two runs that ask for one name', async () => {
    const wish = { with: { run: 'true', 'artifact-name': 'matrix a/b' } };
    const [first, second] = [await runner.step(wish), await runner.step(wish)];
    expect([first.code, second.code]).toEqual([0, 0]);
    expect([...service.artifacts.keys()]).toEqual(['matrix a-b', expect.stringMatching(/^matrix a-b-[0-9a-f]{8}$/)]);
  });

  it('is a jail-error when the record cannot be uploaded', async () => {
    service.faults.push('denied');
    const result = await runner.step({ with: { run: 'true' } });
    expect(result).toMatchObject({ code: 70, outputs: { outcome: 'jail-error', because: 'the record could not be uploaded' } });
    expect(existsSync(join(result.outputs['record'] ?? '', 'manifest.json'))).toBe(true);
  });

  it('leaves out what is larger than max-upload, and lists it', async () => {
    const run = 'head --bytes=2000000 /dev/urandom | base64';
    const result = await runner.step({ with: { run, log: 'none', 'max-upload': '1MB', 'artifact-name': 'small' } });
    expect(result.code).toBe(0);
    expect(service.files('small').has('transcript.log')).toBe(false);
    expect(service.files('small').has('manifest.json')).toBe(true);
    expect(result.summary).toContain('transcript.log');
    expect(result.log.join('\n')).toContain('transcript.log');
  });
});

describe('post after a main that was killed', () => {
  it('takes the run down, finishes the record and uploads it; a second time it finds nothing to do', async () => {
    const result = await runner.step({
      with: { run: 'echo started; sleep 60', 'artifact-name': 'killed' },
      cancelWhen: (output) => output.includes('started'),
      kill: true,
    });
    expect(result).toMatchObject({ code: null, signal: 'SIGKILL', outputs: {} });
    const [post] = await runner.finish();
    expect(post?.code).toBe(0);
    const verdict = JSON.parse(service.files('killed').get('verdict.json')?.toString() ?? '{}') as { outcome?: string };
    expect(['cancelled', 'jail-error']).toContain(verdict.outcome);
    expect(post?.summary).toContain('killed');
  });

  it('has nothing to upload when the record is gone', async () => {
    const result = await runner.step({
      with: { run: 'echo started; sleep 60' },
      cancelWhen: (output) => output.includes('started'),
      kill: true,
    });
    expect(result.signal).toBe('SIGKILL');
    rmSync(join(runner.temp, 'agent-jail'), { recursive: true, force: true });
    const [post] = await runner.finish();
    expect(post?.code).toBe(0);
    expect(service.asked).toEqual([]);
  });
});
