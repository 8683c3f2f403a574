import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/model/errors.ts';
import { readSuite } from '../../../src/suite/read.ts';
import { select } from '../../../src/suite/select.ts';
import type { Suite } from '../../../src/suite/types.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'suite-read-')));
afterAll(() => rmSync(root, { recursive: true }));
function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
put('start/a.txt', 'a');
put('judge/test.sh', 'true');
put('ask.md', 'from a file');
put('policy.yml', 'network: [npm]\nlimits: { time: 7m }\n');

const read = (text: string): Suite => readSuite(text, 'suite.yml', root);
function problems(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(({ message, place }) => `${place?.line}:${place?.column} ${message}`);
  }
  return [];
}
const VERIFY = 'verifier: { run: "true" }';
const GOOD = `name: s
agents: { one: { run: echo } }
tasks:
  - { id: t, instruction: do, directory: start, ${VERIFY} }
`;

describe('a suite file', () => {
  it('says what tasks, agents and verifiers are, with defaults', () => {
    const suite = read(GOOD);
    expect({ name: suite.name, agent: suite.agent, gate: suite.gate, seed: suite.seed, build: suite.build }).toEqual({
      name: 's',
      agent: 'one',
      gate: { passRate: null, infra: 0.1 },
      seed: 0,
      build: false,
    });
    expect(suite.tasks[0]).toMatchObject({
      id: 't', trials: 1, instruction: 'do', start: { kind: 'directory', path: join(root, 'start') }, image: null,
      verifier: { script: 'true', reward: false, threshold: 1, root: 'fresh', workspace: 'read-only', time: 600_000, checks: [] },
    }); // biome-ignore format: a table
  });

  it("takes the suite's policy for each task, a task's own keys in place of it, and tells what that loosens", () => {
    const suite = read(`policy-file: policy.yml
agents: { one: { run: echo } }
tasks:
  - { id: plain, instruction-file: ask.md, directory: start, ${VERIFY} }
  - { id: tight, instruction: x, directory: start, ${VERIFY}, policy: { network: none } }
  - { id: loose, instruction: x, directory: start, ${VERIFY}, policy: { network: [npm, evil.example], guards: { changes: { forbid: [] } }, secrets: { KEY: expose } } }
`);
    const [plain, tight, loose] = suite.tasks;
    expect(plain?.instruction).toBe('from a file');
    expect(plain?.policy.agent.limits.time).toBe(420_000);
    expect(tight?.policy.agent.network.allow).toEqual([]);
    expect(tight?.policy.agent.limits.time).toBe(420_000);
    expect(loose?.policy.digest).not.toBe(plain?.policy.digest);
    expect(suite.notices).toEqual([
      'task loose allows more than the suite: network: evil.example',
      'task loose allows more than the suite: secrets: KEY, env',
      'task loose allows more than the suite: setup.network: evil.example',
      'task loose allows more than the suite: without guards.changes.forbid',
    ]);
  });

  it('has a digest of what is asked: not of the agents, the policy, or where it lies', () => {
    const digest = (text: string): string => read(text).digest;
    const same = [
      GOOD.replace('echo', 'other'),
      `policy: { network: [npm] }\n${GOOD}`,
      `trials: 9\n${GOOD}`,
      GOOD.replace('name: s', 'name: other'),
    ];
    for (const text of same) expect(digest(text)).toBe(digest(GOOD));
    const other = [
      GOOD.replace('do,', 'else,'),
      GOOD.replace('"true"', '"false"'),
      GOOD.replace('id: t', 'id: u'),
      GOOD.replace('run: "true"', 'run: "true", files: judge'),
    ];
    expect(new Set([GOOD, ...other].map(digest)).size).toBe(other.length + 1);
    const withFiles = other[3] ?? '';
    const before = digest(withFiles);
    put('judge/test.sh', 'false');
    expect(digest(withFiles)).not.toBe(before);
  });

  const entry = (text: string): string => `agents: { one: { run: echo } }\ntasks:\n  - { ${text} }\n`;
  it.each([
    ['an unknown key', `${GOOD}trails: 3\n`, '5:1 unknown key "trails"'],
    [
      'a name that is none',
      entry(`id: "a b", instruction: x, directory: start, ${VERIFY}`),
      '3:11 tasks[0].id: "a b" is not a name: lower-case letters, digits, `.`, `_`, `-`, at most 100',
    ],
    ['no task', 'agents: { one: { run: echo } }\ntasks: []\n', '2:8 there is no task'],
    ['a task without a name', entry(`instruction: x, directory: start, ${VERIFY}`), '3:5 tasks[0]: key id is missing'],
    ['a task twice', `${GOOD}  - { id: t, instruction: do, directory: start, ${VERIFY} }\n`, '5:5 the task t is there twice'],
    ['no instruction', entry(`id: t, directory: start, ${VERIFY}`), '3:5 a task has either instruction or instruction-file'],
    ['no start', entry(`id: t, instruction: x, ${VERIFY}`), '3:5 a task has either directory or repository'],
    ['a directory that is not there', entry(`id: t, instruction: x, directory: nowhere, ${VERIFY}`), '3:41 "nowhere" is not a directory'],
    [
      'a file that is not there',
      entry(`id: t, instruction-file: no.md, directory: start, ${VERIFY}`),
      '3:32 cannot read no.md: there is no such file',
    ],
    ['nobody who judges', entry('id: t, instruction: x, directory: start'), '3:5 the verifier looks at nothing'],
    [
      'a reward without a script',
      entry('id: t, instruction: x, directory: start, verifier: { reward: true, checks: [{ diff-empty: true }] }'),
      '3:58 verifier.reward: there is no script that could write one',
    ],
    [
      'a check with two keys',
      entry('id: t, instruction: x, directory: start, verifier: { checks: [{ diff-empty: true, command: x }] }'),
      '3:69 tasks[0].verifier.checks[0]: a check has exactly one key',
    ],
    [
      'an unknown check',
      entry('id: t, instruction: x, directory: start, verifier: { checks: [{ file-exist: x }] }'),
      '3:71 tasks[0].verifier.checks[0]: unknown key "file-exist"',
    ],
    [
      'a path that leads out',
      entry('id: t, instruction: x, directory: start, verifier: { checks: [{ file-exists: ../x }] }'),
      '3:84 tasks[0].verifier.checks[0].file-exists: "../x" is not in its shortest form: no `.`, `..` or empty part',
    ],
    [
      'a branch for a commit',
      entry(`id: t, instruction: x, repository: { url: "https://example.org/x", commit: main }, ${VERIFY}`),
      '3:82 tasks[0].repository.commit: "main" is not a whole commit id: a branch or tag may be another commit tomorrow',
    ],
    [
      'files that the agent would see',
      entry('id: t, instruction: x, directory: start, verifier: { run: "true", files: start }'),
      `3:58 tasks[0].verifier: ${root}/start lies in the workspace, where the agent sees it`,
    ],
    [
      'an agent without anything to run',
      `agents: { one: { env: { A: b } } }\n${GOOD.slice(GOOD.indexOf('tasks'))}`,
      '1:16 an agent has either run or steps',
    ],
    ['a built-in name', GOOD.replace('one:', 'oracle:'), '2:19 agents: "oracle" is built in'],
    ['an agent that is not there', `agent: two\n${GOOD}`, '1:8 agent: there is no agent "two"'],
    ['two policies', `policy: { network: none }\npolicy-file: policy.yml\n${GOOD}`, '2:14 policy and policy-file are both there'],
    ['a workspace where there is none', `policy: { workspace: none }\n${GOOD}`, '5:42 directory: the policy gives the jail no workspace'],
    [
      'a wrong policy of a task',
      entry(`id: t, instruction: x, directory: start, ${VERIFY}, policy: { netwerk: none }`),
      '3:85 tasks[0].policy: unknown key "netwerk"',
    ],
  ])('refuses %s, and says where', (_, text, message) => {
    expect(problems(text)).toContain(message);
  });

  it('that is the example is right', () => {
    const file = join(import.meta.dirname, '../../../examples/suite/suite.yml');
    const suite = readSuite(readFileSync(file, 'utf8'), file, '/');
    expect(suite.tasks.length).toBeGreaterThanOrEqual(10);
    expect(suite.tasks.every(({ solution }) => solution !== null)).toBe(true);
  });
});

describe('a selection', () => {
  const suite = read(`agents: { one: { run: echo }, two: { run: echo, deterministic: true } }
tasks:
  - { id: fix-a, instruction: x, directory: start, tags: [bug], trials: 4, ${VERIFY} }
  - { id: fix-b, instruction: x, directory: start, tags: [bug, slow], ${VERIFY}, deterministic: false }
  - { id: add-c, instruction: x, directory: start, solution: "true", ${VERIFY} }
`);
  const chosen = (filter: string[], agent: string | null = 'two') =>
    select(suite, { agent, filter, trials: null }).expected.map(({ task, trials, deterministic }) => `${task} ${trials} ${deterministic}`);
  const refused = (filter: string[], agent: string | null): string => {
    try {
      return chosen(filter, agent).join();
    } catch (error) {
      return (error as UserError).problems[0]?.message ?? '';
    }
  };

  it('goes by names, patterns and tags', () => {
    expect(chosen([])).toEqual(['fix-a 4 true', 'fix-b 1 false', 'add-c 1 true']);
    expect(chosen(['fix-*', '!tag:slow'])).toEqual(['fix-a 4 true']);
    expect(chosen(['!fix-a'])).toEqual(['fix-b 1 false', 'add-c 1 true']);
    expect(chosen(['tag:slow', 'add-c'])).toEqual(['fix-b 1 false', 'add-c 1 true']);
    expect(chosen(['add-c'], 'oracle')).toEqual(['add-c 1 true']);
  });

  it.each([
    [[], null, 'which agent?'],
    [[], 'three', 'there is no agent "three"'],
    [['nothing'], 'one', 'no task matches nothing'],
    [['fix-a', 'nothing'], 'one', '--filter nothing matches no task'],
    [[], 'oracle', 'the oracle has no solution for: fix-a, fix-b'],
  ])('of %j by %s is refused', (filter, agent, message) => {
    expect(refused(filter, agent)).toBe(message);
  });
});
