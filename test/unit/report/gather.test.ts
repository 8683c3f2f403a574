import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HostPath } from '../../../src/model/names.ts';
import { openRecordDir } from '../../../src/record/read.ts';
import type { ReportData } from '../../../src/report/data.ts';
import { gather } from '../../../src/report/gather.ts';
import type { TrajectoryStep } from '../../../src/model/trajectory.ts';
import { gatherTrajectory } from '../../../src/report/gather-trajectory.ts';
import { fill } from '../../../src/report/html.ts';
import { added, deleted, denial, makeRecord, modified, program, renamed } from '../record/fixture.ts';
import type { Content } from '../record/fixture.ts';

async function dataOf(content: Content, prepare: (dir: HostPath) => void = () => {}): Promise<ReportData> {
  const { dir, run, manifest } = makeRecord(content);
  prepare(dir);
  const record = openRecordDir(dir);
  return gather({ run, findings: [], outcome: 'succeeded', because: 'x', manifest, trajectory: null, record }, async () => 'a cast', '');
}
const part = (path: string, lines: number): string =>
  `diff --git a/${path} b/${path}\nindex 1..2 100644\n--- a/${path}\n+++ b/${path}\n@@ -0,0 +1,${lines} @@\n${'+line\n'.repeat(lines)}`;

describe('changes', () => {
  test('are listed with what changed, in words', async () => {
    const { changes } = await dataOf({
      changes: [
        added('a', {}, { size: 2048, mode: 0o755 }),
        modified('b', { flags: ['runs-later'] }, { size: 11 }),
        deleted('c'),
        renamed('d', 'e'),
        modified(Buffer.from([0x66, 0xff]), {}, { type: 'symlink', link: Buffer.from('../x\n') as never }),
      ],
    });
    expect(changes.rows).toEqual([
      { layer: 'workspace', op: 'added', path: 'a', what: 'file, 2.0 KiB, mode 755, owner 1000:1000' },
      { layer: 'workspace', op: 'modified', path: 'b', flags: ['runs-later'], what: '10 B to 11 B' },
      { layer: 'workspace', op: 'deleted', path: 'c', what: 'file, 10 B, mode 644, owner 1000:1000' },
      { layer: 'workspace', op: 'renamed', path: 'e', from: 'd', what: 'file' },
      { layer: 'workspace', op: 'modified', path: 'f\\xff', what: 'file to symlink, 10 B to link to ../x\\x0a' },
    ]);
    expect([changes.total, changes.folders, changes.layers[0]?.modified]).toEqual([5, [], 2]);
  });

  test('of many, those that matter are listed, and the rest is counted by folder', async () => {
    const many = Array.from({ length: 5000 }, (_, index) => added(`a/b${index % 3}/c/${index}`, { flags: ['ignored'] }));
    const { changes } = await dataOf({ changes: [...many, modified('z', { flags: ['secret'] }), modified('zz')] });
    expect([changes.total, changes.rows.length, changes.rows.slice(-2).map(({ path }) => path)]).toEqual([5002, 1002, ['z', 'zz']]);
    expect(changes.folders.map(({ path }) => path).sort()).toEqual(['a/b0', 'a/b1', 'a/b2']);
    expect(changes.folders.reduce((sum, { count }) => sum + count, 0)).toBe(4000);
  });

  test('in more folders than can be told apart are counted all the same', async () => {
    const many = Array.from({ length: 4000 }, (_, index) => added(`${index}/x`, { layer: 'home' }));
    const { folders } = (await dataOf({ changes: many })).changes;
    expect([folders.length, folders[0]]).toEqual([301, { layer: 'home', path: '…', count: 2700 }]);
  });
});

describe('the patch', () => {
  test('those of other checkouts come after it, with paths from the workspace', async () => {
    const others = [
      { path: 'deep/lib', patch: part('x', 1) },
      { path: 'é', patch: part('y', 1) + part('z', 1) },
    ];
    const { patch } = await dataOf({ patch: part('x', 1), others });
    expect(patch.files.map(({ path }) => path)).toEqual(['x', 'deep/lib/x', 'é/y', 'é/z']);
  });

  test('a map that leads out is none', async () => {
    const { patch, problems } = await dataOf({ patch: part('x', 1), others: [{ path: '../x', patch: part('x', 1) }] });
    expect([patch.files, problems]).toEqual([[], ['changes.ndjson: a path that is not relative and normalised']]);
  });

  test('is taken apart by file; names are what the changes call them', async () => {
    const quoted = 'diff --git "a/a\\"\\\\\\n\\303\\251\\377" "b/a\\"\\\\\\n\\303\\251\\377"\nnew file mode 100644\n';
    const { patch } = await dataOf({ patch: part('src/a b', 1) + quoted + part('é', 2) });
    expect(patch.files.map(({ path, left }) => [path, left])).toEqual([
      ['src/a b', 0],
      ['a"\\\\\\x0a\\xc3\\xa9\\xff', 0],
      ['é', 0],
    ]);
    expect(patch.files[2]?.text).toBe(part('é', 2));
  });

  test('of a large file has the beginning, in whole lines, and counts the rest', async () => {
    const { patch } = await dataOf({ patch: part('large', 50_000) + part('small', 1) });
    const [large, small] = patch.files;
    expect(large?.text.length).toBeLessThanOrEqual(96 << 10);
    expect(large?.text.endsWith('\n+line\n')).toBe(true);
    expect((large?.text.length ?? 0) + (large?.left ?? 0)).toBe(part('large', 50_000).length);
    expect(small).toEqual({ path: 'small', text: part('small', 1), left: 0 });
  });

  test('of very many files has the first, and counts the others', async () => {
    const { patch } = await dataOf({ patch: Array.from({ length: 20 }, (_, index) => part(`f${index}`, 10_000)).join('') });
    expect(patch.files.length + patch.left).toBe(20);
    expect(patch.files.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(768 << 10);
    expect(patch.left).toBeGreaterThan(5);
  });

  test('with a line of a megabyte has what there is room for', async () => {
    const one = `diff --git a/x b/x\n@@ -0,0 +1 @@\n+${'x'.repeat(3 << 20)}\n`;
    const { patch } = await dataOf({ patch: one + part('y', 1) });
    expect(patch.files.map(({ path, text, left }) => [path, text, left])).toEqual([
      ['x', 'diff --git a/x b/x\n@@ -0,0 +1 @@\n', (3 << 20) + 2],
      ['y', part('y', 1), 0],
    ]);
  });
});

describe('logs', () => {
  test('of the network: the first of what was denied and of what was allowed, and how many there are', async () => {
    const allowed = Array.from({ length: 3000 }, () => denial('good.example', { verdict: 'allowed' }));
    const { network } = await dataOf({ network: [...allowed, denial('bad.example\u202e')] });
    expect([network.total, network.denied, network.rows.length]).toEqual([3001, 1, 1001]);
    expect(network.rows.at(-1)).toMatchObject({ host: 'bad.example\\u{202e}:53', what: 'A', verdict: 'denied' });
  });

  test('of programs: a tree, in the order of time, with nothing that acts in a browser', async () => {
    const { programs } = await dataOf({
      run: { programs: { source: 'tracefs', processes: 6, programs: 7, omitted: 1, lost: 2 } },
      programs: [
        program('/bin/true', { process: 4, parent: 3, t: 4, argv: ['true'] }),
        program('/bin/env', { process: 2, parent: 1, t: 2, argv: ['env', 'x\u202e'], how: 'exec', code: null }),
        program('/bin/late\n', {
          process: 5,
          parent: 1,
          t: 9,
          argv: ['late', 'a', 'b'],
          cut: true,
          how: 'signal',
          code: null,
          signal: 'SIGKILL',
        }),
        // A copy of its parent.
        program(null, { process: 3, parent: 2, t: 3.5 }),
        program('/usr/bin/python3', { process: 2, parent: 1, t: 3 }),
        program('/bin/sh', { process: 1, parent: null, t: 1, code: 3 }),
        program('/bin/lost', { process: 9, parent: 8, t: 0, how: 'unseen', code: null }),
        // A stranger's: its own ancestor.
        program('/bin/loop', { process: 10, parent: 11, t: 0 }),
        program('/bin/loop', { process: 11, parent: 10, t: 0 }),
      ],
    });
    expect([programs.why, programs.total, programs.lost]).toEqual(['', 9, 2]);
    expect(programs.rows.map(({ depth, program: name, args, end, ok }) => [depth, name, args, end, ok])).toEqual([
      [0, '/bin/lost', '', 'killed with its step', false],
      [0, '/bin/sh', '', 'exit code 3', false],
      [1, '/bin/env', 'x\\u{202e}', 'became another', true],
      [1, '/usr/bin/python3', '', 'exit code 0', true],
      [2, '/bin/true', '', 'exit code 0', true],
      [1, '/bin/late\\x0a', 'a b…', 'SIGKILL', false],
    ]);
    const none = await dataOf({ run: { programs: { source: 'none', why: 'no tracefs\u202e' } } });
    expect(none.programs).toEqual({ why: 'no tracefs\\u{202e}', rows: [], total: 0, lost: 0, guest: false });
  });

  test('of many programs: the first of them, and how many there are', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => program('/bin/true', { process: index + 1, parent: index || null, t: index }));
    const { programs } = await dataOf({ programs: many });
    expect([programs.total, programs.rows.length, programs.rows.at(-1)?.depth]).toEqual([3000, 2000, 20]);
  });

  test('of a long run: as many samples as fit, and no peak is lost', async () => {
    const samples = Array.from({ length: 5000 }, (_, index) => ({
      t: index * 1000,
      memory: index === 1234 ? 99 : 1,
      cpu: index,
      pids: 1,
      disk: 1,
    }));
    const text = ['{"schema":"agent-jail/usage@1"}', ...samples.map((sample) => JSON.stringify(sample)), '{"end":true,"lines":5000}', ''];
    const { usage } = await dataOf({}, (dir) => writeFileSync(join(dir, 'usage.ndjson'), text.join('\n')));
    expect(usage.length).toBeLessThanOrEqual(600);
    expect(Math.max(...usage.map(({ memory }) => memory))).toBe(99);
    expect(usage.at(-1)).toMatchObject({ t: 4_999_000, cpu: 4999 });
  });
});

test('a file that cannot be read is said, and the rest is there', async () => {
  const data = await dataOf({ result: 'done' }, (dir) =>
    writeFileSync(join(dir, 'changes.ndjson'), '{"schema":"agent-jail/changes@1"}\nx\n'),
  );
  expect(data.problems).toEqual(['changes.ndjson:2: not JSON']);
  expect([data.changes.total, data.result, data.cast]).toEqual([0, 'done', 'a cast']);
});

test('data cannot end the element that they stand in', async () => {
  const data = await dataOf({ result: '</script><!--<script>@DATA@$&' });
  const html = fill(Buffer.from('<a>@DATA@</a>'), data).toString();
  expect(html.match(/</g)).toHaveLength(2);
  expect((JSON.parse(html.slice(3, -4)) as ReportData).result).toBe('</script><!--<script>@DATA@$&');
  expect(() => fill(Buffer.from('<a></a>'), data)).toThrow('no place for its data');
});

describe('the trajectory', () => {
  const step = (index: number, more: Partial<TrajectoryStep> = {}): TrajectoryStep => ({
    step_id: index + 1,
    source: 'agent',
    message: `turn ${index + 1}`,
    ...more,
  });
  const of = (steps: readonly TrajectoryStep[]) =>
    gatherTrajectory({ schema_version: 'ATIF-v1.7', agent: { name: 'pi', version: '1', model_name: 'm' }, steps });

  test('has head and tail, and says how many steps are missing', () => {
    const { turns, left, head } = of(Array.from({ length: 10_000 }, (_, index) => step(index)));
    expect([turns.length, left, head]).toEqual([300, 9700, 150]);
    expect([turns[149]?.id, turns[150]?.id]).toEqual([150, 9851]);
  });

  test('is bounded whatever the texts are', () => {
    const big = 'x'.repeat(64 << 10);
    const calls = Array.from({ length: 100 }, (_, n) => ({ tool_call_id: `${n}`, function_name: 'bash', arguments: { command: big } }));
    const results = calls.map(({ tool_call_id: source_call_id }) => ({ source_call_id, content: big }));
    const data = of(Array.from({ length: 300 }, (_, index) => step(index, { message: big, tool_calls: calls, observation: { results } })));
    expect(JSON.stringify(data).length).toBeLessThan(3 << 19);
    expect(data.turns[0]).toMatchObject({ text: expect.stringMatching(/^x{8192}… \(57344 more characters\)$/), callsLeft: 80 });
  });

  test('says what came of each call, and what nobody asked for', () => {
    const { turns, totals, agent } = of([
      step(0, {
        tool_calls: [
          { tool_call_id: 'a', function_name: 'bash', arguments: { command: 'ls', list: [1] } },
          { tool_call_id: 'b', function_name: 'bash', arguments: {} },
        ],
        observation: { results: [{ source_call_id: 'a', content: 'no', extra: { failed: true } }, { content: 'lost' }] },
        metrics: { prompt_tokens: 5, completion_tokens: 6, cached_tokens: 0 },
      }),
    ]);
    expect([agent, totals]).toEqual(['pi 1 m', []]);
    expect(turns[0]).toMatchObject({
      about: '5 tokens in, 6 out',
      calls: [
        { name: 'bash', args: 'command: ls\nlist: [1]', result: 'no', failed: true },
        { name: 'bash', args: '', result: null, failed: false },
      ],
      others: ['lost'],
    });
  });
});
