import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NEVER } from '../../src/action/cancel.ts';
import { conclude } from '../../src/action/conclude.ts';
import type { State } from '../../src/action/state.ts';
import type { HostPath } from '../../src/model/names.ts';
import { GitHubService } from './support/github-service.ts';
import type { Fault } from './support/github-service.ts';
import { Runner } from './support/runner.ts';

const TOKEN = 'ghs_of-this-job';
const PULL = { name: 'pull_request', payload: { pull_request: { number: 7, head: { sha: 'ab'.repeat(20) } } } };

let github: GitHubService;
beforeEach(async () => {
  github = await GitHubService.start();
});
afterEach(() => github[Symbol.asyncDispose]());

const said: string[] = [];
/** The end of a run whose collector wrote `summary`. */
async function end(more: { summary?: string; env?: Record<string, string>; event?: object; cancel?: typeof NEVER } = {}): Promise<string> {
  const record = mkdtempSync(join(tmpdir(), 'agent-jail-record-'));
  try {
    writeFileSync(join(record, 'summary.md'), more.summary ?? '## agent-jail: succeeded\n');
    writeFileSync(join(record, 'event.json'), JSON.stringify(more.event ?? PULL.payload));
    const env = {
      ...RUNNER,
      GITHUB_EVENT_PATH: join(record, 'event.json'),
      GITHUB_GRAPHQL_URL: github.url,
      ...more.env,
    };
    const state: State = {
      id: '01J',
      record: record as HostPath,
      upload: { when: 'never', name: `agent-jail-fix-0-${env.GITHUB_RUN_ATTEMPT}-{id}`, retentionDays: 1, max: 1 },
    };
    said.length = 0;
    const result = await conclude(state, env, { outcome: 'succeeded', because: '' }, (line) => said.push(line), more.cancel ?? NEVER);
    expect(result).toMatchObject({ outcome: 'succeeded', finished: true });
    return said.join('\n');
  } finally {
    rmSync(record, { recursive: true });
  }
}
const RUNNER = {
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_REPOSITORY: 'octo/repo',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_WORKFLOW: 'CI',
  GITHUB_JOB: 'fix',
  GITHUB_ACTION: 'jail',
  INPUT_COMMENT: 'true',
  'INPUT_GITHUB-TOKEN': TOKEN,
};

describe('the comment', () => {
  it('is written once and then over, and names the run and the commit', async () => {
    expect(await end()).toBe('comment https://github.com/octo/repo/pull/7#IC_1');
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toMatch(/^<!-- agent-jail comment [0-9a-f]{64} -->\n\n## agent-jail: succeeded\n\n\[Run 42, /);
    await end({ summary: '## agent-jail: step-failed\n', env: { GITHUB_RUN_ID: '43' } });
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toContain('## agent-jail: step-failed');
    expect(github.comments[0]?.body).toContain(
      `[Run 43, attempt 1](https://github.com/octo/repo/actions/runs/43/attempts/1), for \`${'ab'.repeat(20)}\`.`,
    );
    expect(github.asked.map(({ operation }) => operation)).toEqual(['Find', 'Create', 'Find', 'Update']);
    expect(new Set(github.asked.map(({ token, agent }) => `${token} ${agent}`))).toEqual(new Set([`${TOKEN} agent-jail`]));
  });

  it('is found behind a thousand others, and not in a comment of somebody else that has the mark', async () => {
    await end();
    const [own] = github.comments.splice(0);
    const forged = github.write('mallory', own?.body ?? '');
    for (let at = 0; at < 1000; at += 1) github.write('people', `comment ${at}`);
    const quoted = github.write(TOKEN, `> ${own?.body}`);
    github.comments.push(...(own === undefined ? [] : [own]));
    await end({ summary: 'new\n' });
    expect(own?.body).toContain('new');
    expect(forged.body).not.toContain('new');
    expect(quoted.body).not.toContain('new');
    expect(github.comments).toHaveLength(1003);
  });

  it('is another one for another workflow, job or step, and the same for another attempt', async () => {
    await end();
    await end({ env: { GITHUB_RUN_ATTEMPT: '2' } });
    expect(github.comments).toHaveLength(1);
    for (const env of [{ GITHUB_WORKFLOW: 'other' }, { GITHUB_JOB: 'other' }, { GITHUB_ACTION: '__octo_repo_2' }]) await end({ env });
    expect(github.comments).toHaveLength(4);
  });

  it('fits into what GitHub takes, in whole lines, and says how many are missing', async () => {
    const lines = Array.from({ length: 4000 }, (_, at) => `| ${at} | ${'x'.repeat(20)} |`);
    await end({ summary: `${lines.join('\n')}\n` });
    const body = github.comments[0]?.body ?? '';
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.length).toBeGreaterThan(65_000);
    const shown = body.split('\n').filter((line) => line.startsWith('| '));
    expect(shown).toEqual(lines.slice(0, shown.length));
    expect(body).toContain(`\n\n${lines.length - shown.length} more lines are left out here; the job's summary has them.\n\n[Run 42`);
    github.comments.splice(0);
    await end({ summary: `${'y'.repeat(100_000)}\n` });
    expect(github.comments[0]?.body).toContain('1 more lines are left out here');
  });

  it('is of the pull request that the event names', async () => {
    const asked = (): unknown => github.asked.findLast(({ operation }) => operation === 'Find')?.variables['number'];
    await end({ env: { GITHUB_EVENT_NAME: 'issue_comment' }, event: { issue: { number: 7, pull_request: {} } } });
    expect(asked()).toBe(7);
    const run = { workflow_run: { pull_requests: [{ number: 7, base: { repo: { id: 1 } } }] }, repository: { id: 1 } };
    await end({ env: { GITHUB_EVENT_NAME: 'workflow_run' }, event: run });
    expect(asked()).toBe(7);
  });

  it.each<[string, Record<string, string>, object]>([
    ['push', {}, {}],
    ['issues', {}, { issue: { number: 7 } }],
    ['workflow_run', {}, { workflow_run: { pull_requests: [] }, repository: { id: 1 } }],
    ['workflow_run', {}, { workflow_run: { pull_requests: [{ number: 9, base: { repo: { id: 2 } } }] }, repository: { id: 1 } }],
    ['pull_request', {}, { pull_request: { number: '7; rm' } }],
    ['pull_request', { GITHUB_EVENT_PATH: '/nowhere' }, {}],
  ])('is not there where the event has none: %s %j %j', async (name, env, event) => {
    expect(await end({ env: { GITHUB_EVENT_NAME: name, ...env }, event })).toMatch(
      new RegExp(`^no comment on the pull request: the event ${name} is not about one; the job's summary has the text$`),
    );
    expect(github.asked).toEqual([]);
  });

  it.each<[Fault, RegExp, number]>([
    [
      'forbidden',
      /GitHub answered FORBIDDEN: Resource not accessible by integration\. The job needs `permissions: pull-requests: write`/,
      1,
    ],
    ['unauthorized', /GitHub answered 401: Bad credentials\. `github-token` is not valid/, 1],
    ['missing', /GitHub answered 404: Not Found\. The job needs/, 1],
    ['too-long', /GitHub answered 422: Validation Failed$/, 1],
    ['rate-limit', /GitHub answered 403: You have exceeded a secondary rate limit$/, 1],
    ['redirect', /GitHub answered 307$/, 1],
    ['server-error', /GitHub answered 502: Server Error$/, 3],
    ['reset', /GitHub could not be asked: .*$/, 3],
  ])(
    'that cannot be written is one line in the log: %s',
    async (fault, expected, tries) => {
      github.faults.push(fault, fault, fault);
      expect(await end()).toMatch(new RegExp(`^no comment on the pull request: ${expected.source}`));
      expect(said).toHaveLength(1);
      expect(github.asked).toHaveLength(tries);
      expect(github.comments).toEqual([]);
    },
    20_000,
  );

  it('gets through a lost connection, but is not written twice', async () => {
    github.faults.push('reset');
    expect(await end()).toMatch(/^comment /);
    github.faults.push('server-error');
    expect(await end({ summary: 'new' })).toMatch(/^comment /);
    expect(github.comments).toMatchObject([{ body: expect.stringContaining('new') }]);
    // Whether the server took it nobody knows.
    github.comments.splice(0);
    github.faults.push('none', 'reset');
    expect(await end()).toMatch(/^no comment on the pull request: GitHub could not be asked/);
    expect(github.asked.slice(-2).map(({ operation, result }) => `${operation} ${result}`)).toEqual(['Find none', 'Create reset']);
  }, 20_000);

  it('does not keep a cancelled job', async () => {
    github.faults.push('silent');
    const began = performance.now();
    expect(await end({ cancel: { signal: AbortSignal.timeout(100), left: () => 200 } })).toMatch(/there was no time left for it$/);
    expect(performance.now() - began).toBeLessThan(3000);
  });
});

describe('the action with `comment`', () => {
  it('writes what the summary says, with nothing in it that acts; the jail has no token', async () => {
    using runner = new Runner(PULL);
    Object.assign(runner.env, { GITHUB_GRAPHQL_URL: github.url, GITHUB_WORKFLOW: 'CI', GITHUB_ACTION: 'jail' });
    const mark = '<!-- agent-jail comment';
    const name = `@octocat ${mark} --> <img src=x> [a](https://evil.test) \`\`\`|`;
    const steps = JSON.stringify([{ name, run: `env; touch '@octocat' '${mark}' '</details>'; exit 3` }]);
    const given = { steps, comment: 'true', 'github-token': TOKEN, upload: 'never' };
    const result = await runner.step({ with: given });
    expect(result).toMatchObject({ code: 1, foreign: [], outputs: { outcome: 'step-failed' } });
    expect(result.raw).not.toContain(TOKEN);
    expect(JSON.stringify(result.state)).not.toContain(TOKEN);
    expect(result.log).toContain('agent-jail: comment https://github.com/octo/repo/pull/7#IC_1');
    const [{ body } = { body: '' }] = github.comments;
    expect(body).toContain('## agent-jail: step-failed');
    // All of it stands in code spans, where nothing is a mention, a link, an image or HTML.
    const outside = body
      .split('\n')
      .slice(1)
      .join('\n')
      .replace(/`[^`\n]*`/g, '');
    expect(outside).not.toMatch(/@octocat|<|evil/);
    expect(body.split(mark)).toHaveLength(2);
    expect(readFileSync(join(result.outputs['record'] ?? '', 'transcript.log'), 'utf8')).not.toContain(TOKEN);
    const [post] = await runner.finish();
    expect(post).toMatchObject({ code: 0, raw: '' });
    expect(github.comments).toHaveLength(1);
  });

  it('leaves it to post where main was killed', async () => {
    using runner = new Runner(PULL);
    Object.assign(runner.env, { GITHUB_GRAPHQL_URL: github.url });
    await runner.step({
      with: { run: 'echo started; sleep 60', comment: 'true', 'github-token': TOKEN, upload: 'never' },
      cancelWhen: (output) => output.includes('started'),
      kill: true,
    });
    expect(github.comments).toEqual([]);
    const [post] = await runner.finish();
    expect(post?.code).toBe(0);
    expect(github.comments).toMatchObject([{ author: TOKEN, body: expect.stringMatching(/agent-jail: (?:cancelled|jail-error)/) }]);
  });

  it('goes on without one where the token may not write', async () => {
    using runner = new Runner(PULL);
    Object.assign(runner.env, { GITHUB_GRAPHQL_URL: github.url });
    github.faults.push('forbidden');
    const result = await runner.step({ with: { run: 'true', comment: 'true', 'github-token': TOKEN, upload: 'never' } });
    expect(result).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } });
    expect(result.log.filter((line) => line.includes('no comment'))).toEqual([expect.stringContaining('FORBIDDEN')]);
    expect(result.summary).toContain('## agent-jail: succeeded');
  });
});
