import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../src/guard/evaluate.ts';
import { claimedFiles } from '../../../src/guard/claims.ts';
import type { ProgramLine } from '../../../src/model/programs.ts';
import type { Trajectory, TrajectoryStep } from '../../../src/model/trajectory.ts';
import { openRecordDir } from '../../../src/record/read.ts';
import { added, deleted, makeRecord, modified, renamed, STEP } from '../record/fixture.ts';
import type { Content } from '../record/fixture.ts';
import { logOf, readOne } from '../trajectory/support.ts';

const WORK = '/home/me/project'; // the record's
const call = (name: string, args: object, result: 'done' | 'failed' | 'none' = 'done') => ({ name, args, result });
const write = (path: string, ...rest: ['failed' | 'none'] | []) => call('Write', { file_path: path }, ...rest);
const bash = call('Bash', { command: 'cd src; make' });

function trajectory(...calls: readonly ReturnType<typeof call>[]): Trajectory {
  const steps = calls.map(
    ({ name, args, result }, index): TrajectoryStep => ({
      step_id: index + 1,
      source: 'agent',
      message: '',
      tool_calls: [{ tool_call_id: 'same', function_name: name, arguments: { ...args } }],
      ...(result === 'none'
        ? {}
        : {
            observation: {
              results: [{ source_call_id: 'same', content: '', ...(result === 'failed' ? { extra: { failed: true } } : {}) }],
            },
          }),
    }),
  );
  return { schema_version: 'ATIF-v1.7', agent: { name: 'x', version: '1' }, steps };
}
async function mismatches(given: Trajectory | null, content: Content = {}) {
  const { dir } = makeRecord({ changes: [added('src/a.ts')], ...content });
  return evaluate([], openRecordDir(dir), [], given);
}
const named = async (...wish: Parameters<typeof mismatches>) => (await mismatches(...wish)).flatMap(({ what }) => what);

describe('a file that the agent says it wrote', () => {
  test('and that is not among the changes is for review', async () => {
    expect(await mismatches(trajectory(bash, write(`${WORK}/src/a.ts`), write(`${WORK}/src/b.ts`), write('c.ts')))).toEqual([
      {
        rule: 'built-in.trajectory-mismatch',
        place: null,
        action: 'review',
        message: '2 files that the agent says it wrote, and that is not among the changes',
        what: [`${WORK}/src/b.ts`, 'c.ts'],
        more: 0,
      },
    ]);
  });

  test.each<[string, readonly ReturnType<typeof call>[]]>([
    ['by each tool that writes: gemini', [call('write_file', { file_path: 'b' })]],
    ['pi', [call('edit', { path: 'b' })]],
    ['opencode', [call('write', { filePath: 'b' })]],
    [
      'codex',
      [
        call('file_change', {
          changes: [
            { path: 'b', kind: 'add' },
            { path: 'gone', kind: 'delete' },
          ],
        }),
      ],
    ],
    ['looked at afterwards', [write('b'), call('Read', { file_path: 'b' })]],
  ])('is found: %s', async (_, calls) => {
    expect(await named(trajectory(...calls))).toEqual(['b']);
  });

  test.each<[string, readonly ReturnType<typeof call>[], Content?]>([
    ['a command came after it', [write('b'), bash]],
    ['a tool that nobody knows came after it', [write('b'), call('Task', {})]],
    ['it failed', [write('b', 'failed')]],
    ['nothing came of it', [write('b', 'none')]],
    ['it was written twice', [write('b'), write('b')]],
    ['it is not in the workspace', [write('/tmp/b'), write('/home/me/project-2/b')]],
    ['it is there', [write('b')], { changes: [modified('b')] }],
    ['it is there under another path, as where a link leads', [write('link/b')], { changes: [added('real/b')] }],
    ['it was renamed', [write('b')], { changes: [renamed('b', 'c')] }],
    ['it is in another layer', [write('b')], { changes: [added('b', { layer: 'home' })] }],
    ['another step ran', [write('b')], { run: { steps: [STEP, STEP] } }],
    [
      'its arguments are none',
      [call('Write', { file_path: 7 }), call('file_change', { changes: 'x' }), call('file_change', { changes: [null] })],
    ],
  ])('is no finding where %s', async (_, calls, content) => {
    expect(await named(trajectory(...calls), content)).toEqual([]);
  });

  test('is one where something of the name was deleted', async () => {
    expect(await named(trajectory(write('b')), { changes: [deleted('b')] })).toEqual(['b']);
  });

  test('no trajectory, no finding', async () => {
    expect(await mismatches(null)).toEqual([]);
  });

  test('stands as text that can be shown', async () => {
    expect(await named(trajectory(write('x\u202e\x1b]0;\n::stop')))).toEqual(['x\\u{202e}\\x1b]0;\\x0a::stop']);
  });
});

test('of real logs: what was written last, and by no command', async () => {
  for (const [log, files] of [
    ['claude-code.stdout', []], // a command came after it
    ['codex.stdout', []],
    ['pi.stdout', []],
  ] as const) {
    const { trajectory: read } = await readOne(logOf(log));
    expect([log, read === null ? null : claimedFiles(read)]).toEqual([log, files]);
  }
});

describe('a program that the agent says it ran', () => {
  const ran = (program: string | null, argv: readonly string[] | null): ProgramLine => ({
    t: 1,
    step: 0,
    process: 1,
    parent: null,
    program,
    argv,
    ms: 1,
    how: 'exit',
    code: 0,
    signal: null,
  });
  const seen = [ran('/usr/bin/make', ['make', 'all']), ran('/usr/bin/node', ['node', '/usr/lib/npm/bin/npm', 'test']), ran(null, null)];
  const run = (command: string, ...rest: ['failed' | 'none'] | []) => call('Bash', { command }, ...rest);

  test('and that did not run is for review', async () => {
    const found = await mismatches(trajectory(run('make all'), run('pytest -q'), run('cargo test')), { programs: seen });
    expect(found).toMatchObject([{ rule: 'built-in.trajectory-mismatch', action: 'review', what: ['cargo', 'pytest'] }]);
    expect(found[0]?.message).toBe('2 programs that the agent says it ran, and that did not run');
  });

  test.each<[string, ReturnType<typeof call>]>([
    ['a script by its name', run('npm test')],
    ['a word of the shell', run('cd src && pytest')],
    ['an assignment before it', run('CI=1 pytest')],
    ['a path', run('./run-tests')],
    ['a substitution', run('$(which pytest) -q')],
    ['a quoted word', run('"pytest"')],
    ['a tool that failed', run('pytest', 'failed')],
    ['a tool without a result', run('pytest', 'none')],
    ['a tool that runs nothing', call('Read', { command: 'pytest' })],
    ['a command that is no text', call('Bash', { command: ['pytest'] })],
  ])('%s: nothing is found', async (_, one) => {
    expect(await named(trajectory(one), { programs: seen })).toEqual([]);
  });

  test.each<[string, Content]>([
    ['a process was lost', { run: { programs: { source: 'tracefs', processes: 3, programs: 2, omitted: 0, lost: 1 } } }],
    ['lines were left out', { run: { programs: { source: 'tracefs', processes: 3, programs: 2, omitted: 1, lost: 0 } } }],
    ['nothing was logged', { run: { programs: { source: 'none', why: 'no tracefs' } } }],
    ['a shell was gone too soon', { programs: [ran('/bin/sh', null)] }],
  ])('where %s nothing is certain', async (_, content) => {
    expect(await named(trajectory(run('pytest')), { programs: seen, ...content })).toEqual([]);
  });

  test('by each tool that runs: codex, gemini', async () => {
    const calls = [call('exec_command', { cmd: 'pytest' }), call('run_shell_command', { command: 'cargo' })];
    expect(await named(trajectory(...calls), { programs: seen })).toEqual(['cargo', 'pytest']);
  });
});
