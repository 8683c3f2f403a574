import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentBody, marker, MOST } from '../../../src/action/comment-body.ts';
import { pullRequestOf } from '../../../src/action/pull-request.ts';

const WHO = { workflow: 'CI', job: 'fix', step: 'jail', artifact: 'agent-jail-fix-0-1-{id}', attempt: '1' };

describe('marker', () => {
  it('is the same for every run and attempt, and another one for all else', () => {
    expect(marker({ ...WHO, artifact: 'agent-jail-fix-0-12-{id}', attempt: '12' })).toBe(marker(WHO));
    const others = [{ workflow: 'x' }, { job: 'x' }, { step: 'x' }, { artifact: 'agent-jail-fix-1-1-{id}' }];
    expect(new Set([WHO, ...others.map((other) => ({ ...WHO, ...other }))].map(marker)).size).toBe(5);
  });

  it('cannot be left by what a workflow is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(marker({ workflow: text, job: text, step: text, artifact: text, attempt: text })).toMatch(
          /^<!-- agent-jail comment [0-9a-f]{64} -->$/,
        );
      }),
    );
  });
});

describe('commentBody', () => {
  it('is never too long, begins with the mark, ends with the last line, and loses no line without saying so', () => {
    const line = fc.oneof(
      fc.string(),
      fc.integer({ min: 0, max: 40_000 }).map((length) => 'x'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const text = lines.join('\n');
        const body = commentBody('MARK', text, 'LAST');
        expect(body.length).toBeLessThanOrEqual(MOST);
        expect(body.startsWith('MARK\n\n') && body.endsWith('\n\nLAST')).toBe(true);
        const left = /\n\n(\d+) more lines are left out here; the job's summary has them\.\n\nLAST$/.exec(body);
        if (left === null) expect(body).toBe(`MARK\n\n${text.trimEnd()}\n\nLAST`);
        else {
          const all = text.trimEnd().split('\n');
          expect(body.slice(6, left.index)).toBe(all.slice(0, all.length - Number(left[1])).join('\n'));
        }
      }),
    );
  });
});

describe('pullRequestOf', () => {
  const head = { sha: 'c'.repeat(40) };
  it.each([
    ['pull_request', { pull_request: { number: 3, head } }, { number: 3, head: head.sha }],
    ['pull_request_target', { pull_request: { number: 3, head: { sha: '$(id)' } } }, { number: 3, head: null }],
    ['pull_request_review', { pull_request: { number: 3 } }, { number: 3, head: null }],
    ['issue_comment', { issue: { number: 3, pull_request: { url: '' } } }, { number: 3, head: null }],
    ['issue_comment', { issue: { number: 3 } }, null],
    ['push', {}, null],
    ['push', null, null],
    ['pull_request', { pull_request: { number: 1.5 } }, null],
    ['pull_request', { pull_request: { number: -1 } }, null],
    [
      'workflow_run',
      { repository: { id: 1 }, workflow_run: { pull_requests: [{ number: 3, head, base: { repo: { id: 1 } } }] } },
      { number: 3, head: head.sha },
    ],
    // Two of them, one of another repository, nothing to compare with.
    [
      'workflow_run',
      {
        repository: { id: 1 },
        workflow_run: {
          pull_requests: [
            { number: 3, base: { repo: { id: 1 } } },
            { number: 4, base: { repo: { id: 1 } } },
          ],
        },
      },
      null,
    ],
    ['workflow_run', { repository: { id: 1 }, workflow_run: { pull_requests: [{ number: 3, base: { repo: { id: 2 } } }] } }, null],
    ['workflow_run', { workflow_run: { pull_requests: [{ number: 3 }] } }, null],
  ])('%s %j', (name, payload, expected) => {
    expect(pullRequestOf(name, payload)).toEqual(expected);
  });
});
