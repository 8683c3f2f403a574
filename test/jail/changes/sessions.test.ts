import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { LayerView } from '../../../src/model/collector.ts';
import type { HostPath, JailPath } from '../../../src/model/names.ts';
import { readTrajectory } from '../../../src/trajectory/trajectory.ts';
import { collect, dir, fill, mount, SECRET, useWorkspace, workspace } from './fixture.ts';

useWorkspace();

const at = (path: string): string => join(dir, 'plain', path);
const home = (): LayerView => {
  const plain = join(dir, 'plain') as HostPath;
  return { layer: 'home', target: '/home/agent' as JailPath, upper: plain, lowers: [], merged: plain, swapped: null };
};
async function collected(secrets: { name: string; value: string }[] = []) {
  mount();
  const { sessions, sessionsLeft } = await collect([workspace(), home()], secrets);
  const { left_out: left, ...footer } = sessions.at(-1) as { left_out: { path: string; why: string }[]; files: number };
  const files = sessions.filter(({ kind }) => kind === 'file').map(({ agent, path }) => `${String(agent)} ${String(path)}`);
  const text = sessions.filter(({ kind }) => kind === 'line').map((line) => String(line['text']));
  return { sessions, files: files.toSorted(), text, left: left.map(({ path, why }) => `${path}: ${why}`).toSorted(), footer, sessionsLeft };
}

test('the logs of each agent are taken, line by line, and nothing else of HOME', async () => {
  fill(dir, {
    'plain/.claude/projects/-work/a.jsonl': '{"a":1}\n\n{"b":2}\nno end',
    'plain/.claude/projects/-work/a.txt': 'no log',
    'plain/.claude/settings.json': '{}',
    'plain/.codex/sessions/2026/11/25/rollout-1.jsonl': '{"c":1}\n',
    'plain/.codex/sessions/2026/11/25/other.jsonl': 'no log',
    'plain/.gemini/tmp/w/chats/session-1.jsonl': '{"g":1}\n',
    'plain/.copilot/session-state/1/events.jsonl': '{"p":1}\n',
    'plain/.pi/agent/sessions/--w--/1.jsonl': '',
    'plain/.pi/agent/auth.json': '{"key":"k"}',
    'plain/.local/share/opencode/opencode.db': 'SQLite format 3',
  });
  const { files, text, left, footer, sessionsLeft } = await collected();
  expect(files).toEqual([
    'claude-code .claude/projects/-work/a.jsonl',
    'codex .codex/sessions/2026/11/25/rollout-1.jsonl',
    'copilot .copilot/session-state/1/events.jsonl',
    'gemini .gemini/tmp/w/chats/session-1.jsonl',
    'pi .pi/agent/sessions/--w--/1.jsonl',
  ]);
  expect(text.toSorted()).toEqual(['no end', '{"a":1}', '{"b":2}', '{"c":1}', '{"g":1}', '{"p":1}']);
  expect(left).toEqual(['.local/share/opencode/opencode.db: a database that cannot be read']);
  expect(footer).toMatchObject({ end: true, lines: 11, files: 5, more: 0 });
  expect(sessionsLeft).toBe(1);
});

test('what is no regular file below real directories is not opened, and is counted', async () => {
  writeFileSync(join(dir, 'canary'), 'canary of the host\n');
  mkdirSync(join(dir, 'elsewhere'));
  writeFileSync(join(dir, 'elsewhere/rollout-x.jsonl'), 'canary of the host\n');
  fill(dir, { 'plain/.claude/projects/p/real.jsonl': '{"real":1}\n', 'plain/.gemini/tmp/x': 'x', 'plain/.pi/agent/x': 'x' });
  symlinkSync(join(dir, 'canary'), at('.claude/projects/p/link.jsonl'));
  symlinkSync(join(dir, 'elsewhere'), at('.claude/projects/folder.jsonl'));
  execFileSync('mkfifo', [at('.claude/projects/p/fifo.jsonl')]);
  execFileSync('mknod', [at('.claude/projects/p/zero.jsonl'), 'c', '1', '5']);
  mkdirSync(at('.claude/projects/p/directory.jsonl'));
  mkdirSync(at('.codex'));
  symlinkSync(join(dir, 'elsewhere'), at('.codex/sessions')); // in place of the folder
  symlinkSync('.gemini', at('.copilot')); // on the way to it
  renameSync(at('.pi'), at('.pi-real'));
  symlinkSync('.pi-real', at('.pi'));
  const { files, text, left, sessionsLeft } = await collected();
  expect([files, text]).toEqual([['claude-code .claude/projects/p/real.jsonl'], ['{"real":1}']]);
  expect(left).toEqual([
    '.claude/projects/folder.jsonl: not a regular file',
    '.claude/projects/p/fifo.jsonl: not a regular file',
    '.claude/projects/p/link.jsonl: not a regular file',
    '.claude/projects/p/zero.jsonl: not a regular file',
    '.codex/sessions: not a directory',
    '.copilot: not a directory',
    '.pi: not a directory',
  ]);
  expect(sessionsLeft).toBe(7);
});

test('number and size are bounded: the newest are taken', async () => {
  const folder = '.claude/projects/p';
  fill(dir, Object.fromEntries(Array.from({ length: 23 }, (_, n) => [`plain/${folder}/${n}.jsonl`, `{"n":${n}}\n`])));
  for (let n = 0; n < 23; n += 1) utimesSync(at(`${folder}/${n}.jsonl`), 1000 + n, 1000 + n);
  truncateSync(at(`${folder}/22.jsonl`), 2 ** 40); // all holes
  writeFileSync(at(`${folder}/21.jsonl`), `${'x'.repeat(3 << 20)}\n{"next":1}\n`);
  utimesSync(at(`${folder}/22.jsonl`), 1022, 1022);
  utimesSync(at(`${folder}/21.jsonl`), 1021, 1021);
  linkSync(at(`${folder}/20.jsonl`), at(`${folder}/twice.jsonl`));
  const { sessions, files, left } = await collected();
  expect(files).toHaveLength(20);
  expect(left).toEqual([0, 1, 2, 3].map((n) => `.claude/projects/p/${n}.jsonl: too many files`));
  expect(sessions[1]).toMatchObject({ path: `${folder}/22.jsonl`, size: 2 ** 40, cut: true });
  expect(sessions.find(({ cut }) => cut === 1 << 20)).toMatchObject({ text: 'x'.repeat(2 << 20) });
  expect(sessions.some(({ text }) => text === '{"next":1}')).toBe(true);
});

test('a tree without an end is not walked to it', async () => {
  fill(dir, { 'plain/.claude/projects/real.jsonl': '{"real":1}\n' });
  mkdirSync(at(`.claude/projects/${'d/'.repeat(300)}`), { recursive: true });
  const many = at('.codex/sessions');
  mkdirSync(many, { recursive: true });
  for (let n = 0; n < 20_010; n += 1) writeFileSync(join(many, `${n}`), '');
  const { files, left } = await collected();
  expect(files).toEqual(['claude-code .claude/projects/real.jsonl']);
  expect(left).toEqual([`.claude/projects${'/d'.repeat(9)}: too deep, or a mount`, '.codex/sessions: more than 20000 names']);
});

test('a secret in a log is replaced, also on the border of what is kept', async () => {
  const border = Array.from({ length: 16 }, () => 'x'.repeat((1 << 20) - 1))
    .join('\n')
    .slice(0, -5)
    .concat('\n');
  fill(dir, {
    'plain/.claude/projects/a.jsonl': `{"said":"${SECRET}"}\n{"base64":"${Buffer.from(SECRET).toString('base64')}"}\n`,
    'plain/.claude/projects/b.jsonl': `${border}${SECRET}`,
  });
  const { text } = await collected([{ name: 'TOKEN', value: SECRET }]);
  expect(text).toContain('{"said":"***"}');
  expect(text.join('\n')).not.toMatch(/hunte|aHVudGVy/);
});

describe('a database', () => {
  const DATABASE = '.local/share/opencode/opencode.db';
  const TABLES = `CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER, data TEXT);
    CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT, session_id TEXT, data TEXT);`;
  const ROWS = `INSERT INTO message VALUES ('m2', 's', 2, '{"role":"assistant"}'), ('m1', 's', 1, '{"role":"user"}'), ('m3', 's', 3, x'00');
    INSERT INTO part VALUES ('p2', 'm2', 's', '{"type":"text","text":"b"}'), ('p1', 'm1', 's', '{"type":"text","text":"${SECRET}"}'), ('p3', 'm1', 's', 'no JSON');`;
  function database(sql: string): DatabaseSync {
    mkdirSync(join(at(DATABASE), '..'), { recursive: true });
    const made = new DatabaseSync(at(DATABASE));
    made.exec(sql);
    return made;
  }
  const unread = [`${DATABASE}: a database that cannot be read`];

  test('gives its rows, those of its write-ahead log too, each message before its parts, without secrets', async () => {
    const open = database(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; ${TABLES} ${ROWS}`);
    const { files, text, left } = await collected([{ name: 'TOKEN', value: SECRET }]);
    open.close();
    expect([files, left]).toEqual([[`opencode ${DATABASE}`], []]);
    expect(text.map((line) => JSON.parse(line) as object)).toEqual([
      { table: 'message', id: 'm1', session_id: 's', time_created: 1, data: { role: 'user' } },
      { table: 'part', id: 'p1', session_id: 's', message_id: 'm1', data: { type: 'text', text: '***' } },
      { table: 'part', id: 'p3', session_id: 's', message_id: 'm1', data: 'no JSON' },
      { table: 'message', id: 'm2', session_id: 's', time_created: 2, data: { role: 'assistant' } },
      { table: 'part', id: 'p2', session_id: 's', message_id: 'm2', data: { type: 'text', text: 'b' } },
    ]);
  });

  const ENDLESS =
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id, i AS session_id, i AS message_id, i AS time_created, i AS data FROM n WHERE i < 0';
  test.each([
    ['views without end', `CREATE VIEW message AS ${ENDLESS}; CREATE VIEW part AS ${ENDLESS}`],
    [
      'columns that are computed',
      `${TABLES.replace('data TEXT', 'data TEXT AS (hex(zeroblob(5000)))')} INSERT INTO message (id) VALUES ('a')`,
    ],
    ['other tables', 'CREATE TABLE x (id)'],
    ['a row larger than what is taken', `${TABLES} INSERT INTO message VALUES ('a', 's', 1, hex(zeroblob(20000000)))`],
  ])('of %s is left out', async (_, sql) => {
    database(sql).close();
    const { files, left } = await collected();
    expect([files, left]).toEqual([[], unread]);
  });

  test.each<[string, () => void]>([
    ['that is none', () => fill(dir, { [`plain/${DATABASE}`]: 'SQLite format 3\0'.padEnd(9000, 'x') })],
    ['too large', () => (fill(dir, { [`plain/${DATABASE}`]: '' }), truncateSync(at(DATABASE), (64 << 20) + 1))],
  ])('%s is left out', async (_, make) => {
    make();
    expect((await collected()).left).toEqual(unread);
  });

  test('a link in place of its log is not followed', async () => {
    database(`${TABLES} ${ROWS}`).close();
    writeFileSync(join(dir, 'canary'), 'canary of the host\n');
    symlinkSync(join(dir, 'canary'), `${at(DATABASE)}-wal`);
    const { text, left } = await collected();
    expect([text.length, left]).toEqual([5, []]);
  });

  test('what is taken makes a trajectory', async () => {
    database(`${TABLES}
      INSERT INTO message VALUES ('m1', 's', 1700000000000, '{"role":"user"}'), ('m2', 's', 1700000001000, '{"role":"assistant","modelID":"a-model"}');
      INSERT INTO part VALUES ('p1', 'm1', 's', '{"type":"text","text":"do it"}'), ('p2', 'm2', 's', '{"type":"step-start"}'),
        ('p3', 'm2', 's', '{"type":"tool","callID":"c","tool":"bash","state":{"status":"completed","input":{"command":"make"},"output":"made"}}'),
        ('p4', 'm2', 's', '{"type":"text","text":"done"}'), ('p5', 'm2', 's', '{"type":"patch"}'),
        ('p6', 'm2', 's', '{"type":"step-finish","reason":"stop","cost":0.01,"tokens":{"input":100,"output":20,"reasoning":1,"cache":{"read":5,"write":0}}}')`).close();
    const { text } = await collected();
    const pieces = [Buffer.from(text.map((line) => `${line}\n`).join(''))];
    const { trajectory, totals } = await readTrajectory([{ wanted: ['opencode'], step: null, from: 'a file', pieces }], null, {});
    expect(trajectory).toMatchObject({
      agent: { name: 'opencode', model_name: 'a-model' },
      steps: [
        { source: 'user', message: 'do it' },
        { source: 'agent', message: 'done', tool_calls: [{ function_name: 'bash' }], observation: { results: [{ content: 'made' }] } },
      ],
    });
    expect(totals).toMatchObject({ inputTokens: { value: 105 }, outputTokens: { value: 21 }, costUsd: { value: 0.01 } });
  });
});
